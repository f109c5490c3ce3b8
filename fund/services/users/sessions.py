"""Sessions of people at a browser: begun at a login, ended by a logout, by time, or with their user."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.services.context import Context
from fund.store.queries import AnyRow
from fund.store.tables import User, WebSession, table

_session, _user = table(WebSession), table(User)

LIFE = timedelta(hours=12)
"""How long a session lasts at most: a working day."""
IDLE = timedelta(hours=1)
"""How long it lasts without a request."""
ID_LENGTH = 16
"""How much of a session's sha256 is its id."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last request is remembered, so that reading a page seldom writes."""


@dataclass(frozen=True, slots=True)
class Login:
    """A session in force: who it is, since when, and whether a second factor was given in it."""

    actor: Actor
    login: str
    csrf_secret: str
    last_seen_at: datetime
    expires_at: datetime
    authenticated_at: datetime
    second_factor_at: datetime | None


def begin_session(
    context: Context,
    *,
    secret: str,
    csrf_secret: str,
    replaces: str | None = None,
    second_factor_at: datetime | None = None,
) -> None:
    """Begin the actor's session under a new secret, and end the one that the browser had (``replaces``).

    A secret is never used again after a login, so whoever planted or read the old one has nothing.
    """
    context.actor.must_be(*access.ROLES)
    if replaces is not None:
        end_session(context, replaces)
    context.run(
        insert(_session).values(
            secret_sha256=access.token_sha256(secret),
            user=context.actor.code,
            csrf_secret=csrf_secret,
            created_at=context.at,
            last_seen_at=context.at,
            expires_at=context.at + LIFE,
            authenticated_at=context.at,
            second_factor_at=second_factor_at,
        )
    )


def find_session(context: Context, secret: str) -> Login:
    """Whose session a secret is. Raises ``NotAuthenticated`` unless it is in force, and its user too."""
    row = context.run(
        select(_session, _user.c.login, _user.c.role)
        .join(_user, _user.c.code == _session.c.user)
        .where(
            _session.c.secret_sha256 == access.token_sha256(secret),
            _session.c.ended_at.is_(None),
            _session.c.expires_at > context.at,
            _session.c.last_seen_at > context.at - IDLE,
            _user.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise errors.NotAuthenticated()
    return Login(
        actor=Actor(row.user, row.role),
        login=row.login,
        csrf_secret=row.csrf_secret,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        authenticated_at=row.authenticated_at,
        second_factor_at=row.second_factor_at,
    )


def is_stale(login: Login, at: datetime) -> bool:
    """Whether it is time to remember that the session was seen."""
    return at - login.last_seen_at >= SEEN_EVERY


def touch_session(context: Context, secret: str) -> None:
    """Remember that the session was seen now."""
    context.run(
        _session.update()
        .where(_session.c.secret_sha256 == access.token_sha256(secret), _session.c.ended_at.is_(None))
        .values(last_seen_at=context.at)
    )


def end_session(context: Context, secret: str) -> None:
    """End a session; one that has ended, or is nobody's, stays as it is."""
    context.run(
        _session.update()
        .where(_session.c.secret_sha256 == access.token_sha256(secret), _session.c.ended_at.is_(None))
        .values(ended_at=context.at)
    )


def list_sessions(context: Context, user: str) -> list[AnyRow]:
    """A user's sessions in force, the newest first: their ids and times. One's own, or anybody's for an admin."""
    _must_be_mine(context, user)
    shown = (_session.c.secret_sha256, _session.c.created_at, _session.c.last_seen_at, _session.c.second_factor_at)
    in_force = (
        _session.c.user == user,
        _session.c.ended_at.is_(None),
        _session.c.expires_at > context.at,
        _session.c.last_seen_at > context.at - IDLE,
    )
    return list(context.run(select(*shown).where(*in_force).order_by(_session.c.created_at.desc())))


def session_id(secret_sha256: str) -> str:
    """By what a session is called where people and programs see it; nothing can be entered with it."""
    return secret_sha256[:ID_LENGTH]


def end_session_of(context: Context, user: str, session: str) -> None:
    """End one of a user's sessions by its id: one's own, or anybody's for an admin. Raises ``NotFound``."""
    _must_be_mine(context, user)
    mine = (_session.c.user == user, _session.c.secret_sha256.startswith(session, autoescape=True))
    ended = context.run(_session.update().where(*mine, _session.c.ended_at.is_(None)).values(ended_at=context.at))
    if len(session) != ID_LENGTH or ended.rowcount != 1:
        raise errors.NotFound("session", session)


def end_sessions(context: Context, user: str, *, but: str | None = None) -> None:
    """End every session of a user, ``but`` the one with this secret: their password, their role or all has changed."""
    mine = [_session.c.user == user, _session.c.ended_at.is_(None)]
    if but is not None:
        mine.append(_session.c.secret_sha256 != access.token_sha256(but))
    context.run(_session.update().where(*mine).values(ended_at=context.at))


def _must_be_mine(context: Context, user: str) -> None:
    if user != context.actor.code:
        context.actor.must_be(access.ADMIN)
