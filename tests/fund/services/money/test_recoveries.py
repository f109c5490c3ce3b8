"""Overpayments: found by one, confirmed by another, given back, and told to the landlord with totals that hold."""

from pathlib import Path

import pytest
from beanquery import query as beanquery

from fund.domain import errors
from fund.domain.views import StatementView
from fund.doors.rendering import render_statement
from fund.services.banking import reconciliation, treasury
from fund.services.desk import proposals
from fund.services.money import recoveries
from fund.services.statements import statements
from tests.fund.fixtures import lived_once
from tests.fund.kit import IBANS, MARCH, Office
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.fund.services.banking.test_open_items import OPENING, PAID, open_lines
from tests.stock import load_stock


@lived_once
def paid(office: Office) -> None:
    """March is paid: 450.00 to L0001, of which 60.00 were not due, as two people found."""
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    office.on("2022-03-10")
    office.import_file(statement(1, OPENING, *PAID), "camt.xml")
    number = office.prepare(recoveries.propose_overpayment, contribution=1, amount_cents=6_000, reason="departure")
    with pytest.raises(errors.NotPermitted):
        office.confirm(number, by=office.preparer)
    office.confirm(number)
    with pytest.raises(errors.StateNotAllowed):
        office.confirm(number)


def drawn(office: Office) -> StatementView:
    """The statement of L0001 for March, as it was handed to be drawn; it is drawn in every form."""
    seen: list[StatementView] = []

    def render(view: StatementView, language: str) -> statements.Bytes:
        seen.append(view)
        return render_statement(view, language)

    office.do(office.auditor, statements.issue_statement, render, landlord="L0001", first=MARCH, last=MARCH)
    return seen[0]


def asked(books: Path, query: str) -> int:
    """What the books say, in cents, by a query that the statement tells."""
    entries, errors_found, options = load_stock(books / "main.beancount")
    assert not errors_found
    _, rows = beanquery.run_query(entries, options, query)
    ((amount,),) = [tuple(row) for row in rows]
    return int(amount * 100)


def test_what_was_overpaid_is_free_again_and_is_owed_back(paid: Office) -> None:
    balances = paid.balances()
    assert (balances.fund.used_cents, balances.fund.paid_cents) == (79_000, 85_000)
    assert {row.code: row.owed_cents for row in balances.landlords}["L0001"] == -6_000
    assert paid.months_used("N01") == 1
    assert paid.findings() == ()


def test_money_back_from_the_queue_closes_it_and_the_statement_proves_itself(paid: Office) -> None:
    before = drawn(paid)
    assert (before.approved_cents, before.paid_cents, before.owed_cents) == (39_000, 45_000, -6_000)
    back = Moved(6_000, iban=IBANS["L0001"], text="restituzione", day="2022-03-10")
    view = paid.import_file(statement(2, OPENING - 85_000, back, day="2022-03-10"), "camt.xml")
    (waiting,) = open_lines(paid)
    likely = waiting.suggestions[0]
    assert (likely.kind, likely.key, likely.why) == ("recovery", "L0001", ("same-iban", "same-amount"))
    paid.match_line(view.sha256, 1, to="recovery", key="L0001")
    after = drawn(paid)
    assert (after.approved_cents, after.paid_cents, after.owed_cents) == (39_000, 39_000, 0)
    assert [event.kind for event in after.lines[0].events] == ["order", "settlement", "overpayment", "recovery"]
    books = paid.app.settings.books
    assert asked(books, after.approved_query) == after.approved_cents
    assert asked(books, after.paid_query) == after.paid_cents
    assert {row.code: row.owed_cents for row in paid.balances().landlords}["L0001"] == 0
    assert paid.ask(paid.auditor, reconciliation.reconcile).is_settled
    assert paid.findings() == ()
    with pytest.raises(errors.MoreThanOverpaid):
        paid.prepare(recoveries.recover, landlord="L0001", amount_cents=1, bank_date=paid.day)


@pytest.mark.long
def test_money_back_covers_the_oldest_first_and_a_rebuilt_fund_knows_it(paid: Office) -> None:
    number = paid.prepare(recoveries.propose_overpayment, contribution=1, amount_cents=1_000, reason="wrong-amount")
    paid.confirm(number)
    paid.record(recoveries.recover, landlord="L0001", amount_cents=6_500, bank_date=paid.day)
    rows = paid.ask(paid.auditor, recoveries.list_overpayments, landlord="L0001")
    assert [(row.amount_cents, row.recovered_cents) for row in rows] == [(6_000, 6_000), (1_000, 500)]
    assert paid.kinds()[-2:] == ["recovery", "recovery"]
    assert paid.findings() == ()


@pytest.mark.long
def test_money_back_for_several_overpayments_entered_by_hand_is_one_line_of_the_bank(paid: Office) -> None:
    number = paid.prepare(recoveries.propose_overpayment, contribution=1, amount_cents=1_000, reason="wrong-amount")
    paid.confirm(number)
    entry = paid.record(recoveries.recover, landlord="L0001", amount_cents=7_000, bank_date=paid.day)
    back = Moved(7_000, iban=IBANS["L0001"], day="2022-03-10")
    view = paid.import_file(statement(2, OPENING - 85_000, back, day="2022-03-10"), "camt.xml")
    (waiting,) = open_lines(paid)
    assert [(one.key, one.amount_cents) for one in waiting.suggestions if one.kind == "entry"] == [(str(entry), 7_000)]
    paid.match_line(view.sha256, 1, to="entry", key=str(entry))
    assert paid.ask(paid.auditor, reconciliation.reconcile).is_settled
    paid.import_file(statement(3, OPENING - 78_000, Moved(1_000, day="2022-03-10"), day="2022-03-10"), "camt.xml")
    (waiting,) = open_lines(paid)
    assert "entry" not in {one.kind for one in waiting.suggestions}


def test_no_more_is_claimed_than_was_paid_and_what_is_withdrawn_claims_nothing(paid: Office) -> None:
    facts = {"contribution": 1, "reason": "departure"}
    number = paid.prepare(recoveries.propose_overpayment, amount_cents=39_000, **facts)
    with pytest.raises(errors.MoreThanPaid):
        paid.prepare(recoveries.propose_overpayment, amount_cents=1, **facts)
    paid.prepare(proposals.withdraw_proposal, number)
    assert paid.prepare(recoveries.propose_overpayment, amount_cents=1, **facts) == number + 1
