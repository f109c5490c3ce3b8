"""Closed months, the files behind the books, and what verification and rebuilding read and write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import String, and_, case, cast, func, literal, select, text, type_coerce, union_all
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.lists import Resolution
from fund.domain.states import BatchState, PaymentState
from fund.store import rows
from fund.store.journal import stands
from fund.store.rows import Record
from fund.store.tables import (
    Allocation,
    BankAccount,
    BankFile,
    BankLine,
    BatchExport,
    Closing,
    Collection,
    Contribution,
    Household,
    JournalEntry,
    Landlord,
    Lease,
    Overpayment,
    Payment,
    PaymentBatch,
    Posting,
    SetOff,
    Statement,
)
from ledger import accounts
from ledger.acts.banking import CHARGE_KINDS
from ledger.kinds import REGULARISATIONS
from ledger.publisher import SealedMonth


def list_closings(session: Session) -> list[Closing]:
    """The closed months, newest first."""
    return rows.records(session, select(Closing).order_by(col(Closing.month).desc()))


def sealed_months(session: Session) -> list[SealedMonth]:
    """What is remembered of the files of closed months, oldest first."""
    closed = select(col(Closing.month), col(Closing.last_seq), col(Closing.file_sha256)).order_by(col(Closing.month))
    return rows.fetch(session, SealedMonth, closed)


def last_closed_month(session: Session) -> str | None:
    """The last month that is closed."""
    return rows.scalar(session, select(func.max(col(Closing.month))))


def households_on(session: Session, day: date) -> list[Household]:
    """The households admitted until a day."""
    return rows.records(session, select(Household).where(col(Household.admitted_on) <= day))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A sealed batch or a file of the bank without its bytes; a batch with its code and the schemas that it passed."""

    sha256: str
    at: datetime
    size_bytes: int | None
    batch: str | None = None
    schemas: tuple[str, ...] = ()


def list_files(session: Session) -> list[StoredFile]:
    """The sealed batches and the files of the bank."""
    sealed = select(
        rows.present(col(PaymentBatch.file_sha256)),
        rows.present(col(PaymentBatch.sealed_at)),
        func.length(col(PaymentBatch.file_bytes)),
        col(PaymentBatch.code),
        col(PaymentBatch.file_schemas),
    ).where(col(PaymentBatch.file_sha256).is_not(None))
    received = select(col(BankFile.sha256), col(BankFile.received_at), func.length(col(BankFile.content)))
    return [*rows.fetch(session, StoredFile, sealed), *rows.fetch(session, StoredFile, received)]


def read_file(session: Session, sha256: str) -> bytes | None:
    """The bytes of a sealed batch or of a file of the bank."""
    sealed = select(col(PaymentBatch.file_bytes)).where(col(PaymentBatch.file_sha256) == sha256)
    received = select(col(BankFile.content)).where(col(BankFile.sha256) == sha256)
    return rows.scalar(session, sealed) or rows.scalar(session, received)


def list_all(session: Session, model: type[Record]) -> list[Record]:
    """Every row of a table."""
    return rows.records(session, select(model))


class BookedMonth(NamedTuple):
    """A month as the books know it: an approval covers it, by a lease, named by its household and number."""

    household: str
    month: str
    run: str
    landlord: str
    lease: str | None
    amount_cents: int
    lot_cents: int
    set_off_cents: int
    ordered_cents: int
    formula: str | None
    state: str

    @property
    def key(self) -> tuple[str, str]:
        return self[:2]


def booked_months(session: Session) -> Iterator[BookedMonth]:
    """The months that an approval covers."""
    booked = (
        select(
            col(Contribution.household),
            col(Contribution.month),
            col(Contribution.run_month),
            col(Contribution.landlord),
            rows.optional(col(Lease.household)) + literal(" ") + cast(col(Lease.number), String),
            col(Contribution.amount_cents),
            col(Contribution.lot_cents),
            col(Contribution.set_off_cents),
            col(Contribution.ordered_cents),
            col(Contribution.formula),
            type_coerce(col(Contribution.state), String),
        )
        .outerjoin(Lease, col(Lease.id) == col(Contribution.lease_id))
        .where(col(Contribution.state).in_(states.USED_CONTRIBUTIONS))
    )
    return rows.stream(session, BookedMonth, booked)


