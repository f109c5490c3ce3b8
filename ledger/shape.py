"""Whether an entry has the shape that the event table gives its kind: its facts, its accounts, its people."""

from collections import Counter
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from ledger import accounts
from ledger.codes import SYSTEM
from ledger.entries import FACTS
from ledger.findings import Violations
from ledger.kind import Kind
from ledger.kinds import KINDS
from ledger.reader import Record


class Shape:
    """What the event table says of a kind, made ready for one quick look at each record."""

    def __init__(self, kind: Kind) -> None:
        needed = [place for place, fact in enumerate(FACTS) if fact in kind.needs]
        strange = [place for place, fact in enumerate(FACTS) if fact not in (*kind.needs, *kind.may)]
        # one place stands twice, because of a single place itemgetter makes no tuple
        self._needed = itemgetter(*needed, *(needed or strange)[:1], *(needed or strange)[:1])
        self._needs_none = not needed
        self._strange = itemgetter(*strange)
        self._strange_count = len(strange)
        self._kind, self._moves_money, self._is_closing = kind, kind.moves_money, kind.name == "closing"
        self.is_free = kind.name == "correction"
        self.debit, self.credit = frozenset(kind.debit), frozenset(kind.credit)

    def is_broken_by(self, entry: Record) -> bool:
        """Whether there is a violation, at a glance."""
        kind, facts = self._kind, entry.facts
        return (
            self._strange(facts).count(None) < self._strange_count
            or (None in self._needed(facts) and not self._needs_none)
            or (kind.two_people and entry.approved_by in (None, entry.prepared_by, SYSTEM))
            or (kind.two_people and entry.prepared_by == SYSTEM)
            or (self._moves_money and not entry.postings)
            or self._is_closing != bool(entry.balances)
        )

    def violations(self, entry: Record) -> Violations:
        """Violations of the shape, besides those of its accounts."""
        kind = self._kind
        yield from _fact_violations(entry, kind)
        if (kind.name == "closing") != bool(entry.balances):
            yield "shape", "balances are asserted by closings, and by every closing"
        if kind.two_people and entry.is_of_one:
            yield "four-eyes", f"prepared by {entry.prepared_by}, approved by {entry.approved_by or 'no one'}"
        if kind.moves_money and not entry.postings:
            yield "shape", "moves no money"


SHAPES = {name: Shape(kind) for name, kind in KINDS.items()}


def _fact_violations(entry: Record, kind: Kind) -> Violations:
    named = {name for name, text in zip(FACTS, entry.facts, strict=True) if text is not None}
    missing = [name for name in kind.needs if name not in named]
    strange = sorted(named - {*kind.needs, *kind.may})
    if missing:
        yield "shape", f"lacks {', '.join(missing)}"
    if strange:
        yield "shape", f"has {', '.join(strange)}, which a {kind.name} has not"


class AccountName(NamedTuple):
    """An account as the event table names it, and the household's or landlord's code in it."""

    template: str
    code: str | None


_WHOLE_NAMES = frozenset(line.name for line in accounts.CHART if line.per is None)


@cache
def account_name(account: str) -> AccountName:
    """An account by its template. Cached: there are a few for each household, and each is posted to many times."""
    if account in _WHOLE_NAMES:
        return AccountName(account, None)
    name, _, code = account.rpartition(":")
    per = next((line.per for line in accounts.CHART if line.name == name and line.per), None)
    return AccountName(f"{name}:{{{per}}}", code) if per else AccountName(account, None)


def has_strange_accounts(entry: Record, shape: Shape) -> bool:
    """Whether an entry touches an account that its kind may not, or one account or lot twice, at a glance."""
    facts, sides = entry.facts, set()
    codes = (None, facts.household, facts.landlord)
    for account, cents, month in entry.postings:
        template, code = account_name(account)
        if code not in codes or template not in (shape.debit if cents > 0 else shape.credit):
            return True
        sides.add((account, month, month is not None and cents > 0))
    return len(sides) < len(entry.postings)


def account_violations(entry: Record, shape: Shape) -> Violations:
    """Accounts that an entry's kind may not touch, and accounts, or lots of a household, to which it posts twice."""
    codes = (None, entry.facts.household, entry.facts.landlord)
    for account, cents, _ in entry.postings:
        template, code = account_name(account)
        if code not in codes or template not in (shape.debit if cents > 0 else shape.credit):
            yield "shape", f"{'debits' if cents > 0 else 'credits'} {account}"
    sides = Counter((account, month, month is not None and cents > 0) for account, cents, month in entry.postings)
    for account, month, _ in (side for side, times in sides.items() if times > 1):
        yield "shape", f"posts twice to {account}{f' for {month}' if month else ''}"
