"""The state of a payment follows from the movements that name it: each counts once, and none pays a month twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.bank_views import ReconciliationView
from fund.services.banking import open_items, reconciliation
from fund.services.context import Context
from fund.services.payouts import payments
from fund.store.tables import BankLine, Payment, table
from tests.examples import first_of
from tests.fund.kit import IBANS, Office
from tests.fund.services.bank_kit import Moved, giornale, notification, report, statement
from tests.fund.services.books.test_verification import rebuilt_from

FIRST, SECOND, AGAIN = "PAY-2022-03-0001", "PAY-2022-03-0002", "PAY-2022-03-0003"
OPENING = 1_000_000
PAID = Moved(-45_000, FIRST, IBANS["L0001"], reference="R1")
TWICE = Moved(-45_000, FIRST, IBANS["L0001"], reference="R2")
REVERSED = Moved(45_000, FIRST, reference="R3", day="2022-03-08", is_reversal=True)
RETURNED = Moved(45_000, FIRST, reason="AC04", reference="R4", day="2022-03-08")
UNDONE = Moved(-45_000, FIRST, IBANS["L0001"], reference="R5", day="2022-03-09", is_reversal=True)


@pytest.fixture
def sent(any_sent: Office) -> Office:
    """Here on each engine."""
    return any_sent


def state(office: Office, payment: str = FIRST) -> str:
    return office.ask(office.auditor, payments.review_payment, payment).payment.state


def misexecuted(office: Office) -> int:
    return office.ask(office.auditor, payments.review_payment, FIRST).payment.misexecuted_cents


def month(office: Office) -> str:
    (row,) = office.contributions(household="N01")
    return str(row.state)


def queue(office: Office) -> list[tuple[str, str]]:
    shown = office.ask(office.auditor, open_items.list_open_items)
    return [(str(one.line.outcome), str(one.line.matching)) for one in shown]


def suggested(office: Office) -> list[str]:
    shown = office.ask(office.auditor, open_items.list_open_items)
    return [suggestion.key for one in shown for suggestion in one.suggestions if suggestion.kind == "payment"]


def reconciled(office: Office) -> ReconciliationView:
    return office.ask(office.auditor, reconciliation.reconcile)


def agree(office: Office, bank_cents: int) -> None:
    """Books and bank have the same, nothing is left, and everything proves."""
    shown = reconciled(office)
    assert (shown.bank_balance_cents, shown.book_balance_cents, shown.difference_cents) == (bank_cents, bank_cents, 0)
    assert (shown.differences, shown.gaps, shown.alarms) == ((), (), ())
    assert office.findings() == ()


@pytest.mark.first
def test_a_payment_made_twice_and_taken_back_is_paid_once(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID, TWICE))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [("settled", "paid-twice")])
    agree(sent, OPENING - 90_000)
    sent.import_file(statement(2, OPENING - 90_000, REVERSED, day="2022-03-08"))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)
    with pytest.raises(errors.NothingToPay):
        sent.prepare(payments.prepare_batch)


@pytest.mark.first
def test_what_came_back_first_waits_for_the_debit_that_it_undoes(sent: Office) -> None:
    sent.import_file(statement(2, OPENING - 90_000, REVERSED, day="2022-03-08"))
    assert (state(sent), queue(sent)) == ("sent", [("returned", "out-of-order")])
    sent.import_file(statement(1, OPENING, PAID, TWICE))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_statements_that_meet_tell_two_movements_without_a_reference(sent: Office, order: tuple[int, int]) -> None:
    bare = replace(PAID, reference=None)
    files = statement(1, OPENING, bare), statement(2, OPENING - 45_000, bare)
    for place in order:
        sent.import_file(files[place])
    assert (state(sent), misexecuted(sent), queue(sent)) == ("settled", 45_000, [("settled", "paid-twice")])
    agree(sent, OPENING - 90_000)


@pytest.mark.first
def test_a_statement_of_half_a_day_and_one_of_the_whole_tell_one_movement(sent: Office) -> None:
    bare, other = replace(PAID, reference=None), Moved(-700, text="spese")
    sent.import_file(statement(1, OPENING, bare))
    sent.import_file(statement(2, OPENING, bare, other))
    assert (state(sent), misexecuted(sent)) == ("settled", 0)


@pytest.mark.parametrize("number", [1, 2])
def test_a_statement_sent_again_under_another_id_is_the_same_source(sent: Office, number: int) -> None:
    sent.import_file(statement(1, OPENING, PAID))
    again = sent.import_file(statement(number, OPENING, PAID, name="S1-BIS", message="again"))
    assert [line.matching for line in again.lines] == ["repeated"]
    assert (state(sent), queue(sent)) == ("settled", [])
    assert sent.findings() == ()
    if number == 1:
        agree(sent, OPENING - 45_000)


@pytest.mark.first
def test_a_statement_tells_what_a_journal_told_and_one_more(sent: Office) -> None:
    """The journal shows the payment once, the statement twice: the greatest count of any one source is right."""
    sent.import_file(giornale("G1", OPENING, PAID))
    assert (state(sent), queue(sent)) == ("settled", [])
    told = sent.import_file(statement(1, OPENING, PAID, TWICE))
    assert [line.matching for line in told.lines] == ["repeated", "paid-twice"]
    sent.import_file(giornale("G2", OPENING - 45_000, TWICE, REVERSED, day="2022-03-08"))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    sent.import_file(statement(2, OPENING - 90_000, REVERSED, day="2022-03-08"))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)


@pytest.mark.first
def test_a_return_that_the_bank_undoes_settles_again(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID, RETURNED))
    assert (state(sent), month(sent)) == ("returned", "approved")
    sent.import_file(statement(2, OPENING, UNDONE, day="2022-03-09"))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)


def paid_again(office: Office) -> str:
    """N01's March came back, and another payment is with the bank; returns its batch."""
    office.import_file(statement(1, OPENING, PAID, RETURNED))
    office.confirm_account("L0001")
    batch = office.pay_again().code
    office.send(batch)
    assert state(office, AGAIN) == "sent"
    return batch


