"""Names that must not occur: clocks, floats, commits, chance and prints outside the places made for them."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.house.source import HOUSE, Module, modules

CLOCK_CALLS = {"now", "today", "utcnow", "time_ns", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "dt", "time"}


def _reads_clock(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name | ast.Attribute):
        return False
    owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
    return owner in CLOCK_OWNERS and (node.attr in CLOCK_CALLS or (owner == "time" and node.attr == "time"))


def _is_float(node: ast.AST) -> bool:
    is_name = isinstance(node, ast.Name) and node.id == "float"
    return is_name or (isinstance(node, ast.Constant) and isinstance(node.value, float))


def _commits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def _imports(node: ast.AST, *names: str) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in names for alias in node.names)
    return isinstance(node, ast.ImportFrom) and node.module is not None and node.module.partition(".")[0] in names


def _is_chance(node: ast.AST) -> bool:
    return _imports(node, "random", "secrets", "uuid")


def _is_pickle(node: ast.AST) -> bool:
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec")
    return called or _imports(node, "pickle", "shelve", "marshal")


def _prints(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _writes_a_file(node: ast.AST) -> bool:
    """``Path.replace`` takes one argument, and a text's two."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    if name == "open":
        words = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
        return any(isinstance(word, str) and re.fullmatch("[rwaxbt+]*[wax+][rwaxbt+]*", word) for word in words)
    if name == "replace":
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        is_of_os = isinstance(owner, ast.Name) and owner.id == "os"
        return owner is not None and not node.keywords and (is_of_os or len(node.args) == 1)
    return name in ("write_bytes", "write_text", "rename", "renames", "touch", "mkdir", "makedirs", "symlink_to")


def _divides_cents(node: ast.AST) -> bool:
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return False
    named = {
        inner.id if isinstance(inner, ast.Name) else inner.attr
        for side in (node.left, node.right)
        for inner in ast.walk(side)
        if isinstance(inner, ast.Name | ast.Attribute)
    }
    return any("cents" in name for name in named) or (
        isinstance(node.right, ast.Constant) and isinstance(node.right.value, int)
    )


@dataclass(frozen=True)
class Ban:
    """A name that must not occur, but for the modules and packages of ``only``."""

    found: Callable[[ast.AST], bool]
    only: tuple[str, ...]


BANS = {
    "the clock is asked": Ban(_reads_clock, ("fund.clock",)),
    # the weights of Accept-Language are the one number with a point that is no money
    "a float": Ban(_is_float, ("fund.doors.http.problems",)),
    # doors decide on it; the engine does it, and finds out what became of one that was cut off
    "a commit": Ban(_commits, ("fund.doors", "fund.store.engine")),
    "chance": Ban(_is_chance, ("fund.doors",)),
    "code that runs data": Ban(_is_pickle, ()),
    "a print": Ban(_prints, ("fund.doors.cli", "ledger.__main__")),
    "a file written so that a power cut may lose it": Ban(
        _writes_a_file,
        (
            "ledger.files",
            "fund.sandbox.work",  # disposable copies
            "fund.lock",  # a lock's file, which is empty
            "fund.documents.catalogue",  # developers' translations
        ),
    ),
    "a division of cents": Ban(_divides_cents, ()),
}

VIOLATIONS = {
    "the clock is asked": ["datetime.now(UTC)", "date.today()", "datetime.datetime.utcnow()", "time.time()"],
    "a float": ["x: float = 1", "float('1')", "0.5"],
    "a commit": ["session.commit()"],
    "chance": ["import random", "from secrets import token_hex", "import uuid"],
    "code that runs data": ["eval('1')", "import pickle"],
    "a print": ["print(1)"],
    "a file written so that a power cut may lose it": [
        "open(path, 'w')",
        "path.open('ab')",
        "path.write_bytes(data)",
        "path.write_text(text)",
        "os.replace(old, new)",
        "os.rename(old, new)",
        "old.replace(new)",
        "path.touch()",
        "path.mkdir()",
    ],
    "a division of cents": ["amount_cents / days", "row.amount_cents / 2", "x / 100"],
}


def _violations(module: Module, ban: Ban) -> Iterator[str]:
    if not module.within(*ban.only):
        for node in module.nodes:
            if ban.found(node):
                yield f"{module.path.relative_to(HOUSE)}:{getattr(node, 'lineno', 0)}"


@pytest.mark.parametrize("name", BANS)
def test_banned_names_are_absent(name: str) -> None:
    assert not [place for module in modules() for place in _violations(module, BANS[name])], name


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in VIOLATIONS.items() for text in texts])
def test_a_ban_finds_what_it_bans(name: str, text: str) -> None:
    assert any(BANS[name].found(node) for node in ast.walk(ast.parse(text)))


def test_each_exception_is_still_needed() -> None:
    for name, ban in BANS.items():
        for home in ban.only:
            inside = [module for module in modules() if module.within(home)]
            assert any(ban.found(node) for module in inside for node in module.nodes), f"{name}: {home}"


SAME_NAME = {
    "Household": "the ledger's own view of one, which stands without the service",
    "Payment": "the ledger's own view of one, which stands without the service",
    "Posting": "the ledger's value, and the row that keeps it",
    "State": "of the whole books in the ledger; of one thing in the service",
    "Kind": "of an entry in the ledger; of an error in the service",
}
"""Names of two classes, of the ledger and of the service; no other may be added."""


def test_one_class_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for module in modules():
        if not module.is_migration:
            for node in module.nodes:
                if isinstance(node, ast.ClassDef):
                    homes.setdefault(node.name, []).append(module.name)
    shared = {name: places for name, places in homes.items() if len(places) > 1}
    assert len(SAME_NAME) <= 5
    assert {name: places for name, places in shared.items() if name not in SAME_NAME} == {}
    assert SAME_NAME.keys() == shared.keys()
