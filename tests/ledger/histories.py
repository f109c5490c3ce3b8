"""Valid random histories of a fund, over every kind of the event table.

``History(seed).entries`` is one, sealed; ``.drafts`` are the same entries before they had a place in the chain. The
histories keep their own simple accounts, apart from ``ledger.position``, so that the two are held against each other.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from ledger import accounts as a
from ledger import events
from ledger.chain import GENESIS, seal
from ledger.entries import Balance, Draft, Entry
from ledger.events import BankFact, PaymentRef, Stamp
from ledger.formula import Term, prorated_cents, write_formula
from ledger.months import Month, month_range
from ledger.position import HouseholdMonths, closing_balances

FUND = "PIS-TRENTO-2020"
CAP_MONTHS = 20
EVIDENCE = "ab" * 32
_DRAFT_FIELDS = [item.name for item in fields(Draft)]


def draft_of(entry: Entry) -> Draft:
    """The draft that an entry was sealed from."""
    return Draft(**{name: getattr(entry, name) for name in _DRAFT_FIELDS})


@dataclass
class OwedMonth:
    """An approved month in the history's own accounts."""

    state: str
    landlord: str
    owed_cents: int
    used_cents: int
    approval: Entry
    payment: PaymentRef | None = None


@dataclass
class Home:
    """A household in the history's own accounts."""

    cap_months: int
    lots: dict[Month, int] = field(default_factory=dict)
    months: dict[Month, OwedMonth] = field(default_factory=dict)
    exited: date | None = None

    @property
    def left(self) -> int:
        return self.cap_months - len(self.lots) - len(self.months)


class History:
    """A fund that lives ``steps`` random steps after its beginning."""

    def __init__(self, seed: int, steps: int = 40) -> None:
        self.random = Random(seed)  # noqa: S311 - no secret depends on it, and a seed must give the same history
        self.entries: list[Entry] = []
        self.day = date(2021, 1, 1)
        self.at = datetime(2021, 1, 1, 6, tzinfo=UTC)
        self.balances: dict[str, int] = defaultdict(int)
        self.homes: dict[str, Home] = {}
        self.landlords: list[str] = []
        self.tranches: dict[str, int] = {}
        self.pool: dict[str, int] = defaultdict(int)
        self.corrected: set[int] = set()
        self.batches = self.payments = 0
        self.unclosed: list[tuple[Month, tuple[Balance, ...]]] = []
        self._begin()
        for _ in range(steps):
            self.step()

    @property
    def drafts(self) -> list[Draft]:
        return [draft_of(entry) for entry in self.entries]

    @property
    def free_cents(self) -> int:
        return -self.balances[a.AVAILABLE]

    def step(self) -> None:
        """Let some days pass, perhaps, and do the first of the possible things in a random order."""
        if self.random.random() < 0.4:
            self.pass_days(self.random.choice([1, 1, 2, 5, 12, 30]))
        actions = [action for action, weight in ACTIONS.items() for _ in range(weight)]
        while not self.random.choice(actions)(self):
            pass

    def pass_days(self, days: int) -> None:
        """Time goes on; what the accounts held at each month's end is kept for its closing."""
        for _ in range(days):
            month = Month.of(self.day)
            if self.day == month.last_day:
                homes = {code: HouseholdMonths(len(home.lots), home.exited) for code, home in self.homes.items()}
                self.unclosed.append((month, closing_balances(month, self.balances, homes)))
            self.day += timedelta(days=1)

    def stamp(self, *, two: bool = True) -> Stamp:
        self.at = max(
            self.at + timedelta(seconds=self.random.randrange(90)), datetime(*self.day.timetuple()[:3], 6, tzinfo=UTC)
        )
        people = self.random.sample(["U01", "U02", "U03"], 2)
        return Stamp(self.day, self.at, people[0], people[1] if two else None)

    def add(self, draft: Draft) -> Entry:
        """Seal a draft behind the others and post it."""
        entry = seal(draft, len(self.entries) + 1, self.entries[-1].hash if self.entries else GENESIS)
        self.entries.append(entry)
        for posting in entry.postings:
            self.balances[posting.account] += posting.amount_cents
        return entry

    def _begin(self) -> None:
        self.add(
            events.agreement(self.stamp(two=False), fund=FUND, cap_months=CAP_MONTHS, activities_end=date(2027, 12, 2))
        )
        for action in (register, register, admit, admit, allocate, receive, commit, commit):
            action(self)

    def amount_cents(self, most_cents: int) -> int:
        """An amount: often a round one, sometimes everything, sometimes a single cent."""
        most = max(most_cents, 1)
        return min(most, self.random.choice([1, most, 45000, 47050, self.random.randint(1, most)]))

    def homes_open(self) -> list[str]:
        return [code for code, home in self.homes.items() if home.exited is None]

    def owed(self, *states: str) -> list[tuple[str, Month, OwedMonth]]:
        """The approved months in one of these states."""
        return [
            (code, month, owed)
            for code, home in self.homes.items()
            for month, owed in home.months.items()
            if owed.state in states
        ]

    def committed(self) -> list[tuple[str, Month, int]]:
        return [(code, month, cents) for code in self.homes_open() for month, cents in self.homes[code].lots.items()]


