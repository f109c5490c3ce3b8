"""The rules of the fund, judged over records alone, in one pass: the chain, then each rule; every finding at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ledger.chain import GENESIS
from ledger.findings import Finding
from ledger.position import Position
from ledger.reader import Placed


@dataclass(slots=True)
class Audit:
    """One pass over the books. Nothing of a record is kept that no rule needs.

    ``head_seq`` becomes the entry after which the chain had the head ``looked_for``.
    """

    looked_for: str | None = None
    position: Position = field(default_factory=Position)
    head: str = GENESIS
    count: int = 0
    head_seq: int | None = None

    def judge(self, placed: Placed) -> list[Finding]:
        """The findings of the next record."""
        record, before = placed.record, self.position.seq
        found: list[Finding] = []
        if record.seq != before + 1:
            found.append(Finding("chain", f"follows entry {before}", record.seq))
        if record.prev != self.head:
            found.append(Finding("chain", "its previous hash is not that of the record before it", record.seq))
        if not placed.hash_holds:
            found.append(Finding("chain", "its hash is not that of its bytes", record.seq))
        found += self.position.judge(record)
        self.head = record.hash
        if record.hash == self.looked_for:
            self.head_seq = record.seq
        self.count += 1
        return [replace(finding, place=placed.place) for finding in found] if found else found


def audit_records(records: Iterable[Placed]) -> tuple[Position, list[Finding]]:
    """Judge records in order. Returns the position that they add up to, and all findings."""
    audit = Audit()
    findings = [finding for placed in records for finding in audit.judge(placed)]
    return audit.position, findings
