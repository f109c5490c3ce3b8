"""TARGET days: the days on which the euro's settlement system executes payments."""

from datetime import date, timedelta
from functools import lru_cache

_SATURDAY = 5


@lru_cache(maxsize=64)
def closing_days(year: int) -> frozenset[date]:
    """TARGET closing days of a year, besides Saturdays and Sundays."""
    import holidays  # slow to import, and only needed to order payments

    return frozenset(holidays.financial_holidays("ECB", years=year))


def is_target_day(day: date) -> bool:
    """Whether TARGET is open on the day."""
    return day.weekday() < _SATURDAY and day not in closing_days(day.year)


def next_target_day(day: date) -> date:
    """The first TARGET day on or after ``day``."""
    while not is_target_day(day):
        day += timedelta(days=1)
    return day
