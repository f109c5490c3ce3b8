"""One function for each event of the fund, from its facts to the entry that records it.

Amounts are positive integer cents. ``Stamp`` gives day, instant and people; every function returns a ``Draft``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger import accounts as a
from ledger.acts.money import Window
from ledger.entries import Balance, Draft, Entry, Facts, Posting
from ledger.kinds import CORRECTABLE
from ledger.months import Month
from ledger.stamp import Stamp


@dataclass(frozen=True, slots=True)
class PaymentRef:
    """The payment that an order, settlement, refusal, return or cancellation refers to, and the amount that moves."""

    payment: str
    household: str
    landlord: str
    month: Month
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BankFact:
    """The bank's booking day, the sha256 of the file that proves it, and the reason code of a refusal."""

    bank_date: date
    evidence: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BankLineFact:
    """The bank's booking day, the sha256 of the file that proves it, and the place of the line there."""

    bank_date: date
    evidence: str
    place: int


def _move(debit: str, credit: str, amount_cents: int) -> tuple[Posting, Posting]:
    return Posting(debit, amount_cents), Posting(credit, -amount_cents)


def agreement(
    stamp: Stamp,
    *,
    fund: str,
    signed_on: date,
    window: Window,
    pay_day: int,
    cooling_off_days: int,
    key_check: str,
    auditors: str | None = None,
) -> Draft:
    """The fund is founded: opens the chart of accounts, and fixes cap, target, days, the key of the fingerprints and,
    by ``fingerprint``, the auditors' addresses.
    """
    facts = Facts(
        fund=fund,
        act_date=signed_on,
        pay_day=pay_day,
        cooling_off_days=cooling_off_days,
        key_check=key_check,
        fingerprint=auditors,
        **window._asdict(),
    )
    return stamp.draft("agreement", facts)


def allocation(
    stamp: Stamp, *, allocation: str, granted_on: date, amount_cents: int, evidence: str | None = None
) -> Draft:
    """The funder grants a tranche."""
    facts = Facts(allocation=allocation, act_date=granted_on, evidence=evidence)
    return stamp.draft("allocation", facts, *_move(a.RECEIVABLE, a.AVAILABLE, amount_cents))


def collection(
    stamp: Stamp, *, allocation: str, amount_cents: int, bank_date: date, evidence: str | None = None
) -> Draft:
    """Money of a tranche arrives at the treasurer."""
    facts = Facts(allocation=allocation, bank_date=bank_date, evidence=evidence)
    return stamp.draft("collection", facts, *_move(a.TREASURY, a.RECEIVABLE, amount_cents))


def commitment(stamp: Stamp, *, household: str, months: Mapping[Month, int], evidence: str | None = None) -> Draft:
    """Months are promised to a household: one lot each, at its cost in cents."""
    return stamp.draft(
        "commitment",
        Facts(household=household, evidence=evidence),
        *_lots(household, months, -1),
        Posting(a.AVAILABLE, sum(months.values())),
    )


def rescheduling(
    stamp: Stamp,
    *,
    household: str,
    taken: Mapping[Month, int],
    put: Mapping[Month, int],
    reason: str,
    evidence: str | None = None,
) -> Draft:
    """Lots move between months or change their cost; the difference comes from or goes to the available money."""
    difference_cents = sum(put.values()) - sum(taken.values())
    free = (Posting(a.AVAILABLE, difference_cents),) if difference_cents else ()
    facts = Facts(household=household, reason=reason, evidence=evidence)
    return stamp.draft("rescheduling", facts, *_lots(household, taken, 1), *_lots(household, put, -1), *free)


def release(
    stamp: Stamp, *, household: str, months: Mapping[Month, int], reason: str, evidence: str | None = None
) -> Draft:
    """Months that will not be paid are released to the available money."""
    return stamp.draft(
        "release",
        Facts(household=household, reason=reason, evidence=evidence),
        *_lots(household, months, 1),
        Posting(a.AVAILABLE, -sum(months.values())),
    )


def _lots(household: str, months: Mapping[Month, int], sign: int) -> list[Posting]:
    account = a.committed(household)
    return [Posting(account, sign * months[month], month) for month in sorted(months)]


def approval(
    stamp: Stamp,
    *,
    household: str,
    lease: int,
    landlord: str,
    month: Month,
    amount_cents: int,
    lot_cents: int,
    formula: str | None = None,
) -> Draft:
    """A month becomes owed to the landlord of a lease; what its lot cost above the amount becomes available again."""
    facts = Facts(household=household, lease=lease, landlord=landlord, month=month, formula=formula)
    return stamp.draft("approval", facts, *approval_postings(household, landlord, month, amount_cents, lot_cents))


