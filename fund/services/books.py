"""The books on disk: published after each commit and caught up at start-up."""

from pathlib import Path

from sqlmodel import Session

from fund import errors
from fund.services.alone import alone
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
        with self._database.read() as session:
            return self._publish(session)

    def catch_up(self, session: Session, journal_hash: str) -> None:
        """Publish, unless neither the journal's head nor the last file has changed since this process published.

        A writer does it in the session that it has, before it writes: one that held its own connection and waited for
        another could wait for ever, since the others may all be held by writers who wait for it.
        """
        if self._mark is None or self._mark != self._mark_at(journal_hash, self._mark[1]):
            self._publish(session)

    def _publish(self, session: Session) -> Published | None:
        # A connection, the lock, a look at the journal, always in this order. Nobody who has the lock waits for a
        # connection; and what another process published meanwhile is in the journal that is seen.
        session.connection()
        with alone(self.directory.parent / "books.lock"):
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

    def _mark_at(self, head: str, last_file: str) -> Mark | None:
        try:
            found = (self.directory / last_file).stat()
        except FileNotFoundError:
            return None
        return head, last_file, found.st_size, found.st_mtime_ns
