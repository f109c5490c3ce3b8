"""What a file says of other accounts than the fund's own stops nothing, whatever is wrong with it."""

from dataclasses import replace

import pytest

from fund.bank.readers import OwnAccount, Owner, read
from fund.bank.readers.values import as_account_iban
from fund.domain.errors import UnreadableBankFile, UnreadableEntry, UnreadableStatement
from tests.fund.bank.readers.kit import OWN, PAID, Dialect, camt, entry, message, other, statement
from tests.fund.bank.readers.opi_kit import Line, account, journal

D8 = Dialect()
MINE = OwnAccount(OWN)
VALID = "IT91X9990101800000000000900"
PAYMENT = Line(-45_000)


def beside(text: str) -> bytes:
    """The own statement, and after it another one."""
    own = statement(D8, [entry(D8, [PAID])], 1_000_000, 955_000)
    return message(D8, [own, text])


def foreign(closing: int = 0, account: str = other(9), currency: str = "EUR") -> str:
    text = statement(D8, [], 0, closing, "ST-2")
    return text.replace(OWN, account).replace("EUR", currency)


@pytest.mark.parametrize(
    "text",
    [
        foreign(currency="CHF"),
        foreign(currency="CHF", account=OWN),
        foreign(closing=1),
        foreign().replace("<Id>ST-2</Id>", ""),
        foreign().replace("CRDT", "credit"),
        foreign().replace("2026-03-10", "2026-02-30"),
        foreign(closing=-45_000).replace("</Stmt>", f"{entry(D8, [replace(PAID, cents=-1)])}</Stmt>"),
        foreign(closing=-45_000).replace("</Stmt>", entry(D8, [PAID]).replace("EUR", "USD") + "</Stmt>"),
    ],
)
def test_another_account_that_cannot_be_read_does_not_stop_the_own(text: str) -> None:
    told = read(beside(text), own=MINE)
    assert MINE.owners(told) == [Owner.OWN, Owner.OTHER]
    assert [len(found.entries) for found in told.statements] == [1, 0]
    with pytest.raises(UnreadableBankFile):  # whose account it is has to be known
        read(beside(text))


def test_the_own_account_that_does_not_add_up_stops_the_file() -> None:
    text = statement(D8, [entry(D8, [PAID])], 1_000_000, 955_001)
    with pytest.raises(UnreadableStatement) as caught:
        read(message(D8, [text, foreign()]), own=MINE)
    error = caught.value
    assert (error.account, error.statement, error.reason) == (f"{OWN[:4]}…{OWN[-4:]}", "ST-1", "balance-differs")


def test_the_refusal_names_the_entry_and_its_reference_and_no_person() -> None:
    data = camt([PAID, replace(PAID, cents=-100)])
    for old, reference in ((b"REF-2", "REF-2"), (b"Locatore uno", "-"), (other(4).encode(), "-"), (b"", "-")):
        text = data.replace(b"REF-2", old).replace(b'Ccy="EUR">1.00<', b'Ccy="USD">1.00<', 1)
        with pytest.raises(UnreadableEntry) as caught:
            read(text, own=MINE)
        found = caught.value
        assert (found.entry, found.reference, found.reason) == (2, reference, "currency-not-euro")
        assert found.account == f"{OWN[:4]}…{OWN[-4:]}"


def test_an_mt940_entry_and_a_journal_movement_are_named_too() -> None:
    mt940 = (
        b":20:R1\n:25:99901/01800/000000000900\n:28C:7/1\n:60F:C260309EUR100,00\n"
        b":61:2603100310D1,00NTRFNONREF//B1\n:61:2603100310D1.00NTRFNONREF//B2\n:62F:C260310EUR98,00\n-\n"
    )
    with pytest.raises(UnreadableEntry) as caught:
        read(mt940)
    assert (caught.value.account, caught.value.entry) == ("99901/01800/000000000900", 2)
    assert (caught.value.reference, caught.value.line) == ("B2", 6)
    with pytest.raises(UnreadableEntry) as caught:
        read(journal(account([PAYMENT, replace(PAYMENT, number=7, side="FUORI")])))
    assert (caught.value.account, caught.value.entry, caught.value.reference) == ("0000001", 2, "7")


