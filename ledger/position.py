"""The fund's position: a fold over the entries in order.

A violation of a rule is reported as a finding and the fold goes on, so that one pass reports all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger import accounts as a
from ledger.entries import Entry
from ledger.findings import Finding
from ledger.kinds import CORRECTABLE, KINDS
from ledger.money import format_cents
from ledger.months import Month
from ledger.shape import shape_violations
from ledger.state import Household, HouseholdMonths, Payment, State, closing_balances
from ledger.transitions import PAYMENT_TRANSITIONS, TRANSITIONS

__all__ = ["PAYMENT_TRANSITIONS", "Household", "HouseholdMonths", "Payment", "Position", "closing_balances"]

_NEVER_CREDIT = {
    a.RECEIVABLE: "over-collection",
    a.RECOVERY: "over-recovery",
}
_NEVER_DEBIT = {
    a.AVAILABLE: "over-commitment",
    a.LANDLORDS: "over-order",
    a.FUNDER: "over-order",
    a.OUTSTANDING_ORDERS: "over-order",
}
_EQUITY = a.AVAILABLE.removesuffix("Available")
_CHANGES_THE_FUND = ("allocation", "repayment", "correction")


@dataclass(slots=True)
class Position(State):
    """Everything that the books state as of the last entry applied."""

    def apply(self, entry: Entry) -> list[Finding]:
        """Apply one entry and report every rule that it violates."""
        self._remember_month_ends(entry.date)
        findings = [Finding(rule, detail, entry.seq) for rule, detail in self._judge(entry)]
        self.seq, self.day, self.recorded_at = entry.seq, entry.date, entry.recorded_at
        return findings

    def _remember_month_ends(self, day: date) -> None:
        if self.day is None:
            return
        month = Month.of(self.day)
        while month.last_day < day:
            self.month_ends[month] = closing_balances(month, self.balances, self.positions())
            month = month.plus(1)

    def positions(self) -> dict[str, HouseholdMonths]:
        """Committed months of each admitted household, as a closing asserts them."""
        return {
            code: HouseholdMonths(len(household.lots), household.exited) for code, household in self.households.items()
        }

    def _judge(self, entry: Entry) -> Iterator[tuple[str, str]]:
        if self.day is not None and entry.date < self.day:
            yield "order-of-days", f"dated {entry.date}, after an entry of {self.day}"
        if self.recorded_at is not None and entry.recorded_at < self.recorded_at:
            yield "order-of-days", "recorded before the entry that it follows"
        if self.day is None and entry.kind != "agreement":
            yield "shape", "the books begin without their agreement"
        if entry.kind not in KINDS:
            yield "shape", "of a kind that the event table does not know"
            return
        yield from shape_violations(entry)
        yield from self._known(entry)
        yield from self._post(entry)
        if entry.kind in TRANSITIONS:
            yield from TRANSITIONS[entry.kind](self, entry)
        if entry.kind in CORRECTABLE:
            self.entries[entry.seq] = entry

    def _known(self, entry: Entry) -> Iterator[tuple[str, str]]:
        facts = entry.facts
        household = self.households.get(facts.household) if facts.household else None
        if facts.household and household is None and entry.kind != "admission":
            yield "unknown-code", f"household {facts.household} was not admitted"
        if household is not None and household.exited and any(posting.month for posting in entry.postings):
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
        for account in dict.fromkeys(posting.account for posting in entry.postings):
            yield from self._sign(account)
        rent_cents = sum(p.amount_cents for p in entry.postings if p.account.startswith(a.RENT + ":"))
        used_cents = sum(p.amount_cents for p in entry.postings if p.account == a.USED)
        if rent_cents != -used_cents:
            yield "mirror", "what is used and the expenses do not move together"
        equity_cents = sum(p.amount_cents for p in entry.postings if p.account.startswith(_EQUITY))
        if equity_cents and entry.kind not in _CHANGES_THE_FUND:
            yield "mirror", "available, committed and used no longer add up to what was allocated"

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
