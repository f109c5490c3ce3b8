"""Months as people type them in a search: ``05/2022``, ``maggio 2022``, ``May 2022``."""

import re

_MONTH = re.compile(r"([0-9]{1,2}|[^\W\d_]+)[\s/]+([0-9]{4})")


def read_month(text: str) -> str | None:
    """Parse a month into its code (``2022-05``); ``None`` if the text is no month."""
    match = _MONTH.fullmatch(text.strip())
    number = _number_of(match[1]) if match else None
    return f"{match[2]}-{number:02}" if match and number else None


def _number_of(name: str) -> int | None:
    from babel.dates import get_month_names  # imported with the first search: its data are slow to load

    if name.isdecimal():
        return int(name) if 1 <= int(name) <= 12 else None
    names = (item for language in ("it", "en") for item in get_month_names("wide", locale=language).items())
    return next((number for number, word in names if word.lower() == name.lower()), None)
