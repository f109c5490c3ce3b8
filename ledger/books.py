"""The books on disk: their files, and how they are read through the static gate.

::

    main.beancount      options, then one include for each month file
    audit.beancount     the same with the audit plugin
    months/2022-05.beancount
    MANIFEST.sha256     what ``sha256sum -c`` checks
"""

import hashlib
from collections.abc import Iterator
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
    """The month files that exist, oldest first, relative to the books."""
    found = (path.name for path in (books / MONTHS).glob("*") if codes.matches(_MONTH_FILE, path.name))
    return [f"{MONTHS}/{name}" for name in sorted(found)]


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
    found = {path.relative_to(books).as_posix() for path in books.rglob("*") if not path.is_dir() or path.is_symlink()}
    for name in sorted(found - expected):
        yield Finding("manifest", "is not a file of the books", place=name)
    for name in sorted(expected - found):
        yield Finding("manifest", "is missing", place=name)
    listed = dict(manifest_lines(books))
    for name in sorted(expected & found - {MANIFEST}):
        if listed.get(name) != sha256_file(books / name):
            yield Finding("manifest", "is not the file that the manifest lists", place=name)
    for name in sorted(listed.keys() - expected):
        yield Finding("manifest", "is listed and does not exist", place=name)


def _frame_findings(books: Path, fund: str) -> Iterator[Finding]:
    for name, text in frame(books, fund).items():
        path = books / name
        if path.is_file() and path.read_bytes() != text.encode("ascii"):
            yield Finding("gate", "is not as the writer makes it", place=name)


def frame(books: Path, fund: str) -> dict[str, str]:
    """The files around the months, as they must be for the month files that exist."""
    names = month_files(books)
    return {MAIN: render_main(fund, names), AUDIT: render_audit(fund, names)}


def sha256_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def manifest_lines(books: Path) -> Iterator[tuple[str, str]]:
    """What the manifest says, as (file name, sha256)."""
    path = books / MANIFEST
    if path.is_file():
        for line in path.read_text("ascii", "replace").splitlines():
            checksum, _, name = line.partition("  ")
            yield name, checksum
