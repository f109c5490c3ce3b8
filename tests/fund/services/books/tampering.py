"""A person who holds the database: triggers and constraints do not stop them, and what they change can be looked at."""

from collections.abc import Callable, Mapping, Sequence
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
