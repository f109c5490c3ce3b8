"""The rows that acts about statements make."""

from collections.abc import Mapping

from sqlmodel import Session

from fund.store.projections.rows import Keys, Projection, insert
from fund.store.rows import Values
from fund.store.tables import Statement
from ledger.entries import Entry

KEYS: Keys = {Statement: ("number",)}


def _issued(session: Session, act: Entry, given: Values) -> None:
    issued = {
        Statement.number: act.facts.statement,
        Statement.landlord: act.facts.landlord,
        Statement.issued_at: act.recorded_at,
        Statement.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, Statement, {**given, **issued})


PROJECTIONS: Mapping[str, Projection] = {"statement-issued": _issued}
