"""What moved the treasury in the books, and what moved the account at the bank: both sides of a reconciliation."""

from collections.abc import Collection
from datetime import date
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select, tuple_
from sqlmodel import Session

from fund.store import bank_lines
from fund.store.queries import AnyRow
from fund.store.tables import BankLine, BankStatement, JournalEntry, Payment, PaymentBatch, Posting, table
from fund.store.tables import Contribution as ContributionRow
from ledger import accounts

_entry, _posting, _payment, _batch = table(JournalEntry), table(Posting), table(Payment), table(PaymentBatch)
_line, _statement, _contribution = table(BankLine), table(BankStatement), table(ContributionRow)

BY_HAND = ("receipt", "refund-payment", "recovery")
"""Entries that somebody makes before a statement shows the money."""


def booked(session: Session) -> list[AnyRow]:
    """Every entry that moved the treasury, with its day: the bank's where it is known."""
    day = func.coalesce(_entry.c.bank_date, _entry.c.booked_on).label("day")
    columns = (_entry.c.seq, _entry.c.kind, _entry.c.payment, _entry.c.corrects, _entry.c.evidence, day)
    statement = (
        select(*columns, _posting.c.amount_cents)
        .join(_posting, _posting.c.seq == _entry.c.seq)
        .where(_posting.c.account == accounts.TREASURY)
        .order_by(_entry.c.seq)
    )
    return list(session.connection().execute(statement))


class ByHand(NamedTuple):
    """Money that somebody entered: the number of its (first) entry, the bank's day, and how the treasury moved."""

    seq: int
    day: date
    amount_cents: int


def entered_by_hand(session: Session) -> list[ByHand]:
    """What was entered by hand, no line of the bank was matched to, and no correction took back.

    Money of several overpayments has an entry for each, recorded at one instant: the bank shows it as one line.
    """
    day = func.coalesce(_entry.c.bank_date, _entry.c.booked_on).label("day")
    corrected = select(_entry.c.corrects).where(_entry.c.corrects.is_not(None))
    statement = (
        select(_entry.c.seq, _entry.c.landlord, _entry.c.recorded_at, day, _posting.c.amount_cents)
        .join(_posting, _posting.c.seq == _entry.c.seq)
        .where(
            _posting.c.account == accounts.TREASURY,
            _entry.c.kind.in_(BY_HAND),
            _entry.c.evidence.is_(None),
            _entry.c.seq.not_in(corrected),
        )
        .order_by(_entry.c.seq)
    )
    rows = session.connection().execute(statement)
    matched = set(session.connection().execute(select(_line.c.entry).where(_line.c.entry.is_not(None))).scalars())
    found = []
    for _, group in groupby(rows, key=lambda row: (row.landlord, row.recorded_at) if row.landlord else row.seq):
        parts = list(group)
        if parts[0].seq not in matched:
            found.append(ByHand(parts[0].seq, parts[0].day, sum(part.amount_cents for part in parts)))
    return found


def moved(session: Session, chains: Collection[tuple[str, str]]) -> list[AnyRow]:
    """Every movement in the accepted statements of some accounts and series, in order of days."""
    if not chains:
        return []
    statement = (
        bank_lines.with_statement(select(_line, bank_lines.is_open().label("is_open")))
        .where(
            _line.c.moved_cents.is_not(None),
            _statement.c.state == "accepted",
            tuple_(_statement.c.account, _statement.c.series).in_(list(chains)),
        )
        .order_by(_line.c.bank_date, _line.c.file_sha256, _line.c.ordinal)
    )
    return list(session.connection().execute(statement))


def members(session: Session, batches: Collection[str]) -> dict[str, list[str]]:
    """The payments of some batches."""
    rows = session.connection().execute(select(_payment.c.batch, _payment.c.code).where(_payment.c.batch.in_(batches)))
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.batch, []).append(row.code)
    return found


def in_transit(session: Session) -> list[AnyRow]:
    """The payments that were ordered and not answered, the oldest first."""
    statement = (
        select(_payment, _batch.c.sealed_at, _contribution.c.landlord)
        .join(_batch, _batch.c.code == _payment.c.batch)
        .join(_contribution, _contribution.c.id == _payment.c.contribution_id)
        .where(_payment.c.state.in_(("ordered", "sent")))
        .order_by(_batch.c.sealed_at, _payment.c.code)
    )
    return list(session.connection().execute(statement))
