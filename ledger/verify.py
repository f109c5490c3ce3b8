"""Check a set of books without the service: the gate, the rules, and only then stock Beancount."""

import gc
from dataclasses import dataclass
from pathlib import Path

from ledger.audit import audit_records
from ledger.books import MAIN, read_books
from ledger.findings import STRAY, Finding
from ledger.position import Position
from ledger.reader import Record


@dataclass(frozen=True, slots=True)
class Verification:
    """Records and position of the books, the chain's head, and every finding."""

    records: list[Record]
    position: Position
    head: str
    findings: tuple[Finding, ...]

    @property
    def strays(self) -> tuple[str, ...]:
        """Files and folders among the books that are not the fund's."""
        return tuple(finding.place for finding in self.findings if finding.rule == STRAY and finding.place)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """Findings about the fund's own files and entries."""
        return tuple(finding for finding in self.findings if finding.rule != STRAY)


def verify_books(books: Path) -> Verification:
    """Check the books of a folder. Beancount loads them only if no finding concerns their files or text."""
    books = books.absolute()
    reading = read_books(books)
    position, findings = audit_records(reading.records)
    findings = [*reading.findings, *findings]
    # Loading is running: an include, a plugin or a crafted amount acts while Beancount parses. Books that the gate
    # refused must never reach it (decision 0011).
    if not any(finding.rule in ("gate", "manifest") for finding in findings):
        findings += load_with_beancount(books)
    return Verification(reading.records, position, reading.head, tuple(findings))


def load_with_beancount(books: Path) -> list[Finding]:
    """Errors of stock Beancount for gated books, with its pickle cache off: a planted cache would run code.

    Beancount's own switch deletes a cache that it finds; here it must stay, because it is evidence.
    """
    from beancount import loader  # imported here, so that refused books are read without it

    loader._load_file = loader._uncached_load_file
    collecting = gc.isenabled()
    gc.disable()  # a third faster: Beancount makes many long-lived objects and no cycles worth finding
    try:
        _, errors, _ = loader.load_file(str(books / MAIN))
    finally:
        if collecting:
            gc.enable()
    return [Finding("beancount", error.message, place=_place(error.source, books)) for error in errors]


def _place(source: dict[str, object], books: Path) -> str:
    path = Path(str(source.get("filename", "")))
    name = path.relative_to(books).as_posix() if path.is_relative_to(books) else path.name
    return f"{name}:{source.get('lineno', 0)}"
