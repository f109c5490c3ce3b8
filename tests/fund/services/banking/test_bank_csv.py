"""A bank's own CSV, by the mapping that the agreement describes, is booked like every other file."""

from collections.abc import Sequence

import pytest

from fund.domain import errors
from fund.domain.agreement.reading import CsvFacts
from fund.services.banking import imports, treasury
from fund.services.payouts.payments import list_payments
from tests.examples import first_of
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import IBANS, MARCH, Office
from tests.fund.services.banking.test_bank_formats import TREASURY, movement, statement

CSV = CsvFacts(
    payment="Riferimento",
    amount="Importo",
    date="Data",
    iban="IBAN",
    outcome="Esito",
    reason="Causale",
    outcomes={"PAGATO": "settled", "RESPINTO": "refused", "STORNATO": "returned"},
    encoding="cp1252",
    date_format="%d/%m/%Y",
)
HEAD = "N.;Riferimento;Importo;Data;IBAN;Esito;Causale;Località"
FIRST, SECOND = "PAY-2022-03-0001", "PAY-2022-03-0002"


@lived_once_anywhere
def paying(office: Office) -> None:
    """An office whose bank answers by CSV, with March sent to it some days ago."""
    office.decide(treasury.propose_treasury, TREASURY.model_copy(update={"csv": CSV}))
    office.on("2022-03-05").send(str(office.run_month(MARCH).batch))
    office.on("2022-03-10")


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows, ""]).encode("cp1252")


def row(payment: str, word: str, *, amount: str | None = None, day: str = "07/03/2022", reason: str = "") -> str:
    usual, landlord = {FIRST: ("450,00", "L0001"), SECOND: ("400,00", "L0002")}[payment]
    iban = "" if word == "STORNATO" else IBANS[landlord]
    return f"1;{payment};{amount or usual};{day};{iban};{word};{reason};Forlì"


def states(office: Office) -> dict[str, str]:
    return {payment.code: payment.state for payment in office.ask(office.auditor, list_payments)}


def matchings(office: Office, rows: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(line.payment, line.outcome, line.matching) for line in office.import_file(csv(*rows), "esiti.csv").lines]


@pytest.mark.first
def test_settled_refused_and_returned(paying: Office) -> None:
    told = matchings(paying, [row(FIRST, "PAGATO"), row(SECOND, "RESPINTO", reason="AC04")])
    assert sorted(told) == [(FIRST, "settled", "booked"), (SECOND, "refused", "booked")]
    assert (states(paying)[FIRST], states(paying)[SECOND]) == ("settled", "refused")
    assert paying.balances().fund.paid_cents == 45_000
    assert matchings(paying, [row(FIRST, "STORNATO", day="09/03/2022", reason="AC04")]) == [
        (FIRST, "returned", "booked")
    ]
    assert states(paying)[FIRST] == "returned"
    assert paying.balances().fund.paid_cents == 0
    assert paying.findings() == ()


@pytest.mark.first
def test_a_rejection_is_of_its_own_day_and_not_of_the_day_of_its_import(paying: Office) -> None:
    told = [row(FIRST, "RESPINTO", day="08/03/2022", reason="AC04"), row(SECOND, "RESPINTO", day="04/03/2022")]
    lines = paying.import_file(csv(*told), "esiti.csv").lines
    assert [(line.payment, str(line.bank_date), line.matching) for line in lines] == [
        (FIRST, "2022-03-08", "booked"),
        (SECOND, "2022-03-04", "date-impossible"),
    ]
    assert paying.findings() == ()


@pytest.mark.first
def test_a_wrong_amount_waits_for_a_person_and_stops_no_other(paying: Office) -> None:
    told = matchings(paying, [row(FIRST, "PAGATO", amount="450,01"), row(SECOND, "PAGATO")])
    assert told == [(FIRST, "settled", "amount-differs"), (SECOND, "settled", "booked")]
    (summary,) = paying.ask(paying.auditor, imports.list_files)
    assert (summary.format, summary.lines, summary.open_lines) == ("CSV", 2, 1)
    assert paying.balances().fund.paid_cents == 40_000
    assert paying.findings() == ()


