"""A sealed batch as files: the one that was sealed, and further formats, each written once and kept as its bytes."""

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import delete, insert, select

from fund.bank.register import PLAIN
from fund.bank.writers import FORMATS, file_name, media_type, write
from fund.domain import access, errors
from fund.domain.agreement.reading import TreasuryFacts
from fund.domain.members import Internal, Member, Whole
from fund.services.banking.sealing import contents_of, debtor_of
from fund.services.context import Context
from fund.store.payouts.payments import batch_payments
from fund.store.queries import AnyRow
from fund.store.tables import BatchExport, PaymentBatch, Treasury, table

_batch, _export, _treasury = table(PaymentBatch), table(BatchExport), table(Treasury)


@dataclass(frozen=True, slots=True)
class Export:
    """A file that a batch was written to, and the schemas that it passed, with their versions."""

    batch: str
    format: str
    name: Annotated[str, Whole("a file's")]
    media_type: str
    sha256: str
    schemas: tuple[str, ...]
    data: Annotated[bytes, Internal()]

    @property
    def size_bytes(self) -> Annotated[int, Member("bytes", before="schemas")]:
        return len(self.data)


def set_treasury(context: Context, facts: TreasuryFacts) -> None:
    """Say from which account the city pays, its codes, the format that its bank takes, and how the bank's CSV is read.

    What is sealed from now on is sealed so; what was sealed before stays as it is.
    """
    context.actor.must_be(access.ADMIN, access.SYSTEM_ROLE)
    values = facts.model_dump(exclude={"opi", "csv"}) | facts.opi.model_dump()
    csv = facts.csv.model_dump_json(exclude_none=True) if facts.csv else None
    context.run(delete(_treasury))
    context.run(insert(_treasury).values(id=1, csv=csv, **values))


def read_sealed(context: Context, batch: str) -> Export:
    """The file that was sealed, always the same bytes. Raises ``StateNotAllowed`` while the batch is not sealed."""
    context.actor.must_be(*access.FINANCE)
    return _as_sealed(_sealed_row(context, batch, "download"))


def export_batch(context: Context, batch: str, format_name: str | None = None) -> Export:
    """A sealed batch in a format of ``FORMATS``, written now or before; without a format, what was sealed.

    Raises ``NotFound``, ``StateNotAllowed`` before it is sealed, ``TreasuryMissing``, and the writers' errors.
    """
    context.actor.must_be(*access.FINANCE)
    if format_name not in (None, PLAIN, *FORMATS):
        raise errors.NotFound("format", str(format_name))
    row = _sealed_row(context, batch, "export")
    if format_name in (None, row.file_format):
        return _as_sealed(row)
    if _kept(context, batch, str(format_name)) is None:
        _write(context, row, str(format_name))
    return read_export(context, batch, str(format_name))


def _write(context: Context, row: AnyRow, format_name: str) -> None:
    """Write a further format from the rows that the seal froze, and keep it."""
    debtor = debtor_of(context, row)
    if debtor is None:
        raise errors.TreasuryMissing()
    contents = contents_of(row.code, row.sealed_at, debtor, batch_payments(context.session, row.code))
    written = write(contents, format_name, context.schemas, row.first_mandate)
    values = {"sha256": written.sha256, "schemas": written.schemas, "content": written.data}
    context.run(insert(_export).values(batch=row.code, format=format_name, **values))


def read_export(context: Context, batch: str, format_name: str) -> Export:
    """A format of a batch as it was written. Raises ``NotFound`` where nobody asked for it yet."""
    context.actor.must_be(*access.FINANCE)
    row = context.get(PaymentBatch, batch)
    if row.file_bytes is not None and row.file_format == format_name:
        return _as_sealed(row)
    kept = _kept(context, batch, format_name)
    if kept is None:
        raise errors.NotFound("file", f"{batch} {format_name}")
    name, media = file_name(f"{batch}-{format_name}", format_name), media_type(format_name)
    return Export(batch, format_name, name, media, kept.sha256, kept.schemas, bytes(kept.content))


def _sealed_row(context: Context, batch: str, step: str) -> AnyRow:
    row = context.get(PaymentBatch, batch)
    if row.sealed_at is None or row.file_bytes is None:
        raise errors.StateNotAllowed("batch", batch, row.state, step)
    return row


def _as_sealed(row: AnyRow) -> Export:
    form = row.file_format
    name, media = file_name(row.code, form), media_type(form)
    return Export(row.code, form, name, media, row.file_sha256, row.file_schemas, bytes(row.file_bytes))


def _kept(context: Context, batch: str, format_name: str) -> AnyRow | None:
    chosen = select(_export).where(_export.c.batch == batch, _export.c.format == format_name)
    return context.run(chosen).one_or_none()
