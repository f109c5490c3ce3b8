"""The codes of payments and batches that a text of the bank gives, also where the bank broke the line inside one."""

import re

from ledger import codes

_CODE = re.compile(rf"{codes.PAYMENT}|{codes.BATCH}", re.ASCII)
_BEGIN = re.compile(r"P\s*A\s*Y\s*-|B\s*A\s*T\s*-", re.ASCII)
_LONGEST, _WITH_BLANKS = 18, 60
"""Signs of the longest code, and how many signs one with blanks in it may take."""


def codes_in(text: str) -> set[str]:
    """The codes in a text. Of one with blanks in it, after which other digits may stand, all that it may be.

    Banks write 27, 35 or 70 signs a line, and the parts of a text are joined with blanks. It is what a person is shown;
    a line is matched by itself by its whole reference alone.
    """
    found = {match[0] for match in _CODE.finditer(text)}
    for begin in _BEGIN.finditer(text):
        start = begin.start()
        if _CODE.match(text, start) is None:
            packed = "".join(text[start : start + _WITH_BLANKS].split())[:_LONGEST]
            found |= {packed[:end] for end in range(len(packed) + 1) if _CODE.fullmatch(packed[:end])}
    return found
