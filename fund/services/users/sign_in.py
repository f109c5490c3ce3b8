"""A login in its steps: the password, or the city's identity provider; then whatever is still to be answered.

Between the first answer and the last there is no session, only a sign-in of ten minutes, which allows to answer.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.services.context import Context
from fund.services.users import second_factor
from fund.services.users.credentials import check_in_force, check_tag, tag_of
from fund.store import users as store
from fund.store.known_users import is_over, remember_over
from fund.store.tables import IdentityRequest, SignIn
from fund.store.users import Asked as Asked
from fund.store.users import OpenSignIn

LIFE = timedelta(minutes=10)


class Step(Enum):
    """The next step of a sign-in."""

    SET_UP_FACTOR = "set-up"
    GIVE_CODE = "code"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """A user who is recognised and has no session yet, with the next step."""

    actor: Actor
    step: Step


def begin(context: Context, *, secret: str, factor_given: bool = False) -> None:
    """The actor was recognised, and has some minutes for what is still to be answered.

    ``factor_given`` says that the identity provider asked for a second factor.
    """
    digest, expires_at = access.token_sha256(secret), context.at + LIFE
    new = SignIn(
        secret_sha256=digest,
        user=context.actor.code,
        factor_given=factor_given,
        expires_at=expires_at,
        tag=tag_of(context, context.actor, digest, factor_given, expires_at),
    )
    store.begin_sign_in(context.session, new, context.at)


def find(context: Context, secret: str, *, is_required: bool) -> SigningIn:
    """Who is signing in, and their next step. Raises ``NotAuthenticated`` for a secret that is unknown or expired.

    ``is_required`` says that the installation requires a second factor of the roles that move money or manage users.
    """
    found = _find(context, access.token_sha256(secret))
    mine = replace(context, actor=found.actor)
    return SigningIn(found.actor, _step(mine, found.factor_given, is_required=is_required))


def accept_code(context: Context, secret: str) -> None:
    """A code of the second factor was given: this sign-in asks for it no more. Raises ``NotAuthenticated``."""
    digest = access.token_sha256(secret)
    found = _find(context, digest)
    tag = tag_of(context, found.actor, digest, True, found.expires_at)
    store.change_sign_in(context.session, digest, {SignIn.factor_given: True, SignIn.tag: tag})


def finish(context: Context, secret: str, *, is_required: bool) -> bool:
    """The sign-in is over, and a session may begin. Returns whether a second factor was given.

    Raises ``NotAuthenticated`` where a step is left, and for the second of two who finish with one secret.
    """
    if find(context, secret, is_required=is_required).step is not Step.DONE:
        raise errors.NotAuthenticated()
    digest = access.token_sha256(secret)
    factor_given = context.get(SignIn, digest).factor_given
    if not store.end_sign_in(context.session, digest):
        raise errors.NotAuthenticated()
    remember_over(context.session, [digest], at=context.at, until=context.at + LIFE)
    return factor_given


def ask_provider(context: Context, *, state: str, browser: str, asked: Asked) -> None:
    """A browser is sent to the identity provider; only it may bring the answer, once, and soon."""
    new = IdentityRequest(
        state_sha256=access.token_sha256(state),
        browser_sha256=access.token_sha256(browser),
        nonce=asked.nonce,
        verifier=asked.verifier,
        going_to=asked.going_to,
        expires_at=context.at + LIFE,
    )
    store.begin_identity_request(context.session, new, context.at)


def take_answer(context: Context, *, state: str, browser: str) -> Asked:
    """The browser is back: a state is worth one answer.

    Raises ``IdentityRefused`` for a state that is unknown, used, too old, or another browser's.
    """
    asked = store.take_identity_request(
        context.session,
        state_sha256=access.token_sha256(state),
        browser_sha256=access.token_sha256(browser),
        at=context.at,
    )
    if asked is None:
        raise errors.IdentityRefused("state-unknown")
    return asked


def _find(context: Context, digest: str) -> OpenSignIn:
    found = store.find_sign_in(context.session, digest, context.at)
    if found is None or is_over(context.session, digest):
        raise errors.NotAuthenticated()
    check_tag(context, found.tag, found.actor, digest, found.factor_given, found.expires_at)
    check_in_force(context, found.actor, since=found.expires_at - LIFE)
    return found


def _step(context: Context, factor_given: bool, *, is_required: bool) -> Step:
    if factor_given:
        return Step.DONE
    if second_factor.is_enrolled(context):
        return Step.GIVE_CODE
    needs_one = is_required and context.actor.role in access.NEEDS_SECOND_FACTOR
    return Step.SET_UP_FACTOR if needs_one else Step.DONE
