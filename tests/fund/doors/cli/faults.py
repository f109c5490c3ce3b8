"""Approvals that something breaks, each in a process of its own: where it is broken, and by what.

Nothing is put back, since the process ends. The faults are those of the operating system and of the database.
"""

import errno
import os
import resource
import select
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import typer
from sqlmodel import Session

from fund.doors import transaction
from fund.doors.cli.commands import application
from fund.doors.transaction import reading, writing
from fund.services.books.books import Books
from fund.services.money import balances
from fund.services.payouts import payments, runs
from fund.store import engine
from ledger import files
from ledger.months import Month
from tests.fund.kit import APPROVER

Fault = Callable[[], None]


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def no_larger_files() -> None:
    """From now on no file can grow, as on a full disk: the operating system itself refuses."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))


FAULTS: dict[str, Fault] = {
    "disk full": full,
    "interrupt": interrupted,
    "no room": no_larger_files,
}


def _around(owner: Any, name: str, fault: Fault, *, after: bool = False, folder: str | None = None) -> None:
    """The fault at a call, or ``after`` it; of a file only where it lies in a ``folder`` of that name."""
    real = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        is_meant = folder is None or args[0].parent.name == folder
        if is_meant and not after:
            fault()
        result = real(*args, **kwargs)
        if is_meant and after:
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
    "before a record is appended": lambda fault: _around(files, "append", fault),
    "after a record is appended": lambda fault: _around(files, "append", fault, after=True),
    "after the books are published": lambda fault: _around(Books, "publish", fault, after=True),
    "before the batch is delivered": lambda fault: _second(transaction, "deliver_batches", fault),
    "while the batch is written": lambda fault: _around(files, "write_whole", fault, folder="outbox"),
    "after the batch is delivered": lambda fault: _around(files, "write_whole", fault, after=True, folder="outbox"),
}


def approving(place: str | None = None, fault: str | None = None) -> None:
    """Prepare this process for the command ``approve-now MONTH``, which asks nobody, and to break at a place."""
    application.command("approve-now")(approve_now)
    if place is not None and fault is not None:
        PLACES[place](FAULTS[fault])


def approving_in_haste() -> None:
    """The same, where a database that is gone is asked again at once: it will not come back."""
    engine.ASK_AGAIN_SECONDS = (0,)
    approving()


def approve_now(context: typer.Context, month: str) -> None:
    """The approval of a run as any command does it, without the questions that come before one."""
    with context.obj.app() as app:
        with reading(app, APPROVER) as look:
            shown = runs.view_run(look, Month.parse(month))
        with writing(app, APPROVER) as act:
            runs.approve_run(act, shown.month, digest=shown.digest)
    typer.echo("approved")


def faulty() -> None:
    """From now on balances fail by a fault of the program."""

    def fail(*_: object) -> None:
        raise ValueError("secret")

    balances.read_balances = fail


def hold(database: str, ready: Any, release: Any) -> None:
    """Hold SQLite's lock until told to let go."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    ready.set()
    release.wait(60)
    connection.execute("ROLLBACK")
    connection.close()


class Proxy:
    """Between a command and PostgreSQL: cuts the connection at the ``COMMIT`` of entries, done by the server or not."""

    def __init__(self, server: str, *, done: bool, answers_again: bool) -> None:
        self.server, self.done, self.answers_again = server, done, answers_again
        self.has_cut = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.has_cut and not self.answers_again:
                    client.close()
                else:
                    threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self.server)
            is_booking = False
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    is_booking |= ready is client and b"INSERT INTO journal_entry" in data
                    if ready is client and is_booking and b"COMMIT" in data and not self.has_cut:
                        self.has_cut = True
                        if self.done:
                            server.sendall(data)
                            server.recv(65536)
                        return
                    (server if ready is client else client).sendall(data)
