"""Tables declared once: the same columns are a table on a page, one at a terminal, and a file for a spreadsheet."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from fund.documents.catalogue import N_, Translator
from fund.documents.reasons import any_reason
from fund.documents.spreadsheets import Cell, Column, Kind
from fund.documents.words import phrase, thresholds_in_words, word
from fund.domain.identifiers import grouped
from ledger.months import Month

Shape = Literal[
    "text",
    "code",
    "money",
    "count",
    "day",
    "month",
    "instant",
    "state",
    "word",
    "reason",
    "digest",
    "several",
    "words",
    "thresholds",
    "act",
    "landlord",
    "name",
    "iban",
]
"""What a column holds; ``words`` are codes with commas between them, a ``name`` is that of the landlord with a code. A
``landlord`` is a code with the name for who may read it, in a file in two columns. A page shows the beginning of a
digest, and the first parts of several, a file shows all. The name of an act may be broken after its dots."""
R = TypeVar("R")
Value = str | int | date | datetime | Month | tuple[str | int, ...] | None
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
class Col(Generic[R]):
    """A column: its heading, what of a row it shows, and where it leads.

    ``link`` has ``{}`` in the place of the value; or it makes the address of a row, ``None`` for none. What is
    ``under`` it stands in the same cell of a page or terminal, and in columns of its own in a file. A detail
    (``is_detail``) is left out at a terminal.
    """

    label: str
    of: Callable[[R], Value]
    shape: Shape = "text"
    link: str | Callable[[R], str | None] = ""
    under: "tuple[Col[R], ...]" = ()
    is_detail: bool = False

    @property
    def key(self) -> str:
        """How an address names it."""
        return "-".join(re.findall("[a-z0-9]+", self.label.lower()))

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return self.shape in ("money", "count")

    def value(self, row: R) -> Value:
        """What stands in a row."""
        found = self.of(row)
        return Month.parse(found) if self.shape == "month" and isinstance(found, str) else found

    def href(self, row: R) -> str:
        """Where a row's value leads; empty for nowhere."""
        if callable(self.link):
            return self.link(row) or ""
        value = self.value(row)
        return self.link.format(value) if self.link and value is not None else ""

    def each(self, row: R) -> list[tuple[str | int, str]]:
        """The parts of a value of ``several``, with where each leads."""
        parts = self.value(row)
        link = self.link if isinstance(self.link, str) else ""
        return [(part, link.format(part)) for part in parts] if isinstance(parts, tuple) else []


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A table by its name, which is also its file's; the first column heads each row."""

    name: str
    caption: str
    columns: Sequence[Col[R]]
    empty: str

    def named(self, name: str) -> "Table[R]":
        """The same table under another name, where a page has it several times."""
        return replace(self, name=name)

    def sheet_columns(self) -> list[Column]:
        """The columns of its file."""
        return [Column(column.label, _SHEET_KINDS.get(column.shape, "text")) for column in self.all_columns()]

    def sheet_rows(self, rows: Iterable[R], speak: Translator) -> Iterator[list[Cell]]:
        """The rows of its file, codes in words."""
        for row in rows:
            yield [cell_of(column.value(row), column.shape, speak) for column in self.all_columns()]

    def terminal_columns(self) -> list[Col[R]]:
        """The columns at a terminal, which is narrow."""
        return [column for column in self.columns if not column.is_detail]

    def terminal_rows(self, rows: Iterable[R], speak: Translator) -> Iterator[list[str]]:
        """The rows at a terminal, codes in words and what is under a value below it."""
        for row in rows:
            yield [_text(column, row, speak) for column in self.terminal_columns()]

    def all_columns(self) -> Iterator[Col[R]]:
        """The columns, each before what stands below it."""
        for column in self.columns:
            yield column
            yield from _below(column)


def facts_of(table: Table[R], row: R) -> list[Fact]:
    """A row of a table as facts of a page of its own."""
    return [Fact(column.label, column.value(row), column.shape, column.href(row)) for column in table.columns]


def cell_of(value: Value, shape: Shape, speak: Translator) -> Cell:
    """What a file's cell holds of a value: codes in words."""
    if value is None:
        return None
    if isinstance(value, tuple) and not isinstance(value, Month):  # a month is a tuple to Python too
        return ", ".join(phrase(str(part), speak) for part in value)
    match shape:
        case "state":
            return word(str(value), speak)
        case "word":
            return phrase(str(value), speak)
        case "words":
            return ", ".join(phrase(code, speak) for code in str(value).split(","))
        case "reason":
            return any_reason(str(value), speak)
        case "thresholds":
            return thresholds_in_words(str(value), speak)
        case "name":
            return speak.landlords(str(value))
        case "iban":
            return grouped(str(value))
    return value


def _text(column: Col[R], row: R, speak: Translator) -> str:
    below = [_said(part, row, speak) for part in _below(column) if part.value(row)]
    return "\n".join([_said(column, row, speak) or "-", *filter(None, below)])


def _below(column: Col[R]) -> Iterator[Col[R]]:
    """What stands below a value in the same cell."""
    if column.shape == "landlord":
        yield Col(N_("name"), column.of, "name")
    yield from column.under


def _said(column: Col[R], row: R, speak: Translator) -> str:
    return in_words(Fact(column.label, column.value(row), column.shape), speak)


def in_words(fact: Fact, speak: Translator) -> str:
    """The value of a fact as a text for a terminal; empty where there is none."""
    match fact.shape, cell_of(fact.value, fact.shape, speak):
        case _, None:
            return ""
        case "money", int(cents):
            return speak.amount(cents)
        case "instant", datetime() as instant:
            return speak.instant(instant)
        case "day", date() as day:
            return speak.day(day)
        case _, cell:
            return str(cell)
