"""The example agreement file, taken apart for the tests that change it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from fund.domain.agreement.reading import AgreementInvalid, Problem, parse_agreement
from fund.domain.agreement.toml_lines import Keys, find_lines

EXAMPLE = Path(__file__).parents[2] / "examples" / "trento.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
LINES = TEXT.split("\n")
PERSONAL = ("tax_code", "iban", "email", "contact", "name")


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement(text, "trento.toml")
    return list(caught.value.problems)


def changed(old: str, new: str, occurrence: int = 0) -> tuple[str, int]:
    """The example with one place changed, and the line of that place."""
    start = -1
    for _ in range(occurrence + 1):
        start = TEXT.index(old, start + 1)
    return TEXT[:start] + new + TEXT[start + len(old) :], TEXT.count("\n", 0, start) + 1


def leaves(value: Any, keys: Keys = ()) -> list[tuple[Keys, Any]]:
    """Every single value of the file with its place."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*keys, key))]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*keys, index))]
    return [(keys, value)]


def dotted(keys: Keys) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")


LEAVES = leaves(tomllib.loads(TEXT))
LINE_OF = find_lines(TEXT)
