"""A month that the treasurer paid without an order, and whose money comes back: it is owed again."""

from dataclasses import replace
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.bank_views import BankFileView
from fund.domain.lists import Resolution
from fund.services.banking import open_items
from fund.services.desk import proposals
from fund.services.landlords import landlords
from fund.services.money import recoveries, set_offs
from fund.services.payouts import payments
from fund.store.projections.erasure import files_about
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office
from tests.fund.services.bank_kit import Moved, giornale, notification, report, statement
from tests.fund.services.banking.test_open_items import owed_by_city
from tests.fund.services.banking.test_resolutions import (
    FIRST,
    OPENING,
    PAID,
    SECOND,
    agrees,
    drawn_for,
    entries,
    owed,
    proposal,
    propose,
    states,
    taken,
    waiting,
)
from tests.fund.services.books.test_verification import rebuilt_from
from tests.fund.services.conftest import send_march

CENTS, MONTH = 45_000, "N01-2022-03"
BEFORE, LEFT = OPENING - 40_000, OPENING - 85_000
DEBIT = Moved(-CENTS, text="pagamento urgente", iban=OTHER_IBAN, day="2022-03-09")
BACK = Moved(CENTS, text="bonifico respinto", day="2022-03-10")


@pytest.fixture
def sent(any_sent: Office) -> Office:
    """March is with the bank, on each engine."""
    return any_sent


@lived_once_anywhere
def regularised(office: Office) -> None:
    """N01's March came back, and the treasurer paid it without an order."""
    send_march(office)
    owed(office.on("2022-03-10"))
    _regularise(office)


def _regularise(office: Office, debit: Moved = DEBIT) -> Office:
    view = taken(office, BEFORE, debit, number=3, day=debit.day)
    office.match_line(view.sha256, 1, to="regularisation", key=MONTH)
    return office.on("2022-03-15")


def comes_back(office: Office, *moved: Moved, opening_cents: int = LEFT, number: int = 4) -> BankFileView:
    return taken(office, opening_cents, *moved, number=number, day=moved[0].day)


def undo(office: Office, view: BankFileView, ordinal: int = 1) -> None:
    office.confirm(propose(office, view, ordinal, Resolution.REGULARISATION, MONTH))


def refused(office: Office, view: BankFileView, ordinal: int = 1, key: str = MONTH) -> str:
    with pytest.raises(errors.LineDoesNotAgree) as refusal:
        propose(office, view, ordinal, Resolution.REGULARISATION, key)
    return refusal.value.reason


def month(office: Office) -> str:
    (row,) = office.contributions(household="N01", month=str(MARCH))
    return row.state


def suggested(office: Office, ordinal: int = 1) -> list[tuple[str, str]]:
    shown = office.ask(office.auditor, open_items.list_open_items)
    return [(made.kind, made.key) for one in shown if one.line.ordinal == ordinal for made in one.suggestions]


def use_account(office: Office) -> None:
    """The landlord's account is confirmed again, if it is suspended, and the cooling-off is over."""
    if any(row.state == "suspended" for row in office.ask(office.preparer, landlords.list_accounts, "L0001")):
        office.confirm_account("L0001")
        office.on("2022-03-28")


def pay_next(office: Office) -> list[int]:
    """The next order's amounts, once the landlord's account is in use again."""
    use_account(office)
    batch = office.pay_again()
    office.send(batch.code)
    return [line.amount_cents for line in batch.lines]


@pytest.mark.first
def test_a_regularised_month_that_comes_back_is_owed_again_and_ordered(regularised: Office) -> None:
    view = comes_back(regularised, BACK)
    assert suggested(regularised)[0] == ("regularisation", MONTH)
    number = propose(regularised, view, 1, Resolution.REGULARISATION, MONTH)
    assert month(regularised) == "settled", "nothing is booked by one person"
    regularised.confirm(number)
    assert (month(regularised), waiting(regularised)) == ("approved", {})
    (entry,) = entries(regularised, "regularisation-undone")
    assert (entry.prepared_by, entry.approved_by, entry.facts.place, entry.facts.evidence) == (
        "U02",
        "U03",
        1,
        view.sha256,
    )
    assert regularised.balances().fund.paid_cents == 40_000
    drawn = drawn_for(regularised, "L0001")
    assert (drawn.paid_cents, drawn.owed_cents, drawn.lines[0].state) == (0, CENTS, "approved")
    agrees(regularised)
    assert pay_next(regularised) == [CENTS]
    third = Moved(-CENTS, "PAY-2022-03-0003", IBANS["L0001"], day="2022-03-28")
    comes_back(regularised, third, opening_cents=BEFORE, number=5)
    assert month(regularised) == "settled"
    agrees(regularised)


