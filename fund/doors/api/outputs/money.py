"""The fund and its money, what is owed, how it is paid, and the papers about it.

A protocol names the columns of a record that programs are shown; the others are left out.
"""

from datetime import date, datetime
from typing import Annotated, NotRequired, Protocol

from typing_extensions import TypedDict

from fund.domain.members import Member, Whole
from fund.domain.states import ContributionState, RefundState, RunState
from fund.domain.views import IssuedStatement
from fund.doors.representations import instant
from fund.services.statements.statements import StatementRow


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


class BookedJson(TypedDict):
    """The number of the entry that was made."""

    entry: int


class RunSummaryJson(Protocol):
    """A run without its lines."""

    month: str
    state: RunState
    opened_at: datetime
    opened_by: str
    prepared_by: str | None
    approved_by: str | None
    approved_at: datetime | None


class ContributionJson(Protocol):
    """A household's month: what is owed, whatever becomes of its payments."""

    id: int
    household: str
    landlord: str
    month: str
    run_month: Annotated[str | None, Member("run")]
    amount_cents: int
    lot_cents: Annotated[int, Member("committed")]
    formula: str | None
    state: ContributionState
    reason: str | None


class RefundJson(Protocol):
    """Unspent money that goes back to the funder."""

    id: int
    amount_cents: int
    state: RefundState
    prepared_by: str
    approved_by: str | None
    bank_date: date | None


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


def statement_json(issued: StatementRow | IssuedStatement) -> StatementSummaryJson:
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
