"""What people took a line for by mistake is taken back by two: payments, months and money are what they were."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fund.domain import errors
from fund.domain.bank_views import BankFileView
from fund.domain.lists import Resolution
from fund.services.banking import open_items, reopening, treasury, unmatching
from fund.services.desk import proposals
from fund.services.money import money, recoveries
from fund.services.payouts import corrections, payments
from tests.examples import first_of
from tests.fund.kit import IBANS, OTHER_IBAN, Office
from tests.fund.services.bank_kit import Moved, notification, statement
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.fund.services.banking.test_resolutions import (
    FIRST,
    OPENING,
    PAID,
    SECOND,
    agrees,
    drawn_for,
    entries,
    owed,
    propose,
    states,
    taken,
    waiting,
)
from tests.fund.services.books.test_verification import rebuilt_from

STRANGE = Moved(-45_000, text="bonifico urgente", iban=OTHER_IBAN)
CREDIT = Moved(45_000, text="bonifico")


@pytest.fixture
def sent(any_sent: Office) -> Office:
    """March is with the bank, on each engine."""
    return any_sent


def unmatch(office: Office, view: BankFileView, ordinal: int = 1, reason: str = "data-entry") -> None:
    office.confirm(office.prepare(unmatching.unmatch_line, view.sha256, ordinal, reason=reason))


def stands(office: Office, view: BankFileView, ordinal: int = 1) -> tuple[str, str]:
    """Why a match is not taken back, and of what that is."""
    with pytest.raises(errors.MatchStands) as refused:
        unmatch(office, view, ordinal)
    return refused.value.reason, refused.value.about


def resolved(office: Office, view: BankFileView, ordinal: int = 1) -> tuple[str, str | None, int | None]:
    line = office.ask(office.preparer, open_items.view_line, view.sha256, ordinal).line
    return line.matching, line.resolved_as, line.charges_cents


TABLES = ("payment", "contribution", "allocation", "overpayment", "set_off", "repayment")


def money_of(office: Office) -> dict[str, Any]:
    """Every row that money makes, and the balances of the books."""
    dump = office.dump()
    return {name: dump[name] for name in TABLES} | {"balances": office.balances().fund}


@pytest.mark.first
def test_what_was_taken_for_a_payment_is_not_and_its_own_debit_settles_it(sent: Office) -> None:
    """Somebody else's debit settled a payment, so that its own was held to be paid twice."""
    view = taken(sent, OPENING, STRANGE)
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    later = taken(sent, OPENING - 45_000, *PAID, number=2, day="2022-03-08")
    assert (states(sent)[FIRST], resolved(sent, later)[0]) == ("settled", "paid-twice")
    unmatch(sent, view)
    assert (resolved(sent, view), resolved(sent, later)[0]) == (("no-reference", None, None), "booked")
    assert (states(sent), waiting(sent)) == ({FIRST: "settled", SECOND: "settled"}, {1: None})
    _, own = [entry for entry in entries(sent, "settlement") if entry.facts.payment == FIRST]
    assert (own.facts.evidence, own.approved_by) == (later.sha256, None)
    sent.set_aside((view.sha256, 1), reason="other-business")
    agrees(sent, "set-aside")


@pytest.mark.first
def test_two_people_are_shown_what_is_corrected(sent: Office) -> None:
    view = taken(sent, OPENING, STRANGE)
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    (settlement,) = entries(sent, "settlement")
    number = sent.prepare(unmatching.unmatch_line, view.sha256, 1, reason="entered-twice")
    shown = sent.ask(sent.approver, open_items.view_line, view.sha256, 1)
    assert (shown.is_open, shown.proposal) == (False, number)
    facts = sent.ask(sent.approver, proposals.read_proposal, number).facts
    assert {name: facts[name] for name in ("resolution", "key", "corrects", "reason", "amount")} == {
        "resolution": "payment",
        "key": FIRST,
        "corrects": str(settlement.seq),
        "reason": "entered-twice",
        "amount": "-450.00",
    }
    with pytest.raises(errors.ProposalWaits):
        sent.prepare(unmatching.unmatch_line, view.sha256, 1, reason="data-entry")
    with pytest.raises(errors.NotPermitted):
        sent.confirm(number, by=sent.preparer)
    sent.confirm(number)
    (corrected,) = entries(sent, "correction")
    assert (corrected.facts.corrects, corrected.prepared_by, corrected.approved_by) == (settlement.seq, "U02", "U03")
    assert states(sent)[FIRST] == "sent"


