"""Sessions of people at a browser: begun at a login, ended by a logout, by time, or with their user."""

from datetime import datetime, timedelta

from fund.domain import access, errors
from fund.services.context import Context
from fund.services.users.credentials import check_in_force, check_tag, tag_of
from fund.store import users as store
from fund.store.known_users import is_over, remember_over
from fund.store.tables import WebSession
from fund.store.users import Login as Login
from fund.store.users import SessionView as SessionView

LIFE = timedelta(hours=12)
"""How long a session lasts at most: a working day."""
IDLE = timedelta(hours=1)
"""How long it lasts without a request."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last request is remembered, so that reading a page seldom writes."""


def begin_session(
    context: Context,
    *,
    secret: str,
    csrf_secret: str,
    replaces: str | None = None,
    second_factor_at: datetime | None = None,
) -> None:
    """Begin the actor's session under a new secret, and end the one that the browser had (``replaces``).

    A secret is never used again after a login, so that a planted or stolen one is worthless (session fixation).
    """
    context.actor.must_be(*access.ACCOUNTS)
    if replaces is not None:
        end_session(context, replaces)
    digest, expires_at = access.token_sha256(secret), context.at + LIFE
    context.insert(
        WebSession(
            secret_sha256=digest,
            user=context.actor.code,
            csrf_secret=csrf_secret,
            created_at=context.at,
            last_seen_at=context.at,
            expires_at=expires_at,
            authenticated_at=context.at,
            second_factor_at=second_factor_at,
            tag=tag_of(context, context.actor, digest, csrf_secret, expires_at, context.at, second_factor_at),
        )
    )


def find_session(context: Context, secret: str) -> Login:
    """Whose session a secret is. Raises ``NotAuthenticated`` unless it is in force, and its user too."""
    digest = access.token_sha256(secret)
    login = store.find_login(context.session, digest, at=context.at, seen_after=context.at - IDLE)
    if login is None or is_over(context.session, digest):
        raise errors.NotAuthenticated()
    given = login.csrf_secret, login.expires_at, login.authenticated_at, login.second_factor_at
    check_tag(context, login.tag, login.actor, digest, *given)
    check_in_force(context, login.actor, since=login.authenticated_at)
    return login


def is_stale(login: Login, at: datetime) -> bool:
    """Whether it is time to remember that the session was seen."""
    return at - login.last_seen_at >= SEEN_EVERY


def touch_session(context: Context, secret: str) -> None:
    """Remember that the session was seen now."""
    store.change_session(context.session, access.token_sha256(secret), {WebSession.last_seen_at: context.at})


def end_session(context: Context, secret: str) -> None:
    """End a session; one that has ended or is unknown stays as it is."""
    _end(context, [access.token_sha256(secret)])


def list_sessions(context: Context, user: str) -> list[SessionView]:
    """A user's sessions in force, the newest first: their ids and times. One's own, or any user's for an admin."""
    _must_be_mine(context, user)
    return store.sessions_in_force(context.session, user, at=context.at, seen_after=context.at - IDLE)


def end_session_of(context: Context, user: str, session: str) -> None:
    """End one of a user's sessions by its id: one's own, or any user's for an admin. Raises ``NotFound``."""
    _must_be_mine(context, user)
    named = [one for one in store.sessions_not_ended(context.session, user) if access.session_id(one) == session]
    if len(named) != 1:
        raise errors.NotFound("session", session)
    _end(context, named)


def end_sessions(context: Context, user: str, *, but: str | None = None) -> None:
    """End every session of a user, ``but`` the one with this secret: their password, their role or all has changed."""
    but_sha256 = None if but is None else access.token_sha256(but)
    _end(context, [one for one in store.sessions_not_ended(context.session, user) if one != but_sha256])


def _end(context: Context, secrets_sha256: list[str]) -> None:
    store.end_sessions(context.session, secrets_sha256, context.at)
    remember_over(context.session, secrets_sha256, at=context.at, until=context.at + LIFE)


def _must_be_mine(context: Context, user: str) -> None:
    if user != context.actor.code:
        context.actor.must_be(access.ADMIN)
