"""Bearer tokens: shown once, kept as a sha256, ended by their user, an admin, time, or with their user."""

from datetime import datetime, timedelta

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.services.context import Context
from fund.store import rows
from fund.store import users as store
from fund.store.tables import Token

TOKEN_LIFE = timedelta(days=90)


def create_token(context: Context, *, token: str, secret: str, expires_at: datetime | None = None) -> None:
    """Give the actor a bearer token. ``token`` is its public id; of ``secret`` only the sha256 is kept."""
    context.actor.must_be(*access.ROLES)
    new = Token(
        id=token,
        user=context.actor.code,
        secret_sha256=access.token_sha256(secret),
        created_at=context.at,
        expires_at=expires_at or context.at + TOKEN_LIFE,
    )
    rows.insert(context.session, new)


def revoke_token(context: Context, token: str) -> None:
    """End a token: one's own, or any user's for an admin."""
    context.actor.must_be(*access.ROLES)
    row = rows.find(context.session, Token, token)
    if row is None or (row.user != context.actor.code and context.actor.role != access.ADMIN):
        raise errors.NotFound("token", token)
    rows.change(context.session, Token, token, {Token.revoked_at: context.at})


def token_bearer(context: Context, secret: str) -> Actor:
    """Who bears a token. Raises ``NotAuthenticated`` unless it is known and in force, and its user too."""
    bearer = store.bearer_of(context.session, access.token_sha256(secret), context.at)
    if bearer is None:
        raise errors.NotAuthenticated()
    return bearer


def end_all(context: Context, user: str, *, but: str | None = None) -> None:
    """End every token of a user, ``but`` the one with this secret."""
    but_sha256 = None if but is None else access.token_sha256(but)
    store.end_tokens(context.session, user, context.at, but_sha256=but_sha256)