def _overpaid(office: Office) -> None:
    """Of N01's March 100.00 is claimed back."""
    taken(office, OPENING, *PAID)
    month = office.contributions(household="N01")[0].id
    office.decide(recoveries.propose_overpayment, contribution=month, amount_cents=10_000, reason="wrong-amount")


def _repaid(office: Office) -> None:
    """500.00 is owed to the funder."""
    office.decide(money.propose_repayment, amount_cents=50_000)


Before = Callable[[Office], object]
LINES: dict[str, tuple[Before | None, Moved, str, str]] = {
    "a payment": (None, STRANGE, "payment", FIRST),
    "a payment and charges": (None, Moved(-45_200, iban=IBANS["L0001"]), "payment", FIRST),
    "a part of a payment": (None, Moved(-30_000, text="acconto", iban=IBANS["L0001"]), "other-amount", FIRST),
    "more than a payment": (None, Moved(-60_000, text="saldo", iban=IBANS["L0001"]), "other-amount", FIRST),
    "several payments of another amount": (None, Moved(-84_000), "other-amount", f"{FIRST},{SECOND}"),
    "several payments": (None, Moved(-85_300), "payments", f"{FIRST},{SECOND}"),
    "a batch": (None, Moved(-85_000), "batch", "BAT-2022-0001"),
    "a return": (lambda office: taken(office, OPENING, *PAID), CREDIT, "payment", FIRST),
    "a part of a return": (lambda office: taken(office, OPENING, *PAID), Moved(20_000), "other-amount", FIRST),
    "a month without an order": (lambda office: owed(office), STRANGE, "regularisation", "N01-2022-03"),
    "a collection": (lambda office: _granted(office), Moved(50_000, text="acconto"), "allocation", "A02"),
    "money back": (_overpaid, Moved(4_000, text="restituzione"), "recovery", "L0001"),
    "a repayment": (_repaid, Moved(-50_000, text="restituzione"), "repayment", "1"),
    "charges": (None, Moved(-300, text="commissioni"), "bank-charges", "CITY"),
}


def _granted(office: Office) -> None:
    """Another tranche is granted."""
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=100_000)


@pytest.mark.first
@pytest.mark.parametrize("case", first_of(LINES))
def test_all_is_what_it_was_before_the_match(sent: Office, case: str) -> None:
    before, moved, to, key = LINES[case]
    if before is not None:
        before(sent)
    sent.on("2022-03-10")
    view = taken(sent, OPENING, moved, number=7, day="2022-03-10")
    was = money_of(sent)
    matching = resolved(sent, view)
    sent.match_line(view.sha256, 1, to=to, key=key)
    assert money_of(sent) != was
    unmatch(sent, view)
    assert (money_of(sent), resolved(sent, view)) == (was, matching)
    assert sent.findings() == ()
    sent.match_line(view.sha256, 1, to=to, key=key)
    assert sent.findings() == ()
    unmatch(sent, view)
    assert (money_of(sent), sent.findings()) == (was, ())


def test_what_rests_on_another_match_is_taken_back_last(sent: Office) -> None:
    debit = taken(sent, OPENING, STRANGE)
    sent.match_line(debit.sha256, 1, to="payment", key=FIRST)
    credit = taken(sent, OPENING - 45_000, CREDIT, number=2, day="2022-03-08")
    sent.match_line(credit.sha256, 1, to="payment", key=FIRST)
    assert states(sent)[FIRST] == "returned"
    line = sent.ask(sent.preparer, open_items.view_line, credit.sha256, 1).line
    assert stands(sent, debit) == ("matched-since", line.key)
    unmatch(sent, credit)
    assert states(sent)[FIRST] == "settled"
    unmatch(sent, debit)
    assert states(sent)[FIRST] == "sent"
    assert sent.findings() == ()


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_month_that_was_ordered_since_stands(sent: Office, is_sealed: bool) -> None:
    taken(sent, OPENING, *PAID)
    credit = taken(sent, OPENING - 85_000, CREDIT, number=2, day="2022-03-08")
    sent.match_line(credit.sha256, 1, to="payment", key=FIRST)
    sent.on("2022-03-20").confirm_account("L0001")
    sent.on("2022-04-10")
    again = (sent.pay_again() if is_sealed else sent.prepare(payments.prepare_batch)).code
    (attempt,) = [row for row in sent.ask(sent.auditor, payments.list_payments) if row.batch == again]
    assert stands(sent, credit) == ("ordered-since", attempt.code)
    sent.do(sent.approver if is_sealed else sent.preparer, payments.cancel_batch, again, reason="wrong-account")
    unmatch(sent, credit)
    assert states(sent)[FIRST] == "settled"
    assert sent.findings() == ()


