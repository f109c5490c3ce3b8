"""What projections share."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias, TypeVar

from sqlmodel import Session, SQLModel

from fund.store import rows
from fund.store.rows import Values
from ledger.entries import Entry

Projection: TypeAlias = Callable[[Session, Entry, Values], None]
"""Change the tables by an act, and by the values that were given beside it."""
Keys: TypeAlias = Mapping[type[SQLModel], tuple[str, ...]]
"""Tables, each with the columns by which a row is the same in two databases."""
Fact = TypeVar("Fact")


def required(fact: Fact | None) -> Fact:
    """A fact that the event table requires of the act."""
    assert fact is not None
    return fact


@cache
def needed(model: type[SQLModel]) -> set[str]:
    """What a row of a table cannot be without."""
    return {name for name, field in model.model_fields.items() if field.is_required()}


def insert(session: Session, model: type[SQLModel], values: Values) -> None:
    """Insert a row by its values; what is left out has its default.

    A row that lacks what it cannot be without is left out: the books alone do not make it.
    """
    given = {column.key for column in values}
    if needed(model) - given and rows.ACTS_ALONE not in session.info:
        return
    rows.insert_values(session, model, {**_defaults(model), **values})


@cache
def _defaults(model: type[SQLModel]) -> Values:
    # To make a record for the sake of its defaults would take three times as long as to insert the row.
    fields = model.model_fields.items()
    defaults = {name: field.default for name, field in fields if not field.is_required()}
    return rows.named(model, {name: value for name, value in defaults.items() if value is not None})
