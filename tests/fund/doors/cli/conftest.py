"""The demo, played once for all tests that look at what came of it, by the real command in a process of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest

from fund.app import open_app
from fund.domain import access
from fund.domain.access import Actor
from fund.doors.transaction import reading, writing
from fund.services.desk import proposals
from fund.services.users import second_factor, users
from fund.settings import read_settings
from tests.fund.doors.cli import forked
from tests.fund.factor_kit import RECOVERY_CODES, SECRET
from tests.fund.fixtures import made_once, of_all_workers
from tests.fund.kit import confirm_as_shown, new_user
from tests.house.source import HOUSE

FUND = str(Path(sys.executable).with_name("fund"))
EXAMPLE = HOUSE / "examples" / "trento.toml"
Command = Callable[..., subprocess.CompletedProcess[str]]


def run_fund(
    *arguments: str,
    home: Path | None = None,
    typed: str = "",
    before: Callable[[], None] | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run ``fund`` as a person would, with lines typed on standard input; in English unless said otherwise."""
    place = ("--home", str(home)) if home else ()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FUND_")}
    return forked.run(
        [*place, *arguments], typed, {**clean, "FUND_LANG": "en", "COLUMNS": "200", **environment}, before
    )


ADMIN, PREPARER, APPROVER = "lamp under seven clouds", "river made of paper", "the quiet goat sings"
"""The passwords of ``root``, ``prepares`` and ``approves``."""


@pytest.fixture(scope="session")
def founded_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives copies of a home of the example's fund, begun by the commands with an admin, a preparer and an approver."""
    home = made_once(of_all_workers(tmp_path_factory) / "founded by commands", _found) / "home"
    return lambda: shutil.copytree(home, tmp_path_factory.mktemp("founded") / "home")


def _found(folder: Path) -> None:
    home = folder / "home"
    accept(home, "root", did("init", str(rooted_example(folder)), home=home), ADMIN)
    for login, role, password in (("prepares", access.PREPARER, PREPARER), ("approves", access.APPROVER, APPROVER)):
        add_staff_at(home, login, role, password)
    confirm_waiting_at(home, "prepares", "approves")


def add_staff_at(home: Path, login: str, role: str, password: str) -> None:
    """Somebody is added, accepts, and is confirmed."""
    accept(home, login, add_user_at(home, login, role, ADMIN), password)
    confirm_users_at(home)


def rooted_example(folder: Path) -> Path:
    """The example's agreement file, with an admin who is called ``root``."""
    file = folder / "agreement.toml"
    file.write_text(EXAMPLE.read_text("utf-8").replace('login = "admin"', 'login = "root"'), "utf-8")
    return file


def add_user_at(home: Path, login: str, role: str, admin_password: str, *typed: str) -> str:
    """What the command prints with which the admin ``root`` adds a user; ``typed`` comes behind the password."""
    new = new_user(login, role)
    lines = "\n".join((admin_password, *typed, new.email, new.tax_code, ""))
    return did("user", "add", login, "--role", role, "--as", "root", home=home, typed=lines)


def confirm_users_at(home: Path) -> None:
    """The example's auditor confirms every user who waits for it, as at the desk."""
    confirm_waiting_at(home, "auditor")


def confirm_waiting_at(home: Path, *logins: str) -> None:
    """Users confirm, one after the other, whatever each of them may: of the agreement ``init`` proposes a part."""
    app = open_app(read_settings({}, home, "en"))
    try:
        for login in logins:
            with reading(app, Actor("U01", access.ADMIN)) as context:
                user = users.read_user(context, login)
            with writing(app, Actor(user.code, user.role)) as context:
                waiting = [view.number for view in proposals.list_proposals(context) if view.may_confirm]
                confirm_as_shown(context, *waiting, called_back_on=context.day)
    finally:
        app.close()


def enrol_at(home: Path, login: str) -> Iterator[str]:
    """Set a user's second factor up, as at the desk; returns recovery codes, each of which counts once at any time."""
    app = open_app(read_settings({}, home, "en"))
    try:
        with reading(app, Actor("U01", access.ADMIN)) as context:
            user = users.read_user(context, login)
        with writing(app, Actor(user.code, user.role)) as context:
            second_factor.begin(context, app.vault, SECRET)
            second_factor.confirm(context, app.vault, pyotp.TOTP(SECRET).at(context.at), RECOVERY_CODES)
    finally:
        app.close()
    return iter(RECOVERY_CODES)


def shown_digest(key: str, login: str, password: str, home: Path, **environment: str) -> str:
    """The digest under which an approver is shown a run or a batch."""
    shown = run_fund("approve", key, "--show", "--as", login, home=home, typed=f"{password}\n", **environment)
    assert shown.returncode == 0, shown.stderr
    (digest,) = set(re.findall(r"[0-9a-f]{64}", shown.stdout))
    return digest


def approve_shown(key: str, login: str, password: str, code: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Look at a run or a batch and approve it, without a terminal."""
    digest = shown_digest(key, login, password, home)
    return run_fund("approve", key, "--digest", digest, "--as", login, home=home, typed=f"{password}\n{code}\n")


def did(*arguments: str, home: Path, typed: str = "") -> str:
    """What a command prints that has to succeed."""
    done = run_fund(*arguments, home=home, typed=typed)
    assert done.returncode == 0, done.stderr
    return done.stdout


def bring_key(home: Path, into: Path) -> Path:
    """Put the key of a home's fingerprints where its fund is to be rebuilt; returns that place."""
    into.mkdir(exist_ok=True)
    shutil.copy(home / "fingerprint.key", into)
    return into


def secret_in(printed: str) -> str:
    """The secret of the invitation, or of the first, that a command printed."""
    found = re.search(r": ((?:[a-z2-7]{4}-){5}[a-z2-7]{4})$", printed, re.MULTILINE)
    assert found is not None, printed
    return found[1]


def accept(home: Path, login: str, printed: str, password: str) -> None:
    """Accept the invitation that a command printed."""
    did("user", "accept", login, home=home, typed=f"{secret_in(printed)}\n{password}\n")


@pytest.fixture(scope="session")
def fund() -> Command:
    """The ``fund`` command."""
    return run_fund


class Demo:
    """A played demo: its home, and what it printed."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.books = self.home / "books"
        self.played = subprocess.CompletedProcess[str](**json.loads((folder / "played.json").read_text()))


def _play(folder: Path) -> None:
    played = run_fund("demo", "--home", str(folder / "home"))
    (folder / "played.json").write_text(json.dumps(vars(played)))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo of the Trento fund, one for all workers; tests copy its home before they change anything."""
    played = Demo(made_once(of_all_workers(tmp_path_factory) / "demo", _play))
    assert played.played.returncode == 0, played.played.stderr
    return played
