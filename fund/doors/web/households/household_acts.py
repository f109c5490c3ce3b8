"""What is decided for households: admission, months, leases, contributions, the end."""

from typing import Annotated, Any

from pydantic import model_validator

from fund.documents.tables import Fact
from fund.domain.access import PREPARER
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
    ReleaseInput,
    RentInput,
    SuspensionInput,
)
from fund.doors.web.acts import Act, Places, Setting
from fund.doors.web.form_fields import Choice
from fund.doors.web.page_requests import Done
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.desk import view_household
from fund.services.households import households
from fund.services.landlords import landlords

LIST = ("/households", N_("Households"))
ONE = ("/households/{household}", N_("Household %(household)s"))


class HouseholdForm(HouseholdInput):
    """A household, and the months granted to it at once."""

    first_month: Annotated[MonthText | None, FormField(N_("First month granted"), "month", MONTH_HELP)] = None
    months: Annotated[MonthCount | None, FormField(N_("How many months"), "number")] = None
    amount_cents: Annotated[Money | None, FormField(N_("Contribution a month"), "euros", EUROS_A_MONTH)] = None

    @model_validator(mode="after")
    def _grant_is_whole(self) -> "HouseholdForm":
        parts = (self.first_month, self.months, self.amount_cents)
        if any(part is None for part in parts) and any(part is not None for part in parts):
            raise Unfit(Message("a grant needs its first month, the number of months and the contribution"))
        return self


def _admit(context: Context, _: Places, form: HouseholdForm) -> Done:
    households.admit_household(context, code=form.code, tax_code=form.tax_code, cap_months=form.cap_months)
    if form.first_month is not None and form.months is not None and form.amount_cents is not None:
        grant: dict[str, Any] = {
            "first_month": form.first_month,
            "months": form.months,
            "amount_cents": form.amount_cents,
        }
        households.grant_months(context, household=form.code, **grant)
    return Done(f"/households/{form.code}", Message("Household %(code)s is admitted.", {"code": form.code}))


def _grant(context: Context, places: Places, form: GrantInput) -> Done:
    households.grant_months(context, **form.facts())
    return Done(_page_of(places), Message("The months are granted and committed."))


def _add_lease(context: Context, places: Places, form: LeaseInput) -> Done:
    households.add_lease(context, **form.facts())
    return Done(_page_of(places), Message("The lease is recorded."))


def _end_lease(context: Context, places: Places, form: LeaseEndInput) -> Done:
    lease = lists.read_lease(context, places["lease"])
    households.end_lease(context, lease.id, ends_on=form.ends_on)
    return Done(f"/households/{lease.household}", Message("The lease has its last day."))


def _change_rent(context: Context, places: Places, form: RentInput) -> Done:
    lease = lists.read_lease(context, places["lease"])
    households.change_rent(context, lease.id, **form.facts())
    return Done(f"/households/{lease.household}", Message("The rent is changed."))


def _change_contribution(context: Context, places: Places, form: AmountInput) -> Done:
    households.change_contribution(context, **places, **form.facts())
    return Done(_page_of(places), Message("The contribution is decided; the open months are committed at it."))


def _suspend(context: Context, places: Places, form: SuspensionInput) -> Done:
    target = households.suspend_month(context, household=places["household"], month=form.month)
    values = {"month": form.month, "target": target}
    return Done(_page_of(places), Message("Month %(month)s is suspended and moves to %(target)s.", values))


def _release(context: Context, places: Places, form: ReleaseInput) -> Done:
    households.release_months(context, household=places["household"], months=form.months, reason=form.reason)
    return Done(_page_of(places), Message("The months are released; their money is available again."))


def _close(context: Context, places: Places, form: ClosingInput) -> Done:
    households.close_position(context, household=places["household"], reason=form.reason)
    return Done(_page_of(places), Message("The position is closed for good."))


def _page_of(places: Places) -> str:
    return ONE[0].format(**places)


