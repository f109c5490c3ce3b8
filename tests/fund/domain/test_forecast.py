"""The forecast against the end of the activities."""

from hypothesis import given
from hypothesis import strategies as st

from fund.domain.rules import Forecast, forecast
from ledger.months import Month, month_range

BEGIN = Month(2021, 1)
months = st.integers(0, 40).map(BEGIN.plus)


def test_seventeen_of_twenty_and_three_usable_months_left() -> None:
    used = set(month_range(Month(2022, 4), 17))
    assert forecast(used, set(), target=20, cap=20, now=Month(2023, 9), last=Month(2023, 11)) == Forecast(17, 20, 3)
    assert Forecast(17, 20, 3).missing == 0
    assert Forecast(17, 20, 2).missing == 1


def test_a_month_used_already_is_not_usable_and_a_late_one_is() -> None:
    now, last = Month(2023, 9), Month(2023, 11)
    assert forecast({now}, set(), target=20, cap=20, now=now, last=last).usable == 2
    assert forecast(set(), {Month(2023, 8)}, target=20, cap=20, now=now, last=last).usable == 4
    assert forecast(set(), {Month(2023, 10)}, target=20, cap=20, now=now, last=last).usable == 3


def test_after_the_end_only_arrears_can_be_paid() -> None:
    assert forecast(set(), {Month(2023, 11)}, target=20, cap=20, now=Month(2024, 1), last=Month(2023, 11)) == Forecast(
        0, 20, 1
    )


@given(st.sets(months, max_size=20), st.sets(months, max_size=20), months, months)
def test_it_never_promises_more_months_than_there_are(
    used: set[Month], committed: set[Month], now: Month, last: Month
) -> None:
    committed -= used
    found = forecast(used, committed, target=20, cap=20, now=now, last=last)
    ahead = max(0, last.months_since(now) + 1)
    assert 0 <= found.usable <= ahead + len(committed)
    assert found.used + found.usable <= 20
    assert (found.missing == 0) == (found.used + found.usable >= 20)


def test_a_lower_cap_is_the_most_that_a_household_reaches() -> None:
    found = forecast({Month(2023, 1)}, set(), target=20, cap=12, now=Month(2023, 2), last=Month(2024, 11))
    assert (found, found.missing) == (Forecast(1, 12, 11), 0)
