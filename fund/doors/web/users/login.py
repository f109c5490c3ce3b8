"""Login, logout, and the choice of language."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from fund.domain.errors import FundError, InvalidInput, NotAuthenticated
from fund.domain.texts import Message
from fund.doors import attempts
from fund.doors.http.requests import client_address
from fund.doors.transaction import writing_unchecked
from fund.doors.web import cookies
from fund.doors.web.forms import EMPTY, Filled, Form
from fund.doors.web.page_requests import SESSION_ENDED, PageRequest
from fund.doors.web.requests import Desk, OpenPage
from fund.doors.web.users.sign_in import Next, StepForm, asked_page, begin, step_page
from fund.services.users import sessions
from fund.settings import LANGUAGES

router = APIRouter(route_class=OpenPage)
MAX_ADDRESS = 32 * 1024
"""The longest question of the reading room, each sign of it escaped, fits in."""
WRONG_LOGIN = Message("Login or password is not right. Mind upper and lower case, and try again.")


class LoginForm(StepForm):
    """Who comes in."""

    login: Annotated[str, Field(max_length=100)]
    password: Annotated[str, Field(max_length=1000)]


class LanguageForm(Form):
    """The language that pages are shown in, and the page that asked."""

    language: Annotated[str, Field(pattern=f"^({'|'.join(LANGUAGES)})$")]
    next: Annotated[str, Field(max_length=MAX_ADDRESS)] = "/"


@router.get("/login")
def show_login(desk: Desk, asked: Next = "/", why: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form to log in with, and why it is shown; a user with a session goes on."""
    return desk.go(asked) if desk.login else _login_page(desk, EMPTY, asked, has_ended=why == SESSION_ENDED)


def _login_page(desk: PageRequest, filled: Filled, asked: str, *, has_ended: bool = False) -> Response:
    has_provider = desk.app.settings.provider is not None
    is_kept = cookies.read_cookie(desk.request, cookies.KEPT_FORM, https=desk.https) is not None
    more = {"has_provider": has_provider, "has_ended": has_ended, "is_kept": is_kept}
    return step_page(desk, "login.html", "/login", filled, asked, **more)


@router.post("/login")
def log_in(desk: Desk) -> Response:
    """The password is right: on to what else is asked of this person, or in."""
    asked = asked_page(desk)
    try:
        form = desk.form(LoginForm)
        address = client_address(desk.request)
        actor = attempts.log_in(desk.app, form.login, form.password, address=address, mark_of=desk.mark_of)
    except FundError as refused:
        if isinstance(refused, NotAuthenticated):
            refused = InvalidInput([{"path": "password", "message": WRONG_LOGIN}])
        return desk.again(refused, lambda filled: _login_page(desk, filled, asked))
    return begin(desk, actor, asked)


@router.post("/logout")
def log_out(desk: Desk) -> Response:
    """End the session, here and in SQL."""
    if desk.login and desk.secret:
        with writing_unchecked(desk.app, desk.actor) as context:
            sessions.end_session(context, desk.secret)
    response = desk.go("/login")
    cookies.drop_cookie(response, cookies.SESSION, https=desk.https)
    return response


@router.post("/language")
def choose_language(desk: Desk) -> Response:
    """Speak another language from now on, in this browser."""
    form = desk.form(LanguageForm)
    response = desk.go(form.next)
    seconds = cookies.LANGUAGE_SECONDS
    cookies.set_cookie(response, cookies.LANGUAGE, form.language, https=desk.https, seconds=seconds)
    return response
