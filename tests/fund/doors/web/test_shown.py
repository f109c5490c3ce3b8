"""What an approval form carries of its list comes back as it was, and anything else counts as not carried."""

from hypothesis import given
from hypothesis import strategies as st

from fund.doors.web.shown import MAX_LINES, Difference, Shown, carried, differences, read_carried

LINES = st.builds(
    Shown,
    key=st.one_of(st.integers(1, 2**31 - 1).map(str), st.from_regex(r"PAY-20[0-9]{2}-1[0-2]-[0-9]{4}", fullmatch=True)),
    household=st.from_regex(r"N[0-9]{2,5}", fullmatch=True),
    month=st.from_regex(r"20[0-9]{2}-(0[1-9]|1[0-2])", fullmatch=True),
    amount_cents=st.integers(1, 10**11),
    landlord=st.from_regex(r"L[0-9]{4,6}", fullmatch=True),
    account=st.none() | st.integers(1, 2**31 - 1),
)
LISTS = st.lists(LINES, min_size=1, max_size=20, unique_by=lambda line: line.key)


def line(key: str, amount_cents: int = 45_000, account: int | None = 1) -> Shown:
    return Shown(key, "N01", "2022-05", amount_cents, "L0001", account)


@given(LISTS)
def test_a_list_comes_back_as_it_was(lines: list[Shown]) -> None:
    assert read_carried(carried(lines)) == {line.key: line for line in lines}
    assert differences(carried(lines), lines) == []


@given(LISTS, LISTS)
def test_every_difference_is_told_once(before: list[Shown], after: list[Shown]) -> None:
    was, now = ({line.key: line for line in lines} for lines in (before, after))
    told = differences(carried(before), after)
    assert {one.any.key for one in told} == {key for key in was | now if was.get(key) != now.get(key)}
    assert len(told) == len({one.any.key for one in told})
    for one in told:
        assert (one.before, one.after) == (was.get(one.any.key), now.get(one.any.key))


@given(st.text(max_size=200))
def test_anything_else_is_nothing(text: str) -> None:
    found = read_carried(text)
    assert found is None or carried(found.values()) == text


def test_kinds_of_differences() -> None:
    before = carried([line("1"), line("2"), line("3")])
    now = [line("1", 47_000), line("2", account=9), line("4")]
    assert [(one.kind, one.any.key) for one in differences(before, now)] == [
        ("changed", "1"),
        ("changed", "2"),
        ("came", "4"),
        ("went", "3"),
    ]
    assert [one.account_changed for one in differences(before, now)] == [False, True, False, False]
    assert Difference("came", None, line("4")).any == line("4")


def test_a_very_long_list_is_not_carried() -> None:
    lines = [line(str(number)) for number in range(1, MAX_LINES + 2)]
    assert carried(lines) == ""
    assert differences("", lines) == []
    assert read_carried("_".join(map(str, lines))) is None
    assert len(carried(lines[:MAX_LINES])) < 200_000
