"""A line that tells again what is booked, under another day or reference: two people say so, and it is booked once."""

from dataclasses import replace
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.bank_views import BankFileView
from fund.domain.lists import Resolution
from fund.services.banking import open_items, reconciliation, resolutions
from fund.services.money import money
from fund.services.payouts import payments
from fund.store import journal
from tests.examples import first_of
from tests.fund.kit import IBANS, Office
from tests.fund.services.bank_kit import Moved, giornale, notification, statement
from tests.fund.services.books.test_verification import rebuilt_from

FIRST = "PAY-2022-03-0001"
OPENING, PAID_CENTS = 1_000_000, 45_000
LEFT = OPENING - PAID_CENTS
PAID = Moved(-PAID_CENTS, FIRST, IBANS["L0001"], reference="R1")
DAY_AFTER = Moved(-PAID_CENTS, FIRST, IBANS["L0001"], reference="R1b", day="2022-03-08")
RETURNED = Moved(PAID_CENTS, FIRST, reason="AC04", reference="R2", day="2022-03-08")
MONEY_IN = Moved(PAID_CENTS, day="2022-03-09", receipt=9)


@pytest.fixture
def sent(any_sent: Office) -> Office:
    """Here on each engine."""
    return any_sent


def entry(office: Office, kind: str) -> str:
    with office.app.database.read() as session:
        return str(max(one.seq for one in journal.read_entries(session, []) if one.kind == kind))


def say(office: Office, view: BankFileView, key: str, *, ordinal: int = 1) -> None:
    """Two people say what a line is."""
    made = office.prepare(resolutions.match_line, view.sha256, ordinal, to=Resolution.ENTRY, key=key)
    assert made.proposal is not None
    office.confirm(made.proposal)


def refused(office: Office, view: BankFileView, key: str, *, ordinal: int = 1) -> str:
    with pytest.raises(errors.LineDoesNotAgree) as refusal:
        office.prepare(resolutions.match_line, view.sha256, ordinal, to=Resolution.ENTRY, key=key)
    return refusal.value.reason


def suggested(office: Office) -> dict[int, list[tuple[str, str]]]:
    shown = office.ask(office.auditor, open_items.list_open_items)
    return {one.line.ordinal: [(made.kind, made.key) for made in one.suggestions] for one in shown}


def payment_of(office: Office) -> tuple[str, int]:
    payment = office.ask(office.auditor, payments.review_payment, FIRST).payment
    return payment.state, payment.misexecuted_cents


def stands(office: Office, state: str, bank_cents: int) -> None:
    """The payment is so, no line is open, and every cent between bank and books has a name."""
    assert payment_of(office) == (state, 0)
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert (shown.bank_balance_cents, shown.book_balance_cents) == (bank_cents, bank_cents)
    assert (shown.differences, shown.open_lines) == ((), ())
    assert office.findings() == ()


@pytest.mark.first
def test_a_return_that_a_journal_tells_a_day_later_and_without_a_code_is_told_twice(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID))
    sent.import_file(statement(2, LEFT, RETURNED, day="2022-03-08"))
    view = sent.import_file(giornale("G1", LEFT, MONEY_IN, day="2022-03-09"))
    returned = entry(sent, "return")
    assert ("entry", returned) in suggested(sent)[1]
    say(sent, view, returned)
    stands(sent, "returned", OPENING)


def test_a_return_that_a_statement_tells_after_a_person_has_said_it_of_the_journal(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID))
    journal_view = sent.import_file(giornale("G1", LEFT, MONEY_IN, day="2022-03-09"))
    sent.match_line(journal_view.sha256, 1, to="payment", key=FIRST)
    view = sent.import_file(statement(2, LEFT, RETURNED, day="2022-03-08"))
    assert {key for kind, key in suggested(sent)[1]} == {entry(sent, "return")}
    say(sent, view, entry(sent, "return"))
    stands(sent, "returned", OPENING)
    sent.import_file(notification(statement(3, LEFT, RETURNED, day="2022-03-08")))
    stands(sent, "returned", OPENING)


@pytest.mark.first
@pytest.mark.parametrize("is_journal_first", first_of([True, False]))
def test_a_payment_taken_for_made_twice_was_told_a_day_apart(sent: Office, is_journal_first: bool) -> None:
    """What was booked as a mistake of the bank is corrected, and the month can be paid again once it comes back."""
    told = [giornale("G1", OPENING, PAID), statement(1, OPENING, DAY_AFTER, day="2022-03-08")]
    first, second = told if is_journal_first else reversed(told)
    sent.import_file(first)
    settled = entry(sent, "settlement")
    view = sent.import_file(second)
    assert view.lines[0].matching == "paid-twice"
    assert suggested(sent) == {1: [("entry", settled)]}
    say(sent, view, settled)
    stands(sent, "settled", LEFT)
    assert sent.findings() == ()
    with sent.app.database.read() as session:
        (correction,) = [one for one in journal.read_entries(session, []) if one.kind == "correction"]
    assert (correction.prepared_by, correction.approved_by, correction.facts.payment) == ("U02", "U03", FIRST)
    sent.import_file(statement(2, LEFT, RETURNED, day="2022-03-09"))
    sent.confirm_account("L0001")
    assert sent.prepare(payments.prepare_batch).lines[0].landlord == "L0001"


