"""The one publisher: it appends to the books what the journal has and they lack, and recovers where it safely can."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from pathlib import Path

from ledger.books import MANIFEST, MONTHS, frame, manifest_lines, month_file, month_files, render_manifest, sha256_file
from ledger.chain import GENESIS, digest
from ledger.entries import Entry, NotAllowed
from ledger.months import Month
from ledger.reader import Refused, parse_record, without_hash
from ledger.text import render, render_unhashed


class Recovery(Enum):
    """The four named states in which a publisher can find the books."""

    IN_STEP = "in step"
    TORN_TAIL = "torn tail"
    BOOKS_AHEAD = "books ahead of the database"
    DIVERGED = "diverged"


class BooksDiffer(Exception):
    """The books hold something that the journal does not: nothing was written. ``seq`` is the last entry they hold."""

    def __init__(self, state: Recovery, seq: int | None) -> None:
        super().__init__(f"{state.value} at entry {seq}")
        self.state, self.seq = state, seq


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of the books: the last complete record, and the bytes after it that are none."""

    entry: Entry | None
    file: str | None
    complete_bytes: int
    torn: bytes


def read_tail(books: Path) -> Tail:
    """Find the last complete record without reading the files before the last. Raises ``BooksDiffer`` if it is none."""
    last: Tail | None = None
    for name in reversed(month_files(books)):
        data = (books / name).read_bytes()
        end = data.rfind(b"\n\n") + 2 if b"\n\n" in data else 0
        torn = data[end:]
        if last is None:
            last = Tail(None, name, end, torn)
        if end:
            start = data.rfind(b"\n\n", 0, end - 2) + 2 if b"\n\n" in data[: end - 2] else 0
            block = data[start : end - 1]
            return Tail(_complete(block), last.file, last.complete_bytes, last.torn)
    return last or Tail(None, None, 0, b"")


def _complete(block: bytes) -> Entry:
    try:
        entry = parse_record(block.decode("ascii", "replace"))
    except Refused:
        raise BooksDiffer(Recovery.DIVERGED, None) from None
    if digest(entry.prev, without_hash(block, entry.hash)) != entry.hash:
        raise BooksDiffer(Recovery.DIVERGED, entry.seq)
    return entry


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: how the books were found, how many entries were appended, and the head now."""

    found: Recovery
    appended: int
    head: str


def publish(
    books: Path,
    *,
    fund: str,
    hash_of: Callable[[int], str | None],
    entries_after: Callable[[int], Iterable[Entry]],
) -> Published:
    """Append to the books every entry of the journal that they lack. The caller holds the publisher's lock.

    The position is read from the books themselves. An incomplete last record is cut when it is the beginning of the
    one that belongs there; anything else that the journal does not say raises ``BooksDiffer`` and writes nothing.
    """
    tail = read_tail(books)
    seq = tail.entry.seq if tail.entry else 0
    if tail.entry is not None:
        known = hash_of(seq)
        if known is None:
            raise BooksDiffer(Recovery.BOOKS_AHEAD, seq)
        if known != tail.entry.hash:
            raise BooksDiffer(Recovery.DIVERGED, seq)
    pending = list(entries_after(seq))
    _check_continues(tail.entry, pending)
    found = Recovery.IN_STEP
    if tail.torn and tail.file is not None:
        _cut_torn(books, tail.file, tail, pending)
        found = Recovery.TORN_TAIL
    (books / MONTHS).mkdir(parents=True, exist_ok=True)
    _write_frame(books, fund, touched=tail.file)
    for month, group in groupby(pending, key=lambda entry: Month.of(entry.date)):
        _append(books / month_file(month), "".join(render(entry) + "\n" for entry in group).encode("ascii"))
        _write_frame(books, fund, touched=month_file(month))
    head = pending[-1].hash if pending else (tail.entry.hash if tail.entry else GENESIS)
    return Published(found, len(pending), head)


def _check_continues(last: Entry | None, pending: Iterable[Entry]) -> None:
    """The journal is a database that someone may have changed: what does not continue the books never reaches them."""
    for entry in pending:
        seq, head, day = (last.seq, last.hash, last.date) if last else (0, GENESIS, entry.date)
        try:
            sound = digest(head, render_unhashed(entry).encode("ascii")) == entry.hash
        except NotAllowed:
            sound = False
        if not sound or (entry.seq, entry.prev) != (seq + 1, head) or entry.date < day:
            raise BooksDiffer(Recovery.DIVERGED, seq)
        last = entry


def _cut_torn(books: Path, file: str, tail: Tail, pending: list[Entry]) -> None:
    seq = tail.entry.seq if tail.entry else None
    if not pending and tail.torn.strip(b"\0"):
        raise BooksDiffer(Recovery.BOOKS_AHEAD, seq)
    if pending:
        expected = (render(pending[0]) + "\n").encode("ascii")
        belongs = month_file(Month.of(pending[0].date)) == file or tail.complete_bytes
        if not belongs or not expected.startswith(tail.torn.rstrip(b"\0")):
            raise BooksDiffer(Recovery.DIVERGED, seq)
    path = books / file
    with path.open("r+b") as stream:
        stream.truncate(tail.complete_bytes)
        os.fsync(stream.fileno())


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    _sync_directory(path.parent)


def _write_frame(books: Path, fund: str, *, touched: str | None) -> None:
    """Renew what stands around the months.

    At most one month file is not yet in the manifest: the one ``touched``. What the manifest says of the others stays,
    so that a file which someone changed is found and never becomes right. The frame is always measured again: a
    publication that was killed may have renewed it and not the manifest.
    """
    around = frame(books, fund)
    for name, text in around.items():
        replace_file(books / name, text.encode("ascii"))
    listed = {name: checksum for name, checksum in manifest_lines(books) if name not in {touched, *around}}
    names = [*around, *month_files(books)]
    sums = ((name, listed.get(name) or sha256_file(books / name)) for name in names)
    replace_file(books / MANIFEST, render_manifest(sums))


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file in one step, unless it says that already."""
    if path.is_file() and path.read_bytes() == data:
        return
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
