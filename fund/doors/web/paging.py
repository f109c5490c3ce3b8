"""Long lists page by page: what a page holds of a list, and where the pages beside it begin."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from fastapi import Query

from fund.doors.http.fields import MAX_ID
from fund.services.payouts.runs import ReviewGroup, ReviewLine

ON_A_PAGE = 200
"""Lines a page. Each may be ticked, and a form takes more fields than that."""
OPEN_ITEMS_ON_A_PAGE = 25
"""Each is a card at a narrow width."""

After = Annotated[int, Query(ge=0, le=MAX_ID)]
"""The number of lines before a page, as its address names it."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a list of ``count`` lines that a page shows: those behind the first ``after``.

    ``asked`` is the query by which the address asks for the list.
    """

    after: int
    count: int
    size: int
    asked: str = ""

    @property
    def first(self) -> int:
        """The number of its first line."""
        return self.after + 1

    @property
    def last(self) -> int:
        """The number of its last line."""
        return min(self.after + self.size, self.count)

    @property
    def is_whole(self) -> bool:
        return self.count <= self.size

    @property
    def query(self) -> str:
        """What asks for it, behind an address."""
        return query_of(self.after, self.asked)

    @property
    def before_query(self) -> str | None:
        """What asks for the part before it, if there is one."""
        return replace(self, after=self.after - self.size).query if self.after else None

    @property
    def next_query(self) -> str | None:
        """What asks for the part behind it, if there is one."""
        return replace(self, after=self.last).query if self.last < self.count else None

    def of(self, lines: Sequence[T]) -> Sequence[T]:
        """Its lines."""
        return lines[self.after : self.last]

    def of_groups(self, groups: Iterable[ReviewGroup]) -> Iterator[tuple[ReviewGroup, Sequence[ReviewLine]]]:
        """Its lines by their groups, for a list that is the groups one after the other."""
        passed = 0
        for group in groups:
            lines = group.lines[max(0, self.after - passed) : max(0, self.last - passed)]
            if lines:
                yield group, lines
            passed += len(group.lines)


def query_of(after: int, asked: str = "") -> str:
    """What asks for the part behind so many lines of what a query asks for, behind an address."""
    query = joined(asked, f"after={after}" if after else "")
    return f"?{query}" if query else ""


def joined(*queries: str) -> str:
    """Several queries as one; an empty one asks for nothing."""
    return "&".join(filter(None, queries))


def part_of(count: int, after: int, size: int, asked: str = "") -> Part:
    """The part of ``count`` lines, so many on a page, that an address asks for; the last where there are fewer now."""
    last = max(0, count - 1)
    return Part(min(after, last) // size * size, count, size, asked)
