"""Ledger entries: plain immutable values, checked against the allow-list before they are written."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from ledger import accounts, codes
from ledger.money import MAX_CENTS
from ledger.months import Month


class Posting(NamedTuple):
    """One posting of an entry.

    ``amount_cents`` is a debit when positive and a credit when negative. With ``month`` set, the posting moves that
    month's lot of a household's commitment at its cost: a credit adds the lot, a debit takes it.
    """

    account: str
    amount_cents: int
    month: Month | None = None


class Balance(NamedTuple):
    """Asserted balance of an account at the end of a closed month: cents, or a number of months for a commitment."""

    account: str
    number: int

    @property
    def in_months(self) -> bool:
        return accounts.household_of(self.account) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of an entry. Codes, days and hashes only: no personal data, no free text.

    ``account`` and ``contact`` are versions of the landlord's, ``fingerprint`` is of the value that an act is about.
    """

    fund: str | None = None
    cap_months: int | None = None
    activities_end: date | None = None
    key_check: str | None = None
    household: str | None = None
    landlord: str | None = None
    account: int | None = None
    contact: int | None = None
    fingerprint: str | None = None
    usable_from: date | None = None
    called_back_on: date | None = None
    month: Month | None = None
    payment: str | None = None
    batch: str | None = None
    allocation: str | None = None
    corrects: int | None = None
    reason: str | None = None
    bank_date: date | None = None
    formula: str | None = None
    evidence: str | None = None


FACT_PATTERNS = {
    "fund": codes.FUND,
    "cap_months": codes.COUNT,
    "activities_end": codes.DAY,
    "key_check": codes.FINGERPRINT,
    "household": codes.HOUSEHOLD,
    "landlord": codes.LANDLORD,
    "account": codes.COUNT,
    "contact": codes.COUNT,
    "fingerprint": codes.FINGERPRINT,
    "usable_from": codes.DAY,
    "called_back_on": codes.DAY,
    "month": codes.MONTH,
    "payment": codes.PAYMENT,
    "batch": codes.BATCH,
    "allocation": codes.ALLOCATION,
    "corrects": codes.COUNT,
    "reason": codes.REASON,
    "bank_date": codes.DAY,
    "formula": codes.FORMULA,
    "evidence": codes.SHA256,
}
"""Pattern of each fact's text, in the order in which the books write the facts."""

KIND_PATTERN = r"[a-z]{2,20}(-[a-z]{2,20})?"

# A Beancount assertion holds at the beginning of its day. On the day of the exit it would not see the entries booked on
# that day (decision 0003), such as the release of the last lots.
ZERO_ASSERTED_AFTER = timedelta(days=1)
"""Days from an exit to the assertion that no month is committed."""

ACCOUNT_CLOSES_AFTER = timedelta(days=2)
"""Days from an exit to the close of the household's commitment account, the day after the zero assertion."""

FACT_NAMES = tuple(field.name for field in fields(Facts))


class FactTexts(NamedTuple):
    """The texts of the facts, as a record has them; the names are those of ``Facts``."""

    fund: str | None
    cap_months: str | None
    activities_end: str | None
    key_check: str | None
    household: str | None
    landlord: str | None
    account: str | None
    contact: str | None
    fingerprint: str | None
    usable_from: str | None
    called_back_on: str | None
    month: str | None
    payment: str | None
    batch: str | None
    allocation: str | None
    corrects: str | None
    reason: str | None
    bank_date: str | None
    formula: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry before it is sealed.

    ``date`` is the booking day; ``recorded_at`` an aware UTC instant in whole seconds. ``prepared_by`` and
    ``approved_by`` are user codes; payouts have both.
    """

    date: date
    kind: str
    recorded_at: datetime
    prepared_by: str
    approved_by: str | None = None
    facts: Facts = Facts()
    postings: tuple[Posting, ...] = ()
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Draft):
    """A sealed entry: its number from 1 without gaps, the previous hash and its own.

    ``record`` is its text in the books, rendered once, when it was sealed, and empty for an entry that was read from
    them; two entries that say the same are equal all the same.
    """

    seq: int
    prev: str
    hash: str
    record: bytes = field(default=b"", compare=False, repr=False)


class NotAllowed(ValueError):
    """A value that the books may not contain. Names the field, never the value."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} may not stand in the books")
        self.place = place


def fact_texts(facts: Facts) -> list[tuple[str, str]]:
    """The facts that are set, as (name, text), in the order of the books."""
    pairs = ((name, getattr(facts, name)) for name in FACT_NAMES)
    return [(name, str(value)) for name, value in pairs if value is not None]


def facts_from_texts(texts: dict[str, str]) -> Facts:
    """Parse facts from text. Raises ``NotAllowed`` for an unknown name or a text outside its pattern."""
    values: dict[str, object] = {}
    for name, text in texts.items():
        pattern = FACT_PATTERNS.get(name)
        if pattern is None or not codes.matches(pattern, text):
            raise NotAllowed(name)
        values[name] = _READERS.get(name, str)(text)
    return Facts(**values)  # type: ignore[arg-type]  # each reader returns its field's type


_READERS: dict[str, Callable[[str], object]] = {
    "cap_months": int,
    "corrects": int,
    "account": int,
    "contact": int,
    "month": Month.parse,
    "activities_end": date.fromisoformat,
    "bank_date": date.fromisoformat,
    "usable_from": date.fromisoformat,
    "called_back_on": date.fromisoformat,
}


def check_allowed(draft: Draft) -> None:
    """Check every value of an entry against the allow-list. Raises ``NotAllowed``."""
    _expect("kind", KIND_PATTERN, draft.kind)
    _expect("date", codes.DAY, str(draft.date))
    if draft.recorded_at.tzinfo is not UTC or draft.recorded_at.microsecond:
        raise NotAllowed("recorded_at")
    _expect("recorded_at", codes.DAY, str(draft.recorded_at.date()))
    _expect("prepared_by", codes.USER, draft.prepared_by)
    if draft.approved_by is not None:
        _expect("approved_by", codes.USER, draft.approved_by)
    for name, text in fact_texts(draft.facts):
        _expect(name, FACT_PATTERNS[name], text)
    for posting in draft.postings:
        _check_posting(posting)
    for balance in draft.balances:
        _expect("balance", accounts.PATTERN, balance.account)
        if abs(balance.number) > MAX_CENTS:
            raise NotAllowed("balance")


def check_placed(entry: Entry) -> None:
    """The same check with number and previous hash: a database may have been tampered with."""
    check_allowed(entry)
    _expect("seq", codes.COUNT, str(entry.seq))
    _expect("prev", codes.SHA256, entry.prev)


def check_sealed(entry: Entry) -> None:
    """The same check with the entry's own hash."""
    check_placed(entry)
    _expect("hash", codes.SHA256, entry.hash)


def _check_posting(posting: Posting) -> None:
    _expect("account", accounts.PATTERN, posting.account)
    if posting.account == accounts.RENT:
        raise NotAllowed("account")
    if posting.amount_cents == 0 or abs(posting.amount_cents) > MAX_CENTS:
        raise NotAllowed("amount")
    if (posting.month is not None) != (accounts.household_of(posting.account) is not None):
        raise NotAllowed("month of a posting")


def _expect(place: str, pattern: str, text: str) -> None:
    if not codes.matches(pattern, text):
        raise NotAllowed(place)
