"""The clock, injected everywhere: nothing else in the project asks what time it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, in whole seconds."""

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)


class SteppedClock:
    """A clock that stands still until it is set: for the demo and the tests."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def set(self, instant: datetime) -> None:
        self._instant = instant


class LateClock:
    """The machine's clock, so much behind it: a demo's day goes on as a day does."""

    def __init__(self, behind: timedelta) -> None:
        self.behind = behind

    def now(self) -> datetime:
        return SystemClock().now() - self.behind


def day_in_rome(instant: datetime) -> date:
    """The calendar day that people in Italy see at an instant."""
    return instant.astimezone(ROME).date()


def noon_in_rome(day: date) -> datetime:
    """Noon of a day in Italy, in UTC: the hour at which recurring work is done, never touched by summer time."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=ROME).astimezone(UTC)
