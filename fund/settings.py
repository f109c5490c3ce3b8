"""Settings of one installation, from the environment, read once by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = Path("fund-home")
LANGUAGES = ("it", "en")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a fund lives, its database, its language, where official schemas lie, and its address for people.

    ``public_url`` is scheme and host as browsers see them, without a path.
    """

    home: Path
    database_url: str
    language: str = "it"
    schemas: Path | None = None
    public_url: str | None = None

    @property
    def is_public_https(self) -> bool:
        """Whether people reach the service by TLS, so that their cookies need it."""
        return self.public_url is not None and self.public_url.startswith("https://")

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
    """Read ``FUND_HOME``, ``FUND_DATABASE_URL`` (SQLite in the home by default), ``FUND_LANG``, ``FUND_SCHEMAS``
    and ``FUND_PUBLIC_URL``.

    The schemas are a folder with those of OPI and CBI, which are not ours to ship. Arguments win.
    """
    home = (home or Path(environment.get("FUND_HOME") or DEFAULT_HOME)).absolute()
    url = environment.get("FUND_DATABASE_URL") or f"sqlite:///{home / 'fund.sqlite'}"
    chosen = language or environment.get("FUND_LANG") or LANGUAGES[0]
    schemas = environment.get("FUND_SCHEMAS")
    public_url = (environment.get("FUND_PUBLIC_URL") or "").rstrip("/") or None
    language = chosen if chosen in LANGUAGES else LANGUAGES[0]
    return Settings(home, url, language, Path(schemas) if schemas else None, public_url)
