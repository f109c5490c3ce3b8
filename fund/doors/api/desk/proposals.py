"""What one person proposed and another confirms: one place for every act of two people."""

from typing import Annotated

from fastapi import Query

from fund.domain.proposals import ProposalFull, ProposalView
from fund.domain.states import ProposalState
from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.fields import RowId
from fund.doors.http.inputs import ProposalsInput, RejectionInput
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.desk import proposals

routes = Routes(tag="proposals")


@routes.read("/proposals", "What waits to be confirmed")
def list_proposals(
    context: Context,
    state: Annotated[ProposalState, Query(description="what waits if it is not said")] = ProposalState.PROPOSED,
) -> Items[JsonOf[ProposalFull]]:
    """Oldest first, of the acts that the caller's role proposes, confirms or inspects."""
    return {"items": proposals.list_proposals(context, state=state, in_full=True)}


@routes.read("/proposals/{proposal}", "One proposal")
def show_proposal(context: Context, proposal: RowId) -> JsonOf[ProposalFull]:
    """What would be done, what the people who decide compare, and the digest with which it is confirmed."""
    return proposals.read_proposal(context, proposal)


@routes.write("/proposals/confirm", "Confirm proposals", asks_code=True)
def confirm_proposals(context: Context, body: ProposalsInput) -> Items[JsonOf[ProposalView]]:
    """Exactly as they were shown, by another person, all or none of them; each is carried out.

    One whose subject changed meanwhile lapses instead, and its state says so.
    """
    named = [one.named() for one in body.proposals]
    return {"items": proposals.confirm_proposals(context, named, called_back_on=body.called_back_on)}


@routes.write("/proposals/{proposal}/reject", "Reject a proposal")
def reject_proposal(context: Context, proposal: RowId, body: RejectionInput) -> JsonOf[ProposalView]:
    """By a person who might confirm it."""
    proposals.reject_proposal(context, proposal, reason=body.reason)
    return proposals.read_proposal(context, proposal)


@routes.write("/proposals/{proposal}/withdraw", "Withdraw a proposal")
def withdraw_proposal(context: Context, proposal: RowId) -> JsonOf[ProposalView]:
    """By the person who made it."""
    proposals.withdraw_proposal(context, proposal)
    return proposals.read_proposal(context, proposal)
