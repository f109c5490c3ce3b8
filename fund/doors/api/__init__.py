"""The HTTP door: the use cases under ``/api/v1``, documented in OpenAPI, for programs and the pages to come."""

from typing import Any

from fastapi import FastAPI

from fund.app import App
from fund.doors.api.banking import bank
from fund.doors.api.books import audit, documents
from fund.doors.api.desk import day_confirmations, health, proposals, search
from fund.doors.api.households import households
from fund.doors.api.landlords import contacts, landlords
from fund.doors.api.money import money, set_offs
from fund.doors.api.openapi import document
from fund.doors.api.payouts import controls, exports, payments, runs
from fund.doors.api.statements import mail
from fund.doors.api.users import people, users
from fund.doors.http.problems import add_problem_handlers
from fund.doors.http.watch import Watch

PREFIX = "/api/v1"


def create_api(app: App, scheduler: Any | None = None) -> FastAPI:
    """The API of one fund's service. ``scheduler`` is the one that runs in this process, if one does."""
    api = FastAPI(
        title="Rent contribution fund",
        version="1",
        description=__doc__,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.fund, api.state.scheduler = app, scheduler
    api.include_router(health.router)
    for router in (
        money.routes,
        landlords.routes,
        contacts.routes,
        households.routes,
        runs.routes,
        payments.routes,
        payments.uploads,
        bank.routes,
        set_offs.routes,
        exports.routes,
        controls.routes,
        documents.routes,
        mail.routes,
        audit.routes,
        day_confirmations.routes,
        proposals.routes,
        search.routes,
        people.logins,
        users.invitations,
        people.routes,
        users.routes,
    ):
        api.include_router(router, prefix=PREFIX)
    add_problem_handlers(api)
    api.add_middleware(Watch)
    document(api)
    return api
