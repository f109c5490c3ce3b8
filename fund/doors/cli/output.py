"""What people and programs read on the terminal: tables, JSON, and problems."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from fund.documents.catalogue import Translator, translator
from fund.errors import FundError

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> "Console":
    """A terminal that prints plain text where it is none."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> None:
    """A table whose last ``numbers`` columns are aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for position, heading in enumerate(headings):
        table.add_column(heading, justify="right" if position >= len(headings) - numbers else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console().print(table)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def tell_problem(error: FundError, language: str) -> int:
    """Tell a refusal on standard error, and return the command's exit code."""
    from fund.doors.problems import described, problem_of

    told = described(error, language)
    print(f"{told['title']}\n{told['detail']}", file=sys.stderr)
    for problem in told.get("problems", []):
        place = f"{problem['line']}: " if problem.get("line") else ""
        print(f"  {place}{problem['path']}: {problem['message']}", file=sys.stderr)
    for finding in told.get("findings", []):
        print(f"  {finding}", file=sys.stderr)
    return problem_of(error).exit_code


def words(language: str) -> Translator:
    """The catalogue in the session's language."""
    return translator(language)
