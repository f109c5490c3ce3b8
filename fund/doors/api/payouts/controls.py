"""The controls before money leaves: what the bank and the tax office said, alerts, and what waits."""

from datetime import date, datetime
from typing import Annotated, Protocol

from fastapi import Path
from typing_extensions import TypedDict

from fund.domain.controls import TaxOutcome, Terms
from fund.domain.views import BatchView, RunView, WaitingView
from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.fields import BatchCode, LandlordCode, MonthName, RowId
from fund.doors.http.inputs import AcknowledgementInput, PayeeCheckInput, TaxCheckInput, UserIbansInput
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.landlords import checks
from fund.services.landlords.checks import PayeeCheckView
from fund.services.money import agreement
from fund.services.payouts import controls, payments, runs
from fund.services.users import own_ibans
from ledger.months import Month

routes = Routes()
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


@routes.read("/controls", "What is asked for before money leaves", "controls")
def show_terms(context: Context) -> JsonOf[Terms]:
    """As two people agreed, and until then as the law has it."""
    return agreement.read_terms(context)


@routes.read("/waiting", "The approved months in no batch, and why", "controls")
def list_waiting(context: Context) -> Items[JsonOf[WaitingView]]:
    """With all that each payee has coming, which is what a tax-debt check is measured by."""
    return {"items": controls.list_waiting(context)}


@routes.read("/payee-checks", "What banks said of payees", "controls")
def list_payee_checks(context: Context, landlord: LandlordCode | None = None) -> Items[JsonOf[PayeeCheckView]]:
    """Verification of Payee, oldest first."""
    return {"items": checks.list_payee_checks(context, landlord)}


@routes.create(
    "/landlords/{landlord}/accounts/{account}/payee-checks",
    "Record what the bank said of an account's holder",
    "controls",
)
def record_payee_check(context: Context, landlord: LandlordCode, account: RowId, body: PayeeCheckInput) -> RecordedJson:
    """No match suspends an account in use until another person confirms it anew."""
    facts = body.facts()
    return {"id": checks.record_payee_check(context, landlord=landlord, account=account, **facts)}


@routes.read("/tax-checks", "The tax-debt checks", "controls")
def list_tax_checks(context: Context, landlord: LandlordCode | None = None) -> Items[JsonOf[TaxCheckJson]]:
    """Art. 48-bis DPR 602/1973, oldest first."""
    return {"items": checks.list_tax_checks(context, landlord)}


@routes.create("/landlords/{landlord}/tax-checks", "Record a tax-debt check", "controls")
def record_tax_check(context: Context, landlord: LandlordCode, body: TaxCheckInput) -> RecordedJson:
    """A debt found keeps what is above the threshold waiting until a later check finds nothing due."""
    return {"id": checks.record_tax_check(context, landlord=landlord, **body.facts())}


@routes.write("/runs/{month}/acknowledgements", "Acknowledge alerts of a run", "controls")
def acknowledge_in_run(context: Context, month: MonthName, body: AcknowledgementInput) -> JsonOf[RunView]:
    """By its preparer, with a reason; the run's digest covers it."""
    return runs.acknowledge_in_run(context, Month.parse(month), body.alerts, reason=body.reason)


@routes.write("/batches/{batch}/acknowledgements", "Acknowledge alerts of a batch", "controls")
def acknowledge_in_batch(context: Context, batch: BatchCode, body: AcknowledgementInput) -> JsonOf[BatchView]:
    """By its preparer, with a reason; the batch's digest covers it."""
    return payments.acknowledge_in_batch(context, batch, body.alerts, reason=body.reason)


@routes.write("/users/{user}/ibans", "Say which IBANs are a user's own", "controls")
def set_user_ibans(context: Context, user: Login, body: UserIbansInput) -> UserIbansJson:
    """In place of those known before. Only fingerprints are kept, so that no landlord is paid to one of them."""
    return {"user": user, "count": own_ibans.set_user_ibans(context, user, body.ibans)}
