"""Free text made safe to print: invisible characters are removed, characters without a glyph replaced."""

import unicodedata

_UNDRAWN = "\u25a1"
_DRAWN = (
    range(0x20, 0x500),
    range(0x1E00, 0x1F00),
    range(0x2010, 0x2028),
    range(0x2030, 0x2041),
    range(0x20A0, 0x20C0),
)
_DRAWN_SIGNS = frozenset("№™←↑→↓−□")


def plain(text: str) -> str:
    """A text on one line, in NFC, without control, format or other invisible characters.

    No line break, bidirectional override or lone surrogate reaches a document.
    """
    spaced = (" " if character.isspace() else character for character in text)
    seen = "".join(character for character in spaced if unicodedata.category(character)[0] != "C")
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def drawable(text: str) -> str:
    """A text in the characters of the PDF's fonts.

    PDF/UA-1 refuses a character without a glyph, and the compiler's fonts cover the European alphabets: any other
    character becomes a white square rather than prevent a statement.
    """
    return "".join(character if _is_drawn(character) else _UNDRAWN for character in text)


def _is_drawn(character: str) -> bool:
    if unicodedata.category(character)[0] in "CM":
        return False
    return character in _DRAWN_SIGNS or any(ord(character) in block for block in _DRAWN)
