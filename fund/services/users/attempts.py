"""How often something was tried in vain, kept in the database, so that every process and every restart counts alike.

An attempt is counted before it is judged, in a transaction of its own; a success takes it off again. So guesses that
arrive together are counted like guesses that arrive one after the other.
"""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import insert

from fund.domain import access, errors
from fund.services.context import Context
from fund.store.tables import Attempts, table

_attempts = table(Attempts)


def count_attempt(context: Context, kind: str, subject: str) -> None:
    """Somebody tries. Raises ``TooManyAttempts`` while they have to wait; such an attempt is not counted."""
    allowance, key = access.ALLOWANCES[kind], _key(subject)
    mine = (_attempts.c.kind == kind, _attempts.c.subject_sha256 == key)
    row = context.run(_attempts.select().where(*mine)).one_or_none()
    if row is not None and row.blocked_until > context.at:
        raise errors.TooManyAttempts(int((row.blocked_until - context.at).total_seconds()))
    is_fresh = row is None or row.last_at + allowance.longest_wait <= context.at
    times = 1 if row is None or is_fresh else row.times + 1
    values = {"times": times, "last_at": context.at, "blocked_until": context.at + allowance.wait(times)}
    if row is None:
        context.run(insert(_attempts).values(kind=kind, subject_sha256=key, **values))
    else:
        context.run(_attempts.update().where(*mine).values(**values))


def forget_attempts(context: Context, kind: str, subject: str) -> None:
    """It succeeded: what was counted before is forgotten."""
    mine = (_attempts.c.kind == kind, _attempts.c.subject_sha256 == _key(subject))
    context.run(_attempts.delete().where(*mine))


def take_back_attempt(context: Context, kind: str, subject: str) -> None:
    """It succeeded, from an address that others share: only this one attempt is taken off."""
    mine = (_attempts.c.kind == kind, _attempts.c.subject_sha256 == _key(subject), _attempts.c.times > 0)
    context.run(_attempts.update().where(*mine).values(times=_attempts.c.times - 1, blocked_until=context.at))


def forget_old_attempts(context: Context) -> None:
    """Attempts that no longer count are not kept: they say when somebody was here."""
    longest = max(allowance.longest_wait for allowance in access.ALLOWANCES.values())
    context.run(_attempts.delete().where(_attempts.c.last_at <= context.at - longest - timedelta(seconds=1)))


def _key(subject: str) -> str:
    return sha256(subject.encode()).hexdigest()