def test_what_came_back_of_a_month_without_an_order_is_taken_back_first(sent: Office) -> None:
    owed(sent)
    debit = taken(sent.on("2022-03-10"), OPENING, STRANGE, number=7, day="2022-03-10")
    sent.match_line(debit.sha256, 1, to="regularisation", key="N01-2022-03")
    credit = taken(sent, OPENING - 45_000, CREDIT, number=8, day="2022-03-10")
    sent.match_line(credit.sha256, 1, to="regularisation", key="N01-2022-03")
    assert stands(sent, debit) == ("matched-since", f"{credit.sha256[:12]}/1")
    unmatch(sent, credit)
    unmatch(sent, debit)
    assert sent.findings() == ()


def test_what_made_charges_good_is_taken_back_first(sent: Office) -> None:
    view = taken(sent, OPENING, Moved(-1_000, text="spese"), Moved(600, text="storno spese"))
    for ordinal in (1, 2):
        sent.match_line(view.sha256, ordinal, to="bank-charges", key="CITY")
    assert stands(sent, view) == ("matched-since", f"{view.sha256[:12]}/2")
    unmatch(sent, view, 2)
    unmatch(sent, view)
    assert sent.findings() == ()


def test_a_month_of_which_something_is_claimed_stands(sent: Office) -> None:
    view = taken(sent, OPENING, STRANGE)
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    month = sent.contributions(household="N01")[0].id
    sent.decide(recoveries.propose_overpayment, contribution=month, amount_cents=10_000, reason="wrong-amount")
    assert stands(sent, view) == ("claimed-since", "N01-2022-03")


def test_a_month_whose_approval_was_taken_back_stands(sent: Office) -> None:
    taken(sent, OPENING, *PAID)
    credit = taken(sent, OPENING - 85_000, CREDIT, number=2, day="2022-03-08")
    sent.match_line(credit.sha256, 1, to="payment", key=FIRST)
    month = sent.contributions(household="N01")[0].id
    sent.decide(corrections.propose_correction, month, reason="wrong-amount")
    assert stands(sent, credit) == ("approval-taken-back", "N01-2022-03")


def test_what_was_corrected_by_hand_is_not_corrected_twice(sent: Office) -> None:
    _granted(sent)
    view = taken(sent, OPENING, Moved(50_000))
    sent.match_line(view.sha256, 1, to="allocation", key="A02")
    seq = entries(sent, "collection")[-1].seq
    with pytest.raises(errors.CollectionMatched):
        sent.prepare(corrections.correct_collection, seq, reason="data-entry")
    unmatch(sent, view)
    assert sent.findings() == ()


def test_what_is_open_or_set_aside_or_booked_by_itself_is_not_taken_back(sent: Office) -> None:
    view = taken(sent, OPENING, PAID[0], STRANGE, Moved(-300, text="commissioni"))
    sent.set_aside((view.sha256, 3), reason="other-business")
    for ordinal in (1, 2, 3):
        with pytest.raises(errors.StateNotAllowed):
            sent.prepare(unmatching.unmatch_line, view.sha256, ordinal, reason="data-entry")
    with pytest.raises(errors.NotFound):
        sent.prepare(unmatching.unmatch_line, view.sha256, 9, reason="data-entry")
    with pytest.raises(errors.NotPermitted):
        sent.do(sent.auditor, unmatching.unmatch_line, view.sha256, 1, reason="data-entry")


def test_a_reason_is_one_of_the_list(sent: Office) -> None:
    view = taken(sent, OPENING, STRANGE)
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    with pytest.raises(errors.InvalidInput):
        sent.prepare(unmatching.unmatch_line, view.sha256, 1, reason="because")


