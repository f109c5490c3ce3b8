"""What waits for a second person: every act of two people in one registry, and what is done with its proposals."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from fund.domain import access, errors, rules
from fund.domain.lists import RejectionReason
from fund.domain.proposals import ActName, NamedProposal, ProposalView
from fund.domain.states import ProposalState
from fund.services.context import Context
from fund.services.money.money import REPAYMENT
from fund.services.money.recoveries import OVERPAYMENT
from fund.services.money.set_offs import SET_OFF
from fund.services.proposals import Confirmation, TwoPersonAct, digest_of, values_of
from fund.services.users.power import POWER
from fund.store import proposals as store
from fund.store import rows
from fund.store.rows import Values
from fund.store.tables import Proposal

ACTS: dict[str, TwoPersonAct[Any]] = {act.name: act for act in (REPAYMENT, OVERPAYMENT, SET_OFF, POWER)}
"""By name. An act that is missing here can be proposed and never confirmed; a test looks for that."""

READERS = (*access.ROLES, access.SYSTEM_ROLE)


def list_proposals(context: Context, *, state: ProposalState | None = ProposalState.PROPOSED) -> list[ProposalView]:
    """The proposals in a state, by default those that wait, that the reader's role is shown; oldest first."""
    context.actor.must_be(*READERS)
    views = (_view(context, row) for row in _seen(context))
    return [view for view in views if state is None or view.state == state]


def _seen(context: Context) -> Iterator[Proposal]:
    return (row for row in store.list_proposals(context.session) if context.actor.role in ACTS[row.act].readers)


def read_proposal(context: Context, number: int) -> ProposalView:
    """One proposal. Raises ``NotFound``, and ``NotPermitted`` for a role that is not shown this act."""
    context.actor.must_be(*READERS)
    return _view(context, _get(context, number))


def _get(context: Context, number: int) -> Proposal:
    """A proposal of an act that the actor's role is shown; what there is not is refused as what is not shown."""
    row = rows.find(context.session, Proposal, number)
    context.actor.must_be(*(access.READERS if row is None else ACTS[row.act].readers))
    if row is None:
        raise errors.NotFound("proposal", str(number))
    return row


def _view(context: Context, row: Proposal) -> ProposalView:
    act = ACTS[row.act]
    payload = act.read(row)
    is_open = row.state is ProposalState.PROPOSED
    lapses = is_open and not act.still_holds(context, payload)
    waits_for = act.waits_for(context, payload) if is_open and not lapses else None
    is_own, role = row.proposed_by == context.actor.code, context.actor.role
    may_decide = is_open and not lapses and not is_own and role in act.confirmers
    return ProposalView(
        number=row.id,
        act=ActName(row.act),
        subject=row.subject,
        values=values_of(payload),
        digest=row.digest,
        state=ProposalState.LAPSED if lapses else row.state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        waits_for=waits_for,
        needs_call_back=act.needs_call_back,
        may_confirm=may_decide and waits_for is None,
        may_reject=may_decide,
        may_withdraw=is_open and not lapses and is_own,
    )


def confirm_proposals(
    context: Context, named: Sequence[NamedProposal], *, called_back_on: date | None = None
) -> list[ProposalView]:
    """Confirm proposals exactly as they were shown, all or none of them, and carry them out.

    One whose subject changed meanwhile lapses, and is not carried out. Raises ``NotFound``, ``NotPermitted``,
    ``SamePerson`` for the person who proposed one, ``ProposalChanged`` for another digest than the one shown,
    ``StateNotAllowed`` for one that is decided, and what the act refuses.
    """
    for one in named:
        _confirm(context, one, called_back_on)
    return [read_proposal(context, one.number) for one in named]


def _confirm(context: Context, named: NamedProposal, called_back_on: date | None) -> None:
    row = _get(context, named.number)
    act = ACTS[row.act]
    context.actor.must_be(*act.confirmers)
    rules.check_two_people("proposal", str(row.id), row.proposed_by, context.actor.code)
    if not named.digest == row.digest == digest_of(row):
        raise errors.ProposalChanged(row.id)
    payload = act.read(row)
    if row.state is ProposalState.PROPOSED and not act.still_holds(context, payload):
        context.step(Proposal, row.id, ProposalState.LAPSED, {Proposal.decided_at: context.at})
        return
    context.step(Proposal, row.id, ProposalState.CONFIRMED, _decided(context))
    act.judge(context, payload)
    act.carry_out(context, payload, Confirmation(row.proposed_by, called_back_on))


def reject_proposal(context: Context, number: int, *, reason: str) -> None:
    """Do not confirm a proposal: by a person who might, and for a reason of the list.

    Raises ``NotFound``, ``NotPermitted``, ``SamePerson``: the person who proposed it withdraws it; ``StateNotAllowed``.
    """
    rules.check_reason(reason, RejectionReason)
    row = _get(context, number)
    context.actor.must_be(*ACTS[row.act].confirmers)
    rules.check_two_people("proposal", str(number), row.proposed_by, context.actor.code)
    context.step(Proposal, number, ProposalState.REJECTED, {**_decided(context), Proposal.reason: reason})


def withdraw_proposal(context: Context, number: int) -> None:
    """Withdraw one's own proposal. Raises ``NotFound``, ``ProposedByAnother`` and ``StateNotAllowed``."""
    row = _get(context, number)
    if row.proposed_by != context.actor.code:
        raise errors.ProposedByAnother(number)
    context.step(Proposal, number, ProposalState.WITHDRAWN, _decided(context))


def _decided(context: Context) -> Values:
    return {Proposal.decided_by: context.actor.code, Proposal.decided_at: context.at}
