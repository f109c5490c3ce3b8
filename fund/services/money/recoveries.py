"""Overpayments and what comes back of them: found by one person, confirmed by another, then recovered.

What comes back belongs to a landlord's oldest overpayment first, and each entry names the month that it is of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fund.domain import access, errors, lists, rules
from fund.domain.proposals import ActName
from fund.domain.states import ContributionState
from fund.domain.views import Recording
from fund.services.context import Context
from fund.services.money.money import move_position
from fund.services.proposals import Confirmation, TwoPersonAct, booked_by_two, open_payloads, propose, record
from fund.store import money as store
from fund.store.payouts.runs import chosen_months
from fund.store.tables import Contribution, Landlord, Overpayment
from ledger import events
from ledger.money import format_cents
from ledger.months import Month
from ledger.stamp import Stamp


@dataclass(frozen=True, slots=True)
class OverpaymentPayload:
    """How much of which settled month was not due, and why."""

    contribution: int
    landlord: str
    household: str
    month: str
    amount_cents: int
    reason: str


def propose_overpayment(context: Context, *, contribution: int, amount_cents: int, reason: str) -> int:
    """Propose to claim back part of a settled month that was not due. Returns the proposal's number.

    Raises ``StateNotAllowed`` for a month that is not settled, and ``MoreThanPaid``.
    """
    context.actor.must_be(*OVERPAYMENT.proposers)
    row = context.get(Contribution, contribution)
    payload = OverpaymentPayload(contribution, row.landlord, row.household, row.month, amount_cents, reason)
    return propose(context, OVERPAYMENT, payload)


def _judge(context: Context, payload: OverpaymentPayload) -> None:
    """A month can be claimed back once it is settled, and in all for no more than was paid."""
    rules.check_reason(payload.reason, lists.HOLD_REASONS)
    row = context.get(Contribution, payload.contribution)
    if row.state is not ContributionState.SETTLED:
        raise errors.StateNotAllowed("contribution", str(row.id), row.state, "overpayment")
    proposed = (one for one in open_payloads(context, OVERPAYMENT) if one.contribution == row.id)
    claimed_cents = store.claimed_cents(context.session, row.id) + sum(one.amount_cents for one in proposed)
    claimed_cents += payload.amount_cents
    if claimed_cents > row.amount_cents:
        raise errors.MoreThanPaid(format_cents(row.amount_cents), format_cents(claimed_cents))


def _carry_out(context: Context, payload: OverpaymentPayload, confirmed: Confirmation) -> None:
    """The landlord owes it back, and the fund can commit it again."""
    move_position(context, available=payload.amount_cents, used=-payload.amount_cents)
    draft = events.overpayment(
        confirmed.stamp(context),
        household=payload.household,
        landlord=payload.landlord,
        month=Month.parse(payload.month),
        amount_cents=payload.amount_cents,
        reason=payload.reason,
    )
    (entry,) = context.book(draft)
    context.insert(
        Overpayment(
            contribution_id=payload.contribution,
            household=payload.household,
            landlord=payload.landlord,
            month=payload.month,
            amount_cents=payload.amount_cents,
            recovered_cents=0,
            reason=payload.reason,
            prepared_by=confirmed.prepared_by,
            approved_by=context.actor.code,
            entry=entry.seq,
        )
    )


def _changed(context: Context, payloads: Sequence[OverpaymentPayload]) -> list[OverpaymentPayload]:
    months = chosen_months(context.session, [payload.contribution for payload in payloads], None)
    settled = {month.id for month in months if month.state is ContributionState.SETTLED}
    return [payload for payload in payloads if payload.contribution not in settled]


OVERPAYMENT = TwoPersonAct(
    ActName.OVERPAYMENT,
    OverpaymentPayload,
    subject=lambda payload: f"{payload.landlord} {payload.household} {payload.month}",
    judge=_judge,
    carry_out=_carry_out,
    changed=_changed,
)


@dataclass(frozen=True, slots=True)
class MoneyBackPayload:
    """How much which landlord gave back, and on which day of the bank's."""

    landlord: str
    amount_cents: int
    bank_date: date


