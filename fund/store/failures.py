"""What a database's exceptions mean, without their texts: those may hold values."""

import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fund.domain.errors import StorageFailed

_SQLITE = {
    sqlite3.SQLITE_BUSY: "database-locked",
    sqlite3.SQLITE_LOCKED: "database-locked",
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "no-permission",
    sqlite3.SQLITE_AUTH: "no-permission",
    sqlite3.SQLITE_CANTOPEN: "database-unreachable",
    sqlite3.SQLITE_IOERR: "file-failed",
    sqlite3.SQLITE_CORRUPT: "database-damaged",
    sqlite3.SQLITE_NOTADB: "database-damaged",
    sqlite3.SQLITE_CONSTRAINT: "database-refused",
}
"""By SQLite's primary result code."""

_POSTGRESQL = {
    "42501": "no-permission",
    "53100": "disk-full",
    "55P03": "database-locked",
    "25006": "read-only",
    "57P": "database-lost",
    "08": "database-lost",
    "XX001": "database-damaged",
    "XX002": "database-damaged",
    "23": "database-refused",
    "40": "database-refused",
}
"""By PostgreSQL's SQLSTATE, or the beginning of it."""


def failure_of(error: SQLAlchemyError, url: URL) -> StorageFailed:
    """An exception of the database as the service tells it."""
    return StorageFailed(_reason(error), place_of(url))


def place_of(url: URL) -> str:
    """The database as people find it: its file, or its server and name, without user and password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return f"{url.host or url.query.get('host') or 'localhost'}/{url.database or ''}"


_NOT_SYNCED = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC)


def is_in_doubt(error: SQLAlchemyError) -> bool:
    """Whether a ``COMMIT`` that ended so may have been done all the same.

    A server that answers has rolled back; one that is gone may have committed before. SQLite may find again, after a
    crash, what it had written and could not sync.
    """
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) in _NOT_SYNCED
    return _reason(error) in ("database-lost", "database-unreachable")


def _reason(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)  # absent where the driver and not SQLite complains
        return "database-failed" if code is None else _SQLITE.get(code & 0xFF, "database-failed")
    if cause is None:
        return "database-failed"
    state = getattr(cause, "sqlstate", None)
    if state is None:
        is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
        return "database-lost" if is_lost else "database-unreachable"
    return next((reason for start, reason in _POSTGRESQL.items() if state.startswith(start)), "database-failed")
