"""Households, their leases, and the months granted to them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Protocol

from fastapi import APIRouter, Query
from typing_extensions import TypedDict

from fund.domain.members import MaskedTaxCode
from fund.domain.proposals import ProposalView
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
    PostponementInput,
    ReleaseInput,
    RentInput,
    TaxCodeInput,
)
from fund.doors.http.requests import GuardedRoute, Read, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.lists import LeaseView
from fund.services.desk.proposals import read_proposal
from fund.services.households import grants, households, leases, reproposals

router = APIRouter(route_class=GuardedRoute)


class HouseholdJson(Protocol):
    """A household; its tax code is partly hidden."""

    code: str
    cap_months: int
    months_used: int
    months_committed: int
    admitted_on: date | None
    exited_on: date | None
    is_annulled: bool
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
    summary="Propose to admit a household",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_admission(context: Context, body: HouseholdInput) -> ProposalView:
    """With the fund's cap of months, unless a lower one is decided; a person is admitted again for a reason alone."""
    return read_proposal(context, households.propose_admission(context, **body.facts()))


@router.post(
    "/households/{household}/annul",
    tags=["households"],
    summary="Propose to annul an admission",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_annulment(context: Context, household: HouseholdCode) -> ProposalView:
    """One that was a mistake, of which no month is committed or was approved; the person may then be admitted anew."""
    return read_proposal(context, households.propose_annulment(context, household))


@router.post(
    "/households/{household}/tax-code",
    tags=["households"],
    summary="Propose another tax code",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_identity(context: Context, household: HouseholdCode, body: TaxCodeInput) -> ProposalView:
    """Where the one on file was wrong; another person confirms it."""
    return read_proposal(context, households.propose_identity(context, household=household, **body.facts()))


@router.post(
    "/households/{household}/postpone",
    tags=["households"],
    summary="Propose to postpone a month",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_postponement(context: Context, household: HouseholdCode, body: PostponementInput) -> ProposalView:
    """Once another person confirms it the month is not paid, and moves behind the household's last one."""
    return read_proposal(context, grants.propose_postponement(context, household=household, **body.facts()))


@router.post(
    "/households/{household}/release",
    tags=["households"],
    summary="Propose to release months",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_release(context: Context, household: HouseholdCode, body: ReleaseInput) -> ProposalView:
    """Months that will not be paid become available again once another person confirms it."""
    return read_proposal(context, grants.propose_release(context, household=household, **body.facts()))


@router.post(
    "/households/{household}/close",
    tags=["households"],
    summary="Propose to close a position for good",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_exit(context: Context, household: HouseholdCode, body: ClosingInput) -> ProposalView:
    """When nothing is committed, approved or ordered any more; another person confirms it."""
    return read_proposal(context, households.propose_exit(context, household=household, **body.facts()))


@router.post(
    "/households/{household}/propose-again",
    tags=["households"],
    summary="Propose leases and months again",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_again(context: Context, household: HouseholdCode) -> ProposalView:
    """As they stand; once another person confirms it, the caller stands for them, and may not approve them."""
    return read_proposal(context, reproposals.propose_again(context, household))


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
    return lists.read_lease(context, leases.add_lease(context, **body.facts()))


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
    leases.end_lease(context, lease, ends_on=body.ends_on)
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
    leases.change_rent(context, lease, since=body.since, rent_cents=body.rent_cents)
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
    summary="Propose a commitment of months",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_commitment(context: Context, body: GrantInput) -> ProposalView:
    """A contribution for a number of months; another person confirms it, and they are committed."""
    return read_proposal(context, grants.propose_commitment(context, **body.facts()))


@router.post(
    "/grants/{household}/contributions",
    tags=["grants"],
    summary="Propose another contribution",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_contribution(context: Context, household: HouseholdCode, body: AmountInput) -> ProposalView:
    """From a month on; once another person confirms it, the months not yet proposed are committed at it."""
    return read_proposal(context, grants.propose_contribution(context, household=household, **body.facts()))
