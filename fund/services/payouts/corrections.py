"""Corrections: nothing is changed or deleted; a new entry mirrors the wrong one and is linked to it."""

from typing import Any

from sqlalchemy import Select, select, update

from fund.domain import access, errors, rules
from fund.domain.states import ContributionState
from fund.services.context import Context
from fund.services.households.households import check_open, follow_decisions
from fund.services.money.money import move_position
from fund.services.payouts.runs import count_months
from fund.store import journal, queries
from fund.store.queries import AnyRow
from fund.store.tables import Allocation, Contribution, JournalEntry, Receipt, table
from ledger import accounts, events

_contribution, _allocation, _entry = table(Contribution), table(Allocation), table(JournalEntry)
_receipt, _mirror = table(Receipt), table(JournalEntry).alias()


def correct_approval(context: Context, contribution: int, *, reason: str) -> int:
    """Take back an approval whose month is not ordered: the lot returns, and the month can be approved again.

    Returns the number of the correction's entry. Raises ``StateNotAllowed``, and ``PositionClosed`` when
    the household's months are closed for good.
    """
    context.actor.must_be(access.APPROVER)
    rules.check_reason(reason, rules.CORRECTION_REASONS)
    row = context.get(Contribution, contribution)
    check_open(context, row.household)
    if queries.has_live_payment(context.session, contribution):
        raise errors.StateNotAllowed("contribution", str(contribution), "ordered", "cancelled")
    if row.set_off_cents:
        raise errors.StateNotAllowed("contribution", str(contribution), "set-off", "cancelled")
    context.step(Contribution, contribution, ContributionState.CANCELLED, {Contribution.reason: reason})
    (original,) = journal.read_entries(
        context.session,
        [
            _entry.c.kind == "approval",
            _entry.c.household == row.household,
            _entry.c.month == row.month,
            _entry.c.seq.not_in(queries.corrected_entries()),
        ],
    )
    (entry,) = context.book(events.correction(context.stamp(), original, reason=reason))
    difference_cents = row.lot_cents - row.amount_cents
    move_position(context, available=-difference_cents, committed=row.lot_cents, used=-row.amount_cents)
    count_months(context, [row.household], -1)
    follow_decisions(context, row.household)
    return entry.seq


def correct_receipt(context: Context, seq: int, *, reason: str) -> int:
    """Take back a receipt that was entered wrongly. Returns the number of the correction's entry."""
    context.actor.must_be(access.APPROVER)
    rules.check_reason(reason, rules.CORRECTION_REASONS)
    found = journal.read_entries(context.session, [_entry.c.seq == seq, _entry.c.kind == "receipt"])
    if not found:
        raise errors.NotFound("receipt", str(seq))
    if context.run(queries.corrected_entries().where(_entry.c.corrects == seq)).first() is not None:
        raise errors.StateNotAllowed("receipt", str(seq), "corrected", "correct")
    original = found[0]
    amount_cents = sum(posting.amount_cents for posting in original.postings if posting.account == accounts.TREASURY)
    context.run(
        update(_allocation)
        .where(_allocation.c.code == original.facts.allocation)
        .values(received_cents=_allocation.c.received_cents - amount_cents)
    )
    (entry,) = context.book(events.correction(context.stamp(), original, reason=reason))
    return entry.seq


def list_receipts(context: Context) -> list[AnyRow]:
    """Every receipt, the newest first, with the entry that took it back, if one did (``corrected_by``)."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_receipts().order_by(_receipt.c.seq.desc())))


def read_receipt(context: Context, seq: int) -> AnyRow:
    """One of them. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    row = context.run(_receipts().where(_receipt.c.seq == seq)).one_or_none()
    if row is None:
        raise errors.NotFound("receipt", str(seq))
    return row


def _receipts() -> Select[Any]:
    mirrored = _mirror.c.corrects == _receipt.c.seq
    return select(_receipt, _mirror.c.seq.label("corrected_by")).outerjoin(_mirror, mirrored)
