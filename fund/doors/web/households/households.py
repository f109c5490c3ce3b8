"""Households: the grid of their months, and each on a page of its own."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.doors.http.fields import HouseholdCode
from fund.doors.tables.households import HOUSEHOLDS, MONTHS
from fund.doors.tables.landlords import LEASES
from fund.doors.web.acts import add_acts, links
from fund.doors.web.downloads import add_sheet
from fund.doors.web.households import household_acts as acts
from fund.doors.web.households import month_acts
from fund.doors.web.requests import Desk, PageRoute
from fund.services.desk import lists
from fund.services.desk.desk import list_households, list_months, view_grid_of, view_household
from fund.services.payouts.runs import undecided_runs

router = APIRouter(route_class=PageRoute)
add_acts(router, (*acts.ACTS, *month_acts.ACTS))


@router.get("/households")
def show_households(desk: Desk) -> Response:
    """Every household with its money and months, page by page."""
    with desk.reading() as context:
        chosen = desk.listed(HOUSEHOLDS, list_households(context))
        grid = view_grid_of(context, [row.code for row in chosen.rows])
    return desk.page("households.html", grid=grid, chosen=chosen, acts=links(desk, acts.ADMIT))


add_sheet(router, "/households/list", HOUSEHOLDS, list_households)
add_sheet(router, "/households/months", MONTHS, list_months)
add_sheet(router, "/households/leases", LEASES, lists.list_leases)


@router.get("/households/{code}")
def show_household(desk: Desk, code: HouseholdCode) -> Response:
    """One household: its months, leases, amounts and payments."""
    with desk.reading() as context:
        household = view_household(context, code)
        can_resume = bool(undecided_runs(context))
    possible = (
        acts.OF_HOUSEHOLD if household.exited_on is None else (acts.ERASE,) if household.erased_on is None else ()
    )
    return desk.page(
        "household.html",
        household=household,
        acts=links(desk, *possible, household=code),
        acts_of_month=month_acts.of_month(desk, can_resume=can_resume),
        can_resume=can_resume,
        acts_of_lease=lambda lease: links(desk, *acts.OF_LEASE, lease=lease.id),
    )
