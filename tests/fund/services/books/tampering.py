"""A person who holds the database: triggers and constraints do not stop them, and what they change can be looked at."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from fund.services.books.verification import verify
from fund.services.context import Context
from fund.store.types import CodeText, Instant
from tests.fund.kit import Office, open_office


def rewrite(office: Office, statement: str, **values: str | bytes) -> None:
    """Somebody who holds the database changes rows, behind the service's back."""
    with office.app.database.write() as session:
        session.connection().execute(text(statement), values)
        session.commit()


def drop_triggers(connection: Connection) -> None:
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def open_spoilt(home: Path, folder: Path, day: str) -> Office:
    """A copy of a home on a day, whose database has no triggers any more."""
    copied = Path(shutil.copytree(home, folder / "home"))
    office = open_office(copied, f"sqlite:///{copied / 'fund.sqlite'}").on(day)
    with office.app.database.engine.execution_options(fund_writes=True).begin() as connection:
        drop_triggers(connection)
    return office


def is_found(office: Office, change: Callable[[Connection], bool]) -> bool | None:
    """Change something, look, and take it back; nothing where nothing was changed, or the database refuses it."""
    settings = office.app.settings
    with office.app.database.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        try:
            if not change(connection):
                return None
            context = Context(session, office.auditor, office.clock.now(), office.app.fingerprint_key)
            findings = verify(context, settings.books, settings.outbox).findings
            return any(not finding.startswith("schema: ") for finding in findings)
        except IntegrityError:
            return None
        finally:
            session.rollback()


def made_up(column: Column[Any]) -> Any:
    """A value for a cell that had none."""
    if isinstance(column.type, Instant):
        return datetime(2022, 1, 1, 12, tzinfo=UTC)
    if isinstance(column.type, CodeText):
        return next(iter(column.type.codes))
    return {bool: True, int: 1, date: date(2022, 1, 1), bytes: b"x"}.get(column.type.python_type, "x")
