"""The codes of payments and batches that a text of the bank gives, also where the bank wrote one otherwise."""

import re
from collections.abc import Iterator

from ledger import codes

_CODE = re.compile(rf"{codes.PAYMENT}|{codes.BATCH}", re.ASCII)
_BEGIN = re.compile(r"P\s*A\s*Y|B\s*A\s*T", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"[\s/._:\-\u2010-\u2015]+")
"""What banks write between the parts of a code, and between its signs where a line ends."""
_PARTS = re.compile(r"(PAY)(\d{4})(\d{2})(\d{4,6})|(BAT)(\d{4})(\d{4,6})", re.ASCII)
_MANDATE = re.compile(
    r"\b(?:mandato|mand\.?)\W{0,3}(?:di pagamento\W{0,3})?(?:n(?:r|um(?:ero)?)?\b\W{0,3})?([0-9]{1,7})\b"
    r"(?:\s?(?:/|del)\s?(20[0-9]{2})\b)?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 60
"""How many signs a code may take that was written otherwise."""


def codes_in(text: str) -> set[str]:
    """The codes in a text. Of one with blanks, other marks or small letters, behind which other digits may stand, all
    that it may be.

    Banks write 27, 35 or 70 signs a line, and the parts of a text are joined with blanks. It is what a person is shown;
    a line is matched by itself by its whole reference alone.
    """
    found = {match[0] for match in _CODE.finditer(text)}
    for begin in _BEGIN.finditer(text):
        if _CODE.match(text, begin.start()) is None:
            found.update(_written_otherwise(text[begin.start() :][:_LONGEST]))
    return found


def mandate_in(text: str, year: int) -> str:
    """Year and number of the one mandate that a text names, of a ``year`` where it gives none; else nothing."""
    named = {f"{match[2] or year}/{int(match[1])}" for match in _MANDATE.finditer(text)}
    return named.pop() if len(named) == 1 else ""


def _written_otherwise(text: str) -> Iterator[str]:
    signs = _PARTS.match(_BETWEEN.sub("", text).upper())
    if signs is None:
        return
    *begin, number = (part for part in signs.groups() if part is not None)
    for end in range(4, len(number) + 1):
        code = "-".join((*begin, number[:end]))
        if _CODE.fullmatch(code):
            yield code
