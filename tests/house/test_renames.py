"""What the database holds has a type wherever it is used: a renamed column or field turns mypy red at each reader.

Each test renames many at once in a copy of the house and runs the type checker once.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

HOUSE = Path(__file__).parents[2]
TABLES = "fund/store/tables"
SUFFIX = "_renamed"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("fund", "ledger"):
        shutil.copytree(HOUSE / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "locale"))
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    return tmp_path


def _fields(tree: ast.Module, is_chosen: Callable[[ast.ClassDef], bool]) -> Iterator[tuple[str, ast.AnnAssign]]:
    """The annotated fields of the chosen classes of a module: class name, field."""
    for owner in ast.walk(tree):
        if isinstance(owner, ast.ClassDef) and is_chosen(owner):
            for field in owner.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    yield owner.name, field


def _is_table(owner: ast.ClassDef) -> bool:
    return any(keyword.arg == "table" for keyword in owner.keywords)


def _is_dataclass(owner: ast.ClassDef) -> bool:
    return any("dataclass" in ast.unparse(decorator) for decorator in owner.decorator_list)


def _rename(file: Path, is_chosen: Callable[[ast.ClassDef], bool], name: re.Pattern[str]) -> set[tuple[str, str]]:
    """Rename the fields of the chosen classes whose whole name matches; what was renamed, as class and field."""
    source = file.read_text("utf-8")
    lines, renamed = source.splitlines(keepends=True), set()
    for owner, field in _fields(ast.parse(source), is_chosen):
        assert isinstance(field.target, ast.Name)
        if name.fullmatch(field.target.id):
            line, end = lines[field.lineno - 1], field.target.end_col_offset or 0
            lines[field.lineno - 1] = line[:end] + SUFFIX + line[end:]
            renamed.add((owner, field.target.id))
    file.write_text("".join(lines), "utf-8")
    return renamed


def _errors(house: Path) -> list[tuple[str, int, str]]:
    """What mypy says of a house: file, line, message."""
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", ".mypy_cache", "fund", "ledger"],
        cwd=house,
        capture_output=True,
        text=True,
    )
    found = re.findall(r"^(\S+?):(\d+): error: (.*)$", run.stdout, re.MULTILINE)
    assert found, run.stdout + run.stderr
    return [(file, int(line), message) for file, line, message in found]


def test_a_renamed_column_of_money_or_state_is_red_at_every_query(copy: Path) -> None:
    renamed: set[tuple[str, str]] = set()
    for file in (copy / TABLES).glob("*.py"):
        renamed |= _rename(file, _is_table, re.compile(r"\w+_cents|state"))
    red = {(file, line) for file, line, _ in _errors(copy)}
    columns = re.compile(r"\b(?:" + "|".join(f"{owner}\\.{field}" for owner, field in sorted(renamed)) + r")\b")
    used = {
        (file.relative_to(copy).as_posix(), number)
        for file in (copy / "fund").rglob("*.py")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if columns.search(line)
    }
    assert len(renamed) > 30
    assert len(used) > 80
    assert not used - red


def test_a_renamed_field_of_a_query_is_red_at_every_reader(copy: Path) -> None:
    renamed: set[tuple[str, str]] = set()
    for file in (copy / "fund/store").rglob("*.py"):
        renamed |= _rename(file, _is_dataclass, re.compile(r"\w+"))
    messages = "\n".join(message for _, _, message in _errors(copy))
    read = set(re.findall(r'"(\w+)(?:\[[^"]*\])?"(?: of "[^"]*")? has no attribute "(\w+)"', messages))
    assert len(renamed) > 100
    assert not {one for one in renamed - read if not _is_rendered(*one)}


def _is_rendered(owner: str, field: str) -> bool:
    """Whether no Python reads a field but a template, or the model of an answer that is made from the whole class.

    Templates are rendered by tests that refuse an undefined name, and the API's models are compared with the golden.
    """
    templates = "".join(file.read_text("utf-8") for file in (HOUSE / "templates").rglob("*.html"))
    routes = "".join(file.read_text("utf-8") for file in (HOUSE / "fund/doors/api").rglob("*.py"))
    return bool(re.search(rf"\.{field}\b", templates) or re.search(rf"\b{owner}\b", routes))
