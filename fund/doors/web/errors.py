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
from fund.doors.web import cookies
from fund.doors.web.back_link import back_link
from fund.doors.web.landlord_requests import is_portal
from fund.doors.web.page_requests import MAX_NEXT, SESSION_ENDED, PageRequest, language_of, read_page_request
from fund.doors.web.problems import FormNotOurs, render_problem, render_status


def error_page(
    page_request: PageRequest, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """A problem as a page; of a form, with the way ``back`` to where it was filled in."""
    template = "landlord/error.html" if is_portal(page_request.request) else "error.html"
    is_form = page_request.request.method == "POST"
    response = page_request.page(template, status=int(problem["status"]), problem=problem, is_form=is_form)
    response.headers.update(headers or {})
    return response


def failure_page(request: Request, status: int) -> Response:
    """The page when the service itself failed: drawn without asking the database anything."""
    page_request = getattr(request.state, "page_request", None) or _unknown(request)
    return error_page(page_request, render_status(status, page_request.language))


def _unknown(request: Request) -> PageRequest:
    app = request.app.state.fund
    return PageRequest(app, request, language_of(request, app))


def add_error_pages(web: FastAPI) -> None:
    """Answer refusals, addresses that do not fit and bare statuses with pages."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, FundError)
        page_request = _page_request(request)
        if isinstance(error, NotAuthenticated):
            return _to_login(request, page_request)
        response = error_page(page_request, render_problem(error, page_request.speak))
        if isinstance(error, FormNotOurs) and page_request.login is not None:
            page_request.keep_form(response)
        return response

    def not_there(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        page_request = _page_request(request)
        return error_page(page_request, render_status(404, page_request.language))

    def bare(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        page_request = _page_request(request)
        return error_page(page_request, render_status(error.status_code, page_request.language), error.headers)

    web.add_exception_handler(FundError, refused)
    web.add_exception_handler(RequestValidationError, not_there)
    web.add_exception_handler(HTTPException, bare)


def _page_request(request: Request) -> PageRequest:
    page_request = getattr(request.state, "page_request", None)
    if isinstance(page_request, PageRequest):
        return page_request
    try:
        page_request = read_page_request(request)
    except FundError:  # while the database fails, the page is drawn without it
        return _unknown(request)
    if is_portal(request):  # as on every page there, users' sessions do not count
        page_request.login = None
    return page_request


def _to_login(request: Request, page_request: PageRequest) -> Response:
    """Log in first, and come back to the page that was asked for, or whose form was sent; landlords have a door of
    their own. It is said where a session has ended.
    """
    if is_portal(request):
        return RedirectResponse(ASK_PATH, 303)
    is_step = request.method == "POST" and request.url.path.startswith("/login")
    asked = "/" if is_step else back_link(request)
    query = {"next": asked} if asked != "/" and len(asked) <= MAX_NEXT else {}
    if cookies.read_cookie(request, cookies.SESSION, https=page_request.https):
        query["why"] = SESSION_ENDED
    response = RedirectResponse("/login" + (f"?{urlencode(query)}" if query else ""), 303)
    if not is_step:
        page_request.keep_form(response)
    return response