def test_a_return_undone_while_another_payment_lives_is_a_mistake_of_the_bank(sent: Office) -> None:
    paid_again(sent)
    sent.import_file(statement(2, OPENING, UNDONE, day="2022-03-09"))
    assert (state(sent), state(sent, AGAIN), queue(sent)) == ("returned", "sent", [("settled", "paid-twice")])
    agree(sent, OPENING - 45_000)


def test_what_the_bank_paid_by_mistake_pays_the_month_once_no_other_payment_does(sent: Office) -> None:
    batch = paid_again(sent)
    sent.import_file(statement(2, OPENING, UNDONE, day="2022-03-09"))
    sent.import_file(report(batch, "RJCT", day="2022-03-10"))
    assert (state(sent), state(sent, AGAIN), month(sent), queue(sent)) == ("settled", "refused", "settled", [])
    agree(sent, OPENING - 45_000)


@pytest.mark.first
def test_a_debit_told_late_under_another_day_does_not_pay_what_came_back(sent: Office) -> None:
    """Another kind of file tells it after the return: a person says whether it is the same, or the bank's mistake."""
    sent.import_file(statement(1, OPENING, PAID))
    sent.import_file(statement(2, OPENING - 45_000, replace(RETURNED, day="2022-03-09"), day="2022-03-09"))
    late = replace(PAID, day="2022-03-08", reference="N1")
    sent.import_file(notification(statement(3, OPENING, late, day="2022-03-08")))
    assert (state(sent), month(sent), queue(sent)) == ("returned", "approved", [("settled", "out-of-order")])
    with pytest.raises(errors.NothingToPay):
        sent.prepare(payments.prepare_batch)
    assert sent.findings() == ()


@pytest.mark.first
def test_a_month_that_an_open_item_names_is_not_ordered(sent: Office) -> None:
    """The debit names another IBAN, so it books nothing; the landlord may have the money all the same."""
    sent.import_file(report("BAT-2022-0001", "PART", (FIRST, "AM04")))
    sent.import_file(statement(1, OPENING, Moved(-45_000, text=f"bonifico {FIRST}")))
    assert month(sent) == "approved"
    with pytest.raises(errors.NothingToPay) as refused:
        sent.prepare(payments.prepare_batch)
    assert refused.value.waiting == ["open-item N01 2022-03"]


