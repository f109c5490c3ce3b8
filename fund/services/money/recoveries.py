"""Overpayments and what comes back of them: found by one person, confirmed by another, then recovered.

What comes back belongs to a landlord's oldest overpayment first, and each entry names the month that it is of.
"""

from datetime import date

from fund.domain import access, errors, lists, rules
from fund.domain.states import ContributionState, OverpaymentState
from fund.services.context import Context
from fund.services.money.money import move_position
from fund.store import money as store
from fund.store import rows
from fund.store.tables import Contribution, Landlord, Overpayment
from ledger import events
from ledger.money import format_cents
from ledger.months import Month


def propose_overpayment(context: Context, *, contribution: int, amount_cents: int, reason: str) -> int:
    """Claim back part of a settled month that was not due. Returns the overpayment's id.

    Raises ``StateNotAllowed`` for a month that is not settled, and ``MoreThanPaid``.
    """
    context.actor.must_be(access.PREPARER)
    rules.check_reason(reason, lists.HOLD_REASONS)
    row = context.get(Contribution, contribution)
    _check(context, row, amount_cents)
    return context.insert(
        Overpayment(
            contribution_id=contribution,
            household=row.household,
            landlord=row.landlord,
            month=row.month,
            amount_cents=amount_cents,
            recovered_cents=0,
            reason=reason,
            state=OverpaymentState.PROPOSED,
            prepared_by=context.actor.code,
        )
    ).id


def _check(context: Context, contribution: Contribution, amount_cents: int, *, but: int | None = None) -> None:
    """A month can be claimed back once it is settled, and in all for no more than was paid."""
    if contribution.state is not ContributionState.SETTLED:
        raise errors.StateNotAllowed("contribution", str(contribution.id), contribution.state, "overpayment")
    claimed_cents = store.claimed_cents(context.session, contribution.id, but=but) + amount_cents
    if claimed_cents > contribution.amount_cents:
        raise errors.MoreThanPaid(format_cents(contribution.amount_cents), format_cents(claimed_cents))


def approve_overpayment(context: Context, overpayment: int) -> None:
    """Approve an overpayment, as another person: the landlord owes it back, and the fund can commit it again."""
    context.actor.must_be(access.APPROVER)
    row = context.get(Overpayment, overpayment)
    rules.check_two_people("overpayment", str(overpayment), row.prepared_by, context.actor.code)
    _check(
        context,
        context.get(Contribution, row.contribution_id),
        row.amount_cents,
        but=overpayment,
    )
    context.step(Overpayment, overpayment, OverpaymentState.APPROVED, {Overpayment.approved_by: context.actor.code})
    move_position(context, available=row.amount_cents, used=-row.amount_cents)
    stamp = context.stamp(prepared_by=row.prepared_by, approved_by=context.actor.code)
    draft = events.overpayment(
        stamp,
        household=row.household,
        landlord=row.landlord,
        month=Month.parse(row.month),
        amount_cents=row.amount_cents,
        reason=row.reason,
    )
    (entry,) = context.book(draft)
    rows.change(context.session, Overpayment, overpayment, {Overpayment.entry: entry.seq})


def withdraw_overpayment(context: Context, overpayment: int) -> None:
    """Withdraw a proposed overpayment; nothing was booked of it."""
    context.actor.must_be(*access.FINANCE)
    context.get(Overpayment, overpayment)
    context.step(Overpayment, overpayment, OverpaymentState.WITHDRAWN)


def recover(context: Context, *, landlord: str, amount_cents: int, bank_date: date, evidence: str | None = None) -> int:
    """Record money that an overpaid landlord gave back. Returns the number of its entry, the first of several where it
    is of several overpayments.

    Raises ``NotFound`` and ``MoreThanOverpaid``, and ``InvalidInput`` for a day to come.
    """
    context.actor.must_be(*access.FINANCE)
    rules.check_has_come("bank_date", bank_date, context.day)
    context.get(Landlord, landlord)
    drafts = [
        events.recovery(
            context.stamp(),
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


def open_cents(context: Context, landlord: str) -> int:
    """What a landlord was overpaid and has not given back."""
    return sum(map(_open_cents, store.open_overpayments(context.session, landlord)))


def _open_cents(overpayment: Overpayment) -> int:
    return overpayment.amount_cents - overpayment.recovered_cents


def recover_oldest_first(context: Context, landlord: str, amount_cents: int) -> list[tuple[Overpayment, int]]:
    """Count what came back against the landlord's overpayments, the oldest first, each in one conditional UPDATE.

    Raises ``MoreThanOverpaid``.
    """
    overpayments = store.open_overpayments(context.session, landlord)
    overpaid_cents = sum(map(_open_cents, overpayments))
    if amount_cents > overpaid_cents:
        raise errors.MoreThanOverpaid(landlord, format_cents(overpaid_cents), format_cents(amount_cents))
    parts = []
    for overpayment in overpayments:
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
