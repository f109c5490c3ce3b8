"""What the commands share: the home, the language, and who acts."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from fund.app import App, Commits, open_app
from fund.clock import Clock, LateClock, SystemClock
from fund.documents.catalogue import Translator, translator
from fund.domain.access import SYSTEM, Actor
from fund.domain.errors import FundError, FundMissing, NotAuthenticated, NotYetPublished, OutboxMended
from fund.doors import attempts
from fund.doors.transaction import reading
from fund.services.users import second_factor, users
from fund.settings import Settings, home_of, language_of, read_settings

DEMO_MARK = "DEMO"
"""The file that marks a demo's home. It holds by how many seconds the demo's clock is behind, if it is."""


class CommandCommits(Commits):
    """What one command has committed. What could not follow is a warning, for the command has succeeded."""

    def __init__(self, speak: Translator) -> None:
        self.speak = speak
        self.has_committed = False

    def committed(self) -> None:
        self.has_committed = True

    def lags(self, warning: NotYetPublished) -> None:
        self._print(warning)

    def mended(self, warning: OutboxMended) -> None:
        self._print(warning)

    def _print(self, warning: FundError) -> None:
        from fund.doors.cli.output import print_problem

        with suppress(OSError):  # a warning that cannot be printed undoes no commit
            print_problem(warning, self.speak)


@dataclass(frozen=True, slots=True)
class Session:
    """One command's options and environment, and what it has committed."""

    home: Path | None
    language: str
    commits: CommandCommits

    def at(self, home: Path | None) -> "Session":
        """The same session with another home, where one is given."""
        return self if home is None else replace(self, home=home)

    @property
    def place(self) -> str:
        """The home, even where other settings are wrong."""
        return str(home_of(os.environ, self.home))

    @property
    def settings(self) -> Settings:
        return read_settings(os.environ, self.home, self.language)

    @property
    def speak(self) -> Translator:
        """The catalogue in the command's language."""
        return self.commits.speak

    @contextmanager
    def app(self, *, makes_home: bool = False, clock: Clock | None = None) -> Iterator[App]:
        """The fund's service. Raises ``FundMissing`` where no fund was begun, and makes nothing there.

        ``makes_home`` is for the commands that begin one. Raises ``RebuildUnfinished`` where a rebuild was cut off.
        """
        settings = self.settings
        if settings.home.exists() and not settings.home.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "", str(settings.home))
        is_begun = not settings.is_embedded or settings.database_file.exists() or settings.rebuild_mark.exists()
        if not makes_home and not is_begun:
            raise FundMissing()
        app = open_app(settings, clock or demo_clock(settings.home), self.commits)
        try:
            yield app
        finally:
            app.close()


def open_session(home: Path | None, language: str | None) -> Session:
    """The session of a command, from its options."""
    spoken = language_of(os.environ, language)
    return Session(home, spoken, CommandCommits(translator(spoken)))


def is_demo(home: Path) -> bool:
    """Whether a home is a demo's: its users are fictitious, and the next demo may replace it."""
    return (home / DEMO_MARK).is_file()


def demo_clock(home: Path) -> Clock:
    """The clock of a home: the machine's, unless a demo stands at an earlier day, which goes on from there."""
    behind = (home / DEMO_MARK).read_text("ascii").strip() if is_demo(home) else ""
    return LateClock(timedelta(seconds=int(behind))) if behind else SystemClock()


def actor(app: App, login: str | None) -> Actor:
    """Who acts: the bearer of ``FUND_TOKEN``, or ``login`` with the password asked for.

    Raises ``NotAuthenticated`` without either, and for a token of another user than ``login``.
    """
    secret = os.environ.get("FUND_TOKEN")
    if not secret:
        if login is None:
            raise NotAuthenticated()
        prompt = translator(app.settings.language).gettext("Password of %(user)s", user=login)
        return attempts.log_in(app, login, ask_password(f"{prompt}: "))
    bearer = attempts.bearer_of(app, secret)
    with reading(app, SYSTEM) as context:
        if login is not None and not users.is_called(context, bearer, login):
            raise NotAuthenticated()
    return bearer


def actor_with_code(app: App, login: str | None, *, is_required: bool | None = None) -> Actor:
    """Who acts, as ``actor``, having given a code of their second factor as well; see ``ask_code``."""
    by = actor(app, login)
    ask_code(app, by, is_required=is_required)
    return by


def ask_code(app: App, by: Actor, *, is_required: bool | None = None) -> None:
    """Ask for a code of the second factor where the desk asks for one; it is used up, and attempts are counted alike.

    A token stands for login and password, never for this code. ``is_required`` says whether a user without a second
    factor is refused; by default as the installation's settings require it. Raises ``SecondFactorMissing``,
    ``SecondFactorNeeded``, ``WrongCode`` and ``TooManyAttempts``.
    """
    is_required = app.settings.needs_second_factor if is_required is None else is_required
    with reading(app, by) as context:
        owes_code = second_factor.owes_code(context, is_required=is_required)
    if owes_code:
        code = ask_password(f"{translator(app.settings.language).gettext('Code of the second factor')}: ")
        attempts.check_code(app, by, code, is_required=is_required)


def is_at_terminal() -> bool:
    """Whether a person can read what is shown and answer what is asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_password(prompt: str) -> str:
    """A password or a code, typed unseen; a line of standard input where there is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    from getpass import getpass

    return getpass(prompt)
