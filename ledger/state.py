"""What the books say at one moment: households, payments, balances. The steps change it, the position folds over it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ledger import accounts as a
from ledger.entries import ACCOUNT_CLOSES_AFTER, Balance, Entry
from ledger.months import Month


@dataclass(slots=True)
class Household:
    """A household's months: lots still committed (month → cents), and months approved (month → state)."""

    cap_months: int
    opened: date
    lots: dict[Month, int] = field(default_factory=dict)
    months: dict[Month, str] = field(default_factory=dict)
    exited: date | None = None

    @property
    def months_used(self) -> int:
        return len(self.months)


@dataclass(slots=True)
class Payment:
    """An attempt to pay an approved month, and its state."""

    household: str
    landlord: str
    month: Month
    amount_cents: int
    state: str


@dataclass(frozen=True, slots=True)
class HouseholdMonths:
    """How many months are committed to a household, and the day on which its position was closed for good."""

    committed: int
    exited: date | None


_ASSERTED = (a.TREASURY, a.IN_TRANSIT, a.RECEIVABLE, a.FUNDER, a.AVAILABLE, a.USED)


def closing_balances(
    month: Month, balances_cents: Mapping[str, int], households: Mapping[str, HouseholdMonths]
) -> tuple[Balance, ...]:
    """What the closing of a month asserts, from what every account held at its end.

    The fund's accounts, the expenses as a whole, and each household's committed months (a credit, so not above zero)
    unless its account is closed by then.
    """
    rent_cents = sum(cents for account, cents in balances_cents.items() if account.startswith(a.RENT + ":"))
    fund = [Balance(account, balances_cents.get(account, 0)) for account in _ASSERTED]
    months = [
        Balance(a.committed(code), -household.committed)
        for code, household in sorted(households.items())
        if household.exited is None or household.exited + ACCOUNT_CLOSES_AFTER > month.next_first_day()
    ]
    return (*fund, Balance(a.RENT, rent_cents), *months)


@dataclass(slots=True)
class State:
    """Everything that the books say, as of the last entry applied.

    ``approvals`` has what each approved month still owes and to whom; ``used_cents`` what each is charged with, less
    what was found to be overpaid; ``offsets`` the recoveries set off against a landlord's months, no one in particular,
    and not yet taken from an order; ``set_off`` the months that a recovery was kept back of; ``allocations`` what of
    each tranche is still to be received.
    """

    cap_months: int = 0
    fund: str | None = None
    seq: int = 0
    day: date | None = None
    recorded_at: datetime | None = None
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    households: dict[str, Household] = field(default_factory=dict)
    landlords: dict[str, date] = field(default_factory=dict)
    allocations: dict[str, int] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    approvals: dict[tuple[str, Month], tuple[str, int]] = field(default_factory=dict)
    used_cents: dict[tuple[str, Month], int] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    set_off: set[tuple[str, Month]] = field(default_factory=set)
    entries: dict[int, Entry] = field(default_factory=dict)
    corrected: set[int] = field(default_factory=set)
    closed_month: Month | None = None
    month_ends: dict[Month, tuple[Balance, ...]] = field(default_factory=dict)