def register(history: History) -> bool:
    if len(history.landlords) >= 4:
        return False
    code = f"L{len(history.landlords) + 1:04d}"
    history.landlords.append(code)
    history.add(events.registration(history.stamp(two=False), landlord=code))
    return True


def admit(history: History) -> bool:
    if len(history.homes) >= 4:
        return False
    code, cap_months = f"N{len(history.homes) + 1:02d}", history.random.choice([CAP_MONTHS, CAP_MONTHS, 3])
    history.homes[code] = Home(cap_months)
    history.add(events.admission(history.stamp(two=False), household=code, cap_months=cap_months, evidence=EVIDENCE))
    return True


def allocate(history: History) -> bool:
    code = f"A{len(history.entries):02d}"
    cents = history.random.choice([500_000, 2_500_000, 100_001])
    history.tranches[code] = cents
    history.add(events.allocation(history.stamp(two=False), allocation=code, amount_cents=cents, evidence=EVIDENCE))
    return True


def receive(history: History) -> bool:
    open_tranches = [code for code, cents in history.tranches.items() if cents]
    if not open_tranches:
        return False
    code = history.random.choice(open_tranches)
    cents = history.amount_cents(history.tranches[code])
    history.tranches[code] -= cents
    history.add(events.receipt(history.stamp(), allocation=code, amount_cents=cents, bank_date=history.day))
    return True


def commit(history: History) -> bool:
    codes = [code for code in history.homes_open() if history.homes[code].left]
    if not codes:
        return False
    code = history.random.choice(codes)
    home = history.homes[code]
    count = history.random.randint(1, min(home.left, 6))
    first = Month.of(history.day).plus(history.random.randint(-2, 12))
    months = [month for month in month_range(first, count) if month not in home.lots and month not in home.months]
    lots = {month: history.random.choice([45000, 47000, 45000, 38917, 1]) for month in months}
    if not lots or sum(lots.values()) > history.free_cents:
        return False
    home.lots |= lots
    history.add(events.commitment(history.stamp(), household=code, months=lots))
    return True


def reschedule(history: History) -> bool:
    if not history.committed():
        return False
    code, month, cents = history.random.choice(history.committed())
    home = history.homes[code]
    target = history.random.choice([month, month.plus(1), month.plus(history.random.randint(-3, 9))])
    put = {target: history.random.choice([cents, cents + 2000, max(1, cents - 1500)])}
    if target != month and (target in home.lots or target in home.months):
        return False
    if sum(put.values()) - cents > history.free_cents:
        return False
    del home.lots[month]
    home.lots |= put
    draft = events.rescheduling(
        history.stamp(), household=code, taken={month: cents}, put=put, reason="rent-increase", evidence=EVIDENCE
    )
    history.add(draft)
    return True


def release(history: History) -> bool:
    if not history.committed():
        return False
    code, _, _ = history.random.choice(history.committed())
    lots = history.homes[code].lots
    months = sorted(lots)[-history.random.randint(1, len(lots)) :]
    given = {month: lots.pop(month) for month in months}
    history.add(events.release(history.stamp(), household=code, months=given, reason="departure"))
    return True


