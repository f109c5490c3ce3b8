"""Which days need no confirmation: those that a witness of time vouches for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.domain import errors, rules
from ledger.months import Month

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
PAY_DAYS = st.integers(1, 31)


def pay_days_between(witness: date, today: date, pay_day: int) -> int:
    """How many pay days come after the witness, and not after today; counted day by day."""
    days = (witness + timedelta(days=number) for number in range(1, (today - witness).days + 1))
    return sum(day == Month.of(day).day(pay_day) for day in days)


@given(DAYS, PAY_DAYS, st.integers(0, 150))
def test_at_most_one_pay_day_passes_without_a_witness(witness: date, pay_day: int, gap: int) -> None:
    today = witness + timedelta(days=gap)
    is_vouched = today <= rules.vouched_until(witness, pay_day)
    assert is_vouched == (pay_days_between(witness, today, pay_day) <= 1)


@given(DAYS, PAY_DAYS)
def test_a_witness_holds_four_weeks_at_least_and_two_months_at_most(witness: date, pay_day: int) -> None:
    assert 28 <= (rules.vouched_until(witness, pay_day) - witness).days <= 61


@given(DAYS, DAYS, PAY_DAYS)
def test_a_later_witness_vouches_for_no_less(one: date, other: date, pay_day: int) -> None:
    earlier, later = sorted((one, other))
    assert rules.vouched_until(earlier, pay_day) <= rules.vouched_until(later, pay_day)


@given(DAYS, DAYS, PAY_DAYS)
def test_a_clock_behind_the_journal_is_refused_and_both_days_are_named(today: date, last: date, pay_day: int) -> None:
    if today >= last:
        today, last = last - timedelta(days=1), today
    with pytest.raises(errors.ClockBehindJournal) as caught:
        rules.check_clock(today, last_entry=last, witness=last, pay_day=pay_day)
    assert (caught.value.today, caught.value.last) == (today, last)


@given(DAYS, PAY_DAYS, st.integers(0, 400))
def test_a_day_beyond_is_refused_until_it_is_a_witness_itself(witness: date, pay_day: int, gap: int) -> None:
    today = rules.vouched_until(witness, pay_day) + timedelta(days=1 + gap)
    with pytest.raises(errors.DayNotConfirmed) as caught:
        rules.check_clock(today, last_entry=witness, witness=witness, pay_day=pay_day)
    assert (caught.value.today, caught.value.witness) == (today, witness)
    rules.check_clock(today, last_entry=witness, witness=today, pay_day=pay_day)


@pytest.mark.parametrize(
    ("witness", "pay_day", "last"),
    [
        ("2022-02-14", 5, "2022-04-04"),
        ("2022-03-01", 5, "2022-04-04"),
        ("2022-03-05", 5, "2022-05-04"),
        ("2022-03-05", 31, "2022-04-29"),
        ("2023-12-31", 31, "2024-02-28"),
    ],
)
def test_by_the_calendar(witness: str, pay_day: int, last: str) -> None:
    assert rules.vouched_until(date.fromisoformat(witness), pay_day) == date.fromisoformat(last)


def test_what_has_happened_is_not_after_today() -> None:
    today = date(2022, 3, 5)
    rules.check_has_come("bank_date", today, today)
    rules.check_has_come("bank_date", None, today)
    with pytest.raises(errors.InvalidInput) as caught:
        rules.check_has_come("bank_date", date(2022, 3, 6), today)
    assert caught.value.problems[0]["path"] == "bank_date"
