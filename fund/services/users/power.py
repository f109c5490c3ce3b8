"""Whatever gives a user power is without effect until another person in force confirms it (rule 5).

A new user, another role, a reset password or second factor and a linked identity each take the user's role out of
force, and all that wait are proposed together. To turn that down undoes none of them: the role stays out of force until
a change is made anew, and confirmed with the others. Each is told to the user, and to every admin and auditor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fund.domain import errors
from fund.domain.lists import ProposalWait, UserNotice
from fund.domain.proposals import ActName
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, lapse_where, propose
from fund.services.users import notices, sessions, tokens
from fund.store import users as store
from fund.store.tables import User
from ledger.acts.users import role_granted


@dataclass(frozen=True, slots=True)
class PowerPayload:
    """Whose role would be in force, and after which changes."""

    user: str
    login: str
    role: str
    changes: str


def require_confirmation(context: Context, notice: UserNotice, user: str) -> None:
    """Propose a change that took a user's role out of force, with all that waits already; end what the user is in by.

    Who made the last change proposes them, and cannot confirm them.
    """
    end_all(context, user)
    notices.tell(context, notice, user)
    lapse_where(context, POWER, lambda payload: payload.user == user)
    row = context.get(User, user)
    propose(context, POWER, PowerPayload(user, row.known_as, row.role, " ".join(row.unconfirmed)))


def end_all(context: Context, user: str) -> None:
    """End whatever a user is in by: tokens, sessions and sign-ins."""
    tokens.end_all(context, user)
    sessions.end_sessions(context, user)
    store.end_sign_ins(context.session, user)


def _judge(context: Context, payload: PowerPayload) -> None:
    if context.actor.code == payload.user:
        raise errors.NotForOneself()


def _carry_out(context: Context, payload: PowerPayload, confirmed: Confirmation) -> None:
    if context.get(User, payload.user).password_hash is None:
        raise errors.StateNotAllowed("user", payload.user, "invited", "confirmed")
    context.book_act(role_granted(confirmed.stamp(context), user=payload.user, role=payload.role))
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
    subject=lambda payload: payload.user,
    judge=_judge,
    carry_out=_carry_out,
    changed=_changed,
    waiting=_waiting,
)
