"""The injected clock; no other module reads the machine's time."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


class Clock(Protocol):
    """Returns the current instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, in whole seconds."""

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)


class SteppedClock:
    """A clock that moves only when it is set, for the demo and tests."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def set(self, instant: datetime) -> None:
        self._instant = instant


class LateClock:
    """The machine's clock minus a constant, so that a demo's day passes in real time."""

    def __init__(self, behind: timedelta) -> None:
        self.behind = behind

    def now(self) -> datetime:
        return SystemClock().now() - self.behind


def day_in_rome(instant: datetime) -> date:
    """Calendar day of an instant in Italy."""
    return instant.astimezone(ROME).date()


def noon_in_rome(day: date) -> datetime:
    """Noon of a day in Italy, in UTC: the hour of recurring work."""
    # Summer time begins and ends between 01:00 and 03:00, when a local hour may not exist or exist twice. Noon is
    # always one instant, and the same day in Rome and in UTC.
    return datetime(day.year, day.month, day.day, 12, tzinfo=ROME).astimezone(UTC)
