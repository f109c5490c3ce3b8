"""The rules by which lines of the bank are set aside."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlmodel import Session, col

from fund.domain.lists import Resolution
from fund.store import rows
from fund.store.tables import BankLine, BankRule


def rules_in_force(session: Session) -> list[BankRule]:
    """The oldest first."""
    in_force = select(BankRule).where(col(BankRule.ended_at).is_(None))
    return rows.records(session, in_force.order_by(col(BankRule.number)))


def all_rules(session: Session) -> list[BankRule]:
    """Those in force, then those that were ended; the newest first."""
    is_ended = col(BankRule.ended_at).is_not(None)
    return rows.records(session, select(BankRule).order_by(is_ended, col(BankRule.number).desc()))


def set_aside_by(session: Session) -> Mapping[int, int]:
    """How many lines each rule has set aside, by its number."""
    counted = select(col(BankLine.entry), func.count()).where(col(BankLine.resolved_as) == Resolution.SET_ASIDE)
    return {rule: count for rule, count in rows.tuples(session, counted.group_by(col(BankLine.entry))) if rule}
