"""Plain lists of what was recorded."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from fund.store import rows
from fund.store.tables import Allocation, Collection, Contribution, Grant, GrantAmount, Repayment


@dataclass(frozen=True, slots=True)
class ContributionFilter:
    """Which months to show; what is ``None`` does not filter. ``run_month`` is the run that proposed them."""

    household: str | None = None
    landlord: str | None = None
    month: str | None = None
    run_month: str | None = None
    state: str | None = None


def list_allocations(session: Session) -> list[Allocation]:
    """Every tranche, by code."""
    return rows.records(session, select(Allocation).order_by(col(Allocation.code)))


def list_collections(session: Session) -> list[Collection]:
    """Every collection, by the number of its entry."""
    return rows.records(session, select(Collection).order_by(col(Collection.seq)))


def list_repayments(session: Session) -> list[Repayment]:
    """Every repayment to the funder, oldest first."""
    return rows.records(session, select(Repayment).order_by(col(Repayment.id)))


def list_grants(session: Session) -> list[Grant]:
    """Every grant, by household and first month."""
    return rows.records(session, select(Grant).order_by(col(Grant.household), col(Grant.first_month)))


def list_amounts(session: Session) -> list[GrantAmount]:
    """Every contribution decided, by household and the month from which it holds."""
    return rows.records(session, select(GrantAmount).order_by(col(GrantAmount.household), col(GrantAmount.since)))


def list_contributions(session: Session, chosen: ContributionFilter, *, after: int, limit: int) -> list[Contribution]:
    """The months behind number ``after`` that a filter lets through, at most ``limit`` of them, in their order."""
    chosen_by = rows.given(
        (col(Contribution.household), chosen.household),
        (col(Contribution.landlord), chosen.landlord),
        (col(Contribution.month), chosen.month),
        (col(Contribution.run_month), chosen.run_month),
        (col(Contribution.state), chosen.state),
    )
    months = select(Contribution).where(col(Contribution.id) > after, *chosen_by)
    return rows.records(session, months.order_by(col(Contribution.id)).limit(limit))
