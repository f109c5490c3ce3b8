"""How a landlord is reached: e-mail and language by the preparer, name and contact by two people."""

from typing import Annotated

from fund.documents.tables import Fact
from fund.domain.access import APPROVER, FINANCE, PREPARER
from fund.domain.texts import N_, Message
from fund.doors.http.fields import IsoDay
from fund.doors.http.inputs import CALLED_BACK_ON, ConfirmationInput, ContactChangeInput, CorrespondenceInput
from fund.doors.web.acts import Act, Places, Setting
from fund.doors.web.breadcrumbs import LANDLORD, LANDLORDS
from fund.doors.web.decisions import Nothing
from fund.doors.web.landlords.landlord_acts import of_landlord, page_of
from fund.doors.web.page_requests import Done
from fund.services.context import Context
from fund.services.landlords import contacts


class CallBackForm(ConfirmationInput):
    """The same for a contact, which is never confirmed without a call-back."""

    called_back_on: Annotated[IsoDay, CALLED_BACK_ON]


def _write_elsewhere(context: Context, places: Places, form: CorrespondenceInput) -> Done:
    contacts.change_correspondence(context, places["landlord"], **form.facts())
    return Done(page_of(places), Message("E-mail and language are changed."))


def _propose(context: Context, places: Places, form: ContactChangeInput) -> Done:
    contacts.propose_change(context, landlord=places["landlord"], **form.facts())
    return Done(page_of(places), Message("The change is proposed; another person confirms it."))


def _confirm(context: Context, places: Places, form: CallBackForm) -> Done:
    contacts.confirm_change(context, places["landlord"], places["change"], called_back_on=form.called_back_on)
    return Done(page_of(places), Message("The change is confirmed."))


def _reject(context: Context, places: Places, _: Nothing) -> Done:
    contacts.reject_change(context, places["landlord"], places["change"])
    return Done(page_of(places), Message("The change is not taken."))


def _of_change(context: Context, places: Places) -> Setting:
    view = contacts.read_change(context, places["landlord"], places["change"])
    facts = [
        *of_landlord(context, places).facts,
        Fact(N_("new name"), view.name),
        Fact(N_("new contact"), view.contact),
        Fact(N_("state"), view.state, "state"),
        Fact(N_("proposed by"), view.proposed_by),
        Fact(N_("proposed on"), view.proposed_on, "day"),
    ]
    return Setting(facts)


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
CONFIRM = Act(
    "/landlords/{landlord}/contact-changes/{change}/confirm",
    N_("Confirm name or contact"),
    N_("Confirm the change"),
    CallBackForm,
    (APPROVER,),
    _confirm,
    _of_change,
    (LANDLORDS, LANDLORD),
    N_(
        "Call the landlord back by the contact that is on file now. A new contact is good for no account that was"
        " proposed before its cooling-off time is over; about a new name the bank is asked again."
    ),
    asks_code=True,
)
REJECT = Act(
    "/landlords/{landlord}/contact-changes/{change}/reject",
    N_("Reject name or contact"),
    N_("Reject the change"),
    Nothing,
    FINANCE,
    _reject,
    _of_change,
    (LANDLORDS, LANDLORD),
    is_danger=True,
)

ACTS = (CORRESPONDENCE, PROPOSE, CONFIRM, REJECT)
OF_CHANGE = {"proposed": (CONFIRM, REJECT)}
"""What can be done with a change by its state."""
