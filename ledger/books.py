"""The files of the books, and reading them through the static gate.

::

    main.beancount      options, then one include for each month file
    audit.beancount     the same with the audit plugin
    months/2022-05.beancount
    MANIFEST.sha256     what ``sha256sum -c`` checks
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ledger import codes
from ledger.chain import GENESIS
from ledger.files import is_plain_file
from ledger.findings import STRAY, Finding
from ledger.months import Month
from ledger.reader import Placed, Skip, read_records
from ledger.text import render_audit, render_main

MAIN, AUDIT, MANIFEST, MONTHS = "main.beancount", "audit.beancount", "MANIFEST.sha256", "months"
MONTH_FILE = rf"{MONTHS}/{codes.MONTH}\.beancount"


def month_file(month: Month | str) -> str:
    """File name of a month, relative to the books."""
    return f"{MONTHS}/{month}.beancount"


def month_files(books: Path) -> list[str]:
    """The fund's month files, oldest first, relative to the books.

    These are the files listed in the manifest, including missing ones, and the file that a killed publisher had begun
    but not yet listed. No other file belongs to the fund, whatever its name. Without a manifest every plain month file
    counts.
    """
    there = [name for name in _month_names(books) if is_plain_file(books / name)]
    if not is_plain_file(books / MANIFEST):
        return there
    listed = sorted({name for name, _ in manifest_lines(books) if codes.matches(MONTH_FILE, name)})
    return [*listed, *_begun(books, listed, there)]


def _month_names(books: Path) -> list[str]:
    names = (f"{MONTHS}/{path.name}" for path in _entries(books / MONTHS))
    return sorted(name for name in names if codes.matches(MONTH_FILE, name))


def _begun(books: Path, listed: list[str], there: list[str]) -> list[str]:
    """The unlisted month file that continues the listed ones, or holds the torn beginning of its first record.

    A publisher lists a file before it begins the next, so there is at most one.
    """
    # A file counts as begun only if its first bytes continue the chain. Going by the name alone would turn any file
    # that is dropped into the folder into a corruption of the books, and stop writing (decision 0024).
    later = [name for name in there if not listed or name > listed[-1]]
    head = _last_hash(books / listed[-1]) if listed and later else GENESIS
    for name in later:
        first, is_complete, _ = (books / name).read_bytes().partition(b"\n\n")
        opening = f"{Path(name).stem}-".encode("ascii")
        if first.startswith(opening):
            goes_on = not is_complete or f'\n  prev: "{head}"\n'.encode("ascii") in first
        else:
            goes_on = bool(first) and not is_complete and opening.startswith(first)
        if goes_on:
            return [name]
    return []


def _last_hash(path: Path) -> str:
    """Hash of the last record of a file, as written there."""
    data = path.read_bytes() if is_plain_file(path) else b""
    found = re.findall(rb'\n  hash: "([0-9a-f]{64})"\n', data[data.rfind(b"\n  hash: ") :])
    return found[-1].decode("ascii") if found else ""


def stray_files(books: Path) -> list[str]:
    """Printable names of everything in the books' folder that is not the fund's; a folder's name ends with a slash."""
    own = {*own_files(books), MONTHS}
    places = [*_entries(books), *_entries(books / MONTHS)] if is_own_folder(books / MONTHS) else [*_entries(books)]
    names = {path.relative_to(books).as_posix(): path for path in places}
    return [
        printable(name) + ("/" if path.is_dir() and not path.is_symlink() else "")
        for name, path in sorted(names.items())
        if name not in own
    ]


def own_files(books: Path) -> list[str]:
    """Names of the files that make up the books, including missing ones."""
    return [MAIN, AUDIT, MANIFEST, *month_files(books)]


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def is_own_folder(path: Path) -> bool:
    """Whether the path is a folder and not a link to one."""
    return path.is_dir() and not path.is_symlink()


@dataclass(frozen=True, slots=True)
class Reading:
    """Records that passed the gate, in the order of the files, and the findings for the rest."""

    records: list[Placed]
    findings: list[Finding]

    @property
    def head(self) -> str:
        return self.records[-1].record.hash if self.records else GENESIS


def read_books(books: Path) -> Reading:
    """Read the whole books through the static gate, as ``scan_books`` does a record at a time."""
    reading = Reading([], [])
    for item in scan_books(books):
        if isinstance(item, Finding):
            reading.findings.append(item)
        else:
            reading.records.append(item)
    return reading


class Proved(NamedTuple):
    """How far books were proved: the fund, and the month, number and hash of the last entry."""

    fund: str
    month: str
    seq: int
    hash: str


def scan_books(
    books: Path, skip: Callable[[str, str, bytes, int], int] | None = None, since: Proved | None = None
) -> Iterator[Placed | Finding]:
    """The records of the books in order, read through the static gate, and its findings.

    Findings name unexpected files, unexpected text, and files that differ from the manifest. ``skip`` passes records
    that need not be read, as for ``read_records``; it is told the month of the file as well. Of books that were proved
    before, only what came ``since`` is read, and a finding says where they have no such entry.
    """
    yield from _file_findings(books, "" if since is None else month_file(since.month))
    if since is not None and not is_plain_file(books / month_file(since.month)):
        yield Finding("chain", "was proved before, and its month is not there", since.seq, month_file(since.month))
    fund = None if since is None else since.fund
    for name in month_files(books):
        month = name[len(MONTHS) + 1 : -len(".beancount")]
        if not is_plain_file(books / name) or (since is not None and month < since.month):
            continue
        start = Start()
        if since is not None and month == since.month:
            found = _start_after(books / name, since)
            if found is None:
                yield Finding("chain", "is not the entry that was proved before, or is missing", since.seq, name)
                return
            start = found
        for item in _read_file(books / name, name, None if skip is None else partial(skip, month), start):
            if not isinstance(item, Finding):
                record = item.record
                if record.day[:7] != month:
                    yield Finding("gate", "stands in another month's file", record.seq, item.place)
                if record.kind == "agreement" and fund is None:
                    fund = record.facts.fund
            yield item
    if fund is None:
        yield Finding("gate", "the books hold no agreement")
    else:
        yield from _frame_findings(books, fund)


