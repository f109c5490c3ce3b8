"""Helpers of the XML writers: nested elements, instants, and deterministic serialization."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

_ROME = ZoneInfo("Europe/Rome")

Element = Any
"""An element of `lxml`, which is untyped."""


def add(parent: Element, path: str, text: str | None = None, **attributes: str) -> Element:
    """Append nested elements along a path such as ``"Id/OrgId/Othr"``; returns the last."""
    namespace = parent.tag[: parent.tag.rfind("}") + 1]
    for name in path.split("/"):
        parent = etree.SubElement(parent, namespace + name)
    parent.text = text
    for name, value in attributes.items():
        parent.set(name, value)
    return parent


def in_rome(instant: datetime) -> datetime:
    """Local time in Rome, to the second. Raises ``ValueError`` for a naive instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant has its time zone")
    return instant.astimezone(_ROME).replace(microsecond=0)


def document(namespace: str, name: str) -> Element:
    """A root element with this default namespace; none if empty."""
    return etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace}) if namespace else etree.Element(name)


def serialized(root: Element) -> bytes:
    """Serialize a document as indented UTF-8."""
    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written
