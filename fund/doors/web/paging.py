"""Long lists page by page: what a page holds of a list, and where the pages beside it begin."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Query

from fund.doors.api.fields import MAX_ID
from fund.services.review import Group, ReviewLine

ON_A_PAGE = 200
"""As many lines as somebody looks at; each may be ticked, and a form takes more fields than that."""

After = Annotated[int, Query(ge=0, le=MAX_ID)]
"""How many lines of a list lie before a page, as its address tells it."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a list of ``count`` lines that a page shows: those behind the first ``after``."""

    after: int
    count: int

    @property
    def first(self) -> int:
        """The number of its first line."""
        return self.after + 1

    @property
    def last(self) -> int:
        """The number of its last line."""
        return min(self.after + ON_A_PAGE, self.count)

    @property
    def is_whole(self) -> bool:
        return self.count <= ON_A_PAGE

    @property
    def query(self) -> str:
        """What asks for it, behind an address."""
        return f"?after={self.after}" if self.after else ""

    @property
    def before_query(self) -> str | None:
        """What asks for the part before it, if there is one."""
        return Part(self.after - ON_A_PAGE, self.count).query if self.after else None

    @property
    def next_query(self) -> str | None:
        """What asks for the part behind it, if there is one."""
        return Part(self.last, self.count).query if self.last < self.count else None

    def of(self, lines: Sequence[T]) -> Sequence[T]:
        """Its lines."""
        return lines[self.after : self.last]

    def of_groups(self, groups: Iterable[Group]) -> Iterator[tuple[Group, Sequence[ReviewLine]]]:
        """Its lines by their groups, for a list that is the groups one after the other."""
        passed = 0
        for group in groups:
            lines = group.lines[max(0, self.after - passed) : max(0, self.last - passed)]
            if lines:
                yield group, lines
            passed += len(group.lines)


def part_of(lines: Sequence[object], after: int) -> Part:
    """The part of a list that an address asks for; its last part where the list has become shorter."""
    last = max(0, len(lines) - 1)
    return Part(min(after, last) // ON_A_PAGE * ON_A_PAGE, len(lines))
