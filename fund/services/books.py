"""The books on disk: published after each commit and caught up at start-up."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fund import errors
from fund.store import journal
from fund.store.engine import Database
from ledger.publisher import BooksDiffer, Published, publish


class Books:
    """The books of a home, and the lock that makes their publisher the only one."""

    def __init__(self, directory: Path, database: Database) -> None:
        self.directory = directory
        self._database = database

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        with (self.directory.parent / "books.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def publish(self) -> Published | None:
        """Append what the journal has and the books lack; ``None`` while there is no fund.

        Raises ``IntegrityBroken`` when the books hold something that the journal does not; then nothing is written.
        """
        with self._lock(), self._database.read() as session:
            fund = journal.fund_code(session)
            if fund is None:
                return None
            try:
                return publish(
                    self.directory,
                    fund=fund,
                    hash_of=lambda seq: journal.hash_of(session, seq),
                    entries_after=lambda seq: journal.entries_after(session, seq),
                )
            except BooksDiffer as differ:
                raise errors.IntegrityBroken([str(differ)]) from differ
