"""How many files a change touches: each is made in a copy of the house, shown to work there, and counted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import HOUSE

PARTS = ("fund", "ledger", "templates", "examples", "docs", "tests")

ERROR = '''

@dataclass(eq=False)
class RoofLeaks(FundError):
    """The roof of a household's home leaks."""

    kind = Kind.CONFLICT
    title = N_("The roof of household %(household)s leaks")
    advice = N_("Put a bucket under it.")

    household: str
'''
ITALIAN = """
msgid "The roof of household %(household)s leaks"
msgstr "Il tetto del nucleo %(household)s perde"

msgid "Put a bucket under it."
msgstr "Mettere sotto un secchio."
"""
SHOWN = """
from fund.domain import errors
from fund.doors.problems import described, exit_code
error = errors.RoofLeaks("N01")
print(described(error, "it"), exit_code(error), described(error, "en")["title"])
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house without its history and environment."""
    for part in PARTS:
        shutil.copytree(HOUSE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    return tmp_path


def run(copy: Path, *arguments: str) -> str:
    """What Python answers in the copy, which stands before the house on its path."""
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def touched(copy: Path) -> list[str]:
    """The files of the copy that differ from the house's."""
    files = (path.relative_to(copy) for part in PARTS for path in (copy / part).rglob("*") if path.is_file())
    kept = (file for file in files if file.suffix not in (".pyc", ".so"))
    return sorted(
        str(file)
        for file in kept
        if not (HOUSE / file).is_file() or (HOUSE / file).read_bytes() != (copy / file).read_bytes()
    )


@pytest.mark.long
def test_an_error_is_added_in_two_files(copy: Path) -> None:
    append(copy / "fund/domain/errors.py", ERROR)
    append(copy / "fund/locale/it/LC_MESSAGES/fund.po", ITALIAN)
    shown = run(copy, "-c", SHOWN)
    assert "'title': 'Il tetto del nucleo N01 perde', 'status': 409, 'detail': 'Mettere sotto un secchio.'" in shown
    assert shown.endswith("3 The roof of household N01 leaks\n")
    run(
        copy,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "tests/fund/documents/test_catalogue.py",
        "tests/fund/doors/test_problems.py",
    )
    assert touched(copy) == ["fund/domain/errors.py", "fund/locale/it/LC_MESSAGES/fund.po"]
