"""Lists as pages show them: searched, filtered and ordered by what stands in the address, a page at a time.

A page's list and its files are chosen alike (``PageRequest.asked``): a link can be sent, and a file holds what its
page lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from urllib.parse import urlencode

from fund.documents.catalogue import Translator
from fund.documents.choosing import GREATEST_FIRST, ListQuery, state_column
from fund.documents.tables import Col, Table
from fund.doors.web.paging import Part, part_of

R = TypeVar("R")
ON_A_PAGE = 50
"""Rows a page; each is a card at a narrow width."""
FEW = 10
"""So many rows are seen at a glance, and need no search."""


@dataclass(frozen=True, slots=True)
class Listed(Generic[R]):
    """A list as its page shows it: the ``rows`` of this page, of those of ``count`` that are ``asked`` for.

    ``states`` are those by which the list can be filtered.
    """

    table: Table[R]
    rows: Sequence[R]
    part: Part
    asked: ListQuery
    count: int
    states: Sequence[str]

    @property
    def is_long(self) -> bool:
        """Whether it is worth a search."""
        return self.count > FEW or bool(self.part.asked) or not self.part.is_whole

    def order_of(self, column: Col[R]) -> str:
        """``ascending`` or ``descending`` where the list is ordered by a column, else empty."""
        if self.asked.order.removeprefix(GREATEST_FIRST) != column.key:
            return ""
        return "descending" if self.asked.order.startswith(GREATEST_FIRST) else "ascending"

    def ordered_by(self, column: Col[R]) -> str:
        """The query that orders the list by a column, the other way round where it is already."""
        is_ascending = self.order_of(column) == "ascending"
        return "?" + query_of(replace(self.asked, order=(GREATEST_FIRST if is_ascending else "") + column.key))


def listed(table: Table[R], rows: Sequence[R], asked: ListQuery, after: int, speak: Translator) -> Listed[R]:
    """The page of a list that an address asks for."""
    found, state = asked.rows_of(table, rows, speak), state_column(table)
    part = part_of(len(found), after, ON_A_PAGE, query_of(asked))
    states = [] if state is None else list(dict.fromkeys(str(state.value(row)) for row in rows if state.value(row)))
    return Listed(table, part.of(found), part, asked, len(rows), states)


def query_of(asked: ListQuery) -> str:
    """The query that asks for the same list."""
    named = {"q": asked.words, "state": asked.state, "sort": asked.order}
    return urlencode({name: value for name, value in named.items() if value})