def test_a_proposal_lapses_when_more_rests_on_the_match(sent: Office) -> None:
    debit = taken(sent, OPENING, STRANGE)
    sent.match_line(debit.sha256, 1, to="payment", key=FIRST)
    number = sent.prepare(unmatching.unmatch_line, debit.sha256, 1, reason="data-entry")
    credit = taken(sent, OPENING - 45_000, CREDIT, number=2, day="2022-03-08")
    sent.confirm(propose(sent, credit, 1, Resolution.PAYMENT, FIRST))
    assert sent.ask(sent.auditor, proposals.read_proposal, number).state == "lapsed"


def test_what_was_told_again_and_was_not_is_a_movement_of_its_own(sent: Office) -> None:
    """A debit that was held to tell another again is judged anew: the bank paid twice after all."""
    told = notification(statement(1, OPENING, Moved(-45_000, FIRST, reference="R-1")))
    sent.import_file(told, "notification.xml")
    view = taken(sent, OPENING, Moved(-45_000, FIRST, reference="R-2", day="2022-03-08"), day="2022-03-08")
    assert resolved(sent, view)[0] == "paid-twice"
    (settlement,) = entries(sent, "settlement")
    sent.match_line(view.sha256, 1, to="entry", key=str(settlement.seq))
    assert resolved(sent, view)[:2] == ("repeated", "entry")
    unmatch(sent, view)
    assert resolved(sent, view)[:2] == ("paid-twice", None)
    assert sent.findings() == ()


def test_the_landlords_statement_no_longer_says_that_it_was_paid(sent: Office) -> None:
    view = taken(sent, OPENING, STRANGE)
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    paid = drawn_for(sent, "L0001")
    unmatch(sent, view)
    shown = drawn_for(sent, "L0001")
    assert (paid.paid_cents, shown.paid_cents) == (45_000, 0)
    assert ([event.kind for line in shown.lines for event in line.events], shown.lines[0].state) == (
        ["order"],
        "ordered",
    )


def test_what_was_matched_before_a_database_was_made_again_is_taken_back_in_it(sent: Office, tmp_path: Path) -> None:
    data = statement(1, OPENING, STRANGE, Moved(-300, text="commissioni"))
    view = sent.import_file(data, "camt.xml")
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    sent.set_aside((view.sha256, 2), reason="other-business")
    again = rebuilt_from(sent, tmp_path / "again")
    again.decide(treasury.propose_treasury, TREASURY)
    again.import_file(data, "camt.xml")
    again.prepare(reopening.reopen_line, view.sha256, 2)
    unmatch(again, view)
    assert (resolved(again, view)[:2], states(again)[FIRST], again.findings()) == (("no-reference", None), "sent", ())
    once_more = rebuilt_from(again, tmp_path / "once-more")
    assert once_more.findings() == ()


def test_what_is_paid_twice_is_open_in_a_database_made_again(sent: Office, tmp_path: Path) -> None:
    paid = Moved(-45_000, FIRST, reference="R1"), Moved(-45_000, FIRST, reference="R2")
    data = statement(1, OPENING, *paid)
    assert resolved(sent, sent.import_file(data, "camt.xml"), 2)[0] == "paid-twice"
    again = rebuilt_from(sent, tmp_path / "again")
    again.decide(treasury.propose_treasury, TREASURY)
    view = again.import_file(data, "camt.xml")
    assert [resolved(again, view, ordinal)[0] for ordinal in (1, 2)] == ["repeated", "paid-twice"]
    assert again.findings() == ()


def test_a_database_made_again_knows_that_it_was_taken_back(sent: Office, tmp_path: Path) -> None:
    data = statement(1, OPENING, Moved(-45_200, iban=IBANS["L0001"]), PAID[1])
    view = sent.import_file(data, "camt.xml")
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    unmatch(sent, view)
    again = rebuilt_from(sent, tmp_path / "again")
    again.decide(treasury.propose_treasury, TREASURY)
    again.import_file(data, "camt.xml")
    assert (resolved(again, view), states(again)) == (("no-reference", None, None), {FIRST: "sent", SECOND: "settled"})
    assert again.findings() == ()
