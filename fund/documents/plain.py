"""Free text made safe to print: what cannot be seen is taken out, what cannot be drawn is shown as such."""

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
    """The text on one line, composed (NFC), without control, format and other invisible characters.

    So no line break, no bidirectional override and no lone surrogate reaches a document.
    """
    spaced = (" " if character.isspace() else character for character in text)
    seen = "".join(character for character in spaced if unicodedata.category(character)[0] != "C")
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def drawable(text: str) -> str:
    """The text as the PDF's own fonts can draw it.

    PDF/UA-1 refuses a character without a glyph, and the fonts inside the compiler hold the European alphabets: any
    other character becomes a white square rather than stop a statement.
    """
    return "".join(character if _is_drawn(character) else _UNDRAWN for character in text)


def _is_drawn(character: str) -> bool:
    if unicodedata.category(character)[0] in "CM":
        return False
    return character in _DRAWN_SIGNS or any(ord(character) in block for block in _DRAWN)
