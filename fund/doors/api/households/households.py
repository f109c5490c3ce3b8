"""Households, their leases, and the months granted to them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple, Protocol

from fastapi import APIRouter, Query
from typing_extensions import TypedDict

from fund.domain.members import MaskedTaxCode
from fund.doors.api.answers import Items
from fund.doors.api.openapi import FILTERS, READS, WRITES
from fund.doors.http.fields import HouseholdCode, RowId
from fund.doors.http.inputs import (
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
from fund.doors.http.requests import GuardedRoute, Read, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.lists import LeaseView
from fund.services.households import households
from ledger.months import Month

router = APIRouter(route_class=GuardedRoute)


class HouseholdJson(Protocol):
    """A household; its tax code is partly hidden."""

    code: str
    cap_months: int
    months_used: int
    months_committed: int
    admitted_on: date
    exited_on: date | None
    tax_code: MaskedTaxCode | None


class SuspendedJson(NamedTuple):
    """A suspended month and its new place."""

    household: str
    month: Month
    moved_to: Month


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

    grants: Sequence[Shown[GrantJson]]
    amounts: Sequence[Shown[AmountJson]]


@router.get("/households", tags=["households"], summary="The households and their counters", responses=READS)
def list_households(read: Read) -> Items[Shown[HouseholdJson]]:
    """By code."""
    with read() as context:
        return {"items": households.list_households(context)}


@router.post(
    "/households",
    tags=["households"],
    summary="Admit a household",
    status_code=201,
    response_model=Shown[HouseholdJson],
    responses=WRITES,
)
@transactional
def admit_household(context: Context, body: HouseholdInput) -> HouseholdJson:
    """With the fund's cap of months, unless a lower one is decided."""
    households.admit_household(context, code=body.code, tax_code=body.tax_code, cap_months=body.cap_months)
    return _household(context, body.code)


@router.post(
    "/households/{household}/suspend",
    tags=["households"],
    summary="Suspend a month",
    response_model=Shown[SuspendedJson],
    responses=WRITES,
)
@transactional
def suspend_month(context: Context, household: HouseholdCode, body: SuspensionInput) -> SuspendedJson:
    """The month is not paid and moves behind the household's last one."""
    target = households.suspend_month(context, household=household, month=body.month)
    return SuspendedJson(household, body.month, target)


@router.post(
    "/households/{household}/release",
    tags=["households"],
    summary="Release months",
    response_model=Shown[HouseholdJson],
    responses=WRITES,
)
@transactional
def release_months(context: Context, household: HouseholdCode, body: ReleaseInput) -> HouseholdJson:
    """Months that will not be paid become available again."""
    households.release_months(context, household=household, months=body.months, reason=body.reason)
    return _household(context, household)


@router.post(
    "/households/{household}/close",
    tags=["households"],
    summary="Close a position for good",
    response_model=Shown[HouseholdJson],
    responses=WRITES,
)
@transactional
def close_position(context: Context, household: HouseholdCode, body: ClosingInput) -> HouseholdJson:
    """When nothing is committed, approved or ordered any more."""
    households.close_position(context, household=household, reason=body.reason)
    return _household(context, household)


@router.get("/leases", tags=["leases"], summary="The rental contracts", responses=FILTERS)
def list_leases(read: Read, household: Annotated[HouseholdCode | None, Query()] = None) -> Items[Shown[LeaseView]]:
    """By household and age, each with its rents."""
    with read() as context:
        return {"items": lists.list_leases(context, household)}


@router.post(
    "/leases",
    tags=["leases"],
    summary="Record a rental contract",
    status_code=201,
    response_model=Shown[LeaseView],
    responses=WRITES,
)
@transactional
def add_lease(context: Context, body: LeaseInput) -> LeaseView:
    """A household has one contract on any day, and a later one begins with a month."""
    return lists.read_lease(context, households.add_lease(context, **body.facts()))


@router.post(
    "/leases/{lease}/end",
    tags=["leases"],
    summary="End a contract",
    response_model=Shown[LeaseView],
    responses=WRITES,
)
@transactional
def end_lease(context: Context, lease: RowId, body: LeaseEndInput) -> LeaseView:
    """Months after its last day are paid only under another contract."""
    households.end_lease(context, lease, ends_on=body.ends_on)
    return lists.read_lease(context, lease)


@router.post(
    "/leases/{lease}/rents",
    tags=["leases"],
    summary="Record another rent",
    status_code=201,
    response_model=Shown[LeaseView],
    responses=WRITES,
)
@transactional
def change_rent(context: Context, lease: RowId, body: RentInput) -> LeaseView:
    """From a day on. The contribution changes only when another one is decided."""
    households.change_rent(context, lease, since=body.since, rent_cents=body.rent_cents)
    return lists.read_lease(context, lease)


@router.get("/grants", tags=["grants"], summary="The months granted and the contributions decided", responses=READS)
def list_grants(read: Read) -> GrantsJson:
    """An amount holds from its month until the next one does."""
    with read() as context:
        return {
            "grants": lists.list_grants(context),
            "amounts": lists.list_amounts(context),
        }


@router.post(
    "/grants",
    tags=["grants"],
    summary="Grant months",
    status_code=201,
    response_model=Shown[GrantJson],
    responses=WRITES,
)
@transactional
def grant_months(context: Context, body: GrantInput) -> dict[str, object]:
    """A contribution is decided for a number of months, and they are committed at once."""
    households.grant_months(context, **body.facts())
    return body.facts() | {"first_month": str(body.first_month), "decided_on": context.day}


@router.post(
    "/grants/{household}/contributions",
    tags=["grants"],
    summary="Decide another contribution",
    status_code=201,
    response_model=Shown[AmountJson],
    responses=WRITES,
)
@transactional
def change_contribution(context: Context, household: HouseholdCode, body: AmountInput) -> dict[str, object]:
    """From a month on; the months not yet proposed are committed at the new amount."""
    households.change_contribution(context, household=household, since=body.since, amount_cents=body.amount_cents)
    return {"household": household, "since": str(body.since), "amount_cents": body.amount_cents}


def _household(context: Context, household: str) -> HouseholdJson:
    return lists.read_household(context, household)
