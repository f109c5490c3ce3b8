"""What projections share."""

from collections.abc import Callable, Mapping
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
    rows.insert(session, model(**{column.key: value for column, value in values.items()}))
