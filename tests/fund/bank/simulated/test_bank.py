"""The simulated bank: what it writes is valid, proves its balances, and is understood as it was meant."""

from datetime import date

import pytest

from fund.bank.readers import read
from fund.bank.simulated import Bank, SimulatedAccount
from fund.bank.simulated.orders import read_orders
from fund.domain import errors
from tests.fund.bank.simulated.kit import (
    BATCH,
    DAY,
    ISO,
    PAYMENTS,
    TOMORROW,
    check_iso,
    paid_twice_and_taken_back,
    sealed,
)
from tests.fund.bank.writers.kit import DEBTOR, iban

OPENING = 1_000_000


def bank(**options: bool) -> Bank:
    return Bank(DEBTOR.iban, account=SimulatedAccount(OPENING), **options)


@pytest.mark.parametrize("form", ISO)
def test_a_sealed_file_is_read_as_it_was_meant(form: str) -> None:
    file = read_orders(sealed(form))
    assert (file.batch, file.format, file.debtor_iban, file.pay_on) == (BATCH.code, form, DEBTOR.iban, DAY)
    assert [(order.payment, order.amount_cents, order.iban, order.creditor) for order in file.orders] == [
        (paid.payment, paid.amount_cents, paid.iban, paid.creditor) for paid in BATCH.instructions
    ]
    texts = [paid.rf_reference or f"{paid.remittance} CUP {DEBTOR.cup}" for paid in BATCH.instructions]
    assert [order.text for order in file.orders] == texts


@pytest.mark.parametrize("form", ISO)
def test_an_accepted_file_settles_nothing_and_is_paid_on_its_day(form: str) -> None:
    keeper = bank()
    status = keeper.receive(sealed(form), on=date(2022, 10, 6))
    check_iso(status)
    assert [(told.level, told.status, told.batch) for told in read(status).statuses] == [
        ("group", "accepted", BATCH.code)
    ]
    assert keeper.close(date(2022, 10, 7)) is None
    data = keeper.close(DAY)
    assert data is not None
    check_iso(data)
    (statement,) = read(data).statements
    assert (statement.number, statement.iban) == (1, DEBTOR.iban)
    assert (statement.opening_cents, statement.closing_cents) == (OPENING, OPENING - BATCH.total_cents)
    assert [(e.payment, -e.amount_cents, e.counterparty_iban, e.booked_on) for e in statement.entries] == [
        (paid.payment, paid.amount_cents, paid.iban, DAY) for paid in BATCH.instructions
    ]


@pytest.mark.parametrize("form", ISO)
def test_what_is_rejected_is_named_and_not_paid(form: str) -> None:
    keeper = bank()
    status = keeper.receive(sealed(form), on=DAY, rejected={PAYMENTS[1]: "AC01"})
    check_iso(status)
    told = read(status).statuses
    assert [(one.level, one.status, one.payment, one.reason) for one in told] == [
        ("group", "part", None, None),
        ("transaction", "rejected", PAYMENTS[1], "AC01"),
    ]
    assert told[1].amount_cents == BATCH.instructions[1].amount_cents
    (statement,) = read(keeper.close(DAY) or b"").statements
    assert [entry.payment for entry in statement.entries] == [PAYMENTS[0], PAYMENTS[2]]


def test_a_rejected_group_pays_nobody() -> None:
    keeper = bank()
    status = keeper.receive(sealed("pain.001.001.09"), on=DAY, group_reason="FF01")
    check_iso(status)
    assert [(one.status, one.reason) for one in read(status).statuses] == [("rejected", "FF01")]
    assert keeper.close(DAY) is None


@pytest.mark.parametrize("books_together", [False, True])
def test_a_batch_may_be_booked_as_one_entry_with_its_details(books_together: bool) -> None:
    keeper = bank(books_together=books_together)
    keeper.receive(sealed("pain.001.001.09"), on=DAY)
    data = keeper.close(DAY) or b""
    check_iso(data)
    assert data.count(b"<Ntry>") == (1 if books_together else 3)
    assert [entry.payment for entry in read(data).statements[0].entries] == PAYMENTS


