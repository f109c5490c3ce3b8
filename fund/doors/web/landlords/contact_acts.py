"""How a landlord is reached: e-mail and language by the preparer, name and contact by two people."""

from fund.domain.access import PREPARER
from fund.domain.texts import N_, Message
from fund.doors.http.inputs import ContactChangeInput, CorrespondenceInput
from fund.doors.web.acts import Act, Places
from fund.doors.web.breadcrumbs import LANDLORD, LANDLORDS
from fund.doors.web.landlords.landlord_acts import of_landlord, page_of
from fund.doors.web.page_requests import Done
from fund.services.context import Context
from fund.services.landlords import contacts


def _write_elsewhere(context: Context, places: Places, form: CorrespondenceInput) -> Done:
    contacts.change_correspondence(context, places["landlord"], **form.facts())
    return Done(page_of(places), Message("E-mail and language are changed."))


def _propose(context: Context, places: Places, form: ContactChangeInput) -> Done:
    number = contacts.propose_change(context, landlord=places["landlord"], **form.facts())
    return Done(f"/proposals/{number}", Message("The change is proposed; another person confirms it."))


CORRESPONDENCE = Act(
    "/landlords/{landlord}/correspondence",
    N_("Change e-mail or language"),
    N_("Change"),
    CorrespondenceInput,
    (PREPARER,),
    _write_elsewhere,
    of_landlord,
    (LANDLORDS, LANDLORD),
    N_("Another e-mail ends every personal link and visit of before; what was not sent yet goes to the new address."),
)
PROPOSE = Act(
    "/landlords/{landlord}/contact-changes/new",
    N_("Propose another name or contact"),
    N_("Propose"),
    ContactChangeInput,
    (PREPARER,),
    _propose,
    of_landlord,
    (LANDLORDS, LANDLORD),
    N_("Both stay as they are until another person has called the landlord back by the contact on file and confirmed."),
)
ACTS = (CORRESPONDENCE, PROPOSE)
