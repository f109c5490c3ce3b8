"""Parser for untrusted XML: no DTD, no entities, no network, limits on size, depth and elements held in memory.

The file is read as a stream: the caller names the elements that it wants whole (``units``) and gets each when it ends;
then it is freed. A long file needs no more memory than a short one, and a truncated file raises before the caller has
returned anything. lxml refuses only what is not well-formed; everything else is refused here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from fund.bank.readers.values import refuse

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""What a file in UTF-16 begins with."""
MAX_BYTES = 64 * 1024 * 1024
"""Largest bank file."""
MAX_DEPTH = 100
"""ISO 20022 and OPI need about 20 levels, envelopes a few more."""
MAX_HELD = 200_000
"""Elements held at once; one entry has about a hundred."""
MAX_ELEMENTS = 1_000_000
"""Elements of a file: a hundred for each of 10,000 payments."""

_CHUNK = 64 * 1024
_MARKUP = re.compile(rb"<!(?!--|\[CDATA\[)")
_ENDLESS = re.compile(rb"<[^<]{1048576}")
"""A tag with a million attributes, or a text longer than any bank writes."""
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.ASCII)
_NARROW = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "iso-8859-15", "windows-1252", "cp1252"}
"""Encodings in which ``<!`` is the same two bytes as in ASCII, so that a DTD cannot be disguised."""

Wanted = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A requested element: its start (``is_start``, with only its name) or its end, whole."""

    is_start: bool
    name: str
    parent: str
    namespace: str
    element: "etree._Element"

    @property
    def line(self) -> int:
        return self.element.sourceline or 0


def stream(data: bytes, *, units: Wanted, containers: Wanted) -> Iterator[Found]:
    """Stream the elements of a file, in order.

    ``units(name, parent)`` selects elements that are delivered whole at their end; units may be nested. ``containers``
    are delivered at both start and end. Names are local, with any prefix or none. Everything else is freed as soon as
    it ends.
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
    """One open element: its role for the caller, and the number of elements held before it."""

    name: str
    is_unit: bool
    is_container: bool
    held: int


class _Walk:
    """Position of the stream: open elements, and the number held for a unit that has not ended."""

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
        """Free an element; inside another unit its empty shell stays in place."""
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
    """Bytes and encoding of the file, refusing any DTD before a parser sees it.

    The parser is given the encoding, so that it reads the same characters as the search for ``<!``.
    """
    if len(data) > MAX_BYTES:
        refuse(0, "file", "too-large")
    has_mark = data.startswith(b"\xef\xbb\xbf")
    if data.startswith(UTF_16_MARKS):
        data, has_mark = _from_utf16(data), True
    declared = _DECLARED.match(data[3:400] if data.startswith(b"\xef\xbb\xbf") else data[:400])
    encoding = declared[1].decode("ascii").lower() if declared is not None else "utf-8"
    # A DTD can expand a kilobyte into gigabytes and name local files, so no parser gets to see one: ``<!`` is searched
    # in the raw bytes, which is sound only in encodings where no other bytes can spell it.
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
    """UTF-16 with a byte order mark, as UTF-8 without the declaration, which no longer holds."""
    try:
        return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", data.decode("utf-16")).encode()
    except UnicodeError:
        refuse(1, "encoding", "wrong-encoding")


def _guarded(parser: "etree.XMLPullParser", chunk: bytes | None) -> None:
    """Feed the parser; a syntax error becomes ours, with the line and never the text."""
    try:
        if chunk is None:
            parser.close()
        else:
            parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        line, is_encoding = error.lineno or 0, error.code == etree.ErrorTypes.ERR_INVALID_ENCODING
    else:
        return
    if is_encoding:
        refuse(line, "encoding", "wrong-encoding")
    refuse(line, "file", "not-well-formed")


def child(element: "etree._Element | None", *path: str) -> "etree._Element | None":
    """First descendant along a path of local names, or ``None``."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def children(element: "etree._Element | None", name: str) -> "list[etree._Element]":
    """Children with a local name."""
    return [] if element is None else list(element.iterchildren("{*}" + name))


def only(element: "etree._Element", name: str) -> "etree._Element | None":
    """The only child with a local name, or ``None``.

    A second one is refused, because money would depend on which of them is read.
    """
    found = children(element, name)
    if len(found) > 1:
        refuse(found[1].sourceline or 0, name, "repeated")
    return found[0] if found else None


def text_of(element: "etree._Element | None", *path: str) -> str | None:
    """Stripped text of a descendant; ``None`` if absent or empty."""
    found = child(element, *path)
    text = (found.text or "").strip() if found is not None else ""
    return text or None


def line_of(element: "etree._Element | None") -> int:
    """Line on which an element begins, 0 if unknown."""
    return (element.sourceline or 0) if element is not None else 0
