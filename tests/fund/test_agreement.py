"""The agreement file: the example holds, and every bad value is named by its path and its line, and never repeated."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund.agreement import (
    MAX_BYTES,
    MAX_EVENTS,
    Agreement,
    AgreementInvalid,
    Keys,
    Problem,
    RentIncrease,
    find_lines,
    parse_agreement,
    read_agreement,
)
from ledger.months import Month

EXAMPLE = Path(__file__).parents[2] / "examples" / "trento.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
LINES = TEXT.split("\n")
PERSONAL = ("tax_code", "iban", "email", "contact", "name", "corrected_iban")


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement(text, "trento.toml")
    return list(caught.value.problems)


def changed(old: str, new: str, occurrence: int = 0) -> tuple[str, int]:
    """The example with one place changed, and the line of that place."""
    start = -1
    for _ in range(occurrence + 1):
        start = TEXT.index(old, start + 1)
    return TEXT[:start] + new + TEXT[start + len(old) :], TEXT.count("\n", 0, start) + 1


def leaves(value: Any, keys: Keys = ()) -> list[tuple[Keys, Any]]:
    """Every single value of the file with its place."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*keys, key))]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*keys, index))]
    return [(keys, value)]


def dotted(keys: Keys) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")


LEAVES = leaves(tomllib.loads(TEXT))
LINE_OF = find_lines(TEXT)


def test_the_example_is_the_fund_of_the_issue() -> None:
    agreement = read_agreement(EXAMPLE)
    fund = agreement.fund
    assert (fund.code, fund.currency, fund.target_months, fund.cap_months) == ("TRENTO-PIS", "EUR", 20, 20)
    assert (fund.agreement_date, fund.activities_end) == (date(2020, 10, 9), date(2023, 12, 2))
    assert [household.months for household in agreement.households] == [20] * 5
    contributions = [household.contribution_cents for household in agreement.households]
    assert min(contributions) == 38000
    assert max(contributions) == 62000
    assert [lease.landlord for household in agreement.households for lease in household.leases].count("L0001") == 2
    assert len(agreement.allocations) == 3
    assert sorted(event.what for event in agreement.events) == sorted(
        ["suspension", "rent-increase", "landlord-change", "iban-change", "bank-return", "outage"]
    )
    assert "invented" in TEXT.lower().split("[fund]")[0]


def test_the_example_schedules_a_hundred_months_and_moves_the_suspended_one() -> None:
    agreement = read_agreement(EXAMPLE)
    schedules = [agreement.scheduled_months(household) for household in agreement.households]
    assert sum(map(len, schedules)) == 100
    assert Month(2022, 8) not in schedules[4]
    assert schedules[4][-1] == Month(2023, 10)


def test_defaults() -> None:
    text = (
        TEXT.replace("pay_day = 5\n", "").replace("iban_cooling_off_days = 10\n", "").replace('language = "it"\n', "")
    )
    agreement = parse_agreement(text.replace("\nmonths = 20\n", "\n").replace('received = "12000.00"\n', ""))
    assert (agreement.fund.pay_day, agreement.fund.iban_cooling_off_days, agreement.fund.language) == (5, 10, "it")
    assert agreement.households[0].months == 20
    assert agreement.allocations[2].received_cents == 1200000
    assert agreement == read_agreement(EXAMPLE)


def test_months_default_to_the_cap_of_the_fund() -> None:
    text = (
        TEXT[: TEXT.index("[[events]]")]
        .replace("cap_months = 20", "cap_months = 12")
        .replace("target_months = 20", "target_months = 12")
    )
    agreement = parse_agreement(text.replace("\nmonths = 20\n", "\n"))
    assert {household.months for household in agreement.households} == {12}


def test_later_rents_and_contributions() -> None:
    later = '[[households.leases.rents]]\nfrom = 2021-11-01\nrent = "400.00"\n'
    later += '[[households.contributions]]\nfrom = "2021-11"\namount = "390.00"\n\n[[households]]\ncode = "N03"'
    household = parse_agreement(TEXT.replace('[[households]]\ncode = "N03"', later)).households[1]
    assert household.leases[0].rents[0].rent_cents == 40000
    assert household.decided_cents == {Month(2021, 6): 38000, Month(2021, 11): 39000}


