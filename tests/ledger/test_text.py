"""Nothing but codes reaches the books, whoever asks for it; and the reader takes nothing but what the writer made."""

import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.accounts import CHART
from ledger.chain import GENESIS, extend, seal
from ledger.entries import (
    FACTS,
    Balance,
    Draft,
    Entry,
    Facts,
    NotAllowed,
    Posting,
)
from ledger.findings import Finding
from ledger.money import MAX_CENTS
from ledger.months import Month
from ledger.reader import Refused, read_entry, read_record, read_records
from ledger.text import format_instant, render
from tests.ledger.histories import History
from tests.ledger.kit import record_text
from tests.ledger.story import APRIL, approve, beginning, whole_story
from tests.trials import trials

AWKWARD = [
    'N01"',
    'N01"\nplugin "os"',
    "N01\n",
    "N01\r",
    "N01\\",
    "N٠1",
    "Ｎ01",
    "N01\x00",
    "N 01",
    "",
    "Nome Cognome",
    "NOME COGNOME",
    "IT60X0542811101000000123456",
    "AAAAAA00A00A000A",
    "name@example.org",
    "; comment",
    "^link",
    "#tag",
    "{",
]
TEXT = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(string.printable, max_size=20)
DRAFTS = whole_story()
CODES = ["fund", "household", "landlord", "payment", "batch", "allocation", "reason", "formula", "evidence"]


def _refused(draft: Draft) -> bool:
    try:
        seal(draft, 1, GENESIS)
    except NotAllowed:
        return True
    return False


@pytest.mark.parametrize("name", FACTS)
def test_no_fact_takes_code_names_or_account_numbers(name: str) -> None:
    for text in AWKWARD:
        with pytest.raises(NotAllowed) as refused:
            seal(replace(DRAFTS[0], facts=Facts(**{name: text})), 1, GENESIS)  # type: ignore[arg-type]
        assert refused.value.place == name, text
        assert not text or text not in str(refused.value)


@settings(max_examples=trials(150))
@given(st.sampled_from(CODES), TEXT)
@example("reason", "rent-increase")
def test_what_a_fact_takes_is_ascii_of_a_few_signs(name: str, text: str) -> None:
    check_a_fact_takes_ascii_only(name, text)


@pytest.mark.long
@settings(max_examples=trials(1000))
@given(st.sampled_from(CODES), TEXT)
def test_what_a_fact_takes_is_ascii_of_a_few_signs_in_many_trials(name: str, text: str) -> None:
    check_a_fact_takes_ascii_only(name, text)


def check_a_fact_takes_ascii_only(name: str, text: str) -> None:
    draft = replace(beginning()[0], facts=Facts(**{name: text}))  # type: ignore[arg-type]
    if not _refused(draft):
        assert set(text) <= {*string.ascii_letters, *string.digits, *"-.*/+"}
        assert f'  {name}: "{text}"\n' in render(seal(draft, 1, GENESIS))


@settings(max_examples=trials(300))
@given(st.sampled_from(["kind", "prepared_by", "approved_by"]), TEXT)
@example("kind", 'gift" ; "')
@example("prepared_by", "U01\n")
@example("approved_by", "Nome Cognome")
def test_kinds_and_people_are_codes(name: str, text: str) -> None:
    draft = replace(beginning()[0], **{name: text})  # type: ignore[arg-type]
    if not _refused(draft):
        assert set(text) <= {*string.ascii_letters, *string.digits, "-"}


@given(TEXT)
@example("Assets:Treasury")
@example("Assets:Treasury\n")
@example("Expenses:Rent")
@example("Assets:Recovery:Bank")
@example('Assets:Treasury  1 EUR\nplugin "os"\n')
def test_no_posting_and_no_balance_names_an_account_outside_the_chart(account: str) -> None:
    chart = {line.name for line in CHART if line.per is None}
    moved = replace(DRAFTS[5], postings=(Posting(account, 1), Posting("Liabilities:OutstandingOrders", -1)))
    assert _refused(moved) == (account not in chart)
    closing = replace(DRAFTS[8], balances=(Balance(account, 1),))
    assert _refused(closing) == (account not in {*chart, "Expenses:Rent"})


@pytest.mark.parametrize(
    "posting",
    [
        Posting("Assets:Treasury", 0),
        Posting("Assets:Treasury", MAX_CENTS + 1),
        Posting("Assets:Treasury", -MAX_CENTS - 1),
        Posting("Assets:Treasury", 1, APRIL),
        Posting("Equity:Fund:Committed:N01", 1),
    ],
)
def test_postings_have_an_amount_and_only_commitments_a_month(posting: Posting) -> None:
    assert _refused(replace(DRAFTS[5], postings=(posting,)))


