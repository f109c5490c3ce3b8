"""The tables that acts make, compared with the ones that the same acts make in an empty database."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from fund.domain.errors import NotFound, StateNotAllowed
from fund.domain.fingerprints import Domain, Fingerprints
from fund.store import journal
from fund.store.bindings import Binding, columns_of, row_text
from fund.store.engine import empty_database
from fund.store.journal import TagOf, Walked
from fund.store.projections import DECIDED, KEYS, PROJECTIONS, project
from fund.store.projections.erasure import rows_left
from fund.store.projections.rows import needed
from fund.store.rows import delete_where, name_of
from fund.store.tables import (
    Acknowledgement,
    BankFile,
    BankLine,
    BankStatement,
    BatchExport,
    Household,
    Landlord,
    Lease,
    Proposal,
    Run,
    Statement,
    table,
)
from ledger.acts.banking import REOPENED
from ledger.acts.books import REBUILT
from ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class RowDifference:
    """What a row says otherwise than its acts do; without a ``column``, that one of both has no such row.

    ``name`` is of the row: its table and its key.
    """

    name: str
    column: str | None = None
    stored: object = None
    booked: object = None

    def __str__(self) -> str:
        if self.column is None:
            return f"{self.name}: stands in the {'database' if self.stored else 'books'} alone"
        return f"{self.name}: {self.column} is {self.stored} in the database, {self.booked} in the books"


@dataclass(frozen=True, slots=True)
class BoundValue:
    """A value that the books have only a fingerprint of, in its domain; it is of a column, or of several together."""

    name: str
    columns: str
    domain: Domain
    value: str
    fingerprint: str | None

    def __str__(self) -> str:
        return f"{self.name}: not what was booked by its fingerprint: {self.columns}"

    def is_booked(self, fingerprints: Fingerprints) -> bool:
        """Whether it is the value that was booked."""
        return fingerprints.of(self.domain, self.value) == self.fingerprint


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, the rows that were lost when the database was made again, and what the fund's key compares."""

    differences: list[RowDifference]
    absent: list[str]
    values: list[BoundValue]


