"""The audit as a Beancount plugin: ``bean-check audit.beancount`` reports every violation at once.

It reads the month files beside the top-level file through the static gate, audits them, and compares what Beancount
loaded with what the gate read, so that neither contains anything that the other lacks.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from beancount.core import data

from ledger.audit import audit_records
from ledger.books import read_books
from ledger.findings import Finding
from ledger.reader import Placed, Record

__plugins__ = ("audit",)


class AuditError(NamedTuple):
    """A finding as an error of Beancount."""

    source: dict[str, Any]
    message: str
    entry: None


def audit(entries: data.Entries, options_map: dict[str, Any]) -> tuple[data.Entries, list[AuditError]]:
    """Audit the books of the loaded file; the entries are returned unchanged."""
    books = Path(options_map["filename"]).parent
    reading = read_books(books)
    _, findings = audit_records(reading.records)
    findings = [*reading.findings, *findings, *_differences(entries, reading.records, books)]
    return entries, [_error(finding, books) for finding in findings]


def _error(finding: Finding, books: Path) -> AuditError:
    name, _, line = (finding.place or "").partition(":")
    return AuditError({"filename": str(books / name), "lineno": int(line or 0)}, str(finding), None)


def _differences(entries: data.Entries, records: list[Placed], books: Path) -> Iterator[Finding]:
    loaded = {
        (Path(entry.meta["filename"]).relative_to(books).as_posix(), entry.meta["lineno"]): entry
        for entry in entries
        if isinstance(entry, data.Transaction) and Path(entry.meta["filename"]).is_relative_to(books)
    }
    # Beancount loads whatever an include names, and the gate reads only the fund's own files: a transaction from
    # elsewhere would change balances that the audit never saw (decision 0037).
    foreign = sum(isinstance(entry, data.Transaction) for entry in entries) - len(loaded)
    if foreign:
        yield Finding("gate", f"{foreign} transactions were loaded from outside the books")
    for placed in records:
        if placed.record.postings:
            transaction = loaded.pop((placed.file, placed.line), None)
            if transaction is None or _loaded_postings(transaction) != _read_postings(placed.record):
                yield Finding("gate", "Beancount loaded something else", placed.record.seq, placed.place)
    for file, line in loaded:
        yield Finding("gate", "Beancount loaded a transaction that is no record", place=f"{file}:{line}")


_Postings = Counter[tuple[str, Decimal, str | None]]


def _loaded_postings(transaction: Any) -> _Postings:
    """Postings after booking, when no units or costs are incomplete any more."""
    postings: _Postings = Counter()
    for posting in transaction.postings:
        amount, label = posting.units.number, None
        if posting.cost is not None:
            amount, label = amount * posting.cost.number, posting.cost.label
        postings[posting.account, amount * 100, label] += 1
    return postings


def _read_postings(record: Record) -> _Postings:
    return Counter((p.account, Decimal(p.amount_cents), str(p.month) if p.month else None) for p in record.postings)
