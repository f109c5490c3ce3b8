"""The lists of codes: each stands once, as an enumeration, and no code compares with a copy of one of its texts."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum

import pytest

import fund.domain
from fund.documents.words import WORDS
from fund.domain import access, lists, states
from tests.house.source import HOUSE, modules

WITHOUT_WORDS = {
    lists.BankFormat,  # its members say what they are for
    lists.ListGroup,  # headings of the page of a run
    lists.ListStep,  # buttons of that page
    lists.Code,
    states.State,
}

OTHERWISE = {
    ("fund.services.banking.claims", "part"): "the level of a status, which is no outcome of a line",
    ("fund.store.balances", "repayment"): "a kind of entry",
    ("fund.store.books", "recovery"): "a kind of entry",
}
"""Literals that are a listed code by chance, each with what it is."""


def _listed() -> frozenset[str]:
    """The texts of every enumeration of the domain."""
    homes = [
        importlib.import_module(f"fund.domain.{module.name}") for module in pkgutil.iter_modules(fund.domain.__path__)
    ]
    return frozenset(
        str(code)
        for home in homes
        for found in vars(home).values()
        if isinstance(found, type) and issubclass(found, StrEnum) and found.__module__.startswith("fund.domain")
        for code in found
    )


def _compared(tree: ast.AST) -> Iterator[ast.Constant]:
    """The texts in comparisons: sides of an operator, members of a tuple at its side, and cases of a match."""
    for node in ast.walk(tree):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        sides += [node.value] if isinstance(node, ast.MatchValue) else []
        for side in sides:
            parts = side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]
            yield from (part for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_no_comparison_repeats_a_listed_code() -> None:
    listed, met = _listed(), set()
    repeated = []
    for module in modules():
        if module.is_migration or not module.within("fund.domain", "fund.services", "fund.store", "fund.doors"):
            continue
        for text in _compared(module.tree):
            if (module.name, text.value) in OTHERWISE:
                met.add((module.name, text.value))
            elif text.value in listed:
                repeated.append(f"{module.path.relative_to(HOUSE)}:{text.lineno}: {text.value}")
    assert not repeated
    assert met == set(OTHERWISE)


@pytest.mark.parametrize(
    "text",
    ['line.matching == "booked"', 'row.state in ("proposed", x)', 'match a:\n    case "refused":\n        pass'],
)
def test_a_repeated_code_is_found(text: str) -> None:
    assert any(constant.value in _listed() for constant in _compared(ast.parse(text)))


def test_each_code_has_words() -> None:
    enumerations = {
        found
        for home in (access, lists, states)
        for found in vars(home).values()
        if isinstance(found, type) and issubclass(found, StrEnum)
    }
    assert not [repr(code) for found in enumerations - WITHOUT_WORDS for code in found if code not in WORDS]
