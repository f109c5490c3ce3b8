"""The books on disk: their files, and how they are read through the static gate.

::

    main.beancount      options, then one include for each month file
    audit.beancount     the same with the audit plugin
    months/2022-05.beancount
    MANIFEST.sha256     what ``sha256sum -c`` checks
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ledger import codes
from ledger.chain import GENESIS
from ledger.findings import Finding
from ledger.months import Month
from ledger.reader import Record, read_records
from ledger.text import render_audit, render_main

MAIN, AUDIT, MANIFEST, MONTHS = "main.beancount", "audit.beancount", "MANIFEST.sha256", "months"
_MONTH_FILE = rf"{codes.MONTH}\.beancount"


def month_file(month: Month) -> str:
    """The name of a month's file, relative to the books."""
    return f"{MONTHS}/{month}.beancount"


def month_files(books: Path) -> list[str]:
    """The month files that exist, oldest first, relative to the books. A link or a folder is none of them."""
    found = (path for path in (books / MONTHS).glob("*") if codes.matches(_MONTH_FILE, path.name))
    return [f"{MONTHS}/{name}" for name in sorted(path.name for path in found if _is_plain_file(path))]


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gate let through, in the order of the files, and what it refused."""

    records: list[Record]
    findings: list[Finding]

    @property
    def head(self) -> str:
        return self.records[-1].entry.hash if self.records else GENESIS


def read_books(books: Path) -> Reading:
    """Read the books through the static gate: unexpected files, unexpected text, and files that the manifest denies."""
    records: list[Record] = []
    findings = [*_file_findings(books)]
    for name in month_files(books):
        for item in read_records(name, (books / name).read_bytes()):
            if isinstance(item, Finding):
                findings.append(item)
            elif month_file(Month.of(item.entry.date)) != name:
                findings.append(Finding("gate", "stands in another month's file", item.entry.seq, item.place))
                records.append(item)
            else:
                records.append(item)
    fund = next((record.entry.facts.fund for record in records if record.entry.kind == "agreement"), None)
    if fund is None:
        findings.append(Finding("gate", "the books hold no agreement"))
    else:
        findings += _frame_findings(books, fund)
    return Reading(records, findings)


def _file_findings(books: Path) -> Iterator[Finding]:
    expected = {MAIN, AUDIT, MANIFEST, *month_files(books)}
    there = {path.relative_to(books).as_posix(): path for path in books.rglob("*")}
    plain = {name for name, path in there.items() if _is_plain_file(path)}
    for name in sorted(there.keys() - (expected & plain) - {MONTHS}):
        yield Finding("manifest", "is not a file of the books", place=_printable(name))
    if (books / MONTHS).is_symlink():
        yield Finding("manifest", "is not a folder of the books", place=MONTHS)
    for name in sorted(expected - there.keys()):
        yield Finding("manifest", "is missing", place=name)
    listed = dict(manifest_lines(books))
    sums = {name: sha256_file(books / name) for name in expected & plain - {MANIFEST}}
    for name in sorted(sums):
        if listed.get(name) != sums[name]:
            yield Finding("manifest", "is not the file that the manifest lists", place=name)
    for name in sorted(listed.keys() - expected):
        yield Finding("manifest", "is listed and is not a file of the books", place=_printable(name))
    if listed == sums and (books / MANIFEST).read_bytes() != render_manifest(sums.items()):
        yield Finding("manifest", "is not as the writer makes it", place=MANIFEST)


def _printable(name: str) -> str:
    """A file's name as it can be told: whoever plants a file chooses its name, and it goes to somebody's terminal."""
    return name if name.isascii() and name.isprintable() else ascii(name)


def _frame_findings(books: Path, fund: str) -> Iterator[Finding]:
    for name, text in frame(books, fund).items():
        path = books / name
        if _is_plain_file(path) and path.read_bytes() != text.encode("ascii"):
            yield Finding("gate", "is not as the writer makes it", place=name)


def frame(books: Path, fund: str) -> dict[str, str]:
    """The files around the months, as they must be for the month files that exist."""
    names = month_files(books)
    return {MAIN: render_main(fund, names), AUDIT: render_audit(fund, names)}


def sha256_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def render_manifest(sums: Iterable[tuple[str, str]]) -> bytes:
    """The manifest's bytes for (file name, sha256) pairs, as ``sha256sum -c`` reads them."""
    return "".join(f"{checksum}  {name}\n" for name, checksum in sorted(sums)).encode("ascii")


def manifest_lines(books: Path) -> Iterator[tuple[str, str]]:
    """What the manifest says, as (file name, sha256)."""
    path = books / MANIFEST
    if _is_plain_file(path):
        for line in path.read_text("ascii", "replace").splitlines():
            checksum, _, name = line.partition("  ")
            yield name, checksum
