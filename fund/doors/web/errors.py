"""Every refusal as a page that says what to do next, and where to go."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from fund.domain.errors import FundError, NotAuthenticated
from fund.doors.jobs.mailing import ASK_PATH
from fund.doors.web.landlord_visits import is_portal
from fund.doors.web.problems import told, told_status
from fund.doors.web.visits import Visit, language_of, look_in


def error_page(visit: Visit, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a page; of a form, with the way ``back`` to where it was filled in."""
    template = "landlord/error.html" if is_portal(visit.request) else "error.html"
    is_form = visit.request.method == "POST"
    response = visit.page(template, status=int(problem["status"]), problem=problem, is_form=is_form)
    response.headers.update(headers or {})
    return response


def failure_page(request: Request, status: int) -> Response:
    """The page when the service itself failed: drawn without asking the database anything."""
    visit = getattr(request.state, "visit", None) or _unknown(request)
    return error_page(visit, told_status(status, visit.language))


def _unknown(request: Request) -> Visit:
    app = request.app.state.fund
    return Visit(app, request, language_of(request, app))


def add_error_pages(web: FastAPI) -> None:
    """Answer refusals, addresses that do not fit and bare statuses with pages."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, FundError)
        visit = _visit(request)
        if isinstance(error, NotAuthenticated):
            return _to_login(request)
        return error_page(visit, told(error, visit.language))

    def not_there(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        visit = _visit(request)
        return error_page(visit, told_status(404, visit.language))

    def bare(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        visit = _visit(request)
        return error_page(visit, told_status(error.status_code, visit.language), error.headers)

    web.add_exception_handler(FundError, refused)
    web.add_exception_handler(RequestValidationError, not_there)
    web.add_exception_handler(HTTPException, bare)


def _visit(request: Request) -> Visit:
    visit = getattr(request.state, "visit", None)
    if isinstance(visit, Visit):
        return visit
    try:
        visit = look_in(request)
    except FundError:  # while the database fails, the page is drawn without it
        return _unknown(request)
    if is_portal(request):  # as on every page there, whoever works here is unknown
        visit.login = None
    return visit


def _to_login(request: Request) -> Response:
    """Log in first, and come back to the page that was asked for; landlords have a door of their own."""
    if is_portal(request):
        return RedirectResponse(ASK_PATH, 303)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = {"next": asked} if request.method == "GET" and asked != "/" else {}
    return RedirectResponse("/login" + (f"?{urlencode(back)}" if back else ""), 303)
