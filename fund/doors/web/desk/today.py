"""The day, confirmed by a person when neither the journal nor the bank vouches for the clock."""

from fastapi import APIRouter

from fund.documents.tables import Fact
from fund.domain.texts import N_
from fund.doors.http.inputs import DayConfirmationInput
from fund.doors.transaction import writing_unchecked
from fund.doors.web.acts import About, Act, Places, Setting, add_acts
from fund.doors.web.requests import PageRoute
from fund.services import day_confirmations
from fund.services.context import Context

PATH = "/today"


def _last_known(context: Context, _: Places) -> Setting:
    known = day_confirmations.last_known_day(context)
    return Setting([Fact(N_("last day known from entries, bank or confirmation"), known, "day")])


CONFIRM = Act(
    PATH,
    N_("Confirm today"),
    N_("Confirm the day"),
    DayConfirmationInput,
    day_confirmations.CONFIRMERS,
    About(_last_known),
    day_confirmations.confirm_today,
    N_("The day is confirmed. What was missed is caught up at the next run of each job."),
    N_("A clock that is wrong by weeks books what cannot be taken back. After a long silence a person says the day."),
    to="/",
    begin=writing_unchecked,
)

router = APIRouter(route_class=PageRoute)
add_acts(router, [CONFIRM])
