"""The journal in SQL: appended to at its head, read back as ledger entries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlmodel import Session

from fund.domain import errors
from fund.store.tables import BalanceAssertion, Fund, JournalEntry, Posting, table
from ledger import entries as ledger
from ledger.chain import extend
from ledger.months import Month

_entry, _posting, _assertion, _fund = (table(model) for model in (JournalEntry, Posting, BalanceAssertion, Fund))
_BLOCK = 5_000
"""How many entries are read or written by one statement."""


def append(session: Session, drafts: Iterable[ledger.Draft]) -> list[ledger.Entry]:
    """Seal drafts behind the journal's head and insert them, in the caller's write transaction.

    Raises ``FundMissing``, and ``ClockBehindJournal`` for an entry dated before the last one. A clock that went back
    within the day (two machines, or one that was set right) does not: the entry is recorded at the instant of the one
    before it.
    """
    columns = (_fund.c.journal_seq, _fund.c.journal_hash, _fund.c.journal_day)
    head = session.connection().execute(select(*columns)).one_or_none()
    if head is None:
        raise errors.FundMissing()
    last_at = session.connection().execute(select(_entry.c.recorded_at).where(_entry.c.seq == head.journal_seq))
    entries = list(extend(_in_order(drafts, last_at.scalar()), seq=head.journal_seq, head=head.journal_hash))
    if not entries:
        return entries
    last_day = head.journal_day
    for entry in entries:
        if last_day is not None and entry.date < last_day:
            raise errors.ClockBehindJournal(entry.date, last_day)
        last_day = entry.date
    insert_entries(session, entries)
    session.connection().execute(
        update(_fund)
        .where(_fund.c.journal_seq == head.journal_seq)
        .values(journal_seq=entries[-1].seq, journal_hash=entries[-1].hash, journal_day=last_day)
    )
    return entries


def has_hash(session: Session, entry_hash: str) -> bool:
    """Whether the journal has an entry with this hash."""
    found = session.connection().execute(select(_entry.c.seq).where(_entry.c.hash == entry_hash))
    return found.first() is not None


def _in_order(drafts: Iterable[ledger.Draft], last_at: datetime | None) -> Iterator[ledger.Draft]:
    for draft in drafts:
        last_at = max(draft.recorded_at, last_at or draft.recorded_at)
        yield draft if last_at == draft.recorded_at else replace(draft, recorded_at=last_at)


def insert_entries(session: Session, entries: Sequence[ledger.Entry]) -> None:
    """Insert sealed entries as they are, with their postings and assertions."""
    connection = session.connection()
    for start in range(0, len(entries), _BLOCK):
        block = entries[start : start + _BLOCK]
        rows = {
            _entry: [_entry_row(entry) for entry in block],
            _posting: [row for entry in block for row in _posting_rows(entry)],
            _assertion: [row for entry in block for row in _assertion_rows(entry)],
        }
        for target, values in rows.items():
            if values:
                connection.execute(insert(target), values)


def _entry_row(entry: ledger.Entry) -> dict[str, object]:
    facts = {name: getattr(entry.facts, name) for name in ledger.FACT_NAMES}
    return facts | {
        "seq": entry.seq,
        "booked_on": entry.date,
        "kind": entry.kind,
        "recorded_at": entry.recorded_at,
        "prepared_by": entry.prepared_by,
        "approved_by": entry.approved_by,
        "month": _text(entry.facts.month),
        "prev": entry.prev,
        "hash": entry.hash,
    }


def _posting_rows(entry: ledger.Entry) -> Iterator[dict[str, object]]:
    for ordinal, posting in enumerate(entry.postings):
        yield {
            "seq": entry.seq,
            "ordinal": ordinal,
            "account": posting.account,
            "amount_cents": posting.amount_cents,
            "month": _text(posting.month),
        }


def _assertion_rows(entry: ledger.Entry) -> Iterator[dict[str, object]]:
    for ordinal, balance in enumerate(entry.balances):
        yield {"seq": entry.seq, "ordinal": ordinal, "account": balance.account, "number": balance.number}


def _text(month: Month | None) -> str | None:
    return None if month is None else str(month)


def hash_of(session: Session, seq: int) -> str | None:
    """The hash of an entry, or ``None`` when the journal does not reach it."""
    return session.connection().execute(select(_entry.c.hash).where(_entry.c.seq == seq)).scalar()


def last_seq(session: Session) -> int:
    """The number of the last entry; 0 for an empty journal or a home without a fund."""
    return session.connection().execute(select(_fund.c.journal_seq)).scalar() or 0


def head(session: Session) -> Row[Any, Any, Any] | None:
    """The fund's ``code`` with its ``journal_seq`` and ``journal_hash``; ``None`` in a home without a fund."""
    statement = select(_fund.c.code, _fund.c.journal_seq, _fund.c.journal_hash)
    return session.connection().execute(statement).one_or_none()


def entries_after(session: Session, seq: int) -> Iterator[ledger.Entry]:
    """Every entry behind number ``seq``, in order, a block at a time."""
    last = last_seq(session)
    for start in range(seq, last, _BLOCK):
        yield from read_entries(session, [_entry.c.seq > start, _entry.c.seq <= start + _BLOCK])


def read_entries(
    session: Session, conditions: Sequence[ColumnElement[bool]], limit: int | None = None
) -> list[ledger.Entry]:
    """The entries that meet conditions on ``journal_entry``, in order, with three statements whatever their number."""
    connection = session.connection()
    rows = connection.execute(select(_entry).where(*conditions).order_by(_entry.c.seq).limit(limit)).all()
    chosen = select(_entry.c.seq).where(*conditions).order_by(_entry.c.seq).limit(limit).scalar_subquery()
    parts: list[dict[int, list[Row[tuple[object, ...]]]]] = []
    for part in (_posting, _assertion):
        found = connection.execute(select(part).where(part.c.seq.in_(chosen)).order_by(part.c.seq, part.c.ordinal))
        parts.append({seq: list(group) for seq, group in groupby(found, key=lambda row: row.seq)})
    postings, balances = parts
    return [_entry_of(row, postings.get(row.seq, []), balances.get(row.seq, [])) for row in rows]


def _entry_of(row: Row[Any], postings: Sequence[Row[Any]], balances: Sequence[Row[Any]]) -> ledger.Entry:
    values = row._mapping
    facts = {name: values[name] for name in ledger.FACT_NAMES} | {"month": _month(row.month)}
    return ledger.Entry(
        seq=row.seq,
        prev=row.prev,
        hash=row.hash,
        date=row.booked_on,
        kind=row.kind,
        recorded_at=row.recorded_at,
        prepared_by=row.prepared_by,
        approved_by=row.approved_by,
        facts=ledger.Facts(**facts),
        postings=tuple(ledger.Posting(p.account, p.amount_cents, _month(p.month)) for p in postings),
        balances=tuple(ledger.Balance(b.account, b.number) for b in balances),
    )


def _month(text: str | None) -> Month | None:
    return None if text is None else Month.parse(text)
