"""The monthly run as a program of its own, that can be killed at a named step and begun again.

Whoever begins it works out from the data what remains to be done, so that it can be begun any number of times.
"""

import os
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fund.bank import simulated
from fund.doors import transaction
from fund.doors.jobs.scheduler import run_job
from fund.services.banking import imports
from fund.services.payouts import payments, runs
from fund.store.tables import BankFile, table
from ledger import files
from ledger.books import MANIFEST
from ledger.months import Month
from tests.fund.kit import Office, open_office

PAY_DAY, BANK_DAY, CLOSING_DAY = date(2022, 3, 5), date(2022, 3, 7), date(2022, 4, 1)


def open_runs(office: Office) -> None:
    run_job(office.app, "monthly-run")


def propose(office: Office) -> None:
    for run in office.ask(office.preparer, runs.list_runs):
        if run.state == "open":
            office.prepare(runs.propose_run, Month.parse(run.month))


def approve(office: Office) -> None:
    for run in office.ask(office.approver, runs.list_runs):
        if run.state == "proposed":
            office.approve_run(Month.parse(run.month))


def send(office: Office) -> None:
    for batch in office.ask(office.approver, payments.list_batches):
        if batch.state == "sealed":
            office.approve(payments.mark_sent, batch.code)


def receive(office: Office) -> None:
    for batch in office.ask(office.approver, payments.list_batches):
        if batch.state == "sent":
            data = simulated.answer_batch(office.file_of(batch.code), bank_date=BANK_DAY)
            office.prepare(imports.receive_file, name=f"{batch.code}.csv", data=data)


def book(office: Office) -> None:
    with office.app.database.read() as session:
        files = session.connection().execute(table(BankFile).select()).all()
    for file in files:
        if file.booked_at is None:
            office.prepare(imports.book_file, file.sha256)


def close(office: Office) -> None:
    run_job(office.app, "closing")


def publish(office: Office) -> None:
    run_job(office.app, "publish-books")


STEPS: dict[str, tuple[date, Callable[[Office], None]]] = {
    "open": (PAY_DAY, open_runs),
    "propose": (PAY_DAY, propose),
    "approve": (PAY_DAY, approve),
    "send": (BANK_DAY, send),
    "receive": (BANK_DAY, receive),
    "book": (BANK_DAY, book),
    "close": (CLOSING_DAY, close),
    "publish": (CLOSING_DAY, publish),
}
"""The steps of the monthly run, each with its day, in their order."""

KILLS = (
    *((step, place) for step in STEPS for place in ("before", "after")),
    *(
        (step, place)
        for step in ("open", "propose", "approve", "send", "receive", "book", "close")
        for place in ("before commit", "after commit")
    ),
    *(
        (step, place)
        for step in ("approve", "book", "close")
        for place in ("before append", "in mid-append", "after append", "before replace", "after manifest")
    ),
    *(("approve", place) for place in ("before outbox", "in mid-outbox", "after outbox")),
)
"""Every place where the process is killed: a step, and where around it or in it."""


def die(*_: object) -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def _around(owner: Any, name: str, *, before: Callable[..., None] | None = None, after: Any = None) -> None:
    real = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before is not None:
            before(*args)
        result = real(*args, **kwargs)
        if after is not None:
            after(*args)
        return result

    setattr(owner, name, wrapped)


def _half(path: Path, data: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(data[: len(data) // 2])
        stream.flush()
    die()


def _half_of_the_new(path: Path, data: bytes) -> None:
    if path.parent.name == "outbox":
        _half(path.with_name(f".{path.name}.1-0.new"), data)


def _in_the_outbox(path: Path, _data: bytes) -> None:
    if path.parent.name == "outbox":
        die()


def _at_the_manifest(path: Path, _data: bytes) -> None:
    if path.name == MANIFEST:
        die()


PLACES: dict[str, Callable[[], None]] = {
    "before commit": lambda: _around(Session, "commit", before=die),
    "after commit": lambda: _around(Session, "commit", after=die),
    "before append": lambda: _around(files, "append", before=die),
    "in mid-append": lambda: _around(files, "append", before=_half),
    "after append": lambda: _around(files, "append", after=die),
    "before replace": lambda: _around(files, "append", after=lambda *_: _around(os, "replace", before=die)),
    "after manifest": lambda: _around(
        files, "append", after=lambda *_: _around(files, "write_whole", after=_at_the_manifest)
    ),
    "before outbox": lambda: _around(transaction, "deliver_batches", before=die),
    "in mid-outbox": lambda: _around(files, "write_whole", before=_half_of_the_new),
    "after outbox": lambda: _around(files, "write_whole", after=_in_the_outbox),
}
"""How this process is prepared to be killed within a step; it is a process of its own, so nothing is put back."""


def live(home: str, url: str, kill: tuple[str, str] | None = None) -> None:
    """Play the month in this process, from wherever the home stands, and die where it is said."""
    office = open_office(Path(home), url)
    last = office.last_day()
    for name, (day, step) in STEPS.items():
        office.on(max(day, last))  # whoever begins again does so on a later day
        if kill == (name, "before"):
            die()
        if kill is not None and kill[0] == name and kill[1] not in ("before", "after"):
            PLACES[kill[1]]()
        step(office)
        if kill == (name, "after"):
            die()
    office.close()
