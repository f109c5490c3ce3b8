"""The home page: what is to be done today, and how the fund is."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from fund.documents.catalogue import N_, Translator
from fund.domain.access import ADMIN, UNCONFIRMED
from fund.domain.desk_views import HomeView, Task
from fund.doors.http.files import displayed
from fund.doors.jobs.scheduler import JOBS, job_views
from fund.doors.web.desk.pictures import fund_picture
from fund.doors.web.requests import Desk, PageRoute
from fund.services.desk.desk import view_home
from fund.services.desk.tasks import waiting_tasks
from fund.services.money.balances import read_balances
from ledger.months import Month

router = APIRouter(route_class=PageRoute)

TASKS: dict[str, tuple[str, str, str]] = {
    "confirm-day": (N_("Confirm which day it is: nothing is written before"), "it-calendar", "/today"),
    "prepare-due": (N_("Prepare the months whose pay day has come"), "it-pencil", "/runs"),
    "propose-run": (N_("Prepare the run of %(key)s"), "it-pencil", "/runs/{key}"),
    "approve-run": (N_("Approve the run of %(key)s"), "it-check-circle", "/runs/{key}"),
    "approve-batch": (N_("Approve batch %(key)s"), "it-check-circle", "/batches/{key}"),
    "send-batch": (N_("Hand batch %(key)s to the bank"), "it-upload", "/batches/{key}"),
    "propose-account": (
        N_("Propose the account of landlord %(key)s again"),
        "it-telephone",
        "/landlords/{key}",
    ),
    "prepare-batch": (N_("Prepare a batch of approved months that nothing pays"), "it-pencil", "/batches"),
    "match-lines": (N_("Match the open items"), "it-help-circle", "/open-items"),
    "held-months": (N_("Decide about months of %(key)s that are held"), "it-clock", "/runs/{key}"),
    "pay-repayment": (N_("Record the payment of repayment %(key)s"), "it-pencil", "/repayments/{key}"),
    "book-files": (N_("Get files of the bank again that could not be booked"), "it-error", "/bank-files"),
    "decide-statements": (N_("Decide about statements of the bank that clash"), "it-error", "/account-statements"),
    "confirm-proposals": (N_("Confirm what another person proposed"), "it-check-circle", "/proposals"),
    "failed-mail": (N_("Look after mail that did not arrive"), "it-mail", "/statements?state=failed"),
}
"""Each kind of work: its text, its icon, and the page that does it, with ``{key}`` in its place. A new page
adds its address here."""

OF_A_MONTH = ("propose-run", "approve-run", "held-months")


@router.get("/")
def show_home(desk: Desk, request: Request) -> Response:
    """What is to be done today, and how the fund is. An admin, who sees no household, is shown how the service is."""
    if desk.actor.role == UNCONFIRMED:
        return desk.page("home_unconfirmed.html")
    jobs = job_views(desk.app, desk.actor, request.app.state.scheduler)
    if desk.actor.role == ADMIN:
        with desk.reading() as context:
            mine = [_card(task, desk.speak) for task in waiting_tasks(context)]
        return desk.page("home_admin.html", mine=mine, jobs=jobs, known_jobs=JOBS)
    with desk.reading() as context:
        home = view_home(context)
    return desk.page("home.html", home=home, jobs=jobs, known_jobs=JOBS, **_tasks(home, desk.speak))


def _tasks(home: HomeView, speak: Translator) -> dict[str, Any]:
    return {"mine": [_card(task, speak) for task in home.mine], "others": [_card(task, speak) for task in home.others]}


def _card(task: Task, speak: Translator) -> dict[str, Any]:
    text, icon, address = TASKS[task.kind]
    return {
        "text": speak.gettext(text, key=_named(task, speak)),
        "icon": icon,
        "address": address.format(key=task.key),
        "count": task.count,
        "amount_cents": task.amount_cents,
    }


def _named(task: Task, speak: Translator) -> str:
    return speak.month(Month.parse(task.key)) if task.kind in OF_A_MONTH else task.key


@router.get("/pictures/fund.svg")
def show_fund_picture(desk: Desk) -> Response:
    """The fund's money as bars."""
    return _picture(desk, is_narrow=False)


@router.get("/pictures/fund-narrow.svg")
def show_narrow_fund_picture(desk: Desk) -> Response:
    """The same for small screens."""
    return _picture(desk, is_narrow=True)


def _picture(desk: Desk, *, is_narrow: bool) -> Response:
    with desk.reading() as context:
        fund = read_balances(context).fund
    return displayed(fund_picture(fund, desk.speak, is_narrow=is_narrow), "image/svg+xml", "fund.svg")
