"""Where a payment stands by what the bank has said of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fund.domain.lists import LineOutcome
from fund.domain.states import PaymentState
from fund.store.payouts.payments import MovedCents
from fund.store.tables import Payment
from ledger import accounts
from ledger.entries import Entry, debited_cents
from ledger.kinds import MISTAKES

_OUTCOMES = {
    "settlement": LineOutcome.SETTLED,
    "refusal": LineOutcome.REFUSED,
    "return": LineOutcome.RETURNED,
}
"""What the bank says of a payment, by the kind of entry that books it."""


@dataclass(slots=True)
class Standing:
    """Where a payment stands: its state, and of its amount what is outstanding and paid; what the bank owes besides."""

    state: PaymentState
    ordered_cents: int
    outstanding_cents: int
    paid_cents: int
    mistaken_cents: int

    @classmethod
    def of(cls, payment: Payment) -> "Standing":
        """Where a payment stands by its row."""
        parts = payment.outstanding_cents, payment.paid_cents, payment.misexecuted_cents
        return cls(payment.state, payment.amount_cents, *parts)

    @property
    def unpaid_cents(self) -> int:
        return self.ordered_cents - self.paid_cents

    @property
    def ended_cents(self) -> int:
        return self.unpaid_cents - self.outstanding_cents

    def add(self, moved: MovedCents) -> None:
        """What a line moved is in its parts."""
        self.outstanding_cents += moved.outstanding
        self.paid_cents += moved.paid
        self.mistaken_cents += moved.misexecuted

    def state_after(self, outcome: LineOutcome) -> PaymentState:
        """By what is paid now; of what is not, a return says more than a refusal (decision 59)."""
        if self.paid_cents:
            return PaymentState.PART_PAID if self.unpaid_cents else PaymentState.SETTLED
        has_come_back = outcome is LineOutcome.RETURNED or self.state is PaymentState.RETURNED
        return PaymentState.RETURNED if has_come_back else PaymentState.REFUSED


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The bank's day and reason of what was said last of a payment, but for mistakes of the bank."""

    bank_date: date | None = None
    reason: str | None = None


def standing_after(payment: Payment, ordered_as: PaymentState, entries: Iterable[Entry]) -> tuple[Standing, LastAnswer]:
    """Where a payment stood after the entries about it that answer its order, and what was said of it last."""
    at, last = Standing(ordered_as, payment.amount_cents, payment.amount_cents, 0, 0), LastAnswer()
    for entry in entries:
        at.add(moved_by(entry))
        if entry.kind in MISTAKES:
            continue
        outcome = _OUTCOMES.get(entry.kind)
        at.state = PaymentState.CANCELLED if outcome is None else at.state_after(outcome)
        last = LastAnswer(entry.facts.bank_date, entry.facts.reason)
    return at, last


def moved_by(entry: Entry) -> MovedCents:
    """What an entry about a payment adds to its parts."""
    ordered_cents = debited_cents(entry, accounts.OUTSTANDING_ORDERS)
    is_movement = entry.kind in ("settlement", "return")
    paid_cents = ordered_cents + owed_cents(entry) if is_movement else 0
    return MovedCents(-ordered_cents, paid_cents, debited_cents(entry, accounts.RECOVERY_BANK))


def owed_cents(entry: Entry) -> int:
    """By how much an entry makes less owed to its landlord; negative, more."""
    return debited_cents(entry, accounts.landlord(entry.facts.landlord or ""))
