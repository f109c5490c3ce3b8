"""Another treasurer at the command line: the admin takes it over from the agreement file."""

from pathlib import Path

import pytest

from fund.domain.access import PREPARER
from fund.store.tables import Treasury, table
from tests.fund.doors.cli.conftest import EXAMPLE, Command, founded_home
from tests.fund.kit import Office, open_office

PASSWORD = "lamp under seven clouds"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fund with an admin and a preparer, who have the same password."""
    return founded_home(tmp_path_factory.mktemp("treasury"), PASSWORD, ("pre", PREPARER, PASSWORD))


def changed(folder: Path, *replaced: tuple[str, str]) -> Path:
    """The example's agreement with other words in it."""
    text = EXAMPLE.read_text("utf-8")
    for old, new in replaced:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    file = folder / "agreement.toml"
    file.write_text(text, "utf-8")
    return file


def test_the_admin_takes_another_treasury_over(home: Path, fund: Command, tmp_path: Path) -> None:
    file = changed(tmp_path, ('format = "pain.001.001.09"', 'format = "cbi"'))
    for login, code in (("pre", 3), ("root", 0)):
        done = fund("bank", "treasury", str(file), "--as", login, home=home, typed=f"{PASSWORD}\n")
        assert done.returncode == code, done.stderr
        assert format_of(home) == ("cbi" if code == 0 else "pain.001.001.09")
    assert "sealed as cbi" in done.stdout
    assert "…" in done.stdout, "the IBAN is masked"


def format_of(home: Path) -> str:
    office: Office = open_office(home, f"sqlite:///{home / 'fund.sqlite'}")
    row = office.ask(office.admin, lambda context: context.session.connection().execute(table(Treasury).select()).one())
    office.close()
    return str(row.format)


def test_another_funds_file_and_one_without_a_treasury_change_nothing(
    home: Path, fund: Command, tmp_path: Path
) -> None:
    before = format_of(home)
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
        done = fund("bank", "treasury", str(file), "--as", "root", home=home, typed=f"{PASSWORD}\n")
        assert done.returncode in (2, 3), done.stdout
        assert said in done.stderr
    assert format_of(home) == before
