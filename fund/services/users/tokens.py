"""Bearer tokens: shown once, kept as a sha256, ended by their user, an admin, time, or with their user."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.services.context import Context
from fund.store.tables import Token, User, table

_user, _token = table(User), table(Token)
TOKEN_LIFE = timedelta(days=90)


def create_token(context: Context, *, token: str, secret: str, expires_at: datetime | None = None) -> None:
    """Give the actor a bearer token. ``token`` is its public id; of ``secret`` only the sha256 is kept."""
    context.actor.must_be(*access.ROLES)
    context.run(
        insert(_token).values(
            id=token,
            user=context.actor.code,
            secret_sha256=access.token_sha256(secret),
            created_at=context.at,
            expires_at=expires_at or context.at + TOKEN_LIFE,
        )
    )


def revoke_token(context: Context, token: str) -> None:
    """End a token: one's own, or anybody's for an admin."""
    context.actor.must_be(*access.ROLES)
    row = context.run(_token.select().where(_token.c.id == token)).one_or_none()
    if row is None or (row.user != context.actor.code and context.actor.role != access.ADMIN):
        raise errors.NotFound("token", token)
    context.run(_token.update().where(_token.c.id == token).values(revoked_at=context.at))


def token_bearer(context: Context, secret: str) -> Actor:
    """Who bears a token. Raises ``NotAuthenticated`` unless it is known and in force, and its user too."""
    row = context.run(
        select(_user.c.code, _user.c.role)
        .join(_token, _token.c.user == _user.c.code)
        .where(
            _token.c.secret_sha256 == access.token_sha256(secret),
            _token.c.revoked_at.is_(None),
            _token.c.expires_at > context.at,
            _user.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise errors.NotAuthenticated()
    return Actor(row.code, row.role)


def end_all(context: Context, user: str) -> None:
    """End every token of a user."""
    mine = (_token.c.user == user, _token.c.revoked_at.is_(None))
    context.run(_token.update().where(*mine).values(revoked_at=context.at))
