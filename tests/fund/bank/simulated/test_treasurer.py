"""The simulated treasurer: valid by its grammar, each order with its mandate, our id, and the quietanza."""

from datetime import date
from pathlib import Path

import pytest

from fund.bank import schemas
from fund.bank.readers import MandateStatus, read
from fund.bank.simulated import Bank, SimulatedAccount, Treasurer
from fund.bank.writers.opi import write_opi
from fund.domain import errors
from tests.fund.bank.simulated.kit import BATCH, DAY, PAYMENTS, TOMORROW, check_opi, paid_twice_and_taken_back, sealed
from tests.fund.bank.writers.kit import DEBTOR, stand_in_schemas

OPENING = 1_000_000
FLOW = write_opi(BATCH, first_number=41)


def treasurer() -> Treasurer:
    return Treasurer(DEBTOR, "0000900", account=SimulatedAccount(OPENING))


def test_each_order_has_its_outcome() -> None:
    data = treasurer().receive(FLOW, on=DAY, rejected={PAYMENTS[1]: "Conto estinto"})
    check_opi(data)
    told = [one for one in read(data).statuses if isinstance(one, MandateStatus)]
    assert [(one.mandate, one.outcome, one.status, one.batch) for one in told] == [
        ("2022/41/1", "ACQUISITO", "accepted", BATCH.code),
        ("2022/42/1", "NON ESEGUIBILE", "rejected", BATCH.code),
        ("2022/43/1", "ACQUISITO", "accepted", BATCH.code),
    ]
    assert told[1].reason_text == "Conto estinto"
    assert [one.amount_cents for one in told] == [paid.amount_cents for paid in BATCH.instructions]


def test_the_journal_tells_what_was_paid_and_proves_its_balance() -> None:
    keeper = treasurer()
    keeper.receive(FLOW, on=date(2022, 10, 6), rejected={PAYMENTS[1]: "Conto estinto"})
    assert keeper.close(date(2022, 10, 7)) is None
    data = keeper.close(DAY) or b""
    check_opi(data)
    (statement,) = read(data).statements
    first, _, third = BATCH.instructions
    assert [(e.payment, e.mandate, e.receipt_number, e.executed, -e.amount_cents) for e in statement.entries] == [
        (first.payment, "2022/41/1", "1", "ESEGUITO", first.amount_cents),
        (third.payment, "2022/43/1", "2", "ESEGUITO", third.amount_cents),
    ]
    assert [entry.counterparty_iban for entry in statement.entries] == [first.iban, third.iban]
    assert statement.closing_cents == OPENING - first.amount_cents - third.amount_cents


def test_what_comes_back_is_undone_by_the_receipt_that_it_reverses() -> None:
    keeper = treasurer()
    keeper.receive(FLOW, on=DAY)
    keeper.close(DAY)
    keeper.account.send_back(TOMORROW, PAYMENTS[0], reason="AC04")
    data = keeper.close(TOMORROW) or b""
    check_opi(data)
    (entry,) = read(data).statements[0].entries
    assert (entry.payment, entry.executed, entry.is_reversal) == (PAYMENTS[0], "STORNATO", True)
    assert (entry.receipt_number, entry.amount_cents) == ("1", BATCH.instructions[0].amount_cents)


def test_what_is_paid_twice_is_undone_by_its_receipt() -> None:
    data = paid_twice_and_taken_back(treasurer(), FLOW)
    check_opi(data)
    twice, undone = read(data).statements[0].entries
    assert (twice.receipt_number, undone.receipt_number, undone.executed) == ("4", "4", "STORNATO")


def test_what_no_order_told_is_a_sospeso() -> None:
    keeper = treasurer()
    keeper.account.credit(DAY, 500, name="Ministero di esempio", text="Acconto A01")
    keeper.account.debit(DAY, 300, name="Ministero di esempio", text="Restituzione", iban=DEBTOR.iban)
    data = keeper.close(DAY) or b""
    check_opi(data)
    (statement,) = read(data).statements
    assert [(e.bank_code, e.amount_cents, e.payment, e.is_booked) for e in statement.entries] == [
        ("SOSPESO ENTRATA", 500, None, True),
        ("SOSPESO USCITA", -300, None, True),
    ]
    assert statement.closing_cents == OPENING + 200


def test_what_its_grammar_refuses_does_not_leave() -> None:
    keeper = Treasurer(DEBTOR, "conto 900")
    keeper.account.credit(DAY, 500, name="Ministero di esempio", text="Acconto A01")
    with pytest.raises(errors.BankFileInvalid) as caught:
        keeper.close(DAY)
    assert caught.value.format == "opi-journal"
    with pytest.raises(errors.BankFileInvalid) as caught:
        treasurer().receive(FLOW, on=DAY, rejected={PAYMENTS[1]: " "})
    assert caught.value.findings[0].split(": ")[1:] == ["descrizione", "SCHEMAV_CVC_PATTERN_VALID"]


def test_an_official_schema_at_hand_has_its_say_too(tmp_path: Path) -> None:
    folder = stand_in_schemas(tmp_path)
    place = folder / schemas.IN_FOLDER["opi-outcome"]
    place.write_text(place.read_text("utf-8").replace("ACQUISITO", "PRESO"), "utf-8")
    keeper = Treasurer(DEBTOR, "0000900", account=SimulatedAccount(OPENING), schemas=folder)
    with pytest.raises(errors.BankFileInvalid):
        keeper.receive(FLOW, on=DAY)
    assert keeper.close(DAY), "the journal's own schema lies there and accepts it"


def test_told_the_same_it_writes_the_same() -> None:
    def told() -> list[bytes | None]:
        keeper = treasurer()
        return [keeper.receive(FLOW, on=DAY), keeper.close(DAY)]

    assert told() == told()


def test_an_account_goes_on_with_its_money_with_what_waits_and_with_what_may_come_back() -> None:
    bank = Bank(DEBTOR.iban, account=SimulatedAccount(OPENING))
    bank.receive(sealed("cbi"), on=DAY)
    bank.close(DAY)
    bank.receive(sealed("pain.001.001.09").replace(b"PAY-2022-10-", b"PAY-2022-11-"), on=TOMORROW)
    keeper = Treasurer(DEBTOR, "0000900", account=bank.account)
    keeper.account.send_back(TOMORROW, PAYMENTS[0], reason="AC04")
    data = keeper.close(TOMORROW) or b""
    check_opi(data)
    (taken,) = read(data).statements
    assert (taken.opening_cents, taken.closing_cents) == (
        OPENING - BATCH.total_cents,
        OPENING - 2 * BATCH.total_cents + BATCH.instructions[0].amount_cents,
    )
    assert [entry.payment for entry in taken.entries] == [
        PAYMENTS[0],
        *(payment.replace("2022-10", "2022-11") for payment in PAYMENTS),
    ]
