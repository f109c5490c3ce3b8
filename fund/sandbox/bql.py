"""Read-only statements of Beancount's query language, decided by its own parser before anything runs.

The language can also create and fill tables (from any file of the machine), and its shell has commands that write
files.
"""

from typing import Any

from beanquery import parser
from beanquery.parser import ast

READING = (ast.Select, ast.Balances, ast.Journal)
"""Without PRINT, which would render entries anew; readers see them as they are in the books."""

MAX_QUERY_CHARS = 4_000
"""Two pages of text; parsing time grows faster than the text."""


class NotReading(ValueError):
    """A text that is not one read-only statement: why, as a code, and line and column from 1."""

    def __init__(self, why: str, line: int = 1, column: int = 1) -> None:
        super().__init__(why)
        self.why, self.line, self.column = why, line, column


def parse(text: str) -> Any:
    """Parse the one statement of a text. Raises ``NotReading``."""
    if len(text) > MAX_QUERY_CHARS:
        raise NotReading("query-too-long")
    statement = text.strip().removesuffix(";")
    if not statement:
        raise NotReading("query-empty")
    if statement.startswith("."):
        raise NotReading("shell-command")
    try:
        parsed = parser.parse(text)
    except parser.ParseError as error:
        raise NotReading("not-parsed", *place(text, error)) from None
    except (ValueError, ArithmeticError, LookupError, RecursionError):
        raise NotReading("not-parsed") from None
    if not isinstance(parsed, READING) or not all(_only_reads(node) for node in parsed.walk()):
        raise NotReading("not-a-reading-statement")
    end = parsed.parseinfo.endpos if parsed.parseinfo else len(text)
    if text[end:].strip(" \t\r\n;"):  # the parser takes it for a comment; its author meant a second statement
        raise NotReading("several-statements", *_line_and_column(text, end))
    return parsed


def _only_reads(node: object) -> bool:
    return not isinstance(node, ast.CreateTable | ast.Insert | ast.Placeholder)


def place(text: str, error: Exception) -> tuple[int, int]:
    """Line and column (from 1) of a parser's or compiler's error."""
    found = getattr(error, "parseinfo", None)
    return _line_and_column(text, found.pos if found else 0)


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
