"""Documents for the comparison of our grammars with the official schemas: some drawn from a grammar, some spoiled."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from tests.fund.bank.writers.kit import GRAMMARS

_XS = "{http://www.w3.org/2001/XMLSchema}"
_TEXT = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
Node = Any
"""An element of `lxml`, which has no types of its own."""


class Grammar:
    """One of our grammars with what it includes, read as a generator: each document it draws should be accepted."""

    def __init__(self, name: str) -> None:
        self._types: dict[str, Node] = {}
        self._namespace = ""
        self._root = self._read(f"{name}.xsd")

    def _read(self, file: str) -> Node:
        schema = etree.parse(GRAMMARS / file).getroot()
        self._namespace = schema.get("targetNamespace") or self._namespace
        for part in schema:
            if part.tag == _XS + "include":
                self._read(part.get("schemaLocation"))
            elif part.get("name") and part.tag != _XS + "element":
                self._types[part.get("name")] = part
        return schema.find(_XS + "element")

    def documents(self) -> st.SearchStrategy[bytes]:
        """Documents without a signature."""
        return self._element(self._root).map(etree.tostring)

    def _element(self, declared: Node) -> st.SearchStrategy[Node]:
        tag = f"{{{self._namespace}}}{declared.get('name')}" if self._namespace else declared.get("name")
        kind = self._types[declared.get("type")] if declared.get("type") else declared[-1]
        if kind.tag == _XS + "simpleType":
            return self._text(kind).map(lambda text: _made(tag, text))
        extended = kind.find(f"{_XS}simpleContent/{_XS}extension")
        if extended is not None:
            (attribute,) = extended
            return st.tuples(self._named(extended.get("base")), self._named(attribute.get("type"))).map(
                lambda pair: _made(tag, pair[0], {attribute.get("name"): pair[1]})
            )
        model = next(part for part in kind if part.tag in (_XS + "sequence", _XS + "choice"))
        return self._content(model).map(lambda children: _parent(tag, children))

    def _content(self, model: Node) -> st.SearchStrategy[list[Node]]:
        parts = [self._particle(part) for part in model if part.tag != _XS + "any"]
        if model.tag == _XS + "choice":
            return st.one_of(parts)
        return st.tuples(*parts).map(lambda lists: [node for nodes in lists for node in nodes])

    def _particle(self, part: Node) -> st.SearchStrategy[list[Node]]:
        if part.tag != _XS + "element":
            return self._content(part)
        least = int(part.get("minOccurs", "1"))
        return st.lists(self._element(part), min_size=least, max_size=2 if part.get("maxOccurs") else 1)

    def _named(self, name: str) -> st.SearchStrategy[str]:
        return self._text(self._types[name])

    def _text(self, kind: Node) -> st.SearchStrategy[str]:
        union = kind.find(_XS + "union")
        if union is not None:
            return st.one_of([self._named(name) for name in union.get("memberTypes").split()])
        restriction = kind.find(_XS + "restriction")
        facets = [(etree.QName(facet).localname, facet.get("value")) for facet in restriction]
        codes = [value for name, value in facets if name == "enumeration"]
        if codes:
            return st.sampled_from(codes)
        base, patterns = restriction.get("base"), [value for name, value in facets if name == "pattern"]
        if base == "xs:date":
            return st.dates(date(1000, 1, 1)).map(date.isoformat)
        if base == "xs:dateTime":
            zones = ("+01:00", "+02:00", "") if patterns[0].endswith("?") else ("+01:00", "+02:00")
            return st.tuples(st.datetimes(datetime(1000, 1, 1)), st.sampled_from(zones)).map(  # noqa: DTZ001  # without a zone by the strategy
                lambda pair: pair[0].isoformat(timespec="seconds") + pair[1]
            )
        texts = st.one_of([st.from_regex(pattern, fullmatch=True, alphabet=_TEXT) for pattern in patterns])
        most = next((int(value) for name, value in facets if name == "maxLength"), None)
        texts = texts if patterns else self._named(base)
        return texts if most is None else texts.map(lambda text: text[:most].strip())


def _made(tag: str, text: str, attributes: dict[str, str] | None = None) -> Node:
    made = etree.Element(tag, attributes or {})
    made.text = text
    return made


def _parent(tag: str, children: list[Node]) -> Node:
    made = etree.Element(tag)
    made.extend(copy.deepcopy(child) for child in children)
    return made


@dataclass(frozen=True)
class Mutant:
    """A document with one fault: how it was spoiled, and which element."""

    how: str
    name: str
    data: bytes


WRONG = ("", " ", "x", "-1", "0", "0.00", "1.234", "1e3", "99999999999999.99", "2022-13-01", "2022-10-10T00:00:00Z")
LONG = ("A" * 36, "1" * 19, "è" * 71, "a" * 141)


def mutants(document: bytes) -> Iterator[Mutant]:
    """Each element left out, repeated, moved behind the next, renamed, retyped, or given an attribute or a child."""
    whole = etree.fromstring(document, etree.XMLParser(remove_blank_text=True, remove_comments=True))
    for index, element in enumerate(whole.iter()):
        name = etree.QName(element).localname
        for how, data in _spoiled(whole, index):
            if data is not None:
                yield Mutant(how, name, data)


def _spoiled(whole: Node, index: int) -> Iterator[tuple[str, bytes | None]]:
    def fresh() -> tuple[Node, Node]:
        root = copy.deepcopy(whole)
        return root, next(element for at, element in enumerate(root.iter()) if at == index)

    root, element = fresh()
    is_leaf = len(element) == 0
    element.tag += "X"
    yield "renamed", etree.tostring(root)
    root, element = fresh()
    element.set("Id", "x")
    yield "attribute", etree.tostring(root)
    root, element = fresh()
    etree.SubElement(element, "altro")
    yield "child", etree.tostring(root)
    for text in (*WRONG, *LONG) if is_leaf else ():
        root, element = fresh()
        element.text = text
        yield "retyped", etree.tostring(root)
    root, element = fresh()
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    yield "left out", etree.tostring(root)
    root, element = fresh()
    element.addnext(copy.deepcopy(element))
    yield "repeated", etree.tostring(root)
    root, element = fresh()
    following = element.getnext()
    if following is not None and following.tag != element.tag:
        following.addnext(element)
        yield "moved", etree.tostring(root)
