"""The way back in where all users are locked out: the machine's operator invites an admin and an auditor anew.

An operator could become two people by it. So it is announced to all users, waits, and any user in force can reject it
meanwhile. It does not wait in a fund that no admin and auditor have come into yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fund.domain import access, errors
from fund.domain.lists import ProposalWait, UserNotice
from fund.domain.proposals import ActName
from fund.domain.states import ProposalState
from fund.domain.texts import Message
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, open_of, propose, ref_of
from fund.services.users import invitations, notices
from fund.services.users.power import end_all
from fund.services.users.users import Founder, NewUser, create_user, fingerprint_of, fingerprints_of, user_of
from fund.store import users as store
from fund.store.tables import Proposal, User
from ledger.acts.proposals import proposal_confirmed
from ledger.acts.users import access_recovered

WAIT = timedelta(hours=72)
"""How long a recovery is announced before it is carried out."""


@dataclass(frozen=True, slots=True)
class RecoveryPayload:
    """The fingerprints of the two people who would be invited."""

    admin: str
    auditor: str


def recover(context: Context, founders: Sequence[Founder]) -> datetime | None:
    """Announce that these two are invited anew, or invite them once the time since it was announced is over.

    Returns until when it waits; ``None`` once it is done. Raises ``InvalidInput`` for a login that is another's.
    """
    context.actor.must_be(*access.preparers("access-recovered"))
    context.fund()
    for founder in founders:
        _check(context, founder.new)
    if store.roles_ever_accepted(context.session) >= {access.ADMIN, access.AUDITOR}:
        announced = _announced(context, founders)
        until = announced.proposed_at + WAIT
        if until > context.at:
            return until
        context.book_act(proposal_confirmed(context.stamp(), ref_of(announced)))
    for founder in founders:
        _invite(context, founder)
    return None


def _announced(context: Context, founders: Sequence[Founder]) -> Proposal:
    people = {founder.new.role: fingerprint_of(context, founder.new.tax_code) for founder in founders}
    payload = RecoveryPayload(people[access.ADMIN], people[access.AUDITOR])
    for row in open_of(context, RECOVERY):
        if RECOVERY.read(row) == payload:
            return row
    number = propose(context, RECOVERY, payload)
    notices.tell_all(context, UserNotice.RECOVERY_ANNOUNCED, str(number))
    return context.get(Proposal, number)


def _check(context: Context, new: NewUser) -> None:
    """Raises ``InvalidInput`` where the login is another person's."""
    known = store.find_user(context.session, new.login)
    if known is not None and (known.disabled_at is not None or known.code != user_of(context, new.tax_code)):
        path = f"founders.{new.role}.login"
        raise errors.InvalidInput([{"path": path, "message": Message("is the login of another user")}])


def _invite(context: Context, founder: Founder) -> None:
    new = founder.new
    code = user_of(context, new.tax_code) or create_user(context, new)
    end_all(context, code)
    known_by = fingerprints_of(context, new)
    recovered = access_recovered(context.stamp(), user=code, role=new.role, known_by=known_by)
    context.book_act(recovered, {User.login: new.login, User.email: new.email})
    invitations.invite(context, code, founder.secret)
    notices.tell(context, UserNotice.RECOVERED, code)


def _is_announced(_context: Context, payloads: Sequence[RecoveryPayload]) -> dict[RecoveryPayload, ProposalWait]:
    """No user confirms it: one who could is not locked out."""
    return dict.fromkeys(payloads, ProposalWait.ANNOUNCED)


def _nothing_to_judge(_context: Context, _payload: RecoveryPayload) -> None:
    pass


def _is_not_confirmed(_context: Context, _payload: RecoveryPayload, _confirmed: Confirmation) -> None:
    raise errors.StateNotAllowed("proposal", "", ProposalState.PROPOSED, ProposalState.CONFIRMED)


RECOVERY = TwoPersonAct(
    ActName.RECOVERY,
    RecoveryPayload,
    subject=lambda _: "",
    judge=_nothing_to_judge,
    carry_out=_is_not_confirmed,
    waiting=_is_announced,
)