def test_balances_have_an_amount_that_can_be_written() -> None:
    assert _refused(replace(DRAFTS[8], balances=(Balance("Assets:Treasury", MAX_CENTS + 1),)))


@pytest.mark.parametrize(
    "changes",
    [
        {"date": date(1999, 12, 31)},
        {"date": date(2100, 1, 1)},
        {"date": datetime(2022, 3, 1, 10, tzinfo=UTC)},
        {"recorded_at": datetime(1999, 12, 31, tzinfo=UTC)},
        {"recorded_at": datetime(2022, 3, 1, tzinfo=timezone(timedelta(hours=1)))},
        {"recorded_at": datetime(2022, 3, 1)},  # noqa: DTZ001 - the naive instant is what is refused
        {"recorded_at": datetime(2022, 3, 1, microsecond=1, tzinfo=UTC)},
    ],
)
def test_days_and_instants_are_those_that_the_reader_knows(changes: dict[str, object]) -> None:
    assert _refused(replace(beginning()[0], **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("changes", [{"seq": 0}, {"prev": '"\nplugin "os"'}, {"hash": '"\nplugin "os"'}, {"hash": ""}])
def test_an_entry_out_of_a_changed_database_is_not_written(changes: dict[str, object]) -> None:
    entry = seal(beginning()[0], 1, GENESIS)
    with pytest.raises(NotAllowed):
        render(replace(entry, **changes))  # type: ignore[arg-type]


def test_instants_are_written_in_utc() -> None:
    rome = datetime(2022, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert format_instant(rome) == "2022-06-30T23:30:00Z"


@given(st.integers(0, 2**32))
def test_entries_are_read_as_they_were_written(seed: int) -> None:
    for entry in History(seed, 3).entries:
        assert read_entry(entry.record) == entry


def test_an_entry_is_read_only_under_its_hash() -> None:
    entry = seal(beginning()[0], 1, GENESIS)
    other = entry.record.replace(entry.hash[:8].encode(), b"00000000")
    with pytest.raises(Refused):
        read_entry(other)


_KINDS = [draft.kind for draft in DRAFTS]
STORY = record_text(extend(DRAFTS[_KINDS.index("allocation") : _KINDS.index("refusal") + 1]))


CHANGED_BYTE = st.integers(0, len(STORY) - 1), st.integers(0, 255)


@settings(max_examples=trials(150))
@given(*CHANGED_BYTE)
def test_one_changed_byte_never_reads_as_the_same_books(place: int, byte: int) -> None:
    check_a_changed_byte(place, byte)


@pytest.mark.long
@settings(max_examples=trials(1500))
@given(*CHANGED_BYTE)
def test_one_changed_byte_never_reads_as_the_same_books_in_many_trials(place: int, byte: int) -> None:
    check_a_changed_byte(place, byte)


def check_a_changed_byte(place: int, byte: int) -> None:
    changed = STORY[:place] + bytes([byte]) + STORY[place + 1 :]
    items = list(read_records("months/all.beancount", changed))
    entries = [item.entry for item in items if not isinstance(item, Finding)]
    if all(not isinstance(item, Finding) for item in items):
        assert record_text(entries) == changed
    else:
        assert changed != STORY


@settings(max_examples=trials(500))
@given(st.lists(st.sampled_from(render(seal(approve("2022-04-10"), 1, GENESIS)).splitlines()), max_size=20))
def test_lines_in_another_order_are_refused_and_nothing_worse(lines: list[str]) -> None:
    block = "".join(line + "\n" for line in lines)
    try:
        entry = read_record(block).entry
    except Refused as refused:
        assert 0 <= refused.line <= len(lines)
    else:
        assert render(entry) == block


@settings(max_examples=trials(500))
@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    assert all(isinstance(item, Finding) for item in read_records("months/all.beancount", data))


def test_a_refusal_says_the_line() -> None:
    text = STORY.replace(b"400.00 EUR", b"400,00 EUR", 1)
    refused = [item for item in read_records("m", text) if isinstance(item, Finding)]
    line = text[: text.index(b"400,00 EUR")].count(b"\n") + 1
    block = text[: text.index(b"400,00 EUR")].rfind(b"\n\n") + 2
    assert [finding.rule for finding in refused] == ["gate"]
    assert text[:block].count(b"\n") + 1 <= int(str(refused[0].place).partition(":")[2]) <= line


def test_an_entry_is_what_its_record_says() -> None:
    entry = seal(approve("2022-04-10", Month(2022, 4), 30000, "450.00*20/30"), 7, GENESIS)
    assert read_record(render(entry)).entry == entry
    assert isinstance(entry, Entry)
