"""Rate limits of attempts, kept in the database, so that they hold across processes and restarts.

An attempt is counted before it is checked, in a transaction of its own; a success takes it off again. So concurrent
guesses are counted like guesses that arrive one after the other. Each process remembers what it has counted as well:
who clears the rows may guess no more often.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from fund.domain import access, errors
from fund.services.context import Context
from fund.store import rows
from fund.store import users as store
from fund.store.tables import Attempts


class Remembered(NamedTuple):
    """The attempts of one kind by one subject."""

    times: int
    last_at: datetime
    blocked_until: datetime


Memory: TypeAlias = dict[tuple[str, str], Remembered]
"""What a process has counted, by kind and subject."""


def count_attempt(context: Context, memory: Memory, kind: str, subject: str) -> None:
    """Count an attempt. Raises ``TooManyAttempts`` during the wait; such an attempt is not counted."""
    allowance, key = access.ALLOWANCES[kind], _key(subject)
    row = store.attempts_of(context.session, kind, key)
    kept = None if row is None else Remembered(row.times, row.last_at, row.blocked_until)
    since = context.at - allowance.longest_wait
    before = max((one for one in (kept, memory.get((kind, key))) if one and one.last_at > since), default=None)
    if before is not None and before.blocked_until > context.at:
        raise errors.TooManyAttempts(int((before.blocked_until - context.at).total_seconds()))
    times = 1 if before is None else before.times + 1
    counted = memory[kind, key] = Remembered(times, context.at, context.at + allowance.wait(times))
    if row is None:
        context.insert(Attempts(kind=kind, subject_sha256=key, **counted._asdict()))
    else:
        store.change_attempts(context.session, kind, key, rows.named(Attempts, counted._asdict()))


def forget_attempts(context: Context, memory: Memory, kind: str, subject: str) -> None:
    """Delete the counted attempts of a subject after a success."""
    memory.pop((kind, _key(subject)), None)
    store.delete_attempts(context.session, kind, _key(subject))


def take_back_attempt(context: Context, memory: Memory, kind: str, subject: str) -> None:
    """Take one attempt off after a success, for an address that several people share."""
    key = _key(subject)
    if (kind, key) in memory:
        memory[kind, key] = memory[kind, key]._replace(times=memory[kind, key].times - 1, blocked_until=context.at)
    store.take_back_attempt(context.session, kind, key, context.at)


def forget_old_attempts(context: Context, memory: Memory) -> None:
    """Delete attempts that no longer count: they would tell when a person was here."""
    longest = max(allowance.longest_wait for allowance in access.ALLOWANCES.values())
    until = context.at - longest - timedelta(seconds=1)
    for old in [one for one, counted in memory.items() if counted.last_at <= until]:
        del memory[old]
    store.delete_old_attempts(context.session, until)


def _key(subject: str) -> str:
    return sha256(subject.encode()).hexdigest()
