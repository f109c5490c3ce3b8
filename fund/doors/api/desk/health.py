"""Whether the service lives, and whether it is ready."""

from typing import NotRequired

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse
from typing_extensions import TypedDict

from fund.domain.access import SYSTEM
from fund.doors.api.openapi import problems
from fund.doors.http.requests import OpenRoute, fund_app
from fund.doors.transaction import reading
from fund.services.day_confirmations import clock_refusal

router = APIRouter(tags=["health"], route_class=OpenRoute)


class HealthJson(TypedDict):
    """``ready``, or ``waiting`` where all can be read and nothing written; ``reason`` is the name of that refusal."""

    status: str
    reason: NotRequired[str]


@router.get("/healthz", summary="The process answers")
def healthz() -> HealthJson:
    """Says nothing of the database."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="Database migrated, books in step",
    responses=problems(500, 503),
    response_model=HealthJson,
)
def readyz(request: Request) -> JSONResponse:
    """Ready when the database has this program's schema, and the books hold nothing that the journal does not.

    Otherwise the problem names what differs. It is ``waiting`` while the clock is behind the journal, or its day has to
    be confirmed by a person at the pages.
    """
    app = fund_app(request)
    with reading(app, SYSTEM) as context:
        app.database.check_schema()
        app.books.publish()
        refusal = clock_refusal(context)
    return JSONResponse({"status": "ready"} if refusal is None else {"status": "waiting", "reason": refusal.code})
