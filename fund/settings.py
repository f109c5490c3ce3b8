"""Settings of one installation, read once from the environment by the composition root."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from fund.domain.errors import InvalidInput, Problems
from fund.domain.texts import Message

DEFAULT_HOME = Path("fund-home")
LANGUAGES = ("it", "en")
DEFAULT_SENDER, DEFAULT_LINK_DAYS = "fund@localhost", 14
DEFAULT_ADDRESS = "http://127.0.0.1:8000"
MAX_LINK_DAYS = 90
_OIDC = ("FUND_OIDC_ISSUER", "FUND_OIDC_CLIENT_ID", "FUND_OIDC_CLIENT_SECRET")
_DAYS = re.compile("[1-9]|[1-8][0-9]|90", re.ASCII)
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/*", re.ASCII)
"""Scheme and host in lower case, as browsers send them in ``Origin``."""


class FactorPolicy(StrEnum):
    """Whether users need a second factor."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class ApprovingTokens(StrEnum):
    """Whether a program's token approves with a code of its user's second factor, or by itself."""

    WITH_CODE = "with-code"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """The city's OpenID Connect provider, and this service's credentials there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one installation.

    ``public_url`` is scheme and host as browsers see them, without a path; messages contain it, or without it
    ``served_at``, where this process serves. ``secret_key``
    seals second factors (otherwise the key file does); ``needs_second_factor`` requires one of every user;
    ``tokens_approve_alone`` lets a program approve without a code of it. ``schemas`` is the folder of the official bank
    schemas. ``fingerprint_key`` is where the fund's key lies instead of in the home.
    """

    home: Path
    database_url: str
    language: str = "it"
    schemas: Path | None = None
    public_url: str | None = None
    secret_key: str | None = None
    needs_second_factor: bool = True
    tokens_approve_alone: bool = False
    provider: IdentityProvider | None = None
    smtp_url: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    mail_from: str = DEFAULT_SENDER
    link_days: int = DEFAULT_LINK_DAYS
    fingerprint_key: Path | None = None
    served_at: str = DEFAULT_ADDRESS

    @property
    def address(self) -> str:
        """Where links in messages lead."""
        return self.public_url or self.served_at

    @property
    def is_public_https(self) -> bool:
        """Whether browsers reach the service by TLS, so that cookies are marked secure."""
        return self.public_url is not None and self.public_url.startswith("https://")

    @property
    def database_file(self) -> Path:
        """File of the embedded database."""
        return self.home / "fund.sqlite"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the embedded one, in the home."""
        return self.database_url == f"sqlite:///{self.database_file}"

    @property
    def key_file(self) -> Path:
        """Key file for second factors, used without ``secret_key``."""
        return self.home / "secret.key"

    @property
    def fingerprint_key_file(self) -> Path:
        """File of the key of the fund's fingerprints."""
        return self.fingerprint_key or self.home / "fingerprint.key"

    @property
    def rebuild_mark(self) -> Path:
        """Marker of an unfinished rebuild."""
        return self.home / "REBUILDING"

    @property
    def books(self) -> Path:
        """Folder of the books, which auditors get."""
        return self.home / "books"

    @property
    def outbox(self) -> Path:
        """Folder of sealed batches for the bank."""
        return self.home / "outbox"

    @property
    def mail_folder(self) -> Path:
        """Folder for messages without a mail server."""
        return self.home / "mail"

    @property
    def statements(self) -> Path:
        """Folder of issued statements."""
        return self.home / "statements"


def read_settings(environment: Mapping[str, str], home: Path | None = None, language: str | None = None) -> Settings:
    """Read the ``FUND_…`` variables of ``docs/configuration.md``; arguments take precedence.

    Raises ``InvalidInput`` with each setting whose value is not allowed, and for settings that are given in part.
    """
    home = home_of(environment, home)
    problems: Problems = [{"path": name, "message": message} for name, message in _wrong(environment)]
    if problems:
        raise InvalidInput(problems)
    schemas, fingerprint_key = environment.get("FUND_SCHEMAS"), environment.get("FUND_FINGERPRINT_KEY_FILE")
    return Settings(
        home,
        environment.get("FUND_DATABASE_URL") or f"sqlite:///{home / 'fund.sqlite'}",
        language_of(environment, language),
        Path(schemas) if schemas else None,
        (environment.get("FUND_PUBLIC_URL") or "").rstrip("/") or None,
        smtp_url=environment.get("FUND_SMTP_URL") or None,
        smtp_password=environment.get("FUND_SMTP_PASSWORD") or None,
        mail_from=environment.get("FUND_MAIL_FROM") or DEFAULT_SENDER,
        link_days=int(environment.get("FUND_LINK_DAYS") or DEFAULT_LINK_DAYS),
        secret_key=environment.get("FUND_SECRET_KEY") or None,
        needs_second_factor=(environment.get("FUND_SECOND_FACTOR") or FactorPolicy.REQUIRED) != FactorPolicy.OPTIONAL,
        tokens_approve_alone=(environment.get("FUND_APPROVING_TOKENS") or ApprovingTokens.WITH_CODE)
        == ApprovingTokens.ALONE,
        provider=_provider(environment),
        fingerprint_key=Path(fingerprint_key) if fingerprint_key else None,
    )


def home_of(environment: Mapping[str, str], home: Path | None = None) -> Path:
    """The fund's folder."""
    return (home or Path(environment.get("FUND_HOME") or DEFAULT_HOME)).absolute()


def language_of(environment: Mapping[str, str], language: str | None = None) -> str:
    """The requested language if it is supported, otherwise the default: a wrong setting is refused in some language."""
    chosen = language or environment.get("FUND_LANG") or LANGUAGES[0]
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _provider(environment: Mapping[str, str]) -> IdentityProvider | None:
    """The identity provider, if its settings are given."""
    issuer, client_id, secret = (environment.get(name) for name in _OIDC)
    return IdentityProvider(issuer, client_id, secret) if issuer and client_id and secret else None


def _wrong(environment: Mapping[str, str]) -> Iterator[tuple[str, Message]]:
    """The settings whose values are not allowed, each with what is; one that is empty is not given."""
    for name, allowed in (
        ("FUND_LANG", LANGUAGES),
        ("FUND_SECOND_FACTOR", tuple(FactorPolicy)),
        ("FUND_APPROVING_TOKENS", tuple(ApprovingTokens)),
    ):
        if (environment.get(name) or allowed[0]) not in allowed:
            yield name, Message("must be one of: %(allowed)s", {"allowed": ", ".join(allowed)})
    if not _ORIGIN.fullmatch(environment.get("FUND_PUBLIC_URL") or "https://example.org"):
        yield "FUND_PUBLIC_URL", Message("must be a scheme and a host such as https://example.org, without a path")
    if not _DAYS.fullmatch(environment.get("FUND_LINK_DAYS") or str(DEFAULT_LINK_DAYS)):
        yield "FUND_LINK_DAYS", Message("must be a whole number from 1 to %(most)s", {"most": str(MAX_LINK_DAYS)})
    missing = [name for name in _OIDC if not environment.get(name)]
    if len(missing) < len(_OIDC):
        yield from (
            (name, Message("is missing: %(all)s are given together", {"all": ", ".join(_OIDC)})) for name in missing
        )
