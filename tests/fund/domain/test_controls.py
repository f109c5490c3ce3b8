"""The controls as pure rules: when a payee's money waits for the tax office, and what makes an alert another one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fund.domain.controls import (
    Account,
    Alert,
    Line,
    Party,
    PayeeCheckResult,
    TaxCheckResult,
    Terms,
    account_waits,
    check_reference,
    find_alerts,
    standing_twice,
    tax_waits,
)
from fund.domain.errors import InvalidInput

DAY = date(2022, 3, 5)
LINE = Line("N01", "L0001", "2022-03", 45_000, None, None, (), (), None)
ACCOUNT = Account(7, 2, "IT88S9990101800000000000400", False, None)


def codes(*lines: Line) -> list[str]:
    return [alert.code for alert in find_alerts(lines)]


@pytest.mark.parametrize(
    ("day", "cents"),
    [(date(2008, 3, 28), None), (date(2008, 3, 29), 1_000_000), (date(2018, 2, 28), 1_000_000), (DAY, 500_000)],
)
def test_the_usual_thresholds_are_the_laws(day: date, cents: int | None) -> None:
    assert Terms().tax_threshold_cents(day) == cents


@given(
    total=st.integers(0, 2_000_000),
    outcome=st.sampled_from(["nothing-due", "debt-found"]),
    age=st.integers(-3, 40),
    days=st.integers(0, 30),
)
@example(total=500_000, outcome="debt-found", age=0, days=30)  # the borders, which a draw rarely meets
@example(total=500_001, outcome="nothing-due", age=30, days=30)
@example(total=500_001, outcome="nothing-due", age=0, days=0)
def test_above_the_threshold_only_a_clean_check_of_its_days_lets_money_go(
    total: int, outcome: str, age: int, days: int
) -> None:
    terms = Terms(tax_check_days=days)
    reason = tax_waits(terms, DAY, total, TaxCheckResult(DAY - timedelta(days=age), outcome, "48BIS-1"))
    free = total <= 500_000 or (outcome == "nothing-due" and 0 <= age <= days)
    assert (reason is None) == free
    assert (tax_waits(terms, DAY, total, None) is None) == (total <= 500_000)


@pytest.mark.parametrize(
    ("parties", "is_twice"),
    [
        ([("N01", 20, True)], False),
        ([("N01", 1, True), ("N02", 1, True)], True),
        ([("N01", 0, True), ("N02", 0, True)], True),
        ([("N01", 12, True), ("N02", 8, False)], False),
        ([("N01", 13, True), ("N02", 8, False)], True),
        ([("N01", 13, False), ("N02", 8, False)], True),
        ([("N01", 8, False), ("N02", 8, False)], False),
        ([("N01", 0, True), ("L0001", 0, True)], True),
        ([("N01", 8, False), ("L0001", 0, True)], False),
        ([("L0001", 0, True), ("L0002", 0, True)], True),
    ],
)
def test_a_person_stands_twice_in_two_open_positions_or_beyond_one_cap(
    parties: list[tuple[str, int, bool]], is_twice: bool
) -> None:
    one = [Party(code, "x", "x", months, is_open) for code, months, is_open in parties]
    another = Party("N99", "y", "x", 20, True)
    codes = [code for code, _, _ in parties]
    others = {code: tuple(sorted({*codes} - {code})) for code in codes}
    assert standing_twice([*one, another], 20) == (others if is_twice else {})


def test_a_fund_without_thresholds_asks_for_no_check() -> None:
    assert tax_waits(Terms(tax_thresholds=()), DAY, 10**9, None) is None


@pytest.mark.parametrize(
    ("iban", "state", "usable_from", "reason"),
    [
        (None, "confirmed", DAY, "account-missing"),
        ("x", "suspended", DAY, "account-suspended"),
        ("x", "proposed", None, "account-suspended"),
        ("x", "confirmed", DAY + timedelta(days=1), "account-cooling-off"),
        ("x", "confirmed", None, "account-cooling-off"),
        ("x", "confirmed", DAY, None),
    ],
)
def test_what_may_be_paid_to(iban: str | None, state: str, usable_from: date | None, reason: str | None) -> None:
    assert account_waits(iban, state, usable_from, DAY) == reason


def test_an_ordinary_line_needs_nothing() -> None:
    checked = replace(ACCOUNT, payee_check=PayeeCheckResult("RCVC", DAY, "VOP-1"))
    assert codes(replace(LINE, account=checked, highest_cents=45_000)) == []
    assert codes(replace(LINE, account=replace(ACCOUNT, payee_check=PayeeCheckResult("RVNA", DAY, "VOP-1")))) == []


@pytest.mark.parametrize(("amount", "is_outlier"), [(67_500, False), (67_501, True)])
def test_an_outlier_is_more_than_half_again_of_the_dearest_month(amount: int, is_outlier: bool) -> None:
    line = replace(LINE, amount_cents=amount, highest_cents=45_000)
    assert codes(line) == (["amount-outlier"] if is_outlier else [])
    assert codes(replace(line, formula="700.00*30/31")) == codes(line), "part of a month may be too much as well"
    assert codes(replace(line, highest_cents=None)) == []


def test_two_months_of_one_amount_are_asked_about_and_two_amounts_are_not() -> None:
    later = replace(LINE, month="2022-04")
    assert codes(LINE, later) == ["same-amount-twice"]
    assert codes(LINE, replace(later, amount_cents=45_001)) == []
    assert codes(LINE, replace(later, landlord="L0002")) == []


@given(
    name=st.sampled_from(["version", "iban", "payee_check"]),
    result=st.sampled_from(["RVMC", "RVNM"]),
    reference=st.sampled_from(["VOP-2", "VOP-3"]),
)
def test_an_acknowledgement_lapses_with_its_facts(name: str, result: str, reference: str) -> None:
    before = replace(
        ACCOUNT, iban="DE89370400440532013000", is_new=True, payee_check=PayeeCheckResult("RVMC", DAY, "VOP-1")
    )
    other = {
        "version": 3,
        "iban": "FR1420041010050500013M02606",
        "payee_check": PayeeCheckResult(result, DAY, reference),
    }
    after = replace(before, **{name: other[name]})
    known, found = (
        {alert.fingerprint for alert in find_alerts([replace(LINE, account=account)])} for account in (before, after)
    )
    assert len(known) == len(found) == 3
    assert len(found - known) == {"version": 3, "iban": 1, "payee_check": 1}[name]


def test_facts_cannot_be_mistaken_for_each_other() -> None:
    one, two = (Alert("first-payment", "L0001", {"account": text}, stands=False) for text in ("L0001/2", "L0001/22"))
    assert one.fingerprint != two.fingerprint == replace(one, facts={"account": "L0001/22"}).fingerprint


@pytest.mark.parametrize("text", ["", "a b", "-a", "x" * 36, "a\n", "è"])
def test_a_reference_is_a_code(text: str) -> None:
    with pytest.raises(InvalidInput):
        check_reference(text)
