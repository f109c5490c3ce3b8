"""The doors' transactions: committed before the caller is answered, then followed by what stands outside the database.

What fails before the commit is raised as ``StorageFailed``: nothing was changed. What fails after it is a warning.
"""

import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import partial

from fund.app import App
from fund.domain.access import SYSTEM, Actor
from fund.domain.errors import (
    CredentialDiffers,
    DayNotConfirmed,
    FundError,
    IntegrityBroken,
    NotYetPublished,
    OutboxMended,
    PayeeDiffers,
    SchemaDiffers,
    StorageFailed,
)
from fund.domain.lists import UserNotice
from fund.services.as_booked import check_chain, check_rules
from fund.services.banking.outbox import deliver_batches
from fund.services.context import Context
from fund.services.day_confirmations import check_clock
from fund.services.denials import record_denial
from fund.services.desk.proposals import lapse_changed
from fund.services.landlords.accounts import check_current_accounts
from fund.services.users.notices import tell_all
from fund.store import journal, rows
from fund.store.rows import Session
from ledger.rules.users import FOUNDERS

_USE_CASES = "fund.services."

Transaction = Callable[[App, Actor], AbstractContextManager[Context]]
"""One of the transactions below."""


@contextmanager
def _telling_all(app: App) -> Iterator[None]:
    """That the database was written into from outside is told to all users, once, in a transaction of its own."""
    try:
        yield
    except (PayeeDiffers, CredentialDiffers) as found:
        with writing_unchecked(app, SYSTEM) as context:
            if isinstance(found, PayeeDiffers):
                tell_all(context, UserNotice.PAYEE_DIFFERS, ", ".join(found.accounts))
            else:
                tell_all(context, UserNotice.CREDENTIAL_DIFFERS, found.user)
        raise


@contextmanager
def writing(app: App, actor: Actor, *, restores: bool = False, recovers: bool = False) -> Iterator[Context]:
    """A context for use cases that change something.

    It is committed when the block ends, with the proposals that lapse by it; then books and outbox catch up. An
    exception leaves everything as it was. Fails closed: nothing is begun while the books hold something that the
    journal does not, or the journal's own chain is damaged (``IntegrityBroken``), while an account is not the one
    that was confirmed (``PayeeDiffers``), nor under a clock that is behind the journal or whose day nothing vouches
    for (``ClockBehindJournal``, ``DayNotConfirmed``). ``restores`` is for what puts confirmed accounts back and what
    is needed for it, ``recovers`` for what lets people in again, whose day no user could confirm.
    """
    with _denials_recorded(app, actor), _telling_all(app), _files_failing(app), app.database.write() as session:
        before, last_seq = _journal_hash(session), journal.last_seq(session)
        if before is not None:
            app.books.catch_up(session, before)
            _deliver(app, session)  # before a batch whose delivery was cut off is marked as sent
        context = _context(app, session, actor)
        check_chain(context)
        if not (restores or recovers):
            check_current_accounts(context)
        _check_clock(context, recovers=recovers)
        yield context
        lapse_changed(context)
        _log_disclosures(context)
        after = _journal_hash(session)
        if after != before:
            check_rules(context, since=last_seq)
        with _uninterrupted():
            app.database.commit(session, head=after if after != before else None)
            app.commits.committed()
    if after != before:
        _publish(app)


def letting_in(app: App, actor: Actor, role: str) -> AbstractContextManager[Context]:
    """``writing`` for what a user of a role comes in by, whatever the payees are like: those who put them right come in
    by it. An admin and an auditor do so on any day as well, since there may be no other user to confirm it.
    """
    return writing(app, actor, restores=True, recovers=role in FOUNDERS)


def _check_clock(context: Context, *, recovers: bool) -> None:
    try:
        check_clock(context)
    except DayNotConfirmed:
        if not recovers:
            raise


def _context(app: App, session: Session, actor: Actor) -> Context:
    return Context(session, actor, app.clock.now(), app.fingerprint_key, app.settings.schemas)


