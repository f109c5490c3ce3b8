"""Check a set of books without the service: the gate, the rules, and only then stock Beancount."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.audit import Audit
from ledger.books import MAIN, scan_books
from ledger.findings import STRAY, Finding
from ledger.position import Position
from ledger.reader import Placed


@dataclass(frozen=True, slots=True)
class Verification:
    """Count, position and chain's head of the books, every finding, and the records where they were asked for."""

    count: int
    position: Position
    head: str
    findings: tuple[Finding, ...]
    records: tuple[Placed, ...] = ()

    @property
    def strays(self) -> tuple[str, ...]:
        """Files and folders among the books that are not the fund's."""
        return tuple(finding.place for finding in self.findings if finding.rule == STRAY and finding.place)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """Findings about the fund's own files and entries."""
        return tuple(finding for finding in self.findings if finding.rule != STRAY)


def verify_books(books: Path, *, keep_records: bool = False) -> Verification:
    """Check the books of a folder, in one pass.

    Beancount loads them only if no finding concerns their files or text.
    """
    books = books.absolute()
    audit, findings = Audit(), []
    kept: list[Placed] = []
    with _no_collector():
        for item in scan_books(books):
            if isinstance(item, Finding):
                findings.append(item)
                continue
            findings += audit.judge(item)
            if keep_records:
                kept.append(item)
    # Loading is running: an include, a plugin or a crafted amount acts while Beancount parses. Books that the gate
    # refused must never reach it (decision 0037).
    if not any(finding.rule in ("gate", "manifest") for finding in findings):
        findings += load_with_beancount(books)
    return Verification(audit.count, audit.position, audit.head, tuple(findings), tuple(kept))


def load_with_beancount(books: Path) -> list[Finding]:
    """Errors of stock Beancount for gated books, with its pickle cache off: a planted cache would run code.

    Beancount's own switch deletes a cache that it finds; here it must stay, because it is evidence.
    """
    from beancount import loader  # imported here, so that refused books are read without it

    loader._load_file = loader._uncached_load_file
    with _no_collector():
        _, errors, _ = loader.load_file(str(books / MAIN))
    return [Finding("beancount", error.message, place=_place(error.source, books)) for error in errors]


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the cycle collector: a third faster, since many long-lived objects are made and no cycles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _place(source: dict[str, object], books: Path) -> str:
    path = Path(str(source.get("filename", "")))
    name = path.relative_to(books).as_posix() if path.is_relative_to(books) else path.name
    return f"{name}:{source.get('lineno', 0)}"
