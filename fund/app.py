"""The composition root: builds one fund's service from its settings."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fund.clock import Clock, SystemClock
from fund.domain.errors import NotYetPublished, OutboxMended, RebuildUnfinished
from fund.services.books.books import Books
from fund.services.users.attempts import Memory
from fund.settings import Settings
from fund.store import journal
from fund.store.engine import Database
from fund.vault import FundKey, Vault, fingerprint_key
from ledger import files

log = logging.getLogger("fund")

RUBBISH = 50_000
"""How many objects may be made before rubbish is looked for. The lines, payments and entries of a large file are freed
without that: to look through them, each time that 700 more are made, takes about a tenth of an import.
"""


class Commits:
    """Observer of a door's transactions. This one, for services, logs what lags behind."""

    def committed(self) -> None:
        """A transaction was committed, whatever fails afterwards."""

    def lags(self, warning: NotYetPublished) -> None:
        """Books or bank files could not follow the commit."""
        log.warning("committed, and not published yet: %s (%s)", warning.reason, warning.place)

    def mended(self, warning: OutboxMended) -> None:
        """Files in the outbox were not what had been sealed."""
        log.warning("replaced in the outbox by what was sealed: %s", warning.batches)


@dataclass(frozen=True, slots=True)
class App:
    """One fund's settings, clock, database and books, passed to the doors; nothing is global.

    ``attempts`` are those that this process has counted.
    """

    settings: Settings
    clock: Clock
    database: Database
    books: Books
    commits: Commits = field(default_factory=Commits)
    attempts: Memory = field(default_factory=dict)

    @property
    def vault(self) -> Vault:
        """Vault of the users' second factors."""
        return Vault(self.settings.secret_key, self.settings.key_file)

    @property
    def fingerprint_key(self) -> FundKey:
        """The key of the fund's fingerprints."""
        return fingerprint_key(self.settings.fingerprint_key_file)

    def close(self) -> None:
        """Close the database's connections."""
        self.database.dispose()


def open_app(settings: Settings, clock: Clock | None = None, commits: Commits | None = None) -> App:
    """Open a home, creating it if it is new, and the schema if the database is empty.

    Raises ``RebuildUnfinished`` after an interrupted rebuild, ``SchemaDiffers`` and ``SchemaOfAnotherVersion`` for a
    database whose schema is not this program's, and ``FingerprintKeyMissing``, ``FingerprintKeyDamaged``,
    ``KeyExposed`` and ``FingerprintKeyWrong`` where a fund was begun with another key.
    """
    if settings.rebuild_mark.exists():
        raise RebuildUnfinished(str(settings.home))
    app = _open(settings, clock, commits)
    try:
        _check_fingerprint_key(app)
    except BaseException:
        app.close()
        raise
    return app


def _check_fingerprint_key(app: App) -> None:
    with app.database.read() as session:
        expected = journal.key_check(session)
    if expected is not None:
        app.fingerprint_key.in_force(expected)
        app.fingerprint_key.settle(expected)


@contextmanager
def open_rebuild(settings: Settings, commits: Commits) -> Iterator[App]:
    """Open a home for a rebuild from books. The home stays marked and unusable until the block has succeeded."""
    files.make_folder(settings.home, mode=0o700)
    # The mark is written before the first row and removed after the last. A rebuild that is cut off leaves a home that
    # refuses to open, not one that looks complete with half of its entries (decision 0025).
    files.write_whole(settings.rebuild_mark, b"")
    app = _open(settings, None, commits)
    try:
        yield app
    finally:
        app.close()
    files.remove(settings.rebuild_mark)


def _open(settings: Settings, clock: Clock | None, commits: Commits | None) -> App:
    gc.set_threshold(RUBBISH)
    files.make_folder(settings.home, mode=0o700)
    database = Database(settings.database_url)
    database.migrate()
    books = Books(settings.books, database, fingerprint_key(settings.fingerprint_key_file))
    return App(settings, clock or SystemClock(), database, books, commits or Commits())
