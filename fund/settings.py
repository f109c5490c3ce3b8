"""Settings of one installation, from the environment, read once by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = Path("fund-home")
LANGUAGES = ("it", "en")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a fund lives, which database it uses, in which language it speaks, and where official schemas lie."""

    home: Path
    database_url: str
    language: str = "it"
    schemas: Path | None = None

    @property
    def database_file(self) -> Path:
        """The file of the embedded database."""
        return self.home / "fund.sqlite"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the embedded one, a file in the home."""
        return self.database_url == f"sqlite:///{self.database_file}"

    @property
    def books(self) -> Path:
        """The folder of the books: what an auditor is given."""
        return self.home / "books"

    @property
    def outbox(self) -> Path:
        """The folder of sealed batches, to be handed to the bank."""
        return self.home / "outbox"

    @property
    def statements(self) -> Path:
        """The folder of issued statements."""
        return self.home / "statements"


def read_settings(environment: Mapping[str, str], home: Path | None = None, language: str | None = None) -> Settings:
    """Read ``FUND_HOME``, ``FUND_DATABASE_URL`` (SQLite in the home by default), ``FUND_LANG`` and ``FUND_SCHEMAS``.

    The last is the folder with the OPI and CBI schemas, which are not ours to ship. Arguments win.
    """
    home = (home or Path(environment.get("FUND_HOME") or DEFAULT_HOME)).absolute()
    url = environment.get("FUND_DATABASE_URL") or f"sqlite:///{home / 'fund.sqlite'}"
    chosen = language or environment.get("FUND_LANG") or LANGUAGES[0]
    schemas = environment.get("FUND_SCHEMAS")
    return Settings(home, url, chosen if chosen in LANGUAGES else LANGUAGES[0], Path(schemas) if schemas else None)
