"""Column types that behave alike on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator

from fund.domain.errors import IntegrityBroken


class SqliteDay(sqlite.DATE):
    """A day as SQLite keeps it: ten characters of ISO 8601, which sort as days do.

    Raises ``IntegrityBroken`` for every other text, such as that of a day by its week, and for a number.
    """

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], date | None]:  # noqa: ARG002  # SQLAlchemy's signature
        return _day


@lru_cache(maxsize=4096)  # the rows of a table have few days, and each is read many times
def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise IntegrityBroken(["database: a day that is not written as one"])
    return day


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant in whole seconds, kept as seconds since 1970: no time zone can be lost on the way."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002  # SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None or value.microsecond:
            raise ValueError("an instant is aware and in whole seconds")
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        try:
            return None if value is None else datetime.fromtimestamp(value, UTC)
        except (TypeError, ValueError, OverflowError, OSError):  # a text, or beyond all years
            raise IntegrityBroken(["database: an instant that is none"]) from None


class CodeText(TypeDecorator[StrEnum]):
    """A state or a code of a list, kept as its value and read as the member of its enumeration.

    Raises ``IntegrityBroken`` for a value that its enumeration has not: only a hand at the database writes one.
    """

    impl = String
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes
        self._members = {code.value: code for code in codes}

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:  # noqa: ARG002  # SQLAlchemy's signature
        if value is None:
            return None
        if value not in self._members:
            raise IntegrityBroken([f"database: a value of {self.codes.__name__} that there is not"])
        return self._members[value]


class Names(TypeDecorator[tuple[str, ...]]):
    """Names without spaces, in their order, as one text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Any) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else " ".join(value)

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[str, ...] | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else tuple(value.split())
