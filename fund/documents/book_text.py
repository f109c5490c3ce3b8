"""The text of a record split into marked parts, so that a page can colour them and link from entry to entry.

The parts of a line, joined, are the line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_META = re.compile(r'(  )([a-z-]+)(: )("?)([^"\n]*)("?)', re.ASCII)
_PARTS = re.compile(
    r"(?P<link>\^[A-Z0-9-]+)"
    r'|(?P<string>"[^"\n]*")'
    r"|(?P<day>\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)"
    r"|(?P<account>\b[A-Z][a-z]+(?::[A-Za-z0-9]+)+)"
    r"|(?P<number>(?<![\w.-])-?[0-9]+(?:\.[0-9]{2})?\b)"
    r"|(?P<word>\b(?:open|close|custom|balance|commodity)\b)",
    re.ASCII,
)
_LINKED = ("household", "landlord", "payment", "batch", "allocation", "month")


@dataclass(frozen=True, slots=True)
class Span:
    """One part of a line: its text, its kind (empty for the rest), and its link, relative to the reading room."""

    text: str
    what: str = ""
    to: str | None = None


Line = tuple[Span, ...]


def lines_of(text: str, seq: int | None) -> list[Line]:
    """Lines of the record numbered ``seq``."""
    return [
        tuple(_metadata(found, seq)) if (found := _META.fullmatch(line)) else tuple(_parts(line))
        for line in _split(text)
    ]


def _split(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _metadata(found: re.Match[str], seq: int | None) -> Iterator[Span]:
    indent, key, colon, opening, value, closing = found.groups()
    yield Span(indent)
    yield Span(key, "key")
    yield Span(f"{colon}{opening}")
    yield Span(value, "hash" if key in ("prev", "hash", "evidence") else "value", _target(key, value, seq))
    if closing:
        yield Span(closing)


def _target(key: str, value: str, seq: int | None) -> str | None:
    match key:
        case "prev":
            return f"entries/{seq - 1}" if seq and seq > 1 else None
        case "corrects":
            return f"entries/{value}"
        case "evidence":
            return f"evidence/{value}"
    return f"linked/{value}" if key in _LINKED else None


def _parts(line: str) -> Iterator[Span]:
    end = 0
    for found in _PARTS.finditer(line):
        if found.start() > end:
            yield Span(line[end : found.start()])
        what, text = str(found.lastgroup), found[0]
        yield Span(text, what, _followed(text[1:]) if what == "link" else None)
        end = found.end()
    if end < len(line):
        yield Span(line[end:])


def _followed(code: str) -> str:
    return f"entries/{code.removeprefix('SEQ-')}" if code.startswith("SEQ-") else f"linked/{code}"
