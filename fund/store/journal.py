"""The journal in SQL: appended to at its head, read back as ledger entries from the bytes of their records."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Row, Table, and_, bindparam, func, or_, select, update
from sqlmodel import Session, col

from fund.domain import errors
from fund.store import rows
from fund.store.rows import Values
from fund.store.tables import Fund, JournalEntry, Posting, table
from ledger import entries as ledger
from ledger.acts.users import KEY_CHANGED, read_renewed, renewed_facts
from ledger.chain import GENESIS, digest, extend
from ledger.months import Month
from ledger.ordinary import Passed, postings_of
from ledger.reader import Refused, read_entry
from ledger.text import render

_HAS_KEY = col(JournalEntry.kind).in_(("agreement", KEY_CHANGED))
_KEY_CHECKS = (
    select(rows.present(col(JournalEntry.key_check))).where(_HAS_KEY).order_by(col(JournalEntry.seq).desc())
)  # asked ten times in a transaction: to put it together takes longer than to ask it
_BLOCK = 5_000
"""How many entries are read or written by one statement."""
_WALKED_TO = "walked_to"
"""In the ``info`` of a session, where the chain ends that was walked in its transaction and has no new entry since."""


TagOf: TypeAlias = Callable[[str], str]
"""What gives an entry's tag by its hash, under the fund's key."""


def append(session: Session, drafts: Iterable[ledger.Draft], tag_of: TagOf) -> list[ledger.Entry]:
    """Seal drafts behind the journal's head and insert them with their tags, in the caller's write transaction.

    The agreement comes before the fund's row; for all others raises ``FundMissing`` without one. Raises
    ``ClockBehindJournal`` for an entry dated before the last one. A clock that went back within the day (two
    machines, or one that was set right) does not: the entry is recorded at the instant of the one before it.
    """
    drafts = list(drafts)
    before = head(session)
    if before is None and drafts and drafts[0].kind == "agreement":
        before = Head("", 0, GENESIS, None)
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
    insert_entries(session, entries, tag_of)
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


def insert_entries(session: Session, entries: Sequence[ledger.Entry], tag_of: TagOf) -> None:
    """Insert sealed entries as they are, with their tags and postings."""
    session.info.pop(_WALKED_TO, None)
    for start in range(0, len(entries), _BLOCK):
        block = entries[start : start + _BLOCK]
        rows.insert_rows(session, JournalEntry, _ENTRY, (_entry_row(entry, tag_of) for entry in block))
        rows.insert_rows(session, Posting, _POSTING, chain.from_iterable(map(_postings, block)))


_ENTRY, _POSTING = table(JournalEntry).c.keys(), table(Posting).c.keys()
_INDEX = _ENTRY[:-2]
"""The columns beside the bytes of a record and its tag, in the order of their table."""


def _index(entry: ledger.Entry) -> tuple[object, ...]:
    """What the bytes of an entry say for these columns."""
    facts = entry.facts
    return (
        entry.seq,
        entry.date,
        entry.kind,
        entry.recorded_at,
        entry.prepared_by,
        entry.approved_by,
        facts.key_check,
        facts.user,
        facts.household,
        facts.landlord,
        facts.account,
        facts.contact,
        facts.fingerprint,
        _text(facts.month),
        facts.payment,
        facts.corrects,
        facts.bank_date,
        facts.evidence,
        entry.hash,
    )


def _entry_row(entry: ledger.Entry, tag_of: TagOf) -> tuple[object, ...]:
    return (*_index(entry), tag_of(entry.hash), entry.record or render(entry).encode("ascii"))


def _postings(entry: ledger.Entry) -> list[tuple[int, int, str, int, str | None]]:
    """The rows of an entry's postings."""
    return [
        (entry.seq, ordinal, account, cents, _text(month))
        for ordinal, (account, cents, month) in enumerate(entry.postings)
    ]


def _text(month: Month | None) -> str | None:
    return None if month is None else str(month)


