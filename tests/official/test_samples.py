"""Real banks' files, and what each must yield: counted by hand from the files, not by the readers.

Amounts are cents. Where a file is refused, the line and the reason are those that a person finds when looking.
"""

from datetime import date
from pathlib import Path

import pytest

from fund.bank.readers import read
from tests.fund.bank.readers.kit import refusal
from tests.fund.bank.readers.samples_kit import (
    Expected,
    check_against_camt053,
    check_against_mt940,
    check_read,
    samples_in,
)

REFUSED = {
    # an intraday report in CHF whose one entry is in SEK, with a detail in USD
    "camt/genkgo-camt052.v6.xml": ("Amt", "currency-not-euro", 64),
    # an amount with three decimals, which is exact: 1.01 + 8.850 ≠ 4.04
    "camt/genkgo-camt053.v2.all-balance-types.xml": ("Bal", "balance-differs", 68),
    # the closing balance is in SEK
    "camt/genkgo-camt053.v2.minimal.xml": ("Amt", "currency-not-euro", 60),
    # a group header and nothing else
    "camt/genkgo-camt053.v2.wrong.xml": ("Stmt", "no-statement", 0),
    "camt/genkgo-camt053.v4.xml": ("Amt", "currency-not-euro", 80),
    "camt/genkgo-camt053.v8.xml": ("Amt", "currency-not-euro", 80),
    # an entry of 200000 SEK whose details are three times CHF, though the batch says two
    "camt/genkgo-camt054.v4.xml": ("Amt", "currency-not-euro", 64),
    # three of 35 entries are left: 7329.80 - 4753.74 + 2688.00 + 5000.00 ≠ 23038.20
    "camt/viafintech-053-valid_example_with_batch.xml": ("Bal", "balance-differs", 53),
    # a document without content
    "camt/viafintech-general-invalid_namespace.xml": ("file", "unknown-format", 0),
    # an information field and no statement
    "mt940/betterplace-empty_86.sta": ("file", "unknown-format", 0),
    # the first statement is in German marks, the third in zloty
    "mt940/cmxl-mt940.sta": ("tag 60F", "currency-not-euro", 4),
    # 0.00 - 25.03 - 3.03 - 1.11 - 20.00 - 1.10 + 3.68 + 1.00 = -45.59, and the bank says +3.47
    "mt940/jejik-ing.sta": ("tag 62F", "balance-differs", 26),
    # an entry of another bank stands behind the end of the statement
    "mt940/self-provided-multiline.sta": ("tag 20", "missing", 38),
}

READ = {
    "camt/genkgo-camt053.v2.multi.statement.xml": (
        Expected("253EURNL26VAYB8060476890", 1815, 2700, (885,), ("000000001",)),
        Expected("254EURNL26VAYB8060476890", 2700, 2000, (-700,), ("000000002",)),
    ),
    # no end-to-end id in the first entry, NOTPROVIDED in the second
    "camt/viafintech-052-valid_example.xml": (Expected("0352C5220131227110203", 850, 1350, (200, 300), (None, None)),),
    # the last entry of 6.00 is a batch of 3.50 and 2.50
    "camt/viafintech-053-valid_example.xml": (
        Expected(
            "0352C5320131227220503",
            3306,
            2306,
            (-200, -300, 100, -350, -250),
            ("EndToEndReference", None, None, "STZV-EtE27122013-11:02-1", "STZV-EtE27122013-11:02-2"),
        ),
    ),
    # both statements have the same reference and no number of their own; their closing days tell them apart
    "mt940/jejik-rabobank-iban.sta": (
        Expected("940S130101/0/2013-01-08", 100000, 96500, (-2500, -1000), ("01-01-2013 12:00 0030000987654321", None)),
        Expected("940S130101/0/2013-01-15", 96500, 93000, (-2500, -1000), ("08-01-2013 12:00 0030000987654321", None)),
    ),
    # value dated on 30 February, as German banks count interest; booked on 1 March
    "mt940/self-provided-february_30.sta": (
        Expected("STARTUMSE/00000/001/2016-03-01", 120000, 119400, (-600,), (None,)),
    ),
}

