"""The rows that acts about the bank make."""

from collections.abc import Mapping

from sqlmodel import Session

from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert
from fund.store.rows import Values
from fund.store.tables import Treasury
from ledger.entries import Entry

KEYS: Keys = {Treasury: ("id",)}


def _treasury_set(session: Session, act: Entry, given: Values) -> None:
    rows.delete_where(session, Treasury)
    insert(session, Treasury, {**given, Treasury.row_fingerprint: act.facts.fingerprint})


PROJECTIONS: Mapping[str, Projection] = {"treasury": _treasury_set}
