"""The SEPA character set, and the table that maps other characters to it.

Nothing is dropped or truncated silently: a character outside the table refuses the text, and every change is reported.
"""

import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ALLOWED = frozenset(string.ascii_letters + string.digits + "/-?:().,'+ ")
"""Characters that every bank of the SEPA area accepts (EPC217-08)."""

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
"""Characters without a Unicode decomposition: typographic signs, and letters with a usual transcription."""

_ACCENTED = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00), range(0xFB00, 0xFB07), (0x00AA, 0x00BA, 0x2116))
"""Unicode blocks of Latin letters with accents, ligatures, and the ordinal and numero signs."""

_COMBINING = range(0x0300, 0x0370)


def _base(character: str) -> str:
    """The character without its accents, by Unicode decomposition."""
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(_SPECIAL.get(c, c) for c in decomposed if not unicodedata.combining(c))


def _table() -> dict[str, str]:
    accented = {chr(code): _base(chr(code)) for block in _ACCENTED for code in block}
    plain = {before: after for before, after in accented.items() if after and ALLOWED.issuperset(after)}
    return plain | dict.fromkeys(map(chr, _COMBINING), "") | _SPECIAL


MAPPING: Mapping[str, str] = MappingProxyType(_table())
"""Replacement of each character outside the set. A combining accent, which follows its letter, is dropped."""


@dataclass(frozen=True, slots=True)
class Latin:
    """A text in the SEPA character set.

    ``replaced`` are the characters that changed, ``refused`` those without a replacement; ``text`` is then empty.
    """

    text: str
    replaced: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()


def to_latin(text: str) -> Latin:
    """Convert a text to the SEPA character set, with runs of spaces collapsed and the ends trimmed.

    A text that needs no change is returned as it is.
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
    """Characters as Unicode code points, so that an error can name them without repeating the text."""
    return [f"U+{ord(character):04X}" for character in characters]
