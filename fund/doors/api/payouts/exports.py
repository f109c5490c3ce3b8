"""Sealed batches in the formats of banks, portals and accounting suites."""

from starlette.responses import Response

from fund.bank.writers import MEDIA_TYPES
from fund.doors.api.routes import Routes
from fund.doors.http.fields import BatchCode, FormatName
from fund.doors.http.files import attachment
from fund.doors.http.inputs import ExportInput
from fund.doors.http.schema import JsonOf
from fund.services.banking import exports
from fund.services.banking.exports import Export
from fund.services.context import Context

routes = Routes()


@routes.create("/batches/{batch}/exports", "Write a sealed batch in a format", "batches")
def export_batch(context: Context, batch: BatchCode, body: ExportInput) -> JsonOf[Export]:
    """pain.001 for banks, CBI for portals, OPI drafts for the accounting suite, or the mandate register."""
    return exports.export_batch(context, batch, body.format)


@routes.file(
    "/batches/{batch}/exports/{format_name}",
    MEDIA_TYPES,
    "The bytes that were written, always the same",
    "The file of a batch in a format",
    "batches",
)
def download_export(context: Context, batch: BatchCode, format_name: FormatName) -> Response:
    """Once it was written."""
    exported = exports.read_export(context, batch, format_name)
    return attachment(exported.data, exported.media_type, exported.name)
