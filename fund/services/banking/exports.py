"""A sealed batch as files: the one that was sealed, and further formats, each written once and kept as its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fund.bank.writers import file_name, media_type, without_codes, write
from fund.domain import access, errors
from fund.domain.lists import OPI_FORMATS, BankFormat
from fund.domain.members import Internal, Member, Whole
from fund.services.as_booked import check_tables
from fund.services.banking.sealing import act_of_file, contents_of, debtor_of
from fund.services.context import Context
from fund.store import journal, rows
from fund.store.payouts.payments import BatchPayment, SealedBatch, batch_payments, find_export, sealed_rows
from fund.store.tables import BatchExport, PaymentBatch
from ledger.acts import payouts as payout_acts


@dataclass(frozen=True, slots=True)
class Export:
    """A file that a batch was written to, and the schemas that it passed, with their versions.

    ``without_codes`` are the payments without the project's CUP and CIG, because the text has no room for them;
    ``is_draft`` marks an OPI flow, which has no signature.
    """

    batch: str
    format: str
    name: Annotated[str, Whole("a file's")]
    media_type: str
    sha256: str
    schemas: tuple[str, ...]
    without_codes: tuple[str, ...]
    data: Annotated[bytes, Internal()]

    @property
    def is_draft(self) -> Annotated[bool, Member("is_draft", before="without_codes")]:
        return self.format in OPI_FORMATS

    @property
    def size_bytes(self) -> Annotated[int, Member("bytes", before="schemas")]:
        return len(self.data)


def read_sealed(context: Context, batch: str) -> Export:
    """The file that was sealed, always the same bytes.

    Raises ``StateNotAllowed`` while the batch is not sealed, ``IntegrityBroken`` where they are others now.
    """
    context.actor.must_be(*access.FINANCE)
    return _as_sealed(context, _sealed(context, batch, "download"))


def export_batch(context: Context, batch: str, format_name: str | None = None) -> Export:
    """A sealed batch in a format of ``FORMATS``, written now or before; without a format, what was sealed.

    Raises ``NotFound``, ``StateNotAllowed`` before it is sealed, ``TreasuryMissing``, the writers' errors, and
    ``IntegrityBroken`` where what was sealed is otherwise now.
    """
    context.actor.must_be(*access.preparers("export"))
    if format_name not in (None, *BankFormat):
        raise errors.NotFound("format", str(format_name))
    sealed = _sealed(context, batch, "export")
    if format_name is None or format_name == sealed.format:
        return _as_sealed(context, sealed)
    if find_export(context.session, batch, format_name) is None:
        _write(context, sealed, format_name)
    return read_export(context, batch, format_name)


def _write(context: Context, sealed: SealedBatch, format_name: str) -> None:
    """Write a further format from the rows that the seal froze, and keep it: it pays just what was ordered."""
    seal = act_of_file(context.session, "sealed", sealed.code, sealed.data, context.tag_of)
    if context.row_fingerprint(*sealed_rows(context.session, sealed.code)) != seal.facts.fingerprint:
        raise errors.IntegrityBroken([f"batch {sealed.code}: not what was sealed by its fingerprint"])
    debtor = debtor_of(context, sealed)
    if debtor is None:
        raise errors.TreasuryMissing()
    lines = batch_payments(context.session, sealed.code)
    _check_ordered(context, sealed, lines)
    contents = contents_of(sealed.code, sealed.sealed_at, debtor, lines)
    written = write(contents, format_name, context.schemas, sealed.first_mandate)
    export = BatchExport(
        batch=sealed.code,
        format=format_name,
        sha256=written.sha256,
        schemas=written.schemas,
        content=written.data,
        row_fingerprint="",
    )
    fingerprint = context.row_fingerprint(export)
    act = payout_acts.export(context.stamp(), batch=sealed.code, evidence=written.sha256, fingerprint=fingerprint)
    context.book_act(act, rows.values_of(export))


def _check_ordered(context: Context, sealed: SealedBatch, lines: Sequence[BatchPayment]) -> None:
    """The payments are those that the seal's orders name, to their accounts. Raises ``IntegrityBroken``."""
    ordered = {
        (one.facts.payment, one.facts.landlord, one.facts.account, one.postings[0].amount_cents)
        for one in journal.acts_citing(context.session, ("order",), sealed.sha256, context.tag_of)
    }
    payees = [(line.payment, line.account) for line in lines if line.account is not None]
    paid = {(payment.code, payee.landlord, payee.version, payment.amount_cents) for payment, payee in payees}
    if len(payees) < len(lines) or paid != ordered:
        raise errors.IntegrityBroken([f"batch {sealed.code}: its payments are not those that were ordered"])
    check_tables(context)


def read_export(context: Context, batch: str, format_name: str) -> Export:
    """A format of a batch as it was written. Raises ``NotFound`` where it was not written yet."""
    context.actor.must_be(*access.FINANCE)
    sealed = SealedBatch.of(context.get(PaymentBatch, batch))
    if sealed is not None and sealed.format == format_name:
        return _as_sealed(context, sealed)
    kept = find_export(context.session, batch, format_name)
    if kept is None:
        raise errors.NotFound("file", f"{batch} {format_name}")
    name, media = file_name(f"{batch}-{format_name}", format_name), media_type(format_name)
    act_of_file(context.session, "export", batch, kept.content, context.tag_of)
    left = () if sealed is None else _without_codes(context, sealed, format_name)
    context.disclose("batch", batch)
    return Export(batch, format_name, name, media, kept.sha256, kept.schemas, left, kept.content)


def _sealed(context: Context, batch: str, step: str) -> SealedBatch:
    row = context.get(PaymentBatch, batch)
    sealed = SealedBatch.of(row)
    if sealed is None:
        raise errors.StateNotAllowed("batch", batch, row.state, step)
    return sealed


def _as_sealed(context: Context, batch: SealedBatch) -> Export:
    name, media = file_name(batch.code, batch.format), media_type(batch.format)
    act_of_file(context.session, "sealed", batch.code, batch.data, context.tag_of)
    left = _without_codes(context, batch, batch.format)
    context.disclose("batch", batch.code)
    return Export(batch.code, batch.format, name, media, batch.sha256, batch.schemas, left, batch.data)


def _without_codes(context: Context, batch: SealedBatch, format_name: str) -> tuple[str, ...]:
    debtor = debtor_of(context, batch)
    if debtor is None:
        return ()
    lines = batch_payments(context.session, batch.code)
    return without_codes(contents_of(batch.code, batch.sealed_at, debtor, lines), format_name)
