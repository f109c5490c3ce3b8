"""MT940: the frame, the sums and the references, in the dialects in which banks write them."""

from datetime import date

import pytest

from fund.bank.readers import read
from fund.bank.readers.mt940_details import read_details
from tests.fund.bank.readers.kit import refusal


def entry(amount: str = "450,00", mark: str = "D", note: str | None = None, reference: str = "NONREF") -> str:
    told = f":86:{note}\n" if note is not None else ""
    return f":61:2603100310{mark}{amount}NTRF{reference}//BANK-1\n{told}"


def text(
    *entries: str,
    opening: str = "C260309EUR10000,00",
    closing: str = "C260310EUR9550,00",
    end: str = "-\n",
    page: str = "F",
) -> bytes:
    frame = f":20:REF-1\n:25:IT40X0999101800000000000001\n:28C:7/1\n:60{page}:{opening}\n"
    return f"{frame}{''.join(entries)}:62F:{closing}\n:64:{closing}\n{end}".encode()


def test_a_statement_in_full() -> None:
    message = read(text(entry(reference="PAY-2026-03-0001")))
    (found,) = message.statements
    assert (message.format, message.message_id) == ("MT940", "REF-1")
    assert (found.id, found.number, found.iban) == ("REF-1/7/1/2026-03-10", 7, "IT40X0999101800000000000001")
    assert (found.opening_cents, found.closing_cents) == (1_000_000, 955_000)
    (line,) = found.entries
    assert (line.amount_cents, line.booked_on, line.value_on) == (-45_000, date(2026, 3, 10), date(2026, 3, 10))
    assert (line.payment, line.bank_reference, line.line) == ("PAY-2026-03-0001", "BANK-1", 5)


@pytest.mark.parametrize(
    ("mark", "closing", "cents", "is_reversal"),
    [
        ("C", "C260310EUR10450,00", 45_000, False),
        ("D", "C260310EUR9550,00", -45_000, False),
        ("RC", "C260310EUR9550,00", -45_000, True),
        ("RD", "C260310EUR10450,00", 45_000, True),
        ("DR", "C260310EUR9550,00", -45_000, False),  # debit, third letter of EUR
        ("RCR", "C260310EUR9550,00", -45_000, True),
    ],
)
def test_marks(mark: str, closing: str, cents: int, is_reversal: bool) -> None:
    (line,) = read(text(entry(mark=mark), closing=closing)).statements[0].entries
    assert (line.amount_cents, line.is_reversal) == (cents, is_reversal)


@pytest.mark.parametrize(
    "envelope", ["{{1:F01EXAMITTTAXXX0000000000}}{{2:I940X}}{{4:\n{}-}}\n", "0000 01X\n940 00\n{}"]
)
def test_envelopes(envelope: str) -> None:
    inner = text(entry(), end="").decode()
    assert len(read(envelope.format(inner).encode()).statements[0].entries) == 1


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_an_overdrawn_account_and_each_kind_of_line_end(newline: str) -> None:
    data = text(entry(), opening="D260309EUR1,00", closing="D260310EUR451,00").replace(b"\n", newline.encode())
    (found,) = read(data).statements
    assert (found.opening_cents, found.closing_cents) == (-100, -45_100)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (text(entry(), closing="C260310EUR9550,01"), "balance-differs"),
        (text(entry(), closing="C260310USD9550,00"), "currency-not-euro"),
        (text(entry(), closing="C260310EUR9550.00"), "not-a-balance"),
        (text(entry(), closing="C260310EUR9550,001"), "not-a-balance"),
        (text(entry(), closing="C260310EUR"), "not-a-balance"),
        (text(entry(), closing="C260230EUR9550,00"), "not-a-day"),
        (text(entry(), closing="X260310EUR9550,00"), "not-a-balance"),
        (text(entry("450,001")), "not-an-entry"),
        (text(entry("-450,00")), "not-an-entry"),
        (text(entry("450.00")), "not-an-entry"),
        (text(entry("4,5,0")), "not-an-entry"),
        (text(entry("NaN")), "not-an-entry"),
        (text(entry("9999999999999999,")), "not-an-entry"),
        (text(entry().replace("2603100310", "2613100310")), "not-an-entry"),
        (text(entry()).replace(b":62F:", b":63F:"), "missing"),
        (text(entry()).replace(b":60F:", b":61F:"), "missing"),
        (text(entry()).replace(b":25:", b":26:"), "missing"),
        (text(entry()) + entry().encode(), "missing"),
        (text(entry(), end="") + entry().encode() + b"-\n", "out-of-order"),
        (text(entry()).replace(b":62F:", b":60F:C260309EUR1,00\n:62F:"), "out-of-order"),
        (text(entry()) + text(entry(), end=""), "truncated"),
        (text(entry()).replace(b"REF-1", b"REF\x00"), "not-text"),
    ],
)
def test_what_is_lax_elsewhere_is_strict_here(data: bytes, reason: str) -> None:
    assert refusal(data)[1] == reason


