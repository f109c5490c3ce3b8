"""A sealed batch in the formats that banks, portals and accounting suites take: written once, kept as its bytes."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select

from fund import access, errors
from fund.agreement import TreasuryFacts
from fund.bank.calendar import next_target_day
from fund.bank.port import Batch, Debtor, OpiCodes
from fund.bank.writers import FORMATS, write
from fund.clock import day_in_rome
from fund.services.context import Context
from fund.services.payments import instruction_of
from fund.store import queries
from fund.store.queries import AnyRow
from fund.store.tables import BatchExport, PaymentBatch, Treasury, table

_batch, _export, _treasury = table(PaymentBatch), table(BatchExport), table(Treasury)
_OPI = tuple(OpiCodes.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Exported:
    """A batch in one format: its file's name and kind, its digest, and whether an official schema was at hand."""

    batch: str
    format: str
    name: str
    media_type: str
    sha256: str
    is_validated: bool
    data: bytes


def set_treasury(context: Context, facts: TreasuryFacts) -> None:
    """Say from which account the city pays, and the codes that its bank and its accounting suite know it by."""
    context.actor.must_be(access.ADMIN, access.SYSTEM_ROLE)
    values = facts.model_dump(exclude={"opi"}) | facts.opi.model_dump()
    context.run(delete(_treasury))
    context.run(insert(_treasury).values(id=1, **values))


def export_batch(context: Context, batch: str, format_name: str, schemas: Path | None = None) -> Exported:
    """Write a sealed batch in a format of ``FORMATS``, or give the bytes written before.

    Raises ``NotFound``, ``StateNotAllowed`` before it is sealed, ``TreasuryMissing``, and the writers' errors.
    """
    context.actor.must_be(*access.FINANCE)
    if format_name not in FORMATS:
        raise errors.NotFound("format", format_name)
    row = context.get(_batch, batch, "batch")
    if row.sealed_at is None or row.file_bytes is None:
        raise errors.StateNotAllowed("batch", batch, row.state, "export")
    if _kept(context, batch, format_name) is None:
        number = queries.payments_sealed_before(context.session, batch) + 1
        written = write(_contents(context, row), format_name, schemas, number)
        values = {"sha256": written.sha256, "is_validated": written.verdict.outcome == "valid", "content": written.data}
        context.run(insert(_export).values(batch=batch, format=format_name, **values))
    return read_export(context, batch, format_name)


def read_export(context: Context, batch: str, format_name: str) -> Exported:
    """A format of a batch as it was written. Raises ``NotFound`` where nobody asked for it yet."""
    context.actor.must_be(*access.FINANCE)
    kept = _kept(context, batch, format_name)
    if kept is None:
        raise errors.NotFound("file", f"{batch} {format_name}")
    chosen = FORMATS[format_name]
    return Exported(
        batch=batch,
        format=format_name,
        name=f"{batch}-{format_name}.{chosen.extension}",
        media_type=chosen.media_type,
        sha256=kept.sha256,
        is_validated=kept.is_validated,
        data=bytes(kept.content),
    )


def _kept(context: Context, batch: str, format_name: str) -> AnyRow | None:
    chosen = select(_export).where(_export.c.batch == batch, _export.c.format == format_name)
    return context.run(chosen).one_or_none()


def _contents(context: Context, row: AnyRow) -> Batch:
    """What was sealed, from the rows that the seal froze; it is paid on the first TARGET day from then on."""
    lines = queries.batch_lines(context.session, row.code)
    return Batch(
        code=row.code,
        created_at=row.sealed_at,
        pay_on=next_target_day(day_in_rome(row.sealed_at)),
        debtor=_debtor(context),
        instructions=[instruction_of(line) for line in lines],
    )


def _debtor(context: Context) -> Debtor:
    row = context.run(_treasury.select()).one_or_none()
    if row is None:
        raise errors.TreasuryMissing()
    codes = OpiCodes(**{name: row._mapping[name] for name in _OPI})
    values = {name: row._mapping[name] for name in ("name", "iban", "tax_code", "bic", "cuc", "cup", "cig")}
    return Debtor(**values, opi=codes)
