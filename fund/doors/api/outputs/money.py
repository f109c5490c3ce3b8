"""The fund and its money, what is owed, how it is paid, and the papers about it."""

from typing import TYPE_CHECKING, Any, NotRequired

from typing_extensions import TypedDict

from fund.domain.views import PaymentView
from fund.doors.representations import day, day_or_none, instant, instant_or_none
from ledger.money import format_cents

if TYPE_CHECKING:  # doors take records from use cases; only their types are named here
    from fund.store.money import ReceiptRow
    from fund.store.payouts.payments import BatchSummary
    from fund.store.tables import Allocation, Contribution, Fund, Receipt, Refund, Run


class FundJson(TypedDict):
    """The fund and its terms."""

    code: str
    name: str
    project: str
    city: str
    funder: str
    agreement_date: str
    activities_end: str
    currency: str
    target_months: int
    cap_months: int
    pay_day: int
    iban_cooling_off_days: int
    language: str


class AllocationJson(TypedDict):
    code: str
    granted_on: str
    amount: str
    received: str


class ReceiptJson(TypedDict):
    """A receipt; ``entry`` is its number in the journal."""

    entry: int
    allocation: str
    amount: str
    bank_date: str | None


class BookedJson(TypedDict):
    """The number of the entry that was made."""

    entry: int


class RunSummaryJson(TypedDict):
    """A run without its lines."""

    month: str
    state: str
    opened_at: str
    opened_by: str
    prepared_by: str | None
    approved_by: str | None
    approved_at: str | None


class ContributionJson(TypedDict):
    """A household's month: what is owed, whatever becomes of its payments."""

    id: int
    household: str
    landlord: str
    month: str
    run: str | None
    amount: str
    committed: str
    formula: str | None
    state: str
    reason: str | None


class BatchSummaryJson(TypedDict):
    """A batch without its payments."""

    code: str
    state: str
    run: str | None
    prepared_by: str
    approved_by: str | None
    sealed_at: str | None
    format: str | None
    sha256: str | None


class PaymentJson(TypedDict):
    """One attempt to pay a month; ``replaces`` is the attempt before it that did not reach the landlord."""

    code: str
    replaces: str | None
    batch: str
    contribution: int
    household: str
    landlord: str
    month: str
    amount: str
    state: str
    reason: str | None
    bank_date: str | None


class RefundJson(TypedDict):
    id: int
    amount: str
    state: str
    prepared_by: str
    approved_by: str | None
    bank_date: str | None


class StatementSummaryJson(TypedDict):
    """An issued statement; its own address gives it as JSON, with .html and .pdf behind it in those forms."""

    number: str
    landlord: str
    first_month: str
    last_month: str
    language: str
    issued_at: str
    chain_head: str


class HealthJson(TypedDict):
    """``ready``, or ``waiting`` where all can be read and nothing written; ``reason`` is the name of that refusal."""

    status: str
    reason: NotRequired[str]


def fund_json(row: "Fund") -> FundJson:
    """The fund and its terms."""
    return {
        "code": row.code,
        "name": row.name,
        "project": row.project,
        "city": row.city,
        "funder": row.funder,
        "agreement_date": day(row.agreement_date),
        "activities_end": day(row.activities_end),
        "currency": row.currency,
        "target_months": row.target_months,
        "cap_months": row.cap_months,
        "pay_day": row.pay_day,
        "iban_cooling_off_days": row.iban_cooling_off_days,
        "language": row.language,
    }


def allocation_json(row: "Allocation") -> AllocationJson:
    """A tranche."""
    amounts = format_cents(row.amount_cents), format_cents(row.received_cents)
    return {"code": row.code, "granted_on": day(row.granted_on), "amount": amounts[0], "received": amounts[1]}


def receipt_json(row: "Receipt | ReceiptRow") -> ReceiptJson:
    """A receipt."""
    return {
        "entry": row.seq,
        "allocation": row.allocation,
        "amount": format_cents(row.amount_cents),
        "bank_date": day_or_none(row.bank_date),
    }


def run_summary_json(row: "Run") -> RunSummaryJson:
    """A run without its lines."""
    return {
        "month": row.month,
        "state": row.state,
        "opened_at": instant(row.opened_at),
        "opened_by": row.opened_by,
        "prepared_by": row.prepared_by,
        "approved_by": row.approved_by,
        "approved_at": instant_or_none(row.approved_at),
    }


def contribution_json(row: "Contribution") -> ContributionJson:
    """A household's month."""
    return {
        "id": row.id,
        "household": row.household,
        "landlord": row.landlord,
        "month": row.month,
        "run": row.run_month,
        "amount": format_cents(row.amount_cents),
        "committed": format_cents(row.lot_cents),
        "formula": row.formula,
        "state": row.state,
        "reason": row.reason,
    }


def batch_summary_json(row: "BatchSummary") -> BatchSummaryJson:
    """A batch without its payments."""
    return {
        "code": row.code,
        "state": row.state,
        "run": row.run_month,
        "prepared_by": row.prepared_by,
        "approved_by": row.approved_by,
        "sealed_at": instant_or_none(row.sealed_at),
        "format": row.file_format,
        "sha256": row.file_sha256,
    }


def payment_json(row: PaymentView) -> PaymentJson:
    """A payment."""
    return {
        "code": row.code,
        "replaces": row.replaces,
        "batch": row.batch,
        "contribution": row.contribution,
        "household": row.household,
        "landlord": row.landlord,
        "month": str(row.month),
        "amount": format_cents(row.amount_cents),
        "state": row.state,
        "reason": row.reason,
        "bank_date": day_or_none(row.bank_date),
    }


def refund_json(row: "Refund") -> RefundJson:
    """A refund."""
    return {
        "id": row.id,
        "amount": format_cents(row.amount_cents),
        "state": row.state,
        "prepared_by": row.prepared_by,
        "approved_by": row.approved_by,
        "bank_date": day_or_none(row.bank_date),
    }


def statement_json(issued: Any) -> StatementSummaryJson:
    """An issued statement, from its row or its view."""
    return {
        "number": issued.number,
        "landlord": issued.landlord,
        "first_month": str(issued.first_month),
        "last_month": str(issued.last_month),
        "language": issued.language,
        "issued_at": instant(issued.issued_at),
        "chain_head": issued.chain_head,
    }
