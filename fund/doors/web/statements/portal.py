"""What landlords see: the page that a link leads to, their position, their statements, and the way to a new link."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from fund.documents.sheet import sheet_of
from fund.domain.access import SYSTEM
from fund.domain.agreement.model import Email
from fund.domain.errors import InvalidInput, LinkNotUsable, TooManyAttempts
from fund.doors.attempts import count
from fund.doors.http.fields import StatementNumber
from fund.doors.http.files import attachment
from fund.doors.http.requests import client_address
from fund.doors.jobs.mailing import ASK_PATH, LINK_PATH, PORTAL
from fund.doors.transaction import reading, writing_unchecked
from fund.doors.web import cookies
from fund.doors.web.forms import EMPTY, Filled, Form
from fund.doors.web.landlord_requests import Landlord, LandlordPage, PortalPage, speak_to
from fund.doors.web.page_requests import PageRequest
from fund.doors.web.problems import render_problem
from fund.doors.web.requests import Desk
from fund.doors.web.users.login import choose_language
from fund.services.statements import links, statements

open_router = APIRouter(prefix=PORTAL, route_class=PortalPage)
router = APIRouter(prefix=PORTAL, route_class=LandlordPage)
Secret = Annotated[str, Path(max_length=200)]


class LinkRequestForm(Form):
    """A link is exchanged."""

    secret: Annotated[str, Field(max_length=200)]


class AddressForm(Form):
    """A request for a link."""

    address: Email


@open_router.get(LINK_PATH.removeprefix(PORTAL) + "/{secret}")
def show_link(desk: Desk, secret: Secret, lang: Annotated[str, Query(max_length=10)] = "") -> Response:
    """What a link leads to: one button. Nothing is asked of the database, because mail scanners follow links too."""
    speak_to(desk, lang)
    return desk.page("landlord/link.html", secret=secret)


@open_router.post(LINK_PATH.removeprefix(PORTAL))
def exchange_link(desk: Desk) -> Response:
    """The link is used up, and the browser has a session of the landlord's."""
    secret = desk.form(LinkRequestForm).secret
    session_secret = secrets.token_urlsafe(32)
    try:
        with writing_unchecked(desk.app, SYSTEM) as context:
            links.exchange_link(context, secret=secret, session_secret=session_secret)
    except LinkNotUsable as refused:
        problem = render_problem(refused, desk.speak)
        return desk.page("landlord/unusable.html", status=int(problem["status"]), problem=problem)
    response = desk.go(PORTAL)
    cookies.set_cookie(response, cookies.LANDLORD, session_secret, https=desk.https)
    return response


@open_router.get(ASK_PATH.removeprefix(PORTAL))
def show_request(desk: Desk) -> Response:
    """The form to ask for a link with."""
    return _request_page(desk, EMPTY)


def _request_page(desk: PageRequest, filled: Filled) -> Response:
    return desk.page("landlord/ask.html", form=filled, asked=False)


@open_router.post(ASK_PATH.removeprefix(PORTAL))
def request_link(desk: Desk) -> Response:
    """Ask for a link. The answer, and the work until it, do not depend on whether the address is on file."""
    try:
        address = desk.form(AddressForm).address
        count(desk.app, "link", address, address=client_address(desk.request))
    except (InvalidInput, TooManyAttempts) as refused:
        return desk.again(refused, lambda filled: _request_page(desk, filled))
    with writing_unchecked(desk.app, SYSTEM) as context:
        links.request_link(context, address)
    return desk.page("landlord/ask.html", form=EMPTY, asked=True)


open_router.add_api_route("/language", choose_language, methods=["POST"])
# the switch of these pages, whose forms know nothing of a colleague's session


@router.get("")
def show_position(session: Landlord) -> Response:
    """What was approved, paid and is owed, month by month, and the statements issued."""
    desk = session.desk
    with reading(desk.app, session.actor) as context:
        position = statements.read_own_position(context)
    speak_to(desk, position.language)
    return desk.page("landlord/position.html", position=position, sheet=sheet_of(position.now, desk.speak))


@router.get("/statements/{number}.pdf")
def download_statement(session: Landlord, number: StatementNumber) -> Response:
    """A statement of one's own, as it was issued."""
    with reading(session.desk.app, session.actor) as context:
        pdf = statements.read_own_pdf(context, number)
    return attachment(pdf, "application/pdf", f"{number}.pdf")


@router.post("/leave")
def leave(session: Landlord) -> Response:
    """The session ends, here and in SQL."""
    with writing_unchecked(session.desk.app, session.actor) as context:
        links.end_session(context, session.secret)
    response = session.desk.go(ASK_PATH)
    cookies.drop_cookie(response, cookies.LANDLORD, https=session.desk.https)
    return response
