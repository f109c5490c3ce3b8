"""Households: their leases and rents, what was decided for them, and the months that they have."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from fund.domain.members import Inline
from fund.domain.rules import LeaseTerm
from fund.domain.states import ContributionState
from fund.store import rows
from fund.store.payouts.runs import ACTIVE
from fund.store.tables import Contribution, GrantAmount, Household, JournalEntry, Lease, LeaseRent, Posting
from ledger import accounts
from ledger.acts.households import LeaseRef
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class LeaseView:
    """A rental contract with its rents, oldest first."""

    id: int
    household: str
    number: int
    landlord: str
    registration: str | None
    recorded_by: str
    term: Annotated[LeaseTerm, Inline()]


@dataclass(frozen=True, slots=True)
class _Rent:
    """A rent of a lease, with its lease."""

    lease: int
    household: str
    number: int
    landlord: str
    registration: str | None
    recorded_by: str
    starts_on: date
    ends_on: date | None
    since: date
    rent_cents: int


_RENT_OF_LEASE = and_(col(LeaseRent.household) == col(Lease.household), col(LeaseRent.lease) == col(Lease.number))


def leases_of(session: Session, households: Iterable[str] | None = None) -> list[LeaseView]:
    """The leases of some households (all when ``None``) with their rents, oldest first."""
    rents = (
        select(
            col(Lease.id),
            col(Lease.household),
            col(Lease.number),
            col(Lease.landlord),
            col(Lease.registration),
            col(Lease.recorded_by),
            col(Lease.starts_on),
            col(Lease.ends_on),
            col(LeaseRent.since),
            col(LeaseRent.rent_cents),
        )
        .join_from(Lease, LeaseRent, _RENT_OF_LEASE)
        .order_by(col(Lease.household), col(Lease.starts_on), col(Lease.id), col(LeaseRent.since))
    )
    if households is not None:
        rents = rents.where(col(Lease.household).in_(list(households)))
    leases = []
    for _, group in groupby(rows.fetch(session, _Rent, rents), key=lambda rent: rent.lease):
        found = list(group)
        first = found[0]
        term = LeaseTerm(first.starts_on, first.ends_on, [(rent.since, rent.rent_cents) for rent in found])
        leases.append(
            LeaseView(
                first.lease,
                first.household,
                first.number,
                first.landlord,
                first.registration,
                first.recorded_by,
                term,
            )
        )
    return leases


def lease_id(session: Session, ref: LeaseRef) -> int:
    """The id of a household's lease by its number."""
    of_household = (col(Lease.household) == ref.household, col(Lease.number) == ref.number)
    (found,) = rows.scalars(session, select(col(Lease.id)).where(*of_household))
    return found


def has_rent_since(session: Session, ref: LeaseRef, since: date) -> bool:
    """Whether a rent of a lease begins on a day."""
    same = (
        col(LeaseRent.household) == ref.household,
        col(LeaseRent.lease) == ref.number,
        col(LeaseRent.since) == since,
    )
    return rows.exists(session, select(col(LeaseRent.since)).where(*same))


def decided_amounts(session: Session, households: Iterable[str] | None = None) -> dict[str, dict[Month, int]]:
    """The contributions decided for some households (all when ``None``): first month → cents."""
    decided = select(col(GrantAmount.household), col(GrantAmount.since), col(GrantAmount.amount_cents)).order_by(
        col(GrantAmount.household), col(GrantAmount.since)
    )
    if households is not None:
        decided = decided.where(col(GrantAmount.household).in_(list(households)))
    amounts: dict[str, dict[Month, int]] = {}
    for household, since, cents in rows.tuples(session, decided):
        amounts.setdefault(household, {})[Month.parse(since)] = cents
    return amounts


def open_lots_of(session: Session, household: str) -> dict[Month, int]:
    """The months committed to a household and not approved yet: month → cents."""
    month = rows.present(col(Posting.month))
    lots = (
        select(month, -rows.total(col(Posting.amount_cents)))
        .where(col(Posting.account) == accounts.committed(household))
        .group_by(month)
        .having(func.sum(col(Posting.amount_cents)) != 0)
    )
    return {Month.parse(name): cents for name, cents in rows.tuples(session, lots)}


def free_lots(session: Session, household: str) -> dict[Month, int]:
    """The months committed to a household that no live contribution proposes yet: month → cents."""
    taken = _active_months(session, household)
    return {month: cents for month, cents in open_lots_of(session, household).items() if month not in taken}


def months_of(session: Session, household: str) -> set[Month]:
    """Every month that a household has: committed, proposed, or approved."""
    return _active_months(session, household) | open_lots_of(session, household).keys()


