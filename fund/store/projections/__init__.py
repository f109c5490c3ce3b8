"""Projections: the rows that acts make, written by one function from each act.

The same function writes the row while its act is booked, when a database is made again from the books, and when
``fund verify`` works every row out again and compares. What an act binds by a fingerprint, or not at all, is given
beside it when it is booked; the books do not have it.
"""

from collections.abc import Mapping

from sqlmodel import Session

from fund.store.projections import banking, households, landlords, money, payouts, proposals, statements, users
from fund.store.projections.rows import Keys, Projection
from fund.store.rows import NO_VALUES, Values
from fund.store.tables import BankLine, BankStatement
from ledger.entries import Entry

_SUBJECTS = (money, users, proposals, landlords, households, payouts, banking, statements)

PROJECTIONS: Mapping[str, Projection] = {
    kind: projection for subject in _SUBJECTS for kind, projection in subject.PROJECTIONS.items()
}
"""What each kind of act does to the tables."""

KEYS: Keys = {model: key for subject in _SUBJECTS for model, key in subject.KEYS.items()}
"""The tables that acts make, with the columns by which a row is the same in two databases."""

DECIDED = (BankLine, BankStatement)
"""Of these, tables whose rows are not made by acts: those are decided by acts, once, or by none."""


def project(session: Session, act: Entry, given: Values = NO_VALUES) -> None:
    """Change the tables by what was booked; entries that are no act, or make no row, change nothing.

    Raises ``NotFound`` and ``StateNotAllowed`` where the tables do not allow it.
    """
    projection = PROJECTIONS.get(act.kind)
    if projection is not None:
        projection(session, act, given)
