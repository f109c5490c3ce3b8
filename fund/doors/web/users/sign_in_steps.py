"""Steps of the sign-in after the password: setting up a second factor, or giving a code of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from fund.documents.qr import qr_image
from fund.domain.access import Actor
from fund.domain.errors import FundError
from fund.doors import attempts
from fund.doors.attempts import counted
from fund.doors.secrets import new_recovery_codes
from fund.doors.transaction import letting_in, reading, writing_unchecked
from fund.doors.web.forms import EMPTY, Filled
from fund.doors.web.page_requests import PageRequest, safe_path
from fund.doors.web.requests import Desk, OpenPage
from fund.doors.web.users.sign_in import Next, StepForm, admit, asked_page, proceed, signing_in, step_page
from fund.services.users import second_factor, sign_in
from fund.services.users.sign_in import SigningIn, Step

router = APIRouter(prefix="/login", route_class=OpenPage)


@dataclass(frozen=True, slots=True)
class WaitingSecret:
    """A secret as its page shows it: the letters in groups of four, and the picture for a device's camera."""

    secret: str
    picture: str

    @property
    def groups(self) -> str:
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


class CodeForm(StepForm):
    """A code of the second factor."""

    one_time_code: Annotated[str, Field(max_length=50)]


@router.get("/set-up")
def show_set_up(desk: Desk, asked: Next = "/") -> Response:
    """The secret for one's device, as a picture and as text, until a first code has confirmed it."""
    _, found = signing_in(desk)
    if found.step is not Step.SET_UP_FACTOR:
        return _elsewhere(found)
    return _set_up_page(desk, found.actor, EMPTY, asked)


def _set_up_page(desk: PageRequest, actor: Actor, filled: Filled, asked: str) -> Response:
    waiting = waiting_secret(desk, actor)
    if waiting is None:  # another login of the same person has drawn another secret, or confirmed it
        return desk.go("/login")
    return step_page(desk, "login_set_up.html", "/login/set-up", filled, asked, waiting=waiting)


def waiting_secret(desk: PageRequest, actor: Actor) -> WaitingSecret | None:
    """The secret that waits for its first code, if one does."""
    with reading(desk.app, actor) as context:
        secret = second_factor.secret_to_confirm(context, desk.app.vault)
        if secret is None:
            return None
        return WaitingSecret(secret, qr_image(second_factor.address(context, secret)))


@router.post("/set-up")
def set_up(desk: Desk) -> Response:
    """The first code confirms the device. The recovery codes are shown now and never again, and the door is open."""
    secret, found = signing_in(desk)
    if found.step is not Step.SET_UP_FACTOR:
        return _elsewhere(found)
    codes = new_recovery_codes()
    try:
        form = desk.form(CodeForm)
        begin = letting_in(desk.app, found.actor, found.actor.role)
        with counted(desk.app, "second-factor", found.actor.code), begin as context:
            second_factor.confirm(context, desk.app.vault, form.one_time_code, codes)
            sign_in.accept_code(context, secret)
    except FundError as refused:
        return desk.again(refused, lambda filled: _set_up_page(desk, found.actor, filled, asked_page(desk)))
    shown = desk.page("recovery_codes.html", codes=codes, next=safe_path(form.next), back=None)
    return admit(desk, secret, found.actor, shown)


@router.get("/code")
def show_code(desk: Desk, asked: Next = "/") -> Response:
    """The form for a code of the second factor."""
    _, found = signing_in(desk)
    return _code_page(desk, EMPTY, asked) if found.step is Step.GIVE_CODE else _elsewhere(found)


def _code_page(desk: PageRequest, filled: Filled, asked: str) -> Response:
    return step_page(desk, "login_code.html", "/login/code", filled, asked)


@router.post("/code")
def give_code(desk: Desk) -> Response:
    """A code, or a recovery code: then in."""
    secret, found = signing_in(desk)
    if found.step is not Step.GIVE_CODE:
        return _elsewhere(found)
    try:
        form = desk.form(CodeForm)
        attempts.check_code(desk.app, found.actor, form.one_time_code, is_required=True)
    except FundError as refused:
        return desk.again(refused, lambda filled: _code_page(desk, filled, asked_page(desk)))
    with writing_unchecked(desk.app, found.actor) as context:
        sign_in.accept_code(context, secret)
    return proceed(desk, secret, form.next)


def _elsewhere(found: SigningIn) -> Response:
    """The page of another step than the next one was asked for: on to the right one, and nothing is changed."""
    return RedirectResponse("/login" if found.step is Step.DONE else f"/login/{found.step.value}", 303)
