"""The fund's position: what the entries up to a point add up to.

A fold over entries in order. It reports each breach of a rule as a finding and goes on, so that one pass tells all.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ledger import accounts as a
from ledger.entries import ACCOUNT_CLOSES_AFTER, Balance, Entry
from ledger.findings import Finding
from ledger.formula import formula_cents
from ledger.kinds import CORRECTABLE, KINDS
from ledger.money import format_cents
from ledger.months import Month
from ledger.shape import shape_breaches


@dataclass(slots=True)
class Household:
    """A household's months: lots still committed (month → cents), and months approved (month → state)."""

    cap_months: int
    opened: date
    lots: dict[Month, int] = field(default_factory=dict)
    months: dict[Month, str] = field(default_factory=dict)
    exited: date | None = None

    @property
    def months_used(self) -> int:
        return len(self.months)


@dataclass(slots=True)
class Payment:
    """An attempt to pay an approved month, and its state."""

    household: str
    landlord: str
    month: Month
    amount_cents: int
    state: str


PAYMENT_STEPS = {
    "settlement": ("ordered", "settled"),
    "refusal": ("ordered", "refused"),
    "return": ("settled", "returned"),
    "cancellation": ("ordered", "cancelled"),
}
"""From which state of the payment a kind of entry leads to which."""

_MONTH_AFTER = {"settled": "settled", "refused": "approved", "returned": "approved", "cancelled": "approved"}

_NEVER_CREDIT = {
    a.RECEIVABLE: "over-receipt",
    a.RECOVERY: "over-recovery",
}
_NEVER_DEBIT = {
    a.AVAILABLE: "over-commitment",
    a.LANDLORDS: "over-order",
    a.FUNDER: "over-order",
    a.IN_TRANSIT: "over-order",
}


@dataclass(frozen=True, slots=True)
class HouseholdMonths:
    """How many months are committed to a household, and the day on which its position was closed for good."""

    committed: int
    exited: date | None


_ASSERTED = (a.TREASURY, a.IN_TRANSIT, a.RECEIVABLE, a.FUNDER, a.AVAILABLE, a.USED)


def closing_balances(
    month: Month, balances_cents: Mapping[str, int], households: Mapping[str, HouseholdMonths]
) -> tuple[Balance, ...]:
    """What the closing of a month asserts, from what every account held at its end.

    The fund's accounts, the expenses as a whole, and each household's committed months (a credit, so not above zero)
    unless its account is closed by then.
    """
    rent_cents = sum(cents for account, cents in balances_cents.items() if account.startswith(a.RENT + ":"))
    fund = [Balance(account, balances_cents.get(account, 0)) for account in _ASSERTED]
    months = [
        Balance(a.committed(code), -household.committed)
        for code, household in sorted(households.items())
        if household.exited is None or household.exited + ACCOUNT_CLOSES_AFTER > month.next_first_day()
    ]
    return (*fund, Balance(a.RENT, rent_cents), *months)


