"""Engines, sessions and migrations. Every writer is alone, on both engines, so that rules are judged on what holds."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool
from sqlmodel import Session, SQLModel

from fund.domain.errors import CommitUnknown, InvalidInput, StorageFailed
from fund.domain.texts import Message
from fund.store import journal, schema
from fund.store.failures import failure_of, is_in_doubt
from fund.store.rows import ACTS_ALONE, BETWEEN_TRANSACTIONS, ERASES
from fund.store.schema import MIGRATIONS
from fund.store.types import SqliteDay
from ledger import files

WRITERS_LOCK = 20201009
"""The number of PostgreSQL's advisory lock that writers take; any number, but always this one."""
SQLITE_WAIT_SECONDS = 60
"""How long a writer waits for another, unless the URL says ``?timeout=``."""
DRIVERS = ("sqlite", "postgresql+psycopg")
ASK_AGAIN_SECONDS = (0, 1, 2)
"""The waits before each question for a commit whose answer was lost."""


class Database:
    """The fund's database, behind its URL (``sqlite:///…`` or ``postgresql+psycopg://…``).

    What the database's driver raises inside a session is raised as ``StorageFailed``.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._catalogue: object = None
        self._info: dict[str, object] = {BETWEEN_TRANSACTIONS: {}}

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transaction excludes every other writer from its beginning on.

        Nothing is kept unless the caller commits by ``commit``; leaving the block without rolls back.
        """
        engine = self.engine.execution_options(fund_writes=True)
        with self._failing(), Session(engine, expire_on_commit=False, info=self._info) as session:
            connection = session.connection()  # begins now, so that the clock is read by one writer after the other
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITERS_LOCK})
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database and waits for no writer."""
        engine = self.engine.execution_options(fund_writes=False)
        with self._failing(), Session(engine, info=self._info) as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise failure_of(error, self.engine.url) from error

    def commit(self, session: Session, *, head: str | None = None) -> None:
        """Commit a session of ``write``. ``head`` is the hash of the last entry that it appended, if it did.

        Returns where the change is committed, even if the answer was lost on the way; raises ``StorageFailed`` where it
        is not, ``CommitUnknown`` where the database cannot be asked, and what ``check_schema`` does.
        """
        session.flush()
        self._check_catalogue(session.connection())
        erases = session.info.get(ERASES, False)
        token = head or self._transaction_number(session)
        try:
            session.commit()
        except SQLAlchemyError as error:
            if token is None or not is_in_doubt(error):
                raise
            session.invalidate()
            failure = failure_of(error, self.engine.url)
            is_committed = self._ask_again(token)
            if is_committed is None:
                raise CommitUnknown(failure.reason, failure.place, f"fund outcome {token}") from error
            if not is_committed:
                raise
        if erases and self.engine.dialect.name == "sqlite":
            self._empty_log()

    def _empty_log(self) -> None:
        """Copy SQLite's log into the file and cut it to nothing: it holds the pages as they were before."""
        with closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _check_catalogue(self, connection: Connection) -> None:
        """Nothing is kept that was written under another schema; the whole is compared where the catalogue has changed.

        At the end: what has worked on a transaction is still there, since its writer has the locks.
        """
        found = schema.catalogue(connection)
        if found != self._catalogue:
            schema.check(connection)
            self._catalogue = found

    def _transaction_number(self, session: Session) -> str | None:
        """PostgreSQL's number of the transaction, by which the server tells later what became of it."""
        if self.engine.dialect.name != "postgresql":
            return None
        number = session.connection().execute(text("SELECT txid_current_if_assigned()")).scalar_one()
        return None if number is None else str(number)

    def _ask_again(self, token: str) -> bool | None:
        if self.engine.dialect.name == "sqlite":
            return None  # what could not be synced may be there now and gone after a crash, or the other way round
        for seconds in ASK_AGAIN_SECONDS:
            time.sleep(seconds)
            with suppress(StorageFailed):
                is_committed = self.was_committed(token)
                if is_committed is not None:
                    return is_committed
        return None

    def was_committed(self, token: str) -> bool | None:
        """Whether a change was committed, by its entry's hash or PostgreSQL's number of its transaction.

        ``None`` while it is not over, and for a number that the server has forgotten.
        """
        with self.read() as session:
            if not token.isdigit():
                return journal.has_hash(session, token)
            if self.engine.dialect.name != "postgresql":
                return None
            state = session.connection().execute(text("SELECT txid_status(:number)"), {"number": int(token)})
            return {"committed": True, "aborted": False}.get(state.scalar_one() or "")

    def migrate(self) -> None:
        """Make the schema in an empty database, whole or not at all; another one is checked and never changed.

        Raises what ``check_schema`` does.
        """
        with self.read() as session:
            is_new = schema.is_empty(session.connection())
        if is_new:
            self._make_schema()
        else:
            self.check_schema()

    def _make_schema(self) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.write() as session:
            if schema.is_empty(session.connection()):  # and not made meanwhile by another process
                config.attributes["connection"] = session.connection()
                command.upgrade(config, "head")
            session.commit()  # compared at the first change: what is expected is itself written from what is made here

    def check_schema(self) -> None:
        """Hold the whole schema against the one that this program makes.

        Raises ``StorageFailed``, ``SchemaOfAnotherVersion`` and ``SchemaDiffers``.
        """
        with self.read() as session:
            schema.check(session.connection())

    def dispose(self) -> None:
        """Close every connection, and forget what was kept between transactions."""
        self._info[BETWEEN_TRANSACTIONS] = {}
        self.engine.dispose()


