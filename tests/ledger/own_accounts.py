"""What a random history knows of its fund, apart from ``ledger.position``: the two are held against each other."""

from collections import defaultdict
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from random import Random

from ledger import accounts as a
from ledger.acts.landlords import AccountRef
from ledger.acts.money import AgreedTerms, Window
from ledger.chain import GENESIS, seal
from ledger.entries import Balance, Draft, Entry
from ledger.events import BankLineFact, PaymentRef
from ledger.months import Month
from ledger.position import HouseholdMonths, closing_balances
from ledger.stamp import Stamp

FUND = "PIS-TRENTO-2020"
CAP_MONTHS = 20
WINDOW = Window(date(2027, 12, 2), CAP_MONTHS, CAP_MONTHS)
"""So long that no history comes to its end."""
TERMS = AgreedTerms(5, 0, "optional", 15, None)
KEY_CHECK = "0123456789abcdef" * 2
EVIDENCE = "ab" * 32
PREPARER = "U05"
"""Who prepares batches beside the runs."""


def fingerprint_of(landlord: str, version: int, what: str = "account") -> str:
    """What stands for a fingerprint in histories without a key."""
    return sha256(f"{what} {landlord} {version}".encode()).hexdigest()[:32]


_DRAFT_FIELDS = [item.name for item in fields(Draft)]


def draft_of(entry: Entry) -> Draft:
    """The draft that an entry was sealed from."""
    return Draft(**{name: getattr(entry, name) for name in _DRAFT_FIELDS})


@dataclass
class OwedMonth:
    """An approved month in the history's own accounts, with its last payment and the part of that which is under way,
    was paid, or was paid by mistake; ``paid_before_cents`` were paid otherwise, of which ``regularised_cents`` without
    an order.
    """

    state: str
    landlord: str
    owed_cents: int
    used_cents: int
    approval: Entry
    payment: PaymentRef | None = None
    outstanding_cents: int = 0
    paid_cents: int = 0
    mistaken_cents: int = 0
    paid_before_cents: int = 0
    regularised_cents: int = 0

    @property
    def ended_cents(self) -> int:
        ordered_cents = self.payment.amount_cents if self.payment else 0
        return ordered_cents - self.outstanding_cents - self.paid_cents

    def work_out(self) -> None:
        """The state by what is owed of the month, under way and paid by mistake."""
        rest = "approved" if self.owed_cents else "settled"
        self.state = "paid-twice" if self.mistaken_cents else "ordered" if self.outstanding_cents else rest


@dataclass
class OpenLease:
    """A lease without an end in the history's own accounts, with its rents by the day from which each holds."""

    landlord: str
    since: date
    rents: dict[date, int]

    def most_cents(self, month: Month, decided_cents: int) -> int:
        """What rent and decision give for a month, day by day."""
        exact = Fraction()
        for number in range(month.days):
            day = month.first_day + timedelta(days=number)
            rent_cents = next((self.rents[since] for since in sorted(self.rents, reverse=True) if since <= day), 0)
            exact += Fraction(min(rent_cents, decided_cents) if day >= self.since else 0, month.days)
        return int(exact + Fraction(1, 2))


@dataclass
class Home:
    """A household in the history's own accounts."""

    cap_months: int
    lots: dict[Month, int] = field(default_factory=dict)
    months: dict[Month, OwedMonth] = field(default_factory=dict)
    leases: int = 0
    held: set[Month] = field(default_factory=set)
    open_leases: dict[int, OpenLease] = field(default_factory=dict)
    decided: dict[Month, int] = field(default_factory=dict)
    exited: date | None = None

    def decided_cents(self, month: Month) -> int:
        """The contribution decided for a month."""
        return next((self.decided[since] for since in sorted(self.decided, reverse=True) if since <= month), 0)

    @property
    def left(self) -> int:
        return self.cap_months - len(self.lots) - len(self.months)


class Accounts:
    """A fund's own simple accounts, and the entries that led to them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - no secret depends on it, and a seed must give the same history
        self.entries: list[Entry] = []
        self.day = date(2021, 1, 1)
        self.at = datetime(2021, 1, 1, 6, tzinfo=UTC)
        self.balances: dict[str, int] = defaultdict(int)
        self.homes: dict[str, Home] = {}
        self.landlords: list[str] = []
        self.registered = self.people = self.strangers = 0
        self.versions: dict[str, int] = {}
        self.accounts: dict[str, AccountRef] = {}
        self.suspended: set[str] = set()
        self.proposers: dict[str, str] = {}
        self.tranches: dict[str, int] = {}
        self.pool: dict[str, int] = defaultdict(int)
        self.corrected: set[int] = set()
        self.batches = self.payments = self.runs = 0
        self.unclosed: list[tuple[Month, tuple[Balance, ...]]] = []

    @property
    def drafts(self) -> list[Draft]:
        return [draft_of(entry) for entry in self.entries]

    @property
    def free_cents(self) -> int:
        return -self.balances[a.AVAILABLE]

    def pass_days(self, days: int) -> None:
        """Time goes on; what the accounts held at each month's end is kept for its closing."""
        for _ in range(days):
            month = Month.of(self.day)
            if self.day == month.last_day:
                homes = {code: HouseholdMonths(len(home.lots), home.exited) for code, home in self.homes.items()}
                self.unclosed.append((month, closing_balances(month, self.balances, homes)))
            self.day += timedelta(days=1)

    def stamp(self, *, two: bool = True) -> Stamp:
        self.at = max(
            self.at + timedelta(seconds=self.random.randrange(90)), datetime(*self.day.timetuple()[:3], 6, tzinfo=UTC)
        )
        approver = self.random.choice(["U03", "U04"]) if two else None
        return Stamp(self.day, self.at, self.random.choice(["U01", "U02"]), approver)

    def bank_line(self) -> BankLineFact:
        """A line of the bank of which nothing is booked yet."""
        return BankLineFact(self.day, EVIDENCE, len(self.entries))

    def add(self, draft: Draft) -> Entry:
        """Seal a draft behind the others and post it."""
        entry = seal(draft, len(self.entries) + 1, self.entries[-1].hash if self.entries else GENESIS)
        self.entries.append(entry)
        for posting in entry.postings:
            self.balances[posting.account] += posting.amount_cents
        return entry

    def amount_cents(self, most_cents: int) -> int:
        """An amount: often a round one, sometimes everything, sometimes a single cent."""
        most = max(most_cents, 1)
        return min(most, self.random.choice([1, most, 45000, 47050, self.random.randint(1, most)]))

    def homes_open(self) -> list[str]:
        return [code for code, home in self.homes.items() if home.exited is None]

    def owed(self, *states: str) -> list[tuple[str, Month, OwedMonth]]:
        """The approved months in one of these states."""
        return [
            (code, month, owed)
            for code, home in self.homes.items()
            for month, owed in home.months.items()
            if owed.state in states
        ]

    def committed(self) -> list[tuple[str, Month, int]]:
        return [(code, month, cents) for code in self.homes_open() for month, cents in self.homes[code].lots.items()]
