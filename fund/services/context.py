"""What every use case is given: the transaction, who acts, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from fund.clock import day_in_rome
from fund.domain import errors
from fund.domain.access import Actor
from fund.domain.fingerprints import Domain, Fingerprints
from fund.domain.states import State
from fund.store import journal, projections, rows
from fund.store.bindings import row_text
from fund.store.rows import NO_VALUES, AnyRecord, Record, Session, Values
from fund.store.tables import Fund
from fund.store.tables.money import FUND_ID
from fund.vault import KeyFile
from ledger.entries import Draft, Entry
from ledger.stamp import Stamp


@dataclass(frozen=True)
class Context:
    """One person's (or the service's) act, inside one transaction that its door commits.

    ``fingerprint_key`` is the file of the fund's key, ``schemas`` the folder of the official schemas that files for a
    bank are checked by, where there is one.
    """

    session: Session
    actor: Actor
    at: datetime
    fingerprint_key: KeyFile
    schemas: Path | None = None

    @property
    def day(self) -> date:
        """Today in Italy: the day on which entries are booked."""
        return day_in_rome(self.at)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """Fingerprints by the fund's key, whose file is read once for an act. Raises what reading it does."""
        return Fingerprints(self.fingerprint_key.read())

    @cached_property
    def tag_of(self) -> Callable[[str], str]:
        """What gives an entry of the journal its tag by its hash."""
        return self.fingerprints.entry_tags()

    def stamp(self, *, prepared_by: str | None = None, approved_by: str | None = None) -> Stamp:
        """The stamp of an entry booked now; prepared by the actor unless said otherwise."""
        return Stamp(self.day, self.at, prepared_by or self.actor.code, approved_by)

    def fund(self) -> Fund:
        """The fund's row. Raises ``FundMissing`` in a home without one."""
        fund = rows.find(self.session, Fund, FUND_ID)
        if fund is None:
            raise errors.FundMissing()
        return fund

    def book(self, *drafts: Draft) -> list[Entry]:
        """Append entries to the journal."""
        return journal.append(self.session, drafts, self.tag_of)

    def book_act(self, draft: Draft, given: Values = NO_VALUES) -> Entry:
        """Append an act to the journal, and change the tables by it; ``given`` are the values that the books lack."""
        (act,) = self.book(draft)
        projections.project(self.session, act, given)
        return act

    def row_fingerprint(self, *bound: AnyRecord) -> str:
        """The fingerprint of what an act binds of a row, or of several together, as a whole."""
        return self.fingerprints.of(Domain.ROW, "\n".join(row_text(str(row.__tablename__), row) for row in bound))

    def insert(self, record: Record) -> Record:
        """Insert one row and return it, with the number that the database gave it."""
        rows.insert(self.session, record)
        return record

    def get(self, model: type[Record], key: object) -> Record:
        """The row with a primary key. Raises ``NotFound``."""
        return rows.get(self.session, model, key)

    def step(self, model: type[AnyRecord], key: object, to: State, values: Values = NO_VALUES) -> None:
        """Rule 6: one conditional UPDATE from a state that allows it. Raises ``NotFound`` or ``StateNotAllowed``."""
        rows.step(self.session, model, key, to, values)