def test_a_part_that_comes_back_is_owed_and_no_more_of_it_than_was_paid(regularised: Office) -> None:
    """The rest comes back while what came back first is ordered."""
    view = comes_back(regularised, replace(BACK, cents=20_000, iban=IBANS["L0001"]), replace(BACK, cents=25_001))
    assert suggested(regularised)[0] == ("regularisation", MONTH)
    undo(regularised, view)
    assert (month(regularised), drawn_for(regularised, "L0001").lines[0].state) == ("approved", "part-paid")
    assert refused(regularised, view, 2) == "month-not-regularised"
    regularised.set_aside((view.sha256, 2), reason="other-business")
    assert pay_next(regularised) == [20_000]
    rest = comes_back(
        regularised,
        replace(BACK, cents=25_000, day="2022-03-28"),
        replace(BACK, cents=1, day="2022-03-28"),
        opening_cents=LEFT + 45_001,
        number=5,
    )
    undo(regularised, rest)
    assert (month(regularised), refused(regularised, rest, 2)) == ("ordered", "month-not-regularised")
    regularised.set_aside((rest.sha256, 2), reason="other-business")
    third = Moved(-20_000, "PAY-2022-03-0003", IBANS["L0001"], day="2022-03-29")
    comes_back(regularised.on("2022-03-29"), third, opening_cents=LEFT + 70_002, number=6)
    assert (month(regularised), drawn_for(regularised, "L0001").owed_cents) == ("approved", 25_000)
    agrees(regularised, "set-aside", "set-aside")
    assert pay_next(regularised) == [25_000]
    assert regularised.findings() == ()


def refused_first(office: Office, reason: str = "AC04") -> Office:
    """The bank refused the order of N01's March, and the treasurer paid it by hand to the same account."""
    office.import_file(report("BAT-2022-0001", "PART", (FIRST, reason)), "r.xml")
    comes_back(office, PAID[1], opening_cents=OPENING, number=2)
    return _regularise(office, replace(DEBIT, iban=IBANS["L0001"]))


def test_a_return_that_names_the_payment_refused_before_is_of_its_month(sent: Office) -> None:
    """The account that it names is paid no more before it is confirmed again, as after any return."""
    refused_first(sent, "AM05")
    other = Moved(40_000, text=f"storno {SECOND}", day="2022-03-10")
    view = comes_back(sent, replace(BACK, payment=FIRST, reason="AC04"), other)
    assert [line.matching for line in view.lines] == ["out-of-order", "no-reference"]
    assert suggested(sent)[0] == ("regularisation", MONTH)
    assert ("regularisation", MONTH) not in suggested(sent, 2), "it names another payment"
    assert refused(sent, view, 2) == "names-another"
    undo(sent, view)
    assert (month(sent), states(sent)[FIRST]) == ("approved", "refused")
    (row,) = sent.ask(sent.preparer, landlords.list_accounts, "L0001")
    assert row.state == "suspended"
    sent.match_line(view.sha256, 2, to="payment", key=SECOND)
    agrees(sent)
    sent.confirm_account("L0002")
    assert sorted(pay_next(sent)) == [40_000, CENTS]
    assert sent.findings() == ()


@pytest.mark.first
def test_a_debit_that_names_another_payment_pays_no_month_but_its_own(sent: Office) -> None:
    owed(sent)
    view = taken(sent, BEFORE, replace(DEBIT, text=f"saldo {SECOND}"), number=3, day="2022-03-09")
    assert (refused(sent, view), ("regularisation", MONTH) in suggested(sent)) == ("names-another", False)


def test_what_was_not_regularised_or_has_come_back_does_not_come_back(regularised: Office) -> None:
    view = comes_back(regularised, BACK, BACK, replace(BACK, cents=40_000))
    assert refused(regularised, view, 3, "N02-2022-03") == "month-not-regularised", "it was paid by an order"
    assert refused(regularised, view, 3, "N01-2022-04") == "month-not-regularised"
    first, second = (propose(regularised, view, place, Resolution.REGULARISATION, MONTH) for place in (1, 2))
    regularised.confirm(first)
    assert proposal(regularised, second) == ("lapsed", "subject-changed")
    assert refused(regularised, view, 2) == "month-not-regularised"
    assert len(entries(regularised, "regularisation-undone")) == 1