def compare(session: Session, entries: Iterable[Entry]) -> Comparison:
    """Work every row out again from its acts, and compare."""
    with worked_out_again() as again:
        return _compared(session, again, entries)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Whom an act is about: their rows are compared, and with them all that says what the fund and its users are."""

    households: frozenset[str] = frozenset()
    landlords: frozenset[str] = frozenset()
    proposals: frozenset[int] = frozenset()

    def values(self) -> Mapping[str, list[str] | list[int]]:
        """What the parameters of a statement are."""
        return {
            "households": [*self.households],
            "landlords": [*self.landlords],
            "proposals": [*self.proposals],
        }


_ABOUT_PAYOUTS = (Run, Acknowledgement, BatchExport, BankFile, BankStatement, BankLine, Statement)
"""What follows from payments: no act about a household or a landlord reads it."""


def compare_chain(session: Session, tag_of: TagOf, about: Subjects | None = None) -> Comparison:
    """As ``compare`` with the acts of the journal, whose whole chain was walked for it to the tag of its last entry.

    What the acts make is kept for the next time. ``about`` says whose rows alone are compared. Raises
    ``IntegrityBroken``.
    """

    def begin() -> WorkedOut:
        return WorkedOut(empty_database())

    def go_on(tables: WorkedOut, walked: Walked) -> None:
        for act in journal.entries_of_chain(session, _is_of_tables, tag_of, walked):
            tables.follow(act)

    with journal.kept_of_chain(session, "tables", begin, go_on) as tables:
        return tables.compared(session) if about is None else tables.compared_about(session, about)


def _is_of_tables(kind: str, _record: bytes) -> bool:
    return kind in PROJECTIONS or kind == REBUILT


def _compared(session: Session, again: "WorkedOut", entries: Iterable[Entry]) -> Comparison:
    for entry in entries:
        again.follow(entry)
    return again.compared(session)


@contextmanager
def worked_out_again() -> Iterator["WorkedOut"]:
    """All tables that acts make, in an empty database."""
    with empty_database() as again:
        yield WorkedOut(again)


_ACTS_AT_ONCE = 1_000


class WorkedOut:
    """What acts make, one after the other, in an empty database."""

    def __init__(self, again: Session) -> None:
        self._again = again
        self._tables = [_Table(model, key) for model, key in KEYS.items()]
        self._lost: dict[type[SQLModel], _Rows] = {one.model: {} for one in self._tables}
        self._impossible: list[RowDifference] = []
        self._waiting: list[Entry] = []
        self._booked: dict[type[SQLModel], _Rows] = {}

    def follow(self, entry: Entry) -> None:
        """The next entry. Some wait for one another: at once they take less time than among other work."""
        self._waiting.append(entry)
        if len(self._waiting) >= _ACTS_AT_ONCE:
            self._project_waiting()

    def compared(self, session: Session) -> Comparison:
        """What a database has otherwise."""
        self._project_waiting()
        found = Comparison([*self._impossible], [], [])
        for one in self._tables:
            stored = one.read(session)
            if one.model not in self._booked:
                self._booked[one.model] = one.rows(self._again)
            _compare(found, one, one.by_key(stored), self._booked[one.model], self._lost[one.model])
            found.differences.extend(one.repeated(stored))
        return found

    def compared_about(self, session: Session, about: Subjects) -> Comparison:
        """What a database has otherwise of some households, of the landlords of their leases too, and of landlords."""
        self._project_waiting()
        about = replace(about, landlords=about.landlords | self._landlords_of(about.households))
        found = Comparison([*self._impossible], [], [])
        for one in self._tables:
            if one.model not in _ABOUT_PAYOUTS:
                stored = one.read(session, about)
                rows = one.by_key(stored)
                lost = {key: row for key, row in self._lost[one.model].items() if key in rows}
                _compare(found, one, rows, one.by_key(one.read(self._again, about)), lost)
                found.differences.extend(one.repeated(stored))
        return found

    def _landlords_of(self, households: Collection[str]) -> frozenset[str]:
        leases = table(Lease).c
        named = select(leases.landlord).where(leases.household.in_(households))
        return frozenset(self._again.connection().scalars(named))

    def _project_waiting(self) -> None:
        if self._waiting:
            self._booked.clear()
        for entry in self._waiting:
            self._project(entry)
        self._waiting.clear()

    def _project(self, entry: Entry) -> None:
        if entry.kind == REBUILT:
            for one in self._tables:
                self._lost[one.model] |= one.lose(self._again)
        if entry.kind == REOPENED:  # nothing is said any more of a line that was lost and has come again
            self._lost[BankLine].pop((entry.facts.evidence, entry.facts.place), None)
        try:
            project(self._again, entry)
        except (NotFound, StateNotAllowed, IntegrityError):
            self._impossible.append(RowDifference(f"entry {entry.seq}: {entry.kind}", "act", "applied", "impossible"))


_Rows = dict[tuple[object, ...], object]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table, with the columns by which a row is the same in two databases."""

    model: type[SQLModel]
    key: tuple[str, ...]

    def rows(self, session: Session) -> _Rows:
        """The rows by their key."""
        return self.by_key(self.read(session))

    def read(self, session: Session, about: Subjects | None = None) -> Sequence[object]:
        """The rows, without the bytes that only their sha256 binds."""
        # Rows of Core: to make records of them would take four times as long.
        if about is None:
            return session.connection().execute(_selected(self.model)).all()
        return session.connection().execute(_selected_about(self.model), about.values()).all()

    def by_key(self, found: Iterable[object]) -> _Rows:
        return {self._key_of(row): row for row in found}

    def repeated(self, found: Iterable[object]) -> Iterator[RowDifference]:
        """Keys that stand more than once, as in a table behind the back of its index: any of the rows may be read."""
        for key, times in Counter(map(self._key_of, found)).items():
            if times > 1:
                yield RowDifference(self.name(key), "row", f"there {times} times", "there once")

    def _key_of(self, row: object) -> tuple[object, ...]:
        key = attrgetter(*self.key)(row)
        return key if len(self.key) > 1 else (key,)

    def lose(self, again: Session) -> _Rows:
        """Take away the rows that the books alone do not make, as a database made of them lacks them."""
        lost = {
            key: row
            for key, row in self.by_key(again.connection().execute(select(table(self.model)))).items()
            if any(getattr(row, name) is None for name in needed(self.model))
        }
        for key in lost:
            same = (table(self.model).c[name] == value for name, value in zip(self.key, key, strict=True))
            delete_where(again, self.model, *same)
        return lost

    def is_undecided(self, row: object) -> bool:
        """Whether no act has to have made a row that stands in the database alone."""
        return self.model in DECIDED and all(getattr(row, name) is None for name in self.columns(Binding.ACTS))

    def columns(self, binding: Binding) -> tuple[str, ...]:
        return columns_of(table(self.model).name, binding)

    def name(self, key: Iterable[object]) -> str:
        return f"{name_of(self.model)} {' '.join(map(str, key))}"


