"""The fund, its allocations and collections, what goes back to the funder, and the balances."""

from datetime import date
from typing import Annotated, Protocol

from fastapi import Query

from fund.domain.members import Member, Whole
from fund.domain.states import RepaymentState
from fund.domain.views import Balances, Recording
from fund.doors.api.answers import Items
from fund.doors.api.openapi import problems
from fund.doors.api.routes import Routes
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
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.money import agreement, balances, money
from fund.services.payouts import corrections

routes = Routes()
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
    auditors: Annotated[str | None, Whole("of those who are to know the heads, not of people in the fund")]


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


@routes.read("/fund", "The fund and its terms", "fund", also=NO_FUND)
def show_fund(context: Context) -> JsonOf[FundJson]:
    """As the agreement has them."""
    return lists.read_fund(context)


@routes.propose("/terms", "Propose other terms", "fund")
def propose_terms(context: Context, body: TermsInput) -> int:
    """Pay day, cooling-off and checks are others once another person confirms it."""
    return agreement.propose_terms(context, **body.facts())


@routes.propose("/amendments", "Propose an amendment of the agreement", "fund")
def propose_amendment(context: Context, body: AmendmentInput) -> int:
    """The agreement ends, caps or aims as an act of the city says, once another person confirms it."""
    return agreement.propose_amendment(context, **body.facts())


@routes.read("/balances", "The balances of a day", "fund", also=NO_FUND)
def show_balances(
    context: Context, as_of: Annotated[IsoDay | None, Query(description="today if it is not said")] = None
) -> JsonOf[Balances]:
    """The fund, its households and its landlords after the last entry booked on or before the day."""
    return balances.read_balances(context, as_of)


@routes.read("/allocations", "The tranches granted", "allocations")
def list_allocations(context: Context) -> Items[JsonOf[AllocationJson]]:
    """By code, each with what of it arrived."""
    return {"items": lists.list_allocations(context)}


@routes.propose("/allocations", "Propose a tranche", "allocations")
def propose_allocation(context: Context, body: AllocationInput) -> int:
    """The funder grants a tranche: its amount becomes available once another person confirms it."""
    return money.propose_allocation(context, **body.facts())


@routes.read("/collections", "The money received", "collections")
def list_collections(context: Context) -> Items[JsonOf[CollectionJson]]:
    """In the order in which they were booked."""
    return {"items": lists.list_collections(context)}


@routes.write("/collections", "Record money received", "collections")
def add_collection(context: Context, body: CollectionInput) -> JsonOf[Recording]:
    """Money of a tranche arrived at the treasurer; never more than was granted. Above 50.00, ``proposal`` is what
    another person confirms.
    """
    return money.receive(context, **body.facts())


@routes.write("/collections/{entry}/correct", "Take a collection back", "collections")
def correct_collection(context: Context, entry: RowId, body: CorrectionInput) -> JsonOf[Recording]:
    """A new entry mirrors the wrong one; nothing is changed or deleted. Of more than 50.00, ``proposal`` is what
    another person confirms.
    """
    return corrections.correct_collection(context, entry, reason=body.reason)


@routes.read("/repayments", "What goes back to the funder", "repayments")
def list_repayments(context: Context) -> Items[JsonOf[RepaymentJson]]:
    """Oldest first."""
    return {"items": lists.list_repayments(context)}


@routes.propose("/repayments", "Propose a repayment", "repayments")
def propose_repayment(context: Context, body: RepaymentInput) -> int:
    """Unspent money goes back to the funder: once another person confirms it, it is owed and no longer available."""
    return money.propose_repayment(context, amount_cents=body.amount_cents)


@routes.write("/repayments/{repayment}/paid", "Record that a repayment was paid", "repayments")
def pay_repayment(context: Context, repayment: RowId, body: RepaymentPaidInput) -> JsonOf[RepaymentJson]:
    """The treasurer's bank booked it."""
    money.record_repayment_paid(context, repayment, bank_date=body.bank_date)
    return lists.read_repayment(context, repayment)