def test_nothing_comes_back_of_a_month_while_a_payment_of_it_is_proposed(regularised: Office) -> None:
    """The payment is of what was owed when it was proposed, and an order pays all that is owed."""
    view = comes_back(regularised, replace(BACK, cents=20_000), replace(BACK, cents=25_000))
    undo(regularised, view)
    use_account(regularised)
    batch = regularised.prepare(payments.prepare_batch)
    assert refused(regularised, view, 2) == "payment-proposed"
    regularised.prepare(payments.cancel_batch, batch.code, reason="data-entry")
    undo(regularised, view, 2)
    assert pay_next(regularised) == [CENTS]


def test_money_that_comes_back_long_after_is_suggested_only_where_it_names_the_month(sent: Office) -> None:
    refused_first(sent)
    late = sent.on("2022-06-01").day.isoformat()
    comes_back(sent, replace(BACK, day=late), replace(BACK, day=late, text=f"storno {FIRST}"))
    assert ("regularisation", MONTH) not in suggested(sent)
    assert ("regularisation", MONTH) in suggested(sent, 2)


def test_the_treasurers_journal_tells_again_what_the_statement_has_undone(regularised: Office) -> None:
    """Neither line has a reference; the entry of the first is suggested for the second."""
    undo(regularised, comes_back(regularised, BACK))
    (entry,) = entries(regularised, "regularisation-undone")
    told = regularised.import_file(giornale("G4", LEFT, replace(BACK, receipt=9), day="2022-03-10"), "g.xml")
    assert refused(regularised, told) == "month-not-regularised"
    assert ("entry", str(entry.seq)) in suggested(regularised)
    line = regularised.match_line(told.sha256, 1, to="entry", key=str(entry.seq))
    assert (line.resolved_as, line.resolved_to, month(regularised)) == ("entry", str(entry.seq), "approved")
    agrees(regularised)


def test_what_the_bank_keeps_of_it_is_a_charge(sent: Office) -> None:
    """By the debit and by what comes back of it: the month is what it is, and the city owes the charges."""
    owed(sent)
    _regularise(sent, replace(DEBIT, cents=-CENTS - 150, charges_cents=150))
    assert month(sent) == "settled"
    view = comes_back(sent, replace(BACK, cents=CENTS - 100, charges_cents=100), opening_cents=LEFT - 150)
    number = propose(sent, view, 1, Resolution.REGULARISATION, MONTH)
    facts = sent.ask(sent.approver, proposals.read_proposal, number).facts
    assert (facts["amount"], facts["books"]) == ("449.00", "charge,regularisation-undone")
    sent.confirm(number)
    assert (month(sent), sent.balances().fund.paid_cents, owed_by_city(sent)) == ("approved", 40_000, 250)
    agrees(sent)
    assert pay_next(sent) == [CENTS]


def test_a_little_that_the_bank_kept_without_a_word_is_a_charge(sent: Office) -> None:
    """A debit of a little more than the month, and what comes back of it for a little less."""
    owed(sent)
    _regularise(sent, replace(DEBIT, cents=-CENTS - 150))
    assert (month(sent), owed_by_city(sent)) == ("settled", 150)
    view = comes_back(sent, replace(BACK, cents=CENTS - 100), opening_cents=LEFT - 150)
    number = propose(sent, view, 1, Resolution.REGULARISATION, MONTH)
    facts = sent.ask(sent.approver, proposals.read_proposal, number).facts
    assert (facts["charges"], facts["books"]) == ("1.00", "charge,regularisation-undone")
    sent.confirm(number)
    assert (month(sent), sent.balances().fund.paid_cents, owed_by_city(sent)) == ("approved", 40_000, 250)
    agrees(sent)
    assert pay_next(sent) == [CENTS]
    assert sent.findings() == ()


def test_of_another_amount_a_part_comes_back_that_is_nearly_all(regularised: Office) -> None:
    view = comes_back(regularised, replace(BACK, cents=CENTS - 100))
    regularised.confirm(propose(regularised, view, 1, Resolution.OTHER_AMOUNT, MONTH))
    assert (month(regularised), owed_by_city(regularised)) == ("approved", 0)
    agrees(regularised)
    assert pay_next(regularised) == [CENTS - 100]


def test_more_than_charges_can_be_is_not_of_the_month(sent: Office) -> None:
    owed(sent)
    view = taken(sent, BEFORE, replace(DEBIT, cents=-CENTS - 5_001), number=3, day="2022-03-09")
    assert refused(sent, view) == "amount-differs"


