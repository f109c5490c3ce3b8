"""Whatever gives a user power is without effect until another person in force confirms it (rule 5).

A new user, another role, a reset password or second factor and a linked identity each take the user's role out of force
and are proposed. The role is in force again once every one of them is confirmed; one that is rejected or withdrawn
keeps it out of force until the same is done anew. Each is told to the user, and to every admin and auditor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fund.domain import access, errors
from fund.domain.lists import ProposalWait, UserNotice
from fund.domain.proposals import ActName, PowerChange
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, lapse_where, propose
from fund.services.users import notices, sessions, tokens
from fund.store import users as store
from fund.store.tables import User


@dataclass(frozen=True, slots=True)
class PowerPayload:
    """What changed for which user, and the role that it would give."""

    user: str
    login: str
    role: str
    change: str


def require_confirmation(context: Context, user: str, change: PowerChange) -> None:
    """Take a user's role out of force until another person confirms a change, and end all that the user is in by.

    The same change once more takes the place of one that waits: who made it last cannot confirm it.
    """
    row = context.get(User, user)
    end_all(context, user)
    store.set_unconfirmed(context.session, user, {*row.unconfirmed, change}, context.at)
    notices.tell(context, UserNotice(change), user)
    lapse_where(context, POWER, lambda payload: (payload.user, payload.change) == (user, change))
    propose(context, POWER, PowerPayload(user, row.login, row.role, change))


def end_all(context: Context, user: str) -> None:
    """End whatever a user is in by: tokens, sessions and sign-ins."""
    tokens.end_all(context, user)
    sessions.end_sessions(context, user)
    store.end_sign_ins(context.session, user)


def _judge(context: Context, payload: PowerPayload) -> None:
    if context.actor.code == payload.user:
        raise errors.NotForOneself()


def _carry_out(context: Context, payload: PowerPayload, _confirmed: Confirmation) -> None:
    user = context.get(User, payload.user)
    if user.password_hash is None:
        raise errors.StateNotAllowed("user", payload.user, "invited", "confirmed")
    # To reject or withdraw a proposal does not undo the change: the identity that was linked is still linked. Until the
    # change is made anew and confirmed, the other changes that are confirmed put nothing in force.
    unconfirmed = set(user.unconfirmed) - {payload.change}
    store.set_unconfirmed(context.session, payload.user, unconfirmed, context.at)
    if not unconfirmed:
        notices.tell(context, UserNotice.USER_CONFIRMED, payload.user)


def _changed(context: Context, payloads: Sequence[PowerPayload]) -> list[PowerPayload]:
    waiting = store.unconfirmed_users(context.session)
    return [payload for payload in payloads if payload.user not in waiting]


def _waiting(context: Context, payloads: Sequence[PowerPayload]) -> dict[PowerPayload, ProposalWait]:
    """What is confirmed is a person with a password of their own, no invitation on its way."""
    waiting = store.unconfirmed_users(context.session)
    return {one: ProposalWait.INVITATION_OPEN for one in payloads if not waiting[one.user].has_password}


POWER = TwoPersonAct(
    ActName.POWER,
    PowerPayload,
    proposers=(access.ADMIN,),
    confirmers=access.CONFIRMS_POWER,
    subject=lambda payload: payload.user,
    judge=_judge,
    carry_out=_carry_out,
    changed=_changed,
    waiting=_waiting,
)
