"""An erasure at the command line: who may propose it, and of whom it is refused."""

from collections.abc import Callable
from pathlib import Path

from tests.fund.doors.cli.conftest import ADMIN, PREPARER, Command


def test_whose_data_is_still_needed_is_not_erased(founded_home: Callable[[], Path], fund: Command) -> None:
    home = founded_home()
    for subject, said in (
        ("L0001", "a contract is running"),
        ("N01", "the position is open"),
        ("L9999", "L9999"),
    ):
        refused = fund("erase", subject, "--as", "prepares", home=home, typed=f"{PREPARER}\n")
        assert (refused.returncode, said in refused.stderr, refused.stdout) == (3, True, ""), refused.stderr
    assert fund("erase", "L0001", "--as", "root", home=home, typed=f"{ADMIN}\n").returncode == 3
