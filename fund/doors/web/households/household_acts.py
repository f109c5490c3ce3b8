"""What is decided for households: admission, months, leases, contributions, the end."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from fund.documents.tables import Fact
from fund.domain.access import PREPARER
from fund.domain.agreement import model as shapes
from fund.domain.identifiers import HouseholdTaxCode
from fund.domain.lists import RELEASE_REASONS
from fund.domain.texts import N_, Message, Unfit
from fund.doors.http.fields import HouseholdCode, IsoDay, LandlordCode, MonthCount, MonthText, ReleaseReason
from fund.doors.web.acts import Act, Places, Setting
from fund.doors.web.form_fields import Choice, FormField
from fund.doors.web.forms import Euros, Form
from fund.doors.web.page_requests import Done
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.desk import view_household
from fund.services.households import households
from fund.services.landlords import landlords

LIST = ("/households", N_("Households"))
ONE = ("/households/{household}", N_("Household %(household)s"))
_EUROS_A_MONTH = N_("In euros, such as 450,00")
_MONTH_HELP = N_("Year and month, such as 2022-05")


class HouseholdForm(Form):
    """A household, and the months granted to it at once."""

    code: Annotated[HouseholdCode, FormField(N_("Code"), "code", N_("Such as N01"))]
    tax_code: Annotated[
        HouseholdTaxCode,
        FormField(N_("Tax code"), "code", N_("Of 16 characters, or the provisional one of 11 digits.")),
    ]
    cap_months: Annotated[
        MonthCount | None, FormField(N_("Cap of months"), "number", N_("Empty: the cap of the agreement."))
    ] = None
    first_month: Annotated[MonthText | None, FormField(N_("First month granted"), "month", _MONTH_HELP)] = None
    months: Annotated[MonthCount | None, FormField(N_("How many months"), "number")] = None
    amount_cents: Annotated[Euros | None, FormField(N_("Contribution a month"), "euros", _EUROS_A_MONTH)] = None

    @model_validator(mode="after")
    def _grant_is_whole(self) -> "HouseholdForm":
        parts = (self.first_month, self.months, self.amount_cents)
        if any(part is None for part in parts) and any(part is not None for part in parts):
            raise Unfit(Message("a grant needs its first month, the number of months and the contribution"))
        return self


class GrantForm(Form):
    """A contribution for a number of months, which are committed at once."""

    first_month: Annotated[MonthText, FormField(N_("First month granted"), "month", _MONTH_HELP)]
    months: Annotated[MonthCount, FormField(N_("How many months"), "number")]
    amount_cents: Annotated[Euros, FormField(N_("Contribution a month"), "euros", _EUROS_A_MONTH)]


class LeaseForm(Form):
    """A rental contract; its days are inclusive."""

    landlord: Annotated[LandlordCode, FormField(N_("Landlord"), "choice")]
    registration: Annotated[
        shapes.Registration, FormField(N_("Registration"), "code", N_("Such as TNX-2021-3T-000101"))
    ]
    starts_on: Annotated[IsoDay, FormField(N_("First day"), "date")]
    ends_on: Annotated[IsoDay | None, FormField(N_("Last day"), "date")] = None
    rent_cents: Annotated[Euros, FormField(N_("Rent a month"), "euros")]

    @model_validator(mode="after")
    def _days_in_order(self) -> "LeaseForm":
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise Unfit(Message("ends before it begins"))
        return self


class LeaseEndForm(Form):
    """The last day of a contract."""

    ends_on: Annotated[IsoDay, FormField(N_("Last day"), "date", N_("The lease holds on it still."))]


class RentForm(Form):
    """A month's rent from a day on."""

    since: Annotated[IsoDay, FormField(N_("From the day"), "date")]
    rent_cents: Annotated[Euros, FormField(N_("Rent a month"), "euros")]


class AmountForm(Form):
    """Another contribution from a month on."""

    since: Annotated[MonthText, FormField(N_("From the month"), "month", _MONTH_HELP)]
    amount_cents: Annotated[Euros, FormField(N_("Contribution a month"), "euros", _EUROS_A_MONTH)]


class SuspensionForm(Form):
    """A month that is not paid and moves behind the last one."""

    month: Annotated[MonthText, FormField(N_("Month"), "choice")]


class ReleaseForm(Form):
    """Months that will not be paid."""

    months: Annotated[list[MonthText], Field(min_length=1), FormField(N_("Months"), "ticks")]
    reason: Annotated[ReleaseReason, FormField(N_("Reason"), "choice", "", RELEASE_REASONS)]


class ClosingForm(Form):
    """The end of a household's position."""

    reason: Annotated[ReleaseReason | None, FormField(N_("Reason"), "choice", "", RELEASE_REASONS)] = None


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


def _grant(context: Context, places: Places, form: GrantForm) -> Done:
    households.grant_months(context, **places, **form.facts())
    return Done(_page_of(places), Message("The months are granted and committed."))


def _add_lease(context: Context, places: Places, form: LeaseForm) -> Done:
    households.add_lease(context, **places, **form.facts())
    return Done(_page_of(places), Message("The lease is recorded."))


def _end_lease(context: Context, places: Places, form: LeaseEndForm) -> Done:
    lease = lists.read_lease(context, places["lease"])
    households.end_lease(context, lease.id, ends_on=form.ends_on)
    return Done(f"/households/{lease.household}", Message("The lease has its last day."))


def _change_rent(context: Context, places: Places, form: RentForm) -> Done:
    lease = lists.read_lease(context, places["lease"])
    households.change_rent(context, lease.id, **form.facts())
    return Done(f"/households/{lease.household}", Message("The rent is changed."))


def _change_contribution(context: Context, places: Places, form: AmountForm) -> Done:
    households.change_contribution(context, **places, **form.facts())
    return Done(_page_of(places), Message("The contribution is decided; the open months are committed at it."))


def _suspend(context: Context, places: Places, form: SuspensionForm) -> Done:
    target = households.suspend_month(context, household=places["household"], month=form.month)
    values = {"month": form.month, "target": target}
    return Done(_page_of(places), Message("Month %(month)s is suspended and moves to %(target)s.", values))


def _release(context: Context, places: Places, form: ReleaseForm) -> Done:
    households.release_months(context, household=places["household"], months=form.months, reason=form.reason)
    return Done(_page_of(places), Message("The months are released; their money is available again."))


def _close(context: Context, places: Places, form: ClosingForm) -> Done:
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
    GrantForm,
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
    LeaseForm,
    (PREPARER,),
    _add_lease,
    _of_household,
    (LIST, ONE),
)
CONTRIBUTION = Act(
    "/households/{household}/contribution",
    N_("Change the contribution"),
    N_("Decide"),
    AmountForm,
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
    SuspensionForm,
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
    ReleaseForm,
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
    ClosingForm,
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
    LeaseEndForm,
    (PREPARER,),
    _end_lease,
    _of_lease,
    (LIST,),
)
RENT = Act(
    "/leases/{lease}/rents/new",
    N_("Change the rent"),
    N_("Change"),
    RentForm,
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