def empty_database() -> Session:
    """A session of an empty database in memory for what acts alone say: any column but a key may be null in it.

    It ends with its session, which threads may hand to one another.
    """
    return Session(_databases_of_acts(), info={ACTS_ALONE: True})


@cache
def _databases_of_acts() -> Engine:
    """Gives each connection a database of its own: an image of one that was made once, since that takes long."""
    image = _image_of_acts()

    def copied() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.deserialize(image)
        return connection

    return create_engine("sqlite://", poolclass=NullPool, creator=copied)


def _image_of_acts() -> bytes:
    tables = MetaData()
    for known in SQLModel.metadata.sorted_tables:
        for column in known.to_metadata(tables).columns:
            column.nullable = not column.primary_key
    with closing(sqlite3.connect(":memory:")) as connection:
        made = create_engine("sqlite://", poolclass=StaticPool, creator=lambda: connection)
        tables.create_all(made, checkfirst=False)
        return connection.serialize()


def _engine(url: str) -> Engine:
    """Values stay out of its errors: some are personal data. Raises ``InvalidInput`` for a URL of no engine of ours."""
    try:
        made = make_url(url)
        if made.drivername not in DRIVERS:
            raise ArgumentError
        if made.drivername != "sqlite":
            return create_engine(made, pool_pre_ping=True, hide_parameters=True)
        wait = {} if "timeout" in made.query else {"timeout": SQLITE_WAIT_SECONDS}
        _make_private(made.database)
        engine = create_engine(made, connect_args={**wait, "check_same_thread": False}, hide_parameters=True)
    except (SQLAlchemyError, ValueError):  # a port that is no number is a ValueError
        message = Message("must be sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
        raise InvalidInput([{"path": "FUND_DATABASE_URL", "message": message}]) from None
    engine.dialect.colspecs = {**engine.dialect.colspecs, Date: SqliteDay}
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(database: str | None) -> None:
    """Make the file of a new database for its owner alone; what SQLite writes beside it gets the same mode."""
    if database and not Path(database).exists():
        with suppress(OSError):  # where it cannot be made, SQLite says so, as of every other failure
            files.create_whole(Path(database), b"", mode=0o600)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "secure_delete=ON")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("fund_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    if writes:  # what this connection has read of the schema may be gone, and its number set back: it is read anew
        connection.exec_driver_sql("PRAGMA writable_schema = RESET")
