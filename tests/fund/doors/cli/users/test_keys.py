"""The fund's key at the command line: it is changed in real processes, which are killed; no other key is taken."""

import base64
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from fund.domain.fingerprints import Fingerprints
from fund.vault import FundKey
from tests.examples import first_of
from tests.fund.doors.cli.conftest import ADMIN, APPROVER, Command, did, enrol_at
from tests.fund.factor_kit import RECOVERY_CODES

KEY, NEXT = "fingerprint.key", "fingerprint.key.next"


@pytest.fixture
def home(founded_home: Callable[[], Path]) -> Path:
    home = founded_home()
    enrol_at(home, "approves")
    return home


def propose(home: Path) -> str:
    """The admin proposes another key; returns what is printed."""
    return did("key", "change", "--as", "root", home=home, typed=f"{ADMIN}\n")


def confirm(home: Path, fund: Command, before: Callable[[], None] | None = None) -> int:
    """The approver confirms it; returns how the command ended."""
    asked = did("proposals", "--as", "approves", "--json", home=home, typed=f"{APPROVER}\n")
    (waiting,) = json.loads(asked)
    arguments = (str(waiting["number"]), "--digest", waiting["digest"], "--as", "approves")
    return fund("confirm", *arguments, home=home, typed=f"{APPROVER}\n{RECOVERY_CODES[0]}\n", before=before).returncode


def key_files(home: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in home.glob(f"{KEY}*")}


def killed_before_the_file_is_in_place() -> None:
    def die(key: FundKey, check: str | None) -> None:
        if Fingerprints(key.successor.read()).key_check == check:
            os.kill(os.getpid(), signal.SIGKILL)

    FundKey.settle = die  # type: ignore[method-assign]


@pytest.mark.long
def test_a_change_that_is_cut_off_is_in_force_once_it_was_confirmed(home: Path, fund: Command) -> None:
    former = key_files(home)[KEY]
    assert str(home / NEXT) in propose(home)
    new = key_files(home)[NEXT]
    did("verify", home=home)
    assert key_files(home) == {KEY: former, NEXT: new}, "proposed, it changes nothing"
    assert confirm(home, fund, before=killed_before_the_file_is_in_place) == -signal.SIGKILL
    assert key_files(home) == {KEY: former, NEXT: new}
    did("verify", home=home)
    files = key_files(home)
    assert (files.pop(KEY), list(files.values())) == (new, [former]), "and the former one is kept beside it"


def test_without_the_new_key_nothing_starts_and_its_copy_is_the_way_out(home: Path, fund: Command) -> None:
    propose(home)
    copy = key_files(home)[NEXT]
    assert confirm(home, fund, before=killed_before_the_file_is_in_place) == -signal.SIGKILL
    (home / NEXT).unlink()
    refused = fund("balances", home=home)
    assert refused.returncode == 4
    assert "not this fund" in refused.stderr and "Traceback" not in refused.stderr
    lay(home / KEY, copy)
    did("verify", home=home)


def lay(file: Path, key: bytes, mode: int = 0o600) -> None:
    file.write_bytes(key)
    file.chmod(mode)


SPOILT: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:20]),
    "replaced": lambda file: file.write_bytes(base64.urlsafe_b64encode(bytes(32))),
    "readable by others": lambda file: file.chmod(0o644),
}
COMMANDS = (
    ("balances",),
    ("verify",),
    ("serve", "--port", "0"),
    ("run", "--as", "prepares"),
    ("user", "list", "--as", "root"),
    ("key", "payees", "--as", "root"),
    ("key", "change", "--as", "root"),
    ("export-persons", "persons.sealed", "--as", "root"),
)


@pytest.mark.parametrize("spoil", first_of(SPOILT.values()), ids=SPOILT)
def test_no_command_takes_another_key_or_makes_one(home: Path, fund: Command, spoil: Callable[[Path], object]) -> None:
    spoil(home / KEY)
    before = key_files(home)
    for command in COMMANDS:
        done = fund(*command, home=home, typed=f"{ADMIN}\n")
        assert done.returncode == 4, (command, done.stdout, done.stderr)
        assert "key" in done.stderr and "Traceback" not in done.stderr
        assert key_files(home) == before
