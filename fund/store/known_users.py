"""What a process knows of users from their acts, and of what they came in by: no row is believed.

Kept between transactions. The acts are taken from the whole chain, so that none can be hidden, and those that are known
are not read again while the journal has the entry that they end with. What ended and what was used up in this process
stays so, whatever is written into the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import event, select
from sqlmodel import Session, SQLModel

from fund.domain.errors import IntegrityBroken
from fund.domain.fingerprints import Fingerprints
from fund.store import journal, rows
from fund.store.bindings import Binding, columns_of
from fund.store.engine import empty_database
from fund.store.journal import TagOf, Walked
from fund.store.projections import project
from fund.store.projections.comparison import bound_values
from fund.store.projections.users import OPEN_INVITATION
from fund.store.rows import BETWEEN_TRANSACTIONS
from fund.store.tables import Invitation, SecondFactor, Token, User, table
from ledger.acts.users import ENDS_ACCESS
from ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class BookedUser:
    """What the acts about a user make of rows, with the tokens in force by their fingerprint.

    ``ended_at`` is when all that the user was in by ended for the last time.
    """

    row: User
    invitation: Invitation | None
    factor: SecondFactor | None
    tokens: dict[str, Token]
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class _ActsOfUsers:
    """The acts about each user up to an entry, with their fingerprints under one key, and what was made of them.

    With a ``damage`` of the chain, they are those before it.
    """

    walked: Walked
    acts: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    booked: dict[str, BookedUser] = field(default_factory=dict)
    damage: IntegrityBroken | None = None


@dataclass(slots=True)
class _UsersMemory:
    acts: _ActsOfUsers | None = None
    over: dict[str, datetime] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)


def _memory(session: Session) -> _UsersMemory:
    kept: dict[str, _UsersMemory] = session.info.setdefault(BETWEEN_TRANSACTIONS, {})
    return kept.setdefault("users", _UsersMemory())


def booked_user(session: Session, user: str, tag_of: TagOf) -> BookedUser | None:
    """What the acts about a user make; where the chain is not what was booked, those before the damage."""
    known = _acts_of_users(session, tag_of)
    if user not in known.booked and user in known.acts:
        known.booked[user] = _made_of(known.acts[user])
    return known.booked.get(user)


def check_chain(session: Session, head: str, tag_of: TagOf) -> None:
    """The chain to its head is what was booked; what this process has walked is not read again.

    Raises ``IntegrityBroken``.
    """
    kept = _memory(session).acts
    if kept is not None and kept.walked.hash == head:
        return
    damage = _acts_of_users(session, tag_of).damage
    if damage is not None:
        raise damage


def _acts_of_users(session: Session, tag_of: TagOf) -> _ActsOfUsers:
    kept = _memory(session)
    known: _ActsOfUsers | None = kept.acts
    if known is not None and journal.is_at_end(session, known.walked):
        return known
    if known is None or not journal.still_stands(session, known.walked):
        known = _ActsOfUsers(Walked())
    walked = replace(known.walked)  # of this transaction alone, until it was walked to the end
    news: dict[str, tuple[Entry, ...]] = {}
    try:
        for act in journal.entries_of_chain(session, _is_about_user, tag_of, walked):
            user = str(act.facts.user)
            news[user] = (*news.get(user, known.acts.get(user, ())), act)
    except IntegrityBroken as damage:
        return _ActsOfUsers(known.walked, {**known.acts, **news}, damage=damage)
    if walked != known.walked:
        booked = {user: made for user, made in known.booked.items() if user not in news}
        known = kept.acts = _ActsOfUsers(walked, {**known.acts, **news}, booked)
    return known


def _is_about_user(_kind: str, record: bytes) -> bool:
    return b'\n  user: "' in record


def _made_of(acts: tuple[Entry, ...]) -> BookedUser:
    with empty_database() as again:
        for act in acts:
            project(again, act)
        (user,) = rows.records(again, select(User))
        return BookedUser(
            user,
            rows.record(again, select(Invitation).where(*OPEN_INVITATION)),
            rows.record(again, select(SecondFactor)),
            {one.fingerprint: one for one in rows.records(again, select(Token)) if one.revoked_at is None},
            max((act.recorded_at for act in acts if act.kind in ENDS_ACCESS), default=None),
        )


def is_as_booked(fingerprints: Fingerprints, stored: SQLModel | None, booked: SQLModel | None) -> bool:
    """Whether a row that was read is the one that acts make, or there is none of both."""
    if stored is None or booked is None:
        return stored is booked
    model = type(stored)
    same = all(getattr(stored, one) == getattr(booked, one) for one in columns_of(table(model).name, Binding.ACTS))
    return same and all(one.is_booked(fingerprints) for one in bound_values(model, "", stored, booked))


def remember_over(session: Session, secrets_sha256: list[str], *, at: datetime, until: datetime) -> None:
    """What was come in by is over, once this is committed; forgotten after ``until``, when it has expired anyway."""
    over = _memory(session).over

    def remember() -> None:
        for old in [one for one, expires_at in list(over.items()) if expires_at <= at]:
            over.pop(old, None)
        over.update(dict.fromkeys(secrets_sha256, until))

    _after_commit(session, remember)


def is_over(session: Session, secret_sha256: str) -> bool:
    """Whether a session or a sign-in ended in this process."""
    return secret_sha256 in _memory(session).over


def last_step(session: Session, sealed_secret: str) -> int:
    """The time step of the last code of a device that was taken in this process; before all of them if none was."""
    return _memory(session).steps.get(sealed_secret, -1)


def remember_step(session: Session, sealed_secret: str, step: int) -> None:
    """A code is taken, once this is committed."""
    steps = _memory(session).steps
    _after_commit(session, lambda: steps.update({sealed_secret: max(step, steps.get(sealed_secret, -1))}))


def _after_commit(session: Session, do: Callable[[], None]) -> None:
    event.listen(session, "after_commit", lambda _: do(), once=True)
