"""Set-based queries for the services: no loop asks the database once for each row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from fund.domain import states
from fund.domain.rules import LeaseTerm
from fund.store import balances
from fund.store.tables import (
    BankAccount,
    Contribution,
    GrantAmount,
    Household,
    JournalEntry,
    Landlord,
    Lease,
    LeaseRent,
    Payment,
    PaymentBatch,
    Posting,
    Run,
    table,
)
from ledger import accounts
from ledger.months import Month

AnyRow: TypeAlias = Any
"""A row that has no type yet."""
Item = TypeVar("Item")
BLOCK_SIZE = 10_000
"""How many keys one statement names at most; both engines take more, and neither takes any number."""
Lot = tuple[str, Month, int]
"""A committed month: household, month, cost in cents."""

_contribution, _lease, _rent, _amount = (table(model) for model in (Contribution, Lease, LeaseRent, GrantAmount))
_account, _payment, _batch, _run = (table(model) for model in (BankAccount, Payment, PaymentBatch, Run))
_posting, _landlord, _entry = table(Posting), table(Landlord), table(JournalEntry)
_household = table(Household)

LEFT_CENTS = _contribution.c.amount_cents - _contribution.c.set_off_cents
"""What a payment of a month pays: what was approved, less what was kept back of it."""
ALIVE = _contribution.c.state.not_in(states.VOID_CONTRIBUTIONS)


def blocks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in blocks that one statement can name."""
    return (items[start : start + BLOCK_SIZE] for start in range(0, len(items), BLOCK_SIZE))


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A lease with what the rules need of it."""

    id: int
    household: str
    landlord: str
    registration: str
    term: LeaseTerm


def leases_of(session: Session, households: Iterable[str] | None = None) -> list[LeaseRow]:
    """The leases of some households (all when ``None``) with their rents, oldest first."""
    statement = (
        select(_lease, _rent.c.since, _rent.c.rent_cents)
        .join(_rent, _rent.c.lease_id == _lease.c.id)
        .order_by(_lease.c.household, _lease.c.starts_on, _lease.c.id, _rent.c.since)
    )
    if households is not None:
        statement = statement.where(_lease.c.household.in_(list(households)))
    rows = session.connection().execute(statement).all()
    leases = []
    for _, group in groupby(rows, key=lambda row: row.id):
        steps = list(group)
        first = steps[0]
        term = LeaseTerm(first.starts_on, first.ends_on, [(step.since, step.rent_cents) for step in steps])
        leases.append(LeaseRow(first.id, first.household, first.landlord, first.registration, term))
    return leases


def decided_amounts(session: Session, households: Iterable[str] | None = None) -> dict[str, dict[Month, int]]:
    """The contributions decided for some households (all when ``None``): first month → cents."""
    statement = select(_amount).order_by(_amount.c.household, _amount.c.since)
    if households is not None:
        statement = statement.where(_amount.c.household.in_(list(households)))
    amounts: dict[str, dict[Month, int]] = {}
    for row in session.connection().execute(statement):
        amounts.setdefault(row.household, {})[Month.parse(row.since)] = row.amount_cents
    return amounts


def open_lots_of(session: Session, household: str) -> dict[Month, int]:
    """The months committed to a household and not approved yet: month → cents."""
    cost = -func.sum(_posting.c.amount_cents)
    rows = session.connection().execute(
        select(_posting.c.month, cost)
        .where(_posting.c.account == accounts.committed(household))
        .group_by(_posting.c.month)
        .having(cost != 0)
    )
    return {Month.parse(month): int(cents) for month, cents in rows}


def free_lots(session: Session, household: str) -> dict[Month, int]:
    """The months committed to a household that no live contribution proposes yet: month → cents."""
    proposed = select(_contribution.c.month).where(_contribution.c.household == household, ALIVE)
    taken = set(session.connection().execute(proposed).scalars())
    lots = open_lots_of(session, household)
    return {month: cents for month, cents in lots.items() if str(month) not in taken}


def months_of(session: Session, household: str) -> set[Month]:
    """Every month that a household has: committed, proposed, or approved."""
    live = select(_contribution.c.month).where(_contribution.c.household == household, ALIVE)
    months = {Month.parse(month) for month in session.connection().execute(live).scalars()}
    return months | open_lots_of(session, household).keys()


def has_unpaid_months(session: Session, household: str) -> bool:
    """Whether a household has a live month that is not settled."""
    statement = select(_contribution.c.id).where(
        _contribution.c.household == household, ALIVE, _contribution.c.state != "settled"
    )
    return session.connection().execute(statement.limit(1)).first() is not None


def being_paid() -> Select[Any]:
    """The contributions that a payment pays: proposed, under way or settled."""
    return select(_payment.c.contribution_id).where(_payment.c.state.in_(states.LIVE_PAYMENTS))


def has_live_payment(session: Session, contribution: int) -> bool:
    """Whether a payment of a contribution is proposed, under way or settled."""
    statement = select(_payment.c.code).where(
        _payment.c.contribution_id == contribution, _payment.c.state.in_(states.LIVE_PAYMENTS)
    )
    return session.connection().execute(statement).first() is not None


def corrected_entries() -> Select[Any]:
    """The numbers of the journal's entries that a correction mirrors."""
    return select(_entry.c.corrects).where(_entry.c.corrects.is_not(None))


