"""What the bank said, what waits for a person, what comes back of overpayments, and the reconciliation."""

from typing import Annotated, Protocol

from fastapi import APIRouter, Query

from fund.domain.bank_views import (
    AccountStatement,
    BankFileSummary,
    BankFileView,
    BankLineDetails,
    BankLineView,
    QueueLine,
    ReconciliationView,
)
from fund.domain.members import Member
from fund.domain.proposals import ProposalView
from fund.doors.api.answers import BookedJson, Items
from fund.doors.api.openapi import FILTERS, LOOKS_UP, READS, WRITES
from fund.doors.http.fields import LandlordCode, RowId, Sha256, StateName
from fund.doors.http.inputs import (
    DecisionInput,
    FileAsideInput,
    MatchInput,
    OverpaymentInput,
    RecoveryInput,
    SetAsideInput,
)
from fund.doors.http.requests import GuardedRoute, Read, transactional
from fund.doors.http.schema import Shown
from fund.services.banking import answers, bank_statements, queue, reconciliation
from fund.services.context import Context
from fund.services.desk.proposals import read_proposal
from fund.services.money import recoveries

router = APIRouter(route_class=GuardedRoute)


class OverpaymentJson(Protocol):
    """Part of a settled month that was not due; ``recovered`` is what of it came back."""

    id: int
    contribution_id: Annotated[int, Member("contribution")]
    household: str
    landlord: str
    month: str
    amount_cents: int
    recovered_cents: int
    reason: str
    prepared_by: str
    approved_by: str


@router.get("/bank-files", tags=["bank-files"], summary="The files received, newest first", responses=READS)
def list_bank_files(read: Read) -> Items[Shown[BankFileSummary]]:
    """Each with how many of its lines are open, and how many of its statements are alarms."""
    with read() as context:
        return {"items": answers.list_files(context)}


@router.post(
    "/bank-files/{sha256}/set-aside",
    tags=["bank-files"],
    summary="Set a file aside",
    response_model=Shown[BankFileView],
    responses=WRITES,
)
@transactional
def set_bank_file_aside(context: Context, sha256: Sha256, body: FileAsideInput) -> BankFileView:
    """Nothing of it could be booked, and for a reason from a list nothing has to be. Sent again, it still can be."""
    return answers.set_file_aside(context, sha256, reason=body.reason)


@router.get("/account-statements", tags=["bank-files"], summary="The statements of the account", responses=FILTERS)
def list_account_statements(
    read: Read, state: Annotated[StateName | None, Query()] = None
) -> Items[Shown[AccountStatement]]:
    """The newest first, each with what is missing before it; ``disputed`` and ``foreign`` ones wait for a person."""
    with read() as context:
        found = bank_statements.list_account_statements(context, state=state)
        return {"items": found}


@router.post(
    "/bank-files/{sha256}/statements/{ordinal}/decide",
    tags=["bank-files"],
    summary="Decide a disputed or foreign statement",
    response_model=Shown[BankFileView],
    responses=WRITES,
)
@transactional
def decide_statement(context: Context, sha256: Sha256, ordinal: RowId, body: DecisionInput) -> BankFileView:
    """Accepted, it replaces the one of the same id and its lines are judged; rejected, nothing of it counts."""
    bank_statements.decide_statement(context, sha256, ordinal, accept=body.accept)
    return answers.view_file(context, sha256)


@router.get("/bank-queue", tags=["bank-queue"], summary="The lines that wait for a person", responses=READS)
def list_queue(read: Read) -> Items[Shown[QueueLine]]:
    """The oldest movement first, each with what it is likely to be about and why; nothing is guessed."""
    with read() as context:
        return {"items": queue.list_queue(context)}


@router.get("/bank-files/{sha256}/lines/{ordinal}", tags=["bank-queue"], summary="One line in full", responses=LOOKS_UP)
def show_bank_line(read: Read, sha256: Sha256, ordinal: RowId) -> Shown[BankLineDetails]:
    """With the name, the IBAN and the text of the other side, for the person who resolves it."""
    with read() as context:
        return queue.view_line(context, sha256, ordinal)


@router.post(
    "/bank-files/{sha256}/lines/{ordinal}/match",
    tags=["bank-queue"],
    summary="Say what a line is",
    response_model=Shown[BankLineView],
    responses=WRITES,
)
@transactional
def match_bank_line(context: Context, sha256: Sha256, ordinal: RowId, body: MatchInput) -> BankLineView:
    """Amount, IBAN and state must agree as for every line; a line is resolved once."""
    return queue.match_line(context, sha256, ordinal, to=body.to, key=body.key)


@router.post(
    "/bank-files/{sha256}/lines/{ordinal}/set-aside",
    tags=["bank-queue"],
    summary="Set a line aside",
    response_model=Shown[BankLineView],
    responses=WRITES,
)
@transactional
def set_bank_line_aside(context: Context, sha256: Sha256, ordinal: RowId, body: SetAsideInput) -> BankLineView:
    """It is not the fund's business, for a reason from a list."""
    return queue.set_aside(context, sha256, ordinal, reason=body.reason)


@router.get("/reconciliation", tags=["bank-queue"], summary="The bank against the books", responses=READS)
def show_reconciliation(read: Read) -> Shown[ReconciliationView]:
    """Every cent between them has a name, or is told as unexplained; and all that is not settled."""
    with read() as context:
        return reconciliation.reconcile(context)


@router.get("/overpayments", tags=["recoveries"], summary="What was overpaid, and came back", responses=FILTERS)
def list_overpayments(
    read: Read, landlord: Annotated[LandlordCode | None, Query()] = None
) -> Items[Shown[OverpaymentJson]]:
    """Oldest first."""
    with read() as context:
        return {"items": recoveries.list_overpayments(context, landlord=landlord)}


@router.post(
    "/overpayments",
    tags=["recoveries"],
    summary="Propose an overpayment",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_overpayment(context: Context, body: OverpaymentInput) -> ProposalView:
    """Part of a settled month was not due; another person confirms it."""
    return read_proposal(context, recoveries.propose_overpayment(context, **body.facts()))


@router.post(
    "/recoveries",
    tags=["recoveries"],
    summary="Record money back from a landlord",
    status_code=201,
    response_model=BookedJson,
    responses=WRITES,
)
@transactional
def recover(context: Context, body: RecoveryInput) -> BookedJson:
    """It counts against the landlord's oldest overpayment first, and never for more than was overpaid."""
    return {"entry": recoveries.recover(context, **body.facts())}
