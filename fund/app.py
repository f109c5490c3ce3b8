"""The composition root: everything that one fund's service is made of, put together once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fund.clock import Clock, SystemClock
from fund.errors import RebuildUnfinished
from fund.services.books import Books
from fund.settings import Settings
from fund.store.engine import Database
from fund.vault import Vault
from ledger import files


@dataclass(frozen=True, slots=True)
class App:
    """One fund's settings, clock, database and books. Doors are given it; nothing is global."""

    settings: Settings
    clock: Clock
    database: Database
    books: Books

    @property
    def vault(self) -> Vault:
        """What seals the users' second factors."""
        return Vault(self.settings.secret_key, self.settings.key_file)

    def close(self) -> None:
        """Close the database's connections."""
        self.database.dispose()


def open_app(settings: Settings, clock: Clock | None = None) -> App:
    """Open a home, make it if it is new, and bring its schema to the newest migration.

    Raises ``RebuildUnfinished`` where a rebuild was cut off.
    """
    if settings.rebuild_mark.exists():
        raise RebuildUnfinished(str(settings.home))
    return _open(settings, clock)


@contextmanager
def open_rebuild(settings: Settings) -> Iterator[App]:
    """A home while it is made from books. It stays marked, and is of no other use, until the block has ended well."""
    files.make_folder(settings.home)
    files.write_whole(settings.rebuild_mark, b"")
    app = _open(settings, None)
    try:
        yield app
    finally:
        app.close()
    files.remove(settings.rebuild_mark)


def _open(settings: Settings, clock: Clock | None) -> App:
    files.make_folder(settings.home)
    database = Database(settings.database_url)
    database.migrate()
    return App(settings, clock or SystemClock(), database, Books(settings.books, database))
