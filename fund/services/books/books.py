"""The books on disk: published after each commit and caught up at start-up."""

import os
from functools import partial
from pathlib import Path

from fund.domain import errors
from fund.lock import file_lock
from fund.store import journal
from fund.store.books import sealed_months
from fund.store.engine import Database
from fund.store.rows import Session
from fund.vault import FundKey
from ledger.books import FileStamp, own_files, stamps
from ledger.publisher import BooksDiffer, Published, publish


def check_empty(directory: Path) -> None:
    """Raises ``BooksNotEmpty`` where a fund's books lie already: another fund would be written on top of them."""
    if any(os.path.lexists(directory / name) for name in own_files(directory)):
        raise errors.BooksNotEmpty(str(directory))


class Books:
    """The books of a home, and the lock that makes their publisher the only one."""

    def __init__(self, directory: Path, database: Database, key: FundKey) -> None:
        self.directory = directory
        self._database, self._key = database, key
        self._head: str | None = None
        self._stamps: dict[str, FileStamp | None] = {}

    def publish(self) -> Published | None:
        """Append what the journal has and the books lack; ``None`` while there is no fund.

        Raises ``IntegrityBroken`` when the books hold something that the journal does not; then nothing is written.
        """
        with self._database.read() as session:
            return self._publish(session)

    def catch_up(self, session: Session, journal_hash: str) -> None:
        """Publish, unless neither the journal's head nor one of the files has changed since this process published.

        A writer does it in the session that it has, before it writes: one that held its own connection and waited for
        another could wait for ever, since the others may all be held by writers who wait for it.
        """
        if (self._head, self._stamps) != (journal_hash, stamps(self.directory)):
            self._publish(session)

    def _publish(self, session: Session) -> Published | None:
        # A connection, the lock, a look at the journal, always in this order. No holder of the lock waits for a
        # connection; and what another process published meanwhile is in the journal that is seen.
        session.connection()
        with file_lock(self.directory.parent / "books.lock"):
            head = journal.head(session)
            if self._head is not None and (head is None or not journal.has_hash(session, self._head)):
                raise errors.IntegrityBroken([f"journal: lacks the head that this process has published: {self._head}"])
            if head is None:
                return None
            try:
                published = publish(
                    self.directory,
                    fund=head.fund,
                    hash_of=lambda seq: journal.hash_of(session, seq),
                    records_after=lambda seq: journal.records_after(session, seq),
                    sealed=sealed_months(session),
                    known=self._stamps,
                    admit=partial(self._admit, session),
                )
            except BooksDiffer as differ:
                raise errors.IntegrityBroken([str(differ)]) from differ
            self._head, self._stamps = published.head, stamps(self.directory)
        return published

    def _admit(self, session: Session, seq: int, entry_hash: str) -> None:
        """What was put into the journal around the service has no tag under the fund's key, and is not published."""
        tag_of = self._key.in_force(journal.key_check(session)).entry_tags()
        if not journal.has_tag(session, seq, tag_of(entry_hash)):
            raise errors.IntegrityBroken([f"entry {seq}: it was not booked by this service: its tag is another"])
