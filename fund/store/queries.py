"""Queries that have no module of their subject yet."""

from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlmodel import Session

from fund.store.tables import BankAccount, Contribution, JournalEntry, Lease, table
from ledger.months import Month

AnyRow: TypeAlias = Any
"""A row that has no type yet."""

_contribution, _lease, _account, _entry = (table(model) for model in (Contribution, Lease, BankAccount, JournalEntry))


def first_month(session: Session) -> Month | None:
    """The month of the journal's first entry: the first that can be closed."""
    first = session.connection().execute(select(func.min(_entry.c.booked_on))).scalar()
    return None if first is None else Month.of(first)
