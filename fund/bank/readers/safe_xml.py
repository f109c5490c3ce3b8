"""XML from strangers: no DTD, no entities, no network, a limit on size, depth and what is held at once.

The file is read as a stream: the caller names the elements that it wants whole (``units``), gets each when it ends, and
it is forgotten right after. So a long file needs no more memory than a short one, and a truncated one ends in an error
before the caller has returned anything. lxml only refuses what is not well-formed; everything else is refused here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from fund.bank.readers.values import refuse

MAX_BYTES = 64 * 1024 * 1024
"""The largest bank file that is read."""
MAX_DEPTH = 100
"""ISO 20022 and OPI need about 20 levels; an envelope or two around them, some more."""
MAX_HELD = 200_000
"""How many elements may be held at once: one entry has about a hundred."""
MAX_ELEMENTS = 1_000_000
"""How many a file may have: a hundred for each of 10,000 payments."""

_CHUNK = 64 * 1024
_MARKUP = re.compile(rb"<!(?!--|\[CDATA\[)")
_ENDLESS = re.compile(rb"<[^<]{1048576}")
"""A tag with a million attributes, or a text that no bank writes."""
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.ASCII)
_NARROW = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "iso-8859-15", "windows-1252", "cp1252"}
"""Encodings in which ``<!`` is the two bytes that it is in ASCII, so that a DTD cannot hide."""

Wanted = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """An element that was asked for: when it begins (``is_start``; only its name is there yet) or, whole, ends."""

    is_start: bool
    name: str
    parent: str
    namespace: str
    element: "etree._Element"

    @property
    def line(self) -> int:
        return self.element.sourceline or 0


def stream(data: bytes, *, units: Wanted, containers: Wanted) -> Iterator[Found]:
    """The elements of a file, in order.

    ``units(name, parent)`` says which elements come whole when they end; one unit may lie within another. Of
    ``containers`` both the beginning and the end are told. Names are local: any prefix or none. Everything else is
    dropped as soon as it ends.
    """
    data, encoding = _checked(data)
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    walk = _Walk(units, containers)
    for start in range(0, len(data), _CHUNK):
        _guarded(parser, data[start : start + _CHUNK])
        yield from walk.events(parser)
    _guarded(parser, None)
    yield from walk.events(parser)


class _Level(NamedTuple):
    """One open element: what it is to the caller, and how many elements were held before it."""

    name: str
    is_unit: bool
    is_container: bool
    held: int


class _Walk:
    """Where the stream stands: the elements that are open, and how many are held for a unit that has not ended."""

    def __init__(self, units: Wanted, containers: Wanted) -> None:

        @lru_cache(maxsize=1000)  # a bank's file has few names and many elements
        def judged(tag: str, parent: str) -> tuple[str, bool, bool]:
            name = tag.rpartition("}")[2]
            return name, units(name, parent), containers(name, parent)

        self._judged = judged
        self._path: list[_Level] = []
        self._open_units = 0
        self._held = 0
        self._seen = 0

    def events(self, parser: "etree.XMLPullParser") -> Iterator[Found]:
        for event, element in parser.read_events():
            parent = self._path[-1].name if self._path else ""
            if event == "start":
                level = self._open(element, parent)
                if level.is_container:
                    yield Found(True, level.name, parent, _namespace(element), element)
                continue
            level = self._path.pop()
            self._open_units -= level.is_unit
            if level.is_unit or level.is_container:
                above = self._path[-1].name if self._path else ""
                yield Found(False, level.name, above, _namespace(element), element)
            self._forget(element, level)

    def _open(self, element: "etree._Element", parent: str) -> _Level:
        if len(self._path) >= MAX_DEPTH:
            refuse(element.sourceline or 0, "file", "too-deep")
        self._seen += 1
        if self._held >= MAX_HELD or self._seen > MAX_ELEMENTS:
            refuse(element.sourceline or 0, "file", "too-many-elements")
        level = _Level(*self._judged(str(element.tag), parent), self._held)
        self._path.append(level)
        self._open_units += level.is_unit
        self._held += 1
        return level

    def _forget(self, element: "etree._Element", level: _Level) -> None:
        """Drop an element that nobody needs any more; within another unit its empty shell stays in its place."""
        if self._open_units and not level.is_unit:
            return
        element.clear(keep_tail=False)
        self._held = level.held + 1
        parent = element.getparent()
        if not self._open_units and parent is not None:
            self._held = level.held
            while (before := element.getprevious()) is not None:
                parent.remove(before)


def _namespace(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[0][1:]


def _checked(data: bytes) -> tuple[bytes, str]:
    """The bytes and their encoding, with every DTD refused before any parser sees them.

    The parser is told the encoding, so that it reads the same characters as the search for ``<!`` did.
    """
    if len(data) > MAX_BYTES:
        refuse(0, "file", "too-large")
    has_mark = data.startswith(b"\xef\xbb\xbf")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data, has_mark = _from_utf16(data), True
    declared = _DECLARED.match(data[3:400] if data.startswith(b"\xef\xbb\xbf") else data[:400])
    encoding = declared[1].decode("ascii").lower() if declared is not None else "utf-8"
    if encoding not in _NARROW:
        refuse(1, "encoding", "encoding-not-allowed")
    if b"\0" in data or (has_mark and encoding not in ("utf-8", "utf8")):
        refuse(1, "encoding", "wrong-encoding")
    markup = _MARKUP.search(data)
    if markup is not None:
        refuse(data.count(b"\n", 0, markup.start()) + 1, "DOCTYPE", "dtd-not-allowed")
    endless = _ENDLESS.search(data)
    if endless is not None:
        refuse(data.count(b"\n", 0, endless.start()) + 1, "file", "too-long")
    return data, encoding


def _from_utf16(data: bytes) -> bytes:
    """UTF-16 with its mark, as UTF-8 without the declaration, which would be wrong now."""
    try:
        return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", data.decode("utf-16")).encode()
    except UnicodeError:
        refuse(1, "encoding", "wrong-encoding")


def _guarded(parser: "etree.XMLPullParser", chunk: bytes | None) -> None:
    """Feed the parser; whatever it cannot read becomes our error, which says the line and never the text."""
    try:
        if chunk is None:
            parser.close()
        else:
            parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
    else:
        return
    refuse(line, "file", "not-well-formed")


def child(element: "etree._Element | None", *path: str) -> "etree._Element | None":
    """The first descendant by local names, or ``None``."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def children(element: "etree._Element | None", name: str) -> "list[etree._Element]":
    """All children of that local name."""
    return [] if element is None else list(element.iterchildren("{*}" + name))


def only(element: "etree._Element", name: str) -> "etree._Element | None":
    """The one child of that name, or ``None``; two of what decides about money are refused."""
    found = children(element, name)
    if len(found) > 1:
        refuse(found[1].sourceline or 0, name, "repeated")
    return found[0] if found else None


def text_of(element: "etree._Element | None", *path: str) -> str | None:
    """The text of a descendant, without the space around it; ``None`` where it is absent or empty."""
    found = child(element, *path)
    text = (found.text or "").strip() if found is not None else ""
    return text or None


def line_of(element: "etree._Element | None") -> int:
    """The line on which an element begins, and 0 where it is unknown."""
    return (element.sourceline or 0) if element is not None else 0
