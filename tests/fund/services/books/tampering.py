"""A person who holds the database: triggers and constraints do not stop them, and what they change can be looked at."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, text
from sqlalchemy.engine import Connection

from fund.domain.errors import FingerprintKeyWrong, StorageFailed
from fund.services.books.verification import verify
from fund.services.context import Context
from fund.store.types import CodeText, Instant
from tests.fund.kit import Office


def rewrite(office: Office, statement: str, **values: str | bytes) -> None:
    """Somebody who holds the database changes rows, behind the service's back."""
    with office.app.database.write() as session:
        session.connection().execute(text(statement), values)
        session.commit()


def drop_triggers(connection: Connection) -> None:
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


@contextmanager
def behind_triggers(office: Office, table: str) -> Iterator[Connection]:
    """Change rows of a table whose triggers forbid it; the schema is as before in the end."""
    with office.app.database.engine.execution_options(fund_writes=True).begin() as connection:
        named = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"  # noqa: S608  # texts of ours
        triggers = connection.execute(text(named)).all()
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _, made in triggers:
            connection.exec_driver_sql(made)


def changed_by(statement: str, _named: str) -> tuple[str, str]:
    """How a statement changes which table."""
    verb, table = re.findall("(UPDATE|DELETE FROM|INSERT INTO) ([a-z_]+)", statement)[0]
    return verb, table


def tamper(office: Office, statement: str) -> None:
    """Somebody who holds the database changes a row: triggers and constraints do not stop them."""
    with office.app.database.engine.execution_options(fund_writes=True).begin() as connection:
        drop_triggers(connection)
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        changed = connection.execute(text(statement))
        connection.execute(text("PRAGMA ignore_check_constraints = OFF"))
        assert changed.rowcount == 1, statement


def is_found(office: Office, change: Callable[[Connection], bool]) -> bool | None:
    """Whether a change is found; nothing where nothing was changed, or the database refuses it."""
    try:
        findings = findings_after(office, change)
    except StorageFailed as failed:
        if failed.reason != "database-refused":
            raise
        return None
    except FingerprintKeyWrong:  # where another key is named nothing is read at all
        return True
    return None if findings is None else any(not finding.startswith("schema: ") for finding in findings)


def findings_of_one_row(office: Office, statement: str) -> tuple[Mapping[str, object], Sequence[str]]:
    """The row that a statement changes, and what is found then."""
    rows: list[Mapping[str, object]] = []

    def change(connection: Connection) -> bool:
        rows.extend(connection.execute(text(f"{statement} RETURNING *")).mappings())
        return True

    findings = findings_after(office, change)
    (row,) = rows
    return row, findings or ()


def findings_after(office: Office, change: Callable[[Connection], bool]) -> Sequence[str] | None:
    """Change something, look, and take it back; nothing where nothing was changed."""
    settings = office.app.settings
    with office.app.database.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        try:
            if not change(connection):
                return None
            context = Context(session, office.auditor, office.clock.now(), office.app.fingerprint_key)
            return verify(context, settings.books, settings.outbox).findings
        finally:
            session.rollback()


def made_up(column: Column[Any]) -> Any:
    """A value for a cell that had none."""
    if isinstance(column.type, Instant):
        return datetime(2022, 1, 1, 12, tzinfo=UTC)
    if isinstance(column.type, CodeText):
        return next(iter(column.type.codes))
    return {bool: True, int: 1, date: date(2022, 1, 1), bytes: b"x"}.get(column.type.python_type, "x")


@contextmanager
def indexed_by(office: Office, table: str, index: str = "") -> Iterator[sqlite3.Connection]:
    """Somebody changes a table, and one index of it or none learns of it: the catalogue of SQLite is theirs meanwhile.

    The table's indexes, triggers and constraints are as they were afterwards.
    """
    database = str(office.app.database.engine.url.database)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        of_table = "SELECT rowid, type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE tbl_name = ?"
        catalogue = connection.execute(of_table, (table,)).fetchall()
        columns = ", ".join(
            f'"{name}" {kind}' for _, name, kind, *_ in connection.execute(f'PRAGMA table_info("{table}")')
        )
        indexed = ", ".join(f'"{name}"' for *_, name in connection.execute(f'PRAGMA index_info("{index}")'))
        with _catalogue_of(connection):
            connection.execute(
                "DELETE FROM sqlite_master WHERE tbl_name = ? AND type <> 'table' AND name <> ?", (table, index)
            )
            bare, alone = f'CREATE TABLE "{table}" ({columns})', f'CREATE INDEX "alone" ON "{table}" ({indexed})'
            connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (bare, table))
            connection.execute("UPDATE sqlite_master SET name = 'alone', sql = ? WHERE name = ?", (alone, index))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        yield connection
        with _catalogue_of(connection):
            connection.execute("DELETE FROM sqlite_master WHERE tbl_name = ?", (table,))
            put_back = (
                "INSERT INTO sqlite_master (rowid, type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?, ?)"
            )
            connection.executemany(put_back, catalogue)


@contextmanager
def _catalogue_of(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("PRAGMA writable_schema = ON")
    yield
    connection.execute("COMMIT")
    connection.execute("PRAGMA writable_schema = OFF")
