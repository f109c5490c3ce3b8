"""Calendar months, the unit in which the fund owes rent."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, Self

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


class _YearAndNumber(NamedTuple):
    year: int
    number: int


class Month(_YearAndNumber):
    """One month of one year, between 2000-01 and 2099-12; written ``"2022-05"``, ordered by time."""

    # A tuple, because each entry of the books looks months up and compares them several times, and a tuple does so
    # several times faster than a dataclass.
    __slots__ = ()

    def __new__(cls, year: int, number: int) -> Self:
        if not (2000 <= year <= 2099 and 1 <= number <= 12):
            raise ValueError("a month lies between 2000-01 and 2099-12")
        return super().__new__(cls, year, number)

    @staticmethod
    def parse(text: str) -> "Month":
        """Parse ``"2022-05"``. Raises ``ValueError`` for anything else."""
        return month_of(text)

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def plus(self, months: int) -> "Month":
        """The month ``months`` later (earlier when negative)."""
        years, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, index + 1)

    def months_since(self, other: "Month") -> int:
        """Number of months from ``other`` to this one."""
        return (self.year - other.year) * 12 + self.number - other.number

    @property
    def days(self) -> int:
        """Number of days in the month."""
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return _last_day(self)

    def day(self, number: int) -> date:
        """The given day of the month, or its last day if the month is shorter."""
        return date(self.year, self.number, min(number, self.days))

    def next_first_day(self) -> date:
        """The day after the month's last."""
        return self.last_day + timedelta(days=1)


@cache
def _last_day(month: Month) -> date:
    """Asked twice for each approval of the books."""
    return date(month.year, month.number, month.days)


def last_payable_month(activities_end: date, pay_day: int) -> Month:
    """The last month whose pay day is not after the end of the activities."""
    month = Month.of(activities_end)
    return month if month.day(pay_day) <= activities_end else month.plus(-1)


def month_range(first: Month, count: int) -> Iterator[Month]:
    """The ``count`` months that begin with ``first``."""
    return (first.plus(offset) for offset in range(count))


@cache
def month_of(text: str) -> Month:
    """``Month.parse``. Cached: there are 1,200 months, and reading a journal parses each of them thousands of times."""
    match = _MONTH.fullmatch(text)
    if match is None:
        raise ValueError('a month is written as "2022-05", between 2000-01 and 2099-12')
    return Month(int(match[1]), int(match[2]))
