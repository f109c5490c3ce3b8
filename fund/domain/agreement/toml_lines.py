"""On which line of a TOML text each table and key stands, which `tomllib` does not tell."""

import re

Keys = tuple[str | int, ...]
"""Where a value stands in the file: ``("households", 2, "leases", 0, "rent")``."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER_LINE = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEYS})[ \t]*\]\]?[ \t]*(?:#.*)?")
_KEY_LINE = re.compile(rf"[ \t]*({_KEYS})[ \t]*=(.*)")
_STRING_OR_COMMENT = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")


def find_lines(text: str) -> dict[Keys, int]:
    """The line of each table and of each key that begins a line, for a text that is valid TOML.

    Values inside inline tables, arrays and multi-line strings have no line of their own.
    """
    lines: dict[Keys, int] = {}
    last: dict[Keys, int] = {}
    table: Keys = ()
    depth, quotes = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not depth and not quotes:
            if header := _HEADER_LINE.fullmatch(line):
                table = _enter(header[2], header[1] == "[[", last)
                lines.setdefault(table, number)
                continue
            if entry := _KEY_LINE.fullmatch(line):
                lines.setdefault((*table, *_split(entry[1])), number)
                line = entry[2]
        depth, quotes = _open_after(line, depth, quotes)
    return lines


def _open_after(line: str, depth: int, quotes: str) -> tuple[int, str]:
    """How many brackets, and which triple quotes, are still open after a line."""
    for quote in (quotes,) if quotes else ('"""', "'''"):
        if line.count(quote) % 2:
            return depth, "" if quotes else quote
    if quotes:
        return depth, quotes
    bare = _STRING_OR_COMMENT.sub("", line)
    return depth + bare.count("[") - bare.count("]"), ""


def _enter(header: str, is_array: bool, last: dict[Keys, int]) -> Keys:
    """The place of the table that a header opens; ``last`` holds the last index of each array of tables."""
    *parents, name = _split(header)
    path: Keys = ()
    for parent in parents:
        path = (*path, parent)
        path = (*path, last[path]) if path in last else path
    path = (*path, name)
    if is_array:
        last[path] = last.get(path, -1) + 1
        path = (*path, last[path])
    return path


def _split(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY, dotted)]
