"""The days that a person confirmed to be today."""

from datetime import date, datetime
from typing import Protocol

from fastapi import APIRouter
from starlette.responses import Response

from fund.doors.api.answers import Items
from fund.doors.api.openapi import READS, WRITES
from fund.doors.http.inputs import DayConfirmationInput
from fund.doors.http.requests import GuardedRoute, Read, Write
from fund.doors.http.schema import Shown
from fund.doors.transaction import writing_unchecked
from fund.services import day_confirmations
from fund.services.context import Context

router = APIRouter(route_class=GuardedRoute)


class DayConfirmationJson(Protocol):
    """A day that a person confirmed to be today."""

    day: date
    confirmed_by: str
    confirmed_at: datetime


@router.get("/day-confirmations", tags=["scheduler"], summary="The days that were confirmed", responses=READS)
def list_day_confirmations(read: Read) -> Items[Shown[DayConfirmationJson]]:
    """Newest first."""
    with read() as context:
        return {"items": day_confirmations.list_confirmations(context)}


@router.post(
    "/day-confirmations",
    tags=["scheduler"],
    summary="Confirm today",
    status_code=201,
    response_model=Shown[DayConfirmationJson],
    responses=WRITES,
)
def confirm_today(write: Write, body: DayConfirmationInput) -> Response:
    """Needed when neither entries nor bank vouch for the clock's day; until then every other request that writes is
    refused (``day-not-confirmed``). The day is a person's, so that it is not the clock that confirms itself."""

    def act(context: Context) -> DayConfirmationJson:
        return day_confirmations.confirm_today(context, body.day)

    return write.answer(act, writing_unchecked)
