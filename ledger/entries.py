"""Ledger entries: plain immutable values, checked against the allow-list before they are written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, NamedTuple, Protocol, get_args, get_type_hints

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


class Facts(NamedTuple):
    """The facts of an entry, in the order in which the books write them, each beside the pattern of its text.

    Codes, days and hashes only: no personal data, no free text. ``account`` and ``contact`` are versions of the
    landlord's, ``lease`` is counted by household, ``fingerprint`` is of the value that an act is about. ``act_date`` is
    the day of the paper behind an entry: agreement, act of the city, grant. A new fact is
    one line here: writer, grammar and journal read this declaration.
    """

    fund: Annotated[str | None, codes.FUND] = None
    cap_months: Annotated[int | None, codes.COUNT] = None
    target_months: Annotated[int | None, codes.COUNT] = None
    activities_end: Annotated[date | None, codes.DAY] = None
    city_act: Annotated[str | None, codes.CITY_ACT] = None
    act_date: Annotated[date | None, codes.DAY] = None
    pay_day: Annotated[int | None, codes.DAY_OF_MONTH] = None
    cooling_off_days: Annotated[int | None, codes.DAYS] = None
    payee_check: Annotated[str | None, codes.PAYEE_CHECK] = None
    tax_check_days: Annotated[int | None, codes.DAYS] = None
    tax_thresholds: Annotated[str | None, codes.THRESHOLDS] = None
    key_check: Annotated[str | None, codes.FINGERPRINT] = None
    renewed: Annotated[str | None, codes.RENEWED] = None
    user: Annotated[str | None, codes.PERSON] = None
    role: Annotated[str | None, codes.ROLE] = None
    login_fingerprint: Annotated[str | None, codes.FINGERPRINT] = None
    email_fingerprint: Annotated[str | None, codes.FINGERPRINT] = None
    token: Annotated[str | None, codes.TOKEN] = None
    expires_at: Annotated[str | None, codes.INSTANT] = None
    proposal: Annotated[int | None, codes.COUNT] = None
    purpose: Annotated[str | None, codes.PURPOSE] = None
    run: Annotated[Month | None, codes.MONTH] = None
    household: Annotated[str | None, codes.HOUSEHOLD] = None
    lease: Annotated[int | None, codes.COUNT] = None
    landlord: Annotated[str | None, codes.LANDLORD] = None
    account: Annotated[int | None, codes.COUNT] = None
    contact: Annotated[int | None, codes.COUNT] = None
    fingerprint: Annotated[str | None, codes.FINGERPRINT] = None
    usable_from: Annotated[date | None, codes.DAY] = None
    called_back_on: Annotated[date | None, codes.DAY] = None
    since: Annotated[date | None, codes.DAY] = None
    until: Annotated[date | None, codes.DAY] = None
    month: Annotated[Month | None, codes.MONTH] = None
    months: Annotated[int | None, codes.COUNT] = None
    amount_cents: Annotated[int | None, codes.COUNT] = None
    payment: Annotated[str | None, codes.PAYMENT] = None
    payments: Annotated[str | None, codes.PAYMENTS] = None
    batch: Annotated[str | None, codes.BATCH] = None
    allocation: Annotated[str | None, codes.ALLOCATION] = None
    statement: Annotated[str | None, codes.STATEMENT] = None
    corrects: Annotated[int | None, codes.COUNT] = None
    entry: Annotated[int | None, codes.COUNT] = None
    reason: Annotated[str | None, codes.REASON] = None
    bank_date: Annotated[date | None, codes.DAY] = None
    formula: Annotated[str | None, codes.FORMULA] = None
    document: Annotated[str | None, codes.DOCUMENT] = None
    size: Annotated[int | None, codes.SIZE] = None
    place: Annotated[int | None, codes.COUNT] = None
    evidence: Annotated[str | None, codes.SHA256] = None


NO_FACTS = Facts()


class FactText(NamedTuple):
    """How a fact is written: the pattern of its text, and what makes its value of a text that matches."""

    pattern: str
    read: Callable[[str], object]


_READERS: dict[type, Callable[[str], object]] = {str: str, int: int, date: date.fromisoformat, Month: Month.parse}


def _fact_text(annotated: Any) -> FactText:
    value_type, _ = get_args(annotated.__origin__)
    return FactText(annotated.__metadata__[0], _READERS[value_type])


FACTS = {name: _fact_text(hint) for name, hint in get_type_hints(Facts, include_extras=True).items()}
"""How each fact is written, by its name, in the order of the books."""

KIND_PATTERN = r"[a-z]{2,20}(-[a-z]{2,20})?"

# A Beancount assertion holds at the beginning of its day. On the day of the exit it would not see the entries booked on
# that day (decision 0003), such as the release of the last lots.
ZERO_ASSERTED_AFTER = timedelta(days=1)
"""Days from an exit to the assertion that no month is committed."""

ACCOUNT_CLOSES_AFTER = timedelta(days=2)
"""Days from an exit to the close of the household's commitment account, the day after the zero assertion."""


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
    facts: Facts = NO_FACTS
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


class HasPostings(Protocol):
    """An entry, sealed or not, or what was read of its record."""

    @property
    def postings(self) -> tuple[Posting, ...]:
        """What it moves."""
        ...


def debited_cents(entry: HasPostings, account: str) -> int:
    """Net debit of an entry to an account."""
    debited = 0
    for name, cents, _ in entry.postings:
        if name == account:
            debited += cents
    return debited


class NotAllowed(ValueError):
    """A value that the books may not contain. Names the field, never the value."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} may not stand in the books")
        self.place = place


def fact_texts(facts: Facts) -> list[tuple[str, str]]:
    """The facts that are set, as (name, text), in the order of the books."""
    return [(name, str(value)) for name, value in zip(Facts._fields, facts, strict=True) if value is not None]


def check_placed(draft: Draft, seq: int, prev: str) -> list[tuple[str, str]]:
    """Check every value of an entry against the allow-list, with its number and the previous hash: a database may have
    been tampered with. Returns the texts of its facts. Raises ``NotAllowed``.
    """
    _expect("kind", KIND_PATTERN, draft.kind)
    _expect("date", codes.DAY, str(draft.date))
    if draft.recorded_at.tzinfo is not UTC or draft.recorded_at.microsecond:
        raise NotAllowed("recorded_at")
    _expect("recorded_at", codes.DAY, str(draft.recorded_at.date()))
    _expect("prepared_by", codes.USER, draft.prepared_by)
    if draft.approved_by is not None:
        _expect("approved_by", codes.USER, draft.approved_by)
    texts = fact_texts(draft.facts)
    for name, text in texts:
        _expect(name, FACTS[name].pattern, text)
    for posting in draft.postings:
        _check_posting(posting)
    for balance in draft.balances:
        _expect("balance", accounts.PATTERN, balance.account)
        if abs(balance.number) > MAX_CENTS:
            raise NotAllowed("balance")
    _expect("seq", codes.COUNT, str(seq))
    _expect("prev", codes.SHA256, prev)
    return texts


def check_hash(own_hash: str) -> None:
    """The same check of an entry's own hash."""
    _expect("hash", codes.SHA256, own_hash)


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
