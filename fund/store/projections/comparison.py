"""The tables that acts make, compared with the ones that the same acts make in an empty database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from fund.domain.errors import NotFound, StateNotAllowed
from fund.domain.fingerprints import Domain
from fund.store.bindings import COLUMNS, Binding
from fund.store.engine import empty_database
from fund.store.projections import KEYS, project
from fund.store.rows import name_of
from fund.store.tables import table
from ledger.entries import Entry

_Row = dict[str, object]
_Rows = dict[tuple[object, ...], _Row]


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
    """A personal value as its row has it, with the fingerprint in its domain that was booked of it."""

    name: str
    column: str
    domain: Domain
    value: str
    fingerprint: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and all personal values, which are compared under the fund's key."""

    differences: list[RowDifference]
    values: list[BoundValue]


def compare(session: Session, entries: Iterable[Entry]) -> Comparison:
    """Work every row out again from its acts, and compare."""
    differences: list[RowDifference] = []
    values: list[BoundValue] = []
    with empty_database() as again:
        for entry in entries:
            try:
                project(again, entry)
            except (NotFound, StateNotAllowed, IntegrityError):
                differences.append(RowDifference(f"entry {entry.seq}: {entry.kind}", "act", "applied", "impossible"))
        for model in KEYS:
            stored, booked = _rows(session, model), _rows(again, model)
            differences += _differences(model, stored, booked)
            values += _values(model, stored, booked)
    return Comparison(differences, values)


def _rows(session: Session, model: type[SQLModel]) -> _Rows:
    """The rows of a table by their key; of each what acts make, and what they bind by a fingerprint."""
    columns = [table(model).c[name] for name in KEYS[model]]
    compared = [table(model).c[name] for name in COLUMNS[table(model).name][Binding.ACTS].split()]
    personal = [column for column in table(model).c if "fingerprint" in column.info]
    found = session.connection().execute(select(*columns, *compared, *personal).order_by(*columns))
    names = [column.key for column in (*compared, *personal)]
    return {row[: len(columns)]: dict(zip(names, row[len(columns) :], strict=True)) for row in map(tuple, found)}


def _name(model: type[SQLModel], key: Iterable[object]) -> str:
    return f"{name_of(model)} {' '.join(map(str, key))}"


def _differences(model: type[SQLModel], stored: _Rows, booked: _Rows) -> Iterator[RowDifference]:
    columns = COLUMNS[table(model).name][Binding.ACTS].split()
    for key in dict.fromkeys((*stored, *booked)):
        if key not in stored or key not in booked:
            yield RowDifference(_name(model, key), stored=key in stored)
            continue
        for column in columns:
            if stored[key][column] != booked[key][column]:
                yield RowDifference(_name(model, key), column, stored[key][column], booked[key][column])


def _values(model: type[SQLModel], stored: _Rows, booked: _Rows) -> Iterator[BoundValue]:
    for column in table(model).c:
        if "fingerprint" in column.info:
            for key, row in stored.items():
                if row[column.key] is not None and key in booked:
                    fingerprint = booked[key][column.info["fingerprint"]]
                    yield BoundValue(
                        _name(model, key),
                        column.key,
                        column.info["domain"],
                        str(row[column.key]),
                        None if fingerprint is None else str(fingerprint),
                    )