def contracts_of(session: Session, landlord: str) -> dict[tuple[str, str], str]:
    """The contract that each live month of a landlord is paid under: (household, month) → lease registration."""
    rows = session.connection().execute(
        select(_contribution.c.household, _contribution.c.month, _lease.c.registration)
        .join(_lease, _lease.c.id == _contribution.c.lease_id)
        .where(_contribution.c.landlord == landlord, ALIVE)
    )
    return {(household, month): registration for household, month, registration in rows}


def live_iban(session: Session, landlord: str) -> str | None:
    """The IBAN that a landlord is paid to."""
    statement = select(_account.c.iban).where(
        _account.c.landlord == landlord, _account.c.state.in_(states.LIVE_ACCOUNTS)
    )
    return session.connection().execute(statement).scalar()


def finished_households(session: Session) -> list[str]:
    """The open positions whose months are all used and settled."""
    unsettled = select(_contribution.c.household).where(ALIVE, _contribution.c.state != "settled")
    statement = (
        select(_household.c.code)
        .where(
            _household.c.exited_on.is_(None),
            _household.c.months_used == _household.c.cap_months,
            _household.c.code.not_in(unsettled),
        )
        .order_by(_household.c.code)
    )
    return list(session.connection().execute(statement).scalars())


def due_lots(session: Session) -> list[Lot]:
    """Every committed month that no live contribution proposes yet: household, month, cost in cents."""
    live = {
        (row.household, row.month)
        for row in session.connection().execute(select(_contribution.c.household, _contribution.c.month).where(ALIVE))
    }
    return [lot for lot in balances.open_lots(session) if (lot[0], str(lot[1])) not in live]


def run_lines(session: Session, month: str) -> list[AnyRow]:
    """The contributions of a run with their lease, the landlord's live account, and the amount of the month before."""
    before = aliased(_contribution)
    last = (
        select(before.c.amount_cents)
        .where(
            before.c.household == _contribution.c.household,
            before.c.month < _contribution.c.month,
            before.c.state.not_in(states.VOID_CONTRIBUTIONS),
        )
        .order_by(before.c.month.desc())
        .limit(1)
        .correlate(_contribution)
        .scalar_subquery()
    )
    statement = (
        select(
            _contribution,
            _lease.c.registration,
            _landlord.c.name.label("landlord_name"),
            _account.c.id.label("account_id"),
            _account.c.iban,
            _account.c.version,
            _account.c.state.label("account_state"),
            _account.c.usable_from,
            last.label("previous_cents"),
        )
        .outerjoin(_lease, _lease.c.id == _contribution.c.lease_id)
        .join(_landlord, _landlord.c.code == _contribution.c.landlord)
        .outerjoin(_account, _live_account())
        .where(_contribution.c.run_month == month)
        .order_by(_contribution.c.household, _contribution.c.month, _contribution.c.id)
    )
    return list(session.connection().execute(statement))


def _live_account() -> Any:
    return and_(_account.c.landlord == _contribution.c.landlord, _account.c.state.in_(states.LIVE_ACCOUNTS))


def unordered(session: Session, *, run: str | None = None) -> list[AnyRow]:
    """The approved months (of a run) that no live payment pays, with the landlord's live account if there is one."""
    statement = (
        select(
            _contribution,
            LEFT_CENTS.label("left_cents"),
            _lease.c.registration,
            _landlord.c.name.label("landlord_name"),
            _landlord.c.rf_reference,
            _account.c.id.label("account_id"),
            _account.c.iban,
            _account.c.state.label("account_state"),
            _account.c.usable_from,
        )
        .outerjoin(_lease, _lease.c.id == _contribution.c.lease_id)
        .join(_landlord, _landlord.c.code == _contribution.c.landlord)
        .outerjoin(_account, _live_account())
        .where(_contribution.c.state == "approved", _contribution.c.id.not_in(being_paid()))
        .order_by(_contribution.c.month, _contribution.c.household)
    )
    if run is not None:
        statement = statement.where(_contribution.c.run_month == run)
    return list(session.connection().execute(statement))


def _replaced() -> Any:
    """The attempt before a payment at the same month, which did not reach the landlord; drafts withdrawn apart."""
    before = aliased(_payment)
    return (
        select(before.c.code)
        .where(
            before.c.contribution_id == _payment.c.contribution_id,
            before.c.batch < _payment.c.batch,
            before.c.state != "withdrawn",
        )
        .order_by(before.c.batch.desc())
        .limit(1)
        .correlate(_payment)
        .scalar_subquery()
        .label("replaces")
    )


