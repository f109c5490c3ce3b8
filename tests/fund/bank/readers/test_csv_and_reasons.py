"""A CSV by a described mapping, and what each reason asks for."""

from dataclasses import replace
from datetime import date

import pytest

from fund.bank.readers import Action, Mapping, action_for, fits, read
from fund.domain.errors import UnreadableBankFile

PLAIN = Mapping(
    payment="Riferimento",
    amount="Importo",
    date="Data",
    iban="IBAN",
    outcome="Esito",
    reason="Causale",
    outcomes={"PAGATO": "settled", "RESPINTO": "refused", "STORNATO": "returned"},
    date_format="%d/%m/%Y",
)
HEAD = "Riferimento;Importo;Data;IBAN;Esito;Causale;Altro"
ROWS = (
    "PAY-1;450,00;10/03/2026;IT40 X099 9101 8000 0000 0000 001;PAGATO;;a",
    "PAY-2;450,00;10/03/2026;;RESPINTO;AC01;b",
    'PAY-3;"448,00";11/03/2026;;STORNATO;AC04;"c;d"',
)


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows, ""]).encode("utf-8-sig")


def test_each_outcome() -> None:
    message = read(csv(*ROWS), PLAIN)
    (found,) = message.statements
    paid, returned = found.entries
    assert (paid.ordinal, paid.payment, paid.amount_cents, paid.booked_on) == (1, "PAY-1", -45_000, date(2026, 3, 10))
    assert (paid.counterparty_iban, paid.is_booked, paid.is_return) == ("IT40X0999101800000000000001", True, False)
    assert (returned.ordinal, returned.amount_cents, returned.is_return, returned.reason) == (3, 44_800, True, "AC04")
    (refused,) = message.statuses
    assert (refused.ordinal, refused.level, refused.status) == (2, "transaction", "rejected")
    assert (refused.payment, refused.reason) == ("PAY-2", "AC01")


def test_without_an_outcome_column_every_row_is_settled() -> None:
    mapping = Mapping(payment="id", amount="eur", date="day", delimiter=",", decimal_sign=".")
    (found,) = read(b"id,eur,day\nPAY-1,450.00,2026-03-10\n", mapping).statements
    assert [(line.payment, line.amount_cents) for line in found.entries] == [("PAY-1", -45_000)]


OWN = Mapping(payment=None, amount="Importo", date="Data", signed=True, date_format="%d/%m/%Y")
COLUMNS = replace(OWN, payment="Rif", amount="Dare", credit="Avere", signed=False)


def moved(head: str, *rows: str, mapping: Mapping) -> list[tuple[str | None, int, bool]]:
    (found,) = read(csv(*rows, head=head), mapping).statements
    return [(line.payment, line.amount_cents, line.is_return) for line in found.entries]


def test_a_sign_says_which_way_money_went() -> None:
    rows = "-450,00;10/03/2026", "-1.450,00;10/03/2026", "+12.001.450,5;11/03/2026", "3;12/03/2026"
    expected = [-45_000, -145_000, 1_200_145_050, 300]
    assert moved("Importo;Data", *rows, mapping=OWN) == [(None, cents, False) for cents in expected]


def test_debits_and_credits_may_have_a_column_each() -> None:
    rows = "PAY-1;1.450,00;;10/03/2026", ";;2,00;10/03/2026", ";0,00;3,00;10/03/2026"
    expected = [("PAY-1", -145_000, False), (None, 200, False), (None, 300, False)]
    assert moved("Rif;Dare;Avere;Data", *rows, mapping=COLUMNS) == expected
    signed = replace(COLUMNS, signed=True)
    assert moved("Rif;Dare;Avere;Data", ";-4,00;;10/03/2026", mapping=signed) == [(None, -400, False)]


@pytest.mark.parametrize(
    ("row", "signed", "field", "reason"),
    [
        (";;;10/03/2026", False, "Dare", "missing"),
        (";1,00;2,00;10/03/2026", False, "Avere", "amount-repeated"),
        (";-1,00;;10/03/2026", False, "Dare", "negative-amount"),
        (";1,00;;10/03/2026", True, "Dare", "sign-differs"),
        (";;-1,00;10/03/2026", True, "Avere", "sign-differs"),
    ],
)
def test_two_columns_are_strict(row: str, signed: bool, field: str, reason: str) -> None:
    with pytest.raises(UnreadableBankFile) as caught:
        read(csv(row, head="Rif;Dare;Avere;Data"), replace(COLUMNS, signed=signed))
    assert (caught.value.line, caught.value.field, caught.value.reason) == (2, field, reason)


def test_what_comes_without_a_code_is_a_line_without_reference() -> None:
    (found,) = read(csv(*(row.replace("PAY-", "")[1:] for row in ROWS)), PLAIN).statements
    assert [(line.payment, line.amount_cents) for line in found.entries] == [(None, -45_000), (None, 44_800)]


