"""What the controls ask before money leaves: what payees have coming, what looks alike, what was acknowledged."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from fund.domain import states
from fund.store import rows
from fund.store.payouts.runs import ACTIVE, LEFT_CENTS
from fund.store.tables import Acknowledgement, Contribution, Lease

_before = aliased(Contribution)


def waiting_cents(session: Session) -> dict[str, int]:
    """What each landlord is owed or will be by the months that are due and not ordered."""
    waiting = (
        select(col(Contribution.landlord), rows.total(LEFT_CENTS))
        .where(col(Contribution.state).in_(states.UNORDERED_CONTRIBUTIONS), LEFT_CENTS > 0)
        .group_by(col(Contribution.landlord))
    )
    return dict(rows.tuples(session, waiting))


@dataclass(frozen=True, slots=True)
class MonthToPay:
    """A month with its contract, and the household's dearest whole month before it."""

    id: int
    household: str
    landlord: str
    month: str
    amount_cents: int
    formula: str | None
    registration: str | None
    highest_cents: int | None


def months_to_pay(session: Session, contributions: Sequence[int]) -> list[MonthToPay]:
    """Some months as their alerts are found from."""
    highest = (
        select(func.max(col(_before.amount_cents)))
        .where(
            col(_before.household) == col(Contribution.household),
            col(_before.month) < col(Contribution.month),
            col(_before.state).in_(states.USED_CONTRIBUTIONS),
            col(_before.formula).is_(None),
        )
        .correlate(Contribution)
        .scalar_subquery()
    )
    found: list[MonthToPay] = []
    for block in rows.blocks(contributions):
        months = (
            select(
                col(Contribution.id),
                col(Contribution.household),
                col(Contribution.landlord),
                col(Contribution.month),
                col(Contribution.amount_cents),
                col(Contribution.formula),
                col(Lease.registration),
                highest,
            )
            .select_from(Contribution)
            .join(Lease, col(Lease.id) == col(Contribution.lease_id))
            .where(col(Contribution.id).in_(block))
        )
        found += rows.fetch(session, MonthToPay, months)
    return found


@dataclass(frozen=True, slots=True)
class LiveMonth:
    """A live contribution with its contract."""

    household: str
    landlord: str
    month: str
    amount_cents: int
    registration: str | None


def live_months(session: Session, months: Iterable[str]) -> list[LiveMonth]:
    """Every live contribution of some calendar months."""
    live = (
        select(
            col(Contribution.household),
            col(Contribution.landlord),
            col(Contribution.month),
            col(Contribution.amount_cents),
            col(Lease.registration),
        )
        .select_from(Contribution)
        .join(Lease, col(Lease.id) == col(Contribution.lease_id))
        .where(col(Contribution.month).in_(sorted(months)), ACTIVE)
    )
    return rows.fetch(session, LiveMonth, live)


def acknowledgements_in(session: Session, thing: str, key: str) -> list[Acknowledgement]:
    """What was acknowledged of a list, by fingerprint."""
    of_list = (col(Acknowledgement.thing) == thing, col(Acknowledgement.key) == key)
    return rows.records(session, select(Acknowledgement).where(*of_list).order_by(col(Acknowledgement.fingerprint)))


def acknowledgements_of(session: Session, fingerprints: Sequence[str]) -> dict[str, list[Acknowledgement]]:
    """The acknowledgements of some alerts in any list, oldest first: fingerprint → acknowledgements."""
    found: dict[str, list[Acknowledgement]] = defaultdict(list)
    for block in rows.blocks(fingerprints):
        given = select(Acknowledgement).where(col(Acknowledgement.fingerprint).in_(block))
        for row in rows.records(session, given.order_by(col(Acknowledgement.id))):
            found[row.fingerprint].append(row)
    return found
