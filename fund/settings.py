"""Settings of one installation, from the environment, read once by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_HOME = Path("fund-home")
LANGUAGES = ("it", "en")


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """The city's own OpenID Connect provider, and what this service is called there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a fund lives, its database, its language, where official schemas lie, and its address for people.

    ``public_url`` is scheme and host as browsers see them, without a path. ``secret_key`` seals second factors (else
    the key file does); ``needs_second_factor`` requires one of the finance office and of admins.
    """

    home: Path
    database_url: str
    language: str = "it"
    schemas: Path | None = None
    public_url: str | None = None
    secret_key: str | None = None
    needs_second_factor: bool = True
    provider: IdentityProvider | None = None

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
    def key_file(self) -> Path:
        """The key that seals second factors where the environment gives none."""
        return self.home / "secret.key"

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
    """Read ``FUND_HOME``, ``FUND_DATABASE_URL`` (SQLite in the home by default), ``FUND_LANG``, ``FUND_SCHEMAS``,
    ``FUND_PUBLIC_URL``, ``FUND_SECRET_KEY``, ``FUND_SECOND_FACTOR`` (``optional`` requires none) and ``FUND_OIDC_…``.

    The schemas are a folder with those of OPI and CBI, which are not ours to ship. Arguments win.
    """
    home = (home or Path(environment.get("FUND_HOME") or DEFAULT_HOME)).absolute()
    url = environment.get("FUND_DATABASE_URL") or f"sqlite:///{home / 'fund.sqlite'}"
    chosen = language or environment.get("FUND_LANG") or LANGUAGES[0]
    schemas = environment.get("FUND_SCHEMAS")
    return Settings(
        home,
        url,
        chosen if chosen in LANGUAGES else LANGUAGES[0],
        Path(schemas) if schemas else None,
        (environment.get("FUND_PUBLIC_URL") or "").rstrip("/") or None,
        environment.get("FUND_SECRET_KEY") or None,
        environment.get("FUND_SECOND_FACTOR") != "optional",
        _provider(environment),
    )


def _provider(environment: Mapping[str, str]) -> IdentityProvider | None:
    """The identity provider, where all three of its settings are given."""
    issuer, client_id, secret = (
        environment.get(f"FUND_OIDC_{name}") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    )
    return IdentityProvider(issuer, client_id, secret) if issuer and client_id and secret else None
