"""Engines, sessions and migrations. Every writer is alone, on both engines, so that rules are judged on what holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"
WRITERS_LOCK = 20201009
"""The number of PostgreSQL's advisory lock that writers take; any number, but always this one."""
SQLITE_WAIT_SECONDS = 60


class Database:
    """The fund's database, behind its URL (``sqlite:///…`` or ``postgresql+psycopg://…``)."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transaction excludes every other writer from its beginning on.

        Nothing is kept unless the caller commits; leaving the block without a commit rolls back.
        """
        with Session(self.engine.execution_options(fund_writes=True), expire_on_commit=False) as session:
            connection = session.connection()  # begins now, so that the clock is read by one writer after the other
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITERS_LOCK})
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database and waits for nobody."""
        with Session(self.engine.execution_options(fund_writes=False)) as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    def migrate(self) -> None:
        """Bring the schema to the newest migration, where it is not there yet."""
        if self.is_ready():
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.execution_options(fund_writes=True).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_ready(self) -> bool:
        """Whether the database answers and has its newest schema; asked at every start, so without Alembic's help."""
        newest = max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
        try:
            with self.engine.connect() as connection:
                return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) == [newest]
        except (OperationalError, ProgrammingError):  # no database, no such table: engines tell it differently
            return False

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    """Values stay out of its errors: some are personal data."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    connect_args = {"timeout": SQLITE_WAIT_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect_args, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("fund_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
