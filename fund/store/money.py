"""The fund's position, what the funder gave and gets back, overpayments, and what is set off for them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.states import ContributionState, RepaymentState
from fund.store import journal, rows
from fund.store.payouts.payments import being_paid
from fund.store.payouts.runs import LEFT_CENTS
from fund.store.tables import (
    Allocation,
    Collection,
    Contribution,
    Fund,
    Household,
    JournalEntry,
    Landlord,
    Overpayment,
    Repayment,
    SetOff,
)
from ledger.entries import Entry


def move_position(session: Session, *, available: int, committed: int, used: int) -> bool:
    """Change the fund's position by cents, where it does not become available less than nothing."""
    values = {
        Fund.available_cents: col(Fund.available_cents) + available,
        Fund.committed_cents: col(Fund.committed_cents) + committed,
        Fund.used_cents: col(Fund.used_cents) + used,
    }
    return rows.update_where(session, Fund, col(Fund.available_cents) + available >= 0, values=values) == 1


def households_admitted(session: Session, as_of: date) -> list[Household]:
    """The households admitted on or before a day, by code."""
    admitted = select(Household).where(col(Household.admitted_on) <= as_of).order_by(col(Household.code))
    return rows.records(session, admitted)


def landlords_registered(session: Session, as_of: date) -> list[str]:
    """The codes of the landlords registered on or before a day."""
    registered = select(col(Landlord.code)).where(col(Landlord.registered_on) <= as_of).order_by(col(Landlord.code))
    return rows.scalars(session, registered)


def receive(session: Session, allocation: str, amount_cents: int) -> bool:
    """Count money that arrived of an allocation, where no more arrives than was granted; less when below zero."""
    received = rows.update_where(
        session,
        Allocation,
        col(Allocation.code) == allocation,
        col(Allocation.received_cents) + amount_cents <= col(Allocation.amount_cents),
        values={Allocation.received_cents: col(Allocation.received_cents) + amount_cents},
    )
    return received == 1


def collection_entry(session: Session, seq: int) -> Entry | None:
    """The journal's entry of a collection."""
    of_collection = [col(JournalEntry.seq) == seq, col(JournalEntry.kind) == "collection"]
    return next(iter(journal.read_entries(session, of_collection)), None)


def is_corrected(session: Session, seq: int) -> bool:
    """Whether a correction mirrors an entry of the journal."""
    return rows.exists(session, select(col(JournalEntry.seq)).where(col(JournalEntry.corrects) == seq))


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection, with the entry that took it back if one did."""

    seq: int
    allocation: str
    amount_cents: int
    bank_date: date | None
    corrected_by: int | None


def list_collections(session: Session, *, seq: int | None = None) -> list[CollectionRow]:
    """Collections, the newest first: every one, or the one of an entry."""
    mirror = aliased(JournalEntry)
    collections = (
        select(
            col(Collection.seq),
            col(Collection.allocation),
            col(Collection.amount_cents),
            col(Collection.bank_date),
            col(mirror.seq),
        )
        .select_from(Collection)
        .outerjoin(mirror, col(mirror.corrects) == col(Collection.seq))
        .order_by(col(Collection.seq).desc())
    )
    if seq is not None:
        collections = collections.where(col(Collection.seq) == seq)
    return rows.fetch(session, CollectionRow, collections)


def open_repayments(session: Session) -> list[Repayment]:
    """The repayments that are owed to the funder and not paid, oldest first."""
    open_ = select(Repayment).where(col(Repayment.state) == RepaymentState.APPROVED)
    return rows.records(session, open_.order_by(col(Repayment.id)))


def claimed_cents(session: Session, contribution: int, *, since: int = 0) -> int:
    """What is claimed back of a month, by entries from a number on."""
    claimed = select(rows.total(col(Overpayment.amount_cents))).where(
        col(Overpayment.contribution_id) == contribution, col(Overpayment.entry) >= since
    )
    (cents,) = rows.scalars(session, claimed)
    return cents


def list_overpayments(session: Session, *, landlord: str | None = None) -> list[Overpayment]:
    """Every overpayment (of a landlord), the oldest first."""
    overpayments = select(Overpayment).where(*rows.given((col(Overpayment.landlord), landlord)))
    return rows.records(session, overpayments.order_by(col(Overpayment.id)))


def open_overpayments(session: Session, landlord: str) -> list[Overpayment]:
    """A landlord's overpayments of which something has not come back, in the order of their entries."""
    unrecovered = (
        select(Overpayment)
        .where(
            col(Overpayment.landlord) == landlord,
            col(Overpayment.amount_cents) - col(Overpayment.recovered_cents) > 0,
        )
        .order_by(col(Overpayment.entry))
    )
    return rows.records(session, unrecovered)