def test_every_value_of_the_example_has_its_line() -> None:
    for keys, _ in LEAVES:
        assert LINES[LINE_OF[keys] - 1].startswith(f"{keys[-1]} = ")


BAD_VALUES = ("nan", "-1", "450.5", '"?"', "[]", "{}", "true", "2021-03-01T00:00:00Z", '"\\u0000"')


@pytest.mark.parametrize(("keys", "value"), LEAVES, ids=[dotted(keys) for keys, _ in LEAVES])
def test_a_bad_value_is_named_by_its_path_and_line(keys: Keys, value: object) -> None:
    line = LINE_OF[keys]
    for bad in BAD_VALUES:
        if bad == '"?"' and keys[-1] in ("name", "project", "city", "funder"):
            continue
        found = problems_of("\n".join([*LINES[: line - 1], f"{keys[-1]} = {bad}", *LINES[line:]]))
        assert [(problem.path, problem.line) for problem in found] == [(dotted(keys), line)], bad
        assert keys[-1] not in PERSONAL or str(value) not in found[0].message


@pytest.mark.parametrize(("keys", "value"), LEAVES, ids=[dotted(keys) for keys, _ in LEAVES])
def test_a_missing_value_is_optional_or_named_with_its_table(keys: Keys, value: object) -> None:
    lines = [line for number, line in enumerate(LINES, 1) if number != LINE_OF[keys]]
    optional = ("pay_day", "iban_cooling_off_days", "language", "received_on", "received", "months", "corrected_iban")
    try:
        parse_agreement("\n".join(lines))
    except AgreementInvalid as error:
        first = error.problems[0]
        missing_received_on = keys == ("allocations", 2, "received_on")
        assert missing_received_on or (first.path == dotted(keys) and "is missing" in first.message)
        assert first.line is not None
        header = LINES[first.line - 1]
        assert header.startswith("[") or missing_received_on
    else:
        assert keys[-1] in optional


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = TEXT.replace('"380.00"', "380.00").replace("pay_day = 5", "pay_day = 32").replace('"AC04"', '"?"')
    found = problems_of(text)
    assert [problem.path for problem in found] == [
        "fund.pay_day",
        "households[1].contribution",
        "households[1].leases[0].rent",
        "events[2].reason",
    ]
    assert [problem.line for problem in found] == sorted(problem.line or 0 for problem in found)


@pytest.mark.parametrize(
    "amount", ["450", "450.0", "nan", "inf", '"450"', '"450,00"', '"4e2"', '"-1.00"', '" 1.00"', '"0.00"']
)
def test_an_amount_is_a_positive_string_with_two_decimals(amount: str) -> None:
    text, line = changed('contribution = "480.00"', f"contribution = {amount}")
    assert [(problem.path, problem.line) for problem in problems_of(text)] == [("households[0].contribution", line)]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('iban = "IT28P9990101800000000000100"', 'iban = "IT94Q9990101800000000000100"', "landlords[0].iban"),
        ('iban = "IT28P9990101800000000000100"', 'iban = "TR330006100519786457841326"', "landlords[0].iban"),
        ("99999010228", "99999010229", "landlords[0].tax_code"),
        ("QQQXXX80A01Z999N", "QQQXXX80A01Z999M", "households[0].tax_code"),
        ("l0001@example.org", "l0001@example", "landlords[0].email"),
        ("richiamata-l0001@example.org", "+39 LEFT", "landlords[0].contact"),
        ("TNX-2021-3T-000101", 'x\\" y', "households[0].leases[0].registration"),
        ("Locatore L0002", "Locatore\\nL0002", "landlords[1].name"),
    ],
)
def test_personal_fields_are_checked_and_never_repeated(old: str, new: str, path: str) -> None:
    text, line = changed(old, new)
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement(text)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [(path, line)]
    assert new.split('"')[-2 if new.endswith('"') else 0] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_telephone_number_can_be_the_contact() -> None:
    text, _ = changed('"richiamata-l0001@example.org"', '"+39 0461 000000"')
    assert parse_agreement(text).landlords[0].contact == "+39 0461 000000"


def test_an_unknown_key_is_named_but_not_when_it_could_be_personal() -> None:
    text, line = changed("pay_day = 5", "pay_days = 5")
    assert [(problem.path, problem.line) for problem in problems_of(text)] == [("fund.pay_days", line)]
    text, line = changed("pay_day = 5", "IT28P9990101800000000000100 = 5")
    assert [(problem.path, problem.line) for problem in problems_of(text)] == [("fund.?", line)]


