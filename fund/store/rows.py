"""Typed reading and writing: a table's row is the record of its model, a query's row a frozen dataclass.

Nothing above ``fund/store`` sees a database row without a type (decision 0033). A record is detached as soon as it is
read: changing it changes nothing, and reading it again gives another one.
"""

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby, islice
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Delete,
    Dialect,
    Insert,
    Select,
    SQLColumnExpression,
    Update,
    bindparam,
    cast,
    delete,
    func,
    inspect,
    select,
    update,
)
from sqlalchemy import insert as sql_insert
from sqlalchemy.orm import Mapped
from sqlalchemy.types import TypeEngine
from sqlmodel import Session as Session  # use cases and doors take it from here, and know no SQL
from sqlmodel import SQLModel

from fund.domain import states
from fund.domain.errors import NotFound, StateNotAllowed
from fund.domain.states import State
from fund.store.tables import table

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Item = TypeVar("Item")
AnyRecord: TypeAlias = SQLModel
Record = TypeVar("Record", bound=SQLModel)
Values: TypeAlias = Mapping[Any, object]
"""New values by column: ``{Run.digest: digest}``; to the type checker a column has the type of its values."""
NO_VALUES: Values = MappingProxyType({})

ACTS_ALONE = "acts_alone"
"""Set in the ``info`` of a session whose tables hold what acts say and nothing else, so that any column may be null."""

ERASES = "erases"
"""Set in the ``info`` of a session that emptied personal columns: nothing of what they held stays behind its commit."""

BETWEEN_TRANSACTIONS = "between_transactions"
"""In the ``info`` of a session, the dictionary of what the process keeps of its database between transactions."""

BLOCK_SIZE = 10_000
"""How many keys one statement names at most, and how many rows are fetched at once; both engines take more, and neither
takes any number."""
_INSERTED = 1_000
"""How many rows are inserted by one statement."""
_NAMES = {
    "bank_account": "account",
    "bank_file": "bank file",
    "bank_line": "bank line",
    "day_confirmation": "day",
    "fund_user": "user",
    "landlord_link": "link",
    "payment_batch": "batch",
    "second_factor": "second factor",
}
"""What errors call the rows of tables whose name is not the word that programs and people know."""


def name_of(model: type[SQLModel]) -> str:
    """What errors call a table's rows."""
    name = str(model.__tablename__)
    return _NAMES.get(name, name)


def blocks(items: Sequence[Item], size: int = BLOCK_SIZE) -> Iterator[Sequence[Item]]:
    """The items in blocks that one statement can name."""
    return (items[start : start + size] for start in range(0, len(items), size))


def present(column: Mapped[T | None]) -> Mapped[T]:
    """A column that may be null in its table, and never is in the rows that the query finds."""
    return typing.cast("Mapped[T]", column)


def optional(column: Mapped[T]) -> Mapped[T | None]:
    """A column of a table that an outer join may find no row of."""
    return typing.cast("Mapped[T | None]", column)


def given(*filters: tuple[Mapped[str] | Mapped[str | None], str | None]) -> list[ColumnElement[bool]]:
    """The conditions of those filters that are given: a column and what it is to be, where that is not ``None``."""
    return [column == value for column, value in filters if value is not None]


def total(column: SQLColumnExpression[int]) -> ColumnElement[int]:
    """The sum of a column, nought where there are no rows; an integer on both engines (PostgreSQL's is a decimal)."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def stream(session: Session, make: Callable[[*Ts], T], statement: Select[*Ts]) -> Iterator[T]:
    """What ``make`` makes of each row of a query, one after the other; its parameters are held against the columns."""
    found = session.connection().execute(statement).partitions(BLOCK_SIZE)
    return (make(*row) for block in found for row in block)


def fetch(session: Session, make: Callable[[*Ts], T], statement: Select[*Ts]) -> list[T]:
    """As ``stream``, of all rows at once."""
    return list(stream(session, make, statement))


def fetch_joined(session: Session, make: Callable[[*Ts], T], statement: Select[*Ts]) -> list[T]:
    """As ``fetch``, of a query that chooses whole records, alone or beside columns; the records are detached."""
    found = [make(*row) for row in session.execute(statement)]
    session.expunge_all()
    return found


def tuples(session: Session, statement: Select[*Ts]) -> list[tuple[*Ts]]:
    """The rows of a query as plain tuples, such as for a ``dict``."""
    return [(*row,) for row in session.connection().execute(statement)]


def fetch_one(session: Session, make: Callable[[*Ts], T], statement: Select[*Ts]) -> T | None:
    """What ``make`` makes of the one row of a query, or nothing where there is none."""
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else make(*row)


def scalars(session: Session, statement: Select[T]) -> list[T]:
    """The values of a query of one column."""
    return list(session.connection().execute(statement).scalars())


def scalar(session: Session, statement: Select[T]) -> T | None:
    """The first value of a query of one column, or nothing where there is none."""
    return next(iter(scalars(session, statement)), None)


def exists(session: Session, statement: Select[*Ts]) -> bool:
    """Whether a query finds anything."""
    return session.connection().execute(statement.limit(1)).first() is not None


def count(session: Session, model: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
    """How many rows of a table meet the conditions."""
    counted = select(func.count()).select_from(table(model)).where(*conditions)
    return session.connection().execute(counted).scalar_one()


def values_of(record: SQLModel) -> Values:
    """A record's values by column; a number that the database gives is left out."""
    return named(type(record), _values(record))


