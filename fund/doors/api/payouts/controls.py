"""The controls before money leaves: what the bank and the tax office said, alerts, and what waits."""

from datetime import date, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Path, Query
from starlette.responses import Response
from typing_extensions import TypedDict

from fund.domain.controls import TaxOutcome, Terms
from fund.domain.views import BatchView, RunView, WaitingView
from fund.doors.api.answers import Items
from fund.doors.api.openapi import FILTERS, READS, WRITES
from fund.doors.http.fields import BatchCode, LandlordCode, MonthName, RowId
from fund.doors.http.inputs import AcknowledgementInput, PayeeCheckInput, TaxCheckInput, UserIbansInput
from fund.doors.http.requests import GuardedRoute, Read, Write, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.landlords import checks
from fund.services.landlords.checks import PayeeCheckView
from fund.services.money import agreement
from fund.services.payouts import controls, payments, runs
from fund.services.users import own_ibans
from ledger.months import Month

router = APIRouter(route_class=GuardedRoute)
Login = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{1,63}$", examples=["approver"])]


class RecordedJson(TypedDict):
    """The number of what was recorded."""

    id: int


class TaxCheckJson(Protocol):
    """A tax-debt check of a landlord (art. 48-bis DPR 602/1973)."""

    id: int
    landlord: str
    outcome: TaxOutcome
    checked_on: date
    reference: str
    recorded_by: str
    recorded_at: datetime


class UserIbansJson(TypedDict):
    """How many IBANs of a user's own are known, as fingerprints."""

    user: str
    count: int


@router.get("/controls", tags=["controls"], summary="What is asked for before money leaves", responses=READS)
def show_terms(read: Read) -> Shown[Terms]:
    """As two people agreed, and until then as the law has it."""
    with read() as context:
        return agreement.read_terms(context)


@router.get("/waiting", tags=["controls"], summary="The approved months in no batch, and why", responses=READS)
def list_waiting(read: Read) -> Items[Shown[WaitingView]]:
    """With all that each payee has coming, which is what a tax-debt check is measured by."""
    with read() as context:
        return {"items": controls.list_waiting(context)}


@router.get("/payee-checks", tags=["controls"], summary="What banks said of payees", responses=FILTERS)
def list_payee_checks(
    read: Read, landlord: Annotated[LandlordCode | None, Query()] = None
) -> Items[Shown[PayeeCheckView]]:
    """Verification of Payee, oldest first."""
    with read() as context:
        return {"items": checks.list_payee_checks(context, landlord)}


@router.post(
    "/landlords/{landlord}/accounts/{account}/payee-checks",
    tags=["controls"],
    summary="Record what the bank said of an account's holder",
    status_code=201,
    response_model=RecordedJson,
    responses=WRITES,
)
@transactional
def record_payee_check(context: Context, landlord: LandlordCode, account: RowId, body: PayeeCheckInput) -> RecordedJson:
    """No match suspends an account in use until another person confirms it anew."""
    facts = body.facts()
    return {"id": checks.record_payee_check(context, landlord=landlord, account=account, **facts)}


@router.get("/tax-checks", tags=["controls"], summary="The tax-debt checks", responses=FILTERS)
def list_tax_checks(read: Read, landlord: Annotated[LandlordCode | None, Query()] = None) -> Items[Shown[TaxCheckJson]]:
    """Art. 48-bis DPR 602/1973, oldest first."""
    with read() as context:
        return {"items": checks.list_tax_checks(context, landlord)}


@router.post(
    "/landlords/{landlord}/tax-checks",
    tags=["controls"],
    summary="Record a tax-debt check",
    status_code=201,
    response_model=RecordedJson,
    responses=WRITES,
)
@transactional
def record_tax_check(context: Context, landlord: LandlordCode, body: TaxCheckInput) -> RecordedJson:
    """A debt found keeps what is above the threshold waiting until a later check finds nothing due."""
    return {"id": checks.record_tax_check(context, landlord=landlord, **body.facts())}


@router.post(
    "/runs/{month}/acknowledgements",
    tags=["controls"],
    summary="Acknowledge alerts of a run",
    response_model=Shown[RunView],
    responses=WRITES,
)
@transactional
def acknowledge_in_run(context: Context, month: MonthName, body: AcknowledgementInput) -> RunView:
    """By its preparer, with a reason; the run's digest covers it."""
    return runs.acknowledge_in_run(context, Month.parse(month), body.alerts, reason=body.reason)


@router.post(
    "/batches/{batch}/acknowledgements",
    tags=["controls"],
    summary="Acknowledge alerts of a batch",
    response_model=Shown[BatchView],
    responses=WRITES,
)
@transactional
def acknowledge_in_batch(context: Context, batch: BatchCode, body: AcknowledgementInput) -> BatchView:
    """By its preparer, with a reason; the batch's digest covers it."""
    return payments.acknowledge_in_batch(context, batch, body.alerts, reason=body.reason)


@router.post(
    "/users/{user}/ibans",
    tags=["controls"],
    summary="Say which IBANs are a user's own",
    response_model=UserIbansJson,
    responses=WRITES,
)
def set_user_ibans(write: Write, user: Login, body: UserIbansInput) -> Response:
    """In place of those known before. Only fingerprints are kept, so that no landlord is paid to one of them."""
    return write.answer(lambda context: {"user": user, "count": own_ibans.set_user_ibans(context, user, body.ibans)})
