"""What waits for a person: one query for each kind of work."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.proposals import ActName
from fund.domain.states import (
    AccountState,
    BatchState,
    ContributionState,
    DeliveryState,
    ProposalState,
    RunState,
)
from fund.store import rows
from fund.store.banking import bank_lines
from fund.store.tables import (
    BankAccount,
    BankFile,
    BankStatement,
    Contribution,
    Delivery,
    Landlord,
    Payment,
    PaymentBatch,
    Proposal,
    Run,
)


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that is not approved, with the months that it proposes."""

    month: str
    state: RunState
    prepared_by: str | None
    months: int
    cents: int


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that waits for its approval, or to be sent, with its payments."""

    code: str
    state: BatchState
    prepared_by: str
    payments: int
    cents: int


@dataclass(frozen=True, slots=True)
class HeldMonths:
    """The months that are on hold in a run."""

    run: str
    months: int
    cents: int


def open_runs(session: Session) -> list[OpenRun]:
    """The runs that are not approved, oldest first."""
    run = (col(Run.month), col(Run.state), col(Run.prepared_by))
    proposed = and_(
        col(Contribution.run_month) == col(Run.month), col(Contribution.state) == ContributionState.PROPOSED
    )
    open_ = (
        select(*run, func.count(col(Contribution.id)), rows.total(col(Contribution.amount_cents)))
        .select_from(Run)
        .outerjoin(Contribution, proposed)
        .where(col(Run.state).in_(states.UNDECIDED_RUNS))
        .group_by(*run)
        .order_by(col(Run.month))
    )
    return rows.fetch(session, OpenRun, open_)


def open_batches(session: Session) -> list[OpenBatch]:
    """The batches that are not sent, by code, with the payments that the bank has not answered all the same."""
    batch = (col(PaymentBatch.code), col(PaymentBatch.state), col(PaymentBatch.prepared_by))
    open_ = (
        select(*batch, func.count(col(Payment.code)), rows.total(col(Payment.amount_cents)))
        .select_from(PaymentBatch)
        .join(Payment, col(Payment.batch) == col(PaymentBatch.code))
        .where(col(PaymentBatch.state).in_(states.UNSENT_BATCHES), col(Payment.state).in_(states.UNSENT_PAYMENTS))
        .group_by(*batch)
        .order_by(col(PaymentBatch.code))
    )
    return rows.fetch(session, OpenBatch, open_)


def suspended_accounts(session: Session) -> list[BankAccount]:
    """The accounts that nothing is paid to before they are confirmed again, and that no proposal is about."""
    proposed = select(col(Proposal.subject)).where(
        col(Proposal.act) == ActName.ACCOUNT, col(Proposal.state) == ProposalState.PROPOSED
    )
    suspended = (col(BankAccount.state) == AccountState.SUSPENDED, col(BankAccount.landlord).not_in(proposed))
    return rows.records(session, select(BankAccount).where(*suspended).order_by(col(BankAccount.landlord)))


def held_months(session: Session) -> list[HeldMonths]:
    """The months on hold, by run."""
    run = rows.present(col(Contribution.run_month))
    held = (
        select(run, func.count(), rows.total(col(Contribution.amount_cents)))
        .where(col(Contribution.state) == ContributionState.HELD)
        .group_by(run)
        .order_by(run)
    )
    return rows.fetch(session, HeldMonths, held)


def count_open_lines(session: Session) -> int:
    """How many lines of the bank nothing explains yet."""
    waiting = bank_lines.with_statement(select(func.count())).where(bank_lines.is_open())
    return rows.scalar(session, waiting) or 0


def count_unbooked_files(session: Session) -> int:
    """How many files of the bank were kept, of which nothing could be booked, and that are not set aside."""
    return rows.count(session, BankFile, col(BankFile.booked_at).is_(None), col(BankFile.set_aside_as).is_(None))


def count_undecided_statements(session: Session) -> int:
    """How many statements clash with another, or are of another account."""
    return rows.count(session, BankStatement, col(BankStatement.state).in_(states.UNDECIDED_STATEMENTS))


def count_failed_deliveries(session: Session) -> int:
    """How many messages never arrived, whose landlord is not erased and to whom none of the kind was sent since."""
    again = aliased(Delivery)
    of_same = or_(
        col(again.statement) == col(Delivery.statement),
        and_(col(again.statement).is_(None), col(Delivery.statement).is_(None)),
    )
    sent_again = (
        select(col(again.id))
        .where(col(again.landlord) == col(Delivery.landlord), col(again.id) > col(Delivery.id), of_same)
        .correlate(Delivery)
        .exists()
    )
    failed = (
        select(func.count())
        .select_from(Delivery)
        .join(Landlord, col(Landlord.code) == col(Delivery.landlord))
        .where(col(Delivery.state) == DeliveryState.FAILED, col(Landlord.erased_on).is_(None), ~sent_again)
    )
    return rows.scalar(session, failed) or 0