def _of_household(context: Context, places: Places) -> Setting:
    row = view_household(context, places["household"])
    free = [month for month in row.months if month.state == "committed"]
    offered: list[Choice] = [(str(one.month), str(one.month)) for one in free]
    facts = [
        Fact(N_("household"), row.row.household, "code", _page_of(places)),
        Fact(N_("cap of months"), row.row.months_cap, "count"),
        Fact(N_("months used"), row.row.months_used, "count"),
        Fact(N_("months committed"), len(free), "count"),
        *(Fact(N_("contribution decided"), cents, "money") for _, cents in row.amounts_cents[-1:]),
    ]
    return Setting(facts, {"month": offered, "months": offered, "landlord": _landlords(context)})


def _landlords(context: Context) -> list[Choice]:
    return [(row.code, f"{row.code} {row.name or ''}".strip()) for row in landlords.list_landlords(context)]


def _of_lease(context: Context, places: Places) -> Setting:
    lease = lists.read_lease(context, places["lease"])
    facts = [
        Fact(N_("registration"), lease.registration, "code"),
        Fact(N_("household"), lease.household, "code", f"/households/{lease.household}"),
        Fact(N_("landlord"), lease.landlord, "code", f"/landlords/{lease.landlord}"),
        Fact(N_("from"), lease.term.starts_on, "day"),
        Fact(N_("to"), lease.term.ends_on, "day"),
        Fact(N_("rent"), lease.term.rents_cents[-1][1], "money"),
    ]
    return Setting(facts, above=[(f"/households/{lease.household}", lease.household)])


ADMIT = Act(
    "/households/new",
    N_("Admit a household"),
    N_("Admit"),
    HouseholdForm,
    (PREPARER,),
    _admit,
    lambda _context, _places: Setting(),
    (LIST,),
    N_("With its grant, whose months are committed at once; or without one, to be granted later."),
)
GRANT = Act(
    "/households/{household}/grants/new",
    N_("Grant months"),
    N_("Grant these months"),
    GrantInput,
    (PREPARER,),
    _grant,
    _of_household,
    (LIST, ONE),
    N_("The months are committed at once, each once, and never more than the cap."),
)
ADD_LEASE = Act(
    "/households/{household}/leases/new",
    N_("Add a lease"),
    N_("Add"),
    LeaseInput,
    (PREPARER,),
    _add_lease,
    _of_household,
    (LIST, ONE),
)
CONTRIBUTION = Act(
    "/households/{household}/contribution",
    N_("Change the contribution"),
    N_("Decide"),
    AmountInput,
    (PREPARER,),
    _change_contribution,
    _of_household,
    (LIST, ONE),
    N_("The open months from there are committed at the new amount."),
)
SUSPEND = Act(
    "/households/{household}/suspend",
    N_("Suspend a month"),
    N_("Suspend"),
    SuspensionInput,
    (PREPARER,),
    _suspend,
    _of_household,
    (LIST, ONE),
    N_("It is not paid, and moves behind the last month."),
)
RELEASE = Act(
    "/households/{household}/release",
    N_("Release months"),
    N_("Release"),
    ReleaseInput,
    (PREPARER,),
    _release,
    _of_household,
    (LIST, ONE),
    N_("They will not be paid; their money is available for new decisions."),
    is_danger=True,
)
CLOSE = Act(
    "/households/{household}/close",
    N_("Close the position"),
    N_("Close for good"),
    ClosingInput,
    (PREPARER,),
    _close,
    _of_household,
    (LIST, ONE),
    N_("Nothing may be committed or owed any more. It cannot be taken back."),
    is_danger=True,
)
END_LEASE = Act(
    "/leases/{lease}/end",
    N_("End a lease"),
    N_("End"),
    LeaseEndInput,
    (PREPARER,),
    _end_lease,
    _of_lease,
    (LIST,),
)
RENT = Act(
    "/leases/{lease}/rents/new",
    N_("Change the rent"),
    N_("Change"),
    RentInput,
    (PREPARER,),
    _change_rent,
    _of_lease,
    (LIST,),
    N_("The contribution changes only if a new one is decided."),
)
ACTS = (ADMIT, GRANT, ADD_LEASE, CONTRIBUTION, SUSPEND, RELEASE, CLOSE, END_LEASE, RENT)
OF_HOUSEHOLD = (GRANT, ADD_LEASE, CONTRIBUTION, SUSPEND, RELEASE, CLOSE)
OF_LEASE = (END_LEASE, RENT)
"""What can be done with a household, and with a lease."""
