"""A login in its steps: the password, or the city's identity provider; then whatever is still to be answered.

Between the first answer and the last there is no session, only a sign-in of ten minutes, which allows to answer.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from sqlalchemy import insert, or_, select

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.services.context import Context
from fund.services.users import second_factor
from fund.store.tables import IdentityRequest, SignIn, User, table

LIFE = timedelta(minutes=10)

_sign_in, _request, _user = table(SignIn), table(IdentityRequest), table(User)


class Step(Enum):
    """What somebody who is signing in has to do next."""

    SET_UP_FACTOR = "set-up"
    GIVE_CODE = "code"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Somebody who is known and not in yet."""

    actor: Actor
    step: Step


@dataclass(frozen=True, slots=True)
class Asked:
    """What the identity provider's answer must agree with, and where its person was going, which it is never told."""

    nonce: str
    verifier: str
    going_to: str = "/"


def begin(context: Context, *, secret: str, factor_given: bool = False) -> None:
    """The actor was recognised, and has some minutes for what is still to be answered.

    ``factor_given`` says that the identity provider asked for a second factor.
    """
    is_over = or_(_sign_in.c.user == context.actor.code, _sign_in.c.expires_at <= context.at)
    context.run(_sign_in.delete().where(is_over))
    context.run(
        insert(_sign_in).values(
            secret_sha256=access.token_sha256(secret),
            user=context.actor.code,
            factor_given=factor_given,
            expires_at=context.at + LIFE,
        )
    )


def find(context: Context, secret: str, *, is_required: bool) -> SigningIn:
    """Who is signing in, and their next step. Raises ``NotAuthenticated`` when it is too late, or nobody.

    ``is_required`` says that the installation requires a second factor of the roles that move money or manage users.
    """
    row = context.run(
        select(_sign_in.c.factor_given, _user.c.code, _user.c.role)
        .join(_user, _user.c.code == _sign_in.c.user)
        .where(
            _sign_in.c.secret_sha256 == access.token_sha256(secret),
            _sign_in.c.expires_at > context.at,
            _user.c.disabled_at.is_(None),
            _user.c.password_hash.is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise errors.NotAuthenticated()
    actor = Actor(row.code, row.role)
    mine = Context(context.session, actor, context.at)
    return SigningIn(actor, _step(mine, row, is_required=is_required))


def accept_code(context: Context, secret: str) -> None:
    """The actor gave a code of the second factor: this sign-in asks for it no more."""
    mine = (_sign_in.c.secret_sha256 == access.token_sha256(secret), _sign_in.c.user == context.actor.code)
    context.run(_sign_in.update().where(*mine).values(factor_given=True))


def finish(context: Context, secret: str, *, is_required: bool) -> bool:
    """The sign-in is over, and a session may begin. Returns whether a second factor was given.

    Raises ``NotAuthenticated`` where a step is left, and for the second of two who finish with one secret.
    """
    if find(context, secret, is_required=is_required).step is not Step.DONE:
        raise errors.NotAuthenticated()
    mine = _sign_in.c.secret_sha256 == access.token_sha256(secret)
    given = bool(context.run(select(_sign_in.c.factor_given).where(mine)).scalar_one())
    if context.run(_sign_in.delete().where(mine)).rowcount != 1:
        raise errors.NotAuthenticated()
    return given


def end_all(context: Context, user: str) -> None:
    """End every sign-in of a user that is not finished."""
    context.run(_sign_in.delete().where(_sign_in.c.user == user))


def ask_provider(context: Context, *, state: str, browser: str, asked: Asked) -> None:
    """A browser is sent to the identity provider; only it may bring the answer, once, and soon."""
    context.run(_request.delete().where(_request.c.expires_at <= context.at))
    context.run(
        insert(_request).values(
            state_sha256=access.token_sha256(state),
            browser_sha256=access.token_sha256(browser),
            nonce=asked.nonce,
            verifier=asked.verifier,
            going_to=asked.going_to,
            expires_at=context.at + LIFE,
        )
    )


def take_answer(context: Context, *, state: str, browser: str) -> Asked:
    """The browser is back. One conditional DELETE: a state is worth one answer.

    Raises ``IdentityRefused`` for a state that is unknown, used, too old, or another browser's.
    """
    mine = (
        _request.c.state_sha256 == access.token_sha256(state),
        _request.c.browser_sha256 == access.token_sha256(browser),
        _request.c.expires_at > context.at,
    )
    told = (_request.c.nonce, _request.c.verifier, _request.c.going_to)
    row = context.run(_request.delete().where(*mine).returning(*told)).one_or_none()
    if row is None:
        raise errors.IdentityRefused("state-unknown")
    return Asked(row.nonce, row.verifier, row.going_to)


def _step(context: Context, row: Any, *, is_required: bool) -> Step:
    if row.factor_given:
        return Step.DONE
    if second_factor.is_enrolled(context):
        return Step.GIVE_CODE
    needs_one = is_required and context.actor.role in access.NEEDS_SECOND_FACTOR
    return Step.SET_UP_FACTOR if needs_one else Step.DONE
