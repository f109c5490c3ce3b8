"""What is done with landlords: registered, another IBAN proposed by one person and confirmed by another."""

from typing import Any

from fund.documents.tables import Fact
from fund.documents.words import LANGUAGE_NAMES
from fund.domain.access import PREPARER, READERS
from fund.domain.agreement.model import LandlordFacts
from fund.domain.texts import N_, Message
from fund.doors.http.inputs import AccountInput, LandlordInput, RfReferenceInput, StatementInput
from fund.doors.rendering import render_statement
from fund.doors.web.acts import About, Act, Places, Setting, proposal
from fund.doors.web.breadcrumbs import LANDLORD, LANDLORDS
from fund.doors.web.decisions import Nothing
from fund.doors.web.page_requests import Done
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.landlords import contacts, erasure, landlords
from fund.services.statements import statements

LANGUAGES = tuple(LANGUAGE_NAMES.items())


def _register(context: Context, **facts: Any) -> Message:
    landlord = LandlordFacts(**facts)
    landlords.register_landlord(context, landlord)
    return Message("Landlord %(code)s is registered; another person confirms its account.", {"code": landlord.code})


def _issue(context: Context, **facts: Any) -> Done:
    issued = statements.issue_statement(context, render_statement, **facts)
    message = Message("Statement %(number)s is issued. Nothing was sent.", {"number": issued.number})
    return Done(f"/statements/{issued.number}", message)


def _of_landlord(context: Context, places: Places) -> Setting:
    """The landlord's data for the call-back; what is on file stands in the fields."""
    row = lists.read_landlord(context, places["landlord"])
    last = contacts.new_contact(context, row.code)
    facts = [
        Fact(N_("landlord"), row.code, "code", LANDLORD[0].format(**places)),
        Fact(N_("name"), row.name),
        Fact(N_("tax code"), row.tax_code, "code"),
        Fact(N_("contact on file"), row.contact),
    ]
    if last is not None:
        facts += [
            Fact(N_("contact confirmed on"), last.confirmed_on, "day"),
            Fact(N_("contact confirmed by"), last.confirmed_by, "word"),
            Fact(N_("good for accounts proposed from"), last.ibans_from, "day"),
        ]
    on_file = {
        "name": row.name,
        "email": row.email,
        "contact": row.contact,
        "language": row.language,
        "rf_reference": row.rf_reference,
    }
    return Setting(facts, {"language": LANGUAGES}, {name: value or "" for name, value in on_file.items()})


def _code_alone(context: Context, places: Places) -> Setting:
    """The landlord's code alone, for roles that read no more. Raises ``NotFound``."""
    landlords.list_accounts(context, places["landlord"])
    return Setting([Fact(N_("landlord"), places["landlord"], "code", LANDLORD[0].format(**places))])


def _of_account(context: Context, places: Places) -> Setting:
    row = lists.read_account(context, places["landlord"], places["account"])
    setting = _of_landlord(context, places)
    facts = [
        *setting.facts,
        Fact("IBAN", row.iban, "code"),
        Fact(N_("version"), row.version, "count"),
        Fact(N_("state"), row.state, "state"),
        Fact(N_("proposed by"), row.proposed_by, "word"),
        Fact(N_("proposed on"), row.proposed_on, "day"),
        Fact(N_("called back on"), row.called_back_on, "day"),
    ]
    return Setting(facts, initial=setting.initial)


ONE = About(_of_landlord, (LANDLORDS, LANDLORD))
REGISTER = Act(
    "/landlords/new",
    N_("Register a landlord"),
    N_("Register"),
    LandlordInput,
    (PREPARER,),
    About(lambda _context, _places: Setting((), {"language": LANGUAGES}, {"language": "it"}), (LANDLORDS,)),
    _register,
    lead=N_("Nothing is paid to it before another person has confirmed its account."),
    to="/landlords/{code}",
)
PROPOSE = proposal(
    landlords.ACCOUNT,
    landlords.propose_account,
    "/landlords/{landlord}/accounts/new",
    N_("Propose another account"),
    AccountInput,
    ONE,
    N_("Payments go on to the present account until another person has called the landlord back and confirmed."),
    message=N_("The account is proposed; another person confirms it."),
)
PROPOSE_AGAIN = proposal(
    landlords.ACCOUNT,
    landlords.propose_account_again,
    "/landlords/{landlord}/accounts/{account}/propose",
    N_("Propose the account again"),
    Nothing,
    About(_of_account, (LANDLORDS, LANDLORD)),
    N_("It is paid to again once another person has called the landlord back and confirmed."),
    message=N_("The account is proposed; another person confirms it."),
)
RF_REFERENCE = Act(
    "/landlords/{landlord}/rf-reference",
    N_("Set the RF reference"),
    N_("Set"),
    RfReferenceInput,
    (PREPARER,),
    ONE,
    landlords.set_rf_reference,
    N_("The reference holds from the next batch on."),
    N_("Payments then carry this reference and no other text."),
)
ISSUE = Act(
    "/landlords/{landlord}/statements/new",
    N_("Issue a statement"),
    N_("Issue"),
    StatementInput,
    READERS,
    About(_code_alone, (LANDLORDS, LANDLORD)),
    _issue,
    lead=N_(
        "The statement gets its number and is kept as it is; nothing is sent yet. The same books give the same one."
    ),
)
ERASE = proposal(
    erasure.ERASURE,
    lambda context, landlord: erasure.propose_erasure(context, landlord),
    "/landlords/{landlord}/erasure",
    N_("Erase the personal data"),
    Nothing,
    ONE,
    N_(
        "When no money is owed and no contract runs. Once an administrator confirms it, name, tax code, addresses and "
        "IBANs are erased for ever; codes, amounts and books stay."
    ),
    is_danger=True,
)

ACTS = (REGISTER, PROPOSE, PROPOSE_AGAIN, RF_REFERENCE, ISSUE, ERASE)
OF_LANDLORD = (PROPOSE, RF_REFERENCE, ISSUE, ERASE)
OF_ACCOUNT = {"suspended": (PROPOSE_AGAIN,)}
"""What can be done with a landlord, and with an account by its state."""
