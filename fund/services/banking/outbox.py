"""Sealed batches as files in the outbox: an after-commit step driven by state, the same however often it is done."""

from hashlib import sha256
from pathlib import Path

from fund.bank.writers import file_name
from fund.domain.errors import IntegrityBroken
from fund.domain.states import BatchState
from fund.lock import file_lock
from fund.store import rows
from fund.store.payouts.payments import SealedBatch, file_states
from fund.store.rows import Session
from fund.store.tables import PaymentBatch
from ledger import files


def deliver_batches(session: Session, outbox: Path) -> list[str]:
    """Write every sealed batch that is not in the outbox yet, and take cancelled ones away. Returns the codes written.

    One writes at a time: the writer that sealed a batch may be at it while the next one, before it begins, looks for
    what was left behind. Only what the schema of its format allowed was sealed, and only what is still that file
    leaves: written under another name first, then renamed. Raises ``IntegrityBroken``.
    """
    missing: dict[str, Path] = {}
    for code, form, state in file_states(session):
        path = outbox / file_name(code, form)
        if state is BatchState.CANCELLED:
            files.remove(path)
        elif not path.exists():
            missing[code] = path
    if missing:
        files.make_folder(outbox)
        with file_lock(outbox.with_suffix(".lock")):
            for code, path in missing.items():
                files.remove_leftovers(path)
                files.write_whole(path, _checked(session, code))
    return list(missing)


def _checked(session: Session, batch: str) -> bytes:
    sealed = SealedBatch.of(rows.get(session, PaymentBatch, batch))
    if sealed is None or sha256(sealed.data).hexdigest() != sealed.sha256:
        raise IntegrityBroken([f"batch {batch}: its file is not what was sealed"])
    return sealed.data