def test_a_charge_of_it_is_told_again_with_it(regularised: Office) -> None:
    """The notification is of the day before, so that the statement's line is matched to its entry."""
    kept = replace(BACK, cents=CENTS - 100, charges_cents=100)
    told = notification(statement(4, LEFT, kept, day=BACK.day))
    undo(regularised, regularised.import_file(told, "n.xml"))
    (entry,) = entries(regularised, "regularisation-undone")
    view = comes_back(regularised, replace(kept, day="2022-03-11"))
    assert ("entry", str(entry.seq)) in suggested(regularised)
    regularised.match_line(view.sha256, 1, to="entry", key=str(entry.seq))
    assert (owed_by_city(regularised), len(entries(regularised, "charge"))) == (100, 1)
    agrees(regularised)


def test_an_erasure_finds_the_lines_of_a_month_paid_without_an_order(regularised: Office) -> None:
    """They name the landlord, and need be of none of the landlord's accounts."""
    view = comes_back(regularised, BACK)
    undo(regularised, view)
    with regularised.app.database.read() as session:
        assert view.sha256 in files_about(session, "L0001")
        assert view.sha256 not in files_about(session, "L0002")


def test_a_claim_stands_when_the_money_comes_back_by_the_bank(regularised: Office) -> None:
    """50.00 of the month were not due: they are set off against what is owed again, and the rest is ordered."""
    (row,) = regularised.contributions(household="N01", month=str(MARCH))
    regularised.decide(recoveries.propose_overpayment, contribution=row.id, amount_cents=5_000, reason="wrong-amount")
    undo(regularised, comes_back(regularised, BACK))
    with pytest.raises(errors.StateNotAllowed):
        regularised.prepare(recoveries.propose_overpayment, contribution=row.id, amount_cents=1, reason="wrong-amount")
    regularised.decide(set_offs.propose_set_off, contribution=row.id, amount_cents=5_000)
    drawn = drawn_for(regularised, "L0001")
    assert (drawn.approved_cents, drawn.paid_cents, drawn.owed_cents) == (40_000, 0, 40_000)
    agrees(regularised)
    assert pay_next(regularised) == [40_000]
    assert regularised.findings() == ()


def test_what_comes_back_of_a_month_that_was_claimed_can_be_the_claims(sent: Office) -> None:
    """Whatever it names: then the landlord owes nothing any more, and the month stays paid."""
    refused_first(sent)
    (row,) = sent.contributions(household="N01", month=str(MARCH))
    sent.decide(recoveries.propose_overpayment, contribution=row.id, amount_cents=CENTS, reason="wrong-amount")
    view = comes_back(sent, replace(BACK, payment=FIRST, reason="AC04"))
    assert ("regularisation", MONTH) in suggested(sent), "it can be that too, and the claim stands"
    sent.match_line(view.sha256, 1, to="recovery", key="L0001")
    assert (month(sent), waiting(sent), drawn_for(sent, "L0001").owed_cents) == ("settled", {}, 0)
    agrees(sent)


def test_a_month_that_the_bank_paid_by_mistake_is_paid_by_that_once_the_other_money_is_back(sent: Office) -> None:
    """The refused payment is booked after all while the treasurer's stands; then the treasurer's comes back."""
    refused_first(sent)
    late = Moved(-CENTS, FIRST, IBANS["L0001"], day="2022-03-10")
    view = comes_back(sent, late, BACK)
    assert [line.matching for line in view.lines] == ["paid-twice", "no-reference"]
    undo(sent, view, 2)
    assert (month(sent), states(sent)[FIRST], waiting(sent)) == ("settled", "settled", {})
    agrees(sent)


def test_what_came_back_is_not_ordered_while_a_statement_is_missing(regularised: Office) -> None:
    """The debit that was taken back may be the missing statement's."""
    gap = replace(BACK, day="2022-03-11")
    undo(regularised, comes_back(regularised, gap, opening_cents=LEFT - CENTS, number=5))
    with pytest.raises(errors.NothingToPay) as refusal:
        regularised.prepare(payments.prepare_batch)
    assert refusal.value.waiting == [f"open-item N01 {MARCH}"]


def test_the_books_alone_give_back_a_regularisation_undone(regularised: Office, tmp_path: Path) -> None:
    undo(regularised, comes_back(regularised, replace(BACK, cents=20_000)))
    again = rebuilt_from(regularised, tmp_path / "again")
    (row,) = again.contributions(household="N01", month=str(MARCH))
    assert row.state == "approved"
    assert again.balances().fund.paid_cents == regularised.balances().fund.paid_cents == 65_000
    assert again.findings() == ()
    again.close()
