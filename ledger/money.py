"""Exact money: integer euro cents inside, strings with two decimals at the boundaries, never a float."""

import re

_UNSIGNED = re.compile(r"(0|[1-9][0-9]{0,10})\.[0-9]{2}", re.ASCII)
_SIGNED = re.compile(r"-?(0|[1-9][0-9]{0,10})\.[0-9]{2}", re.ASCII)

MAX_CENTS = 10**13 - 1
"""Largest amount, in cents, that books and database hold."""


def format_cents(amount_cents: int) -> str:
    """Format cents as ASCII with exactly two decimals: ``45000`` is ``"450.00"``."""
    sign = "-" if amount_cents < 0 else ""
    euros, cents = divmod(abs(amount_cents), 100)
    return f"{sign}{euros}.{cents:02d}"


def parse_cents(text: str, *, signed: bool = False) -> int:
    """Parse ``"450.00"`` into cents.

    Exactly two decimals. Thousands separators, exponents, plus signs and surrounding space are refused, as is a minus
    sign unless ``signed``. Raises ``ValueError``, whose message does not repeat the text.
    """
    if not (_SIGNED if signed else _UNSIGNED).fullmatch(text):
        raise ValueError('an amount is written with exactly two decimals, such as "450.00"')
    if text.startswith("-"):
        return -int(text[1:].replace(".", ""))
    return int(text.replace(".", ""))
