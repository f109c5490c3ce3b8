"""Balances out of the journal, by a few grouped sums whatever the number of entries."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, select
from sqlmodel import Session, col

from fund.store import rows
from fund.store.tables import JournalEntry, Posting
from ledger import accounts
from ledger.kinds import REGULARISATIONS
from ledger.months import Month

Lot: TypeAlias = tuple[str, Month, int]
"""A committed month: household, month, cost in cents."""

_AMOUNT = col(Posting.amount_cents)
_IS_RENT = col(Posting.account).startswith(accounts.RENT + ":")


class LastEntry(NamedTuple):
    """The last of some entries: its number and its hash."""

    seq: int
    hash: str


class Paid(NamedTuple):
    """Cents of a household's months at a landlord."""

    household: str
    landlord: str
    cents: int


def last_entry_on(session: Session, day: date | None) -> LastEntry | None:
    """The last entry booked on or before a day (of all entries when ``None``)."""
    last = select(col(JournalEntry.seq), col(JournalEntry.hash)).order_by(col(JournalEntry.seq).desc()).limit(1)
    if day is not None:
        last = last.where(col(JournalEntry.booked_on) <= day)
    return rows.fetch_one(session, LastEntry, last)


def account_balances(session: Session, seq: int) -> dict[str, int]:
    """Each account's balance in cents after entry ``seq``; debits positive."""
    sums = select(col(Posting.account), rows.total(_AMOUNT)).where(col(Posting.seq) <= seq)
    return dict(rows.tuples(session, sums.group_by(col(Posting.account))))


def balance_of(session: Session, *names: str) -> int:
    """The balance of some accounts together now, in cents; debits positive."""
    (cents,) = rows.scalars(session, select(rows.total(_AMOUNT)).where(col(Posting.account).in_(names)))
    return cents


def cash_cents(session: Session) -> int:
    """What the treasurer holds and no order has taken yet."""
    return balance_of(session, accounts.TREASURY, accounts.OUTSTANDING_ORDERS)


def daily_movements(session: Session) -> list[tuple[date, str, int]]:
    """By how many cents each account moved on each day on which it moved; debits positive."""
    moved = (
        select(col(JournalEntry.booked_on), col(Posting.account), rows.total(_AMOUNT))
        .join_from(Posting, JournalEntry, col(Posting.seq) == col(JournalEntry.seq))
        .group_by(col(JournalEntry.booked_on), col(Posting.account))
    )
    return rows.tuples(session, moved)


def months_used(session: Session, seq: int) -> dict[str, int]:
    """How many approved months each household has after entry ``seq``: approvals less their corrections."""
    household = rows.present(col(JournalEntry.household))
    used = (
        select(household, rows.total(case((_AMOUNT > 0, 1), else_=-1)))
        .join_from(Posting, JournalEntry, col(Posting.seq) == col(JournalEntry.seq))
        .where(col(JournalEntry.seq) <= seq, col(JournalEntry.kind).in_(("approval", "correction")), _IS_RENT)
        .group_by(household)
    )
    return dict(rows.tuples(session, used))


def open_lots(session: Session, seq: int | None = None, *, households: Iterable[str] | None = None) -> list[Lot]:
    """The months committed and not yet taken, after entry ``seq`` or now: household, month, cost in cents.

    Of some ``households``, or of all.
    """
    conditions: list[ColumnElement[bool]] = [col(Posting.month).is_not(None)]
    if seq is not None:
        conditions.append(col(Posting.seq) <= seq)
    if households is not None:
        conditions.append(col(Posting.account).in_([accounts.committed(household) for household in households]))
    month = rows.present(col(Posting.month))
    lots = (
        select(col(Posting.account), month, -rows.total(_AMOUNT))
        .where(*conditions)
        .group_by(col(Posting.account), month)
        .having(func.sum(_AMOUNT) != 0)
        .order_by(col(Posting.account), month)
    )
    return [
        (str(accounts.household_of(account)), Month.parse(name), cents)
        for account, name, cents in rows.tuples(session, lots)
    ]


def paid(session: Session, seq: int) -> list[Paid]:
    """What was settled less what came back or was given back, after entry ``seq``.

    A settlement by what the bank had paid by mistake moves what the bank owes, and not the treasury.
    """
    moved = and_(
        col(Posting.account).in_((accounts.TREASURY, accounts.RECOVERY_BANK)), col(JournalEntry.landlord).is_not(None)
    )
    kinds = ("settlement", "return", *REGULARISATIONS, "recovery", "correction")
    return _by_people(session, seq, kinds, -_AMOUNT, moved)


def approved(session: Session, seq: int) -> list[Paid]:
    """What was approved less corrections and overpayments, after entry ``seq``."""
    return _by_people(session, seq, ("approval", "correction", "overpayment"), _AMOUNT, _IS_RENT)


def _by_people(
    session: Session, seq: int, kinds: tuple[str, ...], amount: SQLColumnExpression[int], condition: ColumnElement[bool]
) -> list[Paid]:
    household, landlord = rows.present(col(JournalEntry.household)), rows.present(col(JournalEntry.landlord))
    sums = (
        select(household, landlord, rows.total(amount))
        .join_from(Posting, JournalEntry, col(Posting.seq) == col(JournalEntry.seq))
        .where(col(JournalEntry.seq) <= seq, col(JournalEntry.kind).in_(kinds), condition)
        .group_by(household, landlord)
    )
    return rows.fetch(session, Paid, sums)


def repaid_cents(session: Session, seq: int) -> int:
    """What became owed to the funder, after entry ``seq``, in cents."""
    repaid = (
        select(rows.total(-_AMOUNT))
        .join_from(Posting, JournalEntry, col(Posting.seq) == col(JournalEntry.seq))
        .where(
            col(JournalEntry.seq) <= seq,
            col(JournalEntry.kind) == "repayment",
            col(Posting.account) == accounts.FUNDER,
        )
    )
    (cents,) = rows.scalars(session, repaid)
    return cents
