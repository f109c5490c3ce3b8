"""What every use case is given: the transaction, who acts, and when."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Row, Table, Update, insert, select, update
from sqlmodel import Session

from fund.clock import day_in_rome
from fund.domain import errors, states
from fund.domain.access import Actor
from fund.store import journal
from fund.store.tables import Fund, table
from ledger.entries import Draft, Entry
from ledger.events import Stamp


@dataclass(frozen=True, slots=True)
class Context:
    """One person's (or the service's) act, inside one transaction that its door commits.

    ``schemas`` is the folder of the official schemas that files for a bank are checked by, where there is one.
    """

    session: Session
    actor: Actor
    at: datetime
    schemas: Path | None = None

    @property
    def day(self) -> date:
        """Today in Italy: the day on which entries are booked."""
        return day_in_rome(self.at)

    def stamp(self, *, prepared_by: str | None = None, approved_by: str | None = None) -> Stamp:
        """The stamp of an entry booked now; prepared by the actor unless said otherwise."""
        return Stamp(self.day, self.at, prepared_by or self.actor.code, approved_by)

    def fund(self) -> "Row[Any]":
        """The fund's row. Raises ``FundMissing`` in a home without one."""
        row = self.session.connection().execute(select(table(Fund))).one_or_none()
        if row is None:
            raise errors.FundMissing()
        return row

    def book(self, *drafts: Draft) -> list[Entry]:
        """Append entries to the journal."""
        return journal.append(self.session, drafts)

    def run(self, statement: Any, rows: list[dict[str, Any]] | None = None) -> CursorResult[Any]:
        """Execute a Core statement, once for all rows."""
        return self.session.connection().execute(statement, rows)

    def insert(self, target: Table, **values: Any) -> int:
        """Insert one row and return the number that the database gave it."""
        key = self.run(insert(target).values(**values)).inserted_primary_key
        return int(key[0]) if key else 0

    def get(self, target: Table, key: object, thing: str) -> "Row[Any]":
        """The row with a primary key. Raises ``NotFound``."""
        column = next(iter(target.primary_key.columns))
        row = self.session.connection().execute(select(target).where(column == key)).one_or_none()
        if row is None:
            raise errors.NotFound(thing, str(key))
        return row

    def step(self, target: Table, thing: str, key: object, to: str, **values: Any) -> None:
        """Rule 6: one conditional UPDATE from a state that allows it. Raises ``NotFound`` or ``StateNotAllowed``."""
        column = next(iter(target.primary_key.columns))
        moved = self.run(self.steps(target, thing, to, column == key, **values))
        if moved.rowcount != 1:
            row = self.get(target, key, thing)
            raise errors.StateNotAllowed(thing, str(key), row.state, to)

    def steps(self, target: Table, thing: str, to: str, *conditions: ColumnElement[bool], **values: Any) -> Update:
        """The conditional UPDATE that moves every row that meets the conditions and may take the step."""
        return (
            update(target).where(*conditions, target.c.state.in_(states.sources(thing, to))).values(state=to, **values)
        )
