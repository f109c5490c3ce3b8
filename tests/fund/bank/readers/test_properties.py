"""Whatever the dialect, the same movements are read; whatever the bytes, it ends in a message or in one refusal."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund.bank.port import BankMessage
from fund.bank.readers import Mapping, read
from fund.domain.errors import UnreadableBankFile
from tests.fund.bank.readers.kit import (
    DAY,
    Dialect,
    Movement,
    camt,
    entry,
    facts,
    message,
    other,
    part,
    statement,
    status_report,
    transaction,
)
from tests.fund.bank.readers.opi_kit import Line, account, journal, outcome, outcomes
from tests.fund.bank.readers.samples_kit import SAMPLES, samples_in
from tests.trials import trials

CENTS = st.integers(1, 99_999_999)
PAYMENTS = st.one_of(st.none(), st.from_regex(r"PAY-20[0-9]{2}-(0[1-9]|1[0-2])-[0-9]{4}", fullmatch=True))
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=30)


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    """A payment, a receipt, a return or a reversal."""
    kind = draw(st.sampled_from(("paid", "received", "returned", "reversed")))
    cents = draw(CENTS)
    return Movement(
        cents=-cents if kind == "paid" else cents,
        payment=draw(PAYMENTS),
        iban=draw(st.one_of(st.none(), st.integers(1, 9999).map(other))),
        name=draw(st.one_of(st.none(), TEXTS)),
        is_booked=draw(st.booleans()),
        is_reversal=kind == "reversed",
        reason=draw(st.sampled_from(("AC04", "MD07", "MS03"))) if kind == "returned" else None,
        day=draw(DAYS),
    )


@st.composite
def dialects(draw: st.DrawFn, *, has_balances: bool | None = None) -> Dialect:
    """Any way to write a camt that the issue names."""
    envelope = draw(st.sampled_from(("", "", "other", "cbi")))
    family = "camt.053" if envelope == "cbi" else draw(st.sampled_from(("camt.052", "camt.053", "camt.054")))
    return Dialect(
        family=family,
        version=2 if envelope == "cbi" else draw(st.integers(2, 14)),
        prefix=draw(st.sampled_from(("", "ns2", "Doc"))),
        envelope=envelope,
        has_details_first=draw(st.booleans()),
        has_balances_last=draw(st.booleans()),
        has_balances=draw(st.booleans()) if has_balances is None else has_balances,
        opening_code=draw(st.sampled_from(("OPBD", "PRCD"))),
    )


@st.composite
def batches(draw: st.DrawFn) -> list[Movement]:
    """Movements that a bank books together: one direction, one day, one state."""
    first = replace(draw(movements()), is_reversal=False)
    amounts = draw(st.lists(CENTS, min_size=0, max_size=5))
    sign = -1 if first.cents < 0 else 1
    return [first, *(replace(first, cents=sign * cents, payment=draw(PAYMENTS)) for cents in amounts)]


@given(dialects(), st.lists(batches(), max_size=6), st.integers(-(10**9), 10**9))
def test_what_is_written_is_read(dialect: Dialect, booked: list[list[Movement]], opening: int) -> None:
    flat = [movement for batch in booked for movement in batch]
    closing = opening + sum(movement.cents for movement in flat if movement.is_booked)
    entries = [entry(dialect, batch) for batch in booked]
    told = read(message(dialect, [statement(dialect, entries, opening, closing)]))
    assert facts(told) == flat
    assert [line.ordinal for line in told.statements[0].entries] == list(range(1, len(flat) + 1))


@given(dialects(has_balances=True), st.lists(movements(), min_size=1, max_size=5), st.data())
def test_an_amount_that_changes_breaks_the_balance(dialect: Dialect, told: list[Movement], data: st.DataObject) -> None:
    told = [replace(movement, is_booked=True) for movement in told]
    index = data.draw(st.integers(0, len(told) - 1))
    cents = data.draw(CENTS.filter(lambda cents: cents != abs(told[index].cents)))
    sign = -1 if told[index].cents < 0 else 1
    changed = [*told[:index], replace(told[index], cents=sign * cents), *told[index + 1 :]]
    entries = [entry(dialect, [movement]) for movement in changed]
    closing = 1_000_000 + sum(movement.cents for movement in told)
    with pytest.raises(UnreadableBankFile) as caught:
        read(message(dialect, [statement(dialect, entries, 1_000_000, closing)]))
    assert caught.value.reason == "balance-differs"


@given(dialects(), st.lists(movements(), min_size=1, max_size=4), st.data())
def test_a_detail_that_changes_is_refused_with_or_without_balances(
    dialect: Dialect, told: list[Movement], data: st.DataObject
) -> None:
    """The entry's own amount comes first in these dialects, the detail's second: changing either one is seen."""
    amount = f"{abs(told[0].cents) // 100}.{abs(told[0].cents) % 100:02d}".encode()
    source = camt([told[0]], replace(dialect, has_balances=False))
    assert source.count(b">" + amount + b"<") == 2
    which = data.draw(st.booleans())
    cents = data.draw(CENTS.filter(lambda cents: cents != abs(told[0].cents)))
    other_amount = f">{cents // 100}.{cents % 100:02d}<".encode()
    head, first, rest = source.partition(b">" + amount + b"<")
    changed = head + other_amount + rest if which else head + first + rest.replace(b">" + amount + b"<", other_amount)
    with pytest.raises(UnreadableBankFile) as caught:
        read(changed)
    assert caught.value.reason == "details-differ"


@given(st.lists(CENTS, min_size=1, max_size=5), st.integers(-(10**9), 10**9))
def test_a_journal_is_read_or_refused(amounts: list[int], opening: int) -> None:
    lines = [Line(-cents, number) for number, cents in enumerate(amounts, start=1)]
    (found,) = read(journal(account(lines, opening))).statements
    assert [line.amount_cents for line in found.entries] == [-cents for cents in amounts]
    assert (found.opening_cents, found.closing_cents) == (opening, opening - sum(amounts))
    with pytest.raises(UnreadableBankFile):
        read(journal(account(lines, opening, opening - sum(amounts) + 1)))


# -- reading is total

SEEDS = (
    camt([Movement(-100, "PAY-2026-03-0001", other(1), "L"), Movement(5, reason="AC04")]),
    camt([Movement(-100, "PAY-2026-03-0001")], Dialect(envelope="cbi", version=2, prefix="a")),
    status_report(part(transaction("PAY-1", "RJCT", "AC01"), "PART")),
    journal(account([Line(-45_000), Line(45_000, 2, "STORNATO")])),
    outcomes(outcome("PAGATO"), outcome("NON ESEGUIBILE")),
    b":20:R\n:25:IT40X0999101800000000000001\n:28C:7/1\n:60F:C260309EUR10000,00\n:61:2603100310D450,00NTRFP//B\n"
    b":86:116?00B?20EREF+PAY-2026-03-0001?21SVWZ+X?31DE02120300000000202051?32L\n:62F:C260310EUR9550,00\n-\n",
    b"id;eur;day\nPAY-1;450,00;2026-03-10\n",
)
CSV = Mapping(payment="id", amount="eur", date="day")
SCRAPS = st.sampled_from(
    (b"", b"<", b">", b"&", b"\x00", b"\xff", b"-", b",", b";", b'"', b"\n", b"9" * 30, b"NaN", b"<a>", b"</Stmt>",
     b":61:", b":20:", b":62F:", b"<Ntry>", b"<!DOCTYPE a>", b"<![CDATA[", b"?20", b"0.001", b"1e9",
     "٣".encode(), b"2026-99-99")
)  # fmt: skip


def ends(data: bytes) -> None:
    """A message or the one refusal; anything else would be an error of the test."""
    for mapping in (None, CSV):
        try:
            told = read(data, mapping)
        except UnreadableBankFile as error:
            assert error.reason
        else:
            assert isinstance(told, BankMessage)
            assert told.statements or told.statuses or told.notices


@given(st.binary(max_size=400))
def test_any_bytes_end_in_one_of_two_ways(data: bytes) -> None:
    ends(data)


@given(st.sampled_from((b"<", b":20:", b"id;eur;day\n")), st.text(max_size=300))
def test_any_text_ends_in_one_of_two_ways(head: bytes, text: str) -> None:
    ends(head + text.encode("utf-8", "surrogatepass"))


@settings(max_examples=trials(400))
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), SCRAPS), min_size=1, max_size=4))
def test_mutated_files_end_in_one_of_two_ways(seed: bytes, changes: list[tuple[float, int, bytes]]) -> None:
    data = seed
    for where, length, scrap in changes:
        start = int(where * len(data))
        data = data[:start] + scrap + data[start + length :]
    ends(data)


@settings(max_examples=trials(150))
@given(st.data())
def test_mutated_samples_end_in_one_of_two_ways(data: st.DataObject) -> None:
    source = (SAMPLES / data.draw(st.sampled_from(sorted(samples_in(SAMPLES))))).read_bytes()
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 60))
    ends(source[:start] + data.draw(SCRAPS) + source[start + length :])


@given(st.sampled_from(SEEDS[:5]), st.data())
def test_a_truncated_file_is_never_read(seed: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(seed.rstrip()) - 1))
    with pytest.raises(UnreadableBankFile):
        read(seed[:cut])


def test_the_day_of_these_tests() -> None:
    assert facts(read(SEEDS[0]))[0].day == DAY
