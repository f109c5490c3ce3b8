"""The desk's overviews: each page's facts together, in a fixed number of queries whatever the size of the fund."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from fund.clock import day_in_rome
from fund.domain import access, rules, states
from fund.domain.desk_views import (
    Cell,
    GridRow,
    HomeView,
    HouseholdLease,
    HouseholdMonth,
    HouseholdRow,
    HouseholdView,
    MonthOfAll,
    OutstandingAge,
)
from fund.domain.states import MonthState
from fund.domain.views import HouseholdBalance
from fund.services.context import Context
from fund.services.desk.tasks import waiting_tasks
from fund.services.money.balances import read_balances
from fund.store import balances
from fund.store.balances import Lot
from fund.store.desk import overviews as store
from fund.store.desk.overviews import ActiveMonth
from fund.store.households import LeaseView, decided_amounts, free_lots, leases_of
from fund.store.payouts.payments import payments_where
from fund.store.tables import Fund, Household
from ledger.months import Month

ON_HOME = 20
"""How many households the home page shows; the rest are on pages of their own."""
OUTSTANDING_DAYS: Sequence[tuple[int, int | None]] = ((0, 2), (3, 7), (8, None))
"""How long an order is outstanding, in days: as usual, long, and too long."""
AT_ONCE = 500
"""So many households are read at once where all of them leave as a file."""


def view_home(context: Context) -> HomeView:
    """What is to be done, and how the fund is."""
    context.actor.must_be(*access.READERS)
    fund = context.fund()
    return HomeView(
        day=context.day,
        fund=read_balances(context).fund,
        tasks=waiting_tasks(context),
        grid=view_grid(context),
        households=count_households(context),
        outstanding_orders=_outstanding_orders(context),
        activities_end=fund.activities_end,
        last_month=fund.last_month,
    )


def view_grid(context: Context, *, after: int = 0, count: int = ON_HOME) -> tuple[GridRow, ...]:
    """Households with their months, by code: ``count`` of them behind the first ``after``."""
    context.actor.must_be(*access.READERS)
    fund = context.fund()
    return _grid(context, fund, store.households_by_code(context.session, after=after, count=count))


def view_grid_of(context: Context, households: Collection[str]) -> tuple[GridRow, ...]:
    """Some households with their months, by code."""
    context.actor.must_be(*access.READERS)
    return _grid(context, context.fund(), store.households_named(context.session, households))


def count_households(context: Context) -> int:
    """How many households there are."""
    context.actor.must_be(*access.READERS)
    return store.count_households(context.session)


def list_households(context: Context) -> list[HouseholdRow]:
    """Every household, by code, with its last lease and what it used and has left."""
    context.actor.must_be(*access.READERS)
    balances_of = {balance.code: balance for balance in read_balances(context).households}
    last = {lease.household: lease for lease in leases_of(context.session)}
    return [
        HouseholdRow(
            code=row.code,
            position=_position(row),
            landlord=last[row.code].landlord if row.code in last else None,
            registration=last[row.code].registration if row.code in last else None,
            balance=balances_of.get(row.code, HouseholdBalance(row.code, row.cap_months, 0, 0, 0, 0)),
        )
        for row in store.households_by_code(context.session)
    ]


def list_months(context: Context) -> list[MonthOfAll]:
    """Every month that was granted, by household."""
    return [
        MonthOfAll(row.household, cell.number, cell.month, cell.state, cell.amount_cents)
        for after in range(0, count_households(context), AT_ONCE)
        for row in view_grid(context, after=after, count=AT_ONCE)
        for cell in row.cells
        if cell.month is not None
    ]


def _position(row: Household) -> str:
    if row.admitted_on is None:
        return "not-admitted"
    return "admitted" if row.exited_on is None else "exited"


def view_household(context: Context, household: str) -> HouseholdView:
    """One household. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    row = context.get(Household, household)
    (grid_row,) = _grid(context, context.fund(), [row])
    amounts = decided_amounts(context.session, [household]).get(household, {})
    return HouseholdView(
        row=grid_row,
        admitted_on=row.admitted_on,
        exited_on=row.exited_on,
        is_annulled=row.is_annulled,
        erased_on=row.erased_on,
        months=_months(context, household),
        leases=tuple(_lease(lease) for lease in leases_of(context.session, [household])),
        amounts_cents=tuple(sorted(amounts.items())),
        payments=tuple(payments_where(context.session, household=household)),
    )


