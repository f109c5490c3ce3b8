"""The rows that acts about households make."""

from collections.abc import Mapping

from sqlmodel import Session

from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert
from fund.store.rows import Values
from fund.store.tables import Household
from ledger.entries import Entry

KEYS: Keys = {Household: ("code",)}


def _admitted(session: Session, act: Entry, given: Values) -> None:
    admitted = {
        Household.code: act.facts.household,
        Household.cap_months: act.facts.cap_months,
        Household.admitted_on: act.date,
    }
    insert(session, Household, {**admitted, **given})


def _left(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Household, act.facts.household, {Household.exited_on: act.date, **given})


PROJECTIONS: Mapping[str, Projection] = {"admission": _admitted, "exit": _left}
