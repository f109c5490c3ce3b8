"""Part paid: the bank moves less than was ordered, or more, and the next order pays what is owed, to the cent."""

from dataclasses import replace
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.bank_views import BankLineView
from fund.services.banking import open_items, reconciliation
from fund.services.context import Context
from fund.services.payouts import corrections, payments
from fund.services.statements import statements
from fund.store.tables import Landlord
from tests.examples import first_of
from tests.fund.kit import IBANS, MARCH, Office
from tests.fund.services.bank_kit import Moved, giornale, report, statement
from tests.fund.services.books.test_verification import rebuilt_from

FIRST, SECOND, AGAIN, OPENING = "PAY-2022-03-0001", "PAY-2022-03-0002", "PAY-2022-03-0003", 1_000_000
BOTH = f"{FIRST},{SECOND}"
REST_REFUSED = report("BAT-2022-0001", "PART", (FIRST, "AM04"))


@pytest.fixture
def sent(any_sent: Office) -> Office:
    """Here on each engine."""
    return any_sent


def debit(cents: int, reference: str = "R1", *, day: str = "2022-03-07", payment: str = FIRST) -> Moved:
    return Moved(-cents, payment, IBANS["L0001"], reference=reference, day=day)


def credit(cents: int, reference: str = "R9", *, day: str = "2022-03-08") -> Moved:
    return Moved(cents, FIRST, reason="AC04", reference=reference, day=day)


def parts(office: Office, payment: str = FIRST) -> tuple[str, int, int, int]:
    """State, and what is paid, still ordered, and paid by mistake."""
    row = office.ask(office.auditor, payments.review_payment, payment).payment
    return row.state, row.paid_cents, row.outstanding_cents, row.misexecuted_cents


def month(office: Office) -> tuple[str, int]:
    """State, and what is owed."""
    (row,) = office.contributions(household="N01")
    return str(row.state), row.amount_cents - row.set_off_cents - row.ordered_cents


def queue(office: Office) -> list[str]:
    return [str(one.line.matching) for one in office.ask(office.auditor, open_items.list_open_items)]


def resolve(office: Office, data: bytes, ordinal: int = 1) -> BankLineView:
    """A file is imported, and a person says that a line of it is the payment, of another amount."""
    file = office.import_file(data).sha256
    return office.match_line(file, ordinal, to="other-amount", key=FIRST)


def proved(office: Office, moved_cents: int) -> None:
    """Books and bank have the same, nothing is left, and everything proves."""
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert (shown.book_balance_cents, shown.difference_cents) == (OPENING + moved_cents, 0)
    assert (shown.differences, shown.gaps, shown.alarms) == ((), (), ())
    assert office.findings() == ()


def paid_again(office: Office) -> str:
    """What is owed is ordered again; returns the payment's amount and state."""
    code = office.pay_again().code
    (line,) = office.ask(office.auditor, payments.view_batch, code).lines
    office.send(code)
    return f"{line.payment} {line.amount_cents}"


@pytest.mark.first
@pytest.mark.parametrize("cents", first_of([44_999, 30_000, 1]))
def test_a_debit_of_less_settles_that_and_the_rest_stays_ordered(sent: Office, cents: int) -> None:
    shown = sent.import_file(statement(1, OPENING, debit(cents)))
    assert (parts(sent), queue(sent)) == (("sent", 0, 45_000, 0), ["amount-differs"])
    line = sent.match_line(shown.sha256, 1, to="other-amount", key=FIRST)
    assert (line.resolved_as, line.resolved_to, queue(sent)) == ("other-amount", FIRST, [])
    assert (parts(sent), month(sent)) == (("part-paid", cents, 45_000 - cents, 0), ("ordered", 0))
    orders = sent.ask(sent.auditor, reconciliation.reconcile).outstanding_orders
    assert (FIRST, 45_000 - cents) in {(one.payment, one.amount_cents) for one in orders}
    proved(sent, -cents)
    with pytest.raises(errors.NothingToPay):
        sent.prepare(payments.prepare_batch)


@pytest.mark.first
def test_the_rest_that_is_refused_is_owed_and_the_next_order_pays_it_and_no_more(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(30_000)))
    sent.import_file(REST_REFUSED)
    assert (parts(sent), month(sent)) == (("part-paid", 30_000, 0, 0), ("approved", 15_000))
    assert paid_again(sent) == f"{AGAIN} 15000"
    used = {row.code: row.months_used for row in sent.balances().households}
    assert used["N01"] == 1
    sent.import_file(
        statement(2, OPENING - 30_000, debit(15_000, "R2", payment=AGAIN, day="2022-03-10"), day="2022-03-10")
    )
    assert (parts(sent, AGAIN), month(sent)) == (("settled", 15_000, 0, 0), ("settled", 0))
    assert parts(sent) == ("part-paid", 30_000, 0, 0)
    proved(sent, -45_000)
    with pytest.raises(errors.NothingToPay):
        sent.prepare(payments.prepare_batch)


