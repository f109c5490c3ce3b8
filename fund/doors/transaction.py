"""The doors' transactions: committed before anybody is answered, then followed by what stands outside the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from fund.access import Actor
from fund.app import App
from fund.services.context import Context
from fund.services.outbox import deliver_batches
from fund.store import journal


@contextmanager
def writing(app: App, actor: Actor) -> Iterator[Context]:
    """A context for use cases that change something.

    It is committed when the block ends, then books and outbox catch up; an exception leaves everything as it was. Fails
    closed: nothing is begun while the books hold something that the journal does not (``IntegrityBroken``).
    """
    with app.database.write() as session:
        before = _journal_hash(session)
        if before is not None:
            app.books.catch_up(session, before)
            deliver_batches(session, app.settings.outbox)  # before a batch whose delivery was cut off is marked as sent
        yield Context(session, actor, app.clock.now(), app.settings.schemas)
        after = _journal_hash(session)
        session.commit()
    if after != before:
        app.books.publish()
        with app.database.read() as session:
            deliver_batches(session, app.settings.outbox)


def _journal_hash(session: Session) -> str | None:
    head = journal.head(session)
    return None if head is None else head.journal_hash


@contextmanager
def noting(app: App, actor: Actor) -> Iterator[Context]:
    """A context for what is no money: who is at a browser. Committed when the block ends, whatever the books are like,
    so that people can still log in and read when nothing may be booked any more.
    """
    with app.database.write() as session:
        yield Context(session, actor, app.clock.now())
        session.commit()


@contextmanager
def previewing(app: App, actor: Actor) -> Iterator[Context]:
    """The real path without its commit: whatever a use case does inside the block is rolled back at its end."""
    with app.database.write() as session:
        yield Context(session, actor, app.clock.now(), app.settings.schemas)


@contextmanager
def reading(app: App, actor: Actor) -> Iterator[Context]:
    """A context for use cases that only read, all at the same moment of the database."""
    with app.database.read() as session:
        yield Context(session, actor, app.clock.now(), app.settings.schemas)
