"""Each column of the database is in the list of what binds it, and each bound cell that is changed is found."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from fund.domain import states
from fund.services.books.verification import verify
from fund.services.context import Context
from fund.store.bindings import COLUMNS, Binding
from fund.store.types import Instant
from tests.fund.kit import Office, open_office
from tests.fund.services.books.test_kept_files import _kept as _kept
from tests.fund.services.books.test_verification import _lived as _lived

TABLES = SQLModel.metadata.tables
BOUND = [
    (table, column)
    for table, columns in COLUMNS.items()
    for binding in (Binding.JOURNAL, Binding.ACTS, Binding.ROW, Binding.DIGEST, Binding.FINGERPRINT)
    for column in columns[binding].split()
]


def test_every_column_is_in_the_list_once() -> None:
    assert {name: sorted(table.c.keys()) for name, table in TABLES.items()} == {
        name: sorted(" ".join(columns.values()).split()) for name, columns in COLUMNS.items()
    }


@pytest.fixture(scope="module")
def homes(_lived: Path, _kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Office]]:
    """Two small lives, which together have a row in every bound table; the database of each may be spoilt."""
    offices = []
    for home in (_lived, _kept):
        copied = Path(shutil.copytree(home, tmp_path_factory.mktemp("spoilt") / "home"))
        office = open_office(copied, f"sqlite:///{copied / 'fund.sqlite'}").on("2022-05-01")
        with office.app.database.engine.execution_options(fund_writes=True).begin() as connection:
            for name in (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            ):
                connection.execute(text(f"DROP TRIGGER {name}"))
        offices.append(office)
    yield offices
    for office in offices:
        office.close()


@pytest.mark.parametrize(("table", "column"), BOUND, ids=[f"{table}.{column}" for table, column in BOUND])
def test_a_changed_cell_is_found(homes: list[Office], table: str, column: str) -> None:
    assert any(_is_found(office, TABLES[table].c[column], -1) for office in homes)


@pytest.mark.long
def test_no_changed_cell_of_a_first_middle_or_last_row_is_missed(homes: list[Office]) -> None:
    found, missed = 0, []
    for office in homes:
        for table, column in BOUND:
            for place in range(3):
                is_found = _is_found(office, TABLES[table].c[column], place)
                found += is_found is True
                missed += [(table, column, place)] if is_found is False else []
    assert missed == []
    assert found >= 250, found


def _is_found(office: Office, column: Column[Any], place: int) -> bool | None:
    """Change one cell, look, and take it back; nothing where there is no such row, or the database refuses it."""
    settings = office.app.settings
    with office.app.database.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        try:
            if not _change(connection, column, place):
                return None
            context = Context(session, office.auditor, office.clock.now(), office.app.fingerprint_key)
            return bool(verify(context, settings.books, settings.outbox).findings)
        except IntegrityError:
            return None
        finally:
            session.rollback()


def _change(connection: Connection, column: Column[Any], place: int) -> bool:
    """Change the cell of the first, middle or last row that has a value there, or else give the last row one.

    Of months only those that an entry tells of: what is not approved yet its approver sees as it is then.
    """
    ordered = column.table.select().order_by(column.is_not(None), *column.table.primary_key)
    rows = connection.execute(ordered).mappings().all()
    if column.table.name == "contribution":
        rows = [row for row in rows if row["state"] in states.USED_CONTRIBUTIONS]
    rows = [row for row in rows if row[column.name] is not None] or rows[-1:]
    places = sorted({0, len(rows) // 2, len(rows) - 1}) if rows else []
    if not places or place >= len(places):
        return False
    row = rows[places[place]]
    this = [known == row[known.name] for known in column.table.primary_key]
    connection.execute(column.table.update().where(*this).values({column: _other(row[column.name], column)}))
    return True


def _other(value: Any, column: Column[Any]) -> Any:
    match value:
        case None if isinstance(column.type, Instant):
            return datetime(2022, 1, 1, 12, tzinfo=UTC)
        case None:
            return {bool: True, int: 1, date: date(2022, 1, 1), bytes: b"x"}.get(column.type.python_type, "x")
        case StrEnum():
            return [one for one in type(value) if one is not value][-1]
        case bool():
            return not value
        case int():
            return value + 1
        case datetime() | date():
            return value + timedelta(days=1)
        case bytes():
            return value + b" "
        case _:
            return f"{value[:-1]}{'8' if value[-1:] != '8' else '9'}"
