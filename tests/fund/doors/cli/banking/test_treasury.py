"""Another treasury at the command line: the preparer proposes that of an agreement file, the approver confirms it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fund.store.tables import Treasury, table
from tests.fund.doors.cli.conftest import ADMIN, EXAMPLE, PREPARER, Command, confirm_waiting_at
from tests.fund.kit import Office, open_office


@pytest.fixture(scope="module")
def home(founded_home: Callable[[], Path]) -> Path:
    return founded_home()


def changed(folder: Path, *replaced: tuple[str, str]) -> Path:
    """The example's agreement with other words in it."""
    text = EXAMPLE.read_text("utf-8")
    for old, new in replaced:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    file = folder / "agreement.toml"
    file.write_text(text, "utf-8")
    return file


def test_two_people_agree_to_another_treasury(home: Path, fund: Command, tmp_path: Path) -> None:
    file = changed(tmp_path, ('format = "pain.001.001.09"', 'format = "cbi"'))
    for login, password, code in (("root", ADMIN, 3), ("prepares", PREPARER, 0)):
        done = fund("bank", "treasury", str(file), "--as", login, home=home, typed=f"{password}\n")
        assert done.returncode == code, done.stderr
    assert format_of(home) == "pain.001.001.09", "until another person has confirmed it"
    confirm_waiting_at(home, "approves")
    assert format_of(home) == "cbi"


def format_of(home: Path) -> str:
    office: Office = open_office(home, f"sqlite:///{home / 'fund.sqlite'}")
    row = office.ask(office.admin, lambda context: context.session.connection().execute(table(Treasury).select()).one())
    office.close()
    return str(row.format)


def test_another_funds_file_and_one_without_a_treasury_propose_nothing(
    home: Path, fund: Command, tmp_path: Path
) -> None:
    text = EXAMPLE.read_text("utf-8")
    begin = text.index("[treasury]")
    end = text.index("\n[", begin + 1)
    cases = {
        "is another fund’s": text.replace('code = "', 'code = "X', 1),
        "account": text[:begin] + text[end + 1 :],
        "line": text.replace("[treasury]", "[treasury]\nunknown = 1", 1),
    }
    for said, wrong in cases.items():
        file = tmp_path / "wrong.toml"
        file.write_text(wrong, "utf-8")
        done = fund("bank", "treasury", str(file), "--as", "prepares", home=home, typed=f"{PREPARER}\n")
        assert done.returncode in (2, 3), done.stdout
        assert said in done.stderr
    listed = fund("proposals", "--as", "prepares", home=home, typed=f"{PREPARER}\n")
    assert listed.returncode == 0 and "Nothing waits" in listed.stdout, listed.stdout