def _active_months(session: Session, household: str) -> set[Month]:
    active = select(col(Contribution.month)).where(col(Contribution.household) == household, ACTIVE)
    return {Month.parse(month) for month in rows.scalars(session, active)}


def has_unpaid_months(session: Session, household: str) -> bool:
    """Whether a household has a live month that is not settled."""
    unpaid = select(col(Contribution.id)).where(
        col(Contribution.household) == household, ACTIVE, col(Contribution.state) != ContributionState.SETTLED
    )
    return rows.exists(session, unpaid)


@dataclass(frozen=True, slots=True)
class _Put:
    """An entry that put a month's lot."""

    household: str
    month: str
    seq: int
    proposed_by: str


def lot_proposers(session: Session, months: Collection[str]) -> dict[tuple[str, str], str]:
    """Who proposed the lots of some months, by household: by the last entry that put each, or proposed it again."""
    household = rows.present(col(JournalEntry.household))
    again = select(household, col(JournalEntry.seq), col(JournalEntry.prepared_by)).where(
        col(JournalEntry.kind) == "reproposal"
    )
    last_again = {code: (seq, by) for code, seq, by in rows.tuples(session, again.order_by(col(JournalEntry.seq)))}
    put = (
        select(household, rows.present(col(Posting.month)), col(JournalEntry.seq), col(JournalEntry.prepared_by))
        .join_from(Posting, JournalEntry, col(JournalEntry.seq) == col(Posting.seq))
        .where(
            col(JournalEntry.kind).in_(("commitment", "rescheduling")),
            col(Posting.month).in_(months),
            col(Posting.amount_cents) < 0,
        )
        .order_by(col(JournalEntry.seq))
    )
    proposers = {}
    for lot in rows.fetch(session, _Put, put):
        seq, by = last_again.get(lot.household, (0, ""))
        proposers[lot.household, lot.month] = by if seq > lot.seq else lot.proposed_by
    return proposers


def decision_proposer(session: Session, household: str) -> str | None:
    """Who proposed what was decided last for a household's months, or proposed it again."""
    decided = select(col(JournalEntry.prepared_by)).where(
        col(JournalEntry.household) == household,
        col(JournalEntry.kind).in_(("commitment", "contribution-decided", "reproposal")),
    )
    return rows.scalar(session, decided.order_by(col(JournalEntry.seq).desc()).limit(1))


def lease_recorders(session: Session, leases: Collection[int]) -> dict[int, set[tuple[date, str]]]:
    """Who recorded each of some leases, by id, and each of its rents, with the day from which it holds."""
    recorders: dict[int, set[tuple[date, str]]] = {}
    for block in rows.blocks(sorted(leases)):
        recorded = (
            select(
                col(Lease.id),
                col(Lease.starts_on),
                col(Lease.recorded_by),
                col(LeaseRent.since),
                col(LeaseRent.recorded_by),
            )
            .join_from(Lease, LeaseRent, _RENT_OF_LEASE)
            .where(col(Lease.id).in_(block))
        )
        for lease, starts_on, lease_by, since, rent_by in rows.tuples(session, recorded):
            recorders.setdefault(lease, set()).update({(starts_on, lease_by), (since, rent_by)})
    return recorders


def list_households(session: Session) -> list[Household]:
    """Every household, by code."""
    return rows.records(session, select(Household).order_by(col(Household.code)))


def closed_households(session: Session) -> set[str]:
    """The households whose position is closed."""
    return set(rows.scalars(session, select(col(Household.code)).where(col(Household.exited_on).is_not(None))))


def finished_households(session: Session) -> list[str]:
    """The open positions whose months are all used and settled."""
    unsettled = select(col(Contribution.household)).where(ACTIVE, col(Contribution.state) != ContributionState.SETTLED)
    finished = (
        select(col(Household.code))
        .where(
            col(Household.exited_on).is_(None),
            col(Household.months_used) == col(Household.cap_months),
            col(Household.code).not_in(unsettled),
        )
        .order_by(col(Household.code))
    )
    return rows.scalars(session, finished)


def commit_months(session: Session, household: str, change: int) -> bool:
    """Add to the months committed to a household, where its cap allows them (rules 1 and 6)."""
    moved = rows.update_where(
        session,
        Household,
        col(Household.code) == household,
        col(Household.months_used) + col(Household.months_committed) + change <= col(Household.cap_months),
        values={Household.months_committed: col(Household.months_committed) + change},
    )
    return moved == 1


def use_months(session: Session, households: Sequence[str], change: int) -> None:
    """Move so many months of each of some households from committed to used, or back where fewer than none."""
    for block in rows.blocks(households):
        values = {
            Household.months_used: col(Household.months_used) + change,
            Household.months_committed: col(Household.months_committed) - change,
        }
        rows.update_where(session, Household, col(Household.code).in_(block), values=values)
