"""What an open line of the bank may be about: payments, batches, allocations and overpayments that are not closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.states import PaymentState
from fund.store import rows
from fund.store.payouts.payments import is_owed, mandate_numbers
from fund.store.payouts.runs import LEFT_CENTS, LIVE_ACCOUNT
from fund.store.tables import Allocation, BankAccount, Contribution, Overpayment, Payment, PaymentBatch


@dataclass(frozen=True, slots=True)
class NumberedPayment:
    """A payment with the number of its mandate in the year of its sealing."""

    code: str
    amount_cents: int
    misexecuted_cents: int
    state: PaymentState
    bank_date: date | None
    iban: str | None
    number: int | None
    sealed_at: datetime | None


def smallest_of_batches(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Of those codes that are of batches, what the smallest payment is, in cents."""
    batch = rows.present(col(Payment.batch))
    smallest = select(batch, func.min(col(Payment.amount_cents))).where(batch.in_(codes)).group_by(batch)
    return dict(rows.tuples(session, smallest))


def numbered_payments(session: Session, in_states: Collection[str], *, list_format: str) -> list[NumberedPayment]:
    """The payments in some states."""
    numbered = mandate_numbers(list_format)
    payments = (
        select(
            col(Payment.code),
            col(Payment.amount_cents),
            col(Payment.misexecuted_cents),
            col(Payment.state),
            col(Payment.bank_date),
            col(BankAccount.iban),
            numbered.c.number,
            numbered.c.sealed_at,
        )
        .select_from(Payment)
        .join(numbered, numbered.c.code == col(Payment.code))
        .outerjoin(BankAccount, col(BankAccount.id) == col(Payment.account_id))
        .where(col(Payment.state).in_(in_states))
    )
    return rows.fetch(session, NumberedPayment, payments)


@dataclass(frozen=True, slots=True)
class OrderedBatch:
    """What the bank has not answered yet of a batch that is more than a payment."""

    code: str
    sealed_at: datetime | None
    file_format: str | None
    first_mandate: int | None
    cents: int


def ordered_batches(session: Session) -> list[OrderedBatch]:
    """The batches of several payments that the bank has not answered yet."""
    batch = (
        col(PaymentBatch.code),
        col(PaymentBatch.sealed_at),
        col(PaymentBatch.file_format),
        col(PaymentBatch.first_mandate),
    )
    ordered = (
        select(*batch, rows.total(col(Payment.outstanding_cents)))
        .join_from(PaymentBatch, Payment, col(Payment.batch) == col(PaymentBatch.code))
        .where(col(Payment.outstanding_cents) > 0)
        .group_by(*batch)
        .having(func.count() > 1)
    )
    return rows.fetch(session, OrderedBatch, ordered)


def open_allocations(session: Session) -> list[Allocation]:
    """The tranches of which something has not arrived."""
    return rows.records(
        session, select(Allocation).where(col(Allocation.received_cents) < col(Allocation.amount_cents))
    )


@dataclass(frozen=True, slots=True)
class OwedToLandlord:
    """An approved month that no live payment pays, what of it is left, and the IBAN that it would be paid to."""

    household: str
    month: str
    left_cents: int
    iban: str | None


def owed_months(session: Session) -> list[OwedToLandlord]:
    """The approved months that no live payment pays."""
    owed = (
        select(col(Contribution.household), col(Contribution.month), LEFT_CENTS, col(BankAccount.iban))
        .select_from(Contribution)
        .outerjoin(BankAccount, LIVE_ACCOUNT)
        .where(is_owed())
    )
    return rows.fetch(session, OwedToLandlord, owed)


def payments_of_months(session: Session, contributions: Collection[int]) -> dict[tuple[str, str], set[str]]:
    """The payments by which some months, or those that no live payment pays, were ordered: by household and month."""
    ordered = (
        select(col(Contribution.household), col(Contribution.month), col(Payment.code))
        .join(Payment, col(Payment.contribution_id) == col(Contribution.id))
        .where(or_(is_owed(), col(Contribution.id).in_(contributions)))
    )
    found: dict[tuple[str, str], set[str]] = {}
    for household, month, code in rows.tuples(session, ordered):
        found.setdefault((household, month), set()).add(code)
    return found


@dataclass(frozen=True, slots=True)
class OverpaidLandlord:
    """What a landlord was overpaid and has not given back, with the IBAN that it is paid to."""

    landlord: str
    cents: int
    iban: str | None


def overpaid_landlords(session: Session) -> list[OverpaidLandlord]:
    """The landlords who owe something back."""
    left_cents = col(Overpayment.amount_cents) - col(Overpayment.recovered_cents)
    live = and_(
        col(BankAccount.landlord) == col(Overpayment.landlord), col(BankAccount.state).in_(states.LIVE_ACCOUNTS)
    )
    overpaid = (
        select(col(Overpayment.landlord), rows.total(left_cents), func.min(col(BankAccount.iban)))
        .select_from(Overpayment)
        .outerjoin(BankAccount, live)
        .group_by(col(Overpayment.landlord))
        .having(func.sum(left_cents) > 0)
    )
    return rows.fetch(session, OverpaidLandlord, overpaid)