def hash_of(session: Session, seq: int) -> str | None:
    """The hash of an entry, or ``None`` when the journal does not reach it."""
    return rows.scalar(session, select(col(JournalEntry.hash)).where(col(JournalEntry.seq) == seq))


def has_tag(session: Session, seq: int, tag: str) -> bool:
    """Whether an entry has this tag."""
    number = col(JournalEntry.seq)
    return rows.exists(session, select(number).where(number == seq, col(JournalEntry.tag) == tag))


def last_seq(session: Session) -> int:
    """The number of the last entry; 0 for an empty journal or a home without a fund."""
    return rows.scalar(session, select(col(Fund.journal_seq))) or 0


def key_check(session: Session) -> str | None:
    """The check value of the fund's key: the agreement's, or that of its last change; ``None`` without a fund."""
    return next(iter(key_checks(session)), None)


def key_checks(session: Session) -> list[str]:
    """The check values of the key in force and of those before it, the last first."""
    return rows.scalars(session, _KEY_CHECKS)


def renewed(session: Session, tag_of: TagOf) -> dict[str, str]:
    """What was booked under fingerprints of former keys, by these, each with its fingerprint under the key in force.

    Raises ``IntegrityBroken`` for a change of the key that is not what was booked.
    """
    found: dict[str, str] = {}
    for row in _checked_rows(session, [col(JournalEntry.kind) == KEY_CHANGED], tag_of):
        if row.entry is None:
            raise _not_as_sealed(row.seq)
        pairs = read_renewed(row.entry.facts.renewed)
        found = {**{old: pairs.get(new, new) for old, new in found.items()}, **pairs}
    return found


def tag_again(session: Session, tag_of: TagOf, new_tag_of: TagOf) -> None:
    """Give every entry its tag under another key, once it has the one under the key until now.

    Raises ``IntegrityBroken`` for a row that is not what was booked.
    """
    this = col(JournalEntry.seq) == bindparam("of_entry")
    tagged = update(JournalEntry).where(this).values({JournalEntry.tag: bindparam("new_tag")})
    for block in as_sealed(session, tag_of):
        tags = [{"of_entry": entry.seq, "new_tag": new_tag_of(entry.hash)} for entry in block]
        session.connection().execute(tagged, tags)


def postings_alone(session: Session) -> list[int]:
    """The numbers that postings name as their entry's, and no entry has."""
    seq = col(Posting.seq)
    return rows.scalars(session, select(seq).where(seq.not_in(select(col(JournalEntry.seq)))).distinct().order_by(seq))


def count_entries(session: Session) -> int:
    """How many entries the journal has, whatever its head says."""
    return rows.count(session, JournalEntry)


def first_month(session: Session) -> Month | None:
    """The month of the journal's first entry: the first that can be closed."""
    first = rows.scalar(session, select(func.min(col(JournalEntry.booked_on))))
    return None if first is None else Month.of(first)


def last_day_of_money(session: Session) -> date | None:
    """The day of the last entry that moves money."""
    moved = select(func.max(col(Posting.seq))).scalar_subquery()
    return rows.scalar(session, select(col(JournalEntry.booked_on)).where(col(JournalEntry.seq) == moved))


def head_but_statements(session: Session) -> tuple[str, int]:
    """Hash and number of the last entry that is no statement issued: the same books give the same statement."""
    others = select(col(JournalEntry.hash), col(JournalEntry.seq)).where(col(JournalEntry.kind) != "statement-issued")
    (last,) = rows.tuples(session, others.order_by(col(JournalEntry.seq).desc()).limit(1))
    return last


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


def entries_after(session: Session, seq: int, through: int | None = None) -> Iterator[ledger.Entry]:
    """Every entry behind number ``seq``, in order, a block at a time; to the last one or ``through`` another."""
    last = last_seq(session) if through is None else through
    for start in range(seq, last, _BLOCK):
        number, end = col(JournalEntry.seq), min(start + _BLOCK, last)
        yield from read_entries(session, [number > start, number <= end])


