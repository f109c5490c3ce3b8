"""What a month costs: min(rent, decided) by days, rounded once, with a formula that gives it again."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.domain import rules
from fund.domain.rules import Amount, LeaseTerm
from ledger.codes import matches
from ledger.entries import FACTS
from ledger.formula import formula_violation
from ledger.months import Month

MAY = Month(2022, 5)
ALWAYS = date(2020, 1, 1)

months = st.builds(Month, st.integers(2020, 2028), st.integers(1, 12))
amounts = st.integers(1, 200_000)


@st.composite
def leases(draw: st.DrawFn, month: Month) -> LeaseTerm:
    """A lease around a month, with rents that change in it or about it."""
    near = st.integers(-40, 40).map(lambda days: month.first_day + timedelta(days=days))
    starts_on = draw(near)
    ends_on = draw(st.none() | st.integers(0, 70).map(lambda days: starts_on + timedelta(days=days)))
    later = draw(st.lists(near.filter(lambda day: day > starts_on), max_size=3, unique=True))
    return LeaseTerm(starts_on, ends_on, [(day, draw(amounts)) for day in [starts_on, *sorted(later)]])


def by_days(month: Month, lease: LeaseTerm, decided_cents: int) -> Fraction:
    """The same rule said again, day by day."""
    total = Fraction()
    for number in range(1, month.days + 1):
        day = date(month.year, month.number, number)
        if lease.starts_on <= day and not (lease.ends_on and day > lease.ends_on):
            rent_cents = [cents for since, cents in lease.rents_cents if since <= day][-1]
            total += Fraction(min(rent_cents, decided_cents), month.days)
    return total


@given(st.data(), months, amounts)
def test_a_month_is_the_sum_of_its_days(data: st.DataObject, month: Month, decided_cents: int) -> None:
    lease = data.draw(leases(month))
    exact, due = by_days(month, lease, decided_cents), rules.amount_due(month, lease, decided_cents)
    assert (due is None) == (exact == 0)
    if due is not None:
        assert due.cents - Fraction(1, 2) <= exact < due.cents + Fraction(1, 2), "half a cent goes up"


@given(st.data(), months, amounts)
def test_a_month_never_costs_more_than_rent_or_decision(data: st.DataObject, month: Month, decided_cents: int) -> None:
    lease = data.draw(leases(month))
    due = rules.amount_due(month, lease, decided_cents)
    if due is not None:
        assert 0 <= due.cents <= min(decided_cents, max(cents for _, cents in lease.rents_cents))


@given(st.data(), months, amounts)
def test_the_formula_gives_the_amount_again(data: st.DataObject, month: Month, decided_cents: int) -> None:
    due = rules.amount_due(month, data.draw(leases(month)), decided_cents)
    if due is not None and due.formula is not None:
        assert formula_violation(due.formula, due.cents, month) is None
        assert matches(FACTS["formula"].pattern, due.formula)


@pytest.mark.parametrize(
    ("lease", "expected"),
    [
        (LeaseTerm(ALWAYS, None, [(ALWAYS, 50_000)]), Amount(45_000, None)),
        (LeaseTerm(ALWAYS, None, [(ALWAYS, 40_000)]), Amount(40_000, None)),
        (LeaseTerm(date(2022, 5, 16), None, [(date(2022, 5, 16), 50_000)]), Amount(23_226, "450.00*16/31")),
        (LeaseTerm(date(2022, 5, 31), None, [(date(2022, 5, 31), 50_000)]), Amount(1_452, "450.00*1/31")),
        (LeaseTerm(ALWAYS, date(2022, 5, 1), [(ALWAYS, 50_000)]), Amount(1_452, "450.00*1/31")),
        (
            LeaseTerm(ALWAYS, None, [(ALWAYS, 40_000), (date(2022, 5, 17), 44_000)]),
            Amount(41_935, "400.00*16/31+440.00*15/31"),
        ),
        (LeaseTerm(ALWAYS, None, [(ALWAYS, 46_000), (date(2022, 5, 17), 50_000)]), Amount(45_000, None)),
        (LeaseTerm(date(2022, 6, 1), None, [(date(2022, 6, 1), 50_000)]), None),
        (LeaseTerm(ALWAYS, date(2022, 4, 30), [(ALWAYS, 50_000)]), None),
    ],
    ids=["capped", "rent", "mid-month", "last-day", "first-day", "raise", "raise-above-cap", "later", "over"],
)
def test_what_may_costs(lease: LeaseTerm, expected: Amount | None) -> None:
    assert rules.amount_due(MAY, lease, 45_000) == expected


def test_half_a_cent_is_rounded_up() -> None:
    april, start = Month(2022, 4), date(2022, 4, 16)
    due = rules.amount_due(april, LeaseTerm(start, None, [(start, 45_001)]), 90_000)
    assert due == Amount(22_501, "450.01*15/30"), "22,500.5 cents"


@given(st.dictionaries(months, amounts, min_size=1), months)
def test_the_last_decision_before_a_month_holds(decided: dict[Month, int], month: Month) -> None:
    first = min(decided)
    if month >= first:
        since = [start for start in sorted(decided) if start <= month][-1]
        assert rules.decided_for(month, decided) == decided[since]


def test_lots_follow_the_decisions() -> None:
    decided = {Month(2022, 11): 40_000, Month(2023, 1): 42_000}
    assert rules.lots(Month(2022, 11), 3, decided) == {
        Month(2022, 11): 40_000,
        Month(2022, 12): 40_000,
        Month(2023, 1): 42_000,
    }


@given(st.lists(st.tuples(st.dates(), amounts), unique_by=lambda step: step[0]), st.dates())
def test_the_amount_held_on_a_day(steps: list[tuple[date, int]], day: date) -> None:
    steps.sort()
    before = [cents for since, cents in steps if since <= day]
    assert rules.held_on(steps, day) == (before[-1] if before else None)
