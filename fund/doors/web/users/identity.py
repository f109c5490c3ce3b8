"""The login by the city's own identity provider, where there is one: there, and back."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from fund.domain.access import SYSTEM
from fund.domain.errors import IdentityRefused, NotFound
from fund.doors.transaction import reading, writing_unchecked
from fund.doors.web import cookies
from fund.doors.web.page_requests import PageRequest, safe_path
from fund.doors.web.requests import Desk, OpenPage
from fund.doors.web.users.identity_provider import identify, login_address
from fund.doors.web.users.sign_in import StepForm, begin
from fund.services.users import sign_in, users
from fund.services.users.sign_in import Asked
from fund.settings import IdentityProvider

router = APIRouter(prefix="/login/provider", route_class=OpenPage)
Text = Annotated[str, Query(max_length=4000)]


def _provider(desk: PageRequest) -> IdentityProvider:
    provider = desk.app.settings.provider
    if provider is None:
        raise NotFound("identity", "OpenID Connect")
    return provider


def _back(desk: PageRequest) -> str:
    """The address that the provider sends browsers back to, as it is registered there."""
    return f"{desk.address}/login/provider/back"


@router.post("")
def leave(desk: Desk) -> Response:
    """To the provider, with a state that only this browser can bring back."""
    provider = _provider(desk)
    going_to = safe_path(desk.form(StepForm).next)
    state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    asked = Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(48), going_to)
    address = login_address(provider, _back(desk), state=state, asked=asked)
    with writing_unchecked(desk.app, SYSTEM) as context:
        sign_in.ask_provider(context, state=state, browser=browser, asked=asked)
    response = desk.page("login_provider.html", address=address)
    response.headers["Refresh"] = f"0; url={address}"  # a redirection from a form may not leave this host (form-action)
    cookies.set_cookie(response, cookies.PROVIDER, browser, https=desk.https)
    return response


@router.get("/back")
def come_back(desk: Desk, state: Text = "", code: Text = "") -> Response:
    """Back from the provider: once what it says is proved, and its person is a user here, on to the door.

    The one page that changes something by GET, because the standard has it so; the state makes it this browser's.
    """
    provider = _provider(desk)
    browser = cookies.read_cookie(desk.request, cookies.PROVIDER, https=desk.https) or ""
    with writing_unchecked(desk.app, SYSTEM) as context:
        asked = sign_in.take_answer(context, state=state, browser=browser)
        at = context.at
    if not code:
        raise IdentityRefused("provider-failed")
    identity = identify(provider, _back(desk), code=code, asked=asked, at=at)
    with reading(desk.app, SYSTEM) as context:
        actor = users.find_by_identity(context, identity.subject)
    response = begin(desk, actor, asked.going_to, factor_given=identity.has_second_factor)
    cookies.drop_cookie(response, cookies.PROVIDER, https=desk.https)
    return response
