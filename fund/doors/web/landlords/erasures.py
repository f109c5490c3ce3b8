"""Landlords whose personal data is to be forgotten: the finance office asks, an admin carries it out."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.domain import access
from fund.domain.texts import Message
from fund.doors.http.fields import LandlordCode
from fund.doors.web.decisions import Nothing
from fund.doors.web.forms import Form
from fund.doors.web.page_requests import Done
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.context import Context
from fund.services.landlords import erasure

router = APIRouter(prefix="/erasures", route_class=PageRoute)


class AskForm(Form):
    """Whose data is needed no more."""

    landlord: LandlordCode


@router.get("")
def list_erasures(desk: Desk, filled: Blank) -> Response:
    """What was asked for, what was done, and the form to ask."""
    with desk.reading() as context:
        rows = erasure.list_erasures(context)
    role = desk.actor.role
    return desk.page(
        "erasures.html", form=filled, rows=rows, may_ask=role in access.FINANCE, may_erase=role == access.ADMIN
    )


@router.post("")
@form_on(list_erasures)
def ask_erasure(context: Context, form: AskForm) -> Done:
    """Ask for a landlord's erasure; nothing is erased yet."""
    erasure.ask_erasure(context, form.landlord)
    return Done("/erasures", Message("The erasure waits for an admin."))


@router.get("/{landlord}")
def show_erasure(desk: Desk, filled: Blank, landlord: LandlordCode) -> Response:
    """What an admin is about to erase for ever."""
    desk.actor.must_be(access.ADMIN)
    with desk.reading() as context:
        row = erasure.read_erasure(context, landlord)
    return desk.page("erasure.html", form=filled, row=row)


@router.post("/{landlord}")
@form_on(show_erasure, asks_code=True)
def erase_landlord(context: Context, _form: Nothing, landlord: LandlordCode) -> Done:
    """Erase it; the second factor is asked for once more."""
    erasure.erase_landlord(context, landlord)
    return Done("/erasures", Message("The personal data of %(landlord)s is erased.", {"landlord": landlord}))