def test_an_unknown_kind_of_event_and_one_without_a_kind() -> None:
    text, line = changed('what = "outage"', 'what = "QQQXXX80A01Z999N"')
    (problem,) = problems_of(text)
    assert (problem.path, problem.line) == ("events[5].what", line)
    assert "QQQ" not in problem.message
    text, _ = changed('what = "outage"\n', "")
    assert [problem.path for problem in problems_of(text)] == ["events[5].what"]


CROSS_CHECKS = [
    ('code = "A02"', 'code = "A01"', 0, "allocations[1].code"),
    ('code = "L0002"', 'code = "L0001"', 0, "landlords[1].code"),
    ('code = "N02"', 'code = "N01"', 0, "households[1].code"),
    ("99999020227", "99999010228", 0, "landlords[1].tax_code"),
    ("WWWXXX80A01Z999Z", "QQQXXX80A01Z999N", 0, "households[1].tax_code"),
    ("IT48Q9990101800000000000200", "IT28P9990101800000000000100", 0, "landlords[1].iban"),
    ("IT31U9990101800000000000600", "IT28P9990101800000000000100", 0, "events[1].iban"),
    ("IT51V9990101800000000000700", "IT28P9990101800000000000100", 0, "events[2].corrected_iban"),
    ("IT51V9990101800000000000700", "IT31U9990101800000000000600", 0, "events[2].corrected_iban"),
    ("activities_end = 2023-12-02", "activities_end = 2020-10-09", 0, "fund.activities_end"),
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
    ('landlord = "L0005"', 'landlord = "L0009"', 0, "events[3].landlord"),
    ('household = "N05"', 'household = "N06"', 0, "events[4].household"),
    ('landlord = "L0001"', 'landlord = "L0004"', 2, "events[0].landlord"),
    ("from = 2022-03-16", "from = 2022-11-16", 0, "events[0].from"),
    ("from = 2022-03-16", "from = 2022-02-16", 0, "events[0].on"),
    ("starts_on = 2022-07-01", "starts_on = 2022-07-02", 0, "events[3].starts_on"),
    ("starts_on = 2022-07-01", "starts_on = 2021-07-01", 0, "events[3].starts_on"),
    ("on = 2022-06-20\n", "on = 2022-07-20\n", 0, "events[3].on"),
    ('month = "2022-08"', 'month = "2023-12"', 0, "events[4].month"),
    ('month = "2022-08"', 'month = "2022-07"', 0, "events[4].on"),
    ('month = "2022-06"', 'month = "2021-10"', 0, "events[2].month"),
    ('month = "2022-06"', 'month = "2022-07"', 0, "events[2].on"),
    ("on = 2022-05-02", "on = 2022-02-01", 0, "events[1].on"),
    ("until = 2022-11-11", "until = 2022-11-02", 0, "events[5].until"),
    ('amount = "12000.00"', 'amount = "12000.00"\nreceived_ = 1', 0, "allocations[2].received_"),
    ('amount = "22000.00"', 'amount = "20000.00"', 0, "households[3].contribution"),
    ("granted_on = 2021-12-06", "granted_on = 2022-02-10", 0, "households[4].contribution"),
    ('contribution = "520.00"', 'contribution = "821.00"', 0, "events[0].contribution"),
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


def test_a_month_is_suspended_once_and_each_suspension_adds_a_month_at_the_end() -> None:
    again = '\n[[events]]\non = 2022-11-30\nwhat = "suspension"\nhousehold = "N05"\nmonth = "{}"\n'
    assert [problem.path for problem in problems_of(TEXT + again.format("2022-08"))] == [
        "events[4].month",
        "events[6].on",
        "events[6].month",
    ]
    agreement = parse_agreement(TEXT + again.format("2023-10"))
    assert agreement.scheduled_months(agreement.households[4])[-1] == Month(2023, 11)
    assert [problem.path for problem in problems_of(TEXT + again.format("2023-11"))] == ["events[6].month"]


@pytest.mark.parametrize("table", ["fund", "allocations", "landlords", "households"])
def test_a_missing_table_is_named(table: str) -> None:
    data = TEXT.replace(f"[[{table}]]", "[[other]]").replace(f"[{table}]", "[other]").replace(f"[[{table}.", "[[other.")
    assert (table, "is missing") in [(problem.path, problem.message) for problem in problems_of(data)]


def test_events_are_optional() -> None:
    assert parse_agreement(TEXT[: TEXT.index("[[events]]")]).events == ()


def test_too_many_events_are_refused_before_they_are_compared() -> None:
    outage = '\n[[events]]\non = 2022-11-12\nwhat = "outage"\nuntil = 2022-11-12\n'
    (problem,) = problems_of(TEXT + outage * MAX_EVENTS)
    assert (problem.path, problem.message) == ("events", "has too many entries")


def test_an_empty_file_misses_its_four_tables() -> None:
    found = problems_of("")
    assert [(problem.path, problem.line) for problem in found] == [
        (table, None) for table in ("fund", "allocations", "landlords", "households")
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = \n", 1),
        ("[fund]\n\n[fund]\n", 3),
        ('[fund]\nname = "QQQXXX80A01Z999N\n', 2),
        ('[fund]\n"QQQXXX80A01Z999N" = 1\n"QQQXXX80A01Z999N" = 2\n', 3),
        ("a = { QQQXXX80A01Z999N = 1, QQQXXX80A01Z999N = 2 }", 1),
        ("a = 2021-02-30", 1),
        ("a = [\n1,\n", 3),
        ("a = '\x00'", 1),
    ],
)
def test_a_syntax_error_has_its_line_and_repeats_nothing(text: str, line: int) -> None:
    (problem,) = problems_of(text)
    assert (problem.path, problem.line) == ("", line)
    assert "TOML" in problem.message
    assert "QQQ" not in problem.message


