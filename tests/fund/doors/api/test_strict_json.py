"""JSON is read strictly, and never read differently from Python's own reader."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fund.doors.http.strict_json import MAX_DEPTH, MAX_INTEGER, NotStrictJson, parse

ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text() | some.sampled_from(["\0", "\ud800"]),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4),
)


@given(ANY_JSON, some.booleans())
def test_what_is_accepted_is_what_python_reads(value: Any, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        read = parse(data)
    except NotStrictJson:
        return
    assert read == json.loads(data)
    assert json.dumps(read) == json.dumps(value)


@given(
    some.binary(max_size=60) | some.text(alphabet='{}[]",:0123456789.eE+-\\u ntrufalse', max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read = parse(data)
    except NotStrictJson:
        return
    assert read == json.loads(data)


@given(some.dictionaries(some.text(), some.integers(-MAX_INTEGER, MAX_INTEGER) | some.text(), max_size=5))
def test_plain_objects_are_accepted(value: dict[str, Any]) -> None:
    if "\0" not in repr(value).replace("\\x00", "\0"):
        assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"NaN", "whole"),
        (b"[Infinity]", "whole"),
        (b"-Infinity", "whole"),
        (b"1e400", "whole"),
        (b"1.0", "whole"),
        (b"1E2", "whole"),
        (b"9007199254740992", "too large"),
        (b"9" * 5000, "too large"),
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":1,"\\u0061":2}', "twice"),
        (b'[{"b":{"c":1,"c":2}}]', "twice"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udfff":1}', "surrogate"),
        (b'["\\u0000"]', "NUL"),
        (b'{"\\u0000":1}', "NUL"),
        (b"\xff", "UTF-8"),
        (b"\xed\xa0\x80", "UTF-8"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b"\xef\xbb\xbf{}", "JSON"),
        (b"", "JSON"),
        (b"{}{}", "JSON"),
        (b"{'a':1}", "JSON"),
        (b"[1,]", "JSON"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "deeply"),
        (b'{"a":' * 100_000, "deeply"),
    ],
)
def test_what_is_not_strict_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotStrictJson, match=reason):
        parse(data)


def test_the_limits_themselves_are_allowed() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert parse(str(-MAX_INTEGER).encode()) == -MAX_INTEGER
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"