def undecided_months(session: Session) -> list[Contribution]:
    """The months that are proposed or on hold, by their runs."""
    undecided = col(Contribution.state).in_(states.UNDECIDED_CONTRIBUTIONS)
    return rows.records(session, select(Contribution).where(undecided).order_by(col(Contribution.run_month)))


def open_allocations(session: Session) -> dict[str, int]:
    """What is not received of each tranche."""
    left = col(Allocation.amount_cents) - col(Allocation.received_cents)
    return dict(rows.tuples(session, select(col(Allocation.code), left)))


def open_claims(session: Session) -> dict[str, int]:
    """What each landlord was overpaid and has not given back."""
    left = rows.total(col(Overpayment.amount_cents) - col(Overpayment.recovered_cents))
    return dict(rows.tuples(session, select(col(Overpayment.landlord), left).group_by(col(Overpayment.landlord))))


def claimed_months(session: Session, model: type[Overpayment] | type[SetOff]) -> dict[int, str]:
    """Household and month of the approved contribution that each overpayment or set-off is of, by its entry."""
    claimed = (
        select(col(model.entry), col(Contribution.household) + literal(" ") + col(Contribution.month))
        .join(Contribution, col(Contribution.id) == col(model.contribution_id))
        .where(col(Contribution.state).in_(states.USED_CONTRIBUTIONS))
    )
    return dict(rows.tuples(session, claimed))


class BookedPayment(NamedTuple):
    """A payment as the books know it, with the household's month and the landlord's account, each as one text.

    They know that it was ordered, and not whether it was sent: one that waits for that counts as sent.
    """

    code: str
    batch: str
    amount_cents: int
    outstanding_cents: int
    paid_cents: int
    misexecuted_cents: int
    bank_date: date | None
    state: str
    account: str | None
    month: str

    @property
    def key(self) -> str:
        return self.code


def booked_payments(session: Session) -> Iterator[BookedPayment]:
    """The payments that were ordered."""
    account = rows.optional(col(BankAccount.landlord)) + literal(" ") + cast(col(BankAccount.version), String)
    state = type_coerce(col(Payment.state), String)
    ordered = (
        select(
            col(Payment.code),
            col(Payment.batch),
            col(Payment.amount_cents),
            col(Payment.outstanding_cents),
            col(Payment.paid_cents),
            col(Payment.misexecuted_cents),
            col(Payment.bank_date),
            case((state == PaymentState.ORDERED, PaymentState.SENT), else_=state),
            account,
            col(Contribution.household) + literal(" ") + col(Contribution.month),
        )
        .join(Contribution, col(Contribution.id) == col(Payment.contribution_id))
        .outerjoin(BankAccount, col(BankAccount.id) == col(Payment.account_id))
        .where(col(Payment.state).not_in(states.UNORDERED_PAYMENTS))
    )
    return rows.stream(session, BookedPayment, ordered)


def ordered_payments(session: Session) -> list[tuple[str, str, str | None]]:
    """The batch and the code of each payment that was ordered, and the reference that it cites."""
    ordered = select(col(Payment.batch), col(Payment.code), col(Payment.rf_reference))
    return rows.tuples(session, ordered.where(col(Payment.state).not_in(states.UNORDERED_PAYMENTS)))


@dataclass(frozen=True, slots=True)
class BookedBatch:
    """A batch as the books know it, with the file that is kept of it."""

    code: str
    run_month: str | None
    prepared_by: str
    approved_by: str | None
    sealed_at: datetime | None
    file_sha256: str | None
    state: BatchState
    file_bytes: bytes | None
    debtor: str | None


def booked_batches(session: Session) -> Iterator[BookedBatch]:
    """The batches, one file in memory after the other."""
    batches = select(
        col(PaymentBatch.code),
        col(PaymentBatch.run_month),
        col(PaymentBatch.prepared_by),
        col(PaymentBatch.approved_by),
        col(PaymentBatch.sealed_at),
        col(PaymentBatch.file_sha256),
        col(PaymentBatch.state),
        col(PaymentBatch.file_bytes),
        col(PaymentBatch.debtor),
    )
    return rows.stream(session, BookedBatch, batches)


