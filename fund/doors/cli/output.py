"""What people and programs read on the terminal: tables, JSON, and problems."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from fund.documents.catalogue import Translator
from fund.domain.errors import FundError

if TYPE_CHECKING:
    from rich.console import Console

    from fund.documents.tables import Table

R = TypeVar("R")
PIPE_WIDTH = 250


def console(*, stderr: bool = False) -> "Console":
    """A terminal; where there is none, plain text as wide as it needs to be, so that nothing is cut."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else PIPE_WIDTH)


def print_table(table: "Table[R]", rows: Sequence[R], speak: Translator, title: str = "") -> None:
    """A list, under its caption or another ``title``."""
    if not rows:
        print(title or speak.gettext(table.caption), speak.gettext(table.empty), sep="\n")
        return
    columns = [(speak.gettext(column.label), column.is_number) for column in table.terminal_columns()]
    print_cells(title or speak.gettext(table.caption), columns, table.terminal_rows(rows, speak))


def print_amounts(title: str, amounts: Iterable[tuple[str, int | None]], speak: Translator) -> None:
    """Named amounts below each other."""
    cells = [(name, "-" if cents is None else speak.amount(cents)) for name, cents in amounts]
    print_cells(title, [(speak.gettext("position"), False), ("EUR", True)], cells)


def print_cells(title: str, columns: Iterable[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> None:
    """A table of texts; of each column its heading, and whether it is aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    drawn = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading, is_number in columns:
        drawn.add_column(heading, justify="right" if is_number else "left", no_wrap=is_number, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    terminal = console()
    with terminal.capture() as captured:
        terminal.print(drawn)
    print(captured.get(), end="")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_problem(error: FundError, speak: Translator) -> int:
    """Print an error on standard error, and return the command's exit code."""
    from fund.documents.words import phrase
    from fund.doors.problems import described, exit_code

    rendered = described(error, speak)
    print(f"{rendered['title']}\n{rendered['detail']}", file=sys.stderr)
    for problem in rendered.get("problems", []):
        place = f"{problem['line']}: " if problem.get("line") else ""
        print(f"  {place}{problem['path']}: {problem['message']}", file=sys.stderr)
    for finding in rendered.get("findings", []):
        print(f"  {finding}", file=sys.stderr)
    for waiting in rendered.get("waiting", []):
        print(f"  {phrase(waiting, speak)}", file=sys.stderr)
    return exit_code(error)