def records_after(session: Session, seq: int) -> Iterator[bytes]:
    """The bytes of every record behind number ``seq``, in order, a block at a time."""
    number = col(JournalEntry.seq)
    for start in range(seq, last_seq(session), _BLOCK):
        block = select(col(JournalEntry.record)).where(number > start, number <= start + _BLOCK).order_by(number)
        yield from map(_as_bytes, rows.scalars(session, block))


def records_of(session: Session, month: Month) -> list[bytes]:
    """The bytes of every record booked in a month, in order."""
    booked_on, number = col(JournalEntry.booked_on), col(JournalEntry.seq)
    of_month = select(col(JournalEntry.record)).where(booked_on >= month.first_day, booked_on <= month.last_day)
    return [_as_bytes(record) for record in rows.scalars(session, of_month.order_by(number))]


def stands() -> ColumnElement[bool]:
    """The condition that an entry of the journal neither is a correction nor was taken back by one."""
    corrected = select(col(JournalEntry.corrects)).where(col(JournalEntry.corrects).is_not(None))
    return and_(col(JournalEntry.corrects).is_(None), col(JournalEntry.seq).not_in(corrected))


def standing_among(session: Session, entries: Sequence[ledger.Entry]) -> list[ledger.Entry]:
    """Those of some entries that no correction took back."""
    seqs = [entry.seq for entry in entries]
    corrected = select(col(JournalEntry.corrects)).where(col(JournalEntry.corrects).in_(seqs))
    taken_back = set(rows.scalars(session, corrected))
    return [entry for entry in entries if entry.seq not in taken_back]


def read_entries(
    session: Session, conditions: Sequence[ColumnElement[bool]], limit: int | None = None
) -> list[ledger.Entry]:
    """The entries that meet conditions on ``journal_entry``, in order, read from the bytes of their records.

    Raises ``IntegrityBroken`` for a row whose bytes are no record under its hash.
    """
    number = col(JournalEntry.seq)
    chosen = select(number, col(JournalEntry.record)).where(*conditions).order_by(number).limit(limit)
    return [_entry_of(seq, record) for seq, record in rows.tuples(session, chosen)]


def _entry_of(seq: int, record: object) -> ledger.Entry:
    try:
        return read_entry(_as_bytes(record))
    except Refused:
        raise _not_as_sealed(seq) from None


def _not_as_sealed(seq: int) -> errors.IntegrityBroken:
    return errors.IntegrityBroken([f"entry {seq}: the database's row is not what its hash and tag cover"])


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of the journal as a checker reads it.

    ``entry`` is ``None`` unless bytes, hash and columns say the same, under the tag that the fund's key gives.
    """

    seq: int
    entry: ledger.Entry | None


def check_rows_after(session: Session, seq: int, tag_of: TagOf) -> Iterator[CheckedRow]:
    """Every row behind number ``seq``, in order, a block at a time."""
    number = col(JournalEntry.seq)
    for start in range(seq, last_seq(session), _BLOCK):
        yield from _checked_rows(session, [number > start, number <= start + _BLOCK], tag_of)


_COMPARED = 500
"""How many entries are compared at once: few enough for a processor's cache."""


