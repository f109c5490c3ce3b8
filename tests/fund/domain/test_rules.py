"""Due months, the cap, the two people, leases, digests: each rule as what it lets through and what it refuses."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.domain import errors, rules
from fund.domain.rules import LeaseTerm
from ledger.months import Month, last_payable_month

months = st.builds(Month, st.integers(2020, 2030), st.integers(1, 12))
pay_days = st.integers(1, 31)
near_days = st.dates(date(2020, 1, 1), date(2034, 12, 31))


def pay_date(month: Month, pay_day: int) -> date:
    last = calendar.monthrange(month.year, month.number)[1]
    return date(month.year, month.number, min(pay_day, last))


@given(months, near_days, pay_days)
def test_due_are_all_months_whose_pay_day_has_come(first: Month, as_of: date, pay_day: int) -> None:
    due = list(rules.months_due(first, as_of, pay_day))
    assert due == [first.plus(number) for number in range(len(due))], "in order, none left out"
    assert all(pay_date(month, pay_day) <= as_of for month in due)
    assert pay_date(first.plus(len(due)), pay_day) > as_of


@pytest.mark.parametrize(
    ("as_of", "last"),
    [
        ("2023-01-30", None),
        ("2023-01-31", "2023-01"),
        ("2023-02-27", "2023-01"),
        ("2023-02-28", "2023-02"),
        ("2023-04-29", "2023-03"),
        ("2023-04-30", "2023-04"),
        ("2024-02-28", "2024-01"),
        ("2024-02-29", "2024-02"),
    ],
)
def test_pay_day_31_skips_no_month(as_of: str, last: str | None) -> None:
    due = list(rules.months_due(Month(2023, 1), date.fromisoformat(as_of), 31))
    assert (str(due[-1]) if due else None) == last


@given(near_days, pay_days)
def test_the_last_payable_month_is_paid_before_the_end(end: date, pay_day: int) -> None:
    last = last_payable_month(end, pay_day)
    assert pay_date(last, pay_day) <= end < pay_date(last.plus(1), pay_day)


@pytest.mark.parametrize(
    ("end", "pay_day", "last"),
    [
        (date(2023, 12, 2), 2, "2023-12"),
        (date(2023, 12, 2), 3, "2023-11"),
        (date(2023, 2, 28), 31, "2023-02"),
        (date(2024, 2, 28), 31, "2024-01"),
        (date(2024, 1, 1), 5, "2023-12"),
    ],
)
def test_last_payable_months(end: date, pay_day: int, last: str) -> None:
    assert str(last_payable_month(end, pay_day)) == last


def test_a_month_outside_the_agreement_is_refused() -> None:
    first, last = Month(2023, 11), Month(2023, 12)
    rules.check_payable([first, last], first, last)
    with pytest.raises(errors.MonthOutsideAgreement) as caught:
        rules.check_payable([last, Month(2024, 1)], first, last)
    assert caught.value.facts == {"month": "2024-01", "first_month": "2023-11", "last_month": "2023-12"}
    with pytest.raises(errors.MonthOutsideAgreement):
        rules.check_payable([Month(2023, 10)], first, last)


@given(st.integers(1, 20), st.integers(0, 60))
def test_the_cap(cap: int, count: int) -> None:
    if count <= cap:
        rules.check_cap("N01", cap, count)
    else:
        with pytest.raises(errors.CapReached):
            rules.check_cap("N01", cap, count)


def test_two_people() -> None:
    rules.check_two_people("run", "2022-03", "U02", "U03")
    rules.check_two_people("run", "2022-03", None, "U03")
    with pytest.raises(errors.SamePerson):
        rules.check_two_people("run", "2022-03", "U03", "U03")


def lease(starts_on: str, ends_on: str | None) -> LeaseTerm:
    return LeaseTerm(date.fromisoformat(starts_on), date.fromisoformat(ends_on) if ends_on else None, [])


@pytest.mark.parametrize(
    ("starts_on", "others", "refusal"),
    [
        ("2022-03-17", [], None),
        ("2022-04-01", [lease("2022-01-01", "2022-03-31")], None),
        ("2022-04-01", [lease("2022-01-01", None)], errors.LeaseOverlaps),
        ("2022-04-01", [lease("2022-01-01", "2022-04-01")], errors.LeaseOverlaps),
        ("2022-04-02", [lease("2022-01-01", "2022-03-31")], errors.LeaseStartsInMonth),
        ("2022-01-01", [lease("2022-02-01", None)], errors.LeaseOverlaps),
    ],
)
def test_a_new_lease(starts_on: str, others: list[LeaseTerm], refusal: type[errors.FundError] | None) -> None:
    if refusal is None:
        rules.check_new_lease("N01", date.fromisoformat(starts_on), others)
    else:
        with pytest.raises(refusal):
            rules.check_new_lease("N01", date.fromisoformat(starts_on), others)


@given(near_days, st.none() | st.integers(0, 400), near_days)
def test_a_lease_covers_its_days(starts_on: date, length: int | None, day: date) -> None:
    ends_on = None if length is None else starts_on + timedelta(days=length)
    covered = LeaseTerm(starts_on, ends_on, []).covers(day)
    assert covered == (starts_on <= day <= (ends_on or date.max))


values = st.none() | st.integers() | st.text(max_size=5)
rows = st.lists(st.dictionaries(st.sampled_from(["id", "iban", "amount_cents"]), values), max_size=4)


@given(rows, rows)
def test_the_digest_tells_lists_apart(left: list[dict[str, object]], right: list[dict[str, object]]) -> None:
    assert (rules.list_digest(left) == rules.list_digest(right)) == (left == right)


def test_the_digest_does_not_depend_on_the_order_of_columns() -> None:
    assert rules.list_digest([{"a": 1, "b": "è"}]) == rules.list_digest([{"b": "è", "a": 1}])
    assert rules.list_digest([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
