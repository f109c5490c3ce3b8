"""How a landlord is reached: e-mail and language change at once, name and contact by two people."""

from fastapi import APIRouter

from fund.domain.proposals import ProposalView
from fund.doors.api.landlords.landlords import LandlordJson, read_masked
from fund.doors.api.openapi import WRITES
from fund.doors.http.fields import LandlordCode
from fund.doors.http.inputs import ContactChangeInput, CorrespondenceInput
from fund.doors.http.requests import GuardedRoute, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk.proposals import read_proposal
from fund.services.landlords import contacts

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


@router.post(
    "/contact-changes",
    summary="Propose another name or contact",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_contact_change(context: Context, landlord: LandlordCode, body: ContactChangeInput) -> ProposalView:
    """Another person confirms it, with the day of the call-back to the contact on file until now.

    A landlord has one open change at a time. A new contact is good for no account that is proposed before its
    cooling-off time is over.
    """
    return read_proposal(context, contacts.propose_change(context, landlord=landlord, **body.facts()))
