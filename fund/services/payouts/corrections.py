"""Corrections: nothing is changed or deleted; a new entry mirrors the wrong one and is linked to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from fund.domain import access, errors, lists, rules
from fund.domain.proposals import ActName
from fund.domain.states import ContributionState, PaymentState
from fund.domain.views import Recording
from fund.services.context import Context
from fund.services.households.grants import follow_decisions
from fund.services.households.households import check_open, closed_meanwhile
from fund.services.money.money import move_position
from fund.services.proposals import Confirmation, TwoPersonAct, booked_by_two, open_payloads, propose, record
from fund.store import money as store
from fund.store.banking.bank_lines import matched_to_entries
from fund.store.households import decision_proposer, use_months
from fund.store.money import CollectionRow
from fund.store.payouts.payments import months_being_paid
from fund.store.payouts.runs import approval_of, chosen_months
from fund.store.tables import Contribution
from ledger import events
from ledger.stamp import Stamp


@dataclass(frozen=True, slots=True)
class ApprovalCorrectionPayload:
    """The approval of which month is taken back, and why."""

    contribution: int
    household: str
    month: str
    landlord: str
    amount_cents: int
    reason: str


def propose_correction(context: Context, contribution: int, *, reason: str) -> int:
    """Propose to take back an approval whose month is not ordered: its lot returns, and it can be approved again.

    Until that is decided, no batch pays the month. Returns the proposal's number. Raises ``StateNotAllowed``, and
    ``PositionClosed`` when the household's months are closed for good.
    """
    context.actor.must_be(*APPROVAL_CORRECTION.proposers)
    row = context.get(Contribution, contribution)
    payload = ApprovalCorrectionPayload(contribution, row.household, row.month, row.landlord, row.amount_cents, reason)
    return propose(context, APPROVAL_CORRECTION, payload)


def _judge_approval(context: Context, payload: ApprovalCorrectionPayload) -> None:
    rules.check_reason(payload.reason, lists.CORRECTION_REASONS)
    check_open(context, payload.household)
    row = context.get(Contribution, payload.contribution)
    if why := _why_not(row, months_being_paid(context.session, [row.id])):
        raise errors.StateNotAllowed("contribution", str(row.id), why, ContributionState.CANCELLED)


def _why_not(row: Contribution, being_paid: Collection[int]) -> str | None:
    """What stands against taking an approval back, as a state: of its money some was ordered, or set off."""
    if row.id in being_paid:
        return ContributionState.ORDERED
    if row.state is not ContributionState.APPROVED:
        return row.state
    if row.ordered_cents:
        return PaymentState.PART_PAID
    return "set-off" if row.set_off_cents else None


def _correct_approval(context: Context, payload: ApprovalCorrectionPayload, confirmed: Confirmation) -> None:
    household, contribution = payload.household, payload.contribution
    row = context.get(Contribution, contribution)
    context.step(Contribution, contribution, ContributionState.CANCELLED, {Contribution.reason: payload.reason})
    original = approval_of(context.session, household, payload.month)
    context.book(events.correction(confirmed.stamp(context), original, reason=payload.reason))
    difference_cents = row.lot_cents - row.amount_cents
    move_position(context, available=-difference_cents, committed=row.lot_cents, used=-row.amount_cents)
    use_months(context.session, [household], -1)
    # months that follow what was decided before are proposed by who proposed that, and not by who corrects
    proposer = decision_proposer(context.session, household)
    follow_decisions(context, household, context.stamp(prepared_by=proposer, approved_by=context.actor.code))


def _no_longer_approved(
    context: Context, payloads: Sequence[ApprovalCorrectionPayload]
) -> list[ApprovalCorrectionPayload]:
    months = [payload.contribution for payload in payloads]
    being_paid = months_being_paid(context.session, months)
    rows = chosen_months(context.session, months, None)
    standing = {row.id for row in rows if _why_not(row, being_paid) is None}
    return [*(one for one in payloads if one.contribution not in standing), *closed_meanwhile(context, payloads)]


APPROVAL_CORRECTION = TwoPersonAct(
    ActName.APPROVAL_CORRECTION,
    ApprovalCorrectionPayload,
    subject=lambda payload: f"{payload.landlord} {payload.household} {payload.month}",
    judge=_judge_approval,
    carry_out=_correct_approval,
    changed=_no_longer_approved,
)


def months_to_correct(context: Context) -> set[int]:
    """The months of which it is proposed to take the approval back: they wait for its confirmation."""
    return {one.contribution for one in open_payloads(context, APPROVAL_CORRECTION)}


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
    for line in matched_to_entries(context.session, [payload.entry]):
        raise errors.CollectionMatched(payload.entry, line.name)


def _correct_collection(context: Context, payload: CollectionCorrectionPayload, stamp: Stamp) -> int:
    original = store.collection_entry(context.session, payload.entry)
    assert original is not None, "its row is of this entry"
    store.receive(context.session, payload.allocation, -payload.amount_cents)
    (entry,) = context.book(events.correction(stamp, original, reason=payload.reason))
    return entry.seq


def _corrected_meanwhile(
    context: Context, payloads: Sequence[CollectionCorrectionPayload]
) -> list[CollectionCorrectionPayload]:
    matched = {line.entry for line in matched_to_entries(context.session, [one.entry for one in payloads])}
    return [one for one in payloads if one.entry in matched or store.is_corrected(context.session, one.entry)]


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
