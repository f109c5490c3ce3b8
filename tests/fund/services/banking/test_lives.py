"""Lives of a payment: in parts, twice, taken back, returned, undone, paid again, told by two series, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fund.domain import errors
from fund.services.banking import imports, open_items, reconciliation, unmatching
from fund.services.landlords import landlords
from fund.services.payouts import payments
from tests.fund.fixtures import Prepared, copied_office
from tests.fund.kit import IBANS, Office
from tests.fund.services.bank_kit import Moved, giornale, report, statement
from tests.fund.services.conftest import send_march
from tests.trials import trials

FIRST, AGAIN, CENTS, OPENING = "PAY-2022-03-0001", "PAY-2022-03-0003", 45_000, 1_000_000
MOVES = {"d": -CENTS, "p": -15_000, "o": -50_000, "c": CENTS, "r": CENTS, "q": 15_000}
"""What a step moves: a debit of the payment, of a part and of more; money that comes back, all of it and a part."""


@pytest.fixture
def with_the_bank(prepared_sqlite: Prepared, tmp_path: Path) -> Path:
    """A home whose batch was sent on 5 March 2022, with nobody connected to it."""
    office = prepared_sqlite.open_at(tmp_path / "home")
    send_march(office)
    office.close()
    return tmp_path / "home"


@dataclass
class Account:
    """The city's account as the bank keeps it: a day of it is told by a statement, and by a treasurer's journal."""

    balance_cents: int = OPENING
    days: int = 0
    moves: int = 0
    standing: dict[str, list[int]] = field(default_factory=dict)

    def day(self, payment: str, steps: Sequence[str | int]) -> list[bytes]:
        """The files of the next day, on which a payment is debited and comes back: a step, or its cents."""
        self.days += 1
        day, opening_cents = f"2022-03-{6 + self.days:02d}", self.balance_cents
        moved = [self._move(payment, step, day) for step in steps]
        self.balance_cents += sum(one.cents for one in moved)
        told = statement(self.days, opening_cents, *moved, day=day)
        again = statement(self.days, opening_cents, *moved, day=day, name=f"S{self.days}-BIS", message="again")
        return [told, again, giornale(f"G{self.days}", opening_cents, *moved, day=day)]

    def _move(self, payment: str, step: str | int, day: str) -> Moved:
        self.moves += 1
        receipts = self.standing.setdefault(payment, [])
        reference, cents = f"R{self.moves}", step if isinstance(step, int) else MOVES[step]
        if cents < 0:
            receipts.append(9000 + self.moves)
            return Moved(cents, payment, IBANS["L0001"], day=day, reference=reference, receipt=receipts[-1], mandate=1)
        reason = "AC04" if step in ("r", "q") else None
        back = Moved(cents, payment, day=day, reference=reference, reason=reason, is_reversal=step == "c", mandate=1)
        return Moved(**{**vars(back), "receipt": receipts.pop()})


def possible(days: Sequence[Sequence[str]]) -> list[list[str]]:
    """A life without what cannot be: no more comes back than is there, and each time of another receipt."""
    net_cents, receipts, lived = 0, 0, []
    for steps in days:
        lived.append([])
        for step in steps:
            cents = -MOVES[step]
            if cents > 0 or (receipts and net_cents + cents >= 0):
                net_cents += cents
                receipts += 1 if cents > 0 else -1
                lived[-1].append(step)
    return [steps for steps in lived if steps]


def resolve_amounts(office: Office) -> None:
    """A person says of each line of another amount that it is the payment, as long as that can be."""
    is_done = False
    while not is_done:
        is_done = True
        for one in office.ask(office.auditor, open_items.list_open_items):
            line = one.line
            if line.matching != "amount-differs":
                continue
            try:
                office.match_line(line.file, line.ordinal, to="other-amount", key=line.payment)
            except errors.LineDoesNotAgree:
                continue
            is_done = False
            break


def imported(office: Office, files: Sequence[bytes], chance: Random) -> None:
    """The files in some order, some of them more than once; whatever is known by then, books and bank add up."""
    mixed = [*files, *chance.sample(files, len(files) // 3)]
    chance.shuffle(mixed)
    for number, data in enumerate(mixed):
        office.import_file(data, f"file-{number}")
        if chance.random() < 0.3:
            resolve_amounts(office)
        shown = office.ask(office.auditor, reconciliation.reconcile)
        assert shown.difference_cents == sum(part.amount_cents for part in shown.differences)
    resolve_amounts(office)


def state_of(office: Office, code: str) -> tuple[str, int, int]:
    """State, and what is paid and paid by mistake."""
    row = office.ask(office.auditor, payments.review_payment, code).payment
    return row.state, row.paid_cents, row.misexecuted_cents


def queue(office: Office) -> set[tuple[str, str]]:
    shown = office.ask(office.auditor, open_items.list_open_items)
    return {(one.line.payment, str(one.line.matching)) for one in shown}


def proved(office: Office, account: Account) -> None:
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert (shown.bank_balance_cents, shown.book_balance_cents) == (account.balance_cents, account.balance_cents)
    assert (shown.differences, shown.gaps, shown.alarms) == ((), (), ())
    assert office.findings() == ()


STEPS = st.lists(st.lists(st.sampled_from("dddppocrq"), min_size=1, max_size=3), min_size=1, max_size=3)


@pytest.mark.long
@settings(
    max_examples=trials(15),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(days=STEPS, seed=st.integers(0, 1_000), is_undone=st.booleans())
@example(days=[["d", "d"], ["c"]], seed=1, is_undone=False)
@example(days=[["d"], ["d"], ["c"]], seed=2, is_undone=False)
@example(days=[["d", "r"]], seed=3, is_undone=True)
@example(days=[["d"], ["r"], ["d"], ["d", "c"]], seed=4, is_undone=False)
@example(days=[["p", "p"], ["q"], ["p"]], seed=5, is_undone=True)
@example(days=[["o"], ["q", "d"]], seed=6, is_undone=False)
@example(days=[["d", "q"], ["p", "p"]], seed=7, is_undone=True)
def test_any_life_told_in_any_order_ends_as_its_movements_add_up(
    with_the_bank: Path, days: list[list[str]], seed: int, is_undone: bool
) -> None:
    lived, account, chance = possible(days), Account(), Random(seed)  # noqa: S311  # a seed gives the same order
    files = [file for steps in lived for file in account.day(FIRST, steps)]
    moved = [MOVES[step] for steps in lived for step in steps]
    paid_cents, mistaken_cents = min(-sum(moved), CENTS), max(-sum(moved) - CENTS, 0)
    rest_cents = max(CENTS + sum(cents for cents in moved if cents < 0), 0)
    with copied_office(with_the_bank) as office:
        office.on("2022-03-12")
        imported(office, files, chance)
        unpaid = "returned" if lived else "sent"
        state = "settled" if paid_cents == CENTS else "part-paid" if paid_cents else unpaid
        assert state_of(office, FIRST) == (state, paid_cents, mistaken_cents)
        assert queue(office) == ({(FIRST, "paid-twice")} if mistaken_cents else set())
        if not lived:
            return
        proved(office, account)
        if rest_cents:
            (month,) = office.contributions(household="N01")
            assert month.state == "ordered"
            office.import_file(report("BAT-2022-0001", "PART", (FIRST, "AM04"), day="2022-03-12"))
        (month,) = office.contributions(household="N01")
        assert month.state == ("settled" if paid_cents == CENTS else "approved")
        if paid_cents == CENTS:
            with pytest.raises(errors.NothingToPay):
                office.prepare(payments.prepare_batch)
        else:
            _paid_again(office, account, chance, files, is_undone=is_undone)


STRANGERS = {"x": Moved(-CENTS, text="bonifico"), "y": Moved(CENTS, text="bonifico"), "z": Moved(-15_000, text="saldo")}
"""Lines that name nobody, and that people may take for a payment's."""


