"""Users, passwords and forgotten landlords at the command line, each command a process of its own."""

import json
import re
from pathlib import Path

import pytest

from fund.access import PREPARER
from tests.fund.doors.cli.conftest import Command, founded_home

ADMIN, OTHER = "admin-password", "another-password"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fund with an admin, and somebody whose password was typed by the admin."""
    return founded_home(tmp_path_factory.mktemp("users"), ADMIN, ("leaves", PREPARER, OTHER))


def listed(home: Path, fund: Command, login: str) -> dict[str, object]:
    told = fund("user", "list", "--as", "root", "--json", home=home, typed=f"{ADMIN}\n")
    return next(one for one in json.loads(told.stdout) if one["login"] == login)


def test_a_one_time_password_is_good_for_choosing_another_and_for_nothing_else(home: Path, fund: Command) -> None:
    given = fund("user", "reset", "leaves", "--as", "root", home=home, typed=f"{ADMIN}\n")
    match = re.search(r"One-time password of leaves: (\S+)", given.stdout)
    assert match is not None
    refused = fund("token", "create", "--as", "leaves", home=home, typed=f"{match[1]}\n")
    assert (refused.returncode, "is to be changed" in refused.stderr) == (3, True)
    short = fund("user", "password", "leaves", home=home, typed=f"{match[1]}\nshort\n")
    assert short.returncode == 2
    changed = fund("user", "password", "leaves", home=home, typed=f"{match[1]}\nmy own long password\n")
    assert changed.returncode == 0, changed.stderr
    assert fund("token", "create", "--as", "leaves", home=home, typed="my own long password\n").returncode == 0
    assert fund("token", "create", "--as", "leaves", home=home, typed=f"{match[1]}\n").returncode == 3


def test_a_role_is_changed_by_an_admin_for_another(home: Path, fund: Command) -> None:
    changed = fund("user", "role", "leaves", "auditor", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert changed.stdout == "U02 leaves auditor\n"
    assert listed(home, fund, "leaves")["role"] == "auditor"
    assert fund("user", "role", "root", "auditor", "--as", "root", home=home, typed=f"{ADMIN}\n").returncode == 3
    assert fund("user", "role", "leaves", "king", "--as", "root", home=home, typed=f"{ADMIN}\n").returncode == 2


def test_identity_and_second_factor_are_the_admins_business(home: Path, fund: Command) -> None:
    recorded = fund("user", "identity", "leaves", "sub-1", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert recorded.stdout == "U02 leaves sub-1\n"
    ended = fund("user", "identity", "leaves", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert ended.stdout == "U02 leaves -\n"
    reset = fund("user", "reset", "leaves", "--second-factor", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert reset.returncode == 0, reset.stderr
    own = fund("user", "reset", "root", "--second-factor", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert own.returncode == 3


def test_a_code_is_shown_in_a_demos_home_only(home: Path, fund: Command) -> None:
    refused = fund("user", "code", "root", home=home)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "only in a demo's home" in refused.stderr


def test_guesses_at_the_command_line_have_to_wait(home: Path, fund: Command) -> None:
    for _ in range(5):
        assert "Nobody is logged in" in fund("token", "create", "--as", "guessed", home=home, typed="wrong\n").stderr
    blocked = fund("token", "create", "--as", "guessed", home=home, typed="wrong\n")
    assert (blocked.returncode, "Wait" in blocked.stderr) == (3, True)


def test_a_landlord_is_forgotten_by_two_people(home: Path, fund: Command) -> None:
    erase = ("landlord", "erase", "L0001", "--as", "root")
    unasked = fund(*erase, home=home, typed=f"{ADMIN}\n", FUND_SECOND_FACTOR="optional")
    assert (unasked.returncode, "nobody asked for it" in unasked.stderr) == (3, True)
    own = fund("landlord", "ask-erasure", "L0001", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert own.returncode == 3
