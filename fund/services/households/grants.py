"""What is promised to a household: months at a contribution, postponed or released, each decided by two people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fund.domain import access, errors, lists, rules
from fund.domain.proposals import ActName
from fund.services.context import Context
from fund.services.households.contributions import refresh
from fund.services.households.households import check_admitted, check_open, closed_meanwhile
from fund.services.money.money import check_available, move_position
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.store import households as store
from fund.store.tables import Household
from ledger import events
from ledger.acts import households as household_acts
from ledger.months import Month
from ledger.stamp import Stamp

MonthCents = Mapping[Month, int]


@dataclass(frozen=True, slots=True)
class CommitmentPayload:
    """A contribution for a number of months, which are committed at it."""

    household: str
    first_month: str
    months: int
    amount_cents: int

    @property
    def lots(self) -> MonthCents:
        """What each month costs."""
        first = Month.parse(self.first_month)
        return rules.lots(first, self.months, {first: self.amount_cents})


def propose_commitment(context: Context, *, household: str, first_month: Month, months: int, amount_cents: int) -> int:
    """Propose a contribution for a number of months (rules 1 to 3). Returns the proposal's number.

    Raises ``CapReached``, ``MonthTaken``, ``MonthOutsideAgreement`` and ``NotEnoughAvailable``.
    """
    return propose(context, COMMITMENT, CommitmentPayload(household, str(first_month), months, amount_cents))


def _judge_commitment(context: Context, payload: CommitmentPayload) -> None:
    household, lots = payload.household, payload.lots
    row, fund = check_open(context, household), context.fund()
    rules.check_cap(household, row.cap_months, row.months_used + row.months_committed + payload.months)
    rules.check_payable(lots, fund.first_month, fund.last_month)
    taken = store.months_of(context.session, household)
    for month in lots:
        if month in taken:
            raise errors.MonthTaken(household, str(month))
    if context.actor.role is not access.SYSTEM_ROLE:  # an agreement file's tranches are confirmed with its commitments
        check_available(context, sum(lots.values()))


def _commit(context: Context, payload: CommitmentPayload, confirmed: Confirmation) -> None:
    household, lots = payload.household, payload.lots
    check_admitted(context, household)
    after = max(lots).plus(1)
    taken = store.months_of(context.session, household)
    stamp = confirmed.stamp(context)
    _move_lots(context, household, {}, lots)
    context.book_act(events.commitment(stamp, household=household, months=lots))
    _decide(context, stamp, payload, keep=any(month >= after for month in taken))


def _decide(context: Context, stamp: Stamp, payload: CommitmentPayload, *, keep: bool) -> None:
    """A grant's contribution holds for its own months; ``keep`` what holds for those after it as it was."""
    first, after = Month.parse(payload.first_month), Month.parse(payload.first_month).plus(payload.months)
    known = _decided_amounts(context, payload.household)
    decided = partial(household_acts.contribution_decided, stamp, household=payload.household)
    context.book_act(decided(month=first, months=payload.months, amount_cents=payload.amount_cents))
    if keep and after not in known and min(known, default=after) < after:
        context.book_act(decided(month=after, amount_cents=rules.decided_for(after, known)))


COMMITMENT = TwoPersonAct(
    ActName.COMMITMENT,
    CommitmentPayload,
    subject=lambda payload: payload.household,
    judge=_judge_commitment,
    carry_out=_commit,
    changed=closed_meanwhile,
)


@dataclass(frozen=True, slots=True)
class ContributionPayload:
    """Another contribution from a month on."""

    household: str
    since: str
    amount_cents: int


def propose_contribution(context: Context, *, household: str, since: Month, amount_cents: int) -> int:
    """Propose another contribution from a month on; the open months from there are committed at it.

    Returns the proposal's number. Raises ``AlreadyExists`` for a month from which one is decided already, and
    ``NotEnoughAvailable``.
    """
    return propose(context, CONTRIBUTION, ContributionPayload(household, str(since), amount_cents))


def _judge_contribution(context: Context, payload: ContributionPayload) -> None:
    check_open(context, payload.household)
    known = _decided_amounts(context, payload.household)
    since = Month.parse(payload.since)
    if since in known:
        raise errors.AlreadyExists("contribution", payload.since)
    taken, put = _changed_lots(context, payload.household, {**known, since: payload.amount_cents})
    check_available(context, sum(put.values()) - sum(taken.values()))


def _change_contribution(context: Context, payload: ContributionPayload, confirmed: Confirmation) -> None:
    stamp, since = confirmed.stamp(context), Month.parse(payload.since)
    act = household_acts.contribution_decided(
        stamp, household=payload.household, month=since, amount_cents=payload.amount_cents
    )
    context.book_act(act)
    follow_decisions(context, payload.household, stamp)
    refresh(context, payload.household)


def follow_decisions(context: Context, household: str, stamp: Stamp) -> None:
    """Commit the open months at what is decided for them now, where they are committed at something else.

    After a new decision, and after the correction of an approval that is older than the decision: who proposed that
    does not confirm this. Raises ``ProposedByApprover``.
    """
    taken, put = _changed_lots(context, household, _decided_amounts(context, household))
    if put and stamp.prepared_by == stamp.approved_by:
        raise errors.ProposedByApprover([f"{household} {month}" for month in put])
    if put:
        _reschedule(context, stamp, household, taken, put, "new-amount")


def _decided_amounts(context: Context, household: str) -> MonthCents:
    return store.decided_amounts(context.session, [household]).get(household, {})