_PART_BYTES = 1 << 20


class Start(NamedTuple):
    """Where the reading of a month's file begins."""

    place: int = 0
    line: int = 1


def _start_after(path: Path, proved: Proved) -> Start | None:
    """Where the first record behind the one that was proved begins."""
    data = path.read_bytes()
    begin = data.find(f"\n  seq: {proved.seq}\n".encode("ascii"))
    end = data.find(b"\n\n", begin) + 2
    if begin < 0 or f'\n  hash: "{proved.hash}"\n'.encode("ascii") not in data[begin:end]:
        return None
    return Start(end, 1 + data.count(b"\n", 0, end))


def _read_file(path: Path, name: str, skip: Skip | None, start: Start) -> Iterator[Placed | Finding]:
    """The records of a month's file, read in parts that end with a record, so that no large file is held."""
    line, parts = start.line, [b""]
    with path.open("rb") as stream:
        stream.seek(start.place)
        while part := stream.read(_PART_BYTES):
            end = part.rfind(b"\n\n") + 2
            if end < 2:
                parts.append(part)
                continue
            data = b"".join([*parts, part[:end]])
            line = yield from read_records(name, data, line, skip)
            parts = [part[end:]]
    rest = b"".join(parts)
    if rest or line == 1:
        yield from read_records(name, rest, line, skip)


def _file_findings(books: Path, first: str) -> Iterator[Finding]:
    """Findings about the files; of those of months before ``first``, only whether they are there and listed."""
    for name in stray_files(books):
        yield Finding(STRAY, "is not the fund's", place=name)
    if not is_own_folder(books / MONTHS):
        yield Finding("manifest", "is not a folder of the books", place=MONTHS)
    expected, listed = set(own_files(books)), dict(manifest_lines(books))
    sums = {
        name: listed.get(name, "") if MONTHS in name and name < first else sha256_file(books / name)
        for name in expected - {MANIFEST}
        if is_plain_file(books / name)
    }
    for name in sorted(expected - {MANIFEST, *sums}):
        yield Finding("manifest", "is missing, or no plain file", place=name)
    for name in sorted(sums):
        if listed.get(name) != sums[name]:
            yield Finding("manifest", "is not the file that the manifest lists", place=name)
    for name in sorted(listed.keys() - expected):
        yield Finding("manifest", "is listed and is not a file of the books", place=printable(name))
    if not is_plain_file(books / MANIFEST):
        yield Finding("manifest", "is missing, or no plain file", place=MANIFEST)
    elif listed == sums and (books / MANIFEST).read_bytes() != render_manifest(sums.items()):
        yield Finding("manifest", "is not as the writer makes it", place=MANIFEST)


def printable(name: str) -> str:
    """A file name that is safe to print: an attacker can choose a planted file's name, and it reaches a terminal."""
    return name if name.isascii() and name.isprintable() else ascii(name)


def _frame_findings(books: Path, fund: str) -> Iterator[Finding]:
    for name, data in frame(fund, month_files(books)).items():
        path = books / name
        if is_plain_file(path) and path.read_bytes() != data:
            yield Finding("gate", "is not as the writer makes it", place=name)


def frame(fund: str, names: list[str]) -> dict[str, bytes]:
    """Expected contents of ``main.beancount`` and ``audit.beancount`` for these month files."""
    return {MAIN: render_main(fund, names).encode("ascii"), AUDIT: render_audit(fund, names).encode("ascii")}


FileStamp = tuple[int, int, int, int]
"""Inode, size, and nanosecond times of the last change of content and of metadata."""


def stamps(books: Path) -> dict[str, FileStamp | None]:
    """The stamp of each file of the books; ``None`` for one that is missing or not a plain file."""
    return {name: _stamp(books / name) for name in own_files(books)}


def _stamp(path: Path) -> FileStamp | None:
    if not is_plain_file(path):
        return None
    found = path.lstat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def render_manifest(sums: Iterable[tuple[str, str]]) -> bytes:
    """Contents of the manifest for (file name, sha256) pairs, in the format of ``sha256sum -c``."""
    return "".join(f"{checksum}  {name}\n" for name, checksum in sorted(sums)).encode("ascii")


def manifest_lines(books: Path) -> Iterator[tuple[str, str]]:
    """Lines of the manifest as (file name, sha256); none where it is missing."""
    path = books / MANIFEST
    if is_plain_file(path):
        yield from parse_manifest(path.read_bytes())


def parse_manifest(data: bytes) -> Iterator[tuple[str, str]]:
    """Lines of a manifest as (file name, sha256)."""
    for line in data.decode("ascii", "replace").splitlines():
        checksum, _, name = line.partition("  ")
        yield name, checksum
