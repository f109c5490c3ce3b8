"""The tables that acts make, compared with the ones that the same acts make in an empty database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col

from fund.domain.errors import NotFound, StateNotAllowed
from fund.domain.fingerprints import Domain
from fund.store.bindings import Binding, columns_of, row_text
from fund.store.engine import empty_database
from fund.store.projections import KEYS, project
from fund.store.projections.users import OPEN_INVITATION
from fund.store.rows import name_of, records
from fund.store.tables import Invitation, SecondFactor, User, table
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, the rows that the books alone do not make and that are absent, and what the fund's key compares."""

    differences: list[RowDifference]
    absent: list[str]
    values: list[BoundValue]


def compare(session: Session, entries: Iterable[Entry]) -> Comparison:
    """Work every row out again from its acts, and compare."""
    return _compared(session, entries, [_Table(model, key) for model, key in KEYS.items()])


def compare_user(session: Session, user: str, acts: Iterable[Entry]) -> Comparison:
    """What a user is and comes in by, worked out again from the acts about the user, and compared."""
    mine: dict[type[SQLModel], ColumnElement[bool]] = {
        User: col(User.code) == user,
        Invitation: and_(col(Invitation.user) == user, *OPEN_INVITATION),
        SecondFactor: col(SecondFactor.user) == user,
    }
    return _compared(session, acts, [_Table(model, KEYS[model], chosen) for model, chosen in mine.items()])


def _compared(session: Session, entries: Iterable[Entry], tables: Iterable["_Table"]) -> Comparison:
    found = Comparison([], [], [])
    with empty_database() as again:
        for entry in entries:
            try:
                project(again, entry)
            except (NotFound, StateNotAllowed, IntegrityError):
                impossible = RowDifference(f"entry {entry.seq}: {entry.kind}", "act", "applied", "impossible")
                found.differences.append(impossible)
        for one in tables:
            _compare(found, one, session, again)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """A table, or some rows of it, with the columns by which a row is the same in two databases."""

    model: type[SQLModel]
    key: tuple[str, ...]
    chosen: ColumnElement[bool] = field(default_factory=true)

    def rows(self, session: Session) -> dict[tuple[object, ...], SQLModel]:
        """The rows by their key."""
        found = records(session, select(self.model).where(self.chosen))
        return {tuple(getattr(row, name) for name in self.key): row for row in found}

    def columns(self, binding: Binding) -> tuple[str, ...]:
        return columns_of(table(self.model).name, binding)

    def name(self, key: Iterable[object]) -> str:
        return f"{name_of(self.model)} {' '.join(map(str, key))}"


def _compare(found: Comparison, one: _Table, session: Session, again: Session) -> None:
    stored, booked = one.rows(session), one.rows(again)
    for key in dict.fromkeys((*stored, *booked)):
        if key in stored and key in booked:
            found.differences.extend(_differences(one, key, stored[key], booked[key]))
            found.values.extend(_values(one, key, stored[key], booked[key]))
        elif key in stored or not one.columns(Binding.ROW):
            found.differences.append(RowDifference(one.name(key), stored=key in stored))
        else:
            found.absent.append(one.name(key))


def _differences(one: _Table, key: Iterable[object], stored: SQLModel, booked: SQLModel) -> Iterator[RowDifference]:
    for column in one.columns(Binding.ACTS):
        if getattr(stored, column) != getattr(booked, column):
            yield RowDifference(one.name(key), column, getattr(stored, column), getattr(booked, column))


def _values(one: _Table, key: Iterable[object], stored: SQLModel, booked: SQLModel) -> Iterator[BoundValue]:
    for column in table(one.model).c:
        value = getattr(stored, column.key)
        if "fingerprint" in column.info and value is not None:
            fingerprint = getattr(booked, column.info["fingerprint"])
            yield BoundValue(one.name(key), column.key, column.info["domain"], value, fingerprint)
    if together := one.columns(Binding.ROW):
        fingerprint = getattr(booked, "row_fingerprint")  # noqa: B009  # such a table has this column
        yield BoundValue(one.name(key), ", ".join(together), Domain.ROW, row_text(stored), fingerprint)
