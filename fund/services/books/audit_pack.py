"""The audit pack: what goes into it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fund.services.books.evidence import evidence_of
from fund.services.books.reading_room import head_of, snapshot
from fund.services.context import Context


@dataclass(frozen=True, slots=True)
class PackContents:
    """The books as files, the evidence as rows, and where the chain ends."""

    books: Mapping[str, bytes]
    evidence: Sequence[tuple[object, ...]]
    fund: str
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The zip, and a name that says whose it is and how far it goes."""

    name: str
    data: bytes


def make_pack(context: Context, books: Path, render: Callable[[PackContents], bytes]) -> Pack:
    """Everything that an auditor takes away. Raises ``FundMissing``."""
    files = snapshot(context, books)
    fund = context.fund().code
    head, entries = head_of(files)
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
    ]
    return Pack(f"{fund}-{entries}.zip", render(PackContents(files, evidence, fund, entries, head)))