def test_a_late_debit_of_the_rest_settles_it_whole_and_by_itself(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(30_000)))
    sent.import_file(statement(2, OPENING - 30_000, debit(15_000, "R2", day="2022-03-08"), day="2022-03-08"))
    assert (parts(sent), month(sent), queue(sent)) == (("settled", 45_000, 0, 0), ("settled", 0), [])
    proved(sent, -45_000)


def test_the_rest_that_waits_in_the_same_file_is_booked_once_a_person_has_said_the_first(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(30_000), debit(15_000, "R2")))
    assert (parts(sent), month(sent), queue(sent)) == (("settled", 45_000, 0, 0), ("settled", 0), [])
    proved(sent, -45_000)


def test_a_rest_that_is_debited_while_the_next_payment_is_on_its_way_is_a_mistake(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(30_000)))
    sent.import_file(REST_REFUSED)
    paid_again(sent)
    sent.import_file(statement(2, OPENING - 30_000, debit(15_000, "R2", day="2022-03-08"), day="2022-03-08"))
    assert (parts(sent), queue(sent)) == (("part-paid", 30_000, 0, 15_000), ["paid-twice"])
    assert sent.findings() == ()
    sent.import_file(report("BAT-2022-0002", "RJCT", day="2022-03-10"))
    assert (parts(sent), month(sent), queue(sent)) == (("settled", 45_000, 0, 0), ("settled", 0), [])
    proved(sent, -45_000)


@pytest.mark.first
def test_a_part_that_comes_back_is_owed_again_and_ordered_alone(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(45_000), credit(20_000, day="2022-03-07")), 2)
    assert (parts(sent), month(sent)) == (("part-paid", 25_000, 0, 0), ("approved", 20_000))
    proved(sent, -25_000)
    sent.confirm_account("L0001")
    assert paid_again(sent) == f"{AGAIN} 20000"


def test_a_part_that_came_back_and_is_paid_after_all_settles_again_by_itself(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(45_000), credit(20_000, day="2022-03-07")), 2)
    undone = replace(debit(20_000, "R2", day="2022-03-08"), is_reversal=True)
    sent.import_file(statement(2, OPENING - 25_000, undone, day="2022-03-08"))
    assert (parts(sent), month(sent), queue(sent)) == (("settled", 45_000, 0, 0), ("settled", 0), [])
    proved(sent, -45_000)


def test_all_that_was_paid_of_a_part_comes_back_by_itself(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(30_000)))
    sent.import_file(statement(2, OPENING - 30_000, credit(30_000), day="2022-03-08"))
    assert (parts(sent), month(sent)) == (("returned", 0, 15_000, 0), ("ordered", 30_000))
    proved(sent, 0)
    sent.import_file(REST_REFUSED)
    assert (parts(sent), month(sent)) == (("returned", 0, 0, 0), ("approved", 45_000))
    assert sent.findings() == ()


@pytest.mark.first
def test_a_debit_of_more_settles_and_the_bank_owes_the_rest(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(54_000)))
    assert (parts(sent), month(sent), queue(sent)) == (("settled", 45_000, 0, 9_000), ("settled", 0), ["paid-twice"])
    proved(sent, -54_000)
    with pytest.raises(errors.NothingToPay):
        sent.prepare(payments.prepare_batch)
    back = Moved(9_000, FIRST, reference="R2", day="2022-03-08", is_reversal=True)
    sent.import_file(statement(2, OPENING - 54_000, back, day="2022-03-08"))
    assert (parts(sent), month(sent), queue(sent)) == (("settled", 45_000, 0, 0), ("settled", 0), [])
    proved(sent, -45_000)


def owed(office: Office) -> list[int | None]:
    """What the bank owes of each open item, as the items and the reconciliation show it."""
    items = [one.line.owed_by_bank_cents for one in office.ask(office.auditor, open_items.list_open_items)]
    shown = office.ask(office.auditor, reconciliation.reconcile).open_lines
    assert [line.owed_by_bank_cents for line in shown] == items
    return items


