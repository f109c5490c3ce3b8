"""Check a set of books without the service: the gate, the rules, and only then stock Beancount."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.audit import Audit, Follower
from ledger.books import MAIN, Proved, printable, scan_books
from ledger.checkpoint import Checkpoint
from ledger.findings import STRAY, Finding
from ledger.position import Position
from ledger.reader import Placed

BEANCOUNT_UP_TO = 100_000
"""Most entries that are loaded with stock Beancount unless it is asked for: it takes a minute for 300,000 of them."""

_TOLD_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Verification:
    """Count, position and chain's head of the books, every finding, and the records where they were asked for.

    ``head_seq`` is the entry after which the books had the head that was asked for; ``is_loaded`` says whether stock
    Beancount loaded them.
    """

    count: int
    position: Position
    head: str
    findings: tuple[Finding, ...]
    records: tuple[Placed, ...] = ()
    head_seq: int | None = None
    is_loaded: bool = False

    @property
    def strays(self) -> tuple[str, ...]:
        """Files and folders among the books that are not the fund's."""
        return tuple(finding.place for finding in self.findings if finding.rule == STRAY and finding.place)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """Findings about the fund's own files and entries."""
        return tuple(finding for finding in self.findings if finding.rule != STRAY)


def verify_books(
    books: Path,
    *,
    head: str | None = None,
    keep_records: bool = False,
    beancount_up_to: int | None = BEANCOUNT_UP_TO,
    progress: Callable[[int], None] | None = None,
    since: Checkpoint | None = None,
    follower: Follower | None = None,
) -> Verification:
    """Check the books of a folder, in one pass, and whether their chain ever had the given head.

    ``progress`` is told from time to time how many entries were read. ``since`` a checkpoint, only what came after is
    read, and stock Beancount, which loads everything, is left out. The ``follower`` is told of each record as long as
    nothing was found.

    Stock Beancount loads them too, unless a finding concerns their files or text, or they have too many entries for it.
    """
    books = books.absolute()
    audit, findings = Audit(looked_for=head, follower=follower), []
    proved = None
    if since is not None:
        position = since.position
        head_seq = position.seq if head == since.head else None
        audit = Audit(head, position, since.head, position.seq, head_seq, follower)
        proved = Proved(position.fund or "", position.day[:7], position.seq, since.head)
    kept: list[Placed] = []
    told_at = _TOLD_EVERY
    with without_collector():
        for item in scan_books(books, None if keep_records else audit.pass_ordinary, proved):
            if progress is not None and audit.count >= told_at:
                progress(audit.count)
                told_at = audit.count + _TOLD_EVERY
            if isinstance(item, Finding):
                findings.append(item)
                audit.follower = audit.follower if item.rule == STRAY else None
                continue
            findings += audit.judge(item)
            if keep_records:
                kept.append(item)
    # Loading is running: an include, a plugin or a crafted amount acts while Beancount parses. Books that the gate
    # refused must never reach it (decision 0037).
    is_small = beancount_up_to is None or audit.count <= beancount_up_to
    is_loaded = since is None and is_small and not any(item.rule in ("gate", "manifest") for item in findings)
    if is_loaded:
        findings += load_with_beancount(books)
    if head is not None and audit.head_seq is None:
        findings.append(Finding("chain", f"the books never had the head {printable(head)}"))
    return Verification(
        audit.count, audit.position, audit.head, tuple(findings), tuple(kept), audit.head_seq, is_loaded=is_loaded
    )


def load_with_beancount(books: Path) -> list[Finding]:
    """Errors of stock Beancount for gated books, with its pickle cache off: a planted cache would run code.

    Beancount's own switch deletes a cache that it finds; here it must stay, because it is evidence.
    """
    from beancount import loader  # imported here, so that refused books are read without it

    loader._load_file = loader._uncached_load_file
    with without_collector():
        _, errors, _ = loader.load_file(str(books / MAIN))
    return [Finding("beancount", error.message, place=_place(error.source, books)) for error in errors]


@contextmanager
def without_collector() -> Iterator[None]:
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
