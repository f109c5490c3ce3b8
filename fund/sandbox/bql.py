"""Which statements of Beancount's query language only read, judged by the language's own parser before anything runs.

The language can also make and fill tables (from any file of the machine), and its shell has commands that write files.
"""

from typing import Any

from beanquery import parser
from beanquery.parser import ast

READING = (ast.Select, ast.Balances, ast.Journal)
"""PRINT is not among them: the entries are shown as they stand in the books, which it would write anew."""

MAX_QUERY_CHARS = 4_000
"""Two pages of text; the parser takes more time than its text is long."""


class NotReading(ValueError):
    """A text that is no statement which only reads: why, as a code, and where (line and column from 1)."""

    def __init__(self, why: str, line: int = 1, column: int = 1) -> None:
        super().__init__(why)
        self.why, self.line, self.column = why, line, column


def parse(text: str) -> Any:
    """The one statement that a text consists of. Raises ``NotReading``."""
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
    if text[end:].strip(" \t\r\n;"):  # the parser takes it for a comment, and whoever wrote it does not
        raise NotReading("several-statements", *_line_and_column(text, end))
    return parsed


def _only_reads(node: object) -> bool:
    return not isinstance(node, ast.CreateTable | ast.Insert | ast.Placeholder)


def place(text: str, error: Exception) -> tuple[int, int]:
    """Where in the text an error of the parser or the compiler lies, as line and column from 1."""
    found = getattr(error, "parseinfo", None)
    return _line_and_column(text, found.pos if found else 0)


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
