"""Households: the grid of their months, and each on a page of its own."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.doors.api.fields import HouseholdCode
from fund.doors.web.requests import Desk, Page
from fund.services.desk import view_grid, view_household

router = APIRouter(route_class=Page)


@router.get("/households")
def list_households(desk: Desk) -> Response:
    """Every household with its months."""
    with desk.reading() as context:
        grid = view_grid(context)
    return desk.page("households.html", grid=grid)


@router.get("/households/{code}")
def show_household(desk: Desk, code: HouseholdCode) -> Response:
    """One household: its months, leases, amounts and payments."""
    with desk.reading() as context:
        household = view_household(context, code)
    return desk.page("household.html", household=household)
