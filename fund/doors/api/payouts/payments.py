"""Batches, payments, and the bank's files."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from fund.bank.register import MAX_ANSWER_BYTES
from fund.bank.writers import MEDIA_TYPES
from fund.domain.agreement.model import Line
from fund.domain.bank_views import BankFileView
from fund.domain.views import BatchView, PaymentView, ShownBatch
from fund.doors.api.answers import Items
from fund.doors.api.openapi import APPROVES, FILTERS, LOOKS_UP, READS, WRITES, file_responses, problems
from fund.doors.http.fields import BatchCode, HouseholdCode, LandlordCode, MonthName, Sha256, StateName
from fund.doors.http.files import attachment
from fund.doors.http.inputs import ApprovalInput, CancellationInput
from fund.doors.http.requests import GuardedRoute, Read, UploadRoute, Write, approving, transactional
from fund.doors.http.schema import Shown
from fund.services.banking import answers, exports
from fund.services.context import Context
from fund.services.payouts import payments
from fund.services.payouts.payments import BatchSummary

router = APIRouter(route_class=GuardedRoute)
uploads = APIRouter(route_class=UploadRoute)


@router.get("/batches", tags=["batches"], summary="The batches of payments, newest first", responses=READS)
def list_batches(read: Read) -> Items[Shown[BatchSummary]]:
    """Without their payments."""
    with read() as context:
        return {"items": payments.list_batches(context)}


@router.post(
    "/batches",
    tags=["batches"],
    summary="Prepare a batch",
    status_code=201,
    response_model=Shown[BatchView],
    responses=WRITES,
)
def prepare_batch(write: Write) -> Response:
    """Of every approved month that may be paid and is not: returned, refused, or held back before."""
    return write.answer(payments.prepare_batch)


@router.get("/batches/{batch}", tags=["batches"], summary="A batch with its payments", responses=LOOKS_UP)
def show_batch(read: Read, batch: BatchCode) -> Shown[ShownBatch]:
    """What an approver looks at; the digest covers every payment, whole IBANs included."""
    with read() as context:
        return payments.view_batch(context, batch)


@router.get(
    "/batches/{batch}/file",
    tags=["batches"],
    summary="The sealed file of a batch",
    response_class=Response,
    responses=LOOKS_UP
    | problems(409)
    | file_responses(MEDIA_TYPES, "The bytes that were sealed, always the same, in the bank's format"),
)
def download_batch(read: Read, batch: BatchCode) -> Response:
    """For the bank, once it is approved."""
    with read() as context:
        sealed = exports.read_sealed(context, batch)
    return attachment(sealed.data, sealed.media_type, sealed.name)


@router.post(
    "/batches/{batch}/approve",
    tags=["batches"],
    summary="Approve a batch",
    response_model=Shown[BatchView],
    responses=APPROVES,
)
@approving
def approve_batch(context: Context, batch: BatchCode, body: ApprovalInput) -> BatchView:
    """By another person, and only what was shown: its payments are ordered and its file is sealed."""
    return payments.approve_batch(context, batch, digest=body.digest)


@router.post(
    "/batches/{batch}/sent",
    tags=["batches"],
    summary="Record that a batch went to the bank",
    response_model=Shown[BatchView],
    responses=WRITES,
)
@transactional
def mark_sent(context: Context, batch: BatchCode) -> BatchView:
    """From now on only the bank's answers change its payments."""
    payments.mark_sent(context, batch)
    return payments.view_batch(context, batch)


@router.post(
    "/batches/{batch}/cancel",
    tags=["batches"],
    summary="Withdraw a batch before it is sent",
    response_model=Shown[BatchView],
    responses=WRITES,
)
@transactional
def cancel_batch(context: Context, batch: BatchCode, body: CancellationInput) -> BatchView:
    """Its months stay owed. A person other than the preparer cancels what is sealed."""
    payments.cancel_batch(context, batch, reason=body.reason)
    return payments.view_batch(context, batch)


@router.get("/payments", tags=["payments"], summary="The payments, by filters", responses=FILTERS)
def list_payments(
    read: Read,
    household: Annotated[HouseholdCode | None, Query()] = None,
    landlord: Annotated[LandlordCode | None, Query()] = None,
    month: Annotated[MonthName | None, Query()] = None,
    state: Annotated[StateName | None, Query()] = None,
    batch: Annotated[BatchCode | None, Query()] = None,
) -> Items[Shown[PaymentView]]:
    """Oldest first; every attempt stands for itself."""
    filters = {
        "household": household,
        "landlord": landlord,
        "month": month,
        "state": state,
        "batch": batch,
    }
    with read() as context:
        return {"items": payments.list_payments(context, **filters)}


@uploads.post(
    "/bank-files",
    tags=["bank-files"],
    summary="Take in a file of the bank",
    status_code=201,
    response_model=Shown[BankFileView],
    responses=WRITES,
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
        before = write.recall(context)
        if before is not None:
            return before
        checksum = answers.receive_file(context, name=name, data=request.state.body)

    return write.answer(lambda context: answers.book_file(context, checksum))


@router.get("/bank-files/{sha256}", tags=["bank-files"], summary="A file and what was made of it", responses=LOOKS_UP)
def show_bank_file(read: Read, sha256: Sha256) -> Shown[BankFileView]:
    """One verdict a line: booked, repeated, or why it was not booked."""
    with read() as context:
        return answers.view_file(context, sha256)
