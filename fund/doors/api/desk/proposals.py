"""What one person proposed and another confirms: one place for every act of two people."""

from typing import Annotated

from fastapi import APIRouter, Query

from fund.domain.proposals import ProposalFull, ProposalView
from fund.domain.states import ProposalState
from fund.doors.api.answers import Items
from fund.doors.api.openapi import APPROVES, FILTERS, LOOKS_UP, WRITES
from fund.doors.http.fields import RowId
from fund.doors.http.inputs import ProposalsInput, RejectionInput
from fund.doors.http.requests import GuardedRoute, Read, approving, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk import proposals

router = APIRouter(tags=["proposals"], route_class=GuardedRoute)


@router.get("/proposals", summary="What waits to be confirmed", responses=FILTERS)
def list_proposals(
    read: Read,
    state: Annotated[ProposalState, Query(description="what waits if it is not said")] = ProposalState.PROPOSED,
) -> Items[Shown[ProposalFull]]:
    """Oldest first, of the acts that the caller's role proposes, confirms or inspects."""
    with read() as context:
        return {"items": proposals.list_proposals(context, state=state)}


@router.get("/proposals/{proposal}", summary="One proposal", responses=LOOKS_UP)
def show_proposal(read: Read, proposal: RowId) -> Shown[ProposalFull]:
    """What would be done, what the people who decide compare, and the digest with which it is confirmed."""
    with read() as context:
        return proposals.read_proposal(context, proposal)


@router.post(
    "/proposals/confirm",
    summary="Confirm proposals",
    response_model=Items[Shown[ProposalView]],
    responses=APPROVES,
)
@approving
def confirm_proposals(context: Context, body: ProposalsInput) -> Items[ProposalView]:
    """Exactly as they were shown, by another person, all or none of them; each is carried out.

    One whose subject changed meanwhile lapses instead, and its state says so.
    """
    named = [one.named() for one in body.proposals]
    return {"items": proposals.confirm_proposals(context, named, called_back_on=body.called_back_on)}


@router.post(
    "/proposals/{proposal}/reject",
    summary="Reject a proposal",
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def reject_proposal(context: Context, proposal: RowId, body: RejectionInput) -> ProposalView:
    """By a person who might confirm it."""
    proposals.reject_proposal(context, proposal, reason=body.reason)
    return proposals.read_proposal(context, proposal)


@router.post(
    "/proposals/{proposal}/withdraw",
    summary="Withdraw a proposal",
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def withdraw_proposal(context: Context, proposal: RowId) -> ProposalView:
    """By the person who made it."""
    proposals.withdraw_proposal(context, proposal)
    return proposals.read_proposal(context, proposal)