def approval_postings(
    household: str, landlord: str, month: Month, amount_cents: int, lot_cents: int
) -> tuple[Posting, ...]:
    """What an approval moves: the expense and the debt, the month's lot, and what is left of that."""
    freed = (Posting(a.AVAILABLE, amount_cents - lot_cents),) if lot_cents != amount_cents else ()
    return (
        *_move(a.rent(household), a.landlord(landlord), amount_cents),
        Posting(a.committed(household), lot_cents, month),
        Posting(a.USED, -amount_cents),
        *freed,
    )


def _payment_facts(ref: PaymentRef, **more: Any) -> Facts:
    return Facts(household=ref.household, landlord=ref.landlord, month=ref.month, payment=ref.payment, **more)


def order(stamp: Stamp, ref: PaymentRef, *, batch: str, account: int, evidence: str | None = None) -> Draft:
    """The treasurer is ordered to pay to a version of an account; ``evidence`` is the sealed file's sha256."""
    facts = _payment_facts(ref, batch=batch, account=account, evidence=evidence)
    return stamp.draft("order", facts, *_move(a.landlord(ref.landlord), a.OUTSTANDING_ORDERS, ref.amount_cents))


def cancellation(stamp: Stamp, ref: PaymentRef, *, batch: str, reason: str | None = None) -> Draft:
    """An order is cancelled before it was sent; the month stays owed."""
    facts = _payment_facts(ref, batch=batch, reason=reason)
    return stamp.draft("cancellation", facts, *_move(a.OUTSTANDING_ORDERS, a.landlord(ref.landlord), ref.amount_cents))


def settlement(
    stamp: Stamp,
    ref: PaymentRef,
    bank: BankFact,
    *,
    owed_cents: int = 0,
    mistaken_cents: int = 0,
    was_misexecuted: bool = False,
) -> Draft:
    """The bank booked the payment, or part of it; after a refusal, a cancellation or a return ``owed_cents`` are taken
    from what was owed again, and what was neither ordered nor owed, ``mistaken_cents``, is owed by the bank.

    What ``was_misexecuted`` pays the month after all, once no other payment does.
    """
    facts = _payment_facts(ref, bank_date=bank.bank_date, evidence=bank.evidence)
    if was_misexecuted:
        return stamp.draft("settlement", facts, *_move(a.landlord(ref.landlord), a.RECOVERY_BANK, ref.amount_cents))
    paid = {
        a.OUTSTANDING_ORDERS: ref.amount_cents - owed_cents - mistaken_cents,
        a.landlord(ref.landlord): owed_cents,
        a.RECOVERY_BANK: mistaken_cents,
    }
    debits = (Posting(account, cents) for account, cents in paid.items() if cents)
    return stamp.draft("settlement", facts, *debits, Posting(a.TREASURY, -ref.amount_cents))


def refusal(stamp: Stamp, ref: PaymentRef, bank: BankFact) -> Draft:
    """The bank refused the payment, or the rest of it, before booking it; that stays owed."""
    facts = _payment_facts(ref, bank_date=bank.bank_date, reason=bank.reason, evidence=bank.evidence)
    return stamp.draft("refusal", facts, *_move(a.OUTSTANDING_ORDERS, a.landlord(ref.landlord), ref.amount_cents))


def returned(stamp: Stamp, ref: PaymentRef, bank: BankFact, *, mistaken_cents: int = 0) -> Draft:
    """The bank sent a booked payment back, or part of it; that stays owed. ``mistaken_cents`` it owed by mistake."""
    facts = _payment_facts(ref, bank_date=bank.bank_date, reason=bank.reason, evidence=bank.evidence)
    owed = {a.landlord(ref.landlord): mistaken_cents - ref.amount_cents, a.RECOVERY_BANK: -mistaken_cents}
    credited = (Posting(account, cents) for account, cents in owed.items() if cents)
    return stamp.draft("return", facts, Posting(a.TREASURY, ref.amount_cents), *credited)


def regularisation(
    stamp: Stamp, line: BankLineFact, *, household: str, landlord: str, month: Month, amount_cents: int
) -> Draft:
    """The treasurer paid an approved month without an order."""
    facts = _line_facts(line)._replace(household=household, landlord=landlord, month=month)
    return stamp.draft("regularisation", facts, *_move(a.landlord(landlord), a.TREASURY, amount_cents))


def regularisation_undone(
    stamp: Stamp, line: BankLineFact, *, household: str, landlord: str, month: Month, amount_cents: int
) -> Draft:
    """What was paid of a month without an order came back, or part of it; that is owed again."""
    facts = _line_facts(line)._replace(household=household, landlord=landlord, month=month)
    return stamp.draft("regularisation-undone", facts, *_move(a.TREASURY, a.landlord(landlord), amount_cents))


