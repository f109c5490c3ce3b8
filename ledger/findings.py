"""Findings of a check: values, not exceptions, so that one pass reports all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

Violation = tuple[str, str]
"""The rule that is broken, and what breaks it."""
Violations = Iterator[Violation]

RULES = {
    "gate": "the text is not what the one writer makes, so it was not loaded",
    "manifest": "a file is missing, or not the one that the manifest lists",
    "stray": "a file or folder that is not the fund's lies among its books; it is not read, but a cache can run code",
    "chain": "a record's hash, number or previous hash does not continue the chain",
    "order-of-days": "an entry is dated, or was recorded, before the entry it follows",
    "shape": "an entry lacks a fact, has one too many, or touches accounts that its kind may not",
    "unbalanced": "debits and credits differ",
    "unknown-code": "a household, landlord, allocation or payment is used that was never opened",
    "closed-position": "a household is used after its position was closed for good",
    "cap": "a household has more months than the cap of the agreement",
    "window": "a month is committed or approved that the agreement does not let pay, or is changed when it is over",
    "duplicate": "a household's month is committed or approved twice, or a code is given twice",
    "over-commitment": "more is committed than is available",
    "over-approval": "a month is approved that is not committed, for more than its lot, or without a lease of it",
    "run": "a month is approved that is on hold, or that is on no list that one person proposed and another approved",
    "over-order": "an order is not for what was approved, or more is paid out than is owed",
    "over-collection": "more is received than was allocated, in all or for one tranche",
    "over-recovery": "more is claimed back than a month used, or more recovered than was claimed",
    "four-eyes": "a payout was not prepared by one person and approved by another",
    "people": "an act by no user, by a disabled one, or without that role then; or one person stands twice",
    "payee": "an account is paid, or changed, that two people did not confirm as it is",
    "bank-day": "money moved at the bank on no day, on one after the entry, or on one before the order that it answers",
    "order-of-states": "a payment or a month takes a step that its state does not allow",
    "misexecution": "a month is ordered for which the bank owes money, or more comes back than it paid by mistake",
    "formula": "a prorated amount is not what its formula gives, or the formula does not count the month's days",
    "mirror": "what is used differs from the expenses, or the fund does not add up",
    "closing": "a closing skips a month, comes too early, or asserts something other than the entries give",
    "beancount": "Beancount reports an error",
}

STRAY = "stray"
"""The only rule whose violation does not stop writing: an auditor sees it, the service warns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation of ``rule`` (a key of ``RULES``), at entry ``seq`` if there is one, and ``place`` in the files."""

    rule: str
    detail: str
    seq: int | None = None
    place: str | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"entry {self.seq}" if self.seq is not None else None, self.place) if part)
        return f"{self.rule}: {where + ': ' if where else ''}{self.detail}"