@pytest.mark.parametrize("text", ["a = " + "[" * 20000, "a = " + "9" * 5000, "[" + "a." * 20000 + "a]"])
def test_hostile_texts_are_refused(text: str) -> None:
    assert problems_of(text)


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "fund.toml"
    path.write_bytes(b'[fund]\nname = "\xff"\n')
    with pytest.raises(AgreementInvalid) as caught:
        read_agreement(path)
    assert caught.value.problems == (Problem("", 2, "is not UTF-8 text"),)
    assert str(caught.value) == "fund.toml: line 2: is not UTF-8 text"


def test_a_huge_file_a_missing_one_and_a_folder_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (MAX_BYTES + 1))
    for path in (huge, tmp_path / "none.toml", tmp_path):
        with pytest.raises(AgreementInvalid) as caught:
            read_agreement(path)
        assert len(caught.value.problems) == 1


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read_agreement(path) == read_agreement(EXAMPLE)


def test_lines_are_found_around_strings_arrays_and_quoted_keys() -> None:
    text = '''# [no]
a.b = """
[x]
c = 1
"""
"d" = [
  "]", # [
  [1],
] # ]
[e] # here
f = '[['
[[g]]
[[ g . h ]]
i = { j = 1 }
[[g]]
[g.k]
l = 1
'''
    assert find_lines(text) == {
        ("a", "b"): 2,
        ("d",): 6,
        ("e",): 10,
        ("e", "f"): 11,
        ("g", 0): 12,
        ("g", 0, "h", 0): 13,
        ("g", 0, "h", 0, "i"): 14,
        ("g", 1): 15,
        ("g", 1, "k"): 16,
        ("g", 1, "k", "l"): 17,
    }


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 30), st.text(max_size=6))
def test_any_edit_of_the_example_is_accepted_or_named_and_never_crashes(start: int, length: int, new: str) -> None:
    text = TEXT[:start] + new + TEXT[start + length :]
    try:
        assert isinstance(parse_agreement(text), Agreement)
    except AgreementInvalid as error:
        assert error.problems
        for problem in error.problems:
            assert problem.line is None or 1 <= problem.line <= text.count("\n") + 1
        for keys, value in LEAVES:
            if keys[-1] in PERSONAL and isinstance(value, str):
                assert value not in str(error)


def test_models_are_frozen_and_closed() -> None:
    agreement = read_agreement(EXAMPLE)
    with pytest.raises(ValueError, match="frozen"):
        agreement.fund.pay_day = 6  # type: ignore[misc]
    assert isinstance(agreement.events[0], RentIncrease)
