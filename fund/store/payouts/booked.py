"""What the entries say of balances, of months that are owed and of batches that wait: no row is believed."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlmodel import Session

from fund.store import journal
from fund.store.journal import TagOf, Walked
from ledger import accounts
from ledger.acts.books import REBUILT
from ledger.money import parse_cents

HouseholdMonth = tuple[str, str]

_FACTS = {
    name: re.compile(rf'\n  {name}: "([^"]*)"\n'.encode())
    for name in ("prepared-by", "household", "lease", "month", "batch", "fingerprint")
}
_POSTING = re.compile(rb'\n  ([A-Z][A-Za-z0-9:]+) +(-?)(?:1 MONTH \{)?([0-9.]+) EUR(?:, "([0-9-]+)"\})?')
_OWED = f"{accounts.LANDLORDS}:"
_SETTLES_A_BATCH = ("batch-withdrawn", "sealed")


class Owed(NamedTuple):
    """What is owed of a month, to whom, and by which lease: household and number."""

    landlord: str
    lease: tuple[str, int]
    cents: int


class Prepared(NamedTuple):
    """Who prepared a batch, and the fingerprint of its payments."""

    by: str
    fingerprint: str


class _Posting(NamedTuple):
    """What a record posts to an account, in cents; ``month`` is that of a lot."""

    account: str
    cents: int
    month: str | None


@dataclass(slots=True)
class BookedPayouts:
    """The balance of each account; the committed lots and what each costs; the landlord and the lease by which each
    month was approved; the cents of it that are owed, are ordered, and were paid by the bank by mistake, as its entries
    post them; and the batches that were prepared and wait.

    The chain says that the records are those that the service wrote, so that nothing is checked of them here.
    """

    balances: Counter[str] = field(default_factory=Counter)
    lots: Counter[HouseholdMonth] = field(default_factory=Counter)
    approved: dict[HouseholdMonth, tuple[str, int]] = field(default_factory=dict)
    owed_cents: Counter[HouseholdMonth] = field(default_factory=Counter)
    ordered_cents: Counter[HouseholdMonth] = field(default_factory=Counter)
    by_bank_cents: Counter[HouseholdMonth] = field(default_factory=Counter)
    prepared: dict[str, Prepared] = field(default_factory=dict)

    def owed(self, month: HouseholdMonth) -> Owed | None:
        """What is owed of a household's month of which nothing is ordered."""
        cents = self.owed_cents[month]
        if not cents or self.ordered_cents[month]:
            return None
        landlord, lease = self.approved[month]
        return Owed(landlord, (month[0], lease), cents)

    def follow(self, kind: str, record: bytes) -> None:
        """The next record."""
        if kind == "batch-prepared":
            self.prepared[_fact(record, "batch")] = Prepared(_fact(record, "prepared-by"), _fact(record, "fingerprint"))
        elif kind in _SETTLES_A_BATCH:
            self.prepared.pop(_fact(record, "batch"), None)
        elif kind == REBUILT:
            self.prepared.clear()
        elif postings := list(_postings(record)):
            self._follow_postings(kind, record, postings)

    def _follow_postings(self, kind: str, record: bytes, postings: list[_Posting]) -> None:
        month = _fact(record, "household"), _fact(record, "month")
        for account, cents, lot in postings:
            self.balances[account] += cents
            if lot is not None:
                self._move_lot((account.rpartition(":")[2], lot), cents)
            elif account == accounts.OUTSTANDING_ORDERS:
                self.ordered_cents[month] -= cents
            elif account == accounts.RECOVERY_BANK:
                self.by_bank_cents[month] += cents
            elif account.startswith(_OWED):
                self.owed_cents[month] -= cents
                if kind == "approval":
                    self.approved[month] = account.removeprefix(_OWED), int(_fact(record, "lease"))

    def _move_lot(self, of: HouseholdMonth, cents: int) -> None:
        self.lots[of] -= cents
        if not self.lots[of]:
            del self.lots[of]


def booked_payouts(session: Session, tag_of: TagOf) -> AbstractContextManager[BookedPayouts]:
    """As the whole chain says, which is walked for it to the tag of its last entry. Raises ``IntegrityBroken``."""

    def go_on(made: BookedPayouts, walked: Walked) -> None:
        for _, kind, record in journal.records_of_chain(session, tag_of, walked):
            made.follow(kind, record)

    return journal.kept_of_chain(session, "payouts", BookedPayouts, go_on)


def _postings(record: bytes) -> Iterator[_Posting]:
    for posting in _POSTING.finditer(record):
        account, sign, amount, month = ((part or b"").decode() for part in posting.groups())
        yield _Posting(account, int(f"{sign}{parse_cents(amount)}"), month or None)


def _fact(record: bytes, name: str) -> str:
    found = _FACTS[name].search(record)
    return "" if found is None else found[1].decode()
