"""How a landlord is reached: e-mail and language by the preparer, name and contact by two people."""

from fund.domain.access import PREPARER
from fund.domain.texts import N_
from fund.doors.http.inputs import ContactChangeInput, CorrespondenceInput
from fund.doors.web.acts import Act, done, proposal
from fund.doors.web.breadcrumbs import LANDLORD, LANDLORDS
from fund.doors.web.landlords.landlord_acts import of_landlord
from fund.services.landlords import contacts

CORRESPONDENCE = Act(
    "/landlords/{landlord}/correspondence",
    N_("Change e-mail or language"),
    N_("Change"),
    CorrespondenceInput,
    (PREPARER,),
    done(contacts.change_correspondence, LANDLORD, N_("E-mail and language are changed.")),
    of_landlord,
    (LANDLORDS, LANDLORD),
    N_("Another e-mail ends every personal link and visit of before; what was not sent yet goes to the new address."),
)
PROPOSE = proposal(
    contacts.CONTACT,
    contacts.propose_change,
    "/landlords/{landlord}/contact-changes/new",
    N_("Propose another name or contact"),
    ContactChangeInput,
    of_landlord,
    (LANDLORDS, LANDLORD),
    N_("Both stay as they are until another person has called the landlord back by the contact on file and confirmed."),
    said=N_("The change is proposed; another person confirms it."),
)
ACTS = (CORRESPONDENCE, PROPOSE)