BETTERPLACE = "mt940/betterplace-sepa_mt9401.sta"


def test_every_sample_is_in_the_table(bank_samples: Path) -> None:
    assert samples_in(bank_samples) == {*REFUSED, *READ, BETTERPLACE}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_add_up_is_refused(bank_samples: Path, name: str) -> None:
    assert refusal((bank_samples / name).read_bytes()) == REFUSED[name]


@pytest.mark.parametrize("name", READ)
def test_what_adds_up_is_read(bank_samples: Path, name: str) -> None:
    check_read(bank_samples / name, READ[name])


def test_the_german_statement_in_full(bank_samples: Path) -> None:
    """A camt.053 of a German bank, entry by entry."""
    message = read((bank_samples / "camt/viafintech-053-valid_example.xml").read_bytes())
    assert (message.format, message.message_id) == ("camt.053.001.02", "053D2013-12-27T22:05:03.0N130000005")
    (statement,) = message.statements
    assert (statement.number, statement.iban) == (130000005, "DE14740618130000033626")
    assert {entry.booked_on for entry in statement.entries} == {date(2013, 12, 27)}
    first, second, third, *batch = statement.entries
    # a wrong name for the payer and a creditor's IBAN that is not the account's: the creditor is the other side
    assert (first.counterparty_iban, first.bank_reference) == ("DE09300606010012345671", "BankReference")
    assert (second.counterparty_iban, second.counterparty_name) == ("DE58740618130100033626", "Testkonto Nummer 2")
    # an account number that is no IBAN
    assert (third.counterparty_iban, third.bank_code) == (None, "NMSC+051")
    # the bank names the account itself as the creditor of its own batch, so the other one is the counterparty
    assert {entry.counterparty_iban for entry in batch} == {"DE58740618130100033626"}


def test_a_value_date_that_the_calendar_lacks_is_noticed(bank_samples: Path) -> None:
    message = read((bank_samples / "mt940/self-provided-february_30.sta").read_bytes())
    (entry,) = message.statements[0].entries
    assert (entry.booked_on, entry.value_on, entry.is_return) == (date(2016, 3, 1), date(2016, 2, 29), False)
    (notice,) = message.notices
    assert (notice.code, notice.place) == ("value-date-not-in-calendar", "entry 12345678/1020304050 1 -")


def test_the_german_collection_of_sepa_cases(bank_samples: Path) -> None:
    """20 accounts in 26 sheets; six sheets end with an intermediate balance that the next sheet begins with."""
    raw = (bank_samples / BETTERPLACE).read_text("utf-8")
    message = read(raw.encode())
    assert len(message.statements) == raw.count(":20:T") == raw.count("\n:62F:") + raw.count("\n:62M:")
    assert sum(len(statement.entries) for statement in message.statements) == raw.count("\n:61:") == 97
    assert message.notices == ()
    first = message.statements[0]
    assert (first.id, first.number, first.iban) == ("T089413946000001/00004/00001/2007-09-04", 4, None)
    assert (first.opening_cents, first.closing_cents) == (-123471836, -123762823)
    assert [entry.amount_cents for entry in first.entries] == [
        30000,
        33533,
        1500000,
        6629508,
        91531155,
        -20488,
        -99994695,
    ]
    returned = first.entries[0]
    assert (returned.payment, returned.reason, returned.is_return) == ("TFNR 40005 00005", "914", True)
    # RC: a credit that the bank took back
    assert [entry.is_reversal for entry in first.entries] == [False] * 5 + [True, False]
    transfer = message.statements[1].entries[0]
    # the id fills a piece of 27 characters and goes on in the next
    assert (transfer.payment, transfer.counterparty_iban) == ("EndToEndIdTFNR2000400001", "DE42100100100043921105")


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("camt/")])
def test_camt053_reads_the_same(bank_samples: Path, name: str) -> None:
    check_against_camt053(bank_samples / name)


@pytest.mark.parametrize("name", [BETTERPLACE, *(name for name in READ if name.startswith("mt940/"))])
def test_mt940_reads_the_same(bank_samples: Path, name: str) -> None:
    check_against_mt940(bank_samples / name)
