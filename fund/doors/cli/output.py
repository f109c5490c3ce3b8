"""What people and programs read on the terminal: tables, JSON, and problems."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from fund.documents.catalogue import Translator, translator
from fund.domain.errors import FundError

if TYPE_CHECKING:
    from rich.console import Console


PIPE_WIDTH = 250


def console(*, stderr: bool = False) -> "Console":
    """A terminal; where there is none, plain text as wide as it needs to be, so that nothing is cut."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else PIPE_WIDTH)


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> None:
    """A table whose last ``numbers`` columns are aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for position, heading in enumerate(headings):
        is_number = position >= len(headings) - numbers
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=is_number, overflow="fold")
    for row in rows:
        table.add_row(*row)
    terminal = console()
    with terminal.capture() as captured:
        terminal.print(table)
    print(captured.get(), end="")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def tell_problem(error: FundError, language: str) -> int:
    """Print an error on standard error, and return the command's exit code."""
    from fund.documents.words import phrase
    from fund.doors.problems import described, exit_code

    told = described(error, language)
    print(f"{told['title']}\n{told['detail']}", file=sys.stderr)
    for problem in told.get("problems", []):
        place = f"{problem['line']}: " if problem.get("line") else ""
        print(f"  {place}{problem['path']}: {problem['message']}", file=sys.stderr)
    for finding in told.get("findings", []):
        print(f"  {finding}", file=sys.stderr)
    for waiting in told.get("waiting", []):
        print(f"  {phrase(waiting, words(language))}", file=sys.stderr)
    return exit_code(error)


def words(language: str) -> Translator:
    """The catalogue in the session's language."""
    return translator(language)