def test_a_payment_that_came_back_is_not_made_again_while_a_statement_is_missing(sent: Office) -> None:
    """The statement between the two shows a second debit, which is what was taken back."""
    sent.import_file(statement(1, OPENING, PAID))
    sent.import_file(statement(3, OPENING - 90_000, replace(REVERSED, day="2022-03-09"), day="2022-03-09"))
    assert (state(sent), month(sent)) == ("returned", "approved")
    sent.confirm_account("L0001")
    with pytest.raises(errors.NothingToPay) as refused:
        sent.prepare(payments.prepare_batch)
    assert refused.value.waiting == ["open-item N01 2022-03"]
    sent.import_file(statement(2, OPENING - 45_000, replace(TWICE, day="2022-03-08"), day="2022-03-08"))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)


def prepared_before_it_was_paid(office: Office) -> tuple[str, str]:
    """A batch with the month of a payment that was refused, and that the bank paid after all; its code and digest."""
    office.import_file(report("BAT-2022-0001", "PART", (FIRST, "AM04")))
    batch = office.prepare(payments.prepare_batch).code
    office.acknowledge(batch)
    digest = office.ask(office.approver, payments.view_batch, batch).digest
    office.import_file(statement(1, OPENING, PAID))
    assert (state(office), queue(office)) == ("refused", [("settled", "paid-twice")])
    return batch, digest


def test_a_batch_prepared_before_the_bank_paid_by_mistake_is_not_sealed(sent: Office) -> None:
    batch, digest = prepared_before_it_was_paid(sent)
    with pytest.raises(errors.MonthInOpenItem):
        sent.approve(payments.approve_batch, batch, digest=digest)
    sent.prepare(payments.cancel_batch, batch, reason="wrong-amount")
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)


def test_a_repeated_debit_without_a_reference_is_matched_as_paid_twice_and_given_back(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, PAID, Moved(-45_000, reference="R2", text=f"affitto {FIRST}")))
    assert suggested(sent) == [FIRST]
    line = sent.match_line(view.sha256, 2, to="payment", key=FIRST)
    assert (line.matching, line.resolved_to, queue(sent)) == ("paid-twice", FIRST, [("debit", "paid-twice")])
    with pytest.raises(errors.StateNotAllowed):
        sent.set_aside((view.sha256, 2), reason="bank-error")
    back = sent.import_file(statement(2, OPENING - 90_000, Moved(45_000, day="2022-03-08"), day="2022-03-08"))
    assert suggested(sent) == [FIRST]
    sent.match_line(back.sha256, 1, to="payment", key=FIRST)
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)


@pytest.mark.first
def test_a_second_debit_without_a_code_is_suggested_as_of_the_payment_that_it_repeats(sent: Office) -> None:
    bare = Moved(-45_000, iban=IBANS["L0001"], day="2022-03-08", reference="R2")
    sent.import_file(statement(1, OPENING, PAID))
    sent.import_file(statement(2, OPENING - 45_000, bare, day="2022-03-08"))
    assert suggested(sent) == [FIRST]


@pytest.mark.first
def test_a_line_that_names_a_payment_is_suggested_for_no_other(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID, Moved(-40_000, SECOND, IBANS["L0002"])))
    back = Moved(40_000, text=f"storno {FIRST}", iban=IBANS["L0002"], day="2022-03-08")
    sent.import_file(statement(2, OPENING - 85_000, back, day="2022-03-08"))
    assert suggested(sent) == [FIRST]


def quietanza(number: int, day: str = "2022-03-07") -> Moved:
    return Moved(-45_000, FIRST, receipt=number, mandate=1, day=day)


def storno(number: int, day: str = "2022-03-08") -> Moved:
    return Moved(45_000, FIRST, receipt=number, mandate=1, day=day, is_reversal=True)


@pytest.mark.first
@pytest.mark.parametrize("undone", first_of([9001, 9002]))
def test_a_treasurer_who_pays_twice_and_cancels_one_receipt_has_paid_once(sent: Office, undone: int) -> None:
    first, second, reversal = quietanza(9001), quietanza(9002), storno(undone, "2022-03-07")
    sent.import_file(giornale("G1", OPENING, first, second, reversal))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    agree(sent, OPENING - 45_000)