@pytest.mark.long
@settings(
    max_examples=trials(20),
    deadline=None,
    derandomize=True,  # of many equal debits another can be the one that paid: decision 70
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    days=st.lists(st.lists(st.sampled_from("ddpcrqxxyz"), min_size=1, max_size=3), min_size=1, max_size=4),
    seed=st.integers(0, 1_000),
)
@example(days=[["x"], ["d"]], seed=1)
@example(days=[["d", "d", "c"]], seed=0)
@example(days=[["d"], ["y"], ["x", "d"]], seed=2)
def test_what_people_mistook_and_took_back_leaves_no_trace(
    with_the_bank: Path, days: list[list[str]], seed: int
) -> None:
    """The same lines end in the same states as if nobody had taken any of them for what it is not."""
    account, chance = Account(), Random(seed)  # noqa: S311  # a seed gives the same order
    files = [_told(account, steps) for steps in days]
    with copied_office(with_the_bank) as office, copied_office(with_the_bank) as other:
        taken: list[tuple[str, int]] = []
        for number, data in enumerate(files):
            office.on("2022-03-12").import_file(data, f"file-{number}")
            other.on("2022-03-12").import_file(data, f"file-{number}")
            for _ in range(2):
                taken += mistaken(office, chance)
        while taken:
            undone = [place for place in taken if taken_back(office, place)]
            assert undone, "the last one can always be taken back"
            taken = [place for place in taken if place not in undone]
        assert _stand(office) == _stand(other)
        assert office.findings() == ()


