"""Money, months, formulas and codes: the values under everything else."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import accounts, codes
from ledger.formula import Term, formula_violation, prorated_cents, read_formula, write_formula
from ledger.kinds import CORRECTABLE, KINDS
from ledger.money import MAX_CENTS, format_cents, parse_cents
from ledger.months import Month, month_range

CENTS = st.integers(0, MAX_CENTS)
MONTHS = st.builds(Month, st.integers(2010, 2089), st.integers(1, 12))
TERMS = st.lists(
    st.builds(Term, st.integers(1, 500_000), st.integers(1, 31), st.sampled_from([28, 29, 30, 31])),
    min_size=1,
    max_size=4,
)


@given(CENTS)
def test_an_amount_is_read_as_it_was_written(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents
    assert parse_cents(format_cents(-cents), signed=True) == -cents
    assert codes.matches(codes.AMOUNT, format_cents(cents))


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_only_what_we_write_is_read_as_an_amount(text: str) -> None:
    try:
        cents = parse_cents(text)
    except ValueError as error:
        assert str(error) == 'an amount is written with exactly two decimals, such as "450.00"'
    else:
        assert format_cents(cents) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "450",
        "450.0",
        "450.000",
        "450,00",
        "1,450.00",
        "+450.00",
        "-450.00",
        " 450.00",
        "450.00 ",
        "450.00\n",
        "4.5e2",
        "00.50",
        "045.00",
        ".50",
        "٤٥٠.٠٠",
        "４50.00",
        "NaN",
        "1/0",
        "999999999999.00",
        "-0.00",
    ],
)
def test_other_ways_to_write_an_amount_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="two decimals"):
        parse_cents(text)


def test_amounts_as_people_see_them() -> None:
    assert [format_cents(cents) for cents in (0, 5, -5, 100, 45000)] == ["0.00", "0.05", "-0.05", "1.00", "450.00"]


@given(MONTHS, st.integers(-100, 100))
def test_months_are_counted_both_ways(month: Month, count: int) -> None:
    later = month.plus(count)
    assert later.months_since(month) == count
    assert later.plus(-count) == month
    assert (later > month) == (count > 0)


@given(MONTHS)
def test_a_month_is_read_as_it_was_written_and_holds_its_days(month: Month) -> None:
    assert Month.parse(str(month)) == month
    days = [month.first_day + timedelta(days=offset) for offset in range(month.days)]
    assert {Month.of(day) for day in days} == {month}
    assert days[-1] == month.last_day
    assert Month.of(month.next_first_day()) == month.plus(1)
    assert month.day(31) == month.last_day
    assert month.day(1) == month.first_day


@pytest.mark.parametrize(
    "text", ["2022-5", "2022-13", "2022-00", "1999-12", "2100-01", "22-05", "2022-05\n", "2022/05", "２022-05"]
)
def test_other_ways_to_write_a_month_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a month"):
        Month.parse(text)


def test_months_outside_the_century_are_refused() -> None:
    with pytest.raises(ValueError, match="between"):
        Month(2099, 12).plus(1)
    with pytest.raises(ValueError, match="between"):
        Month(2022, 13)


def test_twenty_months_from_a_spring() -> None:
    months = list(month_range(Month(2022, 4), 20))
    assert (str(months[0]), str(months[-1]), len(set(months))) == ("2022-04", "2023-11", 20)
    assert Month(2024, 2).days == 29
    assert Month(2023, 2).day(30) == date(2023, 2, 28)


@given(TERMS)
def test_a_formula_is_read_as_it_was_written(terms: list[Term]) -> None:
    text = write_formula(terms)
    assert codes.matches(codes.FORMULA, text)
    assert read_formula(text) == terms


@given(TERMS)
def test_proration_is_rounded_once_to_the_nearest_cent(terms: list[Term]) -> None:
    exact = sum(Fraction(term.monthly_cents * term.days, term.month_days) for term in terms)
    assert -Fraction(1, 2) <= exact - prorated_cents(terms) < Fraction(1, 2)


@given(st.integers(1, 10**7), st.sampled_from([28, 29, 30, 31]))
def test_the_parts_of_a_month_make_the_whole(cents: int, days: int) -> None:
    assert prorated_cents([Term(cents, days, days)]) == cents
    assert prorated_cents([Term(cents, 10, days), Term(cents, days - 10, days)]) == cents


def test_half_a_cent_goes_upwards() -> None:
    assert prorated_cents([Term(1, 15, 30)]) == 1
    assert prorated_cents([Term(45000, 16, 31), Term(47000, 15, 31)]) == 45968


def test_a_formula_counts_the_days_of_its_month() -> None:
    may = Month(2022, 5)
    assert formula_violation("450.00*16/31+470.00*15/31", 45968, may) is None
    assert "does not give" in str(formula_violation("450.00*16/31", 45968, may))
    assert "does not count" in str(formula_violation("450.00*32/31", 46452, may))
    assert "does not count" in str(formula_violation("450.00*15/30", 22500, may))


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (codes.HOUSEHOLD, "N01", "N1"),
        (codes.LANDLORD, "L0001", "L001"),
        (codes.USER, "SYSTEM", "U1"),
        (codes.FUND, "PIS-TRENTO-2020", "Pis"),
        (codes.ALLOCATION, "A01", "A1"),
        (codes.PAYMENT, "PAY-2022-10-0003", "PAY-2022-13-0003"),
        (codes.BATCH, "BAT-2022-0001", "BAT-22-0001"),
        (codes.REASON, "AC04", "AC04 "),
        (codes.REASON, "rent-increase", "rent increase"),
        (codes.FORMULA, "450.00*16/31", "450.00*16/32"),
        (codes.SHA256, "ab" * 32, "AB" * 32),
        (codes.INSTANT, "2022-05-05T10:00:00Z", "2022-05-05T10:00:00+00:00"),
        (codes.COUNT, "1", "01"),
        (codes.DAY, "2022-05-31", "2022-05-32"),
        (accounts.PATTERN, "Assets:Recovery:L0001", "Assets:Recovery:N01"),
        (accounts.PATTERN, "Expenses:Rent", "Expenses"),
    ],
)
def test_each_code_has_its_pattern(pattern: str, good: str, bad: str) -> None:
    assert codes.matches(pattern, good)
    for text in (bad, good + "\n", "\n" + good, good + " ", good + '"', "-" + good):
        assert not codes.matches(pattern, text)


def test_the_event_table_hangs_together() -> None:
    assert set(CORRECTABLE) < set(KINDS)
    for kind in KINDS.values():
        assert kind.italian
        assert bool(kind.debit) == bool(kind.credit) == kind.moves_money
        assert not set(kind.needs) & set(kind.may)
    accounts_named = {account for kind in KINDS.values() for account in (*kind.debit, *kind.credit)}
    assert {line.name + (f":{{{line.per}}}" if line.per else "") for line in accounts.CHART} == accounts_named