def _compare(found: Comparison, one: _Table, stored: _Rows, booked: _Rows, lost: _Rows) -> None:
    """A row that was lost may have been brought back as it was."""
    known = {**lost, **booked}
    for key in dict.fromkeys((*stored, *known)):
        if key in stored and key in known:
            found.differences.extend(_differences(one, key, stored[key], known[key]))
            found.values.extend(bound_values(one.model, one.name(key), stored[key], known[key]))
        elif key in booked or (key in stored and not one.is_undecided(stored[key])):
            found.differences.append(RowDifference(one.name(key), stored=key in stored))
        elif key not in stored:
            found.absent.append(one.name(key))


def _differences(one: _Table, key: Iterable[object], stored: object, booked: object) -> Iterator[RowDifference]:
    columns, said_by = _said_by_acts(one.model)
    if said_by(stored) == said_by(booked):
        return
    for column in columns:
        if getattr(stored, column) != getattr(booked, column):
            yield RowDifference(one.name(key), column, getattr(stored, column), getattr(booked, column))


@cache
def _selected(model: type[SQLModel]) -> Select[Any]:
    bytes_alone = columns_of(table(model).name, Binding.DIGEST)
    return select(*(one for one in table(model).c if one.key not in bytes_alone or one.key in KEYS[model]))


@cache
def _selected_about(model: type[SQLModel]) -> Select[Any]:
    """The rows of ``Subjects``; all of a table that names neither a household nor a landlord."""
    columns = table(model).c
    named = _NAMED_BY.get(model, {"household": "households", "landlord": "landlords"}).items()
    theirs = [columns[name].in_(bindparam(subjects, expanding=True)) for name, subjects in named if name in columns]
    return _selected(model).where(or_(*theirs)) if theirs else _selected(model)


_NAMED_BY = {Household: {"code": "households"}, Landlord: {"code": "landlords"}, Proposal: {"id": "proposals"}}


@cache
def _said_by_acts(model: type[SQLModel]) -> tuple[tuple[str, ...], Callable[[object], object]]:
    """The columns that acts write, and all of them of a row at once."""
    columns = columns_of(table(model).name, Binding.ACTS)
    return columns, attrgetter(*columns)


def bound_values(model: type[SQLModel], name: str, stored: object, booked: object) -> Iterator[BoundValue]:
    """The values of a row that its acts have fingerprints of; ``name`` says which row it is."""
    for column, fingerprint, domain in _fingerprinted(model):
        value = getattr(stored, column)
        if value is not None:
            yield BoundValue(name, column, domain, value, getattr(booked, fingerprint))
    if (together := columns_of(table(model).name, Binding.ROW)) and model not in DECIDED:
        fingerprint = getattr(booked, "row_fingerprint")  # noqa: B009  # such a table has this column
        yield BoundValue(name, ", ".join(together), Domain.ROW, row_text(table(model).name, stored), fingerprint)


@cache
def _fingerprinted(model: type[SQLModel]) -> tuple[tuple[str, str, Domain], ...]:
    """The personal columns of a table, each with the one that has its fingerprint, and the domain of that."""
    personal = (column for column in table(model).c if "fingerprint" in column.info)
    return tuple((column.key, column.info["fingerprint"], column.info["domain"]) for column in personal)


def left_over(session: Session, erased: Collection[str]) -> Iterator[str]:
    """The names of rows that hold personal values of landlords and households that were erased."""
    for row in rows_left(session, erased):
        yield f"{name_of(type(row))} {' '.join(str(getattr(row, name)) for name in KEYS[type(row)])}"