def _publish(app: App) -> None:
    """Bring books and outbox into line with a commit. Whatever goes wrong here undoes nothing: the next one does it."""
    try:
        app.books.publish()
        with app.database.read() as session:
            _deliver(app, session)
            app.fingerprint_key.settle(journal.key_check(session))
    except OSError as failure:
        app.commits.lags(NotYetPublished.of(failure, str(app.settings.home)))
    except StorageFailed as failure:
        app.commits.lags(NotYetPublished(failure.reason, failure.place))
    except IntegrityBroken:
        app.commits.lags(NotYetPublished("books-differ", str(app.settings.books)))
    except Exception as failure:
        app.commits.lags(NotYetPublished("program-failed", type(failure).__name__))


def _deliver(app: App, session: Session) -> None:
    tag_of = app.fingerprint_key.in_force(journal.key_check(session)).entry_tags()
    mended = deliver_batches(session, app.settings.outbox, tag_of).mended
    if mended:
        app.commits.mended(OutboxMended(", ".join(mended)))


def _journal_hash(session: Session) -> str | None:
    head = journal.head(session)
    return None if head is None else head.hash


@contextmanager
def _files_failing(app: App) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # the reader of the output has gone, which is no failure of storage
        raise
    except OSError as failure:
        raise StorageFailed.of(failure, str(app.settings.home)) from failure


@contextmanager
def _denials_recorded(app: App, actor: Actor) -> Iterator[None]:
    """Note what the actor is refused, once nothing of the refused transaction is left."""
    try:
        yield
    except FundError as refusal:
        note_denial(app, actor, partial(record_denial, refusal=refusal, act=_use_case(refusal)))
        raise


def note_denial(app: App, actor: Actor, note: Callable[[Context], None]) -> None:
    """Write to the log of denials. Where it cannot be written to, the refusal is told all the same."""
    with suppress(StorageFailed, SchemaDiffers), _files_failing(app), app.database.write() as session:
        note(_context(app, session, actor))
        app.database.commit(session)


def _use_case(refusal: FundError) -> str:
    """The use case that was refused, such as ``payouts.runs.approve_run``: the outermost one of those on the way."""
    for frame, _ in traceback.walk_tb(refusal.__traceback__):
        module = str(frame.f_globals["__name__"])
        if module.startswith(_USE_CASES):
            return f"{module.removeprefix(_USE_CASES)}.{frame.f_code.co_name}"
    return "-"


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold the keyboard's interrupt back until it is known whether a commit was done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def writing_unchecked(app: App, actor: Actor) -> Iterator[Context]:
    """A context for changes that book nothing, such as sessions and the confirmed day. Committed when the block ends,
    without the checks of books and clock: sign-in and reading go on while nothing may be booked.
    """
    with _denials_recorded(app, actor), _telling_all(app), _files_failing(app), app.database.write() as session:
        context = _context(app, session, actor)
        yield context
        _log_disclosures(context)
        app.database.commit(session)


@contextmanager
def previewing(app: App, actor: Actor) -> Iterator[Context]:
    """The real path without its commit: whatever a use case does inside the block is rolled back at its end."""
    with _files_failing(app), app.database.write() as session:
        context = _context(app, session, actor)
        check_clock(context)
        yield context


@contextmanager
def reading(app: App, actor: Actor) -> Iterator[Context]:
    """A context for use cases that only read, all at the same moment of the database.

    What they disclose is in its log before the block is left: where it cannot be written, nothing is shown.
    """
    with _denials_recorded(app, actor), _telling_all(app), _files_failing(app):
        with app.database.read() as session:
            context = _context(app, session, actor)
            yield context
        if context.disclosures:
            with app.database.write() as session:
                _log_disclosures(replace(context, session=session))
                app.database.commit(session)


def _log_disclosures(context: Context) -> None:
    rows.insert(context.session, *context.disclosures)
