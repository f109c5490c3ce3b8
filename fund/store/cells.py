"""Days and instants that are none: SQLite takes any value in any column, so that a hand at it can write one."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, ColumnElement, Date, func, or_, select, type_coerce
from sqlmodel import Session, SQLModel

from fund.store.types import Instant

_LAST_INSTANT = 253_402_300_799
"""The last second of the year 9999."""


def unreadable_cells(session: Session) -> Iterator[str]:
    """Their names, by table, key and column; PostgreSQL keeps none such."""
    if session.connection().dialect.name != "sqlite":
        return
    for table in SQLModel.metadata.sorted_tables:
        key = [*table.primary_key]
        for column in table.c:
            unreadable = _is_unreadable(column)
            if unreadable is None:
                continue
            plain = [func.quote(part) for part in key]
            for row in session.connection().execute(select(*plain).where(column.is_not(None), unreadable)):
                yield f"{table.name} {' '.join(part.strip(chr(39)) for part in row)}: {column.name} cannot be read"


def _is_unreadable(column: Column[object]) -> ColumnElement[bool] | None:
    kind = func.typeof(column)
    if isinstance(column.type, Date):
        return or_(kind != "text", func.date(column, "+0 days").is_distinct_from(func.substr(column, 1)))
    if isinstance(column.type, Instant):
        return or_(kind != "integer", ~type_coerce(column, BigInteger).between(0, _LAST_INSTANT))
    return None