def _told(account: Account, steps: Sequence[str]) -> bytes:
    """The statement of a day on which a payment moves by its name, and strangers without any."""
    account.days += 1
    day, opening_cents = f"2022-03-{6 + account.days:02d}", account.balance_cents
    moved = [
        replace(STRANGERS[step], day=day) if step in STRANGERS else Moved(MOVES[step], FIRST, day=day) for step in steps
    ]
    account.balance_cents += sum(one.cents for one in moved)
    return statement(account.days, opening_cents, *moved, day=day)


def mistaken(office: Office, chance: Random) -> list[tuple[str, int]]:
    """Some open line, which two people take for a payment, where that can be."""
    open_ = [one.line for one in office.ask(office.auditor, open_items.list_open_items)]
    if not open_:
        return []
    line, to = chance.choice(open_), chance.choice(["payment", "other-amount"])
    try:
        office.match_line(line.file, line.ordinal, to=to, key=chance.choice([FIRST, "PAY-2022-03-0002"]))
    except (errors.LineDoesNotAgree, errors.StateNotAllowed):
        return []
    return [(line.file, line.ordinal)]


def taken_back(office: Office, place: tuple[str, int]) -> bool:
    """Two people take a match back, unless another rests on it."""
    try:
        office.confirm(office.prepare(unmatching.unmatch_line, *place, reason="data-entry"))
    except errors.MatchStands:
        return False
    return True


def _stand(office: Office) -> dict[str, object]:
    """Payments and months, and what became of each line."""
    dump = office.dump()
    lines = [(line.file, line.ordinal, line.matching) for line in office.ask(office.auditor, imports.list_lines)]
    return {"payments": dump["payment"], "months": dump["contribution"], "lines": sorted(lines)}


def _paid_again(office: Office, account: Account, chance: Random, before: list[bytes], *, is_undone: bool) -> None:
    """Another payment of what is owed of the month; the bank may pay that of the first one as well."""
    (live, *_) = office.ask(office.auditor, landlords.list_accounts, "L0001")
    if live.state == "suspended":
        office.confirm_account("L0001")
    _, paid_cents, _ = state_of(office, FIRST)
    owed_cents = CENTS - paid_cents
    office.send(office.pay_again().code)
    account.days = 12 - 6  # a debit on no day before the order
    files = [*account.day(AGAIN, [-owed_cents]), *(account.day(FIRST, [-owed_cents]) if is_undone else ())]
    office.on("2022-03-20")
    imported(office, [*files, *before], chance)
    assert state_of(office, AGAIN) == ("settled", owed_cents, 0)
    state, *cents = state_of(office, FIRST)
    assert (state == "part-paid", cents) == (paid_cents > 0, [paid_cents, owed_cents if is_undone else 0])
    assert queue(office) == ({(FIRST, "paid-twice")} if is_undone else set())
    assert office.findings() == ()
    with pytest.raises(errors.NothingToPay):
        office.prepare(payments.prepare_batch)
