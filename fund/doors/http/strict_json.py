"""JSON as this service accepts it: the part on which every reader agrees (RFC 7493, I-JSON), and no more."""

import json
from typing import Any, NoReturn

from fund.domain.texts import Message, Unfit

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
"""Whole numbers beyond this are not the same in every language."""


class NotStrictJson(Unfit):
    """A text that is not JSON, or not the part of it that is accepted. It never repeats the text."""


def parse(data: bytes) -> Any:
    """Read one JSON text in UTF-8.

    Refused are NaN and Infinity, numbers that are not whole or too large, a key that comes twice, NUL characters, lone
    surrogates, and nesting deeper than ``MAX_DEPTH``. Raises ``NotStrictJson``.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_number,
            parse_float=_refuse_number,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        raise NotStrictJson(Message("is not UTF-8")) from None
    except RecursionError:
        raise NotStrictJson(Message("is nested too deeply")) from None
    except json.JSONDecodeError:
        raise NotStrictJson(Message("is not JSON")) from None
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrictJson(Message("has a key that comes twice"))
    return members


def _refuse_number(_text: str) -> NoReturn:
    raise NotStrictJson(Message('has a number that is not whole; an amount is a string such as "450.00"'))


def _integer(text: str) -> int:
    if len(text) > len(str(-MAX_INTEGER)) or abs(int(text)) > MAX_INTEGER:
        raise NotStrictJson(Message("has a number that is too large"))
    return int(text)


def _check(value: Any) -> None:
    """Look at every text and at the depth, without recursion."""
    level, depth = [value], 0
    while level:
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, list):
                below += item
            elif isinstance(item, dict):
                below += item.keys()
                below += item.values()
        depth += any(isinstance(item, list | dict) for item in level)
        if depth > MAX_DEPTH:
            raise NotStrictJson(Message("is nested too deeply"))
        level = below


def _check_text(text: str) -> None:
    if "\0" in text:
        raise NotStrictJson(Message("has a NUL character"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotStrictJson(Message("has half of a surrogate pair")) from None