def _changed_lots(context: Context, household: str, amounts: MonthCents) -> tuple[MonthCents, MonthCents]:
    """The open months that are not committed at the amounts decided: what each costs, and what it is to cost."""
    lots = store.open_lots_of(context.session, household)
    decided = {month: rules.decided_for(month, amounts) for month in lots if any(since <= month for since in amounts)}
    put = {month: cents for month, cents in decided.items() if cents != lots[month]}
    return {month: lots[month] for month in put}, put


def _decided_meanwhile(context: Context, payloads: Sequence[ContributionPayload]) -> list[ContributionPayload]:
    known = store.decided_amounts(context.session, {payload.household for payload in payloads})
    decided = [one for one in payloads if Month.parse(one.since) in known.get(one.household, {})]
    return [*decided, *closed_meanwhile(context, payloads)]


CONTRIBUTION = TwoPersonAct(
    ActName.CONTRIBUTION,
    ContributionPayload,
    subject=lambda payload: payload.household,
    judge=_judge_contribution,
    carry_out=_change_contribution,
    changed=_decided_meanwhile,
)


@dataclass(frozen=True, slots=True)
class PostponementPayload:
    """A month that is not paid, and its place behind the household's last one."""

    household: str
    month: str
    target: str


def propose_postponement(context: Context, *, household: str, month: Month) -> int:
    """Propose not to pay a month and to move it behind the household's last one. Returns the proposal's number.

    Raises ``MonthNotCommitted`` and ``MonthOutsideAgreement``.
    """
    context.actor.must_be(*POSTPONEMENT.proposers)
    target = max(store.months_of(context.session, household), default=month).plus(1)
    return propose(context, POSTPONEMENT, PostponementPayload(household, str(month), str(target)))


def _judge_postponement(context: Context, payload: PostponementPayload) -> None:
    check_open(context, payload.household)
    _check_free(context, payload.household, [Month.parse(payload.month)])
    fund = context.fund()
    rules.check_payable([Month.parse(payload.target)], fund.first_month, fund.last_month)


def _postpone(context: Context, payload: PostponementPayload, confirmed: Confirmation) -> None:
    household, month, target = payload.household, Month.parse(payload.month), Month.parse(payload.target)
    lot_cents = store.free_lots(context.session, household)[month]
    amounts = _decided_amounts(context, household)
    put = {target: rules.decided_for(target, amounts) if amounts else lot_cents}
    _reschedule(context, confirmed.stamp(context), household, {month: lot_cents}, put, "postponement")


def _no_longer_last(context: Context, payloads: Sequence[PostponementPayload]) -> list[PostponementPayload]:
    return [payload for payload in payloads if not _is_still_last(context, payload)]


def _is_still_last(context: Context, payload: PostponementPayload) -> bool:
    last = max(store.months_of(context.session, payload.household), default=None)
    is_free = Month.parse(payload.month) in store.free_lots(context.session, payload.household)
    return is_free and last is not None and last.plus(1) == Month.parse(payload.target)


POSTPONEMENT = TwoPersonAct(
    ActName.POSTPONEMENT,
    PostponementPayload,
    subject=lambda payload: payload.household,
    judge=_judge_postponement,
    carry_out=_postpone,
    changed=_no_longer_last,
)


@dataclass(frozen=True, slots=True)
class ReleasePayload:
    """Months that will not be paid, parted by spaces, and why."""

    household: str
    months: str
    reason: str

    @property
    def released(self) -> list[Month]:
        """The months."""
        return list(map(Month.parse, self.months.split()))


def propose_release(context: Context, *, household: str, months: list[Month], reason: str) -> int:
    """Propose that months will not be paid, and their money becomes available again. Returns the proposal's number.

    Raises ``MonthNotCommitted``.
    """
    return propose(context, RELEASE, ReleasePayload(household, " ".join(map(str, sorted(months))), reason))


def _judge_release(context: Context, payload: ReleasePayload) -> None:
    rules.check_reason(payload.reason, lists.RELEASE_REASONS)
    context.get(Household, payload.household)
    _check_free(context, payload.household, payload.released)


def _release(context: Context, payload: ReleasePayload, confirmed: Confirmation) -> None:
    lots = store.free_lots(context.session, payload.household)
    taken = {month: lots[month] for month in payload.released}
    _move_lots(context, payload.household, taken, {})
    stamp = confirmed.stamp(context)
    context.book(events.release(stamp, household=payload.household, months=taken, reason=payload.reason))


def _no_longer_free(context: Context, payloads: Sequence[ReleasePayload]) -> list[ReleasePayload]:
    return [one for one in payloads if set(one.released) - store.free_lots(context.session, one.household).keys()]


RELEASE = TwoPersonAct(
    ActName.RELEASE,
    ReleasePayload,
    subject=lambda payload: payload.household,
    judge=_judge_release,
    carry_out=_release,
    changed=_no_longer_free,
)


def _check_free(context: Context, household: str, months: list[Month]) -> None:
    lots = store.free_lots(context.session, household)
    for month in months:
        if month not in lots:
            raise errors.MonthNotCommitted(household, str(month))


def _reschedule(
    context: Context, stamp: Stamp, household: str, taken: MonthCents, put: MonthCents, reason: str
) -> None:
    _move_lots(context, household, taken, put)
    context.book(events.rescheduling(stamp, household=household, taken=taken, put=put, reason=reason))


def _move_lots(context: Context, household: str, taken: MonthCents, put: MonthCents) -> None:
    added_cents = sum(put.values()) - sum(taken.values())
    move_position(context, available=-added_cents, committed=added_cents)
    change = len(put) - len(taken)
    if not store.commit_months(context.session, household, change):
        row = context.get(Household, household)
        raise errors.CapReached(household, row.cap_months, row.months_used + row.months_committed + change)
