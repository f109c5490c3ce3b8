"""The books as their readers turn the pages: the text itself, record by record, and never what the database says.

A record that the gate refuses, or whose hash is not that of its bytes, is shown all the same, and said to be so.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fund.domain import access, errors
from fund.lock import file_lock
from fund.services.context import Context
from fund.services.jobs import last_runs
from fund.store.tables import JobRun
from ledger import codes
from ledger.books import AUDIT, MAIN, MANIFEST, frame, month_file, own_files, render_manifest, stray_files
from ledger.chain import GENESIS
from ledger.entries import Entry
from ledger.files import is_plain_file
from ledger.months import Month
from ledger.reader import Refused, read_record

PAGE = 100
"""Records shown at once: a month of the first fund has about twenty, and a page of a hundred is still read."""

VERIFY_JOB = "verify"


@dataclass(frozen=True, slots=True)
class BookRecord:
    """A record as it stands in the books; where the gate refuses it, ``refused`` says why and ``entry`` is ``None``."""

    file: str
    line: int
    text: str
    seq: int | None
    entry: Entry | None
    refused: str | None
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class MonthFile:
    month: Month
    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class Room:
    """What lies in the reading room; ``verified`` is the last run of the scheduler's verification, if there was one.

    ``strays`` are files and folders among the books that are not the fund's.
    """

    head: str
    seq: int
    files: tuple[MonthFile, ...]
    closing: Entry | None
    verified: JobRun | None
    strays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some records of the books in their order; ``next`` is the number behind which the next part begins."""

    records: tuple[BookRecord, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """One entry, those before and behind it, and those that correct it."""

    record: BookRecord
    previous: int | None
    following: int | None
    corrected_by: tuple[int, ...]


def snapshot(context: Context, books: Path, *, through: int | None = None) -> dict[str, bytes]:
    """Every file of the books by its name, at one moment between two publications; nothing that is not the fund's.

    With ``through``, as they were after the entry of that number.
    """
    context.actor.must_be(*access.READERS)
    with file_lock(books.parent / "books.lock"):
        files = {name: (books / name).read_bytes() for name in own_files(books) if is_plain_file(books / name)}
    return files if through is None else _through(files, through, context.fund().code)


def _through(files: Mapping[str, bytes], seq: int, fund: str) -> dict[str, bytes]:
    months: dict[str, bytes] = {}
    for name in _months(files):
        kept, following, _ = files[name].partition(f"\n  seq: {seq + 1}\n".encode())
        if following:
            kept = b"".join(kept.rpartition(b"\n\n")[:2])
        if kept:
            months[name] = kept
        if following:
            break
    whole = {**frame(fund, list(months)), **months}
    sums = ((name, sha256(data).hexdigest()) for name, data in whole.items())
    return {**whole, MANIFEST: render_manifest(sums)}


def read_room(context: Context, books: Path) -> Room:
    """What there is to read, and where the chain ends."""
    files = snapshot(context, books)
    months = [MonthFile(_month_of(name), name, files[name].count(b"\n  seq: ")) for name in _months(files)]
    entries = (record.entry for record in _backwards(files) if record.entry is not None)
    closing = next((entry for entry in entries if entry.kind == "closing"), None)
    head, seq = head_of(files)
    verified = last_runs(context).get(VERIFY_JOB)
    return Room(head, seq, tuple(reversed(months)), closing, verified, tuple(stray_files(books)))


def read_head(context: Context, books: Path) -> tuple[str, int]:
    """The hash and the number of the last entry of the books."""
    return head_of(snapshot(context, books))


def head_of(files: dict[str, bytes]) -> tuple[str, int]:
    """The hash and the number of the last entry that the files hold."""
    last = next((record.entry for record in _backwards(files) if record.entry is not None), None)
    return (last.hash, last.seq) if last else (GENESIS, 0)


def is_evidence(context: Context, books: Path, sha256: str) -> bool:
    """Whether an entry of the books cites a file by this sha256; where none does, it may be a head of the chain."""
    return any(f'\n  evidence: "{sha256}"\n'.encode() in data for data in snapshot(context, books).values())


def read_month(context: Context, books: Path, month: Month, *, after: int = 0) -> Shelf:
    """The records of a month's file behind number ``after``. Raises ``NotFound`` where there is no such file."""
    files, name = snapshot(context, books), month_file(month)
    if name not in files:
        raise errors.NotFound("file", name)
    return _shelf(iter(_records(name, files[name])), after)


def read_entry(context: Context, books: Path, seq: int) -> EntryDetails:
    """One entry by its number, with what it hangs together with. Raises ``NotFound``."""
    files = snapshot(context, books)
    mine = list(_found(files, f"\n  seq: {seq}\n", lambda record: record.seq == seq))
    if not mine:
        raise errors.NotFound("entry", str(seq))
    corrections = _found(
        files,
        f'\n  corrects: "{seq}"\n',
        lambda record: record.entry is not None and record.entry.facts.corrects == seq,
    )
    corrected_by = tuple(record.seq for record in corrections if record.seq is not None)
    following = seq + 1 if any(f"\n  seq: {seq + 1}\n".encode() in data for data in files.values()) else None
    return EntryDetails(mine[0], seq - 1 if seq > 1 else None, following, corrected_by)


def read_linked(context: Context, books: Path, code: str, *, after: int = 0) -> Shelf:
    """The records that name a code: a household, its month (``N01-2022-05``), a landlord, a payment, a batch, an
    allocation, a month, or the sha256 of an evidence. Raises ``NotFound`` when none does."""
    files = snapshot(context, books)
    names, fits = _sought(code)
    found = _shelf(_found(files, names, fits), after)
    if not found.records and not after:
        raise errors.NotFound("entry", code)
    return found


Fits = Callable[[BookRecord], bool]


def _sought(code: str) -> tuple[str, Fits]:
    """A text that every record in question has, and what decides about those that have it. Raises ``NotFound``."""
    fact = next((name for name, pattern in _FACTS.items() if codes.matches(pattern, code)), None)
    if fact is not None:
        return f'"{code}"', lambda record: record.entry is not None and str(getattr(record.entry.facts, fact)) == code
    if codes.matches(codes.HOUSEHOLD_MONTH, code):
        household, _, month = code.partition("-")
        return f'"{month}"', lambda record: record.entry is not None and _is_about(record.entry, household, month)
    raise errors.NotFound("entry", code)


_FACTS = {
    "household": codes.HOUSEHOLD,
    "landlord": codes.LANDLORD,
    "payment": codes.PAYMENT,
    "batch": codes.BATCH,
    "allocation": codes.ALLOCATION,
    "month": codes.MONTH,
    "evidence": codes.SHA256,
}


def _is_about(entry: Entry, household: str, month: str) -> bool:
    """Whether it is that household's month: by name, or because it moves the month's lot."""
    lots = (str(posting.month) for posting in entry.postings if posting.month)
    return entry.facts.household == household and (str(entry.facts.month) == month or month in lots)


def _months(files: Mapping[str, bytes]) -> list[str]:
    return sorted(files.keys() - {MAIN, AUDIT, MANIFEST})


def _month_of(name: str) -> Month:
    return Month.parse(Path(name).stem)


def _found(files: dict[str, bytes], needle: str, fits: Fits) -> Iterator[BookRecord]:
    for name in _months(files):
        if needle.encode() in files[name]:
            for line, block in _blocks(files[name]):
                if needle in block and fits(record := _record(name, line, block)):
                    yield record


def _backwards(files: dict[str, bytes]) -> Iterator[BookRecord]:
    for name in reversed(_months(files)):
        for line, block in reversed(list(_blocks(files[name]))):
            yield _record(name, line, block)


def _records(name: str, data: bytes) -> list[BookRecord]:
    return [_record(name, line, block) for line, block in _blocks(data)]


def _blocks(data: bytes) -> Iterator[tuple[int, str]]:
    """Each record's first line and text; a byte that does not belong there is shown as its number."""
    text = data.decode("ascii", "backslashreplace")
    line = 1
    for block in text.removesuffix("\n").split("\n\n"):
        yield line, block.removesuffix("\n") + "\n"
        line += block.count("\n") + 2


def _record(name: str, line: int, text: str) -> BookRecord:
    seq = re.search(r"^  seq: ([0-9]{1,10})$", text, re.MULTILINE | re.ASCII)
    number = int(seq[1]) if seq else None
    try:
        placed = read_record(text)
    except Refused as refused:
        return BookRecord(name, line, text, number, None, str(refused), is_sealed=False)
    return BookRecord(name, line, text, number, placed.entry, None, is_sealed=placed.hash_holds)


def _shelf(records: Iterator[BookRecord], after: int) -> Shelf:
    """A part of the records. One without a number stands where it stands, so it is shown with those around it."""
    shown: list[BookRecord] = []
    last = 0
    for record in records:
        last = record.seq or last
        if last <= after and after:
            continue
        if len(shown) == PAGE:
            return Shelf(tuple(shown), shown[-1].seq)
        shown.append(record)
    return Shelf(tuple(shown), None)
