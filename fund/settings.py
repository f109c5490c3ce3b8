"""Settings of one installation, from the environment, read once by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fund.domain.errors import InvalidInput
from fund.domain.texts import Said

DEFAULT_HOME = Path("fund-home")
LANGUAGES = ("it", "en")
DEFAULT_SENDER, DEFAULT_LINK_DAYS = "fund@localhost", 14
MAX_LINK_DAYS = 90


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """The city's own OpenID Connect provider, and what this service is called there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a fund lives, its database, its language, where official schemas lie, its address, and how it sends mail.

    ``public_url`` is scheme and host as browsers see them, without a path; it stands in messages too. ``secret_key``
    seals second factors (else the key file does); ``needs_second_factor`` requires one of the finance office and of
    admins.
    """

    home: Path
    database_url: str
    language: str = "it"
    schemas: Path | None = None
    public_url: str | None = None
    secret_key: str | None = None
    needs_second_factor: bool = True
    provider: IdentityProvider | None = None
    smtp_url: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    mail_from: str = DEFAULT_SENDER
    link_days: int = DEFAULT_LINK_DAYS

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
    def rebuild_mark(self) -> Path:
        """The file that stands in a home while it is made from books, and after a rebuild that was cut off."""
        return self.home / "REBUILDING"

    @property
    def books(self) -> Path:
        """The folder of the books: what an auditor is given."""
        return self.home / "books"

    @property
    def outbox(self) -> Path:
        """The folder of sealed batches, to be handed to the bank."""
        return self.home / "outbox"

    @property
    def mail_folder(self) -> Path:
        """The folder where messages are written while no mail server is set."""
        return self.home / "mail"

    @property
    def statements(self) -> Path:
        """The folder of issued statements."""
        return self.home / "statements"


def read_settings(environment: Mapping[str, str], home: Path | None = None, language: str | None = None) -> Settings:
    """Read the ``FUND_…`` variables of ``docs/configuration.md``. Arguments win.

    Raises ``InvalidInput`` for a number of days that is none.
    """
    home = home_of(environment, home)
    schemas = environment.get("FUND_SCHEMAS")
    return Settings(
        home,
        environment.get("FUND_DATABASE_URL") or f"sqlite:///{home / 'fund.sqlite'}",
        language_of(environment, language),
        Path(schemas) if schemas else None,
        (environment.get("FUND_PUBLIC_URL") or "").rstrip("/") or None,
        smtp_url=environment.get("FUND_SMTP_URL") or None,
        smtp_password=environment.get("FUND_SMTP_PASSWORD") or None,
        mail_from=environment.get("FUND_MAIL_FROM") or DEFAULT_SENDER,
        link_days=_days(environment.get("FUND_LINK_DAYS")),
        secret_key=environment.get("FUND_SECRET_KEY") or None,
        needs_second_factor=environment.get("FUND_SECOND_FACTOR") != "optional",
        provider=_provider(environment),
    )


def home_of(environment: Mapping[str, str], home: Path | None = None) -> Path:
    """The fund's folder."""
    return (home or Path(environment.get("FUND_HOME") or DEFAULT_HOME)).absolute()


def language_of(environment: Mapping[str, str], language: str | None = None) -> str:
    """The language to speak in: the one asked for, where it is spoken here."""
    chosen = language or environment.get("FUND_LANG") or LANGUAGES[0]
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _provider(environment: Mapping[str, str]) -> IdentityProvider | None:
    """The identity provider, where all three of its settings are given."""
    issuer, client_id, secret = (
        environment.get(f"FUND_OIDC_{name}") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    )
    return IdentityProvider(issuer, client_id, secret) if issuer and client_id and secret else None


def _days(text: str | None) -> int:
    if not text:
        return DEFAULT_LINK_DAYS
    if not (text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= MAX_LINK_DAYS):
        said = Said("must be a whole number from 1 to %(most)s", {"most": str(MAX_LINK_DAYS)})
        raise InvalidInput([{"path": "FUND_LINK_DAYS", "message": said}])
    return int(text)