def payments_astray(session: Session) -> list[str]:
    """The payments that are in no order, and not in their batch's state."""
    state = type_coerce(col(Payment.state), String)
    astray = (
        select(col(Payment.code))
        .join(PaymentBatch, col(PaymentBatch.code) == col(Payment.batch))
        .where(col(Payment.state).in_(states.UNORDERED_PAYMENTS), state != type_coerce(col(PaymentBatch.state), String))
        .order_by(col(Payment.code))
    )
    return rows.scalars(session, astray)


_SEAL = "sealed"
"""The act by which a file of a batch is booked."""


def names_since(session: Session, file: str) -> dict[str, str]:
    """The names of landlords that are on file and were booked before a file of a batch was sealed."""
    number, kind = col(JournalEntry.seq), col(JournalEntry.kind)
    sealed = select(func.max(number)).where(kind == _SEAL, col(JournalEntry.evidence) == file).scalar_subquery()
    renamed = select(col(JournalEntry.landlord)).where(kind == "landlord-name", number > sealed)
    named = select(col(Landlord.code), rows.present(col(Landlord.name)))
    return dict(rows.tuples(session, named.where(col(Landlord.name).is_not(None), col(Landlord.code).not_in(renamed))))


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept, with the sha256 that names it; ``name`` says which file it is."""

    name: str
    sha256: str
    content: bytes


def kept_files(session: Session) -> Iterator[KeptFile]:
    """The files of the bank and the further formats of batches, one file in memory after the other."""
    received = select(col(BankFile.sha256), col(BankFile.sha256), col(BankFile.content))
    yield from rows.stream(session, KeptFile, received)
    yield from kept_exports(session)


def kept_exports(session: Session) -> Iterator[KeptFile]:
    """The further formats of batches, one file in memory after the other."""
    exported = select(
        col(BatchExport.batch) + literal("/") + col(BatchExport.format),
        col(BatchExport.sha256),
        col(BatchExport.content),
    )
    return rows.stream(session, KeptFile, exported)


@dataclass(frozen=True, slots=True)
class IssuedHead:
    """The number of a statement as it was issued, and whether the journal ever had the head that it bears."""

    number: str
    is_in_chain: bool


def issued_heads(session: Session) -> list[IssuedHead]:
    """The statements in the order of their numbers. Each bears a head: its landlord's registration is an entry."""
    journal = select(col(Statement.number), col(JournalEntry.hash).is_not(None)).outerjoin(
        JournalEntry, col(JournalEntry.hash) == col(Statement.chain_head)
    )
    return rows.fetch(session, IssuedHead, journal.order_by(col(Statement.number)))


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """An entry of the journal that cites a file of the bank as its evidence, with the payment's batch.

    ``moved_cents`` is what it moves of the treasury, or for a refusal of the order; ``amount_cents`` was ordered.
    """

    seq: int
    kind: str
    payment: str
    batch: str
    bank_date: date | None
    moved_cents: int
    amount_cents: int
    evidence: str


def bank_answers(session: Session, kinds: Iterable[str]) -> list[BankAnswer]:
    """The entries of some kinds about payments that cite a file of the bank that is kept."""
    kind = col(JournalEntry.kind)
    account = case((kind == "refusal", accounts.OUTSTANDING_ORDERS), else_=accounts.TREASURY)
    moved = and_(col(Posting.seq) == col(JournalEntry.seq), col(Posting.account) == account)
    answers = (
        select(
            col(JournalEntry.seq),
            kind,
            col(Payment.code),
            col(Payment.batch),
            col(JournalEntry.bank_date),
            func.abs(col(Posting.amount_cents)),
            col(Payment.amount_cents),
            rows.present(col(JournalEntry.evidence)),
        )
        .join(Payment, col(Payment.code) == col(JournalEntry.payment))
        .join(Posting, moved)
        .where(
            col(JournalEntry.kind).in_(list(kinds)),
            col(JournalEntry.evidence).in_(select(col(BankFile.sha256))),
            stands(),
        )
    )
    return rows.fetch(session, BankAnswer, answers.order_by(col(JournalEntry.seq)))


@dataclass(frozen=True, slots=True)
class BankReceipt:
    """An entry of money of no payment that cites a file of the bank; ``of`` is what the line was matched to: its
    allocation, landlord or month, or its own number. A charge can be part of a line.
    """

    seq: int
    kind: str
    of: str
    bank_date: date
    amount_cents: int
    evidence: str


