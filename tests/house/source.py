"""The house's own source, read once: its modules, their trees and what they import."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOTS = ("ledger", "fund")


@dataclass(frozen=True)
class Module:
    """A module of the house."""

    path: Path

    @property
    def name(self) -> str:
        parts = self.path.relative_to(HOUSE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def is_migration(self) -> bool:
        """Written once by Alembic for one change of the schema; never edited, imported or called by us."""
        return "migrations" in self.path.parts

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def imports(self) -> frozenset[str]:
        """The full names of everything imported, at the top or inside a function."""
        found: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return frozenset(found)

    def within(self, *names: str) -> bool:
        """Whether this is one of the modules or packages named."""
        return any(self.name == name or self.name.startswith(name + ".") for name in names)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of ``ledger`` and ``fund``."""
    return tuple(Module(path) for root in ROOTS for path in sorted((HOUSE / root).rglob("*.py")))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def ids(value: object) -> str:
    return value.name if isinstance(value, Module) else str(value)