def recover(context: Context, *, landlord: str, amount_cents: int, bank_date: date) -> Recording:
    """Record by hand that an overpaid landlord gave money back; the entry is the first of several where it is of
    several overpayments.

    Above ``ALONE_CENTS`` it is proposed. Raises ``NotFound`` and ``MoreThanOverpaid``, and ``InvalidInput`` for a day
    to come.
    """
    payload = MoneyBackPayload(landlord, amount_cents, bank_date)
    return record(context, MONEY_BACK, payload, amount_cents, _recover)


def _judge_money_back(context: Context, payload: MoneyBackPayload) -> None:
    rules.check_has_come("bank_date", payload.bank_date, context.day)
    check_recovery(context, payload.landlord, payload.amount_cents)


def _recover(context: Context, payload: MoneyBackPayload, stamp: Stamp) -> int:
    return record_recovery(context, stamp, payload.landlord, payload.amount_cents, payload.bank_date)


def _owes_less(context: Context, payloads: Sequence[MoneyBackPayload]) -> list[MoneyBackPayload]:
    """Those of which the landlord owes less."""
    owed = {landlord: open_cents(context, landlord) for landlord in {payload.landlord for payload in payloads}}
    return [payload for payload in payloads if payload.amount_cents > owed[payload.landlord]]


MONEY_BACK = TwoPersonAct(
    ActName.MONEY_BACK,
    MoneyBackPayload,
    subject=lambda payload: payload.landlord,
    judge=_judge_money_back,
    carry_out=booked_by_two(_recover),
    changed=_owes_less,
)


def record_recovery(
    context: Context, stamp: Stamp, landlord: str, amount_cents: int, bank_date: date, evidence: str | None = None
) -> int:
    """Book what a landlord gave back. Returns the number of its first entry.

    Raises ``NotFound`` and ``MoreThanOverpaid``.
    """
    drafts = [
        events.recovery(
            stamp,
            landlord=landlord,
            amount_cents=part_cents,
            set_off=False,
            household=row.household,
            month=Month.parse(row.month),
            bank_date=bank_date,
            evidence=evidence,
        )
        for row, part_cents in recover_oldest_first(context, landlord, amount_cents)
    ]
    return context.book(*drafts)[0].seq


def check_recovery(context: Context, landlord: str, amount_cents: int) -> None:
    """A landlord was overpaid by what comes back. Raises ``NotFound`` and ``MoreThanOverpaid``."""
    context.get(Landlord, landlord)
    overpaid_cents = open_cents(context, landlord)
    if amount_cents > overpaid_cents:
        raise errors.MoreThanOverpaid(landlord, format_cents(overpaid_cents), format_cents(amount_cents))


def open_cents(context: Context, landlord: str) -> int:
    """What a landlord was overpaid and has not given back."""
    return sum(map(_open_cents, store.open_overpayments(context.session, landlord)))


def _open_cents(overpayment: Overpayment) -> int:
    return overpayment.amount_cents - overpayment.recovered_cents


def recover_oldest_first(context: Context, landlord: str, amount_cents: int) -> list[tuple[Overpayment, int]]:
    """Count what came back against the landlord's overpayments, the oldest first, each in one conditional UPDATE.

    Raises ``MoreThanOverpaid``.
    """
    check_recovery(context, landlord, amount_cents)
    parts = []
    for overpayment in store.open_overpayments(context.session, landlord):
        part_cents = min(_open_cents(overpayment), amount_cents)
        amount_cents -= part_cents
        if part_cents:
            parts.append((overpayment, part_cents))
            store.recover(context.session, overpayment.id, part_cents)
    return parts


def list_overpayments(context: Context, *, landlord: str | None = None) -> list[Overpayment]:
    """Every overpayment, the oldest first, with what of it came back."""
    context.actor.must_be(*access.READERS)
    return store.list_overpayments(context.session, landlord=landlord)


def read_overpayment(context: Context, overpayment: int) -> Overpayment:
    """One overpayment. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Overpayment, overpayment)
