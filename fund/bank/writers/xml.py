"""Small steps of all XML writers: nested elements, instants, and bytes that are the same every time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

_ROME = ZoneInfo("Europe/Rome")

Element = Any
"""An element of `lxml`, which has no types of its own."""


def add(parent: Element, path: str, text: str | None = None, **attributes: str) -> Element:
    """Append the elements of a path such as ``"Id/OrgId/Othr"``, each inside the one before; return the last."""
    namespace = parent.tag[: parent.tag.rfind("}") + 1]
    for name in path.split("/"):
        parent = etree.SubElement(parent, namespace + name)
    parent.text = text
    for name, value in attributes.items():
        parent.set(name, value)
    return parent


def in_rome(instant: datetime) -> datetime:
    """The instant on the clocks of Rome, to the second. Raises ``ValueError`` for one without its time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant has its time zone")
    return instant.astimezone(_ROME).replace(microsecond=0)


def document(namespace: str, name: str) -> Element:
    """A root element whose namespace is the default one; none where it is empty."""
    return etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace}) if namespace else etree.Element(name)


def serialized(root: Element) -> bytes:
    """The document of a root element as UTF-8, indented."""
    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written
