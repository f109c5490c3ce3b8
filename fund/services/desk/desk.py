"""The desk's overviews: each page's facts together, in a fixed number of queries whatever the size of the fund."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from fund.clock import day_in_rome
from fund.domain import access, rules, states
from fund.domain.desk_views import (
    COMMITTED,
    FREE,
    Cell,
    GridRow,
    HomeView,
    HouseholdLease,
    HouseholdMonth,
    HouseholdPayment,
    HouseholdView,
    MonthOfAll,
    Transit,
)
from fund.domain.views import HouseholdBalance, PaymentView
from fund.services.context import Context
from fund.services.desk.tasks import waiting_tasks
from fund.services.money.balances import read_balances
from fund.store import balances
from fund.store.balances import Lot
from fund.store.households import LeaseRow, decided_amounts, free_lots, leases_of
from fund.store.payouts.payments import payments_where
from fund.store.queries import AnyRow
from fund.store.tables import Contribution, Fund, Household, Payment, PaymentBatch, table
from ledger.months import Month

_household, _contribution = table(Household), table(Contribution)
_payment, _batch = table(Payment), table(PaymentBatch)

USED = ("approved", "ordered", "settled")
ON_HOME = 20
"""How many households the home page shows; the rest are on pages of their own."""
TRANSIT_DAYS: Sequence[tuple[int, int | None]] = ((0, 2), (3, 7), (8, None))
"""How long money is under way, in days: as usual, long, and too long."""
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
        transit=_transit(context),
        activities_end=fund.activities_end,
        last_month=rules.last_payable_month(fund.activities_end, fund.pay_day),
    )


def view_grid(context: Context, *, after: int = 0, count: int = ON_HOME) -> tuple[GridRow, ...]:
    """Households with their months, by code: ``count`` of them behind the first ``after``."""
    context.actor.must_be(*access.READERS)
    chosen = _household.select().order_by(_household.c.code).offset(after).limit(count)
    return _grid(context, context.fund(), context.run(chosen).all())


def count_households(context: Context) -> int:
    """How many households there are."""
    context.actor.must_be(*access.READERS)
    return int(context.run(select(func.count()).select_from(_household)).scalar_one())


def list_balances(context: Context) -> tuple[HouseholdBalance, ...]:
    """What each household used and has left."""
    context.actor.must_be(*access.READERS)
    return read_balances(context).households


def list_months(context: Context) -> list[MonthOfAll]:
    """Every month that was granted to anybody, by household."""
    return [
        MonthOfAll(row.household, cell.number, cell.month, cell.state, cell.amount_cents)
        for after in range(0, count_households(context), AT_ONCE)
        for row in view_grid(context, after=after, count=AT_ONCE)
        for cell in row.cells
        if cell.month is not None
    ]


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
        months=_months(context, household),
        leases=tuple(_lease(lease) for lease in leases_of(context.session, [household])),
        amounts_cents=tuple(sorted(amounts.items())),
        payments=tuple(_payment_view(row) for row in payments_where(context.session, household=household)),
    )


def _grid(context: Context, fund: Fund, households: Sequence[AnyRow]) -> tuple[GridRow, ...]:
    live: dict[str, dict[Month, AnyRow]] = {}
    codes = [row.code for row in households]
    alive = (_contribution.c.state.not_in(states.VOID_CONTRIBUTIONS), _contribution.c.household.in_(codes))
    for row in context.run(select(_contribution).where(*alive)):
        live.setdefault(row.household, {})[Month.parse(row.month)] = row
    lots = _by_household(balances.open_lots(context.session, households=codes))
    now, last = Month.of(context.day), rules.last_payable_month(fund.activities_end, fund.pay_day)
    return tuple(
        _grid_row(row, live.get(row.code, {}), lots.get(row.code, {}), fund.target_months, now, last)
        for row in households
    )


def _by_household(lots: Iterable[Lot]) -> dict[str, dict[Month, int]]:
    found: dict[str, dict[Month, int]] = {}
    for household, month, cents in lots:
        found.setdefault(household, {})[month] = cents
    return found


def _grid_row(
    row: AnyRow, live: Mapping[Month, AnyRow], lots: Mapping[Month, int], target: int, now: Month, last: Month
) -> GridRow:
    months = sorted(live.keys() | lots.keys())
    cells = [_cell(number, month, live.get(month), lots.get(month)) for number, month in enumerate(months, 1)]
    free = [Cell(number, None, FREE, None) for number in range(len(cells) + 1, row.cap_months + 1)]
    used = [month for month, found in live.items() if found.state in USED]
    return GridRow(
        household=row.code,
        cells=(*cells, *free),
        is_closed=row.exited_on is not None,
        months_used=row.months_used,
        months_cap=row.cap_months,
        forecast=rules.forecast(used, lots.keys(), target=target, now=now, last=last),
    )


def _cell(number: int, month: Month, live: AnyRow | None, lot_cents: int | None) -> Cell:
    if live is None:
        return Cell(number, month, COMMITTED, lot_cents)
    return Cell(number, month, live.state, live.amount_cents)


def _transit(context: Context) -> tuple[Transit, ...]:
    rows = context.run(
        select(_batch.c.sealed_at, func.count().label("payments"), func.sum(_payment.c.amount_cents).label("cents"))
        .join_from(_payment, _batch, _batch.c.code == _payment.c.batch)
        .where(_payment.c.state.in_(("ordered", "sent")), _batch.c.sealed_at.is_not(None))
        .group_by(_batch.c.code, _batch.c.sealed_at)
    ).all()
    aged = [((context.day - day_in_rome(row.sealed_at)).days, row) for row in rows]
    found = []
    for first, final in TRANSIT_DAYS:
        inside = [row for age, row in aged if first <= age and (final is None or age <= final)]
        if inside:
            found.append(
                Transit(first, final, sum(row.payments for row in inside), int(sum(row.cents for row in inside)))
            )
    return tuple(found)


def _months(context: Context, household: str) -> tuple[HouseholdMonth, ...]:
    rows = context.run(
        _contribution.select().where(_contribution.c.household == household).order_by(_contribution.c.id)
    )
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
        for row in rows
    ]
    planned = [
        HouseholdMonth(month, COMMITTED, cents, None, None, None, None)
        for month, cents in free_lots(context.session, household).items()
    ]
    return tuple(sorted((*proposed, *planned), key=lambda item: item.month))


def _lease(lease: LeaseRow) -> HouseholdLease:
    term = lease.term
    rents: tuple[tuple[date, int], ...] = tuple(term.rents_cents)
    return HouseholdLease(lease.id, lease.landlord, lease.registration, term.starts_on, term.ends_on, rents)


def _payment_view(row: PaymentView) -> HouseholdPayment:
    return HouseholdPayment(
        code=row.code,
        month=row.month,
        landlord=row.landlord,
        batch=row.batch,
        amount_cents=row.amount_cents,
        state=row.state,
        bank_date=row.bank_date,
        reason=row.reason,
    )
