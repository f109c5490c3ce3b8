"""Lists for spreadsheets: what goes in comes out, and nothing of it is a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.documents.spreadsheet_text import csv_bytes
from fund.documents.spreadsheets import Column, write_csv, write_xlsx
from ledger.months import Month

FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
AT = datetime(2022, 5, 10, 10, 0, tzinfo=UTC)
COLUMNS = (
    Column("household"),
    Column("amount", "money"),
    Column("months", "count"),
    Column("day", "day"),
    Column("month", "month"),
    Column("at", "instant"),
)
ROWS = [("N01", 45_050, 3, date(2022, 5, 10), Month(2022, 5), AT), ("N02", None, None, None, None, None)]


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def test_a_list_as_csv() -> None:
    data = write_csv(COLUMNS, ROWS)
    assert data.startswith(b"\xef\xbb\xbfhousehold;amount;")
    assert cells(data)[1:] == [
        ["N01", "450,50", "3", "2022-05-10", "2022-05", "2022-05-10 12:00"],
        ["N02", "", "", "", "", ""],
    ]


def test_a_list_as_a_workbook() -> None:
    found = sheet(write_xlsx(COLUMNS, ROWS, title="2022-05", at=AT))
    assert found.title == "2022-05"
    assert [cell.value for cell in found[1]] == [column.label for column in COLUMNS]
    household, amount, months, *days = [cell.value for cell in found[2]]
    assert (household, Decimal(str(amount)), months) == ("N01", Decimal("450.5"), 3)
    assert [str(day) for day in days] == ["2022-05-10 00:00:00", "2022-05-01 00:00:00", "2022-05-10 12:00:00"]
    assert [cell.value for cell in found[3]] == ["N02", None, None, None, None, None]
    assert found.auto_filter.ref == "A1:F3"


def test_the_same_list_at_the_same_instant_is_the_same_file() -> None:
    first, second = (write_xlsx(COLUMNS, ROWS, title="a", at=AT) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_what_looks_like_a_formula_is_text(sign: str) -> None:
    hostile = f"{sign}HYPERLINK(A1)"
    columns, rows = [Column(hostile), Column("other")], [(hostile, "=1")]
    for line in cells(write_csv(columns, rows)):
        assert line[0] == f"'{hostile}"
    found = sheet(write_xlsx(columns, rows, title="a", at=AT))
    assert {cell.data_type for row in found.iter_rows() for cell in row} == {"s"}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("text", ["x;=1+1", "x,=1+1", "x\t@A1", "x; -1", '";=1+1', "x;\uff1d1"])
def test_no_cell_is_a_formula_wherever_a_spreadsheet_parts_them(text: str, delimiter: str) -> None:
    for data in (write_csv([Column("a"), Column("b")], [("c", text)]), csv_bytes(["a", "b"], [("c", text)])):
        raw = data.decode("utf-8-sig").splitlines()[1]
        for cell in (*next(csv.reader([raw], delimiter=delimiter)), *raw.replace('"', "").split(delimiter)):
            assert not cell.strip().startswith(FORMULA_SIGNS), cell


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_any_text_survives_csv_and_is_inert(text: str) -> None:
    ((_, told),) = cells(write_csv([Column("a"), Column("b")], [("x", text)]))[1:]
    assert told.replace("'", "") == text.replace("'", "")
    assert not told.startswith(FORMULA_SIGNS)


def test_a_number_stays_one_and_whatever_else_stands_in_its_column_is_text() -> None:
    columns = [Column("sum", "number")]
    rows: list[list[Any]] = [["-450.00"], [3], [None], ["450.00 EUR"], ["=1+1"], ["1" * 16]]
    told = [row[0] for row in cells(write_csv(columns, rows))[1:]]
    assert told == ["-450,00", "3", "", "450.00 EUR", "'=1+1", "1" * 16]
    found = sheet(write_xlsx(columns, rows, title="a", at=AT))
    assert [(cell.value, cell.data_type) for (cell,) in found.iter_rows(min_row=2)] == [
        (-450, "n"),
        (3, "n"),
        (None, "n"),
        ("450.00 EUR", "s"),
        ("=1+1", "s"),
        ("1" * 16, "s"),
    ]
