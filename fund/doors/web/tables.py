"""Tables told once: the same columns are a table on a page and a file for a spreadsheet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from fund.access import READERS
from fund.documents.catalogue import Translator
from fund.documents.reasons import any_reason
from fund.documents.spreadsheets import Cell, Column, Kind
from fund.documents.words import word
from fund.doors.web.downloads import SheetKind, sheet
from fund.doors.web.requests import Desk
from fund.services.context import Context
from ledger.months import Month

Shape = Literal["text", "code", "money", "count", "day", "month", "instant", "state", "word", "reason"]
Value = str | int | date | datetime | Month | None
_SHEET_KINDS: dict[Shape, Kind] = {
    "money": "money",
    "count": "count",
    "day": "day",
    "month": "month",
    "instant": "instant",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its value, shown by its shape; ``href`` leads to what it names."""

    label: str
    value: Value
    shape: Shape = "text"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Col:
    """A column: its heading, which attribute of a row it shows or how it is worked out, and where it leads.

    ``link`` has ``{}`` in the place of the value; or it makes the address of a row, ``None`` for none.
    """

    label: str
    of: str | Callable[[Any], Any]
    shape: Shape = "text"
    link: str | Callable[[Any], str | None] = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return self.shape in ("money", "count")

    def value(self, row: Any) -> Value:
        """What stands in a row."""
        found: Value = getattr(row, self.of) if isinstance(self.of, str) else self.of(row)
        return Month.parse(found) if self.shape == "month" and isinstance(found, str) else found

    def href(self, row: Any) -> str:
        """Where a row's value leads; empty for nowhere."""
        if callable(self.link):
            return self.link(row) or ""
        value = self.value(row)
        return self.link.format(value) if self.link and value is not None else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its name, which is also its file's; the first column heads each row."""

    name: str
    caption: str
    columns: Sequence[Col]
    empty: str

    def named(self, name: str) -> "Table":
        """The same table under another name, where a page has it several times."""
        return replace(self, name=name)

    def sheet_columns(self) -> list[Column]:
        """The columns of its file."""
        return [Column(column.label, _SHEET_KINDS.get(column.shape, "text")) for column in self.columns]

    def sheet_rows(self, rows: Iterable[Any], speak: Translator) -> Iterator[list[Cell]]:
        """The rows of its file, codes in words."""
        for row in rows:
            yield [_cell(column.value(row), column.shape, speak) for column in self.columns]


def facts_of(table: Table, row: Any) -> list[Fact]:
    """A row of a table as facts of a page of its own."""
    return [Fact(column.label, column.value(row), column.shape, column.href(row)) for column in table.columns]


def _cell(value: Value, shape: Shape, speak: Translator) -> Cell:
    if value is None:
        return None
    match shape:
        case "state" | "word":
            return word(str(value), speak)
        case "reason":
            return any_reason(str(value), speak)
    return value


def add_sheet(router: APIRouter, path: str, table: Table, rows: Callable[[Context], Iterable[Any]]) -> None:
    """Give a table an address as CSV and as XLSX: ``path`` with its ending."""

    def download(desk: Desk, kind: SheetKind) -> Response:
        desk.actor.must_be(*READERS)
        with desk.reading() as context:
            found = list(rows(context))
        return sheet(desk, kind, table.name, table.sheet_columns(), table.sheet_rows(found, desk.speak))

    router.add_api_route(path + ".{kind}", download, methods=["GET"])
