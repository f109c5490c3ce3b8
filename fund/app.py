"""The composition root: everything that one fund's service is made of, put together once."""

from dataclasses import dataclass

from fund.clock import Clock, SystemClock
from fund.services.books import Books
from fund.settings import Settings
from fund.store.engine import Database
from fund.vault import Vault


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
    """Open a home, make it if it is new, and bring its schema to the newest migration."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.migrate()
    return App(settings, clock or SystemClock(), database, Books(settings.books, database))