def batch_lines(session: Session, batch: str) -> list[AnyRow]:
    """The payments of a batch with their months, contracts and accounts."""
    statement = (
        select(
            _payment,
            _replaced(),
            _contribution.c.household,
            _contribution.c.landlord,
            _contribution.c.month,
            _lease.c.registration,
            _landlord.c.name.label("landlord_name"),
            _landlord.c.tax_code.label("landlord_tax_code"),
            _account.c.iban,
            _account.c.state.label("account_state"),
            _account.c.usable_from,
        )
        .join(_contribution, _contribution.c.id == _payment.c.contribution_id)
        .join(_landlord, _landlord.c.code == _contribution.c.landlord)
        .outerjoin(_lease, _lease.c.id == _contribution.c.lease_id)
        .outerjoin(_account, _account.c.id == _payment.c.account_id)
        .where(_payment.c.batch == batch)
        .order_by(_payment.c.code)
    )
    return list(session.connection().execute(statement))


def mandates_since(session: Session, instant: datetime) -> int:
    """How many mandates were numbered since the beginning of a year: one for each payment that was ever sealed."""
    statement = (
        select(func.count())
        .select_from(_payment)
        .join(_batch, _batch.c.code == _payment.c.batch)
        .where(_batch.c.sealed_at >= instant)
    )
    return int(session.connection().execute(statement).scalar_one())


def payments_by_code(session: Session, codes: Iterable[str]) -> Mapping[str, AnyRow]:
    """The payments with some codes, with their months and the IBAN that each was ordered to."""
    statement = (
        select(
            _payment,
            _contribution.c.household,
            _contribution.c.landlord,
            _contribution.c.month,
            LEFT_CENTS.label("left_cents"),
            _account.c.iban,
        )
        .join(_contribution, _contribution.c.id == _payment.c.contribution_id)
        .outerjoin(_account, _account.c.id == _payment.c.account_id)
    )
    found: dict[str, AnyRow] = {}
    for block in blocks(sorted(codes)):
        rows = session.connection().execute(statement.where(_payment.c.code.in_(block)))
        found |= {row.code: row for row in rows}
    return found


def months_taken(session: Session, months: Iterable[int]) -> set[int]:
    """Which of some months cannot be paid by one more payment: not owed any more, or a live payment pays them."""
    taken: set[int] = set()
    for block in blocks(sorted(months)):
        found = select(_contribution.c.id).where(
            _contribution.c.id.in_(block),
            or_(_contribution.c.state != "approved", _contribution.c.id.in_(being_paid())),
        )
        taken |= set(session.connection().execute(found).scalars())
    return taken


def payments_in_batch(session: Session, batch: str) -> list[str]:
    """The codes of a batch's payments."""
    statement = select(_payment.c.code).where(_payment.c.batch == batch).order_by(_payment.c.code)
    return list(session.connection().execute(statement).scalars())


def payments_where(session: Session, **filters: str | None) -> list[AnyRow]:
    """Payments with their months, oldest first; a filter that is ``None`` does not filter."""
    columns = {
        "household": _contribution.c.household,
        "landlord": _contribution.c.landlord,
        "month": _contribution.c.month,
        "state": _payment.c.state,
        "batch": _payment.c.batch,
    }
    statement = (
        select(_payment, _replaced(), _contribution.c.household, _contribution.c.landlord, _contribution.c.month)
        .join(_contribution, _contribution.c.id == _payment.c.contribution_id)
        .where(*(columns[name] == value for name, value in filters.items() if value is not None))
        .order_by(_payment.c.code)
    )
    return list(session.connection().execute(statement))


def count_like(session: Session, column: Any, prefix: str) -> int:
    """How many codes begin with a prefix; the next number is one more, since none is ever deleted."""
    statement = select(func.count()).where(column.startswith(prefix, autoescape=True))
    return int(session.connection().execute(statement).scalar_one())


def cash_cents(session: Session) -> int:
    """What the treasurer holds and no order has taken yet."""
    names = (accounts.TREASURY, accounts.IN_TRANSIT)
    statement = select(func.sum(_posting.c.amount_cents)).where(_posting.c.account.in_(names))
    return int(session.connection().execute(statement).scalar() or 0)


def runs_opened(session: Session) -> set[str]:
    """The months that have a run."""
    return set(session.connection().execute(select(_run.c.month)).scalars())


def first_month(session: Session) -> Month | None:
    """The month of the journal's first entry: the first that can be closed."""
    first = session.connection().execute(select(func.min(_entry.c.booked_on))).scalar()
    return None if first is None else Month.of(first)
