"""Batches, payments, and the bank's files."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from fund.bank.register import MAX_ANSWER_BYTES
from fund.bank.writers import MEDIA_TYPES
from fund.domain.agreement.model import Line
from fund.domain.bank_views import BankFileView
from fund.domain.views import BatchView, PaymentView, ShownBatch
from fund.doors.api.answers import Items
from fund.doors.api.openapi import problems
from fund.doors.api.routes import Routes
from fund.doors.http.fields import BatchCode, HouseholdCode, LandlordCode, MonthName, Sha256, StateName
from fund.doors.http.files import attachment
from fund.doors.http.inputs import ApprovalInput, CancellationInput
from fund.doors.http.requests import UploadRoute, Write
from fund.doors.http.schema import JsonOf
from fund.services.banking import exports, imports
from fund.services.context import Context
from fund.services.payouts import payments
from fund.services.payouts.payments import BatchSummary

routes = Routes()
uploads = Routes(kind=UploadRoute)


@routes.read("/batches", "The batches of payments, newest first", "batches")
def list_batches(context: Context) -> Items[JsonOf[BatchSummary]]:
    """Without their payments."""
    return {"items": payments.list_batches(context)}


@routes.create("/batches", "Prepare a batch", "batches")
def prepare_batch(context: Context) -> JsonOf[BatchView]:
    """Of every approved month that may be paid and is not: returned, refused, or held back before."""
    return payments.prepare_batch(context)


@routes.read("/batches/{batch}", "A batch with its payments", "batches")
def show_batch(context: Context, batch: BatchCode) -> JsonOf[ShownBatch]:
    """What an approver looks at; the digest covers every payment, whole IBANs included."""
    return payments.view_batch(context, batch, in_full=True)


@routes.file(
    "/batches/{batch}/file",
    MEDIA_TYPES,
    "The bytes that were sealed, always the same, in the bank's format",
    "The sealed file of a batch",
    "batches",
    also=problems(409),
)
def download_batch(context: Context, batch: BatchCode) -> Response:
    """For the bank, once it is approved."""
    sealed = exports.read_sealed(context, batch)
    return attachment(sealed.data, sealed.media_type, sealed.name)


@routes.write("/batches/{batch}/approve", "Approve a batch", "batches", asks_code=True)
def approve_batch(context: Context, batch: BatchCode, body: ApprovalInput) -> JsonOf[BatchView]:
    """By another person, and only what was shown: its payments are ordered and its file is sealed."""
    return payments.approve_batch(context, batch, digest=body.digest)


@routes.write("/batches/{batch}/sent", "Record that a batch went to the bank", "batches")
def mark_sent(context: Context, batch: BatchCode) -> JsonOf[BatchView]:
    """From now on only the bank's answers change its payments."""
    payments.mark_sent(context, batch)
    return payments.view_batch(context, batch)


@routes.write("/batches/{batch}/cancel", "Withdraw a batch before it is sent", "batches")
def cancel_batch(context: Context, batch: BatchCode, body: CancellationInput) -> JsonOf[BatchView]:
    """Its months stay owed. An approver other than the preparer cancels what is sealed."""
    payments.cancel_batch(context, batch, reason=body.reason)
    return payments.view_batch(context, batch)


@routes.read("/payments", "The payments, by filters", "payments")
def list_payments(
    context: Context,
    household: HouseholdCode | None = None,
    landlord: LandlordCode | None = None,
    month: MonthName | None = None,
    state: StateName | None = None,
    batch: BatchCode | None = None,
) -> Items[JsonOf[PaymentView]]:
    """Oldest first; every attempt stands for itself."""
    filters = {
        "household": household,
        "landlord": landlord,
        "month": month,
        "state": state,
        "batch": batch,
    }
    return {"items": payments.list_payments(context, **filters)}


@uploads.create(
    "/bank-files",
    "Take in a file of the bank",
    "bank-files",
    shape=JsonOf[BankFileView],
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": f"The file as it came, at most {MAX_ANSWER_BYTES} bytes",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def upload_bank_file(
    request: Request,
    write: Write,
    name: Annotated[Line, Query(max_length=200, description="the file's name", examples=["answers.csv"])],
) -> Response:
    """It is kept as its bytes, and only then read: whole or not at all. The same bytes twice are one file."""
    with write.transaction() as context:
        before = write.request.recall(context)
        if before is not None:
            return before
        checksum = imports.receive_file(context, name=name, data=request.state.body)

    return write.answer(lambda context: imports.book_file(context, checksum))


@routes.read("/bank-files/{sha256}", "A file and what was made of it", "bank-files")
def show_bank_file(context: Context, sha256: Sha256) -> JsonOf[BankFileView]:
    """One matching a line: booked, repeated, or why it was not booked."""
    return imports.view_file(context, sha256)
