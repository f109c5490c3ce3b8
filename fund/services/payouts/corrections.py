"""Corrections: nothing is changed or deleted; a new entry mirrors the wrong one and is linked to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fund.domain import access, errors, lists, rules
from fund.domain.proposals import ActName
from fund.domain.states import ContributionState, PaymentState
from fund.domain.views import Recording
from fund.services.context import Context
from fund.services.households.grants import follow_decisions
from fund.services.households.households import check_open
from fund.services.money.money import move_position
from fund.services.payouts.runs import count_months
from fund.services.proposals import TwoPersonAct, booked_by_two, record
from fund.store import money as store
from fund.store.households import decision_proposer
from fund.store.money import CollectionRow
from fund.store.payouts.payments import has_live_payment
from fund.store.payouts.runs import approval_of
from fund.store.tables import Contribution
from ledger import events
from ledger.stamp import Stamp


def correct_approval(context: Context, contribution: int, *, reason: str) -> int:
    """Take back an approval whose month is not ordered: the lot returns, and the month can be approved again.

    Returns the number of the correction's entry. Raises ``StateNotAllowed``, and ``PositionClosed`` when
    the household's months are closed for good.
    """
    context.actor.must_be(access.APPROVER)
    rules.check_reason(reason, lists.CORRECTION_REASONS)
    row = context.get(Contribution, contribution)
    check_open(context, row.household)
    if has_live_payment(context.session, contribution):
        raise errors.StateNotAllowed(
            "contribution", str(contribution), ContributionState.ORDERED, ContributionState.CANCELLED
        )
    if row.ordered_cents:
        raise errors.StateNotAllowed(
            "contribution", str(contribution), PaymentState.PART_PAID, ContributionState.CANCELLED
        )
    if row.set_off_cents:
        raise errors.StateNotAllowed("contribution", str(contribution), "set-off", ContributionState.CANCELLED)
    context.step(Contribution, contribution, ContributionState.CANCELLED, {Contribution.reason: reason})
    original = approval_of(context.session, row.household, row.month)
    (entry,) = context.book(events.correction(context.stamp(), original, reason=reason))
    difference_cents = row.lot_cents - row.amount_cents
    move_position(context, available=-difference_cents, committed=row.lot_cents, used=-row.amount_cents)
    count_months(context, [row.household], -1)
    follow_decisions(context, row.household, _as_decided(context, row.household))
    return entry.seq


def _as_decided(context: Context, household: str) -> Stamp:
    """The stamp of months that follow what was decided before: its proposer prepared them, and not who corrects."""
    proposer = decision_proposer(context.session, household)
    approver = None if proposer == context.actor.code else context.actor.code
    return context.stamp(prepared_by=proposer, approved_by=approver)


@dataclass(frozen=True, slots=True)
class CollectionCorrectionPayload:
    """The entry of which collection is taken back, and why."""

    entry: int
    allocation: str
    amount_cents: int
    bank_date: date | None
    reason: str


def correct_collection(context: Context, seq: int, *, reason: str) -> Recording:
    """Take back a collection that was entered wrongly.

    One of more than ``ALONE_CENTS`` is proposed. Raises ``NotFound``, and ``StateNotAllowed`` for one that is taken
    back already.
    """
    context.actor.must_be(*COLLECTION_CORRECTION.proposers)
    row = read_collection(context, seq)
    payload = CollectionCorrectionPayload(seq, row.allocation, row.amount_cents, row.bank_date, reason)
    return record(context, COLLECTION_CORRECTION, payload, row.amount_cents, _correct_collection)


def _judge_correction(context: Context, payload: CollectionCorrectionPayload) -> None:
    rules.check_reason(payload.reason, lists.CORRECTION_REASONS)
    if store.is_corrected(context.session, payload.entry):
        raise errors.StateNotAllowed("collection", str(payload.entry), "corrected", "correction")


def _correct_collection(context: Context, payload: CollectionCorrectionPayload, stamp: Stamp) -> int:
    original = store.collection_entry(context.session, payload.entry)
    assert original is not None, "its row is of this entry"
    store.receive(context.session, payload.allocation, -payload.amount_cents)
    (entry,) = context.book(events.correction(stamp, original, reason=payload.reason))
    return entry.seq


def _corrected_meanwhile(
    context: Context, payloads: Sequence[CollectionCorrectionPayload]
) -> list[CollectionCorrectionPayload]:
    return [payload for payload in payloads if store.is_corrected(context.session, payload.entry)]


COLLECTION_CORRECTION = TwoPersonAct(
    ActName.COLLECTION_CORRECTION,
    CollectionCorrectionPayload,
    subject=lambda payload: payload.allocation,
    judge=_judge_correction,
    carry_out=booked_by_two(_correct_collection),
    changed=_corrected_meanwhile,
)


def list_collections(context: Context) -> list[CollectionRow]:
    """Every collection, the newest first, with the entry that took it back, if one did (``corrected_by``)."""
    context.actor.must_be(*access.READERS)
    return store.list_collections(context.session)


def read_collection(context: Context, seq: int) -> CollectionRow:
    """One of them. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    found = store.list_collections(context.session, seq=seq)
    if not found:
        raise errors.NotFound("collection", str(seq))
    return found[0]
