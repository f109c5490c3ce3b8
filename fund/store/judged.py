"""The journal as the ledger's rules judge it, entry by entry, as an auditor proves the books: no row is believed."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice

from sqlmodel import Session

from fund.store import journal
from fund.store.journal import TagOf, Walked
from ledger.audit import Audit
from ledger.findings import Finding
from ledger.position import Position
from ledger.reader import read_records

_AT_ONCE = 1_000


@dataclass(slots=True)
class JudgedChain:
    """What the entries add up to, and every rule that one of them breaks."""

    audit: Audit = field(default_factory=Audit)
    findings: list[Finding] = field(default_factory=list)

    @property
    def position(self) -> Position:
        return self.audit.position

    def follow(self, records: bytes) -> None:
        """The next records, as they stand in the books."""
        for item in read_records("", records, skip=self._pass_ordinary):
            self.findings += [item] if isinstance(item, Finding) else self.audit.judge(item)

    def _pass_ordinary(self, text: str, data: bytes, start: int) -> int:
        return self.audit.pass_ordinary(self.position.day[:7], text, data, start)


def judged_chain(session: Session, tag_of: TagOf) -> AbstractContextManager[JudgedChain]:
    """The whole chain, walked to the tag of its last entry and judged. Raises ``IntegrityBroken``."""

    def go_on(made: JudgedChain, walked: Walked) -> None:
        records = (record for _, _, record in journal.records_of_chain(session, tag_of, walked))
        while together := list(islice(records, _AT_ONCE)):
            made.follow(b"".join(b"%b\n" % record for record in together))

    return journal.kept_of_chain(session, "rules", JudgedChain, go_on)
