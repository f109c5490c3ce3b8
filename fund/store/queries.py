"""Queries that have no module of their subject yet."""

from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlmodel import Session

from fund.domain import states
from fund.store.payouts.runs import ACTIVE
from fund.store.tables import BankAccount, Contribution, JournalEntry, Lease, table
from ledger.months import Month

AnyRow: TypeAlias = Any
"""A row that has no type yet."""

_contribution, _lease, _account, _entry = (table(model) for model in (Contribution, Lease, BankAccount, JournalEntry))


def contracts_of(session: Session, landlord: str) -> dict[tuple[str, str], str]:
    """The contract that each live month of a landlord is paid under: (household, month) → lease registration."""
    rows = session.connection().execute(
        select(_contribution.c.household, _contribution.c.month, _lease.c.registration)
        .join(_lease, _lease.c.id == _contribution.c.lease_id)
        .where(_contribution.c.landlord == landlord, ACTIVE)
    )
    return {(household, month): registration for household, month, registration in rows}


def live_iban(session: Session, landlord: str) -> str | None:
    """The IBAN that a landlord is paid to."""
    statement = select(_account.c.iban).where(
        _account.c.landlord == landlord, _account.c.state.in_(states.LIVE_ACCOUNTS)
    )
    return session.connection().execute(statement).scalar()


def count_like(session: Session, column: Any, prefix: str) -> int:
    """How many codes begin with a prefix; the next number is one more, since none is ever deleted."""
    statement = select(func.count()).where(column.startswith(prefix, autoescape=True))
    return int(session.connection().execute(statement).scalar_one())


def first_month(session: Session) -> Month | None:
    """The month of the journal's first entry: the first that can be closed."""
    first = session.connection().execute(select(func.min(_entry.c.booked_on))).scalar()
    return None if first is None else Month.of(first)
