"""How a landlord is reached: e-mail and language by the preparer, name and contact by two people."""

from fund.domain.access import PREPARER
from fund.domain.texts import N_
from fund.doors.http.inputs import ContactChangeInput, CorrespondenceInput
from fund.doors.web.acts import Act, proposal
from fund.doors.web.landlords.landlord_acts import ONE
from fund.services.landlords import contacts

CORRESPONDENCE = Act(
    "/landlords/{landlord}/correspondence",
    N_("Change e-mail or language"),
    N_("Change"),
    CorrespondenceInput,
    (PREPARER,),
    ONE,
    contacts.change_correspondence,
    N_("E-mail and language are changed."),
    N_("Another e-mail ends every personal link and visit of before; what was not sent yet goes to the new address."),
)
PROPOSE = proposal(
    contacts.CONTACT,
    contacts.propose_change,
    "/landlords/{landlord}/contact-changes/new",
    N_("Propose another name or contact"),
    ContactChangeInput,
    ONE,
    N_("Both stay as they are until another person has called the landlord back by the contact on file and confirmed."),
    message=N_("The change is proposed; another person confirms it."),
)
ACTS = (CORRESPONDENCE, PROPOSE)