def named(model: type[SQLModel], values: Mapping[str, object]) -> Values:
    """Values by the names of their columns as values by column."""
    return {table(model).c[name]: value for name, value in values.items()}


def personal(model: type[SQLModel]) -> list[Column[Any]]:
    """The personal columns of a table (``columns.personal``)."""
    return [column for column in table(model).columns if column.info.get("is_personal")]


def count_like(session: Session, code: Mapped[str], prefix: str) -> int:
    """How many codes begin with a prefix; the next number is one more, since none is ever deleted."""
    (count,) = scalars(session, select(func.count()).where(code.startswith(prefix, autoescape=True)))
    return count


def records(session: Session, statement: Select[Record]) -> list[Record]:
    """The rows of one table that a query of the whole model finds."""
    found = list(session.execute(statement).scalars())
    session.expunge_all()
    return found


def record(session: Session, statement: Select[Record]) -> Record | None:
    """The one row that a query of the whole model finds, or nothing where there is none."""
    return next(iter(records(session, statement)), None)


def find(session: Session, model: type[Record], key: object) -> Record | None:
    """The row with a primary key, if there is one."""
    found: Record | None = session.execute(_finding(model), {_KEY: key}).scalar_one_or_none()
    session.expunge_all()
    return found


def get(session: Session, model: type[Record], key: object) -> Record:
    """The row with a primary key. Raises ``NotFound``."""
    found = find(session, model, key)
    if found is None:
        raise NotFound(name_of(model), str(key))
    return found


def insert_values(session: Session, model: type[SQLModel], values: Values) -> None:
    """Insert one row by its values."""
    session.connection().execute(_inserting(model), _plain(values))


def insert_rows(
    session: Session, model: type[SQLModel], columns: Sequence[str], new: Iterable[tuple[object, ...]]
) -> None:
    """Insert many rows by their values in the order of some columns, those that have no default among them.

    They are taken in blocks, so that rows which are made one by one are never held together; and each block is given to
    the driver as it is, since SQLAlchemy takes twice as long to look at each row.
    """
    connection = session.connection()
    prepared = _prepared(model, (*columns,), connection.dialect)
    values = iter(new)
    while block := list(islice(values, _INSERTED)):
        connection.exec_driver_sql(prepared.statement, prepared.given(block))


class _Prepared(NamedTuple):
    """An insertion as the driver takes it: values by their place or by their name, each as its column is written."""

    statement: str
    columns: tuple[str, ...]
    order: Sequence[int] | None
    makers: Sequence[Callable[[Any], object] | None]

    def given(self, block: Sequence[tuple[object, ...]]) -> list[Any]:
        """Some rows, a column at a time."""
        found = zip(self.makers, zip(*block, strict=True), strict=True)
        by_column = [of_column if make is None else [*map(make, of_column)] for make, of_column in found]
        if self.order is None:
            return [dict(zip(self.columns, row, strict=True)) for row in zip(*by_column, strict=True)]
        return [*zip(*(by_column[place] for place in self.order), strict=True)]


@lru_cache(maxsize=256)  # to compile it takes as long as to insert fifty rows
def _prepared(model: type[SQLModel], columns: tuple[str, ...], dialect: Dialect) -> _Prepared:
    compiled = _inserting(model).compile(dialect=dialect, column_keys=columns)
    order = None if compiled.positiontup is None else [columns.index(name) for name in compiled.positiontup]
    makers = [to_driver(table(model).c[name].type, dialect) for name in columns]
    return _Prepared(compiled.string, columns, order, makers)


