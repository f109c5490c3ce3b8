"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.types import TypeDecorator

from fund.domain.errors import IntegrityBroken


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
        return None if value is None else datetime.fromtimestamp(value, UTC)


class CodeText(TypeDecorator[StrEnum]):
    """A state or a code of a list, kept as its value and read as the member of its enumeration.

    Raises ``IntegrityBroken`` for a value that its enumeration has not: only a hand at the database writes one.
    """

    impl = String
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:  # noqa: ARG002  # SQLAlchemy's signature
        try:
            return None if value is None else self.codes(value)
        except ValueError:
            raise IntegrityBroken([f"database: a value of {self.codes.__name__} that there is not"]) from None


class Names(TypeDecorator[tuple[str, ...]]):
    """Names without spaces, in their order, as one text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Any) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else " ".join(value)

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[str, ...] | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else tuple(value.split())
