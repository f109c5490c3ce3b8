"""How a landlord is reached: e-mail and language change at once, name and contact by two people."""

from fastapi import APIRouter

from fund.doors.api.answers import Items
from fund.doors.api.landlords.landlords import LandlordJson, read_masked
from fund.doors.api.openapi import APPROVES, LOOKS_UP, WRITES
from fund.doors.http.fields import LandlordCode, RowId
from fund.doors.http.inputs import ConfirmationInput, ContactChangeInput, CorrespondenceInput
from fund.doors.http.requests import GuardedRoute, Read, approving, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.landlords import contacts
from fund.services.landlords.contacts import ContactChangeFull, ContactChangeView

router = APIRouter(prefix="/landlords/{landlord}", tags=["landlords"], route_class=GuardedRoute)


@router.post(
    "/correspondence",
    summary="Change a landlord's e-mail and language",
    response_model=Shown[LandlordJson],
    responses=WRITES,
)
@transactional
def change_correspondence(context: Context, landlord: LandlordCode, body: CorrespondenceInput) -> LandlordJson:
    """Another e-mail ends every personal link and session of before; what was not sent yet goes to the new address."""
    contacts.change_correspondence(context, landlord, **body.facts())
    return read_masked(context, landlord)


@router.get("/contact-changes", summary="Changes of a landlord's name and contact", responses=LOOKS_UP)
def list_contact_changes(read: Read, landlord: LandlordCode) -> Items[Shown[ContactChangeFull]]:
    """Newest first. Names and contacts are for the finance office alone."""
    with read() as context:
        return {"items": contacts.list_changes(context, landlord)}


@router.post(
    "/contact-changes",
    summary="Propose another name or contact",
    status_code=201,
    response_model=Shown[ContactChangeView],
    responses=WRITES,
)
@transactional
def propose_contact_change(context: Context, landlord: LandlordCode, body: ContactChangeInput) -> ContactChangeView:
    """Nothing changes before another person confirms it. A landlord has one open change at a time."""
    change = contacts.propose_change(context, landlord=landlord, **body.facts())
    return _change(context, landlord, change)


@router.post(
    "/contact-changes/{change}/confirm",
    summary="Confirm another name or contact",
    response_model=Shown[ContactChangeView],
    responses=APPROVES,
)
@approving
def confirm_contact_change(
    context: Context, landlord: LandlordCode, change: RowId, body: ConfirmationInput
) -> ContactChangeView:
    """By another person, with the day of the call-back to the contact on file until now.

    A new contact is good for no account that was proposed before its cooling-off time is over.
    """
    contacts.confirm_change(context, landlord, change, called_back_on=body.called_back_on)
    return _change(context, landlord, change)


@router.post(
    "/contact-changes/{change}/reject",
    summary="Reject another name or contact",
    response_model=Shown[ContactChangeView],
    responses=WRITES,
)
@transactional
def reject_contact_change(context: Context, landlord: LandlordCode, change: RowId) -> ContactChangeView:
    """A proposed change is not taken."""
    contacts.reject_change(context, landlord, change)
    return _change(context, landlord, change)


def _change(context: Context, landlord: str, change: int) -> ContactChangeView:
    return contacts.read_change(context, landlord, change)
