"""The agreement file: the example holds, and every bad value is named by its path and its line, and never repeated."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund.documents.catalogue import translator
from fund.domain.agreement.reading import (
    Agreement,
    AgreementInvalid,
    parse_agreement,
    read_agreement,
)
from fund.domain.agreement.toml_lines import Keys
from ledger.months import Month
from tests.fund.agreement_kit import EXAMPLE, LEAVES, LINE_OF, LINES, PERSONAL, TEXT, changed, dotted, problems_of
from tests.trials import trials


def test_the_example_is_the_fund_of_the_issue() -> None:
    agreement = read_agreement(EXAMPLE)
    fund = agreement.fund
    assert (fund.code, fund.currency, fund.target_months, fund.cap_months) == ("TRENTO-PIS", "EUR", 20, 20)
    assert (fund.agreement_date, fund.activities_end) == (date(2020, 10, 9), date(2023, 10, 9))
    assert [household.months for household in agreement.households] == [20] * 5
    contributions = [household.contribution_cents for household in agreement.households]
    assert min(contributions) == 38000
    assert max(contributions) == 62000
    assert [lease.landlord for household in agreement.households for lease in household.leases].count("L0001") == 2
    assert len(agreement.allocations) == 3
    assert "invented" in TEXT.lower().split("[fund]")[0]


def test_the_example_schedules_a_hundred_months() -> None:
    schedules = [household.scheduled_months for household in read_agreement(EXAMPLE).households]
    assert sum(map(len, schedules)) == 100
    assert schedules[4][-1] == Month(2023, 9)


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
    text = TEXT.replace("cap_months = 20", "cap_months = 12").replace("target_months = 20", "target_months = 12")
    agreement = parse_agreement(text.replace("\nmonths = 20\n", "\n"))
    assert {household.months for household in agreement.households} == {12}


def test_later_rents_and_contributions() -> None:
    later = '[[households.leases.rents]]\nfrom = 2021-11-01\nrent = "400.00"\n'
    later += '[[households.contributions]]\nfrom = "2021-11"\namount = "390.00"\n\n[[households]]\ncode = "N03"'
    household = parse_agreement(TEXT.replace('[[households]]\ncode = "N03"', later)).households[1]
    assert household.leases[0].rents[0].rent_cents == 40000
    assert household.decided_cents == {Month(2021, 6): 38000, Month(2021, 11): 39000}


BAD_VALUES = ("nan", "-1", "450.5", '"?"', "[]", "{}", "true", "2021-03-01T00:00:00Z", '"\\u0000"')


@pytest.mark.parametrize(("keys", "value"), LEAVES, ids=[dotted(keys) for keys, _ in LEAVES])
def test_a_bad_value_is_named_by_its_path_and_line(keys: Keys, value: object) -> None:
    line = LINE_OF[keys]
    for bad in BAD_VALUES:
        if bad == '"?"' and keys[-1] in ("name", "project", "city", "funder", "bollo", "chapter", "act"):
            continue
        if bad == "true" and keys[-1] == "payee_check_required":
            continue
        found = problems_of("\n".join([*LINES[: line - 1], f"{keys[-1]} = {bad}", *LINES[line:]]))
        assert [(problem.path, problem.line) for problem in found] == [(dotted(keys), line)], bad
        assert keys[-1] not in PERSONAL or str(value) not in str(found[0].message)


@pytest.mark.parametrize(("keys", "value"), LEAVES, ids=[dotted(keys) for keys, _ in LEAVES])
def test_a_missing_value_is_optional_or_named_with_its_table(keys: Keys, value: object) -> None:
    lines = [line for number, line in enumerate(LINES, 1) if number != LINE_OF[keys]]
    optional = (
        "pay_day",
        "iban_cooling_off_days",
        "language",
        "received_on",
        "received",
        "months",
        "corrected_iban",
        "cuc",
        "format",
        "payee_check_required",
        "tax_check_days",
    )
    try:
        parse_agreement("\n".join(lines))
    except AgreementInvalid as error:
        first = error.problems[0]
        missing_received_on = keys == ("allocations", 2, "received_on")
        assert missing_received_on or (first.path == dotted(keys) and "is missing" in str(first.message))
        assert first.line is not None
        header = LINES[first.line - 1]
        assert header.startswith("[") or missing_received_on
    else:
        assert keys[-1] in optional or "opi" in keys


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = TEXT.replace('"380.00"', "380.00").replace("pay_day = 5", "pay_day = 32")
    text = text.replace('"QQQXXX80A01Z999N"', '"?"')
    found = problems_of(text)
    assert [problem.path for problem in found] == [
        "fund.pay_day",
        "households[0].tax_code",
        "households[1].contribution",
        "households[1].leases[0].rent",
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


@pytest.mark.parametrize("table", ["fund", "allocations", "landlords", "households"])
def test_a_missing_table_is_named(table: str) -> None:
    data = TEXT.replace(f"[[{table}]]", "[[other]]").replace(f"[{table}]", "[other]").replace(f"[[{table}.", "[[other.")
    assert (table, "is missing") in [(problem.path, str(problem.message)) for problem in problems_of(data)]


EVENT = '\n[[events]]\non = 2022-02-21\nwhat = "rent-increase"\nhousehold = "N01"\nrent = "520.00"\n'


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("it", "non fa parte della convenzione: registrare ciò che cambia (un canone, un locatore, un conto)"),
        ("en", "is not part of an agreement: enter what changes (a rent, a landlord, an account) in the service"),
    ],
    ids=["it", "en"],
)
def test_an_agreement_that_holds_events_is_refused_with_the_reason(language: str, reason: str) -> None:
    (problem,) = problems_of(TEXT + EVENT + EVENT)
    assert (problem.path, problem.line) == ("events[0]", TEXT.count("\n") + 2)
    assert translator(language).say(problem.message).startswith(reason)


def test_an_empty_file_misses_its_five_tables() -> None:
    found = problems_of("")
    assert [(problem.path, problem.line) for problem in found] == [
        (table, None) for table in ("fund", "founders", "allocations", "landlords", "households")
    ]


@settings(max_examples=trials(300))
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
        agreement.fund.pay_day = 6
