"""Queries around batches and payments that have no module of their subject yet."""

from sqlalchemy import select
from sqlmodel import Session

from fund.store.queries import AnyRow
from fund.store.tables import BankFile, BankLine, BatchExport, table

_line, _file, _export = table(BankLine), table(BankFile), table(BatchExport)


def exports_of(session: Session, batch: str) -> list[AnyRow]:
    """The formats that a batch was written in, without their bytes."""
    columns = [column for column in _export.c if column.name != "content"]
    statement = select(*columns).where(_export.c.batch == batch).order_by(_export.c.format)
    return list(session.connection().execute(statement))


def bank_lines_of(session: Session, payment: str) -> list[AnyRow]:
    """What banks said of a payment, in the order in which their files came; nothing of who is on the other side."""
    said = ("file_sha256", "ordinal", "outcome", "amount_cents", "bank_date", "reason", "verdict")
    statement = (
        select(*(_line.c[name] for name in said), _file.c.name, _file.c.received_at)
        .join(_file, _file.c.sha256 == _line.c.file_sha256)
        .where(_line.c.payment == payment)
        .order_by(_file.c.received_at, _line.c.file_sha256, _line.c.ordinal)
    )
    return list(session.connection().execute(statement))
