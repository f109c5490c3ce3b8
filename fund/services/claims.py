"""What a bank's message claims of our payments: the same answers, whatever the format, and what nobody could place.

Only a booked movement settles or returns; a rejection refuses; acceptances and pending movements are noted and no more.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from fund.bank.port import Answer, BankEntry, BankMessage, Outcome, PaymentStatus
from fund.clock import day_in_rome

MembersOf = Callable[[str], Sequence[str]]
"""The payments of a batch by its code."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A line that changes nothing: ``verdict`` says why, for the person who looks at what is left over."""

    ordinal: int
    payment: str
    outcome: str
    amount_cents: int
    bank_date: date
    reason: str | None
    verdict: str


def claims_of(message: BankMessage, *, members_of: MembersOf, today: date) -> Iterator[Answer | Noted]:
    """Every line of a message in its order, numbered from 1: an answer, or a note of what is none."""
    numbers = count(1)
    day = day_in_rome(message.created_at) if message.created_at else today
    for status in message.statuses:
        yield from _of_status(status, numbers, members_of, day)
    for statement in message.statements:
        for entry in statement.entries:
            yield _of_entry(entry, next(numbers))


def _of_status(
    status: PaymentStatus, numbers: Iterator[int], members_of: MembersOf, day: date
) -> Iterator[Answer | Noted]:
    """A rejected group or part refuses all of it, a rejected order only itself; any other status changes nothing."""
    named = [status.payment] if status.payment is not None else []
    if status.status == "rejected" and status.level != "transaction" and status.batch is not None:
        named = list(members_of(status.batch))
    for payment in named:
        if status.status == "rejected":
            yield Answer(next(numbers), payment, "refused", status.amount_cents, None, day, status.reason)
        else:
            yield _noted(next(numbers), payment, status, day, "noted")
    if not named:
        unknown = status.status == "rejected"
        missing = "unknown-payment" if status.level == "transaction" else "unknown-batch"
        yield _noted(next(numbers), status.batch or "", status, day, missing if unknown else "noted")


def _noted(number: int, key: str, status: PaymentStatus, day: date, verdict: str) -> Noted:
    return Noted(number, key, status.status, status.amount_cents or 0, day, status.reason, verdict)


def _of_entry(entry: BankEntry, number: int) -> Answer | Noted:
    """A booked debit settles the payment it names; money that comes back under a payment's name returns it."""
    came_back = entry.amount_cents > 0 and (entry.is_return or entry.is_reversal)
    if entry.payment is None or not entry.is_booked or (entry.amount_cents > 0 and not came_back):
        verdict = "not-booked" if not entry.is_booked else "no-reference"
        key, outcome = entry.payment or "", "credit" if entry.amount_cents > 0 else "debit"
        return Noted(number, key, outcome, entry.amount_cents, entry.booked_on, entry.reason, verdict)
    said: Outcome = "returned" if came_back else "settled"
    iban = None if came_back else entry.counterparty_iban
    return Answer(number, entry.payment, said, abs(entry.amount_cents), iban, entry.booked_on, entry.reason)
