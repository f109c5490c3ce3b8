"""Sealed batches as files in the outbox: an after-commit step driven by state, the same however often it is done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fund.bank.writers import file_name, is_format
from fund.domain.errors import IntegrityBroken
from fund.domain.states import BatchState
from fund.lock import file_lock
from fund.services.banking.sealing import act_of_file
from fund.store import rows
from fund.store.journal import TagOf, entries_of_chain
from fund.store.payouts.payments import DeliveredBatch, SealedBatch, batches_sealed, batches_to_deliver, files_lost
from fund.store.rows import Session
from fund.store.tables import PaymentBatch
from ledger import files
from ledger.books import sha256_file


@dataclass(frozen=True, slots=True)
class OutboxReport:
    """What one delivery wrote: batches that were not in the outbox, and files there that were not what was sealed."""

    written: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)


def deliver_batches(session: Session, outbox: Path, tag_of: TagOf) -> OutboxReport:
    """Write every sealed batch that is not in the outbox, mend what is not as it was sealed, take cancelled ones away.

    One writes at a time: the writer that sealed a batch may be at it while the next one, before it begins, looks for
    what was left behind. Only what the schema of its format allowed was sealed, and only what is still that file
    leaves: written under another name first, then renamed. Raises ``IntegrityBroken``.
    """
    delivery, wanted = OutboxReport(), []
    for batch in batches_to_deliver(session):
        path = _path(outbox, batch)
        if batch.state is BatchState.CANCELLED:
            files.remove(path)
        elif not files.is_plain_file(path) or sha256_file(path) != batch.sha256:
            (delivery.mended if path.exists() else delivery.written).append(batch.code)
            wanted.append(batch)
    if wanted:
        files.make_folder(outbox, mode=0o700)
        with file_lock(outbox.with_suffix(".lock")):
            for batch in wanted:
                path = _path(outbox, batch)
                files.remove_leftovers(path)
                files.write_whole(path, _checked(session, batch.code, tag_of), mode=0o600)
    return delivery


def outbox_findings(session: Session, outbox: Path) -> Iterator[str]:
    """What lies in the outbox and is not the sealed file of a batch in force, under its name.

    A file that was taken away is not among them: it was handed over, or the next write lays it there again.
    """
    if outbox.is_symlink():
        yield "the outbox is a link"
    sealed: dict[str, str] = {}
    for batch in batches_sealed(session):
        if is_format(batch.format):
            sealed[_path(outbox, batch).name] = batch.sha256
        else:
            yield f"batch {batch.code}: it was sealed in another format"
    lost = files_lost(session)
    for path in sorted(outbox.iterdir()) if outbox.is_dir() else ():
        if path.name not in sealed:
            if files.is_plain_file(path) and sha256_file(path) == lost.get(path.stem):
                continue
            yield f"{path.name!r}: lies in the outbox, and is no file of a batch in force"
        elif not files.is_plain_file(path) or sha256_file(path) != sealed[path.name]:
            yield f"{path.name}: the file in the outbox is not what was sealed"


def _path(outbox: Path, batch: DeliveredBatch) -> Path:
    if not is_format(batch.format):
        raise IntegrityBroken([f"batch {batch.code}: it was sealed in another format"])
    return outbox / file_name(batch.code, batch.format)


def _checked(session: Session, batch: str, tag_of: TagOf) -> bytes:
    """The bytes of a batch, once the act that sealed it is found by their sha256, and no entry that cancelled it."""
    sealed = SealedBatch.of(rows.get(session, PaymentBatch, batch))
    if sealed is None:
        raise IntegrityBroken([f"batch {batch}: its file is not held"])
    act_of_file(session, "sealed", batch, sealed.data, tag_of)
    named = f'\n  batch: "{batch}"\n'.encode()
    if list(entries_of_chain(session, lambda kind, record: kind == "cancellation" and named in record, tag_of)):
        raise IntegrityBroken([f"batch {batch}: it was cancelled"])
    return sealed.data
