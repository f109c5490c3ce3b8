"""An invitation is accepted: its user chooses a password, and then logs in with it."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from fund.domain.errors import FundError, InvalidInput
from fund.domain.texts import Message
from fund.doors import attempts
from fund.doors.http.requests import client_address
from fund.doors.web.forms import EMPTY, Filled, Form
from fund.doors.web.page_requests import PageRequest
from fund.doors.web.requests import Desk, OpenPage

router = APIRouter(prefix="/invitation", route_class=OpenPage)
Typed = Annotated[str, Field(max_length=1000)]


class NewPasswordForm(Form):
    """A password that one chooses, typed twice."""

    new_password: Typed
    again_password: Typed

    def check_same(self) -> None:
        """Raises ``InvalidInput`` if the two are not the same."""
        if self.new_password != self.again_password:
            raise InvalidInput([{"path": "again_password", "message": Message("is not the same as the new password")}])


class InvitationForm(NewPasswordForm):
    """The invitation of a user, and the password that they choose."""

    login: Annotated[str, Field(max_length=100)]
    secret: Annotated[str, Field(max_length=100)]


@router.get("")
def show_invitation(desk: Desk) -> Response:
    """The form for an invitation's secret and a password; a user who is logged in goes on."""
    return desk.go("/") if desk.login else _page(desk, EMPTY)


def _page(desk: PageRequest, filled: Filled) -> Response:
    return desk.page("invitation.html", form=filled)


@router.post("")
def accept_invitation(desk: Desk) -> Response:
    """Choose the password, and go on to the login."""
    try:
        form = desk.form(InvitationForm)
        form.check_same()
        address = client_address(desk.request)
        attempts.accept_invitation(desk.app, form.login, form.secret, form.new_password, address=address)
    except FundError as refused:
        return desk.again(refused, lambda filled: _page(desk, filled))
    return desk.done("/login", Message("Your password is chosen. Log in with it now."))