@pytest.mark.first
def test_an_open_item_of_more_than_was_ordered_says_what_of_it_the_bank_owes(sent: Office) -> None:
    """The movement was of 540.00, of which only 90.00 were paid by mistake; what comes back of it is owed no more."""
    line = resolve(sent, statement(1, OPENING, debit(54_000)))
    assert owed(sent) == [9_000]
    shown = sent.ask(sent.preparer, open_items.view_line, line.file, line.ordinal).line
    assert (shown.moved_cents, shown.owed_by_bank_cents) == (-54_000, 9_000)
    back = Moved(4_000, FIRST, reference="R2", day="2022-03-08", is_reversal=True)
    resolve(sent, statement(2, OPENING - 54_000, back, day="2022-03-08"))
    assert (owed(sent), sent.balances().fund.owed_by_bank_cents) == ([5_000], 5_000)


def test_of_two_mistakes_the_one_stays_open_whose_money_is_owed(sent: Office) -> None:
    """A debit of 540.00 was a mistake of 90.00 alone: it does not stand for the 450.00 of another."""
    resolve(sent, statement(2, OPENING - 45_000, debit(54_000, day="2022-03-08"), day="2022-03-08"))
    sent.import_file(statement(1, OPENING, debit(45_000, "R0")))
    assert owed(sent) == [45_000, 9_000]
    back = Moved(9_000, FIRST, reference="R2", day="2022-03-09", is_reversal=True)
    resolve(sent, statement(3, OPENING - 99_000, back, day="2022-03-09"))
    (left,) = sent.ask(sent.auditor, open_items.list_open_items)
    assert (left.line.moved_cents, owed(sent)) == (-45_000, [45_000])
    proved(sent, -90_000)


def test_what_comes_back_is_of_the_mistake_first_and_of_one_entry(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(54_000)))
    resolve(sent, statement(2, OPENING - 54_000, credit(20_000), day="2022-03-08"))
    assert (parts(sent), month(sent), queue(sent)) == (("part-paid", 34_000, 0, 0), ("approved", 11_000), [])
    assert [kind for kind in sent.kinds() if "misexecution" in kind] == []
    proved(sent, -34_000)


@pytest.mark.parametrize("is_resolved_first", [True, False])
def test_a_part_that_two_series_tell_counts_once(sent: Office, is_resolved_first: bool) -> None:
    told = statement(1, OPENING, debit(30_000)), giornale("G1", OPENING, replace(debit(30_000), receipt=7, mandate=1))
    if is_resolved_first:
        resolve(sent, told[0])
        sent.import_file(told[1])
    else:
        sent.import_file(told[1])
        resolve(sent, told[0])
    assert (parts(sent), queue(sent)) == (("part-paid", 30_000, 15_000, 0), [])
    proved(sent, -30_000)


def test_a_part_that_comes_back_waits_while_a_payment_of_the_rest_is_proposed(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(30_000)))
    sent.import_file(REST_REFUSED)
    batch = sent.prepare(payments.prepare_batch).code
    sent.import_file(statement(2, OPENING - 30_000, credit(30_000), day="2022-03-08"))
    assert (parts(sent), queue(sent)) == (("part-paid", 30_000, 0, 0), ["out-of-order"])
    sent.prepare(payments.cancel_batch, batch, reason="wrong-amount")
    assert (parts(sent), month(sent), queue(sent)) == (("returned", 0, 0, 0), ("approved", 45_000), [])
    proved(sent, 0)


@pytest.mark.first
def test_an_approval_is_not_corrected_once_a_part_was_paid(sent: Office) -> None:
    resolve(sent, statement(1, OPENING, debit(30_000)))
    sent.import_file(REST_REFUSED)
    (row,) = sent.contributions(household="N01")
    with pytest.raises(errors.StateNotAllowed):
        sent.prepare(corrections.propose_correction, row.id, reason="data-entry")


@pytest.mark.first
def test_the_landlord_reads_what_was_paid_of_a_month(sent: Office) -> None:
    def read(context: Context) -> tuple[str, list[int], int, int]:
        landlord = context.get(Landlord, "L0001")
        view = statements.draw_view(context, context.fund(), landlord, number="", first=MARCH, last=MARCH)
        (line,) = view.lines
        return line.state, [event.amount_cents for event in line.events], view.paid_cents, view.owed_cents

    resolve(sent, statement(1, OPENING, debit(30_000)))
    assert sent.ask(sent.auditor, read) == ("part-paid", [45_000, 30_000], 30_000, 15_000)
    resolve(sent, statement(2, OPENING - 30_000, debit(24_000, "R2", day="2022-03-08"), day="2022-03-08"))
    assert sent.ask(sent.auditor, read) == ("settled", [45_000, 30_000, 15_000], 45_000, 0)
    resolve(sent, statement(3, OPENING - 54_000, credit(20_000, day="2022-03-09"), day="2022-03-09"))
    assert sent.ask(sent.auditor, read) == ("part-paid", [45_000, 30_000, 15_000, 11_000], 34_000, 11_000)


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_fund_made_again_knows_its_parts_and_takes_its_files_anew(
    sent: Office, tmp_path: Path, is_refused: bool
) -> None:
    files = [statement(1, OPENING, debit(30_000)), *([REST_REFUSED] if is_refused else [])]
    resolve(sent, files[0])
    for data in files[1:]:
        sent.import_file(data)
    before = parts(sent), month(sent)
    again = rebuilt_from(sent, tmp_path / "again")
    assert (parts(again), month(again)) == before
    assert again.findings() == ()
    for data in files:
        again.import_file(data)
    assert (parts(again), month(again), queue(again)) == (*before, [])
    assert again.kinds().count("settlement") == 1
    assert again.findings() == ()
    again.close()