def to_driver(of: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], object] | None:
    """What makes of a column's value what the database's driver is given; ``None`` where it is the same."""
    return of.dialect_impl(dialect).bind_processor(dialect)


def _plain(values: Values) -> dict[str, object]:
    return {column.key: value for column, value in values.items()}


# A statement that is made once, with its parameters apart, takes a third of the time of one that is made of its values.


@cache
def _finding(model: type[SQLModel]) -> Select[Any]:
    (column,) = inspect(model).primary_key
    return select(model).where(column == bindparam(_KEY))


@cache
def _inserting(model: type[SQLModel]) -> Insert:
    return sql_insert(table(model))


@cache
def _changing(model: type[SQLModel]) -> Update:
    (column,) = inspect(model).primary_key
    return update(table(model)).where(column == bindparam(_KEY))


@cache
def _stepping(model: type[SQLModel], to: State) -> Update:
    return _changing(model).where(table(model).c.state.in_(states.sources(to)))


@cache
def _deleting(model: type[SQLModel]) -> Delete:
    return delete(table(model)).where(*(column == bindparam(column.key) for column in inspect(model).primary_key))


_KEY = "of_key"


def insert(session: Session, *new: SQLModel) -> None:
    """Insert rows; one that is inserted alone gets the number that the database gives it.

    By statements, one for each run of rows of a table: the unit of work of an ORM session takes four times as long.
    """
    for model, group in groupby(new, type):
        values = [_values(one) for one in group]
        inserted = session.connection().execute(sql_insert(table(model)), values if len(values) > 1 else values[0])
        if len(new) == 1 and (key := inserted.inserted_primary_key):
            setattr(new[0], inspect(model).primary_key[0].key, key[0])


def _values(one: SQLModel) -> dict[str, object]:
    """A record's values by the keys of its columns; a number that the database gives is left out."""
    values = ((column, getattr(one, attribute)) for attribute, column in _columns(type(one)))
    return {column: value for column, value in values if value is not None or column != "id"}


@cache
def _columns(model: type[SQLModel]) -> tuple[tuple[str, str], ...]:
    """Each attribute of a record, with the key of its column."""
    return tuple((attribute.key, attribute.columns[0].key) for attribute in inspect(model).column_attrs)


def change(session: Session, model: type[SQLModel], key: object, values: Values) -> None:
    """Set columns of the row with a primary key, whatever state it is in."""
    session.connection().execute(_changing(model), {_KEY: key, **_plain(values)})


def update_where(session: Session, model: type[SQLModel], *conditions: ColumnElement[bool], values: Values) -> int:
    """Set columns of every row that meets the conditions. Returns how many rows did."""
    return session.connection().execute(update(table(model)).where(*conditions).values(values)).rowcount


def remove(session: Session, model: type[SQLModel], *key: object) -> None:
    """Delete the row with a primary key of several columns, in their order, if there is one."""
    columns = (column.key for column in inspect(model).primary_key)
    session.connection().execute(_deleting(model), dict(zip(columns, key, strict=True)))


def erase_where(session: Session, model: type[SQLModel], *conditions: ColumnElement[bool]) -> None:
    """Empty the personal columns of every row that meets the conditions, so that no copy stays (``ERASES``)."""
    session.info[ERASES] = True
    update_where(session, model, *conditions, values=dict.fromkeys(personal(model)))


def delete_where(session: Session, model: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
    """Delete every row that meets the conditions. Returns how many rows did."""
    return session.connection().execute(delete(table(model)).where(*conditions)).rowcount


def move(
    session: Session,
    model: type[SQLModel],
    to: State,
    *conditions: ColumnElement[bool],
    values: Values = NO_VALUES,
) -> int:
    """Rule 6: one conditional UPDATE that moves every row that meets the conditions and may step ``to`` the state.

    Returns how many rows moved.
    """
    target = table(model)
    statement = (
        update(target).where(*conditions, target.c.state.in_(states.sources(to))).values({target.c.state: to, **values})
    )
    return session.connection().execute(statement).rowcount


def step(session: Session, model: type[SQLModel], key: object, to: State, values: Values = NO_VALUES) -> None:
    """Move one row as ``move`` does. Raises ``NotFound`` or ``StateNotAllowed``."""
    (column,) = inspect(model).primary_key
    stepped = {_KEY: key, table(model).c.state.key: to, **_plain(values)}
    if session.connection().execute(_stepping(model, to), stepped).rowcount != 1:
        get(session, model, key)
        now = session.connection().execute(select(table(model).c.state).where(column == key)).scalar_one()
        raise StateNotAllowed(states.kind_of(to), str(key), now, to)
