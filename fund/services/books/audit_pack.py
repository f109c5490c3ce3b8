"""The audit pack: what goes into it, and the digest by which an auditor knows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fund.domain import errors
from fund.services.books.closings import read_closing
from fund.services.books.evidence import evidence_of
from fund.services.books.reading_room import head_of, snapshot
from fund.services.context import Context
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class PackContents:
    """The books as files, the evidence as rows, and where the chain ends."""

    name: str
    books: Mapping[str, bytes]
    evidence: Sequence[tuple[object, ...]]
    fund: str
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The zip, how far its books go, and a name that says whose they are and how far."""

    name: str
    data: bytes
    entries: int
    head: str

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


PackRenderer = Callable[[PackContents], bytes]


def make_pack(context: Context, books: Path, render: PackRenderer, *, closing: Month | None = None) -> Pack:
    """Everything that an auditor takes away: the books as they are, or as they were once a month was closed.

    The same closing gives the same bytes for ever, so that its digest can be sent ahead. Raises ``FundMissing``, and
    ``NotFound`` for a month that is not closed, or whose closing is not published yet.
    """
    through = None if closing is None else read_closing(context, closing).seq
    files = snapshot(context, books, through=through)
    fund = context.fund().code
    head, entries = head_of(files)
    if through is not None and entries != through:
        raise errors.NotFound("closing", str(closing))
    evidence = [
        (
            one.sha256,
            one.kind,
            one.code,
            one.day,
            one.size_bytes,
            " ".join(map(str, one.entries)),
            " ".join(one.schemas),
        )
        for one in evidence_of(context, files)
        if one.entries
    ]
    name = f"{fund}-{entries}.zip"
    return Pack(name, render(PackContents(name, files, evidence, fund, entries, head)), entries, head)
