"""What is decided for households: admission, months, leases, contributions, the end."""

from typing import Annotated, Any

from pydantic import model_validator

from fund.documents.tables import Fact, facts_of
from fund.domain.access import PREPARER
from fund.domain.states import MonthState
from fund.domain.texts import N_, Message, Unfit
from fund.doors.http.fields import FormField, Money, MonthCount, MonthText
from fund.doors.http.inputs import (
    EUROS_A_MONTH,
    MONTH_HELP,
    AmountInput,
    ClosingInput,
    GrantInput,
    HouseholdInput,
    LeaseEndInput,
    LeaseInput,
    PostponementInput,
    ReleaseInput,
    RentInput,
    TaxCodeInput,
)
from fund.doors.tables.landlords import LEASES
from fund.doors.web.acts import About, Act, Places, Setting, proposal
from fund.doors.web.decisions import Nothing
from fund.doors.web.form_fields import Choice
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.desk import view_household
from fund.services.households import grants, households, leases, reproposals
from fund.services.landlords import erasure, landlords
from ledger.months import Month

LIST = ("/households", N_("Households"))
ONE = ("/households/{household}", N_("Household %(household)s"))


class HouseholdForm(HouseholdInput):
    """A household, and the months granted to it at once."""

    first_month: Annotated[MonthText | None, FormField(N_("First month granted"), "month", MONTH_HELP)] = None
    months: Annotated[MonthCount | None, FormField(N_("How many months"), "number")] = None
    amount_cents: Annotated[Money | None, FormField(N_("Monthly amount"), "euros", EUROS_A_MONTH)] = None

    @model_validator(mode="after")
    def _grant_is_whole(self) -> "HouseholdForm":
        parts = (self.first_month, self.months, self.amount_cents)
        if any(part is None for part in parts) and any(part is not None for part in parts):
            raise Unfit(Message("a grant needs its first month, the number of months and the contribution"))
        return self


def _admit(
    context: Context,
    *,
    first_month: Month | None,
    months: int | None,
    amount_cents: int | None,
    code: str,
    **admitted: Any,
) -> int:
    number = households.propose_admission(context, code=code, **admitted)
    if first_month is not None and months is not None and amount_cents is not None:
        grants.propose_commitment(
            context, household=code, first_month=first_month, months=months, amount_cents=amount_cents
        )
    return number


def _of_household(context: Context, places: Places) -> Setting:
    row = view_household(context, places["household"])
    free = [month for month in row.months if month.state is MonthState.COMMITTED]
    offered: list[Choice] = [(str(one.month), str(one.month)) for one in free]
    facts = [
        Fact(N_("household"), row.row.household, "code", ONE[0].format(**places)),
        Fact(N_("cap of months"), row.row.months_cap, "count"),
        Fact(N_("months used"), row.row.months_used, "count"),
        Fact(N_("months committed"), len(free), "count"),
        *(Fact(N_("contribution decided"), cents, "money") for _, cents in row.amounts_cents[-1:]),
    ]
    return Setting(facts, {"month": offered, "months": offered, "landlord": _landlords(context)})


def _landlords(context: Context) -> list[Choice]:
    return [(row.code, f"{row.code} {row.name or ''}".strip()) for row in landlords.list_landlords(context)]


def household_page(household: str) -> tuple[str, str]:
    """The page of a household, where another page's address does not name it."""
    return f"/households/{household}", household


HOUSEHOLD = About(_of_household, (LIST, ONE))
LEASE = About(
    lambda context, places: Setting(facts_of(LEASES, lists.read_lease(context, places["lease"]))),
    (LIST,),
    lambda context, places: household_page(lists.read_lease(context, places["lease"]).household),
)

