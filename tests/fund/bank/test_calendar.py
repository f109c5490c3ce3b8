"""TARGET days, by the ECB's own list of closing days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.bank.calendar import closing_days, is_target_day, next_target_day

CLOSED_2024 = {
    *(date(2024, 1, 1), date(2024, 3, 29), date(2024, 4, 1), date(2024, 5, 1), date(2024, 12, 25), date(2024, 12, 26)),
}
days = st.dates(date(2002, 1, 1), date(2060, 1, 1))


def test_the_six_closing_days() -> None:
    assert closing_days(2024) == CLOSED_2024


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2024-03-28", "2024-03-28"),
        ("2024-03-29", "2024-04-02"),
        ("2024-06-02", "2024-06-03"),
        ("2024-08-15", "2024-08-15"),
        ("2024-12-25", "2024-12-27"),
        ("2022-12-31", "2023-01-02"),
    ],
)
def test_the_next_target_day(day: str, following: str) -> None:
    assert next_target_day(date.fromisoformat(day)) == date.fromisoformat(following)


@given(days)
def test_the_next_target_day_is_the_first_one(day: date) -> None:
    found = next_target_day(day)
    assert is_target_day(found)
    assert day <= found <= day + timedelta(days=5)
    assert not any(is_target_day(day + timedelta(days=n)) for n in range((found - day).days))