class SameRows:
    """The rows that the entries of the books must have, compared with those of the journal, a block at a time.

    Both as the database's driver gives them, so that one comparison of lists does for a block. It says whether they
    agree; what differs in a row is for ``check_rows_after``.
    """

    def __init__(self, session: Session, tag_of: TagOf) -> None:
        self._connection, self._tag_of = session.connection(), tag_of
        types, dialect = {name: table(JournalEntry).c[name].type for name in _INDEX}, self._connection.dialect
        given = {name: rows.to_driver(of, dialect) or _as_it_is for name, of in types.items()}
        self._given = [*given.values()]
        self._day = cache(lambda day: given["booked_on"](date.fromisoformat(day)))
        self._instant = cache(lambda instant: given["recorded_at"](datetime.fromisoformat(instant)))
        self._rows: list[tuple[object, ...]] = []
        self._postings: list[tuple[object, ...]] = []
        self._compared: object = None
        self._agree = True

    def follow(self, entry: ledger.Entry) -> None:
        """The next entry, whatever it says."""
        index = (given(value) for given, value in zip(self._given, _index(entry), strict=True))
        self._rows.append((*index, self._tag_of(entry.hash), entry.record))
        self._postings += _postings(entry)
        self._compare_block()

    def follow_ordinary(self, passed: Iterable[Passed]) -> None:
        """The next entries, of those that are judged at a glance."""
        # Nearly each entry of a large fund comes through here, its values in the order of ``_INDEX``.
        of_day, of_instant, tag_of = self._day, self._instant, self._tag_of
        for kind, recorded_at, month, own_hash, record, move in passed:
            seq, day, household, _, landlord, _, _, payment, account, _, bank_date, evidence, preparer, approver = move
            version, day_of_bank = int(account) if account else None, of_day(bank_date) if bank_date else None
            row = (
                seq, of_day(day), kind, of_instant(recorded_at), preparer, approver or None, None, None,
                household, landlord, version, None, None, month, payment or None, None,
                day_of_bank, evidence or None, own_hash, tag_of(own_hash), record,
            )  # fmt: skip
            self._rows.append(row)
            self._postings += postings_of(kind, month, move)
        self._compare_block()

    def agree(self) -> bool:
        """Whether the journal has just these rows, and none behind them."""
        self._compare(None)
        return self._agree

    def _compare_block(self) -> None:
        if len(self._rows) >= _COMPARED:
            self._compare(self._rows[-1][0])

    def _compare(self, through: object) -> None:
        self._agree = (
            self._agree
            and self._found(table(JournalEntry), through) == self._rows
            and self._found(table(Posting), through) == self._postings
        )
        self._compared = through
        self._rows.clear()
        self._postings.clear()

    def _found(self, stored: Table, through: object) -> Sequence[object]:
        block = select(stored).order_by(*stored.primary_key)
        if self._compared is not None:
            block = block.where(stored.c.seq > self._compared)
        if through is not None:
            block = block.where(stored.c.seq <= through)
        cursor = self._connection.execute(block).cursor
        assert cursor is not None
        try:
            return cursor.fetchall()
        except self._connection.dialect.loaded_dbapi.Error:  # a cell that cannot be read agrees with nothing
            return []


def _as_it_is(value: object) -> object:
    return value


def as_sealed(session: Session, tag_of: TagOf) -> Iterator[list[ledger.Entry]]:
    """Every entry, in blocks, as its hash covers it and under its tag. Raises ``IntegrityBroken`` for another."""
    number = col(JournalEntry.seq)
    for start in range(0, last_seq(session), _BLOCK):
        yield list(_as_sealed(session, [number > start, number <= start + _BLOCK], tag_of))


Wanted: TypeAlias = Callable[[str, bytes], bool]
"""Whether an entry is wanted, by its kind and the bytes of its record."""

_KIND, _HASH = re.compile(rb'\n  kind: "([a-z-]+)"\n'), re.compile(rb'\n  hash: "([0-9a-f]{64})"\n')


@dataclass(slots=True)
class Walked:
    """How far the chain was walked: the number and the hash of an entry, and the check value of the key until then."""

    seq: int = 0
    hash: str = GENESIS
    key_check: str | None = None


class ChainRecord(NamedTuple):
    """An entry of the chain as its number, its kind and the bytes of its record."""

    seq: int
    kind: str
    record: bytes


def still_stands(session: Session, walked: Walked) -> bool:
    """Whether the journal goes on behind what was walked, under the same key: then nothing of it has to be read again.

    An entry that was rolled back, a journal that was put back, or another key begin anew.
    """
    return hash_of(session, walked.seq) == walked.hash and key_check(session) == walked.key_check


def is_at_end(session: Session, walked: Walked) -> bool:
    """Whether the chain was walked to here in this transaction, which sees one moment and no entry but its own."""
    return bool(session.info.get(_WALKED_TO) == (session.get_transaction(), walked))


