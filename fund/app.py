"""The composition root: everything that one fund's service is made of, put together once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fund.clock import Clock, SystemClock
from fund.domain.errors import NotYetPublished, RebuildUnfinished
from fund.services.books.books import Books
from fund.settings import Settings
from fund.store.engine import Database
from fund.vault import Vault
from ledger import files

log = logging.getLogger("fund")


class Commits:
    """What a door is told of its transactions. This one is for services: it logs what lags behind."""

    def committed(self) -> None:
        """Something was committed, and stays whatever fails afterwards."""

    def lags(self, warning: NotYetPublished) -> None:
        """Books or bank files could not follow the commit."""
        log.warning("committed, and not published yet: %s (%s)", warning.reason, warning.place)


@dataclass(frozen=True, slots=True)
class App:
    """One fund's settings, clock, database and books. Doors are given it; nothing is global."""

    settings: Settings
    clock: Clock
    database: Database
    books: Books
    commits: Commits = field(default_factory=Commits)

    @property
    def vault(self) -> Vault:
        """What seals the users' second factors."""
        return Vault(self.settings.secret_key, self.settings.key_file)

    def close(self) -> None:
        """Close the database's connections."""
        self.database.dispose()


def open_app(settings: Settings, clock: Clock | None = None, commits: Commits | None = None) -> App:
    """Open a home, make it if it is new, and the schema in a database that is empty.

    Raises ``RebuildUnfinished`` where a rebuild was cut off, ``SchemaDiffers`` and ``SchemaOfAnotherVersion`` for a
    database that is not as this program makes it.
    """
    if settings.rebuild_mark.exists():
        raise RebuildUnfinished(str(settings.home))
    return _open(settings, clock, commits)


@contextmanager
def open_rebuild(settings: Settings, commits: Commits) -> Iterator[App]:
    """A home while it is made from books. It stays marked, and is of no other use, until the block has ended well."""
    files.make_folder(settings.home)
    files.write_whole(settings.rebuild_mark, b"")
    app = _open(settings, None, commits)
    try:
        yield app
    finally:
        app.close()
    files.remove(settings.rebuild_mark)


def _open(settings: Settings, clock: Clock | None, commits: Commits | None) -> App:
    files.make_folder(settings.home)
    database = Database(settings.database_url)
    database.migrate()
    books = Books(settings.books, database)
    return App(settings, clock or SystemClock(), database, books, commits or Commits())