@pytest.mark.first
def test_a_movement_that_the_books_have_under_a_later_day_is_named_so(sent: Office) -> None:
    """The notification's day is behind the last statement, until that of the next day is here."""
    sent.import_file(notification(statement(1, OPENING, DAY_AFTER, day="2022-03-08")))
    view = sent.import_file(statement(1, OPENING, PAID))
    say(sent, view, entry(sent, "settlement"))
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert [(one.kind, one.key, one.amount_cents) for one in shown.differences] == [
        ("booked-later", view.lines[0].key, -PAID_CENTS)
    ]
    sent.import_file(statement(2, LEFT, Moved(100, day="2022-03-08"), Moved(-100, day="2022-03-08"), day="2022-03-08"))
    for one in sent.ask(sent.auditor, open_items.list_open_items):
        sent.set_aside((one.line.file, one.line.ordinal), reason="other-business")
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert ({one.kind for one in shown.differences}, shown.difference_cents) == ({"set-aside"}, 0)


def test_a_notification_that_lists_a_debit_twice_told_it_once(sent: Office) -> None:
    view = sent.import_file(notification(statement(1, OPENING, PAID, PAID)))
    assert [line.matching for line in view.lines] == ["booked", "paid-twice"]
    sent.import_file(statement(1, OPENING, PAID))
    say(sent, view, entry(sent, "settlement"), ordinal=2)
    stands(sent, "settled", LEFT)


@pytest.mark.first
def test_two_lines_of_one_statement_or_of_two_that_meet_are_two_movements(sent: Office) -> None:
    again = Moved(-PAID_CENTS, FIRST, IBANS["L0001"], reference="R3")
    view = sent.import_file(statement(1, OPENING, PAID, again))
    settled = entry(sent, "settlement")
    assert refused(sent, view, settled, ordinal=2) == "another-movement"
    following = sent.import_file(statement(2, LEFT - PAID_CENTS, DAY_AFTER, day="2022-03-08"))
    assert refused(sent, following, settled) == "another-movement"
    assert refused(sent, following, entry(sent, "misexecution")) == "another-movement"


def test_a_return_taken_for_the_end_of_a_mistake_that_never_was_is_judged_again(sent: Office) -> None:
    """The landlord never had the money: once two people say that there was one debit, the month is owed again."""
    sent.import_file(statement(1, OPENING, PAID))
    view = sent.import_file(notification(statement(1, OPENING, DAY_AFTER, day="2022-03-08")))
    sent.import_file(statement(2, LEFT, replace(RETURNED, day="2022-03-09"), day="2022-03-09"))
    assert payment_of(sent) == ("settled", 0)
    shown = sent.ask(sent.preparer, open_items.view_line, view.sha256, 1)
    assert [one.key for one in shown.suggestions] == [entry(sent, "settlement")]
    say(sent, view, entry(sent, "settlement"))
    stands(sent, "returned", OPENING)
    assert [one for one in sent.kinds() if one in ("return", "correction")] == ["correction", "correction", "return"]
    with pytest.raises(errors.StateNotAllowed):
        say(sent, view, entry(sent, "settlement"))


@pytest.mark.first
def test_a_mistake_that_a_person_said_was_given_back_stays_one(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID))
    view = sent.import_file(notification(statement(1, OPENING, DAY_AFTER, day="2022-03-08")))
    credit = sent.import_file(statement(2, LEFT, Moved(PAID_CENTS, day="2022-03-09"), day="2022-03-09"))
    sent.match_line(credit.sha256, 1, to="payment", key=FIRST)
    assert refused(sent, view, entry(sent, "settlement")) == "booked"
    assert not sent.ask(sent.preparer, open_items.view_line, view.sha256, 1).is_open


def test_a_debit_that_paid_a_rest_and_more_tells_nothing_again(sent: Office) -> None:
    """One entry has settled the rest and booked what is beyond it: no mirror parts them, and the bank owes that."""
    part = Moved(-30_000, FIRST, IBANS["L0001"], reference="P1")
    first = sent.import_file(statement(1, OPENING, part))
    sent.match_line(first.sha256, 1, to="other-amount", key=FIRST)
    view = sent.import_file(notification(statement(2, OPENING - 30_000, DAY_AFTER, day="2022-03-08")))
    assert view.lines[0].matching == "paid-twice"
    assert refused(sent, view, entry(sent, "settlement")) == "paid-twice"
    assert payment_of(sent) == ("settled", 30_000)