def entries_of_chain(
    session: Session, is_wanted: Wanted, tag_of: TagOf, walked: Walked | None = None
) -> Iterator[ledger.Entry]:
    """The entries that are wanted, in order; in the end the whole chain was walked to the tag of its last entry.

    So none of them was hidden, as one can be that is looked for by the columns beside the bytes. Raises what
    ``records_of_chain`` does.
    """
    now: dict[str, str] | None = None  # asked for an entry: mostly there is none behind what was walked
    for number, kind, record in records_of_chain(session, tag_of, walked or Walked()):
        if is_wanted(kind, record):
            now = renewed(session, tag_of) if now is None else now
            entry = _entry_of(number, record)
            yield replace(entry, facts=renewed_facts(entry.facts, now)) if now else entry


def records_of_chain(session: Session, tag_of: TagOf, walked: Walked) -> Iterator[ChainRecord]:
    """The bytes of every entry, in order; in the end the whole chain was walked to the tag of its last entry.

    What was ``walked`` is not read again, and says in the end how far it was. Raises ``IntegrityBroken``.
    """
    head, last = walked.hash, walked.seq
    seq = col(JournalEntry.seq)
    while block := rows.tuples(
        session, select(seq, col(JournalEntry.record)).where(seq > last).order_by(seq).limit(_BLOCK)
    ):
        for number, record in block:
            data = _as_bytes(record)
            kind, own = _KIND.search(data), _HASH.search(data)
            if kind is None or own is None or number != last + 1:
                raise _not_as_sealed(number)
            head = digest(head, data[: own.start() + 1] + data[own.end() :])
            if own[1].decode() != head:
                raise _not_as_sealed(number)
            yield ChainRecord(number, kind[1].decode(), data)
            last = number
    if not has_tag(session, last, tag_of(head)):
        raise _not_as_sealed(last)
    if last != walked.seq:  # or else no entry changed the key
        walked.seq, walked.hash, walked.key_check = last, head, key_check(session)
    session.info[_WALKED_TO] = session.get_transaction(), replace(walked)


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _KeptOfChain(Generic[Made]):
    """What was made of the chain, up to an entry, with its fingerprints under one key."""

    walked: Walked
    made: Made


@contextmanager
def kept_of_chain(
    session: Session, name: str, begin: Callable[[], Made], go_on: Callable[[Made, Walked], None]
) -> Iterator[Made]:
    """What is made of the whole chain, which ``go_on`` walks from where it was left; kept for the next time.

    It is kept under a name, with the hash of the last entry: that says what came before, so that only what lies behind
    it is read. Raises what ``go_on`` does.
    """
    kept: dict[str, _KeptOfChain[Made]] = session.info.setdefault(rows.BETWEEN_TRANSACTIONS, {})
    found = kept.pop(name, None)  # of no other thread meanwhile, and of nobody once an entry could not be read
    if found is None or not is_at_end(session, found.walked):
        if found is None or not still_stands(session, found.walked):
            found = _KeptOfChain(Walked(), begin())
        go_on(found.made, found.walked)
    yield found.made
    kept[name] = found


def acts_about(session: Session, kinds: Sequence[str], landlords: Sequence[str], tag_of: TagOf) -> list[ledger.Entry]:
    """The entries of some kinds about some landlords, in order, each as its hash covers it and under its tag, with its
    fingerprints under the key in force.

    Raises ``IntegrityBroken`` for a row whose bytes, hash, tag and columns do not say the same.
    """
    of_kinds = col(JournalEntry.kind).in_(kinds)
    return [
        act
        for block in rows.blocks(landlords)
        for act in _as_known(session, [col(JournalEntry.landlord).in_(block), of_kinds], tag_of)
    ]


def acts_citing(session: Session, kinds: Sequence[str], document: str, tag_of: TagOf) -> list[ledger.Entry]:
    """The entries of some kinds that cite a document by its sha256, as ``acts_about`` reads those about landlords."""
    cited = col(JournalEntry.evidence) == document
    return list(_as_known(session, [cited, col(JournalEntry.kind).in_(kinds)], tag_of))


