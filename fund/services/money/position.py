"""The fund's position over time: what stood in each account at the end of each month, from one sum over the journal."""

from collections.abc import Iterator
from dataclasses import dataclass

from fund.domain import access
from fund.services.context import Context
from fund.store import balances
from ledger import accounts
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The fund at a month's end, in cents."""

    month: Month
    receivable_cents: int
    cash_cents: int
    outstanding_orders_cents: int
    committed_cents: int
    used_cents: int
    available_cents: int


def list_month_ends(context: Context) -> list[MonthEnd]:
    """Every month from the first entry to the last, the newest first."""
    context.actor.must_be(*access.READERS)
    moved: dict[Month, dict[str, int]] = {}
    for day, account, cents in balances.daily_movements(context.session):
        of_month = moved.setdefault(Month.of(day), {})
        name = "committed" if accounts.household_of(account) else account
        of_month[name] = of_month.get(name, 0) + cents
    return list(reversed(list(_month_ends(moved))))


def _month_ends(moved: dict[Month, dict[str, int]]) -> Iterator[MonthEnd]:
    if not moved:
        return
    month, last = min(moved), max(moved)
    held: dict[str, int] = {}
    while month <= last:
        for name, cents in moved.get(month, {}).items():
            held[name] = held.get(name, 0) + cents
        yield MonthEnd(
            month=month,
            receivable_cents=held.get(accounts.RECEIVABLE, 0),
            cash_cents=held.get(accounts.TREASURY, 0),
            outstanding_orders_cents=-held.get(accounts.OUTSTANDING_ORDERS, 0),
            committed_cents=-held.get("committed", 0),
            used_cents=-held.get(accounts.USED, 0),
            available_cents=-held.get(accounts.AVAILABLE, 0),
        )
        month = month.plus(1)
