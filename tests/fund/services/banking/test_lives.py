"""Lives of a payment: made twice, taken back, returned, undone, paid again, told by two series, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fund.domain import errors
from fund.services.banking import open_items, reconciliation, treasury
from fund.services.landlords import landlords
from fund.services.payouts import payments
from tests.fund.fixtures import Prepared, copied_office
from tests.fund.kit import IBANS, MARCH, Office
from tests.fund.services.bank_kit import Moved, giornale, statement
from tests.fund.services.banking.test_bank_formats import TREASURY

FIRST, AGAIN, CENTS, OPENING = "PAY-2022-03-0001", "PAY-2022-03-0003", 45_000, 1_000_000


@pytest.fixture
def with_the_bank(prepared_sqlite: Prepared, tmp_path: Path) -> Path:
    """A home whose batch was sent on 5 March 2022, with nobody connected to it."""
    office = prepared_sqlite.open_at(tmp_path / "home")
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    office.close()
    return tmp_path / "home"


@dataclass
class Account:
    """The city's account as the bank keeps it: a day of it is told by a statement, and by a treasurer's journal."""

    balance_cents: int = OPENING
    days: int = 0
    moves: int = 0
    standing: dict[str, list[int]] = field(default_factory=dict)

    def day(self, payment: str, steps: Sequence[str]) -> list[bytes]:
        """The files of the next day, on which a payment is debited (``d``) and comes back (``c``, ``r``)."""
        self.days += 1
        day, opening_cents = f"2022-03-{6 + self.days:02d}", self.balance_cents
        moved = [self._move(payment, step, day) for step in steps]
        self.balance_cents += sum(one.cents for one in moved)
        told = statement(self.days, opening_cents, *moved, day=day)
        again = statement(self.days, opening_cents, *moved, day=day, name=f"S{self.days}-BIS", message="again")
        return [told, again, giornale(f"G{self.days}", opening_cents, *moved, day=day)]

    def _move(self, payment: str, step: str, day: str) -> Moved:
        self.moves += 1
        receipts = self.standing.setdefault(payment, [])
        reference = f"R{self.moves}"
        if step == "d":
            receipts.append(9000 + self.moves)
            return Moved(-CENTS, payment, IBANS["L0001"], day=day, reference=reference, receipt=receipts[-1], mandate=1)
        reason = "AC04" if step == "r" else None
        back = Moved(CENTS, payment, day=day, reference=reference, reason=reason, is_reversal=step == "c", mandate=1)
        return Moved(**{**vars(back), "receipt": receipts.pop()})


def possible(days: Sequence[Sequence[str]]) -> list[list[str]]:
    """A life without what cannot be: nothing comes back that is not there."""
    net, lived = 0, []
    for steps in days:
        lived.append([])
        for step in steps:
            if step == "d" or net:
                net += 1 if step == "d" else -1
                lived[-1].append(step)
    return [steps for steps in lived if steps]


def imported(office: Office, files: Sequence[bytes], chance: Random) -> None:
    """The files in some order, some of them more than once; whatever is known by then, books and bank add up."""
    mixed = [*files, *chance.sample(files, len(files) // 3)]
    chance.shuffle(mixed)
    for number, data in enumerate(mixed):
        office.import_file(data, f"file-{number}")
        shown = office.ask(office.auditor, reconciliation.reconcile)
        assert shown.difference_cents == sum(part.amount_cents for part in shown.differences)


def state_of(office: Office, code: str) -> tuple[str, int]:
    row = office.ask(office.auditor, payments.review_payment, code).payment
    return row.state, row.misexecuted_cents // CENTS


def queue(office: Office) -> list[tuple[str, str]]:
    shown = office.ask(office.auditor, open_items.list_open_items)
    return [(one.line.payment, str(one.line.matching)) for one in shown]


def proved(office: Office, account: Account) -> None:
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert (shown.bank_balance_cents, shown.book_balance_cents) == (account.balance_cents, account.balance_cents)
    assert (shown.differences, shown.gaps, shown.alarms) == ((), (), ())
    assert office.findings() == ()


STEPS = st.lists(st.lists(st.sampled_from("dddcr"), min_size=1, max_size=3), min_size=1, max_size=3)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(days=STEPS, seed=st.integers(0, 1_000), is_undone=st.booleans())
@example(days=[["d", "d"], ["c"]], seed=1, is_undone=False)
@example(days=[["d"], ["d"], ["c"]], seed=2, is_undone=False)
@example(days=[["d", "r"]], seed=3, is_undone=True)
@example(days=[["d"], ["r"], ["d"], ["d", "c"]], seed=4, is_undone=False)
def test_any_life_told_in_any_order_ends_as_its_movements_add_up(
    with_the_bank: Path, days: list[list[str]], seed: int, is_undone: bool
) -> None:
    lived, account, chance = possible(days), Account(), Random(seed)  # noqa: S311  # a seed gives the same order
    files = [file for steps in lived for file in account.day(FIRST, steps)]
    net = sum(1 if step == "d" else -1 for steps in lived for step in steps)
    with copied_office(with_the_bank) as office:
        office.on("2022-03-12")
        imported(office, files, chance)
        ended = ("settled", net - 1) if net else ("returned" if lived else "sent", 0)
        assert state_of(office, FIRST) == ended
        assert queue(office) == [(FIRST, "paid-twice")] * max(net - 1, 0)
        if not lived:
            return
        proved(office, account)
        (month,) = office.contributions(household="N01")
        assert month.state == ("settled" if net else "approved")
        if net:
            with pytest.raises(errors.NothingToPay):
                office.prepare(payments.prepare_batch)
        else:
            _paid_again(office, account, chance, files, is_undone=is_undone)


def _paid_again(office: Office, account: Account, chance: Random, before: list[bytes], *, is_undone: bool) -> None:
    """Another payment of the month; the bank may undo the return of the first one as well."""
    (live, *_) = office.ask(office.auditor, landlords.list_accounts, "L0001")
    if live.state == "suspended":
        office.confirm_account("L0001")
    office.send(office.pay_again().code)
    account.days = 12 - 6  # a debit on no day before the order
    files = [*account.day(AGAIN, "d"), *(account.day(FIRST, "d") if is_undone else ())]
    office.on("2022-03-20")
    imported(office, [*files, *before], chance)
    assert state_of(office, AGAIN) == ("settled", 0)
    assert state_of(office, FIRST) == ("returned", 1 if is_undone else 0)
    assert queue(office) == [(FIRST, "paid-twice")] * is_undone
    assert office.findings() == ()
    with pytest.raises(errors.NothingToPay):
        office.prepare(payments.prepare_batch)
