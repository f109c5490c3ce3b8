"""The fund, its allocations and collections, what goes back to the funder, and the balances."""

from datetime import date
from typing import Annotated, Protocol

from fastapi import APIRouter, Query

from fund.domain.members import Member, Whole
from fund.domain.proposals import ProposalView
from fund.domain.states import RepaymentState
from fund.domain.views import Balances
from fund.doors.api.answers import BookedJson, Items
from fund.doors.api.openapi import FILTERS, READS, WRITES, problems
from fund.doors.http.fields import IsoDay, RowId
from fund.doors.http.inputs import (
    AllocationInput,
    AmendmentInput,
    CollectionInput,
    CorrectionInput,
    RepaymentInput,
    RepaymentPaidInput,
    TermsInput,
)
from fund.doors.http.requests import GuardedRoute, Read, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.proposals import read_proposal
from fund.services.money import agreement, balances, money
from fund.services.payouts import corrections

router = APIRouter(route_class=GuardedRoute)
NO_FUND = problems(409)


class FundJson(Protocol):
    """The fund and its terms."""

    code: str
    name: Annotated[str, Whole("the fund's")]
    project: str
    city: str
    funder: str
    agreement_date: date
    activities_end: date
    currency: str
    target_months: int
    cap_months: int
    pay_day: int
    iban_cooling_off_days: int
    language: str


class AllocationJson(Protocol):
    """A tranche, with what of it arrived."""

    code: str
    granted_on: date
    amount_cents: int
    received_cents: int


class CollectionJson(Protocol):
    """A collection; ``entry`` is its number in the journal."""

    seq: Annotated[int, Member("entry")]
    allocation: str
    amount_cents: int
    bank_date: date | None


class RepaymentJson(Protocol):
    """Unspent money that goes back to the funder."""

    id: int
    amount_cents: int
    state: RepaymentState
    prepared_by: str
    approved_by: str
    bank_date: date | None


@router.get("/fund", tags=["fund"], summary="The fund and its terms", responses=READS | NO_FUND)
def show_fund(read: Read) -> Shown[FundJson]:
    """As the agreement has them."""
    with read() as context:
        return lists.read_fund(context)


@router.post(
    "/terms",
    tags=["fund"],
    summary="Propose other terms",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_terms(context: Context, body: TermsInput) -> ProposalView:
    """Pay day, cooling-off and checks are others once another person confirms it."""
    return read_proposal(context, agreement.propose_terms(context, **body.facts()))


@router.post(
    "/amendments",
    tags=["fund"],
    summary="Propose an amendment of the agreement",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_amendment(context: Context, body: AmendmentInput) -> ProposalView:
    """The agreement ends, caps or aims as an act of the city says, once another person confirms it."""
    return read_proposal(context, agreement.propose_amendment(context, **body.facts()))


@router.get("/balances", tags=["fund"], summary="The balances of a day", responses=FILTERS | NO_FUND)
def show_balances(
    read: Read, as_of: Annotated[IsoDay | None, Query(description="today if it is not said")] = None
) -> Shown[Balances]:
    """The fund, its households and its landlords after the last entry booked on or before the day."""
    with read() as context:
        return balances.read_balances(context, as_of)


@router.get("/allocations", tags=["allocations"], summary="The tranches granted", responses=READS)
def list_allocations(read: Read) -> Items[Shown[AllocationJson]]:
    """By code, each with what of it arrived."""
    with read() as context:
        return {"items": lists.list_allocations(context)}


@router.post(
    "/allocations",
    tags=["allocations"],
    summary="Propose a tranche",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_allocation(context: Context, body: AllocationInput) -> ProposalView:
    """The funder grants a tranche: its amount becomes available once another person confirms it."""
    return read_proposal(context, money.propose_allocation(context, **body.facts()))


@router.get("/collections", tags=["collections"], summary="The money received", responses=READS)
def list_collections(read: Read) -> Items[Shown[CollectionJson]]:
    """In the order in which they were booked."""
    with read() as context:
        return {"items": lists.list_collections(context)}


@router.post(
    "/collections",
    tags=["collections"],
    summary="Record money received",
    status_code=201,
    response_model=Shown[CollectionJson],
    responses=WRITES,
)
@transactional
def add_collection(context: Context, body: CollectionInput) -> dict[str, object]:
    """Money of a tranche arrived at the treasurer; never more than was granted."""
    return body.facts() | {"seq": money.receive(context, **body.facts())}


@router.post(
    "/collections/{entry}/correct",
    tags=["collections"],
    summary="Take a collection back",
    response_model=BookedJson,
    responses=WRITES,
)
@transactional
def correct_collection(context: Context, entry: RowId, body: CorrectionInput) -> BookedJson:
    """A new entry mirrors the wrong one; nothing is changed or deleted."""
    return {"entry": corrections.correct_collection(context, entry, reason=body.reason)}


@router.get("/repayments", tags=["repayments"], summary="What goes back to the funder", responses=READS)
def list_repayments(read: Read) -> Items[Shown[RepaymentJson]]:
    """Oldest first."""
    with read() as context:
        return {"items": lists.list_repayments(context)}


@router.post(
    "/repayments",
    tags=["repayments"],
    summary="Propose a repayment",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_repayment(context: Context, body: RepaymentInput) -> ProposalView:
    """Unspent money goes back to the funder: once another person confirms it, it is owed and no longer available."""
    return read_proposal(context, money.propose_repayment(context, amount_cents=body.amount_cents))


@router.post(
    "/repayments/{repayment}/paid",
    tags=["repayments"],
    summary="Record that a repayment was paid",
    response_model=Shown[RepaymentJson],
    responses=WRITES,
)
@transactional
def pay_repayment(context: Context, repayment: RowId, body: RepaymentPaidInput) -> RepaymentJson:
    """The treasurer's bank booked it."""
    money.record_repayment_paid(context, repayment, bank_date=body.bank_date)
    return _repayment(context, repayment)


def _repayment(context: Context, repayment: int) -> RepaymentJson:
    return lists.read_repayment(context, repayment)
