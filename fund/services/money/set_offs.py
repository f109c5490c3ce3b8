"""Set-offs: what a landlord was overpaid is taken off a month that it is owed (compensazione).

One person proposes a set-off, another approves it. Until then the month waits, so that no order pays what may be set
off; afterwards the rest of the month is paid, and a month that is set off whole is settled.
"""

from dataclasses import dataclass

from fund.domain import access, errors, rules, states
from fund.domain.lists import SetOffObstacle
from fund.domain.states import ContributionState, SetOffState
from fund.services.context import Context
from fund.services.money.recoveries import open_cents, recover_oldest_first
from fund.store import money as store
from fund.store import rows
from fund.store.money import MonthToSetOff
from fund.store.payouts.payments import has_live_payment
from fund.store.tables import Contribution, Landlord, SetOff
from ledger import events
from ledger.money import format_cents
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class SetOffOptions:
    """What can be set off for a landlord: ``cents`` were overpaid and are neither recovered nor proposed to be set off;
    ``months`` are those that it is owed, each with ``left_cents``.
    """

    cents: int
    months: tuple[MonthToSetOff, ...]

    @property
    def is_any(self) -> bool:
        """Whether there is something to set off, and a month to set it off against."""
        return self.cents > 0 and bool(self.months)


def propose_set_off(context: Context, *, contribution: int, amount_cents: int) -> int:
    """Propose to set part of a month, or all of it, off against what its landlord was overpaid. Returns its id.

    Raises ``StateNotAllowed`` for a month that is not owed or that a payment pays, ``MoreThanOwed`` and
    ``MoreThanOverpaid``.
    """
    context.actor.must_be(access.PREPARER)
    row = context.get(Contribution, contribution)
    if row.state not in states.UNORDERED_CONTRIBUTIONS or has_live_payment(context.session, contribution):
        raise _not_allowed(row)
    owed_cents = row.left_cents - store.proposed_of_month(context.session, contribution)
    if amount_cents > owed_cents:
        raise errors.MoreThanOwed(format_cents(owed_cents), format_cents(amount_cents))
    overpaid_cents = _overpaid_cents(context, row.landlord)
    if amount_cents > overpaid_cents:
        raise errors.MoreThanOverpaid(row.landlord, format_cents(overpaid_cents), format_cents(amount_cents))
    return context.insert(
        SetOff(
            contribution_id=contribution,
            household=row.household,
            landlord=row.landlord,
            month=row.month,
            amount_cents=amount_cents,
            state=SetOffState.PROPOSED,
            prepared_by=context.actor.code,
        )
    ).id


def _not_allowed(contribution: Contribution) -> errors.StateNotAllowed:
    state = ContributionState.ORDERED if contribution.state is ContributionState.APPROVED else contribution.state
    return errors.StateNotAllowed("contribution", str(contribution.id), state, "set-off")


def _overpaid_cents(context: Context, landlord: str) -> int:
    return max(open_cents(context, landlord) - store.proposed_for(context.session, landlord), 0)


def approve_set_off(context: Context, set_off: int) -> None:
    """Approve a set-off, as another person: the landlord owes that much less, and is paid that much less for the month.

    Raises ``SamePerson``, ``StateNotAllowed`` for a month that is not approved yet or no longer owed, ``MoreThanOwed``
    for one that came to less meanwhile, and ``MoreThanOverpaid`` when too much came back meanwhile.
    """
    context.actor.must_be(access.APPROVER)
    row = context.get(SetOff, set_off)
    rules.check_two_people("set_off", str(set_off), row.prepared_by, context.actor.code)
    context.step(SetOff, set_off, SetOffState.APPROVED, {SetOff.approved_by: context.actor.code})
    _set_off(context, row)
    recover_oldest_first(context, row.landlord, row.amount_cents)
    draft = events.recovery(
        context.stamp(prepared_by=row.prepared_by, approved_by=context.actor.code),
        landlord=row.landlord,
        amount_cents=row.amount_cents,
        set_off=True,
        household=row.household,
        month=Month.parse(row.month),
    )
    (entry,) = context.book(draft)
    rows.change(context.session, SetOff, set_off, {SetOff.entry: entry.seq})


def approval_obstacle(context: Context, set_off: SetOff) -> SetOffObstacle | None:
    """Why a set-off cannot be approved now, as a code; ``None`` where it can."""
    context.actor.must_be(*access.READERS)
    month = context.get(Contribution, set_off.contribution_id)
    if month.state in states.UNDECIDED_CONTRIBUTIONS:
        return SetOffObstacle.MONTH_UNDECIDED
    if month.state is not ContributionState.APPROVED or has_live_payment(context.session, month.id):
        return SetOffObstacle.MONTH_NOT_OWED
    left_cents = min(month.left_cents, open_cents(context, set_off.landlord))
    return SetOffObstacle.LESS_LEFT if left_cents < set_off.amount_cents else None


def _set_off(context: Context, set_off: SetOff) -> None:
    """Take it off what is owed, in one conditional UPDATE; a month of which nothing is left is settled."""
    if not store.set_off(context.session, set_off.contribution_id, set_off.amount_cents):
        row = context.get(Contribution, set_off.contribution_id)
        if approval_obstacle(context, set_off) is SetOffObstacle.LESS_LEFT:
            left = format_cents(row.left_cents)
            raise errors.MoreThanOwed(left, format_cents(set_off.amount_cents))
        raise _not_allowed(row)


def withdraw_set_off(context: Context, set_off: int) -> None:
    """Withdraw a proposed set-off; the month is paid as it was approved."""
    context.actor.must_be(*access.FINANCE)
    context.get(SetOff, set_off)
    context.step(SetOff, set_off, SetOffState.WITHDRAWN)


def read_options(context: Context, landlord: str) -> SetOffOptions:
    """What can still be set off for a landlord, and against which months. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    context.get(Landlord, landlord)
    return SetOffOptions(_overpaid_cents(context, landlord), tuple(store.months_to_set_off(context.session, landlord)))


def list_set_offs(context: Context, *, landlord: str | None = None) -> list[SetOff]:
    """Every set-off, the oldest first."""
    context.actor.must_be(*access.READERS)
    return store.list_set_offs(context.session, landlord=landlord)


def read_set_off(context: Context, set_off: int) -> SetOff:
    """One set-off. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(SetOff, set_off)
