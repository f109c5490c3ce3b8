"""What the overviews are made of: the grid of months, and the money under way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from fund.domain.states import ContributionState
from fund.store import rows
from fund.store.payouts.runs import ACTIVE
from fund.store.tables import Contribution, Household, Payment, PaymentBatch

_STANDS = ~col(Household.is_annulled)
"""An admission that was withdrawn, rejected or annulled never was."""


@dataclass(frozen=True, slots=True)
class ActiveMonth:
    """A month of a household that is neither rejected nor cancelled."""

    household: str
    month: str
    state: ContributionState
    amount_cents: int


@dataclass(frozen=True, slots=True)
class OutstandingBatch:
    """The payments of a batch that the bank has not answered yet, and since when they are under way."""

    sealed_at: datetime
    payments: int
    cents: int


def households_by_code(session: Session, *, after: int = 0, count: int | None = None) -> list[Household]:
    """Households by code: ``count`` of them, or all, behind the first ``after``."""
    listed = select(Household).where(_STANDS).order_by(col(Household.code))
    return rows.records(session, listed.offset(after).limit(count))


def households_named(session: Session, codes: Collection[str]) -> list[Household]:
    """Some households by code."""
    return rows.records(session, select(Household).where(col(Household.code).in_(codes)).order_by(col(Household.code)))


def count_households(session: Session) -> int:
    """How many households there are."""
    return rows.count(session, Household, _STANDS)


def active_months(session: Session, households: Collection[str]) -> list[ActiveMonth]:
    """The active months of some households."""
    months = select(
        col(Contribution.household), col(Contribution.month), col(Contribution.state), col(Contribution.amount_cents)
    ).where(ACTIVE, col(Contribution.household).in_(households))
    return rows.fetch(session, ActiveMonth, months)


def contributions_of(session: Session, household: str) -> list[Contribution]:
    """Every month that was proposed for a household, oldest first."""
    months = select(Contribution).where(col(Contribution.household) == household).order_by(col(Contribution.id))
    return rows.records(session, months)


def outstanding_batches(session: Session) -> list[OutstandingBatch]:
    """The batches with payments of which something is ordered and not executed."""
    sealed_at = rows.present(col(PaymentBatch.sealed_at))
    outstanding = (
        select(sealed_at, func.count(), rows.total(col(Payment.outstanding_cents)))
        .join_from(Payment, PaymentBatch, col(PaymentBatch.code) == col(Payment.batch))
        .where(col(Payment.outstanding_cents) > 0, sealed_at.is_not(None))
        .group_by(col(PaymentBatch.code), sealed_at)
    )
    return rows.fetch(session, OutstandingBatch, outstanding)