@pytest.mark.first
def test_statements_of_two_days_tell_no_movement_twice_nor_do_two_months(sent: Office) -> None:
    """Between them a statement is missing, so that they do not meet."""
    sent.import_file(statement(1, OPENING, PAID))
    plain = Moved(-PAID_CENTS, iban=IBANS["L0001"], day="2022-03-10")
    later = sent.import_file(statement(3, LEFT - 100, plain, day="2022-03-10"))
    settled = entry(sent, "settlement")
    assert ("entry", settled) not in suggested(sent)[1]
    assert refused(sent, later, settled) == "another-movement"
    following = sent.import_file(giornale("G2", LEFT, replace(plain, day="2022-03-08"), day="2022-03-08"))
    assert refused(sent, following, settled) == "another-movement", "the treasurer goes on where the bank ended"
    april = Moved(-PAID_CENTS, day="2022-04-07")
    journal_view = sent.on("2022-04-08").import_file(giornale("G4", LEFT, april, day="2022-04-07"))
    assert refused(sent, journal_view, settled) == "another-movement"


@pytest.mark.first
def test_an_entry_is_of_what_the_line_moved_and_exists(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID))
    view = sent.import_file(giornale("G1", LEFT, Moved(100_00, day="2022-03-09")))
    assert refused(sent, view, entry(sent, "settlement")) == "amount-differs"
    assert refused(sent, view, "1") == "no-movement"
    for missing in ("999999", "0", "x"):
        with pytest.raises(errors.NotFound):
            sent.prepare(resolutions.match_line, view.sha256, 1, to=Resolution.ENTRY, key=missing)


def test_a_line_that_two_people_took_for_a_second_payment_tells_the_first_again(sent: Office) -> None:
    sent.import_file(giornale("G1", OPENING, PAID))
    plain = Moved(-PAID_CENTS, iban=IBANS["L0001"], day="2022-03-08")
    view = sent.import_file(statement(1, OPENING, plain, day="2022-03-08"))
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    assert suggested(sent) == {1: [("entry", entry(sent, "settlement"))]}
    say(sent, view, entry(sent, "settlement"))
    stands(sent, "settled", LEFT)


def test_a_fund_made_again_knows_which_lines_told_a_movement_again(any_sent: Office, tmp_path: Path) -> None:
    files = [giornale("G1", OPENING, PAID), statement(1, OPENING, DAY_AFTER, day="2022-03-08")]
    any_sent.import_file(files[0])
    view = any_sent.import_file(files[1])
    say(any_sent, view, entry(any_sent, "settlement"))
    rebuilt = rebuilt_from(any_sent, tmp_path)
    for data in reversed(files):
        rebuilt.import_file(data)
    assert payment_of(rebuilt) == ("settled", 0)
    assert rebuilt.kinds().count("misexecution") == 1
    assert rebuilt.ask(rebuilt.auditor, open_items.list_open_items) == []
    assert rebuilt.findings() == ()
    rebuilt.close()


@pytest.mark.first
def test_a_collection_that_two_series_tell_under_two_days_is_one(sent: Office) -> None:
    sent.decide(money.propose_allocation, code="A02", granted_on=sent.day, amount_cents=300_000)
    view = sent.import_file(giornale("G1", OPENING, Moved(300_000)))
    sent.match_line(view.sha256, 1, to="allocation", key="A02")
    again = sent.import_file(statement(1, OPENING, Moved(300_000, day="2022-03-09"), day="2022-03-09"))
    say(sent, again, entry(sent, "collection"))
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert (shown.difference_cents, shown.open_lines) == (0, ())


CHARGED = replace(PAID, cents=-PAID_CENTS - 150, charges_cents=150)
CHARGED_AFTER = replace(DAY_AFTER, cents=-PAID_CENTS - 150, charges_cents=150)


@pytest.mark.first
@pytest.mark.parametrize(
    ("first", "second", "charges"),
    first_of([(CHARGED, CHARGED_AFTER, 150), (PAID, CHARGED_AFTER, 150), (CHARGED, DAY_AFTER, 150)]),
)
def test_charges_that_are_told_with_it_again_are_booked_once(
    sent: Office, first: Moved, second: Moved, charges: int
) -> None:
    sent.import_file(notification(statement(1, OPENING, first)))
    view = sent.import_file(statement(1, OPENING, second, day="2022-03-08"))
    assert view.lines[0].matching == "paid-twice"
    assert [("entry", entry(sent, "settlement"))] == suggested(sent)[1]
    say(sent, view, entry(sent, "settlement"))
    assert payment_of(sent) == ("settled", 0)
    assert sent.balances().fund.owed_by_city_cents == charges
    assert sent.findings() == ()
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert shown.difference_cents == sum(one.amount_cents for one in shown.differences)
    if second is CHARGED_AFTER:
        assert shown.differences == ()


@pytest.mark.first
def test_a_line_without_a_code_that_tells_charges_first_books_them(sent: Office) -> None:
    sent.import_file(notification(statement(1, OPENING, PAID)))
    unnamed = replace(CHARGED_AFTER, payment=None)
    view = sent.import_file(statement(1, OPENING, unnamed, day="2022-03-08"))
    say(sent, view, entry(sent, "settlement"))
    assert sent.balances().fund.owed_by_city_cents == 150
    stands(sent, "settled", LEFT - 150)
