"""The journal in SQL: appended to at its head, read back as ledger entries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import cast

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from fund.domain import errors
from fund.store import rows
from fund.store.rows import Values
from fund.store.tables import BalanceAssertion, Fund, JournalEntry, Posting, table
from ledger import entries as ledger
from ledger.chain import extend
from ledger.months import Month
from ledger.reader import Record, read_record, record_of
from ledger.text import render

_BLOCK = 5_000
"""How many entries are read or written by one statement."""


def append(session: Session, drafts: Iterable[ledger.Draft]) -> list[ledger.Entry]:
    """Seal drafts behind the journal's head and insert them, in the caller's write transaction.

    Raises ``FundMissing``, and ``ClockBehindJournal`` for an entry dated before the last one. A clock that went back
    within the day (two machines, or one that was set right) does not: the entry is recorded at the instant of the one
    before it.
    """
    before = head(session)
    if before is None:
        raise errors.FundMissing()
    last_at = rows.scalar(session, select(col(JournalEntry.recorded_at)).where(col(JournalEntry.seq) == before.seq))
    entries = list(extend(_in_order(drafts, last_at), seq=before.seq, head=before.hash))
    if not entries:
        return entries
    last_day = before.day
    for entry in entries:
        if last_day is not None and entry.date < last_day:
            raise errors.ClockBehindJournal(entry.date, last_day)
        last_day = entry.date
    insert_entries(session, entries)
    moved: Values = {
        Fund.journal_seq: entries[-1].seq,
        Fund.journal_hash: entries[-1].hash,
        Fund.journal_day: last_day,
    }
    rows.update_where(session, Fund, col(Fund.journal_seq) == before.seq, values=moved)
    return entries


def has_hash(session: Session, entry_hash: str) -> bool:
    """Whether the journal has an entry with this hash."""
    return rows.exists(session, select(col(JournalEntry.seq)).where(col(JournalEntry.hash) == entry_hash))


def _in_order(drafts: Iterable[ledger.Draft], last_at: datetime | None) -> Iterator[ledger.Draft]:
    for draft in drafts:
        last_at = max(draft.recorded_at, last_at or draft.recorded_at)
        yield draft if last_at == draft.recorded_at else replace(draft, recorded_at=last_at)


def insert_entries(session: Session, entries: Sequence[ledger.Entry]) -> None:
    """Insert sealed entries as they are, with their postings and assertions."""
    for start in range(0, len(entries), _BLOCK):
        block = entries[start : start + _BLOCK]
        rows.insert_values(session, JournalEntry, [_entry_values(entry) for entry in block])
        rows.insert_values(session, Posting, [values for entry in block for values in _posting_values(entry)])
        rows.insert_values(session, BalanceAssertion, [values for entry in block for values in _balance_values(entry)])


def _entry_values(entry: ledger.Entry) -> Values:
    facts = entry.facts
    return {
        JournalEntry.seq: entry.seq,
        JournalEntry.booked_on: entry.date,
        JournalEntry.kind: entry.kind,
        JournalEntry.recorded_at: entry.recorded_at,
        JournalEntry.prepared_by: entry.prepared_by,
        JournalEntry.approved_by: entry.approved_by,
        JournalEntry.fund: facts.fund,
        JournalEntry.cap_months: facts.cap_months,
        JournalEntry.activities_end: facts.activities_end,
        JournalEntry.key_check: facts.key_check,
        JournalEntry.household: facts.household,
        JournalEntry.landlord: facts.landlord,
        JournalEntry.account: facts.account,
        JournalEntry.contact: facts.contact,
        JournalEntry.fingerprint: facts.fingerprint,
        JournalEntry.usable_from: facts.usable_from,
        JournalEntry.called_back_on: facts.called_back_on,
        JournalEntry.month: _text(facts.month),
        JournalEntry.payment: facts.payment,
        JournalEntry.batch: facts.batch,
        JournalEntry.allocation: facts.allocation,
        JournalEntry.corrects: facts.corrects,
        JournalEntry.reason: facts.reason,
        JournalEntry.bank_date: facts.bank_date,
        JournalEntry.formula: facts.formula,
        JournalEntry.evidence: facts.evidence,
        JournalEntry.prev: entry.prev,
        JournalEntry.hash: entry.hash,
        JournalEntry.record: entry.record or render(entry).encode("ascii"),
    }


def _posting_values(entry: ledger.Entry) -> Iterator[Values]:
    for ordinal, posting in enumerate(entry.postings):
        yield {
            Posting.seq: entry.seq,
            Posting.ordinal: ordinal,
            Posting.account: posting.account,
            Posting.amount_cents: posting.amount_cents,
            Posting.month: _text(posting.month),
        }


def _balance_values(entry: ledger.Entry) -> Iterator[Values]:
    for ordinal, balance in enumerate(entry.balances):
        yield {
            BalanceAssertion.seq: entry.seq,
            BalanceAssertion.ordinal: ordinal,
            BalanceAssertion.account: balance.account,
            BalanceAssertion.number: balance.number,
        }


def _text(month: Month | None) -> str | None:
    return None if month is None else str(month)


def hash_of(session: Session, seq: int) -> str | None:
    """The hash of an entry, or ``None`` when the journal does not reach it."""
    return rows.scalar(session, select(col(JournalEntry.hash)).where(col(JournalEntry.seq) == seq))


def last_seq(session: Session) -> int:
    """The number of the last entry; 0 for an empty journal or a home without a fund."""
    return rows.scalar(session, select(col(Fund.journal_seq))) or 0


def key_check(session: Session) -> str | None:
    """The check value of the fingerprints' key that the agreement was booked with; ``None`` before there is a fund."""
    return rows.scalar(session, select(col(JournalEntry.key_check)).where(col(JournalEntry.kind) == "agreement"))