def test_a_row_without_a_code_waits_for_a_person_and_stops_no_other(paying: Office) -> None:
    unnamed = row(SECOND, "PAGATO").replace(SECOND, "")
    assert matchings(paying, [unnamed, row(FIRST, "PAGATO")]) == [
        ("", "debit", "no-reference"),
        (FIRST, "settled", "booked"),
    ]
    (summary,) = paying.ask(paying.auditor, imports.list_files)
    assert (summary.lines, summary.open_lines) == (2, 1)
    assert paying.findings() == ()


def test_a_banks_list_of_movements_with_signs(paying: Office) -> None:
    own = CSV.model_copy(update={"outcome": None, "outcomes": None, "reason": None, "signed": True})
    paying.decide(treasury.propose_treasury, TREASURY.model_copy(update={"csv": own}))
    fee, received = "1;;-1,50;07/03/2026;;;;", "2;;2.000,00;07/03/2026;;;;"
    assert matchings(paying, [row(FIRST, "", amount="-450,00"), fee, received]) == [
        (FIRST, "settled", "booked"),
        ("", "debit", "no-reference"),
        ("", "credit", "no-reference"),
    ]
    assert paying.balances().fund.paid_cents == 45_000
    assert paying.findings() == ()


@pytest.mark.first
@pytest.mark.parametrize(
    ("broken", "field", "reason"),
    first_of(
        [
            (row(SECOND, "PAGATO", amount="400.00"), "Importo", "not-an-amount"),
            (row(SECOND, "PAGATO", day="2022-03-07"), "Data", "not-a-day"),
            (row(SECOND, "SOSPESO"), "Esito", "unknown-word"),
            (row(SECOND, "PAGATO").replace(SECOND, "P" * 9999), "Riferimento", "too-long"),
            ("1;2", "file", "columns-differ"),
        ]
    ),
)
def test_a_broken_row_refuses_the_whole_file(paying: Office, broken: str, field: str, reason: str) -> None:
    before = states(paying)
    with pytest.raises(errors.UnreadableBankFile) as refused:
        paying.import_file(csv(row(FIRST, "PAGATO"), broken), "esiti.csv")
    assert (refused.value.line, refused.value.field, refused.value.reason) == (3, field, reason)
    (summary,) = paying.ask(paying.auditor, imports.list_files)
    assert (summary.booked_at, summary.lines) == (None, 0)
    assert states(paying) == before
    assert paying.balances().fund.paid_cents == 0
    assert paying.findings() == ()


def test_the_same_file_and_the_same_line_again_change_nothing(paying: Office) -> None:
    data = csv(row(FIRST, "PAGATO"))
    assert not paying.import_file(data, "esiti.csv").already_received
    dump = paying.dump()
    assert paying.import_file(data, "esiti (2).csv").already_received
    assert paying.dump() == dump
    assert matchings(paying, [row(FIRST, "PAGATO"), row(SECOND, "PAGATO")]) == [
        (FIRST, "settled", "repeated"),
        (SECOND, "settled", "booked"),
    ]
    assert paying.balances().fund.paid_cents == 85_000


@pytest.mark.first
def test_every_other_format_is_still_read_by_its_content(paying: Office) -> None:
    said = movement(FIRST, 45_000, IBANS["L0001"], "2022-03-07")
    assert [line.matching for line in paying.import_file(statement(1, said), "camt.xml").lines] == ["booked"]
    plain = f"payment;outcome;amount;iban;date;reason\n{SECOND};settled;400.00;{IBANS['L0002']};2022-03-07;\n"
    assert [line.matching for line in paying.import_file(plain.encode()).lines] == ["booked"]
    with pytest.raises(errors.UnreadableBankFile, match="unknown-format"):
        paying.import_file(csv(row(FIRST, "PAGATO"), head=HEAD.replace("Esito", "Stato")))


@pytest.mark.first
def test_without_a_mapping_a_csv_of_the_banks_own_is_not_read(office: Office) -> None:
    office.decide(treasury.propose_treasury, TREASURY)
    with pytest.raises(errors.UnreadableBankFile, match="unknown-format"):
        office.import_file(csv(row(FIRST, "PAGATO")), "esiti.csv")
