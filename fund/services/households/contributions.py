"""What a month's contribution comes to: proposed when it is due, worked out again when a lease or decision changes.

The list of a proposed run is bound by its fingerprint in the books, which follows each change of it that an act makes.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fund.domain import errors, rules
from fund.domain.fingerprints import Domain
from fund.domain.states import ContributionState, RunState
from fund.services.as_booked import check_tables
from fund.services.context import Context
from fund.store import balances, rows
from fund.store import households as store
from fund.store.balances import Lot
from fund.store.households import LeaseView
from fund.store.payouts.runs import held_in_books, list_lines, proposals_of, proposed_months
from fund.store.projections.comparison import Subjects
from fund.store.rows import Values
from fund.store.tables import Contribution, Run
from ledger.acts import payouts as payout_acts
from ledger.acts.payouts import RunMonth
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class _Amount:
    """What a month comes to, and who is paid it."""

    landlord: str
    lease_id: int
    amount_cents: int
    formula: str | None


@dataclass(frozen=True, slots=True)
class _Terms:
    """The leases of households, and what is decided for them."""

    leases: Mapping[str, Sequence[LeaseView]]
    amounts: Mapping[str, Mapping[Month, int]]

    def comes_to(self, household: str, month: Month) -> _Amount | None:
        """Landlord, lease, amount and formula of a month, by the first lease that covers a day of it.

        ``None`` without such a lease, for days that come to less than half a cent, or without a decision for the
        month (a rebuilt database has none until it is entered).
        """
        amounts = self.amounts.get(household, {})
        if not any(since <= month for since in amounts):
            return None
        for lease in self.leases.get(household, ()):
            due = rules.amount_due(month, lease.term, rules.decided_for(month, amounts))
            if due is not None and due.cents:
                return _Amount(lease.landlord, lease.id, due.cents, due.formula)
        return None


def _terms(context: Context, households: Collection[str] | None = None) -> _Terms:
    """Of some households, or of all."""
    leases: dict[str, list[LeaseView]] = {}
    for lease in store.leases_of(context.session, households):
        leases.setdefault(lease.household, []).append(lease)
    return _Terms(leases, store.decided_amounts(context.session, households))


def propose(context: Context, run: Month, due: Sequence[Lot]) -> None:
    """Propose committed months in a run; one without a lease in force, or above what is committed, waits."""
    terms = _terms(context)
    proposed = []
    for household, month, lot_cents in due:
        comes_to = terms.comes_to(household, month)
        if comes_to is not None and comes_to.amount_cents <= lot_cents:
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


def list_digest(context: Context, run: str, *, without: Iterable[Contribution] = (), more: Collection[int] = ()) -> str:
    """The fingerprint of a run's list as it stands, or without some of its months, or with more."""
    gone = {(month.household, month.month) for month in without}
    lines = [
        (line.household, line.month, line.lease, line.landlord, line.amount_cents, line.lot_cents, line.formula)
        for line in list_lines(context.session, run, more)
        if line.key not in gone
    ]
    return context.fingerprints.of(Domain.LIST, json.dumps([run, *lines]))


def check_list(context: Context, run: str) -> bool:
    """Whether a run is proposed, so that the books bind its list. Raises ``RunDiffers`` where that is another one."""
    row = context.get(Run, run)
    if row.state is not RunState.PROPOSED:
        return False
    if list_digest(context, run) != row.digest:
        raise errors.RunDiffers(run)
    return True


def refresh(context: Context, *households: str) -> None:
    """Work the proposed and held months of households out again, so that no approval covers what no longer holds.

    The digest of a list that was shown before changes with them. A month that no lease covers any more is excluded.
    Raises ``RunDiffers``, and ``IntegrityBroken`` where leases or decisions are not as they were booked.
    """
    check_tables(context, Subjects(frozenset(households)))
    for household in households:
        _refresh(context, household)


def _refresh(context: Context, household: str) -> None:
    waiting = proposals_of(context.session, household)
    bound = [run for run in sorted({month.run_month for month in waiting}) if check_list(context, run)]
    changed = _work_out(context, waiting, [household])
    for run in bound:
        if run in changed:
            changes = payout_acts.run_changed(
                context.stamp(), run=Month.parse(run), fingerprint=list_digest(context, run)
            )
            context.book_act(changes)


def work_out_list(context: Context, run: Month) -> None:
    """Work the months that a run proposes out again, whatever its list says."""
    _work_out(context, proposed_months(context.session, str(run)))


def _work_out(context: Context, waiting: Sequence[Contribution], households: Collection[str] | None = None) -> set[str]:
    """Work months out again. Returns the runs that had other amounts, landlords or lots before."""
    if not waiting:
        return set()
    terms, changed, uncovered = _terms(context, households), set(), []
    lots = {
        (code, str(month)): cents for code, month, cents in balances.open_lots(context.session, households=households)
    }
    for row in waiting:
        comes_to = terms.comes_to(row.household, Month.parse(row.month))
        lot_cents = lots.get((row.household, row.month))
        if comes_to is None or lot_cents is None:
            uncovered.append(row)
            continue
        values: Values = {
            Contribution.landlord: comes_to.landlord,
            Contribution.lease_id: comes_to.lease_id,
            Contribution.amount_cents: comes_to.amount_cents,
            Contribution.formula: comes_to.formula,
            Contribution.lot_cents: lot_cents,
        }
        if any(getattr(row, column.key) != value for column, value in values.items()):
            rows.change(context.session, Contribution, row.id, values)
            changed.add(row.run_month)
    exclude(context, uncovered, reason="lease-ended")
    return changed


def exclude(context: Context, months: Sequence[Contribution], *, reason: str) -> None:
    """Exclude proposed or held months."""
    for month in taken_off(context, months):
        context.book_act(payout_acts.exclusion(context.stamp(), month, reason=reason))


def taken_off(context: Context, months: Sequence[Contribution]) -> list[RunMonth]:
    """Months that leave the lists of their runs, with the fingerprint of what is left of those that are proposed.

    A month that is on hold is on no list.
    """
    held = held_in_books(context.session)
    listed = [month for month in months if (month.household, month.month) not in held]
    left: dict[str, str | None] = {}
    for run in {month.run_month for month in listed}:
        is_bound = context.get(Run, run).state is RunState.PROPOSED
        left[run] = list_digest(context, run, without=listed) if is_bound else None
    return [
        RunMonth(
            Month.parse(month.run_month),
            month.household,
            Month.parse(month.month),
            None if (month.household, month.month) in held else left[month.run_month],
        )
        for month in months
    ]
