"""Facts of the agreement file that are well formed and do not agree with each other are named."""

import pytest

from fund.domain.agreement.reading import parse_agreement
from tests.fund.agreement_kit import TEXT, changed, problems_of

CROSS_CHECKS = [
    ('code = "A02"', 'code = "A01"', 0, "allocations[1].code"),
    ('code = "L0002"', 'code = "L0001"', 0, "landlords[1].code"),
    ('code = "N02"', 'code = "N01"', 0, "households[1].code"),
    ("IT48Q9990101800000000000200", "IT28P9990101800000000000100", 0, "landlords[1].iban"),
    ("IT28P9990101800000000000100", "IT91X9990101800000000000900", 0, "landlords[0].iban"),
    ("activities_end = 2023-10-09", "activities_end = 2020-10-09", 0, "fund.activities_end"),
    ("target_months = 20", "target_months = 19\nx_cap = 1", 0, "fund.x_cap"),
    ("cap_months = 20", "cap_months = 19", 0, "fund.target_months"),
    ("cap_months = 20", "cap_months = 19", 0, "households[0].months"),
    ("granted_on = 2020-11-16", "granted_on = 2020-10-08", 0, "allocations[0].granted_on"),
    ("received_on = 2020-12-10", "received_on = 2020-11-15", 0, "allocations[0].received_on"),
    ('received = "12000.00"', 'received = "12000.01"', 0, "allocations[2].received"),
    ("received_on = 2022-02-17\n", "", 0, "allocations[2].received"),
    ("admitted_on = 2021-02-22", "admitted_on = 2023-12-03", 0, "households[0].admitted_on"),
    ('first_month = "2022-02"', 'first_month = "2022-05"', 0, "households[4].first_month"),
    ('first_month = "2021-03"', 'first_month = "2020-09"', 0, "households[0].first_month"),
    ("starts_on = 2021-03-01", "starts_on = 2021-04-01", 0, "households[0].leases[0].starts_on"),
    ("starts_on = 2021-03-01", "starts_on = 2021-03-01\nends_on = 2021-02-01", 0, "households[0].leases[0].ends_on"),
    ('landlord = "L0004"', 'landlord = "L0009"', 0, "households[3].leases[0].landlord"),
    ('amount = "12000.00"', 'amount = "12000.00"\nreceived_ = 1', 0, "allocations[2].received_"),
    ("from = 2018-03-01", "from = 2008-03-29", 0, "controls.tax_thresholds[1].from"),
    ("tax_check_days = 15", "tax_check_days = 366", 0, "controls.tax_check_days"),
    ('amount = "5000.00"', 'amount = "0.00"', 0, "controls.tax_thresholds[1].amount"),
    ('amount = "22000.00"', 'amount = "20000.00"', 0, "households[3].contribution"),
    ("granted_on = 2021-12-06", "granted_on = 2022-02-10", 0, "households[4].contribution"),
    ("agreement_date = 2020-10-09", "agreement_date = 1999-10-09", 0, "fund.agreement_date"),
    ('first_month = "2021-03"', 'first_month = "2099-12"', 0, "households[0].first_month"),
]


@pytest.mark.parametrize(("old", "new", "occurrence", "path"), CROSS_CHECKS)
def test_facts_that_do_not_agree_are_named(old: str, new: str, occurrence: int, path: str) -> None:
    text, _ = changed(old, new, occurrence)
    found = {problem.path: problem for problem in problems_of(text)}
    assert path in found
    line = found[path].line
    assert line is not None
    assert text.split("\n")[line - 1].startswith((path.rsplit(".", 1)[-1], "["))


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("WWWXXX80A01Z999Z", "qqq xxx 80a01 z999n", ["households[0]", "households[1]"]),
        ("99999020227", "99999010228", ["landlords[0]", "landlords[1]"]),
        ("99999050224", "YYYXXX80A01Z999F", ["landlords[4]", "households[4]"]),
        ("WWWXXX80A01Z999Z", "99999 010 228", ["landlords[0]", "households[1]"]),
    ],
)
def test_one_person_twice_is_named_at_both_lines(old: str, new: str, places: list[str]) -> None:
    text, line = changed(old, new)
    found = problems_of(text)
    assert [problem.path for problem in found] == [f"{place}.tax_code" for place in places]
    assert [str(problem.message) for problem in found] == [
        f"belongs to the person of {place} too: leave one of the two out" for place in reversed(places)
    ]
    lines = [problem.line for problem in found]
    assert line in lines and len(set(lines)) == 2
    assert all(text.split("\n")[number - 1].startswith("tax_code") for number in lines if number)


@pytest.mark.parametrize("new", ["", 'tax_code = ""\n', 'tax_code = " "\n'])
def test_a_household_without_tax_code_is_refused_with_what_to_do(new: str) -> None:
    text, line = changed('tax_code = "WWWXXX80A01Z999Z"\n', new)
    (problem,) = problems_of(text)
    assert (problem.path, problem.line) == ("households[1].tax_code", line if new else line - 2)
    assert "leave the household out until it has one" in str(problem.message)


SECOND_LEASE = """
[[households.leases]]
landlord = "L0002"
starts_on = {starts_on}
registration = "TNX-2021-3T-000199"
rent = "520.00"

[[households]]
code = "N02"
"""


@pytest.mark.parametrize(
    ("ends_on", "starts_on", "count"),
    [
        ("2021-12-31", "2022-01-01", 0),
        ("2022-01-01", "2022-01-01", 1),
        ("2021-12-31", "2022-01-02", 1),
        (None, "2022-01-01", 1),
    ],
)
def test_leases_of_a_household_follow_each_other(ends_on: str | None, starts_on: str, count: int) -> None:
    text = TEXT.replace('[[households]]\ncode = "N02"\n', SECOND_LEASE.format(starts_on=starts_on))
    if ends_on:
        text = text.replace("starts_on = 2021-03-01", f"starts_on = 2021-03-01\nends_on = {ends_on}")
    if not count:
        parse_agreement(text)
        return
    assert [problem.path for problem in problems_of(text)] == ["households[0].leases[1].starts_on"] * count