@dataclass(slots=True)
class Position:
    """Everything that the books say, as of the last entry applied."""

    cap_months: int = 0
    fund: str | None = None
    seq: int = 0
    day: date | None = None
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    households: dict[str, Household] = field(default_factory=dict)
    landlords: dict[str, date] = field(default_factory=dict)
    allocations: set[str] = field(default_factory=set)
    payments: dict[str, Payment] = field(default_factory=dict)
    approvals: dict[tuple[str, Month], tuple[str, int]] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    corrected: set[int] = field(default_factory=set)
    closed_month: Month | None = None
    month_ends: dict[Month, tuple[Balance, ...]] = field(default_factory=dict)

    def apply(self, entry: Entry) -> list[Finding]:
        """Take one entry in, and tell every rule that it breaks."""
        self._remember_month_ends(entry.date)
        findings = [Finding(rule, detail, entry.seq) for rule, detail in self._judge(entry)]
        self.seq, self.day = entry.seq, entry.date
        return findings

    def _remember_month_ends(self, day: date) -> None:
        if self.day is None:
            return
        month = Month.of(self.day)
        while month.last_day < day:
            self.month_ends[month] = closing_balances(month, self.balances, self.positions())
            month = month.plus(1)

    def positions(self) -> dict[str, HouseholdMonths]:
        """Each admitted household's committed months, as a closing needs them."""
        return {
            code: HouseholdMonths(len(household.lots), household.exited) for code, household in self.households.items()
        }

    def _judge(self, entry: Entry) -> Iterator[tuple[str, str]]:
        if self.day is not None and entry.date < self.day:
            yield "order-of-days", f"dated {entry.date}, after an entry of {self.day}"
        if entry.kind not in KINDS:
            yield "shape", "of a kind that the event table does not know"
            return
        yield from shape_breaches(entry)
        yield from self._known(entry)
        yield from self._post(entry)
        yield from self._step(entry)
        if entry.kind in CORRECTABLE:
            self.entries[entry.seq] = entry

    def _known(self, entry: Entry) -> Iterator[tuple[str, str]]:
        facts = entry.facts
        household = self.households.get(facts.household) if facts.household else None
        if facts.household and household is None and entry.kind != "admission":
            yield "unknown-code", f"household {facts.household} was not admitted"
        if household is not None and household.exited and any(p.month for p in entry.postings):
            yield "closed-position", f"household {facts.household} was closed on {household.exited}"
        if facts.landlord and facts.landlord not in self.landlords and entry.kind != "registration":
            yield "unknown-code", f"landlord {facts.landlord} was not registered"
        if facts.allocation and facts.allocation not in self.allocations and entry.kind != "allocation":
            yield "unknown-code", f"allocation {facts.allocation} was never granted"

    def _post(self, entry: Entry) -> Iterator[tuple[str, str]]:
        if sum(posting.amount_cents for posting in entry.postings):
            yield "unbalanced", "debits and credits differ"
        for posting in entry.postings:
            self.balances[posting.account] += posting.amount_cents
            if posting.month is not None:
                yield from self._lot(entry, posting.account, posting.month, posting.amount_cents)
        for account in {posting.account for posting in entry.postings}:
            yield from self._sign(account)
        rent_cents = sum(p.amount_cents for p in entry.postings if p.account.startswith(a.RENT + ":"))
        used_cents = sum(p.amount_cents for p in entry.postings if p.account == a.USED)
        if rent_cents != -used_cents:
            yield "mirror", "what is used and the expenses do not move together"

    def _lot(self, entry: Entry, account: str, month: Month, amount_cents: int) -> Iterator[tuple[str, str]]:
        code = a.household_of(account)
        household = self.households.get(code or "")
        if household is None:
            return
        if amount_cents > 0:
            lot_cents = household.lots.pop(month, None)
            if lot_cents is None:
                rule = "duplicate" if month in household.months else "over-approval"
                yield rule, f"{code} has no committed lot for {month}"
            elif lot_cents != amount_cents:
                yield "over-approval", f"{code}'s lot for {month} is {format_cents(lot_cents)}"
            return
        if month in household.lots or (month in household.months and entry.kind != "correction"):
            yield "duplicate", f"{code} already has {month}"
        household.lots[month] = -amount_cents

    def _sign(self, account: str) -> Iterator[tuple[str, str]]:
        balance_cents = self.balances[account]
        for name, rule in _NEVER_CREDIT.items():
            if balance_cents < 0 and account.startswith(name):
                yield rule, f"{account} would be {format_cents(balance_cents)}"
        for name, rule in _NEVER_DEBIT.items():
            if balance_cents > 0 and account.startswith(name):
                yield rule, f"{account} would be {format_cents(balance_cents)}"

    def _step(self, entry: Entry) -> Iterator[tuple[str, str]]:
        facts = entry.facts
        match entry.kind:
            case "agreement":
                if self.seq:
                    yield "shape", "the agreement is the first entry, and there is one"
                self.fund, self.cap_months = facts.fund, facts.cap_months or 0
            case "registration" if facts.landlord:
                if facts.landlord in self.landlords:
                    yield "duplicate", f"landlord {facts.landlord} is registered already"
                self.landlords[facts.landlord] = entry.date
            case "admission" if facts.household:
                if facts.household in self.households:
                    yield "duplicate", f"household {facts.household} is admitted already"
                cap_months = facts.cap_months or 0
                if cap_months > self.cap_months:
                    yield "cap", f"household {facts.household} is given {cap_months} months of {self.cap_months}"
                self.households[facts.household] = Household(min(cap_months, self.cap_months), entry.date)
            case "allocation" if facts.allocation:
                self.allocations.add(facts.allocation)
            case "approval" if facts.household and facts.month:
                yield from self._approve(entry, facts.household, facts.month)
            case "order" if facts.payment:
                yield from self._order(entry, facts.payment)
            case "correction" if facts.corrects:
                yield from self._correct(entry, facts.corrects)
            case "closing" if facts.month:
                yield from self._close(entry, facts.month)
            case "exit" if facts.household in self.households:
                household = self.households[facts.household]
                if household.lots:
                    yield "order-of-states", f"household {facts.household} still has committed months"
                household.exited = entry.date
            case kind if kind in PAYMENT_STEPS:
                yield from self._answer(entry)
        if entry.kind in ("commitment", "rescheduling", "correction") and facts.household in self.households:
            yield from self._cap(facts.household)

    def _cap(self, code: str) -> Iterator[tuple[str, str]]:
        household = self.households[code]
        months = household.months_used + len(household.lots)
        if months > household.cap_months:
            yield "cap", f"household {code} has {months} months of {household.cap_months}"

    def _approve(self, entry: Entry, code: str, month: Month) -> Iterator[tuple[str, str]]:
        household = self.households.get(code)
        amount_cents = sum(p.amount_cents for p in entry.postings if p.account == a.rent(code))
        lots = [p for p in entry.postings if p.month is not None]
        if [lot.month for lot in lots] != [month]:
            yield "over-approval", f"approves {month} without taking its lot"
        elif amount_cents > lots[0].amount_cents:
            yield "over-approval", f"approves more than the lot of {month}"
        if entry.facts.formula and formula_cents(entry.facts.formula) != amount_cents:
            yield "formula", f"{entry.facts.formula} does not give {format_cents(amount_cents)}"
        if household is None:
            return
        if month in household.months:
            yield "duplicate", f"{code} has an approved contribution for {month} already"
        household.months[month] = "approved"
        if household.months_used > household.cap_months:
            yield "cap", f"household {code} uses {household.months_used} months of {household.cap_months}"
        self.approvals[code, month] = (entry.facts.landlord or "", amount_cents)

    def _order(self, entry: Entry, code: str) -> Iterator[tuple[str, str]]:
        facts = entry.facts
        if facts.household is None or facts.landlord is None or facts.month is None:
            return
        amount_cents = sum(p.amount_cents for p in entry.postings if p.account == a.landlord(facts.landlord))
        household = self.households.get(facts.household)
        state = household.months.get(facts.month) if household else None
        if code in self.payments:
            yield "duplicate", f"payment {code} was ordered already"
        if state != "approved":
            yield "order-of-states", f"orders {facts.household} {facts.month}, which is {state or 'not approved'}"
        elif self.approvals[facts.household, facts.month] != (facts.landlord, amount_cents):
            yield "over-order", f"orders {facts.household} {facts.month} otherwise than it was approved"
        self.payments[code] = Payment(facts.household, facts.landlord, facts.month, amount_cents, "ordered")
        if household is not None and state is not None:
            household.months[facts.month] = "ordered"

    def _answer(self, entry: Entry) -> Iterator[tuple[str, str]]:
        facts = entry.facts
        before, after = PAYMENT_STEPS[entry.kind]
        payment = self.payments.get(facts.payment or "")
        if payment is None:
            yield "unknown-code", f"payment {facts.payment} was never ordered"
            return
        if payment.state != before:
            yield "order-of-states", f"{entry.kind} of payment {facts.payment}, which is {payment.state}"
        named = (facts.household, facts.landlord, facts.month)
        amount_cents = sum(abs(p.amount_cents) for p in entry.postings) // 2
        if named != (payment.household, payment.landlord, payment.month) or amount_cents != payment.amount_cents:
            yield "order-of-states", f"{entry.kind} does not agree with the order of payment {facts.payment}"
        payment.state = after
        household = self.households.get(payment.household)
        if household is not None and payment.month in household.months:
            household.months[payment.month] = _MONTH_AFTER[after]

    def _correct(self, entry: Entry, seq: int) -> Iterator[tuple[str, str]]:
        original = self.entries.get(seq)
        if original is None or seq in self.corrected:
            yield "order-of-states", f"corrects entry {seq}, which cannot be corrected or was already"
            return
        mirror = [(p.account, -p.amount_cents, p.month) for p in original.postings]
        if mirror != [(p.account, p.amount_cents, p.month) for p in entry.postings]:
            yield "shape", f"is not the mirror of entry {seq}"
        self.corrected.add(seq)
        facts = original.facts
        if original.kind == "approval" and facts.household in self.households and facts.month:
            state = self.households[facts.household].months.pop(facts.month, None)
            self.approvals.pop((facts.household, facts.month), None)
            if state != "approved":
                yield "order-of-states", f"corrects the approval of {facts.month}, which is {state or 'not approved'}"

    def _close(self, entry: Entry, month: Month) -> Iterator[tuple[str, str]]:
        if entry.date <= month.last_day:
            yield "closing", f"closes {month} before it is over"
        if self.closed_month is not None and month != self.closed_month.plus(1):
            yield "closing", f"closes {month} after {self.closed_month}"
        self.closed_month = month
        if entry.balances != self.month_ends.get(month):
            yield "closing", f"asserts other balances for {month} than the entries give"
        self.month_ends = {later: ends for later, ends in self.month_ends.items() if later > month}
