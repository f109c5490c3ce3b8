"""What the desk's overviews show: work, the grid of months, money under way. Immutable values, cents, codes only."""

from dataclasses import dataclass
from datetime import date

from fund.domain.rules import Forecast
from fund.domain.states import ContributionState, MonthState
from fund.domain.views import FundBalance, HouseholdBalance, PaymentView
from ledger.months import Month

GRID_STATES = (
    ContributionState.SETTLED,
    ContributionState.ORDERED,
    ContributionState.APPROVED,
    ContributionState.PROPOSED,
    ContributionState.HELD,
    MonthState.COMMITTED,
    MonthState.FREE,
)
"""The states in the cells of the grid."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person: its kind, what it is about, how many, and how much where it is money.

    ``is_mine`` says whether the reader may do it; if not, another person must.
    """

    kind: str
    key: str
    count: int
    amount_cents: int | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One of a household's months: the calendar's month and what became of it; both are empty where it is free."""

    number: int
    month: Month | None
    state: str
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One household of the grid, with its cap's number of cells."""

    household: str
    cells: tuple[Cell, ...]
    is_closed: bool
    months_used: int
    months_cap: int
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class OutstandingAge:
    """Payments that were ordered and not booked yet, by how long ago their batch was sealed."""

    days_from: int
    days_to: int | None
    payments: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class HomeView:
    """The fund on one page; ``grid`` shows the first of so many households."""

    day: date
    fund: FundBalance
    tasks: tuple[Task, ...]
    grid: tuple[GridRow, ...]
    households: int
    outstanding_orders: tuple[OutstandingAge, ...]
    activities_end: date
    last_month: Month

    @property
    def mine(self) -> tuple[Task, ...]:
        """What the reader can do."""
        return tuple(task for task in self.tasks if task.is_mine)

    @property
    def others(self) -> tuple[Task, ...]:
        """What waits for another person."""
        return tuple(task for task in self.tasks if not task.is_mine)


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in a list: its position (a word of the catalogue), its last lease, and its money."""

    code: str
    position: str
    landlord: str | None
    registration: str | None
    balance: HouseholdBalance


@dataclass(frozen=True, slots=True)
class MonthOfAll:
    """One cell of the grid on its own, for a list of all months."""

    household: str
    number: int
    month: Month
    state: str
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class HouseholdMonth:
    """One month of a household: committed, or proposed and what became of it (``contribution`` is its number)."""

    month: Month
    state: str
    amount_cents: int
    formula: str | None
    landlord: str | None
    run: Month | None
    reason: str | None
    contribution: int | None = None


@dataclass(frozen=True, slots=True)
class HouseholdLease:
    """A lease with its rents by the day from which each holds, in cents, oldest first."""

    id: int
    landlord: str
    registration: str | None
    starts_on: date
    ends_on: date | None
    rents_cents: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household on one page: its cells, months, leases, what was decided, and every attempt to pay."""

    row: GridRow
    admitted_on: date | None
    exited_on: date | None
    is_annulled: bool
    erased_on: date | None
    months: tuple[HouseholdMonth, ...]
    leases: tuple[HouseholdLease, ...]
    amounts_cents: tuple[tuple[Month, int], ...]
    payments: tuple[PaymentView, ...]
