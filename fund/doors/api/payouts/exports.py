"""Sealed batches in the formats of banks, portals and accounting suites."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.bank.writers import MEDIA_TYPES
from fund.doors.api.openapi import LOOKS_UP, WRITES, file_responses
from fund.doors.http.fields import BatchCode, FormatName
from fund.doors.http.files import attachment
from fund.doors.http.inputs import ExportInput
from fund.doors.http.requests import GuardedRoute, Read, transactional
from fund.doors.http.schema import Shown
from fund.services.banking import exports
from fund.services.banking.exports import Export
from fund.services.context import Context

router = APIRouter(route_class=GuardedRoute)


@router.post(
    "/batches/{batch}/exports",
    tags=["batches"],
    summary="Write a sealed batch in a format",
    status_code=201,
    response_model=Shown[Export],
    responses=WRITES,
)
@transactional
def export_batch(context: Context, batch: BatchCode, body: ExportInput) -> Export:
    """pain.001 for banks, CBI for portals, OPI drafts for the accounting suite, or the mandate register."""
    return exports.export_batch(context, batch, body.format)


@router.get(
    "/batches/{batch}/exports/{format_name}",
    tags=["batches"],
    summary="The file of a batch in a format",
    response_class=Response,
    responses=LOOKS_UP | file_responses(MEDIA_TYPES, "The bytes that were written, always the same"),
)
def download_export(read: Read, batch: BatchCode, format_name: FormatName) -> Response:
    """Once it was written."""
    with read() as context:
        exported = exports.read_export(context, batch, format_name)
    return attachment(exported.data, exported.media_type, exported.name)
