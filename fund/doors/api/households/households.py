"""Households, their leases, and the months granted to them."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from typing_extensions import TypedDict

from fund.domain.members import MaskedTaxCode
from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.fields import HouseholdCode, RowId
from fund.doors.http.inputs import (
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
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.lists import LeaseView
from fund.services.households import grants, households, leases, reproposals
from fund.services.landlords import erasure

routes = Routes()


class HouseholdJson(Protocol):
    """A household; its tax code is partly hidden."""

    code: str
    cap_months: int
    months_used: int
    months_committed: int
    admitted_on: date | None
    exited_on: date | None
    is_annulled: bool
    erased_on: date | None
    tax_code: MaskedTaxCode | None


class GrantJson(Protocol):
    """Months granted to a household."""

    household: str
    first_month: str
    months: int
    decided_on: date


class AmountJson(Protocol):
    """A contribution decided for a household, a month's, from a month on."""

    household: str
    since: str
    amount_cents: int


class GrantsJson(TypedDict):
    """Every grant, and every amount decided."""

    grants: Sequence[JsonOf[GrantJson]]
    amounts: Sequence[JsonOf[AmountJson]]


@routes.read("/households", "The households and their counters", "households")
def list_households(context: Context) -> Items[JsonOf[HouseholdJson]]:
    """By code."""
    return {"items": households.list_households(context)}


@routes.propose("/households", "Propose to admit a household", "households")
def propose_admission(context: Context, body: HouseholdInput) -> int:
    """With the fund's cap of months, unless a lower one is decided; a person is admitted again for a reason alone."""
    return households.propose_admission(context, **body.facts())


@routes.propose("/households/{household}/annul", "Propose to annul an admission", "households")
def propose_annulment(context: Context, household: HouseholdCode) -> int:
    """One that was a mistake, of which no month is committed or was approved; the person may then be admitted anew."""
    return households.propose_annulment(context, household)


@routes.propose("/households/{household}/tax-code", "Propose another tax code", "households")
def propose_identity(context: Context, household: HouseholdCode, body: TaxCodeInput) -> int:
    """Where the one on file was wrong; another person confirms it."""
    return households.propose_identity(context, household=household, **body.facts())


@routes.propose("/households/{household}/postpone", "Propose to postpone a month", "households")
def propose_postponement(context: Context, household: HouseholdCode, body: PostponementInput) -> int:
    """Once another person confirms it the month is not paid, and moves behind the household's last one."""
    return grants.propose_postponement(context, household=household, **body.facts())


@routes.propose("/households/{household}/release", "Propose to release months", "households")
def propose_release(context: Context, household: HouseholdCode, body: ReleaseInput) -> int:
    """Months that will not be paid become available again once another person confirms it."""
    return grants.propose_release(context, household=household, **body.facts())


@routes.propose("/households/{household}/close", "Propose to close a position for good", "households")
def propose_exit(context: Context, household: HouseholdCode, body: ClosingInput) -> int:
    """When nothing is committed, approved or ordered any more; another person confirms it."""
    return households.propose_exit(context, household=household, **body.facts())


@routes.propose("/households/{household}/propose-again", "Propose leases and months again", "households")
def propose_again(context: Context, household: HouseholdCode) -> int:
    """As they stand; once another person confirms it, the caller stands for them, and may not approve them."""
    return reproposals.propose_again(context, household)


@routes.propose("/households/{household}/erasure", "Propose to erase a household's personal data", "households")
def erase_household(context: Context, household: HouseholdCode) -> int:
    """When its position is closed. An admin confirms it, which cannot be undone."""
    return erasure.propose_erasure(context, household)


@routes.read("/leases", "The rental contracts", "leases")
def list_leases(context: Context, household: HouseholdCode | None = None) -> Items[JsonOf[LeaseView]]:
    """By household and age, each with its rents."""
    return {"items": lists.list_leases(context, household)}


@routes.create("/leases", "Record a rental contract", "leases")
def add_lease(context: Context, body: LeaseInput) -> JsonOf[LeaseView]:
    """A household has one contract on any day, and a later one begins with a month."""
    return lists.read_lease(context, leases.add_lease(context, **body.facts()))


@routes.write("/leases/{lease}/end", "End a contract", "leases")
def end_lease(context: Context, lease: RowId, body: LeaseEndInput) -> JsonOf[LeaseView]:
    """Months after its last day are paid only under another contract."""
    leases.end_lease(context, lease, ends_on=body.ends_on)
    return lists.read_lease(context, lease)


@routes.create("/leases/{lease}/rents", "Record another rent", "leases")
def change_rent(context: Context, lease: RowId, body: RentInput) -> JsonOf[LeaseView]:
    """From a day on. The contribution changes only when another one is decided."""
    leases.change_rent(context, lease, since=body.since, rent_cents=body.rent_cents)
    return lists.read_lease(context, lease)


@routes.read("/grants", "The months granted and the contributions decided", "grants")
def list_grants(context: Context) -> GrantsJson:
    """An amount holds from its month until the next one does."""
    return {
        "grants": lists.list_grants(context),
        "amounts": lists.list_amounts(context),
    }


@routes.propose("/grants", "Propose a commitment of months", "grants")
def propose_commitment(context: Context, body: GrantInput) -> int:
    """A contribution for a number of months; another person confirms it, and they are committed."""
    return grants.propose_commitment(context, **body.facts())


@routes.propose("/grants/{household}/contributions", "Propose another contribution", "grants")
def propose_contribution(context: Context, household: HouseholdCode, body: AmountInput) -> int:
    """From a month on; once another person confirms it, the months not yet proposed are committed at it."""
    return grants.propose_contribution(context, household=household, **body.facts())
