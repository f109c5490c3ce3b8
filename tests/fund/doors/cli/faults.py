"""Approvals that something breaks, each in a process of its own: where it is broken, and by what.

Nothing is put back, since the process ends. The faults are those of the operating system and of the database.
"""

import errno
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fund.doors import transaction
from fund.services import outbox, payments
from fund.services.books import Books
from fund.store import engine
from ledger import publisher

Fault = Callable[[], None]


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def unreadable() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def interrupted() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def no_larger_files() -> None:
    """From now on no file can grow, as on a full disk: the operating system itself refuses."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))


FAULTS: dict[str, Fault] = {
    "disk full": full,
    "input/output error": unreadable,
    "interrupt": interrupted,
    "no room": no_larger_files,
}


def _around(owner: Any, name: str, fault: Fault, *, after: bool = False) -> None:
    real = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if not after:
            fault()
        result = real(*args, **kwargs)
        if after:
            fault()
        return result

    setattr(owner, name, wrapped)


def _second(owner: Any, name: str, fault: Fault) -> None:
    """The fault at the second call: what is done before a change is done once more after it."""
    real, calls = getattr(owner, name), []

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        if len(calls) == 2:
            fault()
        return real(*args, **kwargs)

    setattr(owner, name, wrapped)


PLACES: dict[str, Callable[[Fault], None]] = {
    "before the books are caught up": lambda fault: _around(Books, "catch_up", fault),
    "before the change": lambda fault: _around(payments, "order_approved", fault),
    "after the change": lambda fault: _around(payments, "order_approved", fault, after=True),
    "before the commit": lambda fault: _around(engine.Database, "commit", fault),
    "in the commit": lambda fault: _around(Session, "commit", fault),
    "at the end of the commit": lambda fault: _around(Session, "commit", fault, after=True),
    "before the books are published": lambda fault: _around(Books, "publish", fault),
    "before a record is appended": lambda fault: _around(publisher, "_append", fault),
    "after a record is appended": lambda fault: _around(publisher, "_append", fault, after=True),
    "after the books are published": lambda fault: _around(Books, "publish", fault, after=True),
    "before the batch is delivered": lambda fault: _second(transaction, "deliver_batches", fault),
    "while the batch is written": lambda fault: _around(outbox, "replace_file", fault),
    "after the batch is delivered": lambda fault: _around(outbox, "replace_file", fault, after=True),
}


def break_at(place: str, fault: str) -> None:
    """Prepare this process to break."""
    PLACES[place](FAULTS[fault])


def hold(database: Path, ready: Any, release: Any) -> None:
    """Hold SQLite's lock for writers until told to let go."""
    import sqlite3

    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    ready.set()
    release.wait(60)
    connection.execute("ROLLBACK")
