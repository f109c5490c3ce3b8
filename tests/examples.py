"""Which examples of a rule the default suite looks at: the first, or that of each kind; the long one has the others."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import pytest


def first_of(cases: Iterable[Any], *, each: Callable[..., Hashable] = lambda *_: None) -> list[Any]:
    """Cases as ``parametrize`` takes them, all but the first of each kind marked as long.

    ``each`` gives a case's kind from what the test is given; without it all are of one. A case is the value that a test
    is given, or the tuple of all its values.
    """
    seen, marked = set[Hashable](), []
    for case in cases:
        values = case if type(case) is tuple else (case,)
        kind = each(*values)
        marked.append(pytest.param(*values, marks=pytest.mark.long if kind in seen else ()))
        seen.add(kind)
    return marked
