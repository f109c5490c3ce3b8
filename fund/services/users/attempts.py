"""Rate limits of attempts, kept in the database, so that they hold across processes and restarts.

An attempt is counted before it is checked, in a transaction of its own; a success takes it off again. So concurrent
guesses are counted like guesses that arrive one after the other.
"""

from datetime import timedelta
from hashlib import sha256

from fund.domain import access, errors
from fund.services.context import Context
from fund.store import users as store
from fund.store.rows import Values
from fund.store.tables import Attempts


def count_attempt(context: Context, kind: str, subject: str) -> None:
    """Count an attempt. Raises ``TooManyAttempts`` during the wait; such an attempt is not counted."""
    allowance, key = access.ALLOWANCES[kind], _key(subject)
    row = store.attempts_of(context.session, kind, key)
    if row is not None and row.blocked_until > context.at:
        raise errors.TooManyAttempts(int((row.blocked_until - context.at).total_seconds()))
    is_fresh = row is None or row.last_at + allowance.longest_wait <= context.at
    times = 1 if row is None or is_fresh else row.times + 1
    blocked_until = context.at + allowance.wait(times)
    if row is None:
        context.insert(
            Attempts(kind=kind, subject_sha256=key, times=times, last_at=context.at, blocked_until=blocked_until)
        )
    else:
        counted: Values = {
            Attempts.times: times,
            Attempts.last_at: context.at,
            Attempts.blocked_until: blocked_until,
        }
        store.change_attempts(context.session, kind, key, counted)


def forget_attempts(context: Context, kind: str, subject: str) -> None:
    """Delete the counted attempts of a subject after a success."""
    store.delete_attempts(context.session, kind, _key(subject))


def take_back_attempt(context: Context, kind: str, subject: str) -> None:
    """Take one attempt off after a success, for an address that several people share."""
    store.take_back_attempt(context.session, kind, _key(subject), context.at)


def forget_old_attempts(context: Context) -> None:
    """Delete attempts that no longer count: they would tell when a person was here."""
    longest = max(allowance.longest_wait for allowance in access.ALLOWANCES.values())
    store.delete_old_attempts(context.session, context.at - longest - timedelta(seconds=1))


def _key(subject: str) -> str:
    return sha256(subject.encode()).hexdigest()
