"""The fund's money before any household: agreement, allocations, collections, and what goes back to the funder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fund.domain import access, errors, rules
from fund.domain.controls import Terms
from fund.domain.fingerprints import Domain
from fund.domain.proposals import ActName
from fund.domain.states import RepaymentState
from fund.domain.views import Recording
from fund.services.context import Context
from fund.services.money.agreement import propose_first_terms
from fund.services.proposals import Confirmation, TwoPersonAct, booked_by_two, propose, record
from fund.store import balances, rows
from fund.store import money as store
from fund.store.rows import Values
from fund.store.tables import Allocation, Collection, Fund, Repayment
from fund.store.tables.money import FUND_ID
from ledger import events
from ledger.acts.money import Window
from ledger.money import format_cents
from ledger.stamp import Stamp


def begin_fund(
    context: Context,
    *,
    code: str,
    name: str,
    project: str,
    city: str,
    funder: str,
    agreement_date: date,
    activities_end: date,
    target_months: int,
    cap_months: int,
    pay_day: int,
    iban_cooling_off_days: int,
    language: str,
    auditors: str | None,
    controls: Terms = Terms(),  # noqa: B008  # frozen: what the law has
) -> None:
    """The agreement is signed: the home has its fund, and the books their first entry; its terms are proposed.

    Raises ``InvalidInput`` for an agreement of a day to come.
    """
    context.actor.must_be(*access.preparers("agreement"))
    rules.check_has_come("agreement_date", agreement_date, context.day)
    if rows.find(context.session, Fund, FUND_ID) is not None:
        raise errors.AlreadyExists("fund", code)
    act = events.agreement(
        context.stamp(),
        fund=code,
        signed_on=agreement_date,
        window=Window(activities_end, target_months, cap_months),
        pay_day=pay_day,
        cooling_off_days=iban_cooling_off_days,
        key_check=context.fingerprints.key_check,
        auditors=None if auditors is None else context.fingerprints.of(Domain.EMAIL, auditors),
    )
    names: Values = {Fund.name: name, Fund.project: project, Fund.city: city, Fund.funder: funder}
    context.book_act(act, {**names, Fund.language: language, Fund.auditors: auditors})
    propose_first_terms(context, controls)


def move_position(context: Context, *, available: int = 0, committed: int = 0, used: int = 0) -> None:
    """Change the fund's position by cents, in one conditional UPDATE (rules 3 and 6).

    Raises ``NotEnoughAvailable`` when less than nothing would be free.
    """
    if not store.move_position(context.session, available=available, committed=committed, used=used):
        free_cents = context.fund().available_cents
        raise errors.NotEnoughAvailable(format_cents(free_cents), format_cents(-available))


def check_available(context: Context, amount_cents: int) -> None:
    """An amount is free to be promised. Raises ``NotEnoughAvailable``; ``move_position`` judges it again (rule 6)."""
    available_cents = context.fund().available_cents
    if amount_cents > available_cents:
        raise errors.NotEnoughAvailable(format_cents(available_cents), format_cents(amount_cents))


@dataclass(frozen=True, slots=True)
class AllocationPayload:
    """A tranche that the funder grants, and what of it had arrived when an agreement file brought it."""

    code: str
    granted_on: date
    amount_cents: int
    received_on: date | None
    received_cents: int | None


def propose_allocation(
    context: Context,
    *,
    code: str,
    granted_on: date,
    amount_cents: int,
    received_on: date | None = None,
    received_cents: int | None = None,
) -> int:
    """Propose a tranche that the funder grants. Returns the proposal's number.

    Raises ``InvalidInput`` for a day to come, and ``AlreadyExists``.
    """
    payload = AllocationPayload(code, granted_on, amount_cents, received_on, received_cents)
    return propose(context, ALLOCATION, payload)


def _judge_allocation(context: Context, payload: AllocationPayload) -> None:
    rules.check_has_come("granted_on", payload.granted_on, context.day)
    if rows.find(context.session, Allocation, payload.code) is not None:
        raise errors.AlreadyExists("allocation", payload.code)


def _allocate(context: Context, payload: AllocationPayload, confirmed: Confirmation) -> None:
    """The amount becomes available; what had arrived of it is collected."""
    code, granted_on, amount_cents = payload.code, payload.granted_on, payload.amount_cents
    context.insert(Allocation(code=code, granted_on=granted_on, amount_cents=amount_cents))
    move_position(context, available=amount_cents)
    stamp = confirmed.stamp(context)
    context.book(events.allocation(stamp, allocation=code, granted_on=granted_on, amount_cents=amount_cents))
    if payload.received_on is not None and payload.received_cents is not None:
        collect(context, stamp, code, payload.received_cents, payload.received_on)


def _granted_meanwhile(context: Context, payloads: Sequence[AllocationPayload]) -> list[AllocationPayload]:
    return [one for one in payloads if rows.find(context.session, Allocation, one.code) is not None]


ALLOCATION = TwoPersonAct(
    ActName.ALLOCATION,
    AllocationPayload,
    subject=lambda payload: payload.code,
    judge=_judge_allocation,
    carry_out=_allocate,
    changed=_granted_meanwhile,
)


@dataclass(frozen=True, slots=True)
class CollectionPayload:
    """How much of which tranche arrived, and on which day of the bank's."""

    allocation: str
    amount_cents: int
    bank_date: date


