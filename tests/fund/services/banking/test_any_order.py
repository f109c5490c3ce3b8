"""The same files in any order, with repeats, end in the same balances and states (decision 14)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fund.services.banking import open_items, reconciliation, treasury
from fund.services.landlords import landlords
from fund.services.payouts import payments
from tests.fund.fixtures import Prepared, copied_office
from tests.fund.kit import IBANS, MARCH, THIRD_IBAN, Office, add_household
from tests.fund.services.bank_kit import Moved, giornale, report, statement
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.trials import trials

ONE, TWO, THREE, FOUR = (f"PAY-2022-03-000{number}" for number in range(1, 5))
BATCH, OPENING = "BAT-2022-0001", 1_000_000
DEBITS = {
    ONE: Moved(-45_000, ONE, IBANS["L0001"]),
    TWO: Moved(-40_000, TWO, IBANS["L0002"]),
    THREE: Moved(-30_000, THREE, IBANS["L0003"]),
}
BACK = Moved(45_000, ONE, reason="AC04", day="2022-03-08")
DAY_ONE, DAY_TWO = OPENING - 115_000, OPENING - 70_000

FILES = (
    # TWO is announced as rejected and booked all the same, FOUR is rejected and never booked
    report(BATCH, "PART", (TWO, "AC06"), (FOUR, "AM04")),
    report(BATCH, "ACCP", message="R2"),
    statement(1, OPENING, *DEBITS.values()),
    statement(2, DAY_ONE, BACK, day="2022-03-08"),
    statement(3, DAY_TWO, Moved(-700, text="spese"), Moved(-1, ONE, IBANS["L0001"]), day="2022-03-09"),
    statement(1, OPENING, *DEBITS.values(), message="again"),
    giornale("G1", OPENING, *DEBITS.values()),
    giornale("G2", DAY_ONE, BACK, day="2022-03-08"),
    b"payment;outcome;amount;iban;date;reason\n" + f"{THREE};settled;300.00;{IBANS['L0003']};2022-03-07;\n".encode(),
    b"payment;outcome;amount;iban;date;reason\n" + f"{ONE};settled;450.00;{THIRD_IBAN};2022-03-07;\n".encode(),
    # FOUR is rejected again, for a reason that stops its account
    report(BATCH, "PART", (FOUR, "AC04"), message="R3"),
)


NATURAL: dict[str, Any] = {}
"""What the files come to in their own order, worked out once."""


@pytest.fixture
def with_the_bank(prepared_sqlite: Prepared, tmp_path: Path) -> Path:
    """A home whose batch of four payments was sent, with nobody connected to it."""
    office = prepared_sqlite.open_at(tmp_path / "home")
    office.decide(treasury.propose_treasury, TREASURY)
    add_household(office, "N03", "L0003", rent_cents=30_000, amount_cents=30_000, months=3)
    add_household(office, "N04", "L0003", rent_cents=20_000, amount_cents=20_000, months=3)
    office.on("2022-03-05")
    assert office.run_month(MARCH).batch == BATCH
    office.send(BATCH)
    office.close()
    return tmp_path / "home"


def ending(office: Office) -> dict[str, Any]:
    """All that must not depend on the order."""
    shown = office.ask(office.auditor, reconciliation.reconcile)
    queued = office.ask(office.auditor, open_items.list_open_items)
    return {
        "fund": office.balances().fund,
        "payments": {row.code: row.state for row in office.ask(office.auditor, payments.list_payments)},
        "months": [(row.household, row.month, row.state) for row in office.contributions()],
        "accounts": [office.ask(office.auditor, landlords.list_accounts, code)[0].state for code in IBANS],
        "queue": sorted((one.line.outcome, one.line.payment, one.line.matching, one.line.bank_date) for one in queued),
        "bank": (shown.bank_balance_cents, shown.book_balance_cents, len(shown.alarms), len(shown.gaps)),
        "differences": sorted((part.kind, part.amount_cents) for part in shown.differences),
    }


def lived(home: Path, order: Sequence[int], *, verify: bool = False) -> dict[str, Any]:
    """What comes of importing files in an order."""
    with copied_office(home) as office:
        office.on("2022-03-10")
        for number in order:
            office.import_file(FILES[number], f"file-{number}")
        assert not verify or office.findings() == ()
        return ending(office)


@pytest.mark.first
def test_in_their_own_order_everything_is_as_the_account_shows_it(with_the_bank: Path) -> None:
    end = lived(with_the_bank, range(len(FILES)), verify=True)
    assert end["payments"] == {ONE: "returned", TWO: "settled", THREE: "settled", FOUR: "refused"}
    assert [state for _, _, state in end["months"]] == ["approved", "settled", "settled", "approved"]
    assert end["accounts"] == ["suspended", "suspended", "suspended"]
    assert [(outcome, matching) for outcome, _, matching, _ in end["queue"]] == [
        ("debit", "no-reference"),
        ("settled", "amount-differs"),
        ("settled", "iban-differs"),
    ]
    assert end["bank"] == (DAY_TWO - 701, DAY_TWO, 0, 0)


@settings(max_examples=trials(8), suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(FILES))), again=st.lists(st.integers(0, len(FILES) - 1), max_size=4))
def test_the_order_does_not_matter(with_the_bank: Path, order: list[int], again: list[int]) -> None:
    mixed = list(order)
    for place, number in enumerate(again):
        mixed.insert(place * 3, number)
    if not NATURAL:
        NATURAL.update(lived(with_the_bank, range(len(FILES))))
    assert lived(with_the_bank, mixed) == NATURAL


def test_the_hardest_orders_end_in_the_same_and_in_whole_books(with_the_bank: Path) -> None:
    """Backwards, and with what came back before what was paid, and what was paid before what was rejected."""
    natural = lived(with_the_bank, range(len(FILES)))
    for order in (
        (10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
        (3, 7, 0, 10, 2, 5, 6, 8, 9, 1, 4),
        (0, 3, 8, 4, 1, 2, 9, 6, 7, 5, 10),
    ):
        assert lived(with_the_bank, order, verify=True) == natural
