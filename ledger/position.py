"""The fund's position: a fold over the records in order.

A violation of a rule is reported as a finding and the fold goes on, so that one pass reports all of them.
"""

from dataclasses import dataclass
from sys import intern

from ledger import accounts as a
from ledger.findings import Finding, Violation, Violations
from ledger.kinds import KINDS
from ledger.money import format_cents
from ledger.months import Month
from ledger.reader import Record
from ledger.rules.users import acts_as_user
from ledger.shape import SHAPES, account_name, account_violations, has_strange_accounts
from ledger.state import Household, HouseholdMonths, Payment, State, closing_balances
from ledger.transitions import PAYMENT_KINDS, TRANSITIONS

__all__ = ["PAYMENT_KINDS", "Household", "HouseholdMonths", "Payment", "Position", "closing_balances"]

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

    def judge(self, record: Record) -> list[Finding]:
        """Apply one record and report every rule that it violates."""
        if record.day[:7] > self.day[:7]:
            self._remember_month_ends(Month.parse(record.day[:7]))
        found = self._violations(record)
        self.seq, self.day, self.recorded_at = record.seq, record.day, record.recorded_at
        return [Finding(rule, detail, record.seq) for rule, detail in found] if found else []

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
            code: HouseholdMonths(len(household.lots), household.exited)
            for code, household in self.households.items()
            if not household.is_proposed
        }

    def _violations(self, entry: Record) -> list[Violation]:
        # Each record of the books comes through here, and nearly none violates a rule: what is asked of each is asked
        # at once, and only an answer that is not as expected is looked into.
        found: list[Violation] = []
        if entry.day < self.day or entry.recorded_at < self.recorded_at:
            found += self._out_of_order(entry)
        if not self.day and entry.kind != "agreement":
            found.append(("shape", "the books begin without their agreement"))
        shape = SHAPES.get(entry.kind)
        if shape is None:
            found.append(("shape", "of a kind that the event table does not know"))
            return found
        if shape.is_broken_by(entry):
            found += shape.violations(entry)
        found += acts_as_user(self, entry, KINDS[entry.kind])
        facts = entry.facts
        household, landlord, allocation = facts.household, facts.landlord, facts.allocation
        if household and (household not in self.households or not self.households[household].is_open):
            found += self._household_violations(entry, household)
        if landlord and landlord not in self.landlords and entry.kind != "registration":
            found.append(("unknown-code", f"landlord {landlord} was not registered"))
        if allocation and allocation not in self.allocations and entry.kind != "allocation":
            found.append(("unknown-code", f"allocation {allocation} was never granted"))
        if entry.postings:
            if not shape.is_free and has_strange_accounts(entry, shape):
                found += account_violations(entry, shape)
            self._post(entry, found)
        transition = TRANSITIONS.get(entry.kind)
        if transition is not None:
            found += transition(self, entry)
        return found

    def _out_of_order(self, entry: Record) -> Violations:
        if entry.day < self.day:
            yield "order-of-days", f"dated {entry.day}, after an entry of {self.day}"
        if entry.recorded_at < self.recorded_at:
            yield "order-of-days", "recorded before the entry that it follows"

    def _household_violations(self, entry: Record, code: str) -> Violations:
        household = self.households.get(code)
        if household is None and entry.kind != "admission-proposed":
            yield "unknown-code", f"household {code} is unknown"
        if household is not None and any(posting.month for posting in entry.postings):
            is_closed = household.exited is not None
            rule, how = (
                ("closed-position", f"closed on {household.exited}") if is_closed else ("people", "not admitted")
            )
            yield rule, f"household {code} was {how}"

    def _post(self, entry: Record, found: list[Violation]) -> None:
        balances, is_crossed = self.balances, False
        sum_cents = rent_cents = used_cents = equity_cents = 0
        for account, cents, month in entry.postings:
            sum_cents += cents
            balance_cents = balances[account] = balances[account] + cents
            if account.startswith(_DEBITED if balance_cents > 0 else _CREDITED):
                is_crossed |= balance_cents != 0
            if month is not None:
                self._move_lot(entry, account, month, cents, found)
            if account.startswith(_EQUITY):
                equity_cents += cents
                if account == a.USED:
                    used_cents += cents
            elif account.startswith(_EXPENSES):
                rent_cents += cents
        if sum_cents:
            found.append(("unbalanced", "debits and credits differ"))
        if is_crossed:
            found += self._crossed(entry)
        found += _bank_day_violations(entry)
        if rent_cents != -used_cents:
            found.append(("mirror", "what is used and the expenses do not move together"))
        if equity_cents and entry.kind not in _CHANGES_THE_FUND:
            found.append(("mirror", "available, committed and used no longer add up to what was allocated"))

    def _crossed(self, entry: Record) -> Violations:
        """Accounts whose balance is on the side that it never has, once the whole entry is posted."""
        for account in dict.fromkeys(posting.account for posting in entry.postings):
            cents = self.balances[account]
            limits = _NEVER_CREDIT if cents < 0 else _NEVER_DEBIT
            rule = next((rule for name, rule in limits.items() if cents and account.startswith(name)), None)
            if rule is not None:
                yield rule, f"{account} would be {format_cents(cents)}"

    def _move_lot(self, entry: Record, account: str, month: Month, cents: int, found: list[Violation]) -> None:
        code = account_name(account).code
        household = self.households.get(code or "")
        if household is None:
            return
        if cents > 0:
            lot_cents = household.lots.pop(month, None)
            if lot_cents is None:
                rule = "duplicate" if month in household.months else "over-approval"
                found.append((rule, f"{code} has no committed lot for {month}"))
            elif lot_cents != cents:
                found.append(("over-approval", f"{code}'s lot for {month} is {format_cents(lot_cents)}"))
            return
        if month in household.lots or (month in household.months and entry.kind != "correction"):
            found.append(("duplicate", f"{code} already has {month}"))
        household.lots[month] = -cents
        if entry.kind != "correction":
            household.proposed_by[month] = intern(entry.prepared_by)


def _bank_day_violations(entry: Record) -> Violations:
    """Money at the bank moved on a day there, which has come; that of an order has its own rule beside this one."""
    bank_date = entry.facts.bank_date
    if bank_date is None and any(account == a.TREASURY for account, _, _ in entry.postings):
        yield "bank-day", "money moved at the bank, and on no day there"
    if bank_date is not None and str(bank_date) > entry.day:
        yield "bank-day", f"{bank_date} at the bank is after the entry"