ADMIT = proposal(
    households.ADMISSION,
    _admit,
    "/households/new",
    N_("Propose to admit a household"),
    HouseholdForm,
    About(lambda _context, _places: Setting(), (LIST,)),
    N_("With its months, or without, to be granted later. Another person confirms both."),
)
GRANT = proposal(
    grants.COMMITMENT,
    grants.propose_commitment,
    "/households/{household}/grants/new",
    N_("Propose a commitment"),
    GrantInput,
    HOUSEHOLD,
    N_("Once another person confirms it the months are committed, each once, and never more than the cap."),
)
ADD_LEASE = Act(
    "/households/{household}/leases/new",
    N_("Add a lease"),
    N_("Add"),
    LeaseInput,
    (PREPARER,),
    HOUSEHOLD,
    leases.add_lease,
    N_("The lease is recorded."),
)
CONTRIBUTION = proposal(
    grants.CONTRIBUTION,
    grants.propose_contribution,
    "/households/{household}/contribution",
    N_("Propose another contribution"),
    AmountInput,
    HOUSEHOLD,
    N_("Once another person confirms it the open months from there are committed at the new amount."),
)
POSTPONE = proposal(
    grants.POSTPONEMENT,
    grants.propose_postponement,
    "/households/{household}/postpone",
    N_("Postpone a month"),
    PostponementInput,
    HOUSEHOLD,
    N_("Once another person confirms it the month is not paid, and moves behind the last one."),
)
RELEASE = proposal(
    grants.RELEASE,
    grants.propose_release,
    "/households/{household}/release",
    N_("Release months"),
    ReleaseInput,
    HOUSEHOLD,
    N_("Once another person confirms it they will not be paid, and their money is available for new decisions."),
    is_danger=True,
)
CLOSE = proposal(
    households.EXIT,
    households.propose_exit,
    "/households/{household}/close",
    N_("Close the position"),
    ClosingInput,
    HOUSEHOLD,
    N_("Nothing may be committed or owed any more. Another person confirms it; it cannot be taken back."),
    is_danger=True,
)
PROPOSE_AGAIN = proposal(
    reproposals.REPROPOSAL,
    reproposals.propose_again,
    "/households/{household}/propose-again",
    N_("Propose leases and months again"),
    Nothing,
    HOUSEHOLD,
    N_("As they stand, where their approver is the person who proposed them. Another person confirms it."),
)
IDENTITY = proposal(
    households.IDENTITY,
    households.propose_identity,
    "/households/{household}/tax-code",
    N_("Correct the tax code"),
    TaxCodeInput,
    HOUSEHOLD,
    N_("Where the one on file was wrong. Another person compares both and confirms it."),
)
ANNUL = proposal(
    households.ANNULMENT,
    households.propose_annulment,
    "/households/{household}/annul",
    N_("Annul the admission"),
    Nothing,
    HOUSEHOLD,
    N_("Of a household that was admitted by mistake. Another person confirms it; it cannot be taken back."),
    is_danger=True,
)
ERASE = proposal(
    erasure.ERASURE,
    lambda context, household: erasure.propose_erasure(context, household),
    "/households/{household}/erasure",
    N_("Erase the personal data"),
    Nothing,
    HOUSEHOLD,
    N_(
        "When the position is closed. Once an administrator confirms it, the tax code and the registrations of its "
        "contracts are erased for ever; codes, amounts and books stay."
    ),
    is_danger=True,
)
END_LEASE = Act(
    "/leases/{lease}/end",
    N_("End a lease"),
    N_("End"),
    LeaseEndInput,
    (PREPARER,),
    LEASE,
    leases.end_lease,
    N_("The lease has its last day."),
)
RENT = Act(
    "/leases/{lease}/rents/new",
    N_("Change the rent"),
    N_("Change"),
    RentInput,
    (PREPARER,),
    LEASE,
    leases.change_rent,
    N_("The rent is changed."),
    N_("The contribution changes only if a new one is decided."),
)
OF_HOUSEHOLD = (GRANT, ADD_LEASE, CONTRIBUTION, POSTPONE, RELEASE, IDENTITY, CLOSE, ANNUL, PROPOSE_AGAIN)
OF_LEASE = (END_LEASE, RENT)
ACTS = (ADMIT, *OF_HOUSEHOLD, ERASE, *OF_LEASE)
"""What can be done with households, and with leases."""
