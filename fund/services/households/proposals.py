"""What a month's contribution comes to: proposed when it is due, worked out again when a lease or decision changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, update

from fund.domain import rules
from fund.domain.states import ContributionState
from fund.services.context import Context
from fund.store import queries
from fund.store.queries import LeaseRow
from fund.store.tables import Contribution, table
from ledger.months import Month

_contribution = table(Contribution)


def propose(context: Context, run: Month, due: Sequence[queries.Lot]) -> None:
    """Propose committed months in a run; one without a lease in force is left out, and waits."""
    leases: dict[str, list[LeaseRow]] = {}
    for lease in queries.leases_of(context.session):
        leases.setdefault(lease.household, []).append(lease)
    amounts = queries.decided_amounts(context.session)
    rows = []
    for household, month, lot_cents in due:
        comes_to = _comes_to(month, leases.get(household, []), amounts.get(household, {}))
        if comes_to is not None:
            rows.append(comes_to | _place(household, month, run, lot_cents))
    if rows:
        context.run(insert(_contribution), rows)


def _place(household: str, month: Month, run: Month, lot_cents: int) -> dict[str, Any]:
    return {
        "household": household,
        "month": str(month),
        "run_month": str(run),
        "lot_cents": lot_cents,
        "state": "proposed",
    }


def _comes_to(month: Month, leases: Iterable[LeaseRow], amounts: dict[Month, int]) -> dict[str, Any] | None:
    """Landlord, lease, amount and formula of a month, by the first lease that covers a day of it.

    ``None`` without such a lease, for days that come to less than half a cent, or without a decision for the
    month (a rebuilt database has none until it is entered).
    """
    if not any(since <= month for since in amounts):
        return None
    for lease in leases:
        due = rules.amount_due(month, lease.term, rules.decided_for(month, amounts))
        if due is not None and due.cents:
            return {
                "landlord": lease.landlord,
                "lease_id": lease.id,
                "amount_cents": due.cents,
                "formula": due.formula,
            }
    return None


def refresh(context: Context, household: str) -> None:
    """Work a household's proposed and held months out again, so that nobody approves what no longer holds.

    The digest of a list that was shown before changes with them. A month that no lease covers any more is excluded.
    """
    waiting = context.run(
        _contribution.select().where(
            _contribution.c.household == household, _contribution.c.state.in_(("proposed", "held"))
        )
    ).all()
    if not waiting:
        return
    leases = queries.leases_of(context.session, [household])
    amounts = queries.decided_amounts(context.session, [household]).get(household, {})
    lots = queries.open_lots_of(context.session, household)
    for row in waiting:
        month = Month.parse(row.month)
        comes_to = _comes_to(month, leases, amounts)
        if comes_to is None:
            context.step(Contribution, row.id, ContributionState.REJECTED, {Contribution.reason: "lease-ended"})
            continue
        values = comes_to | {"lot_cents": lots[month]}
        context.run(update(_contribution).where(_contribution.c.id == row.id).values(**values))