def test_the_same_content_has_the_same_name() -> None:
    first, again, others = (read(data, PLAIN).message_id for data in (csv(*ROWS), csv(*ROWS), csv(*ROWS[:2])))
    assert first == again != others


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEAD, True),
        (HEAD.replace(";", " ; "), True),
        (HEAD.replace("Data", "Giorno"), False),
        (HEAD.replace(";", ","), False),
        (HEAD.replace("Data", '"Data'), False),
        (HEAD + ";Data", True),
        ("", False),
        ("payment;outcome;amount;iban;date;reason", False),
    ],
)
def test_a_file_fits_by_its_first_line_alone(head: str, expected: bool) -> None:
    assert fits(csv("whatever", head=head), PLAIN) is expected
    assert fits(csv(head=head).removeprefix(b"\xef\xbb\xbf") + b"\xff", PLAIN) is expected


def test_what_cannot_be_decoded_does_not_fit() -> None:
    assert not fits(HEAD.replace("Altro", "È").encode("cp1252"), PLAIN)
    assert fits(HEAD.replace("Altro", "È").encode("cp1252"), replace(PLAIN, encoding="cp1252"))


@pytest.mark.parametrize(
    ("data", "mapping", "reason"),
    [
        (csv(ROWS[0].replace("PAY-1", "P" * 501)), PLAIN, "too-long"),
        (csv(ROWS[0].replace("450,00", "450.00")), PLAIN, "not-an-amount"),
        (csv(ROWS[0].replace("450,00", "1.45,00")), PLAIN, "not-an-amount"),
        (csv(ROWS[0].replace("450,00", "1450.000,00")), PLAIN, "not-an-amount"),
        (csv(ROWS[0].replace("450,00", "1.450")), PLAIN, "not-an-amount"),
        (csv(ROWS[0].replace("450,00", ".450,00")), PLAIN, "not-an-amount"),
        (csv(ROWS[0].replace("450,00", "--450,00")), replace(PLAIN, signed=True), "not-an-amount"),
        (csv(ROWS[0].replace("450,00", "-450,00")), PLAIN, "negative-amount"),
        (csv(ROWS[0].replace("450,00", "")), PLAIN, "missing"),
        (csv(ROWS[0].replace("10/03", "31/02")), PLAIN, "not-a-day"),
        (csv(ROWS[0].replace("PAGATO", "FORSE")), PLAIN, "unknown-word"),
        (csv(ROWS[0] + ";e"), PLAIN, "columns-differ"),
        (csv(ROWS[0], ""), PLAIN, "columns-differ"),
        (csv(ROWS[0], head=HEAD.replace("Data", "Giorno")), PLAIN, "column-missing"),
        (csv(ROWS[0], head=HEAD.replace("Altro", "Data")), PLAIN, "column-repeated"),
        (csv(), PLAIN, "no-statement"),
        (csv(ROWS[2].replace('"c;d"', '"c;d')), PLAIN, "not-well-formed"),
        (csv(ROWS[0]).decode("utf-8-sig").replace("a", "à").encode("latin-1"), PLAIN, "csv-encoding"),
        (csv(ROWS[0]), replace(PLAIN, encoding="no-such"), "csv-encoding"),
        (csv(ROWS[0]).replace(b"a", "à".encode()), replace(PLAIN, encoding="cp1252"), "csv-encoding"),
        (csv(ROWS[0].replace("a", "\x00")), PLAIN, "not-text"),
        (csv(ROWS[0], '"' + "x" * 200_000 + '"'), PLAIN, "not-well-formed"),
    ],
)
def test_a_csv_is_strict(data: bytes, mapping: Mapping, reason: str) -> None:
    with pytest.raises(UnreadableBankFile) as caught:
        read(data, mapping)
    assert caught.value.reason == reason


def test_a_csv_without_a_mapping_is_nothing_known() -> None:
    with pytest.raises(UnreadableBankFile) as caught:
        read(csv(*ROWS))
    assert caught.value.reason == "unknown-format"


def test_a_mapping_has_a_decimal_sign() -> None:
    with pytest.raises(ValueError, match="decimal sign"):
        replace(PLAIN, decimal_sign="x")


@pytest.mark.parametrize(
    ("reason", "action"),
    [
        ("AC01", Action.CHECK_ACCOUNT),
        ("AC04", Action.CHECK_ACCOUNT),
        ("AC06", Action.CHECK_ACCOUNT),
        ("AM04", Action.PROVIDE_CASH),
        ("MD07", Action.STOP),
        ("RR04", Action.ASK_A_PERSON),
        ("conto estinto", Action.ASK_A_PERSON),
        ("ac01", Action.ASK_A_PERSON),
        ("", Action.ASK_A_PERSON),
        (None, Action.ASK_A_PERSON),
    ],
)
def test_what_each_reason_asks_for(reason: str | None, action: Action) -> None:
    assert action_for(reason) is action