def approve(history: History) -> bool:
    """A whole month, a smaller amount, or one prorated by days with its formula."""
    if not history.committed() or not history.landlords:
        return False
    code, month, lot_cents = history.random.choice(history.committed())
    landlord = history.random.choice(history.landlords)
    amount_cents, formula = lot_cents, None
    match history.random.randrange(4):
        case 0:
            amount_cents = history.amount_cents(lot_cents)
        case 1:
            days = history.random.randint(1, month.days - 1)
            terms = [Term(max(1, lot_cents // 2), days, month.days), Term(lot_cents, month.days - days, month.days)]
            amount_cents, formula = min(prorated_cents(terms), lot_cents), write_formula(terms)
            if amount_cents != prorated_cents(terms) or not amount_cents:
                return False
    draft = events.approval(
        history.stamp(),
        household=code,
        landlord=landlord,
        month=month,
        amount_cents=amount_cents,
        lot_cents=lot_cents,
        formula=formula,
    )
    home = history.homes[code]
    del home.lots[month]
    home.months[month] = OwedMonth("approved", landlord, amount_cents, amount_cents, history.add(draft))
    return True


def order(history: History) -> bool:
    owed_months = history.owed("approved")
    if not owed_months:
        return False
    code, month, owed = history.random.choice(owed_months)
    offset_cents = min(history.pool[owed.landlord], owed.owed_cents)
    cents = owed.owed_cents - offset_cents
    if cents == 0:
        return False
    history.payments += 1
    history.batches += 1
    history.pool[owed.landlord] -= offset_cents
    payment = f"PAY-{Month.of(history.day)}-{history.payments:04d}"
    owed.payment = PaymentRef(payment, code, owed.landlord, month, cents)
    owed.state, owed.owed_cents = "ordered", cents
    history.add(
        events.order(
            history.stamp(), owed.payment, batch=f"BAT-{history.day.year}-{history.batches:04d}", evidence=EVIDENCE
        )
    )
    return True


def _answer(history: History, before: str, after: str, make: Callable[[PaymentRef], Draft]) -> bool:
    owed_months = history.owed(before)
    if not owed_months:
        return False
    _, _, owed = history.random.choice(owed_months)
    assert owed.payment is not None
    owed.state = after
    history.add(make(owed.payment))
    return True


def settle(history: History) -> bool:
    bank = BankFact(history.day, EVIDENCE)
    return _answer(history, "ordered", "settled", lambda ref: events.settlement(history.stamp(two=False), ref, bank))


def refuse(history: History) -> bool:
    bank = BankFact(history.day, EVIDENCE, "AC04")
    return _answer(history, "ordered", "approved", lambda ref: events.refusal(history.stamp(two=False), ref, bank))


def give_back(history: History) -> bool:
    bank = BankFact(history.day, EVIDENCE, "AC06")
    return _answer(history, "settled", "approved", lambda ref: events.returned(history.stamp(two=False), ref, bank))


def cancel(history: History) -> bool:
    return _answer(
        history,
        "ordered",
        "approved",
        lambda ref: events.cancellation(history.stamp(), ref, batch="BAT-2021-0001", reason="wrong-account"),
    )


def overpay(history: History) -> bool:
    paid = [item for item in history.owed("settled") if item[2].used_cents]
    if not paid:
        return False
    code, month, owed = history.random.choice(paid)
    cents = history.amount_cents(owed.used_cents)
    owed.used_cents -= cents
    history.add(
        events.overpayment(
            history.stamp(),
            household=code,
            landlord=owed.landlord,
            month=month,
            amount_cents=cents,
            reason="departure",
            evidence=EVIDENCE,
        )
    )
    return True


def recover(history: History) -> bool:
    """In money, or set off against what is owed to the same landlord."""
    debtors = [code for code in history.landlords if history.balances[a.recovery(code)]]
    if not debtors:
        return False
    code = history.random.choice(debtors)
    most_cents, offset = history.balances[a.recovery(code)], history.random.random() < 0.5
    if offset:
        most_cents = min(most_cents, -history.balances[a.landlord(code)])
        if not most_cents:
            return False
    cents = history.amount_cents(most_cents)
    history.pool[code] += cents if offset else 0
    history.add(events.recovery(history.stamp(), landlord=code, amount_cents=cents, offset=offset))
    return True


def refund(history: History) -> bool:
    if history.free_cents <= 0:
        return False
    history.add(events.refund(history.stamp(), amount_cents=history.amount_cents(min(history.free_cents, 90_000))))
    return True


def refund_payment(history: History) -> bool:
    owed_cents = -history.balances[a.FUNDER]
    if owed_cents <= 0:
        return False
    cents = history.amount_cents(owed_cents)
    history.add(events.refund_payment(history.stamp(), amount_cents=cents, bank_date=history.day))
    return True


def correct(history: History) -> bool:
    """Mirror an earlier entry, where nothing was built on it."""
    candidates = [entry for entry in history.entries if entry.seq not in history.corrected]
    entry = history.random.choice([entry for entry in candidates if entry.kind in _UNDO] or [history.entries[0]])
    if entry.kind not in _UNDO or not _UNDO[entry.kind](history, entry):
        return False
    history.corrected.add(entry.seq)
    history.add(events.correction(history.stamp(), entry, reason="data-entry"))
    return True


def _undo_allocation(history: History, entry: Entry) -> bool:
    code, cents = str(entry.facts.allocation), entry.postings[0].amount_cents
    if history.tranches[code] != cents or history.free_cents < cents:
        return False
    del history.tranches[code]
    return True


def _undo_receipt(history: History, entry: Entry) -> bool:
    history.tranches[str(entry.facts.allocation)] += entry.postings[0].amount_cents
    return True


def _undo_commitment(history: History, entry: Entry) -> bool:
    home = history.homes[str(entry.facts.household)]
    lots = {posting.month: -posting.amount_cents for posting in entry.postings if posting.month}
    if home.exited or any(home.lots.get(month) != cents for month, cents in lots.items()):
        return False
    for month in lots:
        del home.lots[month]
    return True


def _undo_approval(history: History, entry: Entry) -> bool:
    home, month = history.homes[str(entry.facts.household)], entry.facts.month
    assert month is not None
    owed = home.months.get(month)
    if home.exited or owed is None or owed.approval is not entry or owed.state != "approved":
        return False
    amount_cents, lot_cents = entry.postings[0].amount_cents, entry.postings[2].amount_cents
    if owed.used_cents != amount_cents or -history.balances[a.landlord(owed.landlord)] < amount_cents:
        return False
    if lot_cents - amount_cents > history.free_cents:
        return False
    history.pool[owed.landlord] += amount_cents - owed.owed_cents
    del home.months[month]
    home.lots[month] = lot_cents
    return True


_UNDO = {
    "allocation": _undo_allocation,
    "receipt": _undo_receipt,
    "commitment": _undo_commitment,
    "approval": _undo_approval,
}


def close_month(history: History) -> bool:
    if not history.unclosed:
        return False
    month, balances = history.unclosed.pop(0)
    history.add(events.closing(history.stamp(two=False), month=month, balances=balances))
    return True


def leave(history: History) -> bool:
    codes = [code for code in history.homes_open() if not history.homes[code].lots]
    if not codes:
        return False
    code = history.random.choice(codes)
    history.homes[code].exited = history.day
    history.add(events.exit_(history.stamp(two=False), household=code, reason="departure"))
    return True


ACTIONS: dict[Callable[[History], bool], int] = {
    register: 1,
    admit: 1,
    allocate: 1,
    receive: 2,
    commit: 3,
    reschedule: 3,
    release: 1,
    approve: 9,
    order: 9,
    settle: 8,
    refuse: 1,
    give_back: 2,
    cancel: 1,
    overpay: 3,
    recover: 4,
    refund: 1,
    refund_payment: 1,
    correct: 3,
    close_month: 4,
    leave: 1,
}
"""What can happen, and how often it is tried."""


def histories(most_steps: int = 40) -> st.SearchStrategy[History]:
    """Valid histories of up to ``most_steps`` steps; a failing one is told by its seed and steps."""
    return st.builds(History, st.integers(0, 2**32), st.integers(0, most_steps))
