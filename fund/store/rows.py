"""Typed reading and writing: a table's row is the record of its model, a query's row a frozen dataclass.

Nothing above ``fund/store`` sees a database row without a type (decision 0033). A record is detached as soon as it is
read: changing it changes nothing, and reading it again gives another one.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, inspect, select, update
from sqlmodel import Session, SQLModel

from fund.domain import states
from fund.domain.errors import NotFound, StateNotAllowed
from fund.domain.states import State
from fund.store.tables import table

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Record = TypeVar("Record", bound=SQLModel)
Values: TypeAlias = Mapping[Any, object]
"""New values by column: ``{Run.digest: digest}``; to the type checker a column has the type of its values."""

_NAMES = {"bank_account": "account", "payment_batch": "batch", "bank_file": "bank file", "day_confirmation": "day"}
"""What errors call the tables whose name is not the word that people use; ``landlord_link`` is a link."""


def name_of(model: type[SQLModel]) -> str:
    """What errors call a table's rows."""
    name = str(model.__tablename__)
    return _NAMES.get(name, name)


def total(column: ColumnElement[int]) -> ColumnElement[int]:
    """The sum of a column, nought where there are no rows; an integer on both engines (PostgreSQL's is a decimal)."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def fetch(session: Session, make: Callable[[*Ts], T], statement: Select[*Ts]) -> list[T]:
    """What ``make`` makes of each row of a query; the type checker holds its parameters against the columns."""
    return [make(*row._tuple()) for row in session.connection().execute(statement)]


def fetch_one(session: Session, make: Callable[[*Ts], T], statement: Select[*Ts]) -> T | None:
    """What ``make`` makes of the one row of a query, or nothing where there is none."""
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else make(*row._tuple())


def scalars(session: Session, statement: Select[T]) -> list[T]:
    """The values of a query of one column."""
    return list(session.connection().execute(statement).scalars())


def records(session: Session, statement: Select[Record]) -> list[Record]:
    """The rows of one table that a query of the whole model finds."""
    found = list(session.execute(statement).scalars())
    for record in found:
        session.expunge(record)
    return found


def find(session: Session, model: type[Record], key: object) -> Record | None:
    """The row with a primary key, if there is one."""
    (column,) = inspect(model).primary_key
    return next(iter(records(session, select(model).where(column == key))), None)


def get(session: Session, model: type[Record], key: object) -> Record:
    """The row with a primary key. Raises ``NotFound``."""
    record = find(session, model, key)
    if record is None:
        raise NotFound(name_of(model), str(key))
    return record


def insert(session: Session, *new: SQLModel) -> None:
    """Insert rows; each gets the number that the database gives it."""
    session.add_all(new)
    session.flush()
    for record in new:
        session.expunge(record)


def move(session: Session, model: type[SQLModel], to: State, *conditions: ColumnElement[bool], values: Values) -> int:
    """Rule 6: one conditional UPDATE that moves every row that meets the conditions and may step ``to`` the state.

    Returns how many rows moved.
    """
    target = table(model)
    statement = (
        update(target).where(*conditions, target.c.state.in_(states.sources(to))).values({target.c.state: to, **values})
    )
    return session.connection().execute(statement).rowcount


def step(session: Session, model: type[SQLModel], key: object, to: State, values: Values) -> None:
    """Move one row by ``move``. Raises ``NotFound`` or ``StateNotAllowed``."""
    (column,) = inspect(model).primary_key
    if move(session, model, to, column == key, values=values) != 1:
        get(session, model, key)
        now = session.connection().execute(select(table(model).c.state).where(column == key)).scalar_one()
        raise StateNotAllowed(states.kind_of(to), str(key), now, to)
