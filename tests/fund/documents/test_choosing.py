"""What is asked of a list: its rows by words in any order, whatever their case and accents; by state; in an order."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from fund.documents.catalogue import Translator, translator
from fund.documents.choosing import ListQuery
from fund.documents.tables import Col, Table
from ledger.months import Month


@dataclass(frozen=True)
class Row:
    code: str
    landlord: str
    state: str
    cents: int | None
    day: date
    month: Month
    at: datetime


LATE = datetime(2022, 3, 5, 23, 30, tzinfo=UTC)
ROWS = [
    Row(
        "PAY-1", "L0001", "settled", 45_000, date(2022, 3, 5), Month(2022, 3), datetime(2022, 3, 5, 23, 30, tzinfo=UTC)
    ),
    Row("PAY-2", "L0002", "returned", 123_450, date(2022, 12, 31), Month(2022, 12), datetime(2022, 12, 31, tzinfo=UTC)),
    Row("PAY-3", "L0001", "settled", None, date(2022, 4, 1), Month(2022, 4), datetime(2022, 4, 1, tzinfo=UTC)),
]
TABLE: Table[Row] = Table(
    "rows",
    "Rows",
    (
        Col("payment", lambda row: row.code, "code"),
        Col("landlord", lambda row: row.landlord, "landlord"),
        Col("state", lambda row: row.state, "state"),
        Col("amount", lambda row: row.cents, "money"),
        Col("booked on", lambda row: row.day, "day", under=(Col("at", lambda row: row.at, "instant"),)),
        Col("month", lambda row: row.month, "month"),
    ),
    "None.",
)
NAMES = {"L0001": "Maria Niccolò", "L0002": "Ùrsula Rossi"}
OFFICE = replace(translator("it"), landlords=NAMES.get)


def found(speak: Translator = OFFICE, **asked: str) -> list[str]:
    return [row.code for row in ListQuery(**asked).rows_of(TABLE, ROWS, speak)]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", ["PAY-1", "PAY-2", "PAY-3"]),
        ("pay-2", ["PAY-2"]),
        ("niccolo MARIA", ["PAY-1", "PAY-3"]),
        ("ursula", ["PAY-2"]),
        ("450,00", ["PAY-1"]),
        ("1.234,50", ["PAY-2"]),
        ("1234.50", ["PAY-2"]),
        ("1234,50 rossi dicembre", ["PAY-2"]),
        ("marzo 2022", ["PAY-1"]),
        ("2022-04", ["PAY-3"]),
        ("31/12/2022", ["PAY-2"]),
        ("06/03/2022", ["PAY-1"]),
        ("pagato maria", ["PAY-1", "PAY-3"]),
        ("maria rossi", []),
    ],
)
def test_words_are_found_in_any_order_and_case(words: str, codes: list[str]) -> None:
    assert found(words=words) == codes


def test_who_reads_no_names_finds_nothing_by_them() -> None:
    assert found(translator("it"), words="maria") == []


def test_a_list_is_filtered_by_its_state_and_ordered_by_a_column_what_is_unknown_last() -> None:
    assert found(state="settled") == ["PAY-1", "PAY-3"]
    assert found(order="amount") == ["PAY-1", "PAY-2", "PAY-3"]
    assert found(order="-amount") == ["PAY-2", "PAY-1", "PAY-3"]
    assert found(order="booked-on") == found(order="month") == ["PAY-1", "PAY-3", "PAY-2"]
    assert found(order="-state") == ["PAY-2", "PAY-1", "PAY-3"], "by the word: restituito, pagato"
    assert found(order="nothing") == ["PAY-1", "PAY-2", "PAY-3"]