def test_a_notice_names_the_entry_of_a_file_that_is_one_line() -> None:
    first, booked, rest = camt([PAID, PAID]).replace(b"\n", b"").rpartition(b"<BookgDt>")
    told = read(first + rest.partition(b"</BookgDt>")[2])
    assert booked and [(one.code, one.place) for one in told.notices] == [
        ("booking-date-missing", f"entry {OWN[:4]}…{OWN[-4:]} 2 REF-2")
    ]


def mt940(account: str, currency: str, closing: str) -> str:
    return f":20:R1\n:25:{account}\n:28C:7/1\n:60F:C260309{currency}100,00\n:62F:C260310{currency}{closing}\n-\n"


@pytest.mark.parametrize("text", [mt940("CH9300762011623852957", "CHF", "100,00"), mt940(other(9), "EUR", "99,00")])
def test_another_account_in_an_mt940_file_is_left(text: str) -> None:
    own = OwnAccount(VALID)
    told = read((mt940(VALID, "EUR", "100,00") + text).encode(), own=own)
    assert own.owners(told) == [Owner.OWN, Owner.OTHER]
    with pytest.raises(UnreadableStatement):
        read((mt940(VALID, "EUR", "99,00") + text).encode(), own=own)


@pytest.mark.parametrize("account", [VALID, f"{VALID}EUR", f"ABC/{VALID}"])
def test_the_refusal_shows_no_whole_iban_however_the_bank_writes_it(account: str) -> None:
    with pytest.raises(UnreadableStatement) as caught:
        read(mt940(account, "EUR", "99,00").encode())
    assert caught.value.account == f"{VALID[:4]}…{VALID[-4:]}"


AGREED = OwnAccount(VALID, frozenset({"0000002"}), is_agreed=True)
READ = replace(AGREED, is_agreed=False)
NEW = OwnAccount(VALID)
OWN_, OTHER_, UNSURE = Owner


@pytest.mark.parametrize(
    ("own", "codes", "ours", "expected"),
    [
        (AGREED, ["0000001", "0000002"], (), [OTHER_, OWN_]),
        (AGREED, ["0000001"], ("PAY-2026-03-0001",), [OTHER_]),
        (READ, ["0000001", "0000002"], (), [OTHER_, OWN_]),
        (READ, ["0000003"], (), [UNSURE]),
        (READ, ["0000003"], ("PAY-2026-03-0001",), [OWN_]),
        (READ, ["0000001", "0000003"], (), [UNSURE, UNSURE]),
        (NEW, ["0000001"], (), [OWN_]),
        (NEW, ["0000001", "0000002"], (), [UNSURE, UNSURE]),
        (NEW, ["0000001", "0000002"], ("PAY-2026-03-0001",), [OWN_, OTHER_]),
        (NEW, ["0000001", VALID], ("PAY-2026-03-0001",), [OTHER_, OWN_]),
        (NEW, ["0000001", f"{VALID} EUR"], ("PAY-2026-03-0001",), [OTHER_, OWN_]),
    ],
)
def test_which_account_of_a_journal_is_the_citys(
    own: OwnAccount, codes: list[str], ours: tuple[str, ...], expected: list[Owner]
) -> None:
    movements = [[PAYMENT] if number == 0 else [] for number in range(len(codes))]
    data = journal(*(account(lines, code=code) for lines, code in zip(movements, codes, strict=True)))
    assert own.owners(read(data, own=own), ours) == expected


def test_another_account_of_a_journal_that_does_not_add_up_is_left() -> None:
    data = journal(account([], 5, 6, code="0000001"), account([PAYMENT], code="0000002"))
    told = read(data, own=AGREED)
    assert [found.closing_cents for found in told.statements] == [None, 955_000]
    with pytest.raises(UnreadableStatement):
        read(data, own=replace(AGREED, journal_codes=frozenset({"0000001"})))


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        VALID + "EUR",
        "IT91 X999 0101 8000 0000 0000 900",
        "IT91 X999 0101 8000 0000 0000 900 EUR",
        VALID.lower() + "eur",
        f"EXAMITTT/{VALID}",
        f"/{VALID}/EUR",
    ],
)
def test_an_iban_is_read_with_a_currency_blanks_or_a_code_beside_it(text: str) -> None:
    assert as_account_iban(text) == VALID


def test_what_is_no_iban_of_an_account_stays_what_it_is() -> None:
    assert as_account_iban(OWN + "EUR") == OWN + "EUR"  # its check digits are wrong, so nothing says where it ends
    assert as_account_iban("99901/01800/000000000900EUR") is None
    assert as_account_iban(None) is None
