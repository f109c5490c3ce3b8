"""The fund, its allocations and receipts, what goes back to the funder, and the balances."""

from datetime import date
from typing import Annotated, Protocol

from fastapi import APIRouter, Query
from starlette.responses import Response

from fund.domain.members import Member, Whole
from fund.domain.states import RefundState
from fund.domain.views import Balances
from fund.doors.api.answers import BookedJson, Items
from fund.doors.api.models import AllocationInput, CorrectionInput, ReceiptInput, RefundInput, RefundPaymentInput
from fund.doors.api.openapi import FILTERS, READS, WRITES, problems
from fund.doors.http.fields import IsoDay, RowId
from fund.doors.http.requests import GuardedRoute, Read, Write, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.money import balances, money
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


class ReceiptJson(Protocol):
    """A receipt; ``entry`` is its number in the journal."""

    seq: Annotated[int, Member("entry")]
    allocation: str
    amount_cents: int
    bank_date: date | None


class RefundJson(Protocol):
    """Unspent money that goes back to the funder."""

    id: int
    amount_cents: int
    state: RefundState
    prepared_by: str
    approved_by: str | None
    bank_date: date | None


@router.get("/fund", tags=["fund"], summary="The fund and its terms", responses=READS | NO_FUND)
def show_fund(read: Read) -> Shown[FundJson]:
    """As the agreement has them."""
    with read() as context:
        return lists.read_fund(context)


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
    summary="Record a tranche",
    status_code=201,
    response_model=Shown[AllocationJson],
    responses=WRITES,
)
def add_allocation(write: Write, body: AllocationInput) -> Response:
    """The funder grants a tranche, and its amount becomes available."""

    def act(context: Context) -> dict[str, object]:
        money.allocate(context, **body.facts())
        return body.facts() | {"received_cents": 0}

    return write.answer(act)


@router.get("/receipts", tags=["receipts"], summary="The money received", responses=READS)
def list_receipts(read: Read) -> Items[Shown[ReceiptJson]]:
    """In the order in which they were booked."""
    with read() as context:
        return {"items": lists.list_receipts(context)}


@router.post(
    "/receipts",
    tags=["receipts"],
    summary="Record money received",
    status_code=201,
    response_model=Shown[ReceiptJson],
    responses=WRITES,
)
@transactional
def add_receipt(context: Context, body: ReceiptInput) -> dict[str, object]:
    """Money of a tranche arrived at the treasurer; never more than was granted."""
    return body.facts() | {"seq": money.receive(context, **body.facts())}


@router.post(
    "/receipts/{entry}/correct",
    tags=["receipts"],
    summary="Take a receipt back",
    response_model=BookedJson,
    responses=WRITES,
)
def correct_receipt(write: Write, entry: RowId, body: CorrectionInput) -> Response:
    """A new entry mirrors the wrong one; nothing is changed or deleted."""
    return write.answer(lambda context: {"entry": corrections.correct_receipt(context, entry, reason=body.reason)})


@router.get("/refunds", tags=["refunds"], summary="What goes back to the funder", responses=READS)
def list_refunds(read: Read) -> Items[Shown[RefundJson]]:
    """Oldest first."""
    with read() as context:
        return {"items": lists.list_refunds(context)}


@router.post(
    "/refunds",
    tags=["refunds"],
    summary="Propose a refund",
    status_code=201,
    response_model=Shown[RefundJson],
    responses=WRITES,
)
def propose_refund(write: Write, body: RefundInput) -> Response:
    """Somebody proposes to give unspent money back; somebody else approves it."""
    return write.answer(
        lambda context: _refund(context, money.propose_refund(context, amount_cents=body.amount_cents)),
    )


@router.post(
    "/refunds/{refund}/approve",
    tags=["refunds"],
    summary="Approve a refund",
    response_model=Shown[RefundJson],
    responses=WRITES,
)
def approve_refund(write: Write, refund: RowId) -> Response:
    """The amount is owed to the funder and no longer available."""

    def act(context: Context) -> RefundJson:
        money.approve_refund(context, refund)
        return _refund(context, refund)

    return write.answer(act)


@router.post(
    "/refunds/{refund}/paid",
    tags=["refunds"],
    summary="Record that a refund was paid",
    response_model=Shown[RefundJson],
    responses=WRITES,
)
def pay_refund(write: Write, refund: RowId, body: RefundPaymentInput) -> Response:
    """The treasurer's bank booked it."""

    def act(context: Context) -> RefundJson:
        money.record_refund_payment(context, refund, bank_date=body.bank_date)
        return _refund(context, refund)

    return write.answer(act)


def _refund(context: Context, refund: int) -> RefundJson:
    return lists.read_refund(context, refund)
