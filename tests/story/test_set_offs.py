"""What was overpaid is set off against a month that is owed: told through the real services on both engines."""

from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.views import StatementView
from fund.doors.rendering import render_statement
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.context import Context
from fund.services.desk import proposals
from fund.services.households import grants
from fund.services.money import recoveries, set_offs
from fund.services.payouts import corrections, payments, runs
from fund.services.statements import statements
from fund.settings import Settings
from ledger.months import Month
from tests.fund.kit import MARCH, Office, lay_key

APRIL = MARCH.plus(1)


def overpaid(office: Office, cents: int) -> None:
    """March is paid, and part of N01's was not due, as two people found."""
    office.on("2022-03-05").pay_month(MARCH)
    facts = {"contribution": month_of(office, MARCH), "reason": "departure"}
    number = office.on("2022-03-20").prepare(recoveries.propose_overpayment, amount_cents=cents, **facts)
    office.confirm(number)


def month_of(office: Office, month: Month) -> int:
    (row,) = office.contributions(household="N01", month=str(month))
    return int(row.id)


def april_with_a_set_off(office: Office, cents: int) -> int:
    """April is due, and its approver finds a proposal to keep something back of N01's month. Returns its number."""
    office.on("2022-04-05").open_runs()
    number = office.prepare(set_offs.propose_set_off, contribution=month_of(office, APRIL), amount_cents=cents)
    with pytest.raises(errors.StateNotAllowed):
        office.confirm(number)  # the month itself is not approved yet
    office.prepare(runs.propose_run, APRIL)
    approved = office.approve_run(APRIL)
    assert approved.waiting == ("set-off-proposed N01 2022-04",), "nothing is ordered that may be set off"
    office.settle(str(approved.batch))
    return number


def told(office: Office, first: Month, last: Month) -> StatementView:
    """What L0001 is told of some months; it is drawn in every form."""
    seen: list[StatementView] = []

    def render(view: StatementView, language: str) -> statements.Bytes:
        seen.append(view)
        return render_statement(view, language)

    office.do(office.auditor, statements.issue_statement, render, landlord="L0001", first=first, last=last)
    return seen[0]


def rebuilt(office: Office, home: Path) -> Office:
    """The same fund in a new home, from the books alone."""
    app = open_app(Settings(home, f"sqlite:///{home / 'fund.sqlite'}"), office.clock)
    lay_key(app.settings)
    with app.database.write() as session:
        rebuild(Context(session, SYSTEM, app.clock.now(), app.fingerprint_key), read_source(office.app.settings.books))
        session.commit()
    app.books.publish()
    return Office(app, office.clock)


@pytest.mark.first
def test_what_was_overpaid_is_set_off_against_the_next_month(any_office: Office) -> None:
    office = any_office
    overpaid(office, 6_000)
    number = april_with_a_set_off(office, 6_000)
    with pytest.raises(errors.NothingToPay):
        office.prepare(payments.prepare_batch)
    with pytest.raises(errors.NotPermitted):
        office.confirm(number, by=office.preparer)
    office.confirm(number)
    assert office.kinds()[-1] == "recovery"
    batch = office.pay_again()
    assert [(line.household, line.amount_cents) for line in batch.lines] == [("N01", 39_000)]
    office.settle(batch.code)
    assert {row.code: row.owed_cents for row in office.balances().landlords}["L0001"] == 0
    assert office.balances().fund.paid_cents == 2 * 85_000 - 6_000
    march, april, both = told(office, MARCH, MARCH), told(office, APRIL, APRIL), told(office, MARCH, APRIL)
    assert [event.kind for event in march.lines[0].events] == [
        "order",
        "settlement",
        "overpayment",
        "recovery-by-set-off",
    ]
    assert [event.kind for event in april.lines[0].events] == ["set-off", "order", "settlement"]
    assert (march.approved_cents, march.paid_cents, march.owed_cents) == (39_000, 45_000, 0)
    assert (april.approved_cents, april.paid_cents, april.owed_cents) == (45_000, 39_000, 0)
    assert (both.approved_cents, both.paid_cents, both.owed_cents) == (84_000, 84_000, 0)
    assert office.findings() == ()


@pytest.mark.first
def test_a_month_that_is_wholly_set_off_is_settled_without_a_payment(any_office: Office) -> None:
    office = any_office
    overpaid(office, 45_000)
    office.confirm(april_with_a_set_off(office, 45_000))
    (row,) = office.contributions(household="N01", month="2022-04")
    assert (row.state, row.set_off_cents) == ("settled", 45_000)
    with pytest.raises(errors.NothingToPay):
        office.prepare(payments.prepare_batch)
    assert told(office, APRIL, APRIL).lines[0].state == "settled"
    assert office.months_used("N01") == 2, "the month is used, by whatever it was paid"
    assert office.findings() == ()


