"""What a month's contribution comes to: proposed when it is due, worked out again when a lease or decision changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fund.domain import rules
from fund.domain.states import ContributionState
from fund.services.context import Context
from fund.store import households as store
from fund.store import rows
from fund.store.balances import Lot
from fund.store.households import LeaseView
from fund.store.payouts.runs import proposals_of
from fund.store.rows import Values
from fund.store.tables import Contribution
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class _Amount:
    """What a month comes to, and who is paid it."""

    landlord: str
    lease_id: int
    amount_cents: int
    formula: str | None


def propose(context: Context, run: Month, due: Sequence[Lot]) -> None:
    """Propose committed months in a run; one without a lease in force is left out, and waits."""
    leases: dict[str, list[LeaseView]] = {}
    for lease in store.leases_of(context.session):
        leases.setdefault(lease.household, []).append(lease)
    amounts = store.decided_amounts(context.session)
    proposed = []
    for household, month, lot_cents in due:
        comes_to = _comes_to(month, leases.get(household, []), amounts.get(household, {}))
        if comes_to is not None:
            proposed.append(
                Contribution(
                    household=household,
                    month=str(month),
                    run_month=str(run),
                    landlord=comes_to.landlord,
                    lease_id=comes_to.lease_id,
                    amount_cents=comes_to.amount_cents,
                    lot_cents=lot_cents,
                    formula=comes_to.formula,
                    state=ContributionState.PROPOSED,
                )
            )
    rows.insert(context.session, *proposed)


def _comes_to(month: Month, leases: Iterable[LeaseView], amounts: dict[Month, int]) -> _Amount | None:
    """Landlord, lease, amount and formula of a month, by the first lease that covers a day of it.

    ``None`` without such a lease, for days that come to less than half a cent, or without a decision for the
    month (a rebuilt database has none until it is entered).
    """
    if not any(since <= month for since in amounts):
        return None
    for lease in leases:
        due = rules.amount_due(month, lease.term, rules.decided_for(month, amounts))
        if due is not None and due.cents:
            return _Amount(lease.landlord, lease.id, due.cents, due.formula)
    return None


def refresh(context: Context, household: str) -> None:
    """Work a household's proposed and held months out again, so that no approval covers what no longer holds.

    The digest of a list that was shown before changes with them. A month that no lease covers any more is excluded.
    """
    waiting = proposals_of(context.session, household)
    if not waiting:
        return
    leases = store.leases_of(context.session, [household])
    amounts = store.decided_amounts(context.session, [household]).get(household, {})
    lots = store.open_lots_of(context.session, household)
    for row in waiting:
        month = Month.parse(row.month)
        comes_to = _comes_to(month, leases, amounts)
        if comes_to is None:
            context.step(Contribution, row.id, ContributionState.REJECTED, {Contribution.reason: "lease-ended"})
            continue
        values: Values = {
            Contribution.landlord: comes_to.landlord,
            Contribution.lease_id: comes_to.lease_id,
            Contribution.amount_cents: comes_to.amount_cents,
            Contribution.formula: comes_to.formula,
            Contribution.lot_cents: lots[month],
        }
        rows.change(context.session, Contribution, row.id, values)
