"""Balances out of the journal, by a few grouped sums whatever the number of entries."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session

from fund.store.tables import JournalEntry, Posting, table
from ledger import accounts
from ledger.months import Month

_entry, _posting = table(JournalEntry), table(Posting)


def last_entry_on(session: Session, day: date | None) -> tuple[int, str] | None:
    """The number and hash of the last entry booked on or before a day (of all entries when ``None``)."""
    statement = select(_entry.c.seq, _entry.c.hash).order_by(_entry.c.seq.desc()).limit(1)
    if day is not None:
        statement = statement.where(_entry.c.booked_on <= day)
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else (row.seq, row.hash)


def account_balances(session: Session, seq: int) -> dict[str, int]:
    """Each account's balance in cents after entry ``seq``; debits positive."""
    rows = session.connection().execute(
        select(_posting.c.account, func.sum(_posting.c.amount_cents))
        .where(_posting.c.seq <= seq)
        .group_by(_posting.c.account)
    )
    return {account: int(cents) for account, cents in rows}


def balance_of(session: Session, account: str) -> int:
    """One account's balance now, in cents; debits positive."""
    statement = select(func.sum(_posting.c.amount_cents)).where(_posting.c.account == account)
    return int(session.connection().execute(statement).scalar() or 0)


def months_used(session: Session, seq: int) -> dict[str, int]:
    """How many approved months each household has after entry ``seq``: approvals less their corrections."""
    sign = case((_posting.c.amount_cents > 0, 1), else_=-1)
    rows = session.connection().execute(
        select(_entry.c.household, func.sum(sign))
        .join_from(_posting, _entry, _posting.c.seq == _entry.c.seq)
        .where(_entry.c.seq <= seq, _entry.c.kind.in_(("approval", "correction")), _is_rent())
        .group_by(_entry.c.household)
    )
    return {household: int(count) for household, count in rows}


def open_lots(
    session: Session, seq: int | None = None, *, households: Iterable[str] | None = None
) -> list[tuple[str, Month, int]]:
    """The months committed and not yet taken, after entry ``seq`` or now: household, month, cost in cents.

    Of some ``households``, or of all.
    """
    conditions: list[ColumnElement[bool]] = [_posting.c.month.is_not(None)]
    if seq is not None:
        conditions.append(_posting.c.seq <= seq)
    if households is not None:
        conditions.append(_posting.c.account.in_([accounts.committed(household) for household in households]))
    cost = -func.sum(_posting.c.amount_cents)
    rows = session.connection().execute(
        select(_posting.c.account, _posting.c.month, cost)
        .where(*conditions)
        .group_by(_posting.c.account, _posting.c.month)
        .having(func.sum(_posting.c.amount_cents) != 0)
        .order_by(_posting.c.account, _posting.c.month)
    )
    return [(str(accounts.household_of(account)), Month.parse(month), int(cents)) for account, month, cents in rows]


def paid(session: Session, seq: int) -> Iterator[tuple[str, str, int]]:
    """What was settled less what came back or was given back, after entry ``seq``: household, landlord, cents."""
    return _by_people(
        session,
        seq,
        ("settlement", "return", "recovery"),
        -_posting.c.amount_cents,
        _posting.c.account == accounts.TREASURY,
    )


def approved(session: Session, seq: int) -> Iterator[tuple[str, str, int]]:
    """What was approved less corrections and overpayments, after entry ``seq``: household, landlord, cents."""
    return _by_people(session, seq, ("approval", "correction", "overpayment"), _posting.c.amount_cents, _is_rent())


def _by_people(
    session: Session, seq: int, kinds: tuple[str, ...], amount: ColumnElement[int], condition: ColumnElement[bool]
) -> Iterator[tuple[str, str, int]]:
    rows = session.connection().execute(
        select(_entry.c.household, _entry.c.landlord, func.sum(amount))
        .join_from(_posting, _entry, _posting.c.seq == _entry.c.seq)
        .where(_entry.c.seq <= seq, _entry.c.kind.in_(kinds), condition)
        .group_by(_entry.c.household, _entry.c.landlord)
    )
    return ((household, landlord, int(cents)) for household, landlord, cents in rows)


def _is_rent() -> ColumnElement[bool]:
    return _posting.c.account.startswith(accounts.RENT + ":")


def refunded_cents(session: Session, seq: int) -> int:
    """What became owed to the funder, after entry ``seq``, in cents."""
    total = session.connection().execute(
        select(func.sum(-_posting.c.amount_cents))
        .join_from(_posting, _entry, _posting.c.seq == _entry.c.seq)
        .where(_entry.c.seq <= seq, _entry.c.kind == "refund", _posting.c.account == accounts.FUNDER)
    )
    return int(total.scalar() or 0)
