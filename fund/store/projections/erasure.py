"""Where the personal values of landlords and households stand, so that an erasure finds all of them."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, SQLModel, col

from fund.store import rows
from fund.store.banking import bank_lines
from fund.store.tables import (
    BankAccount,
    BankLine,
    Contribution,
    Household,
    JournalEntry,
    Landlord,
    Lease,
    Payment,
    Proposal,
)


def erase(session: Session, code: str) -> None:
    """Erase the personal values of a landlord or a household, and the other side of the bank's lines about it."""
    rows.erase_where(session, BankLine, _speaks_of(code))  # first: it is found by the IBANs
    for model, theirs in _rows_of([code]):
        rows.erase_where(session, model, theirs)


def files_about(session: Session, code: str) -> list[str]:
    """The bank's files in which lines speak of a landlord."""
    return rows.scalars(session, select(col(BankLine.file_sha256)).where(_speaks_of(code)).distinct())


def rows_left(session: Session, codes: Collection[str]) -> Iterator[SQLModel]:
    """The rows that hold personal values of landlords and households, but for the bank's lines."""
    for block in rows.blocks(sorted(codes)):
        for model, theirs in _rows_of(block):
            held = or_(*(column.is_not(None) for column in rows.personal(model)))
            yield from rows.records(session, select(model).where(theirs, held))


def _rows_of(codes: Collection[str]) -> Iterator[tuple[type[SQLModel], ColumnElement[bool]]]:
    yield Landlord, col(Landlord.code).in_(codes)
    yield Household, col(Household.code).in_(codes)
    yield BankAccount, col(BankAccount.landlord).in_(codes)
    yield Lease, or_(col(Lease.landlord).in_(codes), col(Lease.household).in_(codes))
    yield Proposal, col(Proposal.subject).in_(codes)


def _speaks_of(code: str) -> ColumnElement[bool]:
    """The condition of lines to or from a landlord's accounts, about payments to the landlord, or matched to other
    entries about that: a month paid without an order, money back.
    """
    own = select(col(BankAccount.iban)).where(col(BankAccount.landlord) == code, col(BankAccount.iban).is_not(None))
    months = select(col(Contribution.id)).where(col(Contribution.landlord) == code)
    theirs = col(Payment.contribution_id).in_(months)
    paid = select(col(Payment.code)).where(theirs)
    entries = select(col(JournalEntry.seq)).where(col(JournalEntry.landlord) == code)
    return or_(
        col(BankLine.counterparty_iban).in_(own),
        col(BankLine.payment).in_(paid),
        bank_lines.is_matched_to(theirs),
        col(BankLine.entry).in_(entries),
    )
