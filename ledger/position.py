"""The fund's position: a fold over the records in order.

A violation of a rule is reported as a finding and the fold goes on, so that one pass reports all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger import accounts as a
from ledger.entries import Entry
from ledger.findings import Finding
from ledger.money import format_cents
from ledger.months import Month
from ledger.reader import Record, record_of
from ledger.shape import SHAPES, Shape, account_name, double_violations
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
_EXPENSES = a.RENT + ":"
_CHANGES_THE_FUND = ("allocation", "repayment", "correction")
_DEBITED, _CREDITED = tuple(_NEVER_DEBIT), tuple(_NEVER_CREDIT)


@dataclass(slots=True)
class Position(State):
    """Everything that the books state as of the last entry applied."""

    def apply(self, entry: Entry) -> list[Finding]:
        """Apply one entry and report every rule that it violates."""
        return self.judge(record_of(entry))

    def judge(self, record: Record) -> list[Finding]:
        """Apply one record and report every rule that it violates."""
        if record.day[:7] > self.day[:7]:
            self._remember_month_ends(Month.parse(record.day[:7]))
        findings = [Finding(rule, detail, record.seq) for rule, detail in self._violations(record)]
        self.seq, self.day, self.recorded_at = record.seq, record.day, record.recorded_at
        return findings

    def _remember_month_ends(self, begun: Month) -> None:
        if not self.day:
            return
        month = Month.parse(self.day[:7])
        while month < begun:
            self.month_ends[month] = closing_balances(month, self.balances, self.positions())
            month = month.plus(1)

    def positions(self) -> dict[str, HouseholdMonths]:
        """Committed months of each admitted household, as a closing asserts them."""
        return {
            code: HouseholdMonths(len(household.lots), household.exited) for code, household in self.households.items()
        }

    def _violations(self, entry: Record) -> list[tuple[str, str]]:
        found = []
        if entry.day < self.day:
            found.append(("order-of-days", f"dated {entry.day}, after an entry of {self.day}"))
        if entry.recorded_at < self.recorded_at:
            found.append(("order-of-days", "recorded before the entry that it follows"))
        if not self.day and entry.kind != "agreement":
            found.append(("shape", "the books begin without their agreement"))
        shape = SHAPES.get(entry.kind)
        if shape is None:
            found.append(("shape", "of a kind that the event table does not know"))
            return found
        found += shape.violations(entry)
        household, landlord, allocation = entry.facts.household, entry.facts.landlord, entry.facts.allocation
        if household and (household not in self.households or self.households[household].exited):
            found += self._household_violations(entry, household)
        if landlord and landlord not in self.landlords and entry.kind != "registration":
            found.append(("unknown-code", f"landlord {landlord} was not registered"))
        if allocation and allocation not in self.allocations and entry.kind != "allocation":
            found.append(("unknown-code", f"allocation {allocation} was never granted"))
        if entry.postings:
            found += self._account_violations(entry, shape)
            found += self._post(entry)
        if entry.kind in TRANSITIONS:
            found += TRANSITIONS[entry.kind](self, entry)
        return found

    def _household_violations(self, entry: Record, code: str) -> Iterator[tuple[str, str]]:
        household = self.households.get(code)
        if household is None and entry.kind != "admission":
            yield "unknown-code", f"household {code} was not admitted"
        if household is not None and household.exited and any(posting.month for posting in entry.postings):
            yield "closed-position", f"household {code} was closed on {household.exited}"

    def _account_violations(self, entry: Record, shape: Shape) -> Iterator[tuple[str, str]]:
        if shape.is_free:
            return
        codes, names = (None, entry.facts.household, entry.facts.landlord), set()
        for account, cents, _ in entry.postings:
            template, code = account_name(account)
            names.add(account)
            if code not in codes or template not in (shape.debit if cents > 0 else shape.credit):
                yield "shape", f"{'debits' if cents > 0 else 'credits'} {account}"
        if len(names) < len(entry.postings):
            yield from double_violations(entry)

    def _post(self, entry: Record) -> Iterator[tuple[str, str]]:
        balances = self.balances
        sum_cents = rent_cents = used_cents = equity_cents = 0
        for account, cents, month in entry.postings:
            sum_cents += cents
            balances[account] += cents
            if month is not None:
                yield from self._lot(entry, account, month, cents)
            if account.startswith(_EQUITY):
                equity_cents += cents
                if account == a.USED:
                    used_cents += cents
            elif account.startswith(_EXPENSES):
                rent_cents += cents
        if sum_cents:
            yield "unbalanced", "debits and credits differ"
        for account in dict.fromkeys([posting[0] for posting in entry.postings]):
            cents = balances[account]
            if (cents < 0 and account.startswith(_CREDITED)) or (cents > 0 and account.startswith(_DEBITED)):
                limits = _NEVER_CREDIT if cents < 0 else _NEVER_DEBIT
                rule = next(rule for name, rule in limits.items() if account.startswith(name))
                yield rule, f"{account} would be {format_cents(cents)}"
        if rent_cents != -used_cents:
            yield "mirror", "what is used and the expenses do not move together"
        if equity_cents and entry.kind not in _CHANGES_THE_FUND:
            yield "mirror", "available, committed and used no longer add up to what was allocated"

    def _lot(self, entry: Record, account: str, month: Month, amount_cents: int) -> Iterator[tuple[str, str]]:
        code = account_name(account).code
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
