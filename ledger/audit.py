"""The rules of the fund, judged over entries alone: every finding at once."""

from collections.abc import Iterable
from dataclasses import replace

from ledger.chain import GENESIS, digest
from ledger.findings import Finding
from ledger.position import Position
from ledger.reader import Record


def audit_records(records: Iterable[Record]) -> tuple[Position, list[Finding]]:
    """Judge records in order: the chain, then each rule. Returns the position that they add up to, and all findings."""
    position, findings = Position(), []
    head, seq = GENESIS, 0
    for record in records:
        entry = record.entry
        found = []
        if entry.seq != seq + 1:
            found.append(Finding("chain", f"follows entry {seq}", entry.seq))
        if entry.prev != head:
            found.append(Finding("chain", "its previous hash is not that of the record before it", entry.seq))
        if digest(entry.prev, record.unhashed) != entry.hash:
            found.append(Finding("chain", "its hash is not that of its bytes", entry.seq))
        found += position.apply(entry)
        findings += [replace(finding, place=record.place) for finding in found]
        head, seq = entry.hash, entry.seq
    return position, findings