@pytest.mark.first
@pytest.mark.parametrize(
    ("key", "first", "second"),
    first_of(
        [
            (BOTH, ("settled", 45_000, 0, 0), ("part-paid", 39_999, 1, 0)),
            (f"{SECOND} {FIRST}", ("part-paid", 44_999, 1, 0), ("settled", 40_000, 0, 0)),
        ]
    ),
)
def test_of_several_payments_told_as_one_the_last_named_takes_what_is_left(
    sent: Office, key: str, first: tuple[object, ...], second: tuple[object, ...]
) -> None:
    """A cent less than the payments together has a way into the books, and is told again by the treasurer's journal."""
    view = sent.import_file(statement(1, OPENING, Moved(-84_999)))
    with pytest.raises(errors.LineDoesNotAgree):
        sent.match_line(view.sha256, 1, to="payments", key=key)
    line = sent.match_line(view.sha256, 1, to="other-amount", key=key)
    assert (line.resolved_as, line.resolved_to) == ("other-amount", key.replace(" ", ","))
    assert (parts(sent), parts(sent, SECOND), queue(sent)) == (first, second, [])
    proved(sent, -84_999)
    told = [Moved(-first[1], FIRST, receipt=7, mandate=1), Moved(-second[1], SECOND, receipt=8, mandate=2)]
    sent.import_file(giornale("G1", OPENING, *told))
    assert (parts(sent), parts(sent, SECOND), queue(sent)) == (first, second, [])
    proved(sent, -84_999)


def test_more_than_several_payments_is_a_mistake_of_the_last(sent: Office) -> None:
    """The bank owes it until it comes back, and so does it of a credit of all of them but a cent."""
    view = sent.import_file(statement(1, OPENING, Moved(-91_000)))
    sent.match_line(view.sha256, 1, to="other-amount", key=BOTH)
    assert (parts(sent), parts(sent, SECOND)) == (("settled", 45_000, 0, 0), ("settled", 40_000, 0, 6_000))
    assert queue(sent) == ["paid-twice"]
    proved(sent, -91_000)
    back = Moved(6_000, SECOND, reference="R2", day="2022-03-08", is_reversal=True)
    sent.import_file(statement(2, OPENING - 91_000, back, day="2022-03-08"))
    assert (parts(sent, SECOND), queue(sent)) == (("settled", 40_000, 0, 0), [])
    view = sent.import_file(statement(3, OPENING - 85_000, Moved(84_999, day="2022-03-09"), day="2022-03-09"))
    sent.match_line(view.sha256, 1, to="other-amount", key=f"{SECOND},{FIRST}")
    assert (parts(sent)[:2], parts(sent, SECOND)[:2]) == (("part-paid", 1), ("returned", 0))
    proved(sent, -1)


def test_several_payments_of_less_than_all_but_the_last_are_not_one_line(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, Moved(-45_000)))
    with pytest.raises(errors.LineDoesNotAgree):
        sent.match_line(view.sha256, 1, to="other-amount", key=BOTH)


@pytest.mark.parametrize("is_read_first", [False, True])
def test_a_fund_made_again_knows_what_several_payments_were_paid(
    sent: Office, tmp_path: Path, is_read_first: bool
) -> None:
    data = statement(1, OPENING, Moved(-84_999))
    view = sent.import_file(data)
    sent.match_line(view.sha256, 1, to="other-amount", key=BOTH)
    journal = giornale("G1", OPENING, Moved(-45_000, FIRST, receipt=7), Moved(-39_999, SECOND, receipt=8))
    again = rebuilt_from(sent, tmp_path / "again")
    for one in (data, journal) if is_read_first else (journal, data):
        again.import_file(one)
    assert (parts(again), parts(again, SECOND), queue(again)) == (parts(sent), parts(sent, SECOND), [])
    assert again.kinds().count("settlement") == 2
    assert again.findings() == ()
    again.close()