def _as_known(session: Session, conditions: Sequence[ColumnElement[bool]], tag_of: TagOf) -> Iterator[ledger.Entry]:
    now = renewed(session, tag_of)
    for entry in _as_sealed(session, conditions, tag_of):
        yield replace(entry, facts=renewed_facts(entry.facts, now)) if now else entry


def _as_sealed(session: Session, conditions: Sequence[ColumnElement[bool]], tag_of: TagOf) -> Iterator[ledger.Entry]:
    for row in _checked_rows(session, conditions, tag_of):
        if row.entry is None:
            raise _not_as_sealed(row.seq)
        yield row.entry


def role_changes(session: Session, *, through: int) -> list[ledger.Entry]:
    """The entries until one that put a user's role in force or took it out, in order."""
    kinds = ("role-granted", "role-ended", "access-recovered")
    return read_entries(session, [col(JournalEntry.kind).in_(kinds), col(JournalEntry.seq) <= through])


def last_of_kind(session: Session, kind: str) -> int:
    """The number of the last entry of a kind; 0 where there is none."""
    return rows.scalar(session, select(func.max(col(JournalEntry.seq))).where(col(JournalEntry.kind) == kind)) or 0


def _checked_rows(session: Session, conditions: Sequence[ColumnElement[bool]], tag_of: TagOf) -> list[CheckedRow]:
    try:
        return _read_rows(session, conditions, tag_of)
    except (ValueError, errors.IntegrityBroken):  # a column holds what cannot be read at all: one row after the other
        numbers = select(col(JournalEntry.seq)).where(*conditions).order_by(col(JournalEntry.seq))
        found: list[CheckedRow] = []
        for number in rows.scalars(session, numbers):
            try:
                found += _read_rows(session, [col(JournalEntry.seq) == number], tag_of)
            except (ValueError, errors.IntegrityBroken):
                found.append(CheckedRow(number, None))
        return found


def _read_rows(session: Session, conditions: Sequence[ColumnElement[bool]], tag_of: TagOf) -> list[CheckedRow]:
    # Rows of Core: making hundreds of thousands of records would take twice as long.
    connection, seq = session.connection(), col(JournalEntry.seq)
    chosen = select(seq).where(*conditions).scalar_subquery()
    moved = select(table(Posting)).where(col(Posting.seq).in_(chosen))
    moved = moved.order_by(col(Posting.seq), col(Posting.ordinal))
    postings: dict[int, list[tuple[object, ...]]] = {}
    for row in connection.execute(moved).all():
        postings.setdefault(row[0], []).append(tuple(row))
    found = connection.execute(select(table(JournalEntry)).where(*conditions).order_by(seq)).all()
    return [CheckedRow(row[0], _checked(row, postings.get(row[0], []), tag_of)) for row in found]


def _checked(row: Row[Any], postings: list[tuple[object, ...]], tag_of: TagOf) -> ledger.Entry | None:
    *index, tag, record = tuple(row)
    try:
        entry = read_entry(_as_bytes(record))
    except Refused:
        return None
    is_sound = isinstance(record, bytes) and tuple(index) == _index(entry) and postings == _postings(entry)
    return entry if is_sound and tag == tag_of(entry.hash) else None


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
    user: str | None = None
    """Who prepared or approved."""


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
    if chosen.user is not None:
        conditions.append(
            or_(col(JournalEntry.prepared_by) == chosen.user, col(JournalEntry.approved_by) == chosen.user)
        )
    if chosen.since is not None:
        conditions.append(col(JournalEntry.booked_on) >= chosen.since)
    if chosen.until is not None:
        conditions.append(col(JournalEntry.booked_on) <= chosen.until)
    return read_entries(session, conditions, limit)


def _as_bytes(stored: object) -> bytes:
    """The bytes of a record. In SQLite a hand may leave a text or a number in their place, which is no record then."""
    return stored if isinstance(stored, bytes) else str(stored).encode()
