"""Days and instants that are none: SQLite takes any value in any column, so that a hand at it can write one."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Date, Select, func, or_, select, type_coerce
from sqlmodel import Session, SQLModel

from fund.store.types import Instant

_LAST_INSTANT = 253_402_300_799
"""The last second of the year 9999."""


def unreadable_cells(session: Session) -> Iterator[str]:
    """Their names, by table, key and column; PostgreSQL keeps none such."""
    if session.connection().dialect.name != "sqlite":
        return
    for table, column, unreadable in _unreadable():
        for row in session.connection().execute(unreadable):
            yield f"{table} {' '.join(part.strip(chr(39)) for part in row)}: {column} cannot be read"


@cache
def _unreadable() -> list[tuple[str, str, Select[Any]]]:
    """For each column of days or instants the keys of its rows that hold none."""
    return [
        (table.name, column.name, select(*map(func.quote, table.primary_key)).where(column.is_not(None), unreadable))
        for table in SQLModel.metadata.sorted_tables
        for column in table.c
        if (unreadable := _is_unreadable(column)) is not None
    ]


def _is_unreadable(column: Column[object]) -> ColumnElement[bool] | None:
    kind = func.typeof(column)
    if isinstance(column.type, Date):
        return or_(kind != "text", func.date(column, "+0 days").is_distinct_from(func.substr(column, 1)))
    if isinstance(column.type, Instant):
        return or_(kind != "integer", ~type_coerce(column, BigInteger).between(0, _LAST_INSTANT))
    return None
