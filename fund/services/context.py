"""What every use case is given: the transaction, who acts, and when."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from fund.clock import day_in_rome
from fund.domain import errors
from fund.domain.access import SYSTEM_ROLE, Actor
from fund.domain.fingerprints import Domain, Fingerprints
from fund.domain.states import State
from fund.store import journal, projections, rows
from fund.store.bindings import rows_as_text
from fund.store.rows import NO_VALUES, AnyRecord, Record, Session, Values
from fund.store.tables import Disclosure, Fund
from fund.store.tables.money import FUND_ID
from fund.vault import FundKey
from ledger.entries import Draft, Entry
from ledger.stamp import Stamp


@dataclass(frozen=True)
class Context:
    """One person's (or the service's) act, inside one transaction that its door commits.

    ``fingerprint_key`` is the fund's key, ``schemas`` the folder of the official schemas that files for a
    bank are checked by, where there is one. ``disclosures`` are what the door writes to their log before it answers.
    ``checked_files`` are the bank's files whose lines were held against the books, while nothing is written.
    """

    session: Session
    actor: Actor
    at: datetime
    fingerprint_key: FundKey
    schemas: Path | None = None
    disclosures: list[Disclosure] = field(default_factory=list)
    checked_files: set[str] | None = None

    @property
    def day(self) -> date:
        """Today in Italy: the day on which entries are booked."""
        return day_in_rome(self.at)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """Fingerprints by the fund's key in force, whose file is read once for an act. Raises what reading it does."""
        return self.fingerprint_key.in_force(journal.key_check(self.session))

    @cached_property
    def tag_of(self) -> Callable[[str], str]:
        """What gives an entry of the journal its tag by its hash."""
        return self.fingerprints.entry_tags()

    @cached_property
    def _renewed(self) -> Mapping[str, str]:
        return journal.renewed(self.session, self.tag_of)

    def now(self, fingerprint: str | None) -> str | None:
        """A fingerprint that was booked under a former key, as it is under the key in force."""
        return fingerprint and self._renewed.get(fingerprint, fingerprint)

    def known_as(self, domain: Domain, value: str) -> set[str]:
        """Every fingerprint of a value under the key in force and the former ones that are still kept: what nobody has
        but by its fingerprint, such as a user's tax code, stays under the key of its time.
        """
        _, *former = journal.key_checks(self.session)
        kept = [Fingerprints(file.read()) for file in map(self.fingerprint_key.former, former) if file.path.exists()]
        return {one.of(domain, value) for one in (self.fingerprints, *kept)}

    def take_key(self, key: Fingerprints) -> None:
        """What is booked from here on is under another key."""
        for name in ("tag_of", "_renewed"):
            vars(self).pop(name, None)
        vars(self)["fingerprints"] = key

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

    def book_acts(self, drafts: Iterable[Draft]) -> None:
        """Append several acts, of which the books say all, and change the tables by each."""
        for act in self.book(*drafts):
            projections.project(self.session, act)

    def disclose(self, kind: str, key: str, accounts: Iterable[tuple[str, int]] = ()) -> None:
        """Note that the actor is given whole IBANs: those of a thing, or of some accounts by landlord and version.

        The service itself is no user, and is noted nowhere.
        """
        if self.actor.role == SYSTEM_ROLE:
            return
        named = tuple(f"{landlord}/{version}" for landlord, version in sorted(set(accounts)))
        user, role = self.actor.code, self.actor.role
        self.disclosures.append(Disclosure(at=self.at, user=user, role=role, kind=kind, key=key, accounts=named))

    def row_fingerprint(self, *bound: AnyRecord) -> str:
        """The fingerprint of what an act binds of a row, or of several together, as a whole."""
        return self.fingerprints.of(Domain.ROW, rows_as_text(*bound))

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