def receive(context: Context, *, allocation: str, amount_cents: int, bank_date: date | None = None) -> Recording:
    """Record by hand that money of a tranche arrived, today unless the bank's day is given.

    Above ``ALONE_CENTS`` it is proposed. Raises ``MoreThanAllocated``, and ``InvalidInput`` for a day to come.
    """
    payload = CollectionPayload(allocation, amount_cents, bank_date or context.day)
    return record(context, COLLECTION, payload, amount_cents, _collect)


def _judge_collection(context: Context, payload: CollectionPayload) -> None:
    rules.check_has_come("bank_date", payload.bank_date, context.day)
    check_collection(context, payload.allocation, payload.amount_cents)


def _collect(context: Context, payload: CollectionPayload, stamp: Stamp) -> int:
    return collect(context, stamp, payload.allocation, payload.amount_cents, payload.bank_date)


def _received_meanwhile(context: Context, payloads: Sequence[CollectionPayload]) -> list[CollectionPayload]:
    """Those of which the tranche has less to come."""
    granted = {code: context.get(Allocation, code) for code in {payload.allocation for payload in payloads}}
    left = {code: row.amount_cents - row.received_cents for code, row in granted.items()}
    return [payload for payload in payloads if payload.amount_cents > left[payload.allocation]]


COLLECTION = TwoPersonAct(
    ActName.COLLECTION,
    CollectionPayload,
    subject=lambda payload: payload.allocation,
    judge=_judge_collection,
    carry_out=booked_by_two(_collect),
    changed=_received_meanwhile,
)


def check_collection(context: Context, allocation: str, amount_cents: int) -> None:
    """A tranche grants what arrives of it; ``collect`` judges it again (rule 6). Raises ``MoreThanAllocated``."""
    row = context.get(Allocation, allocation)
    if row.received_cents + amount_cents > row.amount_cents:
        raise _more_than_allocated(row, amount_cents)


def _more_than_allocated(row: Allocation, amount_cents: int) -> errors.MoreThanAllocated:
    total_cents = row.received_cents + amount_cents
    return errors.MoreThanAllocated(row.code, format_cents(row.amount_cents), format_cents(total_cents))


def collect(
    context: Context, stamp: Stamp, allocation: str, amount_cents: int, bank_date: date, evidence: str | None = None
) -> int:
    """Book what arrived of a tranche. Returns the number of its entry. Raises ``MoreThanAllocated``."""
    row = context.get(Allocation, allocation)
    if not store.receive(context.session, allocation, amount_cents):
        raise _more_than_allocated(row, amount_cents)
    draft = events.collection(
        stamp, allocation=allocation, amount_cents=amount_cents, bank_date=bank_date, evidence=evidence
    )
    (entry,) = context.book(draft)
    context.insert(Collection(seq=entry.seq, allocation=allocation, amount_cents=amount_cents, bank_date=bank_date))
    return entry.seq


@dataclass(frozen=True, slots=True)
class RepaymentPayload:
    """How much goes back to the funder."""

    amount_cents: int


def propose_repayment(context: Context, *, amount_cents: int) -> int:
    """Propose that unspent money goes back to the funder. Returns the proposal's number.

    Raises ``NotEnoughAvailable``.
    """
    return propose(context, REPAYMENT, RepaymentPayload(amount_cents))


def _judge_repayment(context: Context, payload: RepaymentPayload) -> None:
    check_available(context, payload.amount_cents)


def _approve_repayment(context: Context, payload: RepaymentPayload, confirmed: Confirmation) -> None:
    """The money is owed to the funder and no longer available."""
    move_position(context, available=-payload.amount_cents)
    stamp = confirmed.stamp(context)
    context.book(events.repayment(stamp, amount_cents=payload.amount_cents))
    context.insert(
        Repayment(
            amount_cents=payload.amount_cents,
            state=RepaymentState.APPROVED,
            prepared_by=confirmed.prepared_by,
            approved_by=context.actor.code,
        )
    )


REPAYMENT = TwoPersonAct(
    ActName.REPAYMENT,
    RepaymentPayload,
    subject=lambda _: "",
    judge=_judge_repayment,
    carry_out=_approve_repayment,
)


def record_repayment_paid(context: Context, repayment: int, *, bank_date: date) -> None:
    """The treasurer paid an approved repayment to the funder. Raises ``InvalidInput`` for a day to come."""
    context.actor.must_be(*access.FINANCE)
    rules.check_has_come("bank_date", bank_date, context.day)
    pay_repayment(context, repayment, bank_date)


def pay_repayment(context: Context, repayment: int, bank_date: date, evidence: str | None = None) -> int:
    """Book that an approved repayment was paid, by the two people who agreed to it. Returns the number of its entry.

    Raises ``StateNotAllowed`` and ``NotEnoughCash``.
    """
    row = context.get(Repayment, repayment)
    context.step(Repayment, repayment, RepaymentState.PAID, {Repayment.bank_date: bank_date})
    cash_cents = balances.cash_cents(context.session)
    if row.amount_cents > cash_cents:
        raise errors.NotEnoughCash(format_cents(max(cash_cents, 0)), format_cents(row.amount_cents))
    stamp = context.stamp(prepared_by=row.prepared_by, approved_by=row.approved_by)
    draft = events.repayment_paid(stamp, amount_cents=row.amount_cents, bank_date=bank_date, evidence=evidence)
    (entry,) = context.book(draft)
    return entry.seq