def misexecution(stamp: Stamp, ref: PaymentRef, bank: BankFact) -> Draft:
    """The bank booked a payment that had been paid, or whose month another one pays: it owes the money back."""
    facts = _payment_facts(ref, bank_date=bank.bank_date, evidence=bank.evidence)
    return stamp.draft("misexecution", facts, *_move(a.RECOVERY_BANK, a.TREASURY, ref.amount_cents))


def misexecution_undone(stamp: Stamp, ref: PaymentRef, bank: BankFact) -> Draft:
    """What was paid by mistake came back; the payment that stands is what it was."""
    facts = _payment_facts(ref, bank_date=bank.bank_date, reason=bank.reason, evidence=bank.evidence)
    return stamp.draft("misexecution-undone", facts, *_move(a.TREASURY, a.RECOVERY_BANK, ref.amount_cents))


def charge(stamp: Stamp, line: BankLineFact, *, amount_cents: int) -> Draft:
    """The bank kept charges for itself, by a line of its own or within one: the city bears them, and owes them back."""
    return stamp.draft("charge", _line_facts(line), *_move(a.RECOVERY_CITY, a.TREASURY, amount_cents))


def charge_undone(stamp: Stamp, line: BankLineFact, *, amount_cents: int) -> Draft:
    """The city, or the bank for it, gave back charges of the bank."""
    return stamp.draft("charge-undone", _line_facts(line), *_move(a.TREASURY, a.RECOVERY_CITY, amount_cents))


def _line_facts(line: BankLineFact) -> Facts:
    return Facts(bank_date=line.bank_date, place=line.place, evidence=line.evidence)


def overpayment(
    stamp: Stamp,
    *,
    household: str,
    landlord: str,
    month: Month,
    amount_cents: int,
    reason: str,
    evidence: str | None = None,
) -> Draft:
    """Part of a paid month was not due: the landlord owes it back, and the fund can commit it again."""
    return stamp.draft(
        "overpayment",
        Facts(household=household, landlord=landlord, month=month, reason=reason, evidence=evidence),
        *_move(a.recovery(landlord), a.rent(household), amount_cents),
        *_move(a.USED, a.AVAILABLE, amount_cents),
    )


def recovery(
    stamp: Stamp,
    *,
    landlord: str,
    amount_cents: int,
    set_off: bool,
    household: str | None = None,
    month: Month | None = None,
    bank_date: date | None = None,
    evidence: str | None = None,
) -> Draft:
    """An overpayment comes back: as money (of a month), or set off against what its landlord is owed (for one)."""
    source = a.landlord(landlord) if set_off else a.TREASURY
    facts = Facts(household=household, landlord=landlord, month=month, bank_date=bank_date, evidence=evidence)
    return stamp.draft("recovery", facts, *_move(source, a.recovery(landlord), amount_cents))


def is_set_off(entry: Entry) -> bool:
    """Whether a recovery was set off, so that no money moved."""
    return entry.kind == "recovery" and all(posting.account != a.TREASURY for posting in entry.postings)


def repayment(stamp: Stamp, *, amount_cents: int, evidence: str | None = None) -> Draft:
    """Unspent money becomes owed to the funder."""
    return stamp.draft("repayment", Facts(evidence=evidence), *_move(a.AVAILABLE, a.FUNDER, amount_cents))


def repayment_paid(stamp: Stamp, *, amount_cents: int, bank_date: date, evidence: str | None = None) -> Draft:
    """Money owed to the funder is paid."""
    facts = Facts(bank_date=bank_date, evidence=evidence)
    return stamp.draft("repayment-paid", facts, *_move(a.FUNDER, a.TREASURY, amount_cents))


def correction(stamp: Stamp, entry: Entry, *, reason: str) -> Draft:
    """The mirror of an entry that should not have been made. Raises ``ValueError`` for a kind without a mirror."""
    if entry.kind not in CORRECTABLE:
        raise ValueError(f"an entry of kind {entry.kind} is not corrected by a mirror")
    facts = Facts(
        corrects=entry.seq,
        reason=reason,
        household=entry.facts.household,
        landlord=entry.facts.landlord,
        month=entry.facts.month,
        payment=entry.facts.payment,
        allocation=entry.facts.allocation,
        bank_date=entry.facts.bank_date,
    )
    mirror = (posting._replace(amount_cents=-posting.amount_cents) for posting in entry.postings)
    return stamp.draft("correction", facts, *mirror)


def closing(stamp: Stamp, *, month: Month, balances: Iterable[Balance]) -> Draft:
    """A month is closed: the books assert the balance of every account at its end."""
    return replace(stamp.draft("closing", Facts(month=month)), balances=tuple(balances))