def test_two_entries_without_a_type_stay_two() -> None:
    """The library merges an entry into one before it that has no transaction type; here a type is required."""
    bare = ":61:2603100310D450,00\n"
    assert refusal(text(bare, bare, closing="C260310EUR9550,00"))[1] == "not-an-entry"


@pytest.mark.parametrize(("begin", "outcome"), [("C260310EUR9550,00", "read"), ("C260310EUR9550,01", "refused")])
def test_pages_go_on_where_the_last_ended(begin: str, outcome: str) -> None:
    first = text(entry()).replace(b":62F:", b":62M:")
    second = text(entry(), opening=begin, closing="C260310EUR9100,00", page="M").replace(b":28C:7/1", b":28C:7/2")
    if outcome == "read":
        message = read(first + second)
        assert [found.closing_cents for found in message.statements] == [955_000, 910_000]
        assert message.notices == ()
    else:
        assert refusal(first + second)[:2] == ("tag 60M", "balance-differs")


def test_a_last_page_that_is_elsewhere_is_noticed() -> None:
    message = read(text(entry()).replace(b":62F:", b":62M:"))
    assert [notice.code for notice in message.notices] == ["continues-elsewhere"]


@pytest.mark.parametrize("amount", ["450,00", "450,000", "450,", "450,0"])
def test_an_amount_that_is_exact_in_cents_is_read(amount: str) -> None:
    (found,) = read(text(entry(amount), closing="C260310EUR9550,000")).statements
    assert ([line.amount_cents for line in found.entries], found.closing_cents) == ([-45_000], 955_000)


def test_a_report_during_the_day_is_called_so() -> None:
    data = (
        b":20:R1\n:25:X\n:28C:1/1\n:34F:EURD0,\n:13D:2603101200+0100\n:61:2603100310D1,00NTRFNONREF\n:90D:1EUR1,00\n-\n"
    )
    assert refusal(data) == ("file", "mt942", 0)


def test_another_encoding_is_noticed() -> None:
    message = read(text(entry(note="Società")).decode().encode("latin-1"))
    assert message.statements[0].entries[0].text == "Società"
    assert [notice.code for notice in message.notices] == ["encoding-latin-1"]


@pytest.mark.parametrize(
    ("lines", "payment", "iban", "name"),
    [
        (["116?00BONIFICO?20EREF+PAY-2026-03-0001?21SVWZ+REG-1?31DE02120300000000202051?32Locatore?33 1"],
         "PAY-2026-03-0001", "DE02120300000000202051", "Locatore 1"),
        (["116?00BONIFICO?20EREF+PAY-2026-03-0001-AB", "CDE?21FGH?22SVWZ+REG-1"],
         "PAY-2026-03-0001-ABCDEFGH", None, None),
        (["166?20EREF+1234567890123456789012?213456?38DE02120300000000202051"],
         "12345678901234567890123456", "DE02120300000000202051", None),
        (["166?20EREF+PAY-2026-03-0001?21testo libero"], "PAY-2026-03-0001", None, None),
        (["166?20EREF+NOTPROVIDED?21SVWZ+EREF+X"], None, None, None),
        (["/EREF/PAY-2026-03-0001/IBAN/IT40X0999101800000000000001/NAME/Locatore 1/REMI/REG-1"],
         "PAY-2026-03-0001", "IT40X0999101800000000000001", "Locatore 1"),
        (["/TRTP/SEPA/EREF/PAY-2026-03-00", "01/REMI//"], "PAY-2026-03-0001", None, None),
        (["BONIFICO EREF: PAY-2026-03-0001 LOCATORE"], "PAY-2026-03-0001", None, None),
        (["EREF+PAY-2026-03-0001 SVWZ+REG-1"], "PAY-2026-03-0001", None, None),
        (["BONIFICO A FAVORE DI LOCATORE 1"], None, None, None),
        (["/EREF/" + "X" * 36 + "/"], None, None, None),
        ([], None, None, None),
    ],
)  # fmt: skip
def test_references_in_every_dialect(lines: list[str], payment: str | None, iban: str | None, name: str | None) -> None:
    found = read_details(lines)
    assert (found.payment, found.iban, found.name) == (payment, iban, name)


def test_a_german_return_and_its_key() -> None:
    found = read_details(["159?00RETOURE?20EREF+PAY-2026-03-0001?21MTLG:Konto gesperrt?34903"])
    assert (found.payment, found.reason, found.is_return, found.code) == ("PAY-2026-03-0001", "903", True, "159")


def test_a_slashed_return_and_its_code() -> None:
    found = read_details(["/RTRN/AC04//EREF/PAY-2026-03-0001/"])
    assert (found.payment, found.reason, found.is_return) == ("PAY-2026-03-0001", "AC04", True)
