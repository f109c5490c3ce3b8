"""Days and instants as JSON has them."""

from datetime import date, datetime

from ledger.text import format_instant as instant


def day(value: date) -> str:
    """A day: ``2022-05-31``."""
    return value.isoformat()


def day_or_none(value: date | None) -> str | None:
    """A day, if there is one."""
    return None if value is None else day(value)


def instant_or_none(value: datetime | None) -> str | None:
    """An instant, if there is one."""
    return None if value is None else instant(value)


__all__ = ["day", "day_or_none", "instant", "instant_or_none"]
