"""Set-offs: what a landlord was overpaid is taken off a month that it is owed (compensazione).

One person proposes a set-off, another confirms it. Until then the month waits, so that no order pays what may be set
off; afterwards the rest of the month is paid, and a month that is set off whole is settled.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fund.domain import access, errors, states
from fund.domain.lists import ProposalWait
from fund.domain.proposals import ActName
from fund.domain.states import ContributionState
from fund.services.context import Context
from fund.services.money.recoveries import open_cents, recover_oldest_first
from fund.services.proposals import Confirmation, TwoPersonAct, open_payloads, propose
from fund.store import money as store
from fund.store.money import MonthToSetOff
from fund.store.payouts.payments import months_being_paid
from fund.store.payouts.runs import chosen_months
from fund.store.tables import Contribution, Landlord, SetOff
from ledger import events
from ledger.money import format_cents
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class SetOffPayload:
    """How much is set off of which month, for what its landlord was overpaid."""

    contribution: int
    landlord: str
    household: str
    month: str
    amount_cents: int


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
    """Propose to set part of a month, or all of it, off against what its landlord was overpaid.

    Returns the proposal's number. Raises ``StateNotAllowed`` for a month that is not owed or that a payment pays,
    ``MoreThanOwed`` and ``MoreThanOverpaid``.
    """
    context.actor.must_be(*SET_OFF.proposers)
    row = context.get(Contribution, contribution)
    return propose(context, SET_OFF, SetOffPayload(contribution, row.landlord, row.household, row.month, amount_cents))


def _judge(context: Context, payload: SetOffPayload) -> None:
    row = context.get(Contribution, payload.contribution)
    if row.id not in _owed_months(context, [row.id]):
        raise _not_allowed(row)
    proposed = open_payloads(context, SET_OFF)
    owed_cents = row.left_cents - _cents_of_month(proposed, payload.contribution)
    if payload.amount_cents > owed_cents:
        raise errors.MoreThanOwed(format_cents(owed_cents), format_cents(payload.amount_cents))
    overpaid_cents = _overpaid_cents(context, proposed, payload.landlord)
    if payload.amount_cents > overpaid_cents:
        overpaid, amount = format_cents(overpaid_cents), format_cents(payload.amount_cents)
        raise errors.MoreThanOverpaid(payload.landlord, overpaid, amount)


def _owed_months(context: Context, months: Collection[int]) -> dict[int, str]:
    """Those of some months that are owed and that no payment pays, with the landlord of each."""
    paid = months_being_paid(context.session, months)
    return {
        month.id: month.landlord
        for month in chosen_months(context.session, months, None)
        if month.state in states.UNORDERED_CONTRIBUTIONS and month.id not in paid
    }


def _not_allowed(contribution: Contribution) -> errors.StateNotAllowed:
    state = ContributionState.ORDERED if contribution.state is ContributionState.APPROVED else contribution.state
    return errors.StateNotAllowed("contribution", str(contribution.id), state, "set-off")


def _cents_of_month(proposed: list[SetOffPayload], contribution: int) -> int:
    return sum(one.amount_cents for one in proposed if one.contribution == contribution)


def _overpaid_cents(context: Context, proposed: list[SetOffPayload], landlord: str) -> int:
    proposed_cents = sum(one.amount_cents for one in proposed if one.landlord == landlord)
    return max(open_cents(context, landlord) - proposed_cents, 0)


def _carry_out(context: Context, payload: SetOffPayload, confirmed: Confirmation) -> None:
    """The landlord owes that much less, and is paid that much less for the month.

    Raises ``StateNotAllowed`` for a month that is not approved yet.
    """
    if not store.set_off(context.session, payload.contribution, payload.amount_cents):
        row = context.get(Contribution, payload.contribution)
        raise errors.StateNotAllowed("contribution", str(row.id), row.state, "set-off")
    recover_oldest_first(context, payload.landlord, payload.amount_cents)
    draft = events.recovery(
        confirmed.stamp(context),
        landlord=payload.landlord,
        amount_cents=payload.amount_cents,
        set_off=True,
        household=payload.household,
        month=Month.parse(payload.month),
    )
    (entry,) = context.book(draft)
    context.insert(
        SetOff(
            contribution_id=payload.contribution,
            household=payload.household,
            landlord=payload.landlord,
            month=payload.month,
            amount_cents=payload.amount_cents,
            prepared_by=confirmed.prepared_by,
            approved_by=context.actor.code,
            entry=entry.seq,
        )
    )


def _changed(context: Context, payloads: Sequence[SetOffPayload]) -> list[SetOffPayload]:
    """Those of which the month is not owed to the landlord any more, or less is left of what was overpaid.

    While a set-off is proposed the month waits: one that came to less must not be paid whole before it is decided.
    """
    owed = _owed_months(context, [payload.contribution for payload in payloads])
    open_ = {landlord: open_cents(context, landlord) for landlord in {payload.landlord for payload in payloads}}
    return [
        one for one in payloads if owed.get(one.contribution) != one.landlord or one.amount_cents > open_[one.landlord]
    ]


def _waiting(context: Context, payloads: Sequence[SetOffPayload]) -> dict[SetOffPayload, ProposalWait]:
    months = chosen_months(context.session, [payload.contribution for payload in payloads], None)
    undecided = {month.id for month in months if month.state in states.UNDECIDED_CONTRIBUTIONS}
    return {one: ProposalWait.MONTH_UNDECIDED for one in payloads if one.contribution in undecided}


SET_OFF = TwoPersonAct(
    ActName.SET_OFF,
    SetOffPayload,
    subject=lambda payload: f"{payload.landlord} {payload.household} {payload.month}",
    judge=_judge,
    carry_out=_carry_out,
    changed=_changed,
    waiting=_waiting,
)


def months_to_set_off(context: Context) -> set[int]:
    """The months of which a set-off is proposed: they wait for its confirmation."""
    return {one.contribution for one in open_payloads(context, SET_OFF)}


def read_options(context: Context, landlord: str) -> SetOffOptions:
    """What can still be set off for a landlord, and against which months. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    context.get(Landlord, landlord)
    proposed = open_payloads(context, SET_OFF)
    left = (
        MonthToSetOff(one.id, one.household, one.month, one.left_cents - _cents_of_month(proposed, one.id))
        for one in store.months_to_set_off(context.session, landlord)
    )
    months = tuple(one for one in left if one.left_cents > 0)
    return SetOffOptions(_overpaid_cents(context, proposed, landlord), months)


def list_set_offs(context: Context, *, landlord: str | None = None) -> list[SetOff]:
    """Every set-off, the oldest first."""
    context.actor.must_be(*access.READERS)
    return store.list_set_offs(context.session, landlord=landlord)
