"""Bearer tokens: shown once, kept as a sha256, ended by their user, an admin, time, or with their user."""

from datetime import datetime, timedelta

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.services.users.credentials import check_in_force, check_tag, tag_of
from fund.services.users.sessions import SEEN_EVERY
from fund.store import rows
from fund.store import users as store
from fund.store.tables import Token
from fund.store.users import TokenView as TokenView
from ledger.acts.users import token_ended, token_made
from ledger.text import format_instant

TOKEN_LIFE = timedelta(days=90)


def create_token(context: Context, *, token: str, secret: str, expires_at: datetime | None = None) -> None:
    """Give the actor a bearer token. ``token`` is its public id; of ``secret`` only the sha256 is kept."""
    context.actor.must_be(*access.preparers("token-made"))
    secret_sha256 = access.token_sha256(secret)
    ends_at = expires_at or context.at + TOKEN_LIFE
    made = token_made(
        context.stamp(),
        user=context.actor.code,
        token=token,
        expires_at=format_instant(ends_at),
        fingerprint=context.fingerprints.of(Domain.TOKEN, secret_sha256),
    )
    tag = tag_of(context, context.actor, secret_sha256, ends_at)
    context.book_act(made, {Token.secret_sha256: secret_sha256, Token.tag: tag})


def revoke_token(context: Context, token: str) -> None:
    """End a token: one's own, or any user's for an admin. One that has ended stays as it is."""
    context.actor.must_be(*access.ROLES)
    row = rows.find(context.session, Token, token)
    if row is None or (row.user != context.actor.code and context.actor.role != access.ADMIN):
        raise errors.NotFound("token", token)
    if row.revoked_at is None:
        context.book_act(token_ended(context.stamp(), user=row.user, token=token))


def end_token_of(context: Context, user: str, token: str) -> None:
    """An admin ends a token of a user's. Raises ``NotFound`` for one of another user."""
    context.actor.must_be(access.ADMIN)
    row = rows.find(context.session, Token, token)
    if row is None or row.user != user:
        raise errors.NotFound("token", token)
    revoke_token(context, token)


def token_bearer(context: Context, secret: str) -> Actor:
    """Who bears a token. Raises ``NotAuthenticated`` unless it is known and in force by its acts, and its user too."""
    digest = access.token_sha256(secret)
    bearer = store.bearer_of(context.session, digest, context.at)
    if bearer is None:
        raise errors.NotAuthenticated()
    check_tag(context, bearer.tag, bearer.actor, digest, bearer.expires_at)
    booked = check_in_force(context, bearer.actor, since=context.at)
    token = booked.tokens.get(context.fingerprints.of(Domain.TOKEN, digest))
    if token is None or token.expires_at <= context.at:
        raise errors.NotAuthenticated()
    return bearer.actor


def list_tokens(context: Context, user: str) -> list[TokenView]:
    """A user's tokens in force, oldest first: one's own, or any user's for an admin."""
    if user != context.actor.code:
        context.actor.must_be(access.ADMIN)
    return store.list_tokens(context.session, user, context.at)


def is_stale(context: Context, secret: str) -> bool:
    """Whether it is time to remember that a token was used."""
    last = store.last_use(context.session, access.token_sha256(secret))
    return last is None or context.at - last >= SEEN_EVERY


def touch_token(context: Context, secret: str) -> None:
    """Remember that a token is used now."""
    store.touch_token(context.session, access.token_sha256(secret), context.at)


def end_all(context: Context, user: str, *, but: str | None = None) -> None:
    """End every token of a user that is in force, ``but`` the one with this secret."""
    but_sha256 = None if but is None else access.token_sha256(but)
    for token in store.tokens_in_force(context.session, user, context.at):
        if token.secret_sha256 != but_sha256:
            context.book_act(token_ended(context.stamp(), user=user, token=token.id))
