"""The evidence behind the books: sealed batches and bank files, by the sha256 under which the entries cite them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from fund.clock import day_in_rome
from fund.domain import access, errors
from fund.domain.members import Member
from fund.services.books.reading_room import snapshot
from fund.services.context import Context
from fund.store import books as store
from ledger import codes

_SEQ_AND_EVIDENCE = re.compile(
    rf'^  seq: ({codes.COUNT})$|^  evidence: "({codes.SHA256})"$'.encode(), re.MULTILINE | re.ASCII
)
BATCH, FROM_BANK, ELSEWHERE = "batch", "bank file", "elsewhere"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file behind the books, the entries that cite it, and the schemas that a batch passed when it was sealed."""

    sha256: str
    kind: str
    code: Annotated[str | None, Member("batch")]
    day: date | None
    size_bytes: Annotated[int | None, Member("bytes")]
    entries: tuple[int, ...]
    schemas: tuple[str, ...] = ()


def list_evidence(context: Context, books: Path) -> list[Evidence]:
    """Everything cited in the books or kept in the database, in the order in which it is first cited."""
    return evidence_of(context, snapshot(context, books))


def find_evidence(context: Context, books: Path, sha256: str) -> Evidence:
    """One of them. Raises ``NotFound``."""
    found = next((one for one in list_evidence(context, books) if one.sha256 == sha256), None)
    if found is None:
        raise errors.NotFound("file", sha256)
    return found


def evidence_of(context: Context, files: Mapping[str, bytes]) -> list[Evidence]:
    """The same for books that were read already."""
    context.actor.must_be(*access.READERS)
    cited = _cited(files)
    found = [
        Evidence(
            one.sha256,
            FROM_BANK if one.batch is None else BATCH,
            one.batch,
            day_in_rome(one.at),
            one.size_bytes,
            tuple(cited.pop(one.sha256, ())),
            one.schemas,
        )
        for one in store.list_files(context.session)
    ]
    found += [Evidence(sha256, ELSEWHERE, None, None, None, tuple(entries)) for sha256, entries in cited.items()]
    return sorted(found, key=lambda one: (not one.entries, one.entries[:1], one.sha256))


def _cited(files: Mapping[str, bytes]) -> dict[str, list[int]]:
    """The numbers of the entries that cite each file, from the text alone."""
    cited: dict[str, list[int]] = {}
    for name in sorted(files):
        seq = 0
        for number, sha256 in _SEQ_AND_EVIDENCE.findall(files[name]):
            seq = int(number) if number else seq
            if sha256:
                cited.setdefault(sha256.decode(), []).append(seq)
    return cited


def read_evidence(context: Context, sha256: str) -> bytes:
    """A file's bytes, for finance: they hold IBANs. Raises ``NotFound``."""
    context.actor.must_be(*access.FINANCE)
    data = store.read_file(context.session, sha256)
    if data is None:
        raise errors.NotFound("file", sha256)
    context.disclose("file", sha256)
    return bytes(data)
