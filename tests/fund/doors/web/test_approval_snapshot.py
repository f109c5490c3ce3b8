"""What an approval form carries of its list comes back as it was, and anything else counts as not carried."""

import base64
import zlib
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.doors.web.approval_snapshot import (
    MAX_CHARS,
    SnapshotChange,
    SnapshotLine,
    differences,
    pack_snapshot,
    unpack_snapshot,
)

LINES = st.builds(
    SnapshotLine,
    key=st.one_of(st.integers(1, 2**31 - 1).map(str), st.from_regex(r"PAY-20[0-9]{2}-1[0-2]-[0-9]{4}", fullmatch=True)),
    household=st.from_regex(r"N[0-9]{2,5}", fullmatch=True),
    month=st.from_regex(r"20[0-9]{2}-(0[1-9]|1[0-2])", fullmatch=True),
    amount_cents=st.integers(1, 10**11),
    landlord=st.from_regex(r"L[0-9]{4,6}", fullmatch=True),
    account=st.none() | st.integers(1, 2**31 - 1),
)
LISTS = st.lists(LINES, min_size=1, max_size=20, unique_by=lambda line: line.key)


def line(key: str, amount_cents: int = 45_000, account: int | None = 1) -> SnapshotLine:
    return SnapshotLine(key, "N01", "2022-05", amount_cents, "L0001", account)


@given(LISTS)
def test_a_list_comes_back_as_it_was(lines: list[SnapshotLine]) -> None:
    assert unpack_snapshot(pack_snapshot(lines)) == {line.key: line for line in lines}
    assert differences(pack_snapshot(lines), lines) == []


@given(LISTS, LISTS)
def test_every_difference_is_told_once(before: list[SnapshotLine], after: list[SnapshotLine]) -> None:
    was, now = ({line.key: line for line in lines} for lines in (before, after))
    told = differences(pack_snapshot(before), after)
    assert {one.any.key for one in told} == {key for key in was | now if was.get(key) != now.get(key)}
    assert len(told) == len({one.any.key for one in told})
    for one in told:
        assert (one.before, one.after) == (was.get(one.any.key), now.get(one.any.key))


@given(st.text(max_size=200))
def test_anything_else_is_nothing(text: str) -> None:
    found = unpack_snapshot(text)
    assert found is None or pack_snapshot(found.values()) == text


def test_kinds_of_differences() -> None:
    before = pack_snapshot([line("1"), line("2"), line("3")])
    now = [line("1", 47_000), line("2", account=9), line("4")]
    assert [(one.kind, one.any.key) for one in differences(before, now)] == [
        ("changed", "1"),
        ("changed", "2"),
        ("came", "4"),
        ("went", "3"),
    ]
    assert [one.account_changed for one in differences(before, now)] == [False, True, False, False]
    assert SnapshotChange("came", None, line("4")).any == line("4")


def test_what_ten_thousand_lines_were_is_carried_and_a_longer_list_is_not() -> None:
    # amounts and accounts in no order, as they are: what repeats is packed better
    lines = [line(str(number), 20_000 + number * 7919 % 40_000, number * 7907 % 9_973) for number in range(1, 10_001)]
    text = pack_snapshot(lines)
    assert 0 < len(text) < MAX_CHARS
    changed = [line("1", 99_000), *lines[1:-1], line("new")]
    assert [(one.kind, one.any.key) for one in differences(text, changed)] == [
        ("changed", "1"),
        ("came", "new"),
        ("went", "10000"),
    ]
    longer = [line(sha256(bytes([number % 256, number // 256])).hexdigest()[:30]) for number in range(20_000)]
    assert pack_snapshot(longer) == "" and differences("", longer) == []


@pytest.mark.parametrize(
    "packed",
    [b"1.N01.2022-05.45000.L0001.1", zlib.compress(b"\xff"), zlib.compress(b"1.N01"), zlib.compress(b"0" * 5_000_000)],
)
def test_what_was_packed_elsewhere_counts_as_not_carried(packed: bytes) -> None:
    assert unpack_snapshot(base64.urlsafe_b64encode(packed).decode()) is None
    assert (
        unpack_snapshot(base64.urlsafe_b64encode(zlib.compress(b"1.N01.2022-05.45000.L0001.1")[:-3]).decode()) is None
    )
