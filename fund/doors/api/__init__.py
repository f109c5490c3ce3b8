"""The HTTP door: the use cases under ``/api/v1``, documented in OpenAPI, for programs and the pages to come."""

from typing import Any

from fastapi import FastAPI

from fund.app import App
from fund.doors.api.openapi import document
from fund.doors.api.problems import add_problem_handlers
from fund.doors.api.routes import (
    audit,
    bank,
    contacts,
    controls,
    day_confirmations,
    exports,
    health,
    households,
    landlords,
    money,
    papers,
    payments,
    people,
    post,
    runs,
    set_offs,
    users,
)
from fund.doors.api.watch import Watch

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
        money.router,
        landlords.router,
        contacts.router,
        households.router,
        runs.router,
        payments.router,
        payments.uploads,
        bank.router,
        set_offs.router,
        exports.router,
        controls.router,
        papers.router,
        post.router,
        audit.router,
        day_confirmations.router,
        people.logins,
        users.invitations,
        people.router,
        users.router,
    ):
        api.include_router(router, prefix=PREFIX)
    add_problem_handlers(api)
    api.add_middleware(Watch)
    document(api)
    return api