def count_entries(session: Session) -> int:
    """How many entries the journal has, whatever its head says."""
    return rows.count(session, JournalEntry)


def first_month(session: Session) -> Month | None:
    """The month of the journal's first entry: the first that can be closed."""
    first = rows.scalar(session, select(func.min(col(JournalEntry.booked_on))))
    return None if first is None else Month.of(first)


def last_day_but_closings(session: Session) -> date | None:
    """The day of the last entry that is no closing."""
    return rows.scalar(
        session, select(func.max(col(JournalEntry.booked_on))).where(col(JournalEntry.kind) != "closing")
    )


@dataclass(frozen=True, slots=True)
class Head:
    """Where the journal ends: the fund's code, and the number, the hash and the day of its last entry."""

    fund: str
    seq: int
    hash: str
    day: date | None


def head(session: Session) -> Head | None:
    """The head of the journal; ``None`` in a home without a fund."""
    columns = (col(Fund.code), col(Fund.journal_seq), col(Fund.journal_hash), col(Fund.journal_day))
    return rows.fetch_one(session, Head, select(*columns))


def entries_after(session: Session, seq: int) -> Iterator[ledger.Entry]:
    """Every entry behind number ``seq``, in order, a block at a time."""
    last = last_seq(session)
    for start in range(seq, last, _BLOCK):
        yield from read_entries(session, [col(JournalEntry.seq) > start, col(JournalEntry.seq) <= start + _BLOCK])


def records_after(session: Session, seq: int) -> Iterator[bytes]:
    """The bytes of every record behind number ``seq``, in order, a block at a time."""
    number = col(JournalEntry.seq)
    for start in range(seq, last_seq(session), _BLOCK):
        block = select(col(JournalEntry.record)).where(number > start, number <= start + _BLOCK).order_by(number)
        yield from map(_as_bytes, rows.scalars(session, block))


def read_entries(
    session: Session, conditions: Sequence[ColumnElement[bool]], limit: int | None = None
) -> list[ledger.Entry]:
    """The entries that meet conditions on ``journal_entry``, in order, with three statements whatever their number."""
    # Rows of Core under the type of their records: making hundreds of thousands of records would take twice as long.
    connection, seq = session.connection(), col(JournalEntry.seq)
    found = connection.execute(select(table(JournalEntry)).where(*conditions).order_by(seq).limit(limit)).all()
    chosen = select(seq).where(*conditions).order_by(seq).limit(limit).scalar_subquery()
    postings: dict[int, list[ledger.Posting]] = {}
    moved = select(col(Posting.seq), col(Posting.account), col(Posting.amount_cents), col(Posting.month))
    moved = moved.where(col(Posting.seq).in_(chosen)).order_by(col(Posting.seq), col(Posting.ordinal))
    for number, group in groupby(connection.execute(moved), key=lambda row: row[0]):
        postings[number] = [ledger.Posting(account, cents, _month(month)) for _, account, cents, month in group]
    balances: dict[int, list[ledger.Balance]] = {}
    asserted = select(col(BalanceAssertion.seq), col(BalanceAssertion.account), col(BalanceAssertion.number))
    asserted = asserted.where(col(BalanceAssertion.seq).in_(chosen))
    asserted = asserted.order_by(col(BalanceAssertion.seq), col(BalanceAssertion.ordinal))
    for number, parts in groupby(connection.execute(asserted), key=lambda row: row[0]):
        balances[number] = [ledger.Balance(account, value) for _, account, value in parts]
    records = cast("Sequence[JournalEntry]", found)
    return [_entry_of(row, postings.get(row.seq, []), balances.get(row.seq, [])) for row in records]


