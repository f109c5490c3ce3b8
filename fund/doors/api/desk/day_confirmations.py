"""The days that a person confirmed to be today."""

from datetime import date, datetime
from typing import Protocol

from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.inputs import DayConfirmationInput
from fund.doors.http.schema import JsonOf
from fund.doors.transaction import writing_unchecked
from fund.services import day_confirmations
from fund.services.context import Context

routes = Routes()


class DayConfirmationJson(Protocol):
    """A day that a person confirmed to be today."""

    day: date
    confirmed_by: str
    confirmed_at: datetime


@routes.read("/day-confirmations", "The days that were confirmed", "scheduler")
def list_day_confirmations(context: Context) -> Items[JsonOf[DayConfirmationJson]]:
    """Newest first."""
    return {"items": day_confirmations.list_confirmations(context)}


@routes.create("/day-confirmations", "Confirm today", "scheduler", begin=writing_unchecked)
def confirm_today(context: Context, body: DayConfirmationInput) -> JsonOf[DayConfirmationJson]:
    """Needed when neither entries nor bank vouch for the clock's day; until then every other request that writes is
    refused (``day-not-confirmed``). The day is a person's, so that it is not the clock that confirms itself."""
    return day_confirmations.confirm_today(context, body.day)
