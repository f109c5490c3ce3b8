"""Batches of payments from their preparation to the bank, and each payment with its history."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.responses import Response

from fund.domain import access, lists
from fund.domain.lists import EXPORT_FORMATS, TAX_WAITS, BankFormat
from fund.domain.texts import Message
from fund.doors.http.fields import BatchCode, FormatName, PaymentCode
from fund.doors.http.files import attachment
from fund.doors.http.inputs import CancellationInput, ExportInput
from fund.doors.tables.payouts import ALL_PAYMENTS, BATCHES, WAITING, batch_lines
from fund.doors.web.approval_snapshot import SnapshotLine
from fund.doors.web.decisions import AlertsForm, ApprovalForm, Nothing, approval, options
from fund.doors.web.downloads import SheetKind, add_sheet, table_file
from fund.doors.web.page_requests import Done, PageRequest
from fund.doors.web.paging import ON_A_PAGE, After, part_of
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.banking import exports
from fund.services.context import Context
from fund.services.desk import lists as lists_of
from fund.services.payouts import payments
from fund.services.payouts.payments import BatchReview

router = APIRouter(route_class=PageRoute)


@router.get("/batches")
def list_batches(desk: Desk, filled: Blank) -> Response:
    """Every batch, newest first, and what waits for the next."""
    with desk.reading() as context:
        found = payments.review_batches(context)
    return desk.page(
        "batches.html",
        found=found,
        form=filled,
        table=BATCHES,
        of_the_tax_check=TAX_WAITS,
        may_prepare=desk.actor.role == access.PREPARER,
    )


add_sheet(router, "/batches/list", BATCHES, lambda context: payments.review_batches(context).batches)
add_sheet(router, "/batches/waiting", WAITING, lambda context: payments.review_batches(context).waiting)


@router.post("/batches")
@form_on(list_batches)
def prepare_batch(context: Context, _: Nothing) -> Done:
    """Put every approved month that may be paid and is not into a batch."""
    code = payments.prepare_batch(context).code
    return Done(f"/batches/{code}", Message("Batch %(batch)s waits for the approver.", {"batch": code}))


@router.get("/batches/{batch}")
def show_batch(desk: Desk, filled: Blank, batch: BatchCode, after: After = 0) -> Response:
    """A batch, its payments page by page: what is approved, what the bank reads, and its files."""
    with desk.reading() as context:
        found = payments.review_batch(context, batch, in_full=True)
        shown = approval(context, desk, filled, found.view, list(_snapshot_lines(found)))
    return desk.page(
        "batch.html",
        batch=found,
        part=part_of(len(found.view.lines), after, ON_A_PAGE),
        form=filled,
        format_texts={form: form.text for form in BankFormat},
        missing_formats=_missing_formats(desk, found),
        cancel_reasons=options(lists.CANCELLATION_REASONS, desk.speak),
        **shown,
    )


def _missing_formats(desk: PageRequest, found: BatchReview) -> list[tuple[str, str]]:
    """The formats that the batch was not written in yet, with what each is for."""
    written = {found.view.format, *(export.format for export in found.exports)}
    return [(form, desk.speak.gettext(form.text)) for form in EXPORT_FORMATS if form not in written]


def _snapshot_lines(found: BatchReview) -> Iterator[SnapshotLine]:
    for line in found.view.lines:
        account = found.accounts[line.payment]
        yield SnapshotLine(line.payment, line.household, str(line.month), line.amount_cents, line.landlord, account)


@router.post("/batches/{batch}/alerts")
@form_on(show_batch)
def acknowledge_alerts(context: Context, form: AlertsForm, batch: BatchCode) -> Done:
    """The preparer says why what is ticked is no mistake."""
    payments.acknowledge_in_batch(context, batch, form.alerts, reason=form.why)
    return Done(f"/batches/{batch}", Message("Acknowledged. The approver sees it with its reason."))


@router.post("/batches/{batch}/approve")
@form_on(show_batch, asks_code=True)
def approve_batch(context: Context, form: ApprovalForm, batch: BatchCode) -> Done:
    """Approve exactly what was shown: the payments are ordered and the file is sealed."""
    payments.approve_batch(context, batch, digest=form.digest)
    return Done(f"/batches/{batch}", Message("Batch %(batch)s is sealed. Its file is ready.", {"batch": batch}))


@router.post("/batches/{batch}/sent")
@form_on(show_batch)
def mark_sent(context: Context, _: Nothing, batch: BatchCode) -> Done:
    """The file was handed to the bank."""
    payments.mark_sent(context, batch)
    return Done(f"/batches/{batch}", Message("Batch %(batch)s is marked as sent.", {"batch": batch}))


@router.post("/batches/{batch}/cancel")
@form_on(show_batch)
def cancel_batch(context: Context, form: CancellationInput, batch: BatchCode) -> Done:
    """Take a batch back before it is sent."""
    payments.cancel_batch(context, batch, reason=form.reason)
    return Done(f"/batches/{batch}", Message("Batch %(batch)s is taken back; its months stay owed.", {"batch": batch}))


@router.post("/batches/{batch}/exports")
@form_on(show_batch)
def export_batch(context: Context, form: ExportInput, batch: BatchCode) -> Done:
    """Write a sealed batch in one more format; it is then downloaded as often as needed."""
    made = exports.export_batch(context, batch, form.format)
    return Done(f"/batches/{batch}", Message("Written: %(name)s", {"name": made.name}))


@router.get("/batches/{batch}/file")
def download_file(desk: Desk, batch: BatchCode) -> Response:
    """The sealed bytes, always the same."""
    with desk.reading() as context:
        sealed = exports.read_sealed(context, batch)
    return attachment(sealed.data, sealed.media_type, sealed.name)


@router.get("/batches/{batch}/exports/{format_name}")
def download_export(desk: Desk, batch: BatchCode, format_name: FormatName) -> Response:
    """A format that was exported, always the same bytes."""
    with desk.reading() as context:
        made = exports.read_export(context, batch, format_name)
    return attachment(made.data, made.media_type, made.name)


@router.get("/batches/{batch}/list.{kind}")
def download_list(desk: Desk, batch: BatchCode, kind: SheetKind) -> Response:
    """The payments of a batch as they stand now."""
    with desk.reading() as context:
        view = payments.view_batch(context, batch)
    return table_file(desk, kind, batch_lines(batch), view.lines)


@router.get("/payments")
def list_payments(desk: Desk) -> Response:
    """Every payment, the newest first."""
    with desk.reading() as context:
        rows = lists_of.list_payments(context)
    return desk.page("payments.html", rows=rows, table=ALL_PAYMENTS)


add_sheet(router, "/payments", ALL_PAYMENTS, lists_of.list_payments)


@router.get("/payments/{payment}")
def show_payment(desk: Desk, payment: PaymentCode) -> Response:
    """One attempt to pay a month: those before and after it, its entries in the books, what banks said."""
    with desk.reading() as context:
        found = payments.review_payment(context, payment)
    return desk.page("payment.html", found=found)
