"""The day at the command line: in a home made from old books, nothing is written before a person says the day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fund.clock import day_in_rome
from tests.fund.doors.cli.conftest import Command, Demo, accept, bring_key, did, rooted_example

ADMIN = "lamp under seven clouds"


@pytest.mark.long  # the whole demo's
def test_a_home_from_old_books_waits_for_the_day(demo: Demo, fund: Command, tmp_path: Path) -> None:
    home, as_root = bring_key(demo.home, tmp_path / "again"), ("--as", "root")
    assert fund("rebuild", "--from", str(demo.books), "--into", str(home)).returncode == 0
    accept(home, "root", did("recover", str(rooted_example(tmp_path)), home=home), ADMIN)  # who could confirm the day
    reset, typed = ("user", "reset", "auditor", *as_root), f"{ADMIN}\n"
    waits = fund(*reset, home=home, typed=typed)
    assert (waits.returncode, "has to be confirmed first" in waits.stderr) == (3, True), waits.stderr
    assert "2 Dec 2023" in waits.stderr and "fund confirm-today" in waits.stderr
    today = day_in_rome(datetime.now(UTC))
    wrong = fund("confirm-today", str(today - timedelta(days=30)), *as_root, home=home, typed=f"{ADMIN}\n")
    assert (wrong.returncode, "The clock of this machine says" in wrong.stderr) == (3, True), wrong.stderr
    done = fund("confirm-today", str(today), *as_root, home=home, typed=f"{ADMIN}\n")
    assert (done.returncode, "Confirmed: today is" in done.stdout) == (0, True), done.stderr
    invited = fund(*reset, home=home, typed=typed)
    assert invited.returncode == 0, invited.stderr
    ahead = fund("run", "--as-of", str(today + timedelta(days=1)), "--dry-run", home=home)
    assert (ahead.returncode, "as_of: must not be after today" in ahead.stderr) == (2, True), ahead.stderr
