"""Sealed batches as files in the outbox: an after-commit step driven by state, the same however often it is done."""

from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from fund.services.alone import alone
from fund.store.tables import PaymentBatch, table
from ledger.publisher import replace_file

_batch = table(PaymentBatch)


def batch_path(outbox: Path, batch: str) -> Path:
    """Where the file of a batch lies."""
    return outbox / f"{batch}.csv"


def deliver_batches(session: Session, outbox: Path) -> list[str]:
    """Write every sealed batch that is not in the outbox yet, and take cancelled ones away. Returns the codes written.

    One writes at a time: the writer that sealed a batch may be at it while the next one, before it begins, looks for
    what was left behind.
    """
    connection = session.connection()
    for code in connection.execute(select(_batch.c.code).where(_batch.c.state == "cancelled")).scalars():
        batch_path(outbox, code).unlink(missing_ok=True)
    codes = connection.execute(select(_batch.c.code).where(_batch.c.state == "sealed")).scalars()
    missing = [code for code in codes if not batch_path(outbox, code).exists()]
    if missing:
        outbox.mkdir(parents=True, exist_ok=True)
        with alone(outbox.with_suffix(".lock")):
            for code in missing:
                data = connection.execute(select(_batch.c.file_bytes).where(_batch.c.code == code)).scalar_one()
                replace_file(batch_path(outbox, code), bytes(data))
    return missing
