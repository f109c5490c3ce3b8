"""The books on disk: published after each commit and caught up at start-up."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fund import errors
from fund.store import journal
from fund.store.engine import Database
from ledger.books import month_files
from ledger.publisher import BooksDiffer, Published, publish

Mark = tuple[str, str, int, int]
"""The journal's head, and the last month file with its size and time of change."""


class Books:
    """The books of a home, and the lock that makes their publisher the only one."""

    def __init__(self, directory: Path, database: Database) -> None:
        self.directory = directory
        self._database = database
        self._mark: Mark | None = None

    def publish(self) -> Published | None:
        """Append what the journal has and the books lack; ``None`` while there is no fund.

        Raises ``IntegrityBroken`` when the books hold something that the journal does not; then nothing is written.
        """
        # the lock comes before the look at the journal: what another process has published meanwhile must be in it
        with self._lock(), self._database.read() as session:
            head = journal.head(session)
            if head is None:
                return None
            try:
                published = publish(
                    self.directory,
                    fund=head.code,
                    hash_of=lambda seq: journal.hash_of(session, seq),
                    entries_after=lambda seq: journal.entries_after(session, seq),
                )
            except BooksDiffer as differ:
                raise errors.IntegrityBroken([str(differ)]) from differ
        self._mark = self._mark_at(published.head, month_files(self.directory)[-1])
        return published

    def catch_up(self, journal_hash: str) -> None:
        """Publish, unless neither the journal's head nor the last file has changed since this process published."""
        if self._mark is None or self._mark != self._mark_at(journal_hash, self._mark[1]):
            self.publish()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.directory.parent / "books.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _mark_at(self, head: str, last_file: str) -> Mark | None:
        try:
            found = (self.directory / last_file).stat()
        except FileNotFoundError:
            return None
        return head, last_file, found.st_size, found.st_mtime_ns
