"""What the ledger's tests share: stamps, a journal in memory, forged books and the real commands."""

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

from ledger.audit import audit_records
from ledger.books import MANIFEST, MONTHS, frame, month_file, render_manifest, sha256_file
from ledger.chain import extend
from ledger.entries import Draft, Entry
from ledger.findings import Finding
from ledger.months import Month
from ledger.position import Position
from ledger.publisher import Published, publish
from ledger.reader import Placed, read_records
from ledger.stamp import Stamp
from ledger.text import render
from tests.ledger.own_accounts import FUND
from tests.stock import NO_CACHE

HOUSE = Path(__file__).parents[2]


def on(day: str, prepared_by: str = "U01", approved_by: str | None = "U02", hour: int = 10) -> Stamp:
    """A stamp for a day, recorded on that day."""
    booked = date.fromisoformat(day)
    return Stamp(booked, datetime(booked.year, booked.month, booked.day, hour, tzinfo=UTC), prepared_by, approved_by)


def alone(day: str) -> Stamp:
    """A stamp of one person, for what no second one approves."""
    return on(day, approved_by=None)


class Journal:
    """The journal of a database, in memory."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)

    def hash_of(self, seq: int) -> str | None:
        return self.entries[seq - 1].hash if seq <= len(self.entries) else None

    def records_after(self, seq: int) -> list[bytes]:
        return [entry.record for entry in self.entries[seq:]]

    def publish(self, books: Path) -> Published:
        return publish(books, fund=FUND, hash_of=self.hash_of, records_after=self.records_after)


def files_of(books: Path) -> dict[str, bytes]:
    """Every file of a folder, byte for byte."""
    return {path.relative_to(books).as_posix(): path.read_bytes() for path in books.rglob("*") if path.is_file()}


def go_on(files: dict[str, bytes], before: dict[str, bytes]) -> bool:
    """Whether books have all that others have, and one entry more: that a database was made again."""
    same = all(files[name].startswith(data) for name, data in before.items() if name != MANIFEST)
    last = max(name for name in files if name.startswith(MONTHS))
    return same and b'kind: "rebuilt"' in files[last].rpartition(b"custom")[2]


def record_text(entries: Iterable[Entry]) -> bytes:
    return "".join(render(entry) + "\n" for entry in entries).encode("ascii")


def write_forged(books: Path, drafts: Iterable[Draft]) -> None:
    """Books of a forger who holds everything: the chain, the frame and the manifest are right, whatever they say."""
    (books / MONTHS).mkdir(parents=True)
    for month, group in groupby(extend(drafts), key=lambda entry: Month.of(entry.date)):
        with (books / month_file(month)).open("ab") as stream:
            stream.write(record_text(group))
    reframe(books)


def reframe(books: Path) -> None:
    """Make the frame and the manifest fit the month files that stand there."""
    months = sorted(f"{MONTHS}/{path.name}" for path in (books / MONTHS).glob("20??-??.beancount"))
    around = frame(FUND, months)
    for name, data in around.items():
        (books / name).write_bytes(data)
    names = [*around, *months]
    (books / MANIFEST).write_bytes(render_manifest((name, sha256_file(books / name)) for name in names))


def records(data: bytes) -> list[Placed]:
    """The records of a text that the gate must let through whole."""
    items = list(read_records("months/all.beancount", data))
    refused = [item for item in items if isinstance(item, Finding)]
    assert not refused, refused
    return [item for item in items if isinstance(item, Placed)]


def audited(drafts: Iterable[Draft]) -> tuple[Position, list[Finding]]:
    """Seal drafts, write them, read them again, and judge what was read."""
    return audit_records(records(record_text(extend(drafts))))


def rules(findings: Iterable[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a real command of this environment."""
    environment = {**os.environ, **NO_CACHE, "PYTHONPATH": str(HOUSE)}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def bean_check(file: Path) -> subprocess.CompletedProcess[str]:
    return run(Path(sys.executable).with_name("bean-check"), file)


def verify(books: Path) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "ledger", "verify", books)
