"""What the commands share: the home, the language, and who acts."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fund.access import SYSTEM, Actor
from fund.app import App, open_app
from fund.doors.transaction import reading
from fund.errors import FundMissing, NotAuthenticated
from fund.services import users
from fund.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class Session:
    """One command's options and environment."""

    home: Path | None
    language: str | None

    def at(self, home: Path | None) -> "Session":
        """The same session with another home, where one is given."""
        return self if home is None else replace(self, home=home)

    @property
    def settings(self) -> Settings:
        return read_settings(os.environ, self.home, self.language)

    @contextmanager
    def app(self) -> Iterator[App]:
        """The fund's service. Raises ``FundMissing`` where no fund was begun, and makes nothing there."""
        settings = self.settings
        if settings.is_embedded and not settings.database_file.exists():
            raise FundMissing()
        app = open_app(settings)
        try:
            yield app
        finally:
            app.close()


def actor(app: App, login: str | None) -> Actor:
    """Who acts: the bearer of ``FUND_TOKEN``, or ``login`` with the password asked for.

    Raises ``NotAuthenticated`` for nobody, and for a token of somebody else than ``login``.
    """
    secret = os.environ.get("FUND_TOKEN")
    with reading(app, SYSTEM) as context:
        if secret:
            bearer = users.token_bearer(context, secret)
            if login is not None and not users.is_called(context, bearer, login):
                raise NotAuthenticated()
            return bearer
        if login is None:
            raise NotAuthenticated()
        return users.log_in(context, login, ask_password(f"{login}: "))


def ask_password(prompt: str) -> str:
    """A password, typed unseen; a line of standard input where nobody sits at it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    from getpass import getpass

    return getpass(prompt)