def bank_receipts(session: Session) -> list[BankReceipt]:
    """Collections, recoveries, regularisations and what came back of them, repayments and charges that cite a file."""
    kind, month = col(JournalEntry.kind), col(JournalEntry.household) + "-" + col(JournalEntry.month)
    of = case(
        (kind == "collection", col(Collection.allocation)),
        (kind.in_(REGULARISATIONS), month),
        (kind == "recovery", col(JournalEntry.landlord)),
        else_=cast(col(JournalEntry.seq), String),
    )
    receipts = (
        select(
            col(JournalEntry.seq),
            kind,
            of,
            rows.present(col(JournalEntry.bank_date)),
            col(Posting.amount_cents),
            rows.present(col(JournalEntry.evidence)),
        )
        .join(Posting, col(Posting.seq) == col(JournalEntry.seq))
        .outerjoin(Collection, col(Collection.seq) == col(JournalEntry.seq))
        .where(
            kind.in_(("collection", "recovery", *REGULARISATIONS, "repayment-paid", *CHARGE_KINDS)),
            col(JournalEntry.evidence).is_not(None),
            stands(),
            col(Posting.account) == accounts.TREASURY,
        )
    )
    return rows.fetch(session, BankReceipt, receipts.order_by(col(JournalEntry.seq)))


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line of the bank that a person matched to money, and the first entry of that.

    ``cents`` is what it moved: of a month that was paid without an order, before what the bank kept besides.
    """

    file: str
    entry: int
    resolved_to: str
    bank_date: date
    cents: int


def matched_lines(session: Session) -> list[MatchedLine]:
    """The lines that have an entry by a person's decision."""
    moved_cents, charges_cents = rows.present(col(BankLine.moved_cents)), func.coalesce(col(BankLine.charges_cents), 0)
    of_month = col(BankLine.resolved_as) == Resolution.REGULARISATION
    matched = select(
        col(BankLine.file_sha256),
        rows.present(col(BankLine.entry)),
        rows.present(col(BankLine.resolved_to)),
        col(BankLine.bank_date),
        case((of_month, moved_cents + charges_cents), else_=moved_cents),
    ).where(
        col(BankLine.entry).is_not(None), col(BankLine.resolved_to).is_not(None), col(BankLine.moved_cents).is_not(None)
    )
    return rows.fetch(session, MatchedLine, matched)


def count_evidence_not_held(session: Session, kinds: Iterable[str], seq: int, *, since: bool) -> int:
    """How many files entries of some kinds cite whose bytes are neither those of a batch nor of a file of the bank.

    Of the entries ``since`` number ``seq``, or of those up to it.
    """
    number = col(JournalEntry.seq)
    held = union_all(
        select(col(BankFile.sha256)),
        select(rows.present(col(PaymentBatch.file_sha256))).where(col(PaymentBatch.file_bytes).is_not(None)),
    )
    cited = select(func.count(func.distinct(col(JournalEntry.evidence)))).where(
        col(JournalEntry.kind).in_(list(kinds)),
        col(JournalEntry.evidence).not_in(held),
        number > seq if since else number <= seq,
    )
    return rows.scalar(session, cited) or 0


def kept_bank_files(session: Session) -> set[str]:
    """The sha256 of each file of the bank that is kept."""
    return set(rows.scalars(session, select(col(BankFile.sha256))))


@dataclass(frozen=True, slots=True)
class KeptLine:
    """What a line of a bank's file says of the payment or the batch that it names, or that a person named for it."""

    file: str
    payment: str
    resolved_to: str | None
    bank_date: date
    amount_cents: int | None
    charges_cents: int | None


def kept_lines(session: Session) -> list[KeptLine]:
    """The lines of the bank's files."""
    lines = select(
        col(BankLine.file_sha256),
        col(BankLine.payment),
        col(BankLine.resolved_to),
        col(BankLine.bank_date),
        col(BankLine.amount_cents),
        col(BankLine.charges_cents),
    )
    return rows.fetch(session, KeptLine, lines)


def continue_numbers(session: Session, last: int) -> None:
    """Number months and accounts behind ``last``: PostgreSQL's counters do not see numbers that were given."""
    if session.connection().dialect.name == "postgresql":
        for name in ("contribution", "bank_account"):
            numbered = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
            session.connection().execute(numbered, {"name": name, "last": last})
