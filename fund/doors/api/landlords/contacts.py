"""How a landlord is reached: e-mail and language change at once, name and contact by two people."""

from fund.doors.api.landlords.landlords import LandlordJson, read_masked
from fund.doors.api.routes import Routes
from fund.doors.http.fields import LandlordCode
from fund.doors.http.inputs import ContactChangeInput, CorrespondenceInput
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.landlords import contacts

routes = Routes("/landlords/{landlord}", tag="landlords")


@routes.write("/correspondence", "Change a landlord's e-mail and language")
def change_correspondence(context: Context, landlord: LandlordCode, body: CorrespondenceInput) -> JsonOf[LandlordJson]:
    """Another e-mail ends every personal link and session of before; what was not sent yet goes to the new address."""
    contacts.change_correspondence(context, landlord, **body.facts())
    return read_masked(context, landlord)


@routes.propose("/contact-changes", "Propose another name or contact")
def propose_contact_change(context: Context, landlord: LandlordCode, body: ContactChangeInput) -> int:
    """Another person confirms it, with the day of the call-back to the contact on file until now.

    A landlord has one open change at a time. A new contact is good for no account that is proposed before its
    cooling-off time is over.
    """
    return contacts.propose_change(context, landlord=landlord, **body.facts())
