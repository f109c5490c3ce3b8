"""What is asked of a list: the rows that have some words and a state, in an order; the same for pages and files.

Words are looked for in what a row shows, in any order, whatever their case and accents: codes, names, states, amounts
(``1.234,50``, ``1234.50``), days (``31/12/2022``, ``2022-12-31``) and months (``dicembre 2022``, ``2022-12``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TypeVar

from fund.clock import day_in_rome
from fund.documents.catalogue import Translator
from fund.documents.tables import Col, Shape, Table, Value, cell_of
from fund.domain.texts import folded
from ledger.money import format_cents
from ledger.months import Month

R = TypeVar("R")
GREATEST_FIRST = "-"
"""What stands before the key of a column that is ordered from the greatest down."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What is asked of a list: ``words``, a ``state``, and the column to order by; what is empty asks for nothing."""

    words: str = ""
    state: str = ""
    order: str = ""

    def rows_of(self, table: Table[R], rows: Sequence[R], speak: Translator) -> list[R]:
        """The rows of a table that are asked for."""
        found = list(rows)
        state = state_column(table)
        if self.state and state is not None:
            found = [row for row in found if state.value(row) == self.state]
        if words := folded(self.words).split():
            said = _Said(speak)
            found = [row for row in found if _has(said.text(table, row), words)]
        return self._ordered(table, found, speak)

    def _ordered(self, table: Table[R], rows: list[R], speak: Translator) -> list[R]:
        key = self.order.removeprefix(GREATEST_FIRST)
        column = next((one for one in table.columns if one.key == key), None)
        if column is None:
            return rows
        unknown = [row for row in rows if column.value(row) is None]
        known = [row for row in rows if column.value(row) is not None]
        rank = cache(lambda value: _rank(value, column.shape, speak))
        known.sort(key=lambda row: rank(column.value(row)), reverse=self.order.startswith(GREATEST_FIRST))
        return known + unknown


def state_column(table: Table[R]) -> Col[R] | None:
    """The column by whose states a list is filtered."""
    return next((column for column in table.columns if column.shape == "state"), None)


def _rank(value: Value, shape: Shape, speak: Translator) -> tuple[int, str]:
    """What a value is ordered by: its size, or the words that are shown for it."""
    match value:
        case datetime():
            return int(value.timestamp()), ""
        case date():
            return value.toordinal(), ""
        case Month():
            return value.first_day.toordinal(), ""
        case int():
            return value, ""
        case _:
            return 0, folded(str(cell_of(value, shape, speak)))


def _has(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


class _Said:
    """What rows show, as one text each; a value that many rows have is put into words once."""

    def __init__(self, speak: Translator) -> None:
        self._in_words = cache(lambda value, shape: folded(" ".join(_words(value, shape, speak))))

    def text(self, table: Table[R], row: R) -> str:
        """Everything that a row shows, its codes in words."""
        columns = table.all_columns()
        return "\n".join(self._in_words(column.value(row), column.shape) for column in columns)


def _words(value: Value, shape: Shape, speak: Translator) -> Iterator[str]:
    match value:
        case None:
            return
        case datetime():
            yield f"{day_in_rome(value):%Y-%m-%d %d/%m/%Y}"
        case date():
            yield f"{value:%Y-%m-%d %d/%m/%Y}"
        case Month():
            yield from (str(value), speak.month(value))
        case int() if shape == "money":
            yield from (format_cents(abs(value)), speak.amount(abs(value)), format_cents(abs(value)).replace(".", ","))
        case _:
            yield str(cell_of(value, shape, speak) or "")
