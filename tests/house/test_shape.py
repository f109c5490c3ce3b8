"""The shape of the source: short files and functions, each told, none of them dead, nothing left for later."""

import ast
import re
import tomllib

from tests.house.source import HOUSE, Module, functions, lines_of, modules

MAX_FUNCTION_LINES = 60
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
SKIPS = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b|unittest\.skip")
MAY_SKIP = {"tests/chromium.py", "tests/official/conftest.py"}
"""Where a machine without a browser, or without the official schemas and real banks' files, is told so."""
OUTSIDE = re.compile(r"HOUSE\s*\.\s*parents?\b|HOUSE\s*/\s*[\"']\.\.|parents\[[3-9]\]|\.parent\.parent\.parent\b")


LOADED = {"ledger.__main__", "ledger.plugin", "fund.sandbox.fava_server", "fund.sandbox.worker"}


def _loaded_by_name() -> set[str]:
    """Modules that nobody imports: the installed commands, ``python -m``, and what audit.beancount names."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    return {target.partition(":")[0] for target in project["scripts"].values()} | LOADED


def test_functions_are_short() -> None:
    assert not [
        f"{module.name}.{node.name}: {lines_of(node)} lines"
        for module in modules()
        if not module.is_migration
        for node in functions(module.tree)
        if lines_of(node) > MAX_FUNCTION_LINES
    ]


def _is_plain_record(node: ast.ClassDef) -> bool:
    """A class of nothing but typed fields and properties, whose names say everything."""
    return all(isinstance(item, ast.AnnAssign) or _is_property(item) for item in node.body)


def _is_property(item: ast.stmt) -> bool:
    return isinstance(item, ast.FunctionDef) and _is_decorated(item, "property")


def _is_decorated(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, name: str) -> bool:
    return any(isinstance(decorator, ast.Name) and decorator.id == name for decorator in node.decorator_list)


def _untold(module: Module) -> list[str]:
    told = [] if ast.get_docstring(module.tree) else [module.name]
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if isinstance(node, ast.ClassDef) and _is_plain_record(node):
            continue
        if _is_decorated(node, "overload"):  # the implementation says what it does
            continue
        if not ast.get_docstring(node):
            told.append(f"{module.name}.{node.name}")
    return told


def test_whatever_is_public_says_what_it_is() -> None:
    assert not [name for module in modules() if not module.is_migration for name in _untold(module)]


def test_no_module_is_dead() -> None:
    used = _loaded_by_name() | {name for module in modules() for name in module.imports}
    packages = {module.name: module for module in modules() if module.path.name == "__init__.py"}
    whole = {name for name, module in packages.items() if "iter_modules(__path__" in module.path.read_text("utf-8")}
    assert whole == {"fund.bank.writers"}, "packages that import each of their modules"
    assert not [
        module.name
        for module in modules()
        if module.name not in used
        and module.name not in packages
        and module.name.rpartition(".")[0] not in whole
        and not module.is_migration
    ]


def test_nothing_is_left_for_later() -> None:
    left = [module.name for module in modules() if LATER.search(module.path.read_text("utf-8"))]
    skipped = [
        path.relative_to(HOUSE).as_posix()
        for path in sorted((HOUSE / "tests").rglob("*.py"))
        if path.parent.name != "house" and SKIPS.search(path.read_text("utf-8"))
    ]
    assert not left
    assert set(skipped) == MAY_SKIP


def test_no_test_looks_beside_the_clone() -> None:
    """What only some machines have is named by ``FUND_SCHEMAS`` and ``FUND_BANK_SAMPLES``, never found by its place."""
    assert OUTSIDE.search("HOUSE.parent / 'x'") and OUTSIDE.search("Path(__file__).parents[4]")
    assert not [
        path.relative_to(HOUSE).as_posix()
        for folder in ("tests", "benchmarks", "docs")
        for path in sorted((HOUSE / folder).rglob("*.py"))
        if path.name != "test_shape.py" and OUTSIDE.search(path.read_text("utf-8"))
    ]
