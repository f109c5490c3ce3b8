"""Lists as CSV or XLSX, with the same columns and rows and without formulas.

A text that a spreadsheet would evaluate is escaped in CSV and typed as text in XLSX. Amounts, days and months stay
numbers and dates, so that they can be added up and sorted.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from fund.clock import ROME
from ledger.money import format_cents
from ledger.months import Month

Kind = Literal["text", "money", "count", "day", "month", "instant", "number"]
Cell = str | int | date | datetime | Month | None
"""A cell: cents for money, an aware instant for an instant, ``None`` for nothing.

A number is an integer or its text; another value in such a column (``450.00 EUR``) stays text.
"""
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; a longer one is written as text."""

_SIGNS, _BREAKS = "=+-@\uff1d\uff0b\uff0d\uff20", "\t\r\n"
"""Characters that begin a formula, in ASCII and in the full-width forms that some spreadsheets accept."""
_CELL_BEGINS = re.compile(rf"(?:^|(?<=[;,{_BREAKS}]))(?=\s*[{re.escape(_SIGNS)}]|[{_BREAKS}])")
"""Places where a cell may begin: spreadsheets split cells at their own country's separator, not the writer's."""

_NUMBER_FORMATS: dict[Kind, str] = {
    "money": "#,##0.00",
    "count": "0",
    "day": "dd/mm/yyyy",
    "month": "yyyy-mm",
    "instant": "dd/mm/yyyy hh:mm",
}
_WIDTHS: dict[Kind, int] = {"text": 22, "money": 14, "count": 8, "day": 12, "month": 10, "instant": 17, "number": 14}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading in the reader's language, and the type of its cells."""

    label: str
    kind: Kind = "text"


Rows = Iterable[Sequence[Cell]]


def write_csv(columns: Sequence[Column], rows: Rows) -> bytes:
    """CSV for Italian spreadsheets: UTF-8 with byte order mark, semicolons, decimal comma.

    Days are ``2022-05-10``, months ``2022-05``, instants ``2022-05-10 12:00`` in Italian local time.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([inert(column.label) for column in columns])
    writer.writerows([_text(cell, column.kind) for cell, column in zip(row, columns, strict=True)] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def inert(text: str) -> str:
    """A text that no spreadsheet evaluates, at whichever separator it splits cells."""
    return _CELL_BEGINS.sub("'", text)


def _text(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    match kind, cell:
        case "money", int():
            return format_cents(cell).replace(".", ",")
        case "instant", datetime():
            return f"{cell.astimezone(ROME):%Y-%m-%d %H:%M}"
        case (("count" | "day" | "month"), _):
            return str(cell)
        case "number", _ if (number := _number(cell)) is not None:
            return f"{number:f}".replace(".", ",")
    return inert(str(cell))


def _number(cell: Cell) -> Decimal | None:
    text = str(cell)
    is_exact = PLAIN_NUMBER.fullmatch(text) and sum(map(str.isdigit, text)) <= _EXACT_DIGITS
    return Decimal(text) if is_exact else None


def write_xlsx(columns: Sequence[Column], rows: Rows, *, title: str, at: datetime) -> bytes:
    """A workbook of one sheet with a filter on its headings, dated ``at``.

    ``title`` names the sheet: at most 31 characters, none of ``[]:*?/\\``.
    """
    import xlsxwriter  # imported with the first list, so that commands start without it

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": title, "created": at.astimezone(UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet(title)
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in _NUMBER_FORMATS.items()}
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS[column.kind])
        sheet.write_string(0, place, column.label, heading)
    last = 0
    for last, row in enumerate(rows, 1):
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            _write(sheet, last, place, cell, column.kind, formats.get(column.kind))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return stream.getvalue()


def _write(sheet: Any, row: int, place: int, cell: Cell, kind: Kind, form: object) -> None:
    match kind, cell:
        case _, None:
            return
        case "money", int():
            sheet.write_number(row, place, Decimal(cell).scaleb(-2), form)
        case "count", int():
            sheet.write_number(row, place, cell, form)
        case "number", _ if (number := _number(cell)) is not None:
            sheet.write_number(row, place, number)
        case "instant", datetime():
            sheet.write_datetime(row, place, cell.astimezone(ROME).replace(tzinfo=None), form)
        case "day", date():
            sheet.write_datetime(row, place, cell, form)
        case "month", Month():
            sheet.write_datetime(row, place, cell.first_day, form)
        case _:
            sheet.write_string(row, place, str(cell))