def test_the_reversal_of_a_receipt_waits_for_that_receipt(sent: Office) -> None:
    """It says nothing of the receipt that is known: without the second one the month would be payable again."""
    sent.import_file(giornale("G1", OPENING, quietanza(9001)))
    sent.import_file(giornale("G3", OPENING - 90_000, storno(9002), day="2022-03-08"))
    assert (state(sent), queue(sent)) == ("settled", [("returned", "out-of-order")])
    sent.import_file(giornale("G2", OPENING - 45_000, quietanza(9002)))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [])
    assert sent.findings() == ()


def test_a_person_says_what_the_reversal_of_an_unknown_receipt_is(sent: Office) -> None:
    sent.import_file(giornale("G1", OPENING, quietanza(9001)))
    view = sent.import_file(giornale("G2", OPENING - 45_000, storno(7), day="2022-03-08"))
    assert (state(sent), queue(sent)) == ("settled", [("returned", "out-of-order")])
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    assert (state(sent), month(sent), queue(sent)) == ("returned", "approved", [])
    agree(sent, OPENING)


def test_a_reversal_that_names_nothing_but_its_receipt_is_about_the_payment_of_that(sent: Office) -> None:
    sent.import_file(giornale("G1", OPENING, quietanza(9001), Moved(-40_000, SECOND, receipt=9002)))
    unnamed = Moved(45_000, receipt=9001, is_reversal=True, day="2022-03-08")
    view = sent.import_file(giornale("G2", OPENING - 85_000, unnamed, day="2022-03-08"))
    (waiting,) = sent.ask(sent.auditor, open_items.list_open_items)
    assert {(one.key, one.why[0]) for one in waiting.suggestions if one.kind == "payment"} == {(FIRST, "receipt")}
    with pytest.raises(errors.LineDoesNotAgree) as refused:
        sent.match_line(view.sha256, 1, to="other-amount", key=SECOND)
    assert refused.value.reason == "names-another"
    with pytest.raises(errors.LineNamesPayment):
        sent.set_aside((view.sha256, 1), reason="other-business")
    sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    assert (state(sent), state(sent, SECOND), queue(sent)) == ("returned", "settled", [])
    agree(sent, OPENING - 40_000)


@pytest.mark.first
def test_a_receipt_is_reversed_once(sent: Office) -> None:
    sent.import_file(giornale("G1", OPENING, quietanza(9001), quietanza(9002), storno(9002, "2022-03-07")))
    sent.import_file(giornale("G2", OPENING - 45_000, storno(9002), day="2022-03-08"))
    assert (state(sent), month(sent), queue(sent)) == ("settled", "settled", [("returned", "out-of-order")])
    assert sent.findings() == ()


def test_a_month_that_was_paid_by_mistake_is_not_sealed_though_its_rows_say_nothing(sent: Office) -> None:
    batch, digest = prepared_before_it_was_paid(sent)

    def forget(context: Context) -> None:
        connection = context.session.connection()
        connection.execute(table(Payment).update().values(misexecuted_cents=0))
        connection.execute(table(BankLine).update().values(matching="booked"))

    sent.do(SYSTEM, forget)
    with pytest.raises(errors.IntegrityBroken):
        sent.approve(payments.approve_batch, batch, digest=digest)
    assert any("misexecuted_cents is 0 in the database, 45000 in the books" in one for one in sent.findings())


@pytest.mark.parametrize("is_given_back", [False, True])
def test_a_fund_made_again_knows_what_the_bank_owes_and_takes_its_files_anew(
    sent: Office, tmp_path: Path, is_given_back: bool
) -> None:
    files = [
        statement(1, OPENING, replace(PAID, iban=None), replace(TWICE, iban=None)),
        statement(2, OPENING - 90_000, REVERSED, day="2022-03-08"),
    ]
    for data in files[: 1 + is_given_back]:
        sent.import_file(data)
    again = rebuilt_from(sent, tmp_path / "again")
    assert (state(again), misexecuted(again)) == ("settled", 0 if is_given_back else 45_000)
    assert again.findings() == ()
    for data in files:
        again.import_file(data)
    assert (state(again), month(again), misexecuted(again)) == ("settled", "settled", 0)
    assert again.kinds().count("misexecution") == 1
    assert again.kinds().count("misexecution-undone") == 1
    assert again.findings() == ()
    again.close()
