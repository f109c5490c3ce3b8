"""The demo that stops on a day of its life: work waits, the clock goes on from there, and the logins are printed."""

import json
import re
from pathlib import Path

import pytest

from tests.fund.doors.cli.conftest import Command, Demo, approve_shown, run_fund

DAY = "2021-04-20"


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo that stands at an early day, played in an earlier one's home, and what it printed."""
    home = tmp_path_factory.mktemp("stopped") / "home"
    home.mkdir()
    (home / "DEMO").touch()
    (home / "left over").write_text("from an earlier demo")
    done = run_fund("demo", "--home", str(home), "--until", DAY)
    assert done.returncode == 0, done.stderr
    return home, done.stdout


@pytest.mark.long  # beside the whole demo
def test_played_in_an_earlier_demos_home_it_begins_anew(demo: Demo, stopped: tuple[Path, str]) -> None:
    home, _ = stopped
    months = sorted((home / "books" / "months").iterdir())
    assert len(months) > 3
    for path in months:
        assert (demo.books / "months" / path.name).read_bytes().startswith(path.read_bytes()), path.name
    assert not (home / "left over").exists()


@pytest.mark.long
def test_the_months_run_waits_for_the_preparer(stopped: tuple[Path, str], fund: Command) -> None:
    home, told = stopped
    password = re.search(r"preparer\s+finance-preparer\s+(\S+)\s+[A-Z2-7]{32}", told)
    assert password is not None
    assert json.loads(fund("balances", "--json", home=home).stdout)["as_of"] == DAY
    proposed = fund("run", "--as", "preparer", home=home, typed=f"{password[1]}\n")
    assert "Run of April 2021: proposed" in proposed.stdout, proposed.stderr
    code = fund("user", "code", "approver", home=home).stdout.strip()
    approved = approve_shown("2021-04", "approver", password[1], code, home)
    assert approved.returncode == 0, approved.stderr
    assert fund("verify", home=home).returncode == 0


@pytest.mark.long
def test_a_code_is_at_hand_without_a_phone(stopped: tuple[Path, str], fund: Command) -> None:
    home, _ = stopped
    for login in ("preparer", "approver", "auditor", "admin"):
        assert re.fullmatch(r"[0-9]{6}\n", fund("user", "code", login, home=home).stdout)
    assert fund("user", "code", "unknown", home=home).returncode == 3


@pytest.mark.parametrize("day", ["2020-10-09", "2023-12-03"])
def test_a_day_outside_the_agreement_is_refused_and_nothing_is_touched(tmp_path: Path, fund: Command, day: str) -> None:
    done = fund("demo", "--until", day, home=tmp_path / "home")
    assert (done.returncode, "--until" in done.stderr) == (2, True)
    assert not (tmp_path / "home").exists()
