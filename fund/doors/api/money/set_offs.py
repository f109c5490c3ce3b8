"""Set-offs: what a landlord was overpaid is set off against a month that it is owed."""

from typing import Annotated, Protocol

from fastapi import APIRouter, Query

from fund.domain.members import Member
from fund.domain.proposals import ProposalView
from fund.doors.api.answers import Items
from fund.doors.api.openapi import FILTERS, WRITES
from fund.doors.http.fields import LandlordCode
from fund.doors.http.inputs import SetOffInput
from fund.doors.http.requests import GuardedRoute, Read, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk.proposals import read_proposal
from fund.services.money import set_offs

router = APIRouter(route_class=GuardedRoute)


class SetOffJson(Protocol):
    """What is set off against a month that is owed, for what its landlord was overpaid; ``entry`` is the journal's."""

    id: int
    contribution_id: Annotated[int, Member("contribution")]
    household: str
    landlord: str
    month: str
    amount_cents: int
    prepared_by: str
    approved_by: str
    entry: int


@router.get("/set-offs", tags=["recoveries"], summary="What is set off against months", responses=FILTERS)
def list_set_offs(read: Read, landlord: Annotated[LandlordCode | None, Query()] = None) -> Items[Shown[SetOffJson]]:
    """Oldest first."""
    with read() as context:
        return {"items": set_offs.list_set_offs(context, landlord=landlord)}


@router.post(
    "/set-offs",
    tags=["recoveries"],
    summary="Propose to keep something back of a month",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_set_off(context: Context, body: SetOffInput) -> ProposalView:
    """For what the month's landlord was overpaid. The month waits while it is proposed."""
    return read_proposal(context, set_offs.propose_set_off(context, **body.facts()))