def test_what_is_not_agreed_to_is_paid(any_office: Office) -> None:
    office = any_office
    overpaid(office, 6_000)
    number = april_with_a_set_off(office, 6_000)
    office.approve(proposals.reject_proposal, number, reason="not-due")
    with pytest.raises(errors.StateNotAllowed):
        office.confirm(number)
    batch = office.pay_again()
    assert [line.amount_cents for line in batch.lines] == [45_000]
    with pytest.raises(errors.StateNotAllowed):
        office.prepare(set_offs.propose_set_off, contribution=month_of(office, APRIL), amount_cents=1)
    assert office.findings() == ()


def test_no_more_is_set_off_than_is_owed_and_was_overpaid(office: Office) -> None:
    overpaid(office, 6_000)
    april_with_a_set_off(office, 4_000)
    april = month_of(office, APRIL)
    with pytest.raises(errors.MoreThanOverpaid):
        office.prepare(set_offs.propose_set_off, contribution=april, amount_cents=2_001)
    with pytest.raises(errors.MoreThanOwed):
        office.prepare(set_offs.propose_set_off, contribution=april, amount_cents=41_001)
    second = office.prepare(set_offs.propose_set_off, contribution=april, amount_cents=2_000)
    office.record(recoveries.recover, landlord="L0001", amount_cents=6_000, bank_date=office.day)
    (view,) = office.confirm(second)
    assert view.state == "lapsed", "the money came back meanwhile"
    assert office.findings() == ()


def test_no_more_is_set_off_than_a_month_came_to_meanwhile(any_office: Office) -> None:
    office = any_office
    overpaid(office, 6_000)
    office.on("2022-04-05").open_runs()
    april = month_of(office, APRIL)
    number = office.prepare(set_offs.propose_set_off, contribution=april, amount_cents=6_000)
    office.decide(grants.propose_contribution, household="N01", since=APRIL, amount_cents=5_999)
    office.prepare(runs.propose_run, APRIL)
    office.approve_run(APRIL)
    with pytest.raises(errors.MoreThanOwed):
        office.confirm(number)
    (row,) = office.contributions(household="N01", month="2022-04")
    assert (row.state, row.amount_cents, row.set_off_cents) == ("approved", 5_999, 0)
    office.prepare(proposals.withdraw_proposal, number)
    all_of_it = office.prepare(set_offs.propose_set_off, contribution=april, amount_cents=5_999)
    office.confirm(all_of_it)
    (row,) = office.contributions(household="N01", month="2022-04")
    assert (row.state, row.set_off_cents) == ("settled", 5_999)
    assert office.findings() == ()


def test_a_payment_that_comes_back_is_paid_again_as_much_and_no_more(office: Office) -> None:
    overpaid(office, 6_000)
    office.confirm(april_with_a_set_off(office, 6_000))
    batch = office.pay_again()
    office.settle(batch.code)
    office.on("2022-04-12").give_back(batch.code, batch.lines[0].payment)
    with pytest.raises(errors.StateNotAllowed):
        office.prepare(corrections.propose_correction, month_of(office, APRIL), reason="wrong-amount")
    office.confirm_account("L0001")
    assert [line.amount_cents for line in office.pay_again().lines] == [39_000]
    assert office.findings() == ()


def test_a_late_debit_does_not_pay_what_was_set_off_meanwhile(office: Office) -> None:
    overpaid(office, 6_000)
    batch = str(office.on("2022-04-05").run_month(APRIL).batch)
    office.send(batch)
    (payment,) = [one.payment for one in office.ask(office.auditor, payments.view_batch, batch).lines][:1]
    code = payment.replace("-", "_")
    office.import_file(office.answer(batch, **{code: "refused"}))
    number = office.prepare(set_offs.propose_set_off, contribution=month_of(office, APRIL), amount_cents=6_000)
    office.confirm(number)
    view = office.import_file(office.answer(batch, **{code: "settled"}), "late.csv")
    assert [line.matching for line in view.lines] == ["paid-twice"], "the debit is of more than is owed"
    assert office.findings() == ()


def test_a_fund_made_again_from_the_books_knows_what_was_set_off(office: Office, tmp_path: Path) -> None:
    overpaid(office, 6_000)
    office.confirm(april_with_a_set_off(office, 6_000))
    again = rebuilt(office, tmp_path / "again")
    (row,) = again.contributions(household="N01", month="2022-04")
    assert (row.state, row.set_off_cents) == ("approved", 6_000)
    (kept,) = again.ask(again.auditor, set_offs.list_set_offs, landlord="L0001")
    assert (kept.amount_cents, kept.prepared_by, kept.approved_by) == (6_000, "U02", "U03")
    assert [one.recovered_cents for one in again.ask(again.auditor, recoveries.list_overpayments)] == [6_000]
    assert again.findings() == ()
    again.close()