def test_statements_are_numbered_and_each_begins_where_the_last_one_ended() -> None:
    keeper = bank()
    keeper.account.credit(DAY, 500, name="Ministero di esempio", text="Acconto A01")
    keeper.receive(sealed("cbi"), on=DAY)
    first = keeper.close(DAY) or b""
    keeper.account.debit(TOMORROW, 300, name="Ministero di esempio", text="Restituzione", iban=iban(900))
    keeper.account.send_back(TOMORROW, PAYMENTS[0], reason="AC04", charges_cents=100)
    told = [read(data).statements[0] for data in (first, keeper.close(TOMORROW) or b"")]
    assert [statement.number for statement in told] == [1, 2]
    assert told[0].closing_cents == told[1].opening_cents
    assert told[1].closing_cents == OPENING + 500 - BATCH.total_cents - 300 + BATCH.instructions[0].amount_cents - 100
    credit = told[0].entries[0]
    assert (credit.amount_cents, credit.payment, credit.counterparty_name, credit.text) == (
        *(500, None, "Ministero di esempio", "Acconto A01"),
    )
    debit, returned = told[1].entries
    assert (debit.amount_cents, debit.payment, debit.counterparty_iban) == (-300, None, iban(900))
    assert (returned.payment, returned.is_return, returned.reason) == (PAYMENTS[0], True, "AC04")
    assert returned.amount_cents == BATCH.instructions[0].amount_cents - 100


def test_what_it_pays_twice_it_takes_back_as_a_reversal() -> None:
    data = paid_twice_and_taken_back(bank(), sealed("cbi"))
    check_iso(data)
    twice, undone = read(data).statements[0].entries
    assert (twice.payment, undone.payment, twice.amount_cents) == (PAYMENTS[0], PAYMENTS[0], -undone.amount_cents)
    assert [(one.amount_cents < 0, one.is_reversal, one.is_return) for one in (twice, undone)] == [
        *((True, False, False), (False, True, False)),
    ]


def test_what_it_writes_is_valid_whatever_happened() -> None:
    keeper = bank(books_together=True)
    keeper.receive(sealed("pain.001.001.03"), on=DAY)
    keeper.account.credit(DAY, 500, name="Ministero di esempio", text="Acconto A01")
    check_iso(keeper.close(DAY) or b"")
    keeper.account.send_back(TOMORROW, PAYMENTS[0], reason="AC04")
    keeper.account.debit(TOMORROW, 300, name="Ministero di esempio", text="Restituzione")
    check_iso(keeper.close(TOMORROW) or b"")


def test_told_the_same_it_writes_the_same() -> None:
    def told() -> list[bytes | None]:
        keeper = bank()
        return [keeper.receive(sealed("cbi"), on=DAY, rejected={PAYMENTS[0]: "AC01"}), keeper.close(DAY)]

    assert told() == told()


def test_nothing_comes_back_that_was_not_paid() -> None:
    keeper = bank()
    keeper.receive(sealed("cbi"), on=DAY)
    with pytest.raises(errors.NotFound):
        keeper.account.send_back(DAY, PAYMENTS[0], reason="AC04")
    with pytest.raises(errors.NotFound):
        keeper.account.pay_twice(DAY, PAYMENTS[0])
    with pytest.raises(errors.NotFound):
        keeper.account.take_back(DAY, PAYMENTS[0])


@pytest.mark.parametrize(
    ("form", "before", "after", "field"),
    [
        ("cbi", b"<NbOfTxs>3</NbOfTxs>", b"<NbOfTxs>2</NbOfTxs>", "NbOfTxs"),
        ("pain.001.001.09", b"<CtrlSum>1350.06", b"<CtrlSum>1350.05", "CtrlSum"),
        ("pain.001.001.09", b'Ccy="EUR">450.01', b'Ccy="CHF">450.01', "InstdAmt"),
        ("pain.001.001.09", b"<EndToEndId>PAY-2022-10-0002", b"<EndToEndId>PAY-2022-10-0001", "payment"),
        ("pain.001.001.03", b"<IBAN>IT", b"<IBAN>DE", "IBAN"),
        ("pain.001.001.09", b"pain.001.001.09", b"pain.001.001.12", "Document"),
        ("pain.001.001.09", b"</Document>", b"", "file"),
        ("opi", b"<importo_mandato>450.01", b"<importo_mandato>450.02", "importo_mandato"),
        ("opi", b"<numero_mandato>2<", b"<numero_mandato>1<", "mandate"),
    ],
)
def test_a_file_in_doubt_is_refused_whole(form: str, before: bytes, after: bytes, field: str) -> None:
    data = sealed(form)
    assert before in data
    with pytest.raises(errors.UnreadableBankFile) as caught:
        read_orders(data.replace(before, after))
    assert caught.value.field == field


def test_another_city_s_account_is_not_debited() -> None:
    with pytest.raises(errors.UnreadableBankFile):
        Bank(iban(2)).receive(sealed("cbi"), on=DAY)
