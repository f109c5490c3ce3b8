"""What is suggested for an open line is accepted when it is taken, and the only thing that it can be is suggested."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

import pytest

from fund.domain import errors
from fund.domain.bank_views import OpenItem
from fund.domain.lists import Resolution
from fund.doors.transaction import reading
from fund.services.banking import open_items, resolutions
from fund.services.banking.line_matches import judge_match
from fund.services.banking.resolutions import line_at
from fund.services.context import Context
from fund.services.money import money
from fund.services.payouts import payments
from fund.store import journal
from ledger import accounts
from tests.examples import first_of
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office, add_household
from tests.fund.services.bank_kit import Moved, giornale, notification, report, statement

FIRST, SECOND, BATCH = "PAY-2022-03-0001", "PAY-2022-03-0002", "BAT-2022-0001"
OPENING = 1_000_000
PAID = Moved(-45_000, FIRST, IBANS["L0001"], reference="R1"), Moved(-40_000, SECOND, IBANS["L0002"], reference="R2")
TWICE = replace(PAID[0], reference=None)
RETURNED = Moved(45_000, FIRST, reason="AC04", reference="R3", day="2022-03-08")
AFTER = {"day": "2022-03-08"}

FILES = {
    "a debit without a code, with its IBAN or not": [
        statement(1, OPENING, Moved(-45_000, iban=IBANS["L0001"]), Moved(-40_000))
    ],
    "several payments in one debit, to the cent or not": [statement(1, OPENING, Moved(-85_000))],
    "both payments are named, and a cent is lacking": [statement(1, OPENING, Moved(-84_999, text=f"{FIRST} {SECOND}"))],
    "the batch is named, and a cent is lacking": [statement(1, OPENING, Moved(-84_999, text=f"DISTINTA {BATCH}"))],
    "a little more, less, much more, under another IBAN": [
        statement(1, OPENING, replace(PAID[0], cents=-45_150), replace(PAID[1], cents=-39_999)),
        statement(2, OPENING - 85_149, Moved(-45_000, SECOND, OTHER_IBAN, **AFTER), **AFTER),
    ],
    "charges that are given back and that nobody owes": [
        statement(1, OPENING, replace(PAID[0], cents=-44_800, charges_cents=-200))
    ],
    "two debits that a journal tells of one day, and a statement of two": [
        giornale("G1", OPENING, TWICE, TWICE),
        statement(1, OPENING, TWICE),
        statement(2, OPENING - 45_000, replace(TWICE, **AFTER), **AFTER),
    ],
    "a notification that lists a debit twice, and a statement": [
        notification(statement(1, OPENING, TWICE, TWICE)),
        statement(1, OPENING, TWICE),
    ],
    "what comes back, in part, without a code, and twice": [
        statement(1, OPENING, *PAID),
        statement(2, OPENING - 85_000, replace(RETURNED, cents=20_000), Moved(40_000, **AFTER), **AFTER),
        giornale("G2", OPENING - 85_000, Moved(40_000, day="2022-03-09"), day="2022-03-09"),
    ],
    "a rejection after the debit, and one of another amount": [
        statement(1, OPENING, replace(PAID[0], cents=-30_000)),
        report(BATCH, "PART", (FIRST, "AC04"), (SECOND, "AM04")),
    ],
    "other people's movements, told by two series": [
        statement(1, OPENING, Moved(-7_700, text="bolletta"), Moved(300, text="interessi"), Moved(-1_50)),
        giornale("G1", OPENING, Moved(-7_700), Moved(300), Moved(-1_50)),
    ],
}
"""What the bank says, file by file, of a home with two payments under way."""


def judged(context: Context, item: OpenItem, to: str, key: str) -> tuple[str, ...] | None:
    """The kinds of the entries that a match would book; ``None`` where it is refused."""
    try:
        line = line_at(context, item.line.file, item.line.ordinal).line
        return judge_match(context, line, Resolution(to), key).entries
    except errors.FundError:
        return None


def whole_ways(context: Context, item: OpenItem) -> set[tuple[str, str]]:
    """All that a line can be whole, without a mistake of the bank: it could be a part, or charges, of anything. Of
    another amount only the payment that it names; and what was paid twice only tells again what is booked.
    """
    codes = [row.code for row in payments.list_payments(context)]
    together = chain.from_iterable(combinations(sorted(codes), count) for count in range(2, len(codes) + 1))
    entries = journal.read_entries(context.session, [])
    moved = [one.seq for one in entries if any(part.account == accounts.TREASURY for part in one.postings)]

    def tried() -> Iterator[tuple[str, str]]:
        yield from (("payment", code) for code in codes)
        yield from (("payments", ",".join(some)) for some in together)
        yield from (("batch", code) for code in {row.batch for row in payments.list_payments(context)})
        yield from (("entry", str(seq)) for seq in moved)

    is_booked = item.line.matching == "paid-twice"
    found = {(to, key): judged(context, item, to, key) for to, key in tried() if to == "entry" or not is_booked}
    ways = {way for way, kinds in found.items() if kinds is not None and "misexecution" not in kinds}
    named = item.line.payment
    if not ways and named and not is_booked and judged(context, item, "other-amount", named) is not None:
        return {("other-amount", named)}
    return ways


def check_suggestions(office: Office) -> list[OpenItem]:
    """Every suggestion is accepted; where a line can be one thing alone, that is suggested. Returns the open items."""
    shown = office.ask(office.preparer, open_items.list_open_items)
    with reading(office.app, office.preparer) as context:
        for item in shown:
            one_by_one = open_items.view_line(context, item.line.file, item.line.ordinal).suggestions
            assert one_by_one == item.suggestions
            suggested = [(one.kind, one.key) for one in item.suggestions if one.kind != "line"]
            assert [way for way in suggested if judged(context, item, *way) is None] == [], item
            ways = whole_ways(context, item)
            assert len(ways) != 1 or ways <= {*suggested}, item
    return shown


@pytest.mark.parametrize("is_reversed", first_of([False, True]))
@pytest.mark.parametrize("told", FILES)
def test_each_suggestion_is_accepted_and_the_only_way_is_suggested(sent: Office, told: str, is_reversed: bool) -> None:
    """After each file, in either order."""
    for data in reversed(FILES[told]) if is_reversed else FILES[told]:
        sent.import_file(data)
        check_suggestions(sent)


def suggested(office: Office) -> list[tuple[str, str]]:
    return [(one.kind, one.key) for item in check_suggestions(office) for one in item.suggestions]


@pytest.mark.first
def test_several_payments_that_lack_a_cent_are_suggested_where_they_are_named(sent: Office) -> None:
    """By their codes, or by their batch; what is suggested of a batch is all that is under way of it."""
    view = sent.import_file(statement(1, OPENING, Moved(-84_999, text=f"DISTINTA {BATCH}")))
    assert suggested(sent) == [("other-amount", BATCH)]
    line = sent.match_line(view.sha256, 1, to="other-amount", key=BATCH)
    assert (line.resolved_as, line.resolved_to) == ("other-amount", f"{FIRST},{SECOND}")
    states = {row.code: row.state for row in sent.ask(sent.auditor, payments.list_payments)}
    assert states == {FIRST: "settled", SECOND: "part-paid"}
    assert sent.findings() == ()


def test_three_payments_of_five_in_one_debit_are_suggested_where_no_others_are_so_much(office: Office) -> None:
    for number, cents in ((3, 31_000), (4, 32_000), (5, 33_500)):
        add_household(office, f"N0{number}", "L0003", rent_cents=cents, amount_cents=cents, months=2)
    office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    codes = [f"PAY-2022-03-000{number}" for number in (1, 3, 5)]
    office.on("2022-03-10").import_file(statement(1, OPENING, Moved(-109_500)))
    assert suggested(office) == [("payments", ",".join(codes))]


def test_a_collection_that_a_second_series_tells_is_suggested_its_entry(sent: Office) -> None:
    sent.decide(money.propose_allocation, code="A02", granted_on=sent.day, amount_cents=300_000)
    view = sent.import_file(giornale("G1", OPENING, Moved(300_000)))
    assert suggested(sent) == [("allocation", "A02")]
    sent.match_line(view.sha256, 1, to="allocation", key="A02")
    sent.import_file(statement(1, OPENING, Moved(300_000, day="2022-03-09"), day="2022-03-09"))
    ((kind, key),) = suggested(sent)
    assert kind == "entry"
    made = sent.prepare(resolutions.match_line, *_place(sent), to=Resolution.ENTRY, key=key)
    sent.confirm(made.proposal or 0)
    assert suggested(sent) == []


def _place(office: Office) -> tuple[str, int]:
    (item,) = office.ask(office.auditor, open_items.list_open_items)
    return item.line.file, item.line.ordinal
