"""The one publisher: it appends to the books what the journal has and they lack, and recovers where it safely can."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby, takewhile
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ledger import files, ordinary
from ledger.books import (
    MANIFEST,
    MONTHS,
    FileStamp,
    frame,
    is_own_folder,
    manifest_lines,
    month_file,
    month_files,
    own_files,
    render_manifest,
    sha256_file,
    stamps,
)
from ledger.chain import GENESIS
from ledger.entries import Entry
from ledger.reader import Refused, read_record, read_seal


class Recovery(Enum):
    """The four named states in which a publisher can find the books."""

    IN_STEP = "in step"
    TORN_TAIL = "torn tail"
    BOOKS_AHEAD = "books ahead of the database"
    DIVERGED = "diverged"


class BooksDiffer(Exception):
    """The books are not what was published, or the journal does not reach them: nothing was written.

    ``seq`` is the last entry they hold; ``file`` is the one that is missing, changed, or has a link in its place.
    """

    def __init__(self, state: Recovery, seq: int | None = None, file: str | None = None) -> None:
        place = f": {file} is not the file that was published" if file else f" at entry {seq}"
        super().__init__(state.value + place)
        self.state, self.seq, self.file = state, seq, file


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
        placed = read_record(block.decode("ascii", "replace"))
    except Refused:
        raise BooksDiffer(Recovery.DIVERGED, None) from None
    entry = placed.entry
    if not placed.hash_holds:
        raise BooksDiffer(Recovery.DIVERGED, entry.seq)
    return entry


class SealedMonth(NamedTuple):
    """What is remembered of a closed month: its last entry, and the sha256 of its file."""

    month: str
    last_seq: int
    sha256: str


class _Expected:
    """The sha256 that each month's file has to have: as it was sealed, or else as the journal's records give it."""

    def __init__(self, sealed: Sequence[SealedMonth], records_after: Callable[[int], Iterable[bytes]]) -> None:
        self.records_after = records_after
        self._last_seq = sealed[-1].last_seq if sealed else 0
        self._sums = {month_file(one.month): one.sha256 for one in sealed}
        self._is_read = False

    def sum_of(self, name: str) -> str | None:
        """What the file of a month has to have; ``None`` where the journal has no entry of that month."""
        if name not in self._sums and not self._is_read:
            for month, records in groupby(self.records_after(self._last_seq), key=itemgetter(slice(0, 7))):
                self._sums[month_file(month.decode("ascii", "replace"))] = sum_of_file(records)
            self._is_read = True
        return self._sums.get(name)


def sum_of_file(records: Iterable[bytes]) -> str:
    """The sha256 of a file that holds these records."""
    checksum = hashlib.sha256()
    for record in records:
        checksum.update(record + b"\n")
    return checksum.hexdigest()


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
    records_after: Callable[[int], Iterable[bytes]],
    sealed: Sequence[SealedMonth] = (),
    known: Mapping[str, FileStamp | None] = MappingProxyType({}),
    admit: Callable[[int, str], None] | None = None,
) -> Published:
    """Append to the books every record of the journal that they lack. The caller holds the publisher's lock.

    ``records_after`` gives the bytes of the records behind a number; they are copied as they are.

    The position is read from the books themselves. An incomplete last record is cut when it is the beginning of the
    one that belongs there; anything else that the journal does not say, and any of the fund's files that is missing,
    changed or a link, raises ``BooksDiffer`` and writes nothing. What is not the fund's is left alone. ``sealed`` are
    the closed months, oldest first, whose files are held against what was remembered of them; those after them are held
    against the journal. ``known`` are the stamps of files that an earlier publication left as they had to be; these are
    not read again. ``admit`` is asked before anything is appended, with number and hash of the last record, which cover
    those before it; what it raises leaves the books as they are.
    """
    _check_present(books)
    tail = read_tail(books)
    seq = tail.entry.seq if tail.entry else 0
    if tail.entry is not None:
        hash_in_journal = hash_of(seq)
        if hash_in_journal is None:
            raise BooksDiffer(Recovery.BOOKS_AHEAD, seq)
        if hash_in_journal != tail.entry.hash:
            raise BooksDiffer(Recovery.DIVERGED, seq)
    pending = _continuing(tail.entry, records_after(seq))
    if pending.count:
        if admit is not None:
            admit(seq + pending.count, pending.head)
        first, *later = map(month_file, pending.months)
        tail = _with_begun_file(books, tail, first)
        _check_free(books, later)
    if tail.torn and tail.file is not None:
        _check_torn(tail.file, tail, pending)
    _check_unchanged(books, fund, tail, _Expected(sealed, records_after), known)
    found = Recovery.IN_STEP
    if tail.torn and tail.file is not None:
        files.cut(books / tail.file, tail.complete_bytes)
        found = Recovery.TORN_TAIL
    files.make_folder(books / MONTHS)
    _write_frame(books, fund, touched=tail.file)
    for month, records in pending.months.items():
        files.append(books / month_file(month), b"".join(records))
        _write_frame(books, fund, touched=month_file(month))
    return Published(found, pending.count, pending.head)


@dataclass(slots=True)
class _Pending:
    """The records to append, each with the blank line that ends it, by their months; how many, and the last hash."""

    months: dict[str, list[bytes]]
    count: int
    head: str


def _continuing(last: Entry | None, records: Iterable[bytes]) -> _Pending:
    """The journal's records, as long as each continues the books. Raises ``BooksDiffer`` at one that does not.

    The journal is a database that someone may have changed: what the gate refuses, or what does not continue the chain,
    never reaches the books.
    """
    before, head, day_before = (last.seq, last.hash, str(last.date)) if last else (0, GENESIS, "")
    months: dict[str, list[bytes]] = {}
    of_month: list[bytes] = []
    seq = before
    for record in records:
        try:
            day, number, prev, own_hash = ordinary.read_seal(record) or read_seal(record)
        except Refused:
            raise BooksDiffer(Recovery.DIVERGED, seq) from None
        if number != seq + 1 or prev != head or day < day_before:
            raise BooksDiffer(Recovery.DIVERGED, seq)
        if day != day_before or not months:
            of_month = months.setdefault(day[:7], [])
        of_month.append(record + b"\n")
        seq, head, day_before = number, own_hash, day
    return _Pending(months, seq - before, head)


def _check_present(books: Path) -> None:
    """Every file that was published is there as a plain file. The manifest is missing only before the first month."""
    is_begun = bool(month_files(books)) or os.path.lexists(books / MANIFEST)
    for name in own_files(books):
        if not files.is_plain_file(books / name) and (is_begun or os.path.lexists(books / name)):
            raise BooksDiffer(Recovery.DIVERGED, file=name)
    if os.path.lexists(books / MONTHS) and not is_own_folder(books / MONTHS):
        raise BooksDiffer(Recovery.DIVERGED, file=MONTHS)


def _check_unchanged(
    books: Path,
    fund: str,
    tail: Tail,
    expected: _Expected,
    known: Mapping[str, FileStamp | None],
) -> None:
    """Each file is as the manifest lists it and the journal says, or as a killed publication can have left it."""
    names, listed, present = month_files(books), dict(manifest_lines(books)), stamps(books)
    if listed and (books / MANIFEST).read_bytes() != render_manifest(listed.items()):
        raise BooksDiffer(Recovery.DIVERGED, file=MANIFEST)
    around, before = frame(fund, names), frame(fund, names[:-1])
    if not listed.keys() <= {*around, *names}:
        raise BooksDiffer(Recovery.DIVERGED, file=MANIFEST)
    for name, stamp in present.items():
        if name == MANIFEST or stamp is None or known.get(name) == stamp:
            continue
        if name in around:
            as_written = {data: hashlib.sha256(data).hexdigest() for data in (around[name], before[name])}
            is_sound = (books / name).read_bytes() in as_written and listed.get(name) in (None, *as_written.values())
        elif name == tail.file:
            is_sound = _is_as_appended(books / name, tail, listed.get(name), expected.records_after)
        else:
            # The manifest stands beside the books: a person who changes a file changes its line as well.
            is_sound = sha256_file(books / name) == listed.get(name) == expected.sum_of(name)
        if not is_sound:
            raise BooksDiffer(Recovery.DIVERGED, file=name)


def _is_as_appended(
    path: Path, tail: Tail, listed: str | None, records_after: Callable[[int], Iterable[bytes]]
) -> bool:
    """Whether the last file begins as the journal says, and so did what was listed of it."""
    complete = path.read_bytes()[: tail.complete_bytes]
    before = (tail.entry.seq if tail.entry else 0) - complete.count(b"\n\n")
    if before < 0:
        return False
    opening = f"{path.stem}-".encode("ascii")
    whole = b"".join(record + b"\n" for record in takewhile(lambda one: one.startswith(opening), records_after(before)))
    return whole.startswith(complete) and (listed is None or listed in _sums_of_beginnings(whole))


def _sums_of_beginnings(data: bytes) -> Iterator[str]:
    """The sha256 of the first record, of the first two, and so on."""
    sha256 = hashlib.sha256()
    for record in data.split(b"\n\n")[:-1]:
        sha256.update(record + b"\n\n")
        yield sha256.hexdigest()


def _with_begun_file(books: Path, tail: Tail, name: str) -> Tail:
    """The tail, or where the next record begins a file that a killed publisher made and did not fill: that one."""
    if name == tail.file or not os.path.lexists(books / name):
        return tail
    if tail.torn or not files.is_plain_file(books / name):
        raise BooksDiffer(Recovery.DIVERGED, file=name)
    return Tail(tail.entry, name, 0, (books / name).read_bytes())


def _check_free(books: Path, names: Iterable[str]) -> None:
    """Nothing lies in the place of a month that no publisher has begun: what is appended would continue it."""
    for name in names:
        if os.path.lexists(books / name):
            raise BooksDiffer(Recovery.DIVERGED, file=name)


def _check_torn(file: str, tail: Tail, pending: _Pending) -> None:
    """What is torn is the beginning of the record that belongs there."""
    seq = tail.entry.seq if tail.entry else None
    if not pending.count and tail.torn.strip(b"\0"):
        raise BooksDiffer(Recovery.BOOKS_AHEAD, seq)
    if pending.count:
        month, (record, *_) = next(iter(pending.months.items()))
        belongs = month_file(month) == file or tail.complete_bytes
        if not belongs or not record.startswith(tail.torn.rstrip(b"\0")):
            raise BooksDiffer(Recovery.DIVERGED, seq)


def _write_frame(books: Path, fund: str, *, touched: str | None) -> None:
    """Renew what stands around the months.

    At most one month file is not yet in the manifest: the one ``touched``. What the manifest says of the others stays,
    so that a file which someone changed is found and never becomes right. The frame is always measured again: a
    publication that was killed may have renewed it and not the manifest.
    """
    names = month_files(books)
    around = frame(fund, names)
    for name, data in around.items():
        _replace(books / name, data)
    listed = {name: checksum for name, checksum in manifest_lines(books) if name not in {touched, *around}}
    sums = ((name, listed.get(name) or sha256_file(books / name)) for name in [*around, *names])
    _replace(books / MANIFEST, render_manifest(sums))


def _replace(path: Path, data: bytes) -> None:
    files.remove_leftovers(path)
    files.write_whole(path, data)
