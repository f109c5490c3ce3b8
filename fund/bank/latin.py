"""The characters that a SEPA payment may carry, and the visible table by which others become them.

Nothing is dropped or cut silently: a character is in the table, and the change is told, or it is refused.
"""

import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ALLOWED = frozenset(string.ascii_letters + string.digits + "/-?:().,'+ ")
"""What every bank of the SEPA area takes (EPC217-08)."""

_SPECIAL = {
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212_", "-"),
    **dict.fromkeys('‘’‚‛′´`ʼ"“”„‟«»‹›', "'"),
    **dict.fromkeys("[{", "("),
    **dict.fromkeys("]}", ")"),
    **dict.fromkeys("|\\⁄", "/"),
    **dict(zip("&;@…·•°€", ("+", ",", "(at)", "...", ".", "-", ".", "EUR"), strict=True)),
    **dict(zip("ßẞÆæŒœÞþ", ("ss", "SS", "AE", "ae", "OE", "oe", "TH", "th"), strict=True)),
    **dict(zip("ØøĐđÐðĦħıŁłŊŋŦŧĸƏəƁɓƊɗƘƙƆɔƐɛƝɲƳƴ", "OoDdDdHhiLlNnTtkEeBbDdKkOoEeNnYy", strict=True)),
}
"""What has no decomposition: typographic signs as their plain form, letters of their own as their usual writing."""

_ACCENTED = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00), range(0xFB00, 0xFB07), (0x00AA, 0x00BA, 0x2116))
"""Blocks of Latin letters with accents, ligatures, and the ordinal and numero signs."""

_COMBINING = range(0x0300, 0x0370)


def _base(character: str) -> str:
    """The character without its accents, by Unicode's own decomposition."""
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(_SPECIAL.get(c, c) for c in decomposed if not unicodedata.combining(c))


def _table() -> dict[str, str]:
    accented = {chr(code): _base(chr(code)) for block in _ACCENTED for code in block}
    plain = {before: after for before, after in accented.items() if after and ALLOWED.issuperset(after)}
    return plain | dict.fromkeys(map(chr, _COMBINING), "") | _SPECIAL


MAPPING: Mapping[str, str] = MappingProxyType(_table())
"""Each character that is written otherwise, and how. An accent that stands alone after its letter falls away."""


@dataclass(frozen=True, slots=True)
class Latin:
    """A text as a bank gets it; ``replaced`` are the characters that changed, ``refused`` those that have no writing.

    Where something is refused, ``text`` is empty.
    """

    text: str
    replaced: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()


def to_latin(text: str) -> Latin:
    """Write a text in the SEPA characters; runs of spaces become one, and none stands at an end.

    A text that is already so comes back as it was.
    """
    if ALLOWED.issuperset(text):
        return Latin(_spaced(text))
    composed = unicodedata.normalize("NFC", text)
    foreign = dict.fromkeys(character for character in composed if character not in ALLOWED)
    refused = tuple(character for character in foreign if character not in MAPPING)
    if refused:
        return Latin("", refused=refused)
    written = "".join(MAPPING.get(character, character) for character in composed)
    return Latin(_spaced(written), tuple((character, MAPPING[character]) for character in foreign))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def named(characters: tuple[str, ...]) -> list[str]:
    """Characters by their Unicode numbers, so that an error can name them without repeating a text."""
    return [f"U+{ord(character):04X}" for character in characters]
