"""Users, passwords and forgotten landlords at the command line, each command a process of its own."""

import json
import os
import pty
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fund.doors.cli.conftest import (
    ADMIN,
    FUND,
    PREPARER,
    Command,
    accept,
    add_user_at,
    confirm_users_at,
    did,
    rooted_example,
    secret_in,
)

OWN = "my own long password"


@pytest.fixture(scope="module")
def home(founded_home: Callable[[], Path]) -> Path:
    return founded_home()


def listed(home: Path, fund: Command, login: str) -> dict[str, object]:
    told = fund("user", "list", "--as", "root", "--json", home=home, typed=f"{ADMIN}\n")
    return next(one for one in json.loads(told.stdout) if one["login"] == login)


def test_an_invitation_is_good_for_choosing_a_password_and_for_nothing_else(home: Path, fund: Command) -> None:
    """Nothing of it stays on the machine, and nothing of it is an argument that other processes see."""
    secret = secret_in(did("user", "reset", "prepares", "--as", "root", home=home, typed=f"{ADMIN}\n"))
    assert listed(home, fund, "prepares")["invited"] is True
    for typed in (secret, PREPARER, ""):
        refused = fund("token", "create", "--as", "prepares", home=home, typed=f"{typed}\n")
        assert (refused.returncode, refused.stdout) == (3, "")
    assert fund("user", "password", "prepares", home=home, typed=f"{secret}\n{OWN}\n").returncode == 3
    weak = fund("user", "accept", "prepares", home=home, typed=f"{secret}\npassword1234\n")
    assert (weak.returncode, "among the first that a guesser tries" in weak.stderr) == (2, True)
    did("user", "accept", "prepares", home=home, typed=f"{secret}\n{OWN}\n")
    again = fund("user", "accept", "prepares", home=home, typed=f"{secret}\n{OWN}\n")
    assert (again.returncode, "it was used before" in again.stderr) == (3, True)
    assert "Ask an admin of the fund for a new one" in again.stderr
    assert fund("token", "create", "--as", "prepares", home=home, typed=f"{OWN}\n").returncode == 3, "not confirmed yet"
    confirm_users_at(home)
    did("token", "create", "--as", "prepares", home=home, typed=f"{OWN}\n")
    told = did("denials", "--error", "not-authenticated", "--json", "--as", "prepares", home=home, typed=f"{OWN}\n")
    assert {(one["user"], one["act"]) for one in json.loads(told)} == {("U03", "users.users.log_in")}
    assert "users.users.log_in" in did("denials", "--as", "prepares", home=home, typed=f"{OWN}\n")
    for file in (path for path in home.rglob("*") if path.is_file()):
        assert not any(hidden in file.read_bytes() for hidden in (secret.encode(), OWN.encode())), file


@pytest.mark.long
def test_the_operator_invites_both_anew_at_once_while_one_has_not_come_in_and_announces_it_afterwards(
    tmp_path: Path, fund: Command
) -> None:
    new, file = tmp_path / "home", str(rooted_example(tmp_path))
    older = secret_in(did("init", file, home=new))
    newer = did("recover", file, home=new)
    replaced = fund("user", "accept", "root", home=new, typed=f"{older}\n{OWN}\n")
    assert (replaced.returncode, "a newer one has replaced it" in replaced.stderr) == (3, True)
    accept(new, "root", newer, OWN)
    accept(new, "auditor", newer.partition("Invitation of auditor")[2], PREPARER)
    announced = did("recover", file, home=new)
    assert "every user in force can reject it" in announced and "Invitation of" not in announced
    waiting = json.loads(did("proposals", "--json", "--as", "auditor", home=new, typed=f"{PREPARER}\n"))
    (number,) = (str(one["number"]) for one in waiting if one["act"] == "recover-access")
    done = fund("reject", number, "--reason", "not-verified", "--as", "auditor", home=new, typed=f"{PREPARER}\n")
    assert done.returncode == 0, done.stderr


def test_a_password_is_typed_unseen_and_twice_at_a_terminal(home: Path) -> None:
    secret = secret_in(add_user_at(home, "typist", "auditor", ADMIN))
    steps = [(b"invitation: ", secret), (b"typist: ", OWN), (b"once more: ", OWN)]
    mistyped, shown = at_terminal(home, [*steps[:2], (b"once more: ", f"{OWN} ")])
    assert (mistyped, b"is not the same as the new password" in shown) == (2, True)
    accepted, shown = at_terminal(home, steps)
    assert (accepted, b"The password is chosen." in shown) == (0, True)
    assert not any(hidden.encode() in shown for _, hidden in steps)


def at_terminal(home: Path, steps: list[tuple[bytes, str]]) -> tuple[int, bytes]:
    """Accept the typist's invitation at a real terminal, answering each prompt; the exit code, and what is shown."""
    ours, theirs = pty.openpty()
    command, environment = [FUND, "--home", str(home), "user", "accept", "typist"], {**os.environ, "FUND_LANG": "en"}
    shown = b""
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as one:
        os.close(theirs)
        for prompt, typed in steps:
            while not shown.endswith(prompt):
                shown += os.read(ours, 4096)
            os.write(ours, f"{typed}\n".encode())
        with suppress(OSError):  # Linux says so when the other end is closed
            while data := os.read(ours, 4096):
                shown += data
        code = one.wait(60)
    os.close(ours)
    return code, shown


def test_a_role_is_changed_by_an_admin_for_another(home: Path, fund: Command) -> None:
    changed = fund("user", "role", "prepares", "auditor", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert changed.stdout == "U03 prepares auditor\n"
    assert listed(home, fund, "prepares")["role"] == "auditor"
    assert fund("user", "role", "root", "auditor", "--as", "root", home=home, typed=f"{ADMIN}\n").returncode == 3
    assert fund("user", "role", "prepares", "king", "--as", "root", home=home, typed=f"{ADMIN}\n").returncode == 2


def test_identity_and_second_factor_are_the_admins_business(home: Path, fund: Command) -> None:
    recorded = fund("user", "identity", "prepares", "sub-1", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert recorded.stdout == "U03 prepares sub-1\n"
    ended = fund("user", "identity", "prepares", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert ended.stdout == "U03 prepares -\n"
    reset = fund("user", "reset", "prepares", "--second-factor", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert reset.returncode == 0, reset.stderr
    own = fund("user", "reset", "root", "--second-factor", "--as", "root", home=home, typed=f"{ADMIN}\n")
    assert own.returncode == 3


def test_a_code_is_shown_in_a_demos_home_only(home: Path, fund: Command) -> None:
    refused = fund("user", "code", "root", home=home)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "only in a demo's home" in refused.stderr


def test_guesses_at_the_command_line_have_to_wait(home: Path, fund: Command) -> None:
    for _ in range(5):
        assert "Authentication failed" in fund("token", "create", "--as", "guessed", home=home, typed="wrong\n").stderr
    blocked = fund("token", "create", "--as", "guessed", home=home, typed="wrong\n")
    assert (blocked.returncode, "Wait" in blocked.stderr) == (3, True)