def recover(session: Session, overpayment: int, amount_cents: int) -> None:
    """Count what came back of an overpayment, where that much of it has not come back yet."""
    rows.update_where(
        session,
        Overpayment,
        col(Overpayment.id) == overpayment,
        col(Overpayment.amount_cents) - col(Overpayment.recovered_cents) >= amount_cents,
        values={Overpayment.recovered_cents: col(Overpayment.recovered_cents) + amount_cents},
    )


def unrecover(session: Session, landlord: str, household: str, month: str, amount_cents: int) -> None:
    """Nothing came back of so much of a month's overpayments after all: of the last of them first."""
    recovered = select(Overpayment).where(
        col(Overpayment.landlord) == landlord,
        col(Overpayment.household) == household,
        col(Overpayment.month) == month,
        col(Overpayment.recovered_cents) > 0,
    )
    for row in rows.records(session, recovered.order_by(col(Overpayment.entry).desc())):
        part_cents = min(row.recovered_cents, amount_cents)
        amount_cents -= part_cents
        rows.change(session, Overpayment, row.id, {Overpayment.recovered_cents: row.recovered_cents - part_cents})


def unpay_repayment(session: Session, amount_cents: int, bank_date: date) -> None:
    """The last repayment of an amount that was paid on a day of the bank's was not paid after all."""
    paid = select(col(Repayment.id)).where(
        col(Repayment.state) == RepaymentState.PAID,
        col(Repayment.amount_cents) == amount_cents,
        col(Repayment.bank_date) == bank_date,
    )
    last = rows.scalars(session, paid.order_by(col(Repayment.id).desc()).limit(1))
    for number in last:
        rows.change(session, Repayment, number, {Repayment.state: RepaymentState.APPROVED, Repayment.bank_date: None})


def set_off(session: Session, contribution: int, amount_cents: int) -> bool:
    """Set cents off against an approved month, where it owes that much and no payment pays it.

    A month of which nothing is left is settled.
    """
    kept = rows.update_where(
        session,
        Contribution,
        col(Contribution.id) == contribution,
        col(Contribution.state) == ContributionState.APPROVED,
        amount_cents <= LEFT_CENTS,
        col(Contribution.id).not_in(being_paid()),
        values={Contribution.set_off_cents: col(Contribution.set_off_cents) + amount_cents},
    )
    if kept != 1:
        return False
    all_of_it = (col(Contribution.id) == contribution, LEFT_CENTS == 0)
    rows.move(session, Contribution, ContributionState.SETTLED, *all_of_it)
    return True


@dataclass(frozen=True, slots=True)
class MonthToSetOff:
    """A month that is owed to a landlord, and what of it can be set off."""

    id: int
    household: str
    month: str
    left_cents: int


def months_to_set_off(session: Session, landlord: str) -> list[MonthToSetOff]:
    """The months of a landlord of which something is owed and not set off, oldest first."""
    owed = (
        select(col(Contribution.id), col(Contribution.household), col(Contribution.month), LEFT_CENTS)
        .where(
            col(Contribution.landlord) == landlord,
            col(Contribution.state).in_(states.UNORDERED_CONTRIBUTIONS),
            LEFT_CENTS > 0,
            col(Contribution.id).not_in(being_paid()),
        )
        .order_by(col(Contribution.month), col(Contribution.household))
    )
    return rows.fetch(session, MonthToSetOff, owed)


def list_set_offs(session: Session, *, landlord: str | None = None) -> list[SetOff]:
    """Every set-off (of a landlord), the oldest first."""
    set_offs = select(SetOff).where(*rows.given((col(SetOff.landlord), landlord)))
    return rows.records(session, set_offs.order_by(col(SetOff.id)))
