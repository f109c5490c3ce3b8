"""Landlords whose personal data is to be forgotten: the finance office asks, an admin carries it out."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.domain import access
from fund.domain.texts import Message
from fund.doors.http.fields import LandlordCode
from fund.doors.web.forms import EMPTY, CodeAgain, Filled, Form
from fund.doors.web.page_requests import Done, PageRequest
from fund.doors.web.requests import Desk, PageRoute
from fund.services.context import Context
from fund.services.landlords import erasure

router = APIRouter(prefix="/erasures", route_class=PageRoute)


class AskForm(Form):
    """Whose data is needed no more."""

    landlord: LandlordCode


@router.get("")
def list_erasures(desk: Desk) -> Response:
    """What was asked for, what was done, and the form to ask."""
    return _list_page(desk, EMPTY)


def _list_page(desk: PageRequest, filled: Filled) -> Response:
    with desk.reading() as context:
        rows = erasure.list_erasures(context)
    role = desk.actor.role
    return desk.page(
        "erasures.html", form=filled, rows=rows, may_ask=role in access.FINANCE, may_erase=role == access.ADMIN
    )


@router.post("")
def ask_erasure(desk: Desk) -> Response:
    """Ask for a landlord's erasure; nothing is erased yet."""

    def act(context: Context, form: AskForm) -> Done:
        erasure.ask_erasure(context, form.landlord)
        return Done("/erasures", Message("The erasure waits for an admin."))

    return desk.submit(AskForm, act, lambda filled: _list_page(desk, filled))


@router.get("/{landlord}")
def show_erasure(desk: Desk, landlord: LandlordCode) -> Response:
    """What an admin is about to erase for ever."""
    return _erase_page(desk, landlord, EMPTY)


def _erase_page(desk: PageRequest, landlord: str, filled: Filled) -> Response:
    desk.actor.must_be(access.ADMIN)
    with desk.reading() as context:
        row = erasure.read_erasure(context, landlord)
    return desk.page("erasure.html", form=filled, row=row)


@router.post("/{landlord}")
def erase_landlord(desk: Desk, landlord: LandlordCode) -> Response:
    """Erase it; the second factor is asked for once more."""

    def act(context: Context, _form: CodeAgain) -> Done:
        erasure.erase_landlord(context, landlord)
        return Done("/erasures", Message("The personal data of %(landlord)s is erased.", {"landlord": landlord}))

    return desk.submit(CodeAgain, act, lambda filled: _erase_page(desk, landlord, filled), asks_code=True)