def acts_about(session: Session, kinds: Sequence[str], landlords: Sequence[str]) -> list[ledger.Entry]:
    """The entries of some kinds about some landlords, in order."""
    return [
        entry
        for block in rows.blocks(landlords)
        for entry in read_entries(session, [col(JournalEntry.landlord).in_(block), col(JournalEntry.kind).in_(kinds)])
    ]


def sound_record(entry: ledger.Entry) -> Record | None:
    """What a row's bytes say: only if its hash holds, and the columns beside them say the same."""
    try:
        placed = read_record(entry.record.decode("ascii", "replace"))
        return placed.record if placed.hash_holds and placed.record == record_of(entry) else None
    except ValueError:
        return None


def read_entry(session: Session, seq: int) -> ledger.Entry | None:
    """One entry by its number."""
    return next(iter(read_entries(session, [col(JournalEntry.seq) == seq])), None)


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries to show; what is ``None`` does not filter. Days are booking days, both included."""

    household: str | None = None
    landlord: str | None = None
    kind: str | None = None
    month: Month | None = None
    payment: str | None = None
    since: date | None = None
    until: date | None = None


def read_page(session: Session, chosen: JournalFilter, *, after: int, limit: int) -> list[ledger.Entry]:
    """The entries behind number ``after`` that a filter lets through, at most ``limit`` of them."""
    exact = (
        (col(JournalEntry.household), chosen.household),
        (col(JournalEntry.landlord), chosen.landlord),
        (col(JournalEntry.kind), chosen.kind),
        (col(JournalEntry.payment), chosen.payment),
        (col(JournalEntry.month), _text(chosen.month)),
    )
    conditions = [col(JournalEntry.seq) > after]
    conditions += [column == value for column, value in exact if value is not None]
    if chosen.since is not None:
        conditions.append(col(JournalEntry.booked_on) >= chosen.since)
    if chosen.until is not None:
        conditions.append(col(JournalEntry.booked_on) <= chosen.until)
    return read_entries(session, conditions, limit)


def _entry_of(
    row: JournalEntry, postings: Sequence[ledger.Posting], balances: Sequence[ledger.Balance]
) -> ledger.Entry:
    return ledger.Entry(
        seq=row.seq,
        prev=row.prev,
        hash=row.hash,
        record=_as_bytes(row.record),
        date=row.booked_on,
        kind=row.kind,
        recorded_at=row.recorded_at,
        prepared_by=row.prepared_by,
        approved_by=row.approved_by,
        facts=ledger.Facts(
            fund=row.fund,
            cap_months=row.cap_months,
            activities_end=row.activities_end,
            key_check=row.key_check,
            household=row.household,
            landlord=row.landlord,
            account=row.account,
            contact=row.contact,
            fingerprint=row.fingerprint,
            usable_from=row.usable_from,
            called_back_on=row.called_back_on,
            month=_month(row.month),
            payment=row.payment,
            batch=row.batch,
            allocation=row.allocation,
            corrects=row.corrects,
            reason=row.reason,
            bank_date=row.bank_date,
            formula=row.formula,
            evidence=row.evidence,
        ),
        postings=tuple(postings),
        balances=tuple(balances),
    )


def _as_bytes(stored: object) -> bytes:
    """The bytes of a record. In SQLite a hand may leave a text or a number in their place, which is no record then."""
    return stored if isinstance(stored, bytes) else str(stored).encode()


def _month(text: str | None) -> Month | None:
    return None if text is None else Month.parse(text)
