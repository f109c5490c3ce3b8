"""Whatever gives a user power is without effect until another person in force confirms it (rule 5).

A new user, another role, a reset password or second factor and a linked identity each take the user's role out of force
and are proposed. The role is in force again once every one of them is confirmed; one that is rejected or withdrawn
keeps it out of force until the same is done anew.
"""

from dataclasses import dataclass

from fund.domain import access, errors
from fund.domain.lists import ProposalWait
from fund.domain.proposals import ActName, PowerChange
from fund.domain.states import ProposalState
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, lapse, propose
from fund.services.users import sessions, tokens
from fund.store import proposals
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
    store.suspend_user(context.session, user)
    lapse(context, POWER, but=lambda payload: (payload.user, payload.change) != (user, change))
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
    if context.get(User, payload.user).password_hash is None:
        raise errors.StateNotAllowed("user", payload.user, "invited", "confirmed")
    if _is_all_confirmed(context, payload.user):
        store.confirm_user(context.session, payload.user, context.at)


def _is_all_confirmed(context: Context, user: str) -> bool:
    """Whether each change of a user was confirmed when it was last made."""
    # To reject or withdraw a proposal does not undo the change: the identity that was linked is still linked. Until the
    # change is made anew and confirmed, the other changes that are confirmed put nothing in force.
    about = proposals.list_proposals(context.session, act=POWER.name, subject=user)
    last = {POWER.read(row).change: row.state for row in about}
    return all(state is ProposalState.CONFIRMED for state in last.values())


def _still_holds(context: Context, payload: PowerPayload) -> bool:
    row = context.get(User, payload.user)
    return row.disabled_at is None and row.confirmed_at is None


def _waits_for(context: Context, payload: PowerPayload) -> ProposalWait | None:
    """What is confirmed is a person with a password of their own, no invitation on its way."""
    is_invited = context.get(User, payload.user).password_hash is None
    return ProposalWait.INVITATION_OPEN if is_invited else None


POWER = TwoPersonAct(
    ActName.POWER,
    PowerPayload,
    proposers=(access.ADMIN,),
    confirmers=access.CONFIRMS_POWER,
    subject=lambda payload: payload.user,
    judge=_judge,
    carry_out=_carry_out,
    still_holds=_still_holds,
    waits_for=_waits_for,
)