def _grid(context: Context, fund: Fund, households: Sequence[Household]) -> tuple[GridRow, ...]:
    active: dict[str, dict[Month, ActiveMonth]] = {}
    codes = [row.code for row in households]
    for month in store.active_months(context.session, codes):
        active.setdefault(month.household, {})[Month.parse(month.month)] = month
    lots = _by_household(balances.open_lots(context.session, households=codes))
    now, last = Month.of(context.day), fund.last_month
    return tuple(
        _grid_row(row, active.get(row.code, {}), lots.get(row.code, {}), fund.target_months, now, last)
        for row in households
    )


def _by_household(lots: Iterable[Lot]) -> dict[str, dict[Month, int]]:
    found: dict[str, dict[Month, int]] = {}
    for household, month, cents in lots:
        found.setdefault(household, {})[month] = cents
    return found


def _grid_row(
    row: Household,
    active: Mapping[Month, ActiveMonth],
    lots: Mapping[Month, int],
    target: int,
    now: Month,
    last: Month,
) -> GridRow:
    months = sorted(active.keys() | lots.keys())
    cells = [_cell(number, month, active.get(month), lots.get(month)) for number, month in enumerate(months, 1)]
    free = [Cell(number, None, MonthState.FREE, None) for number in range(len(cells) + 1, row.cap_months + 1)]
    used = [month for month, found in active.items() if found.state in states.USED_CONTRIBUTIONS]
    return GridRow(
        household=row.code,
        cells=(*cells, *free),
        is_closed=row.exited_on is not None,
        months_used=row.months_used,
        months_cap=row.cap_months,
        forecast=rules.forecast(used, lots.keys(), target=target, cap=row.cap_months, now=now, last=last),
    )


def _cell(number: int, month: Month, active: ActiveMonth | None, lot_cents: int | None) -> Cell:
    if active is None:
        return Cell(number, month, MonthState.COMMITTED, lot_cents)
    return Cell(number, month, active.state, active.amount_cents)


def _outstanding_orders(context: Context) -> tuple[OutstandingAge, ...]:
    outstanding = store.outstanding_batches(context.session)
    aged = [((context.day - day_in_rome(batch.sealed_at)).days, batch) for batch in outstanding]
    found = []
    for first, final in OUTSTANDING_DAYS:
        inside = [batch for age, batch in aged if first <= age and (final is None or age <= final)]
        if inside:
            payments, cents = sum(batch.payments for batch in inside), sum(batch.cents for batch in inside)
            found.append(OutstandingAge(first, final, payments, cents))
    return tuple(found)


def _months(context: Context, household: str) -> tuple[HouseholdMonth, ...]:
    proposed = [
        HouseholdMonth(
            month=Month.parse(row.month),
            state=row.state,
            amount_cents=row.amount_cents,
            formula=row.formula,
            landlord=row.landlord,
            run=Month.parse(row.run_month) if row.run_month else None,
            reason=row.reason,
            contribution=row.id,
        )
        for row in store.contributions_of(context.session, household)
    ]
    planned = [
        HouseholdMonth(month, MonthState.COMMITTED, cents, None, None, None, None)
        for month, cents in free_lots(context.session, household).items()
    ]
    return tuple(sorted((*proposed, *planned), key=lambda item: item.month))


def _lease(lease: LeaseView) -> HouseholdLease:
    term = lease.term
    rents: tuple[tuple[date, int], ...] = tuple(term.rents_cents)
    return HouseholdLease(lease.id, lease.landlord, lease.registration, term.starts_on, term.ends_on, rents)
