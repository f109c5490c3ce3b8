"""The home page."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.doors.web.requests import Desk, Page
from fund.services.balances import read_balances

router = APIRouter(route_class=Page)


@router.get("/")
def show_home(desk: Desk) -> Response:
    """What is to be done today, and how the fund is."""
    with desk.reading() as context:
        balances = read_balances(context)
    return desk.page("home.html", balances=balances)
