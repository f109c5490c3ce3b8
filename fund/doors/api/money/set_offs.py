"""Set-offs: what a landlord was overpaid is set off against a month that it is owed."""

from typing import Annotated, Protocol

from fastapi import APIRouter, Query
from starlette.responses import Response

from fund.domain.members import Member
from fund.domain.states import SetOffState
from fund.doors.api.answers import Items
from fund.doors.api.openapi import FILTERS, WRITES
from fund.doors.http.fields import LandlordCode, RowId
from fund.doors.http.inputs import SetOffInput
from fund.doors.http.requests import GuardedRoute, Read, Write
from fund.doors.http.schema import Shown
from fund.services.context import Context
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
    state: SetOffState
    prepared_by: str
    approved_by: str | None
    entry: int | None


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
    response_model=Shown[SetOffJson],
    responses=WRITES,
)
def propose_set_off(write: Write, body: SetOffInput) -> Response:
    """For what the month's landlord was overpaid. The month waits until somebody else agrees, or it is withdrawn."""

    return write.answer(lambda context: _set_off(context, set_offs.propose_set_off(context, **body.facts())))


@router.post(
    "/set-offs/{set_off}/approve",
    tags=["recoveries"],
    summary="Agree to a set-off",
    response_model=Shown[SetOffJson],
    responses=WRITES,
)
def approve_set_off(write: Write, set_off: RowId) -> Response:
    """The landlord owes that much less and is paid that much less; a month of which nothing is left is settled."""

    def act(context: Context) -> SetOffJson:
        set_offs.approve_set_off(context, set_off)
        return _set_off(context, set_off)

    return write.answer(act)


@router.post(
    "/set-offs/{set_off}/withdraw",
    tags=["recoveries"],
    summary="Withdraw a proposed set-off",
    response_model=Shown[SetOffJson],
    responses=WRITES,
)
def withdraw_set_off(write: Write, set_off: RowId) -> Response:
    """The month is paid as it was approved."""

    def act(context: Context) -> SetOffJson:
        set_offs.withdraw_set_off(context, set_off)
        return _set_off(context, set_off)

    return write.answer(act)


def _set_off(context: Context, set_off: int) -> SetOffJson:
    return set_offs.read_set_off(context, set_off)
