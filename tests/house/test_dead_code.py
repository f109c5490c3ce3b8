"""Dead code: vulture over the product without its tests, which would keep alive what only they use.

Vulture goes by names. What a framework calls, or turns into JSON, is ignored by its decorator or its class; what a
template reads counts as used.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from vulture.core import Vulture

from tests.house.source import HOUSE, ROOTS

DECORATORS = [
    *("@*.get", "@*.post", "@*.put", "@*.delete", "@*.command", "@*.callback"),  # pages and commands
    *("@routes.*", "@uploads.*"),
    *("@model_validator", "@field_validator", "@*.listens_for", "@writes"),
]
SERIALIZED = {"BaseModel", "SQLModel", "TypedDict", "TypeDecorator", "DATE", "FundError", "Code"}
"""Base classes whose members a library, the catalogue or a person reads: models, tables and their types, facts of an
error, lists."""
VIEWS = (
    "fund/domain/views.py",
    "fund/domain/bank_views.py",
    "fund/domain/desk_views.py",
    "fund/doors/api/",
    "fund/doors/deliveries.py",
)
"""Where each field of a class is a member of the API's JSON."""

USED = {
    "compress_type": "of a ZipInfo of the standard library",
    "create_system": "of a ZipInfo",
    "external_attr": "of a ZipInfo",
    "x_labels": "of a chart of pygal",
    "_body": "of a request of Starlette",
    "isolation_level": "of a connection of sqlite3",
    "StartDoctypeDeclHandler": "of an expat parser",
    "StartElementHandler": "of an expat parser",
    "EndElementHandler": "of an expat parser",
    "CharacterDataHandler": "of an expat parser",
    "_load_file": "of Beancount's loader: replaced by the one without a pickle cache",
    "__class_getitem__": "Python's own name: it is what JsonOf[View] calls",
    "__signature__": "Python's own name: FastAPI reads it of a route, Typer of a command",
    "__annotations__": "Python's own name: Typer reads it of a command",
    "english": "printed by docs.generate into the chart of accounts",
    "RULES": "printed by docs.generate into the table of findings",
    "FREE_BECAUSE": "printed by docs.generate below the table of bindings",
    "appended": "of a publication; tests of concurrency and durability count by it",
}
"""Names that vulture cannot see used, each with the reason."""


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef))


def _name(base: ast.expr) -> str:
    """The name of a base class, without its parameters and the module before it."""
    return ast.unparse(base).partition("[")[0].rpartition(".")[2]


def _serialized(paths: list[Path]) -> set[str]:
    """The classes that derive from one of ``SERIALIZED``, by name: their members are ignored, not they themselves."""
    bases = {node.name: set(map(_name, node.bases)) for path in paths for node in _classes(path)}
    found = set(SERIALIZED)
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return found


def _ignored_lines(path: Path, serialized: set[str]) -> set[int]:
    is_view = any(view in path.as_posix() for view in VIEWS)
    return {
        line
        for node in _classes(path)
        if node.name in serialized or is_view
        for line in range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    }


def unused(paths: list[Path]) -> dict[str, str]:
    """What vulture finds in these files, less what frameworks and templates use: the place of each by its name."""
    vulture = Vulture(ignore_decorators=DECORATORS)
    vulture.scavenge([str(path) for path in paths])
    for template in (HOUSE / "templates").rglob("*.html"):
        vulture.used_names.update(re.findall(r"[a-z_]\w*", template.read_text("utf-8")))
    serialized = _serialized(paths)
    ignored = {path: _ignored_lines(path, serialized) for path in paths}
    return {
        item.name: f"{item.filename}:{item.first_lineno}"
        for item in vulture.get_unused_code()
        if item.typ != "import" and item.first_lineno not in ignored[Path(item.filename)]  # imports are ruff's
    }


@pytest.mark.long
def test_no_code_is_dead() -> None:
    paths = [path for root in ROOTS for path in sorted((HOUSE / root).rglob("*.py")) if "migrations" not in path.parts]
    found = unused(paths)
    assert {name: place for name, place in found.items() if name not in USED} == {}
    assert sorted(USED.keys() - found.keys()) == [], "is used, or is gone"
    assert len(USED) <= 30


def test_a_dead_function_is_found_and_a_route_and_a_field_of_a_model_are_not(tmp_path: Path) -> None:
    path = tmp_path / "planted.py"
    path.write_text("""
@router.get("/alive")
def a_planted_route(): ...

class Planted(BaseModel):
    a_planted_field: int

class PlantedToo(Planted):
    another_planted_field: int

def a_planted_function(): ...
""")
    assert unused([path]) == {"PlantedToo": f"{path}:8", "a_planted_function": f"{path}:11"}
