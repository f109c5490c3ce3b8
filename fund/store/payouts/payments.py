"""Batches and the payments in them: attempts to pay approved months."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from fund.domain.members import Internal, Member
from fund.domain.states import BatchState, ContributionState, PaymentState, State
from fund.domain.views import PaymentView
from fund.store import journal, rows
from fund.store.payouts.runs import LIVE_ACCOUNT
from fund.store.rows import NO_VALUES, Values
from fund.store.tables import (
    BankAccount,
    BankFile,
    BankLine,
    BatchExport,
    Contribution,
    JournalEntry,
    Landlord,
    Lease,
    Payment,
    PaymentBatch,
)
from ledger.entries import Entry
from ledger.months import Month

UNDER_WAY = or_(col(Payment.state) == PaymentState.PROPOSED, col(Payment.outstanding_cents) > 0)
"""The condition that a payment is proposed, or some of it is ordered and not executed: a month has at most one."""
_before = aliased(Payment)


def being_paid() -> Select[int]:
    """The contributions that a payment will pay: it is proposed, or under way."""
    return select(col(Payment.contribution_id)).where(UNDER_WAY)


def is_owed() -> ColumnElement[bool]:
    """The condition that a contribution is approved, and that no live payment pays it."""
    return and_(col(Contribution.state) == ContributionState.APPROVED, col(Contribution.id).not_in(being_paid()))


def months_being_paid(session: Session, months: Collection[int]) -> set[int]:
    """Those of some months that a payment will pay: it is proposed, or under way."""
    return set(rows.scalars(session, being_paid().where(col(Payment.contribution_id).in_(months))))


def payments_under_way(session: Session, months: Iterable[int]) -> dict[int, tuple[str, bool]]:
    """The payment of each of some months that is under way, and whether it is ordered and not only proposed."""
    found: dict[int, tuple[str, bool]] = {}
    for block in rows.blocks(sorted(months)):
        of_months = select(col(Payment.contribution_id), col(Payment.code), col(Payment.outstanding_cents) > 0).where(
            UNDER_WAY, col(Payment.contribution_id).in_(block)
        )
        found |= {month: (code, is_ordered) for month, code, is_ordered in rows.tuples(session, of_months)}
    return found


@dataclass(frozen=True, slots=True)
class OwedMonth:
    """An approved month that no live payment pays, with its landlord's live account if there is one."""

    contribution: Contribution
    account: BankAccount | None
    rf_reference: str | None


def owed_months(session: Session, *, run: str | None = None) -> list[OwedMonth]:
    """The approved months (of a run) that no live payment pays, oldest first."""
    owed = (
        select(Contribution, BankAccount, col(Landlord.rf_reference))
        .select_from(Contribution)
        .join(Landlord, col(Landlord.code) == col(Contribution.landlord))
        .outerjoin(BankAccount, LIVE_ACCOUNT)
        .where(is_owed())
        .where(*rows.given((col(Contribution.run_month), run)))
        .order_by(col(Contribution.month), col(Contribution.household))
    )
    return rows.fetch_joined(session, OwedMonth, owed)


def find_owed(session: Session, household: str, month: str) -> Contribution | None:
    """A household's month, if it is approved and no live payment pays it."""
    named = (col(Contribution.household) == household, col(Contribution.month) == month)
    return rows.record(session, select(Contribution).where(*named, is_owed()))


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment with its month, the account that it goes to, if it is known, and when it was ordered, if it was."""

    payment: Payment
    contribution: Contribution
    account: BankAccount | None
    ordered_at: datetime | None


def _payments() -> Select[Payment, Contribution, BankAccount, datetime | None]:
    return (
        select(Payment, Contribution, BankAccount, col(PaymentBatch.sealed_at))
        .select_from(Payment)
        .join(PaymentBatch, col(PaymentBatch.code) == col(Payment.batch))
        .join(Contribution, col(Contribution.id) == col(Payment.contribution_id))
        .outerjoin(BankAccount, col(BankAccount.id) == col(Payment.account_id))
    )


def payments_by_code(session: Session, codes: Iterable[str]) -> Mapping[str, PaymentRow]:
    """The payments with some codes."""
    found: dict[str, PaymentRow] = {}
    for block in rows.blocks(sorted(codes)):
        some = rows.fetch_joined(session, PaymentRow, _payments().where(col(Payment.code).in_(block)))
        found |= {row.payment.code: row for row in some}
    return found


def attempts_at(session: Session, contribution: int) -> list[PaymentRow]:
    """Every payment of a month, oldest first."""
    attempts = _payments().where(col(Payment.contribution_id) == contribution).order_by(col(Payment.code))
    return rows.fetch_joined(session, PaymentRow, attempts)


def entries_of(session: Session, payment: str) -> list[Entry]:
    """The journal's entries of a payment."""
    return journal.read_entries(session, [col(JournalEntry.payment) == payment])


def _replaced() -> ScalarSelect[str]:
    """The attempt before a payment at the same month, which did not reach the landlord; drafts withdrawn apart."""
    return (
        select(col(_before.code))
        .where(
            col(_before.contribution_id) == col(Payment.contribution_id),
            col(_before.batch) < col(Payment.batch),
            col(_before.state) != PaymentState.WITHDRAWN,
        )
        .order_by(col(_before.batch).desc())
        .limit(1)
        .correlate(Payment)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class BatchPayment:
    """A payment of a batch with all that its approver and its bank read; ``replaces`` is the attempt before it."""

    payment: Payment
    contribution: Contribution
    account: BankAccount | None
    landlord: Landlord
    lease: Lease
    replaces: str | None


def batch_payments(session: Session, batch: str) -> list[BatchPayment]:
    """The payments of a batch, by code."""
    payments = (
        select(Payment, Contribution, BankAccount, Landlord, Lease, _replaced())
        .select_from(Payment)
        .join(Contribution, col(Contribution.id) == col(Payment.contribution_id))
        .join(Landlord, col(Landlord.code) == col(Contribution.landlord))
        .join(Lease, col(Lease.id) == col(Contribution.lease_id))
        .outerjoin(BankAccount, col(BankAccount.id) == col(Payment.account_id))
        .where(col(Payment.batch) == batch)
        .order_by(col(Payment.code))
    )
    return rows.fetch_joined(session, BatchPayment, payments)


def payments_in_batch(session: Session, batch: str) -> list[str]:
    """The codes of a batch's payments."""
    codes = select(col(Payment.code)).where(col(Payment.batch) == batch).order_by(col(Payment.code))
    return rows.scalars(session, codes)


def payments_where(
    session: Session,
    *,
    household: str | None = None,
    landlord: str | None = None,
    month: str | None = None,
    state: str | None = None,
    batch: str | None = None,
) -> list[PaymentView]:
    """Payments with their months, oldest first; a filter that is ``None`` does not filter."""
    chosen = rows.given(
        (col(Contribution.household), household),
        (col(Contribution.landlord), landlord),
        (col(Contribution.month), month),
        (col(Payment.state), state),
        (col(Payment.batch), batch),
    )
    payments = (
        select(Payment, col(Contribution.household), col(Contribution.landlord), col(Contribution.month), _replaced())
        .select_from(Payment)
        .join(Contribution, col(Contribution.id) == col(Payment.contribution_id))
        .where(*chosen)
        .order_by(col(Payment.code))
    )
    return rows.fetch_joined(session, _view, payments)


@dataclass(frozen=True, slots=True)
class ListedPayment:
    """A payment with what else people find it by: its contract, its account, and its mandate's number in a year."""

    view: PaymentView
    registration: str | None
    iban: str | None
    number: int | None
    sealed_at: datetime | None


def listed_payments(session: Session, *, list_format: str) -> list[ListedPayment]:
    """Every payment, the newest first."""
    numbered = mandate_numbers(list_format)
    payments = (
        select(
            Payment,
            col(Contribution.household),
            col(Contribution.landlord),
            col(Contribution.month),
            _replaced(),
            col(Lease.registration),
            rows.optional(col(BankAccount.iban)),
            numbered.c.number,
            numbered.c.sealed_at,
        )
        .select_from(Payment)
        .join(Contribution, col(Contribution.id) == col(Payment.contribution_id))
        .join(Lease, col(Lease.id) == col(Contribution.lease_id))
        .join(numbered, numbered.c.code == col(Payment.code))
        .outerjoin(BankAccount, col(BankAccount.id) == col(Payment.account_id))
        .order_by(col(Payment.code).desc())
    )
    return rows.fetch_joined(session, _listed, payments)


def _listed(
    payment: Payment,
    household: str,
    landlord: str,
    month: str,
    replaces: str | None,
    registration: str | None,
    iban: str | None,
    number: int | None,
    sealed_at: datetime | None,
) -> ListedPayment:
    return ListedPayment(_view(payment, household, landlord, month, replaces), registration, iban, number, sealed_at)


def mandate_numbers(list_format: str) -> Subquery:
    """The code of each payment, the number that its mandate would have in the year of the sealing, and the sealing.

    Numbered before any payment is left out, since each has its place in its batch, whatever became of the others. The
    one mandate of a list is its batch's.
    """
    batch = col(Payment.batch)
    place = func.row_number().over(partition_by=batch, order_by=col(Payment.code))
    has_own = or_(col(PaymentBatch.file_format) != list_format, func.count().over(partition_by=batch) == 1)
    number = case((has_own, col(PaymentBatch.first_mandate) - 1 + place))
    numbers = select(col(Payment.code), number.label("number"), col(PaymentBatch.sealed_at))
    return numbers.join_from(Payment, PaymentBatch, col(PaymentBatch.code) == batch).subquery()


def _view(payment: Payment, household: str, landlord: str, month: str, replaces: str | None) -> PaymentView:
    return PaymentView(
        code=payment.code,
        replaces=replaces,
        batch=payment.batch,
        contribution=payment.contribution_id,
        household=household,
        landlord=landlord,
        month=Month.parse(month),
        amount_cents=payment.amount_cents,
        paid_cents=payment.paid_cents,
        outstanding_cents=payment.outstanding_cents,
        state=payment.state,
        reason=payment.reason,
        bank_date=payment.bank_date,
    )


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """A batch without its payments."""

    code: str
    state: BatchState
    run_month: Annotated[str | None, Member("run")]
    prepared_by: str
    approved_by: str | None
    sealed_at: datetime | None
    file_format: Annotated[str | None, Member("format")]
    file_sha256: Annotated[str | None, Member("sha256")]
    payments: Annotated[int, Internal()]
    total_cents: Annotated[int, Internal()]


def batch_summaries(session: Session, *, run: str | None = None) -> list[BatchSummary]:
    """Every batch (of a run), newest first."""
    batch = (
        col(PaymentBatch.code),
        col(PaymentBatch.state),
        col(PaymentBatch.run_month),
        col(PaymentBatch.prepared_by),
        col(PaymentBatch.approved_by),
        col(PaymentBatch.sealed_at),
        col(PaymentBatch.file_format),
        col(PaymentBatch.file_sha256),
    )
    summaries = (
        select(*batch, func.count(col(Payment.code)), rows.total(col(Payment.amount_cents)))
        .select_from(PaymentBatch)
        .outerjoin(Payment, col(Payment.batch) == col(PaymentBatch.code))
        .where(*rows.given((col(PaymentBatch.run_month), run)))
        .group_by(*batch)
        .order_by(col(PaymentBatch.code).desc())
    )
    return rows.fetch(session, BatchSummary, summaries)


def batches_waiting(session: Session) -> list[str]:
    """The batches that are prepared and neither sealed nor withdrawn."""
    code, state = col(PaymentBatch.code), col(PaymentBatch.state)
    return rows.scalars(session, select(code).where(state == BatchState.PROPOSED).order_by(code))


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A batch that was sealed here: its file, and what further formats are written from."""

    code: str
    state: BatchState
    sealed_at: datetime
    format: str
    data: bytes
    sha256: str
    schemas: tuple[str, ...]
    first_mandate: int
    debtor: str | None

    @classmethod
    def of(cls, batch: PaymentBatch) -> "SealedBatch | None":
        """A batch as it was sealed; nothing before that, and for one whose file a rebuilt database does not have."""
        sealed_at, form, data, sha256 = batch.sealed_at, batch.file_format, batch.file_bytes, batch.file_sha256
        if sealed_at is None or form is None or data is None or sha256 is None or batch.first_mandate is None:
            return None
        return cls(
            code=batch.code,
            state=batch.state,
            sealed_at=sealed_at,
            format=form,
            data=data,
            sha256=sha256,
            schemas=batch.file_schemas,
            first_mandate=batch.first_mandate,
            debtor=batch.debtor,
        )


@dataclass(frozen=True, slots=True)
class DeliveredBatch:
    """A batch and the file that it is delivered as, without its bytes."""

    code: str
    format: str
    sha256: str
    state: BatchState


def batches_to_deliver(session: Session) -> list[DeliveredBatch]:
    """The batches whose file is to lie in the outbox, or to be taken away."""
    return _delivered(session, BatchState.SEALED, BatchState.CANCELLED)


def batches_sealed(session: Session) -> list[DeliveredBatch]:
    """The batches whose file was delivered, sent or not."""
    return _delivered(session, BatchState.SEALED, BatchState.SENT)


def _delivered(session: Session, *in_states: BatchState) -> list[DeliveredBatch]:
    form, digest = col(PaymentBatch.file_format), col(PaymentBatch.file_sha256)
    delivered = select(col(PaymentBatch.code), rows.present(form), rows.present(digest), col(PaymentBatch.state)).where(
        col(PaymentBatch.state).in_(in_states), form.is_not(None), digest.is_not(None)
    )
    return rows.fetch(session, DeliveredBatch, delivered)


def files_lost(session: Session) -> dict[str, str]:
    """The sha256 of the files of batches that a database made again does not have."""
    digest = rows.present(col(PaymentBatch.file_sha256))
    lost = select(col(PaymentBatch.code), digest).where(
        col(PaymentBatch.file_format).is_(None),
        col(PaymentBatch.file_sha256).is_not(None),
        col(PaymentBatch.state).in_((BatchState.SEALED, BatchState.SENT)),
    )
    return dict(rows.tuples(session, lost))


def find_export(session: Session, batch: str, form: str) -> BatchExport | None:
    """A batch in a format that it was written in after it was sealed."""
    kept = select(BatchExport).where(col(BatchExport.batch) == batch, col(BatchExport.format) == form)
    return rows.record(session, kept)


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """A format that a sealed batch was written in, without its bytes."""

    format: str
    sha256: str
    schemas: tuple[str, ...]


def exports_of(session: Session, batch: str) -> list[ExportSummary]:
    """The formats that a batch was written in besides the one that was sealed."""
    exports = (
        select(col(BatchExport.format), col(BatchExport.sha256), col(BatchExport.schemas))
        .where(col(BatchExport.batch) == batch)
        .order_by(col(BatchExport.format))
    )
    return rows.fetch(session, ExportSummary, exports)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A line of a bank's file about a payment, with its file; nothing of who is on the other side."""

    name: str
    received_at: datetime
    ordinal: int
    outcome: str
    amount_cents: int | None
    bank_date: date
    reason: str | None
    matching: str


def bank_lines_of(session: Session, payment: str) -> list[PaymentLine]:
    """The lines of the bank about a payment, in the order in which their files came."""
    lines = (
        select(
            col(BankFile.name),
            col(BankFile.received_at),
            col(BankLine.ordinal),
            col(BankLine.outcome),
            col(BankLine.amount_cents),
            col(BankLine.bank_date),
            col(BankLine.reason),
            col(BankLine.matching),
        )
        .join_from(BankLine, BankFile, col(BankFile.sha256) == col(BankLine.file_sha256))
        .where(col(BankLine.payment) == payment)
        .order_by(col(BankFile.received_at), col(BankLine.file_sha256), col(BankLine.ordinal))
    )
    return rows.fetch(session, PaymentLine, lines)


def mandates_since(session: Session, instant: datetime) -> int:
    """How many mandates were numbered since the beginning of a year: one for each payment that was ever sealed."""
    numbered = (
        select(func.count())
        .select_from(Payment)
        .join(PaymentBatch, col(PaymentBatch.code) == col(Payment.batch))
        .where(col(PaymentBatch.sealed_at) >= instant)
    )
    (count,) = rows.scalars(session, numbered)
    return count


def next_batch_code(session: Session, year: int) -> str:
    """The code of a year's next batch."""
    prefix = f"BAT-{year}-"
    return f"{prefix}{rows.count_like(session, col(PaymentBatch.code), prefix) + 1:04d}"


def next_payment_codes(session: Session, month: Month, count: int) -> list[str]:
    """The codes of the next payments of a month."""
    prefix = f"PAY-{month}-"
    first = rows.count_like(session, col(Payment.code), prefix) + 1
    return [f"{prefix}{number:04d}" for number in range(first, first + count)]


def sealed_rows(session: Session, batch: str) -> list[PaymentBatch | Payment]:
    """A batch and its payments by their codes: what is sealed together."""
    payments = select(Payment).where(col(Payment.batch) == batch).order_by(col(Payment.code))
    return [rows.get(session, PaymentBatch, batch), *rows.records(session, payments)]


def move_payments(session: Session, batch: str, to: PaymentState, values: Values = NO_VALUES) -> None:
    """Move the payments of a batch that may take the step."""
    rows.move(session, Payment, to, col(Payment.batch) == batch, values=values)


@dataclass(frozen=True, slots=True)
class MovedCents:
    """What a movement adds, in cents, to what is outstanding of a payment, paid of it, and paid by mistake."""

    outstanding: int = 0
    paid: int = 0
    misexecuted: int = 0


def answer_payments(
    session: Session, codes: Sequence[str], to: PaymentState | None, moved: MovedCents | None, values: Values
) -> None:
    """Change payments of which the bank moved something (all of it, where ``moved`` says nothing): their parts and,
    unless it stays, their state, if they may take the step.
    """
    parts: Values = {Payment.outstanding_cents: 0, Payment.paid_cents: col(Payment.amount_cents)}
    if moved is not None:
        parts = {
            Payment.outstanding_cents: col(Payment.outstanding_cents) + moved.outstanding,
            Payment.paid_cents: col(Payment.paid_cents) + moved.paid,
            Payment.misexecuted_cents: col(Payment.misexecuted_cents) + moved.misexecuted,
        }
    for block in rows.blocks(codes):
        _answer(session, Payment, to, col(Payment.code).in_(block), {**parts, **values})


def answer_months(session: Session, ids: Sequence[int], to: ContributionState | None, ordered_cents: int) -> None:
    """Change months of whose payments the bank moved something, in the same way: add to what of each is ordered."""
    ordered = {Contribution.ordered_cents: col(Contribution.ordered_cents) + ordered_cents}
    values: Values = ordered if ordered_cents else NO_VALUES
    for block in rows.blocks(ids):
        _answer(session, Contribution, to, col(Contribution.id).in_(block), values)


def _answer(
    session: Session, model: type[Payment | Contribution], to: State | None, chosen: ColumnElement[bool], values: Values
) -> None:
    if to is not None:
        rows.move(session, model, to, chosen, values=values)
    elif values:
        rows.update_where(session, model, chosen, values=values)


def order_payments(session: Session, batch: str) -> None:
    """The payments of a batch are ordered, and so is all that is owed of their months."""
    move_payments(session, batch, PaymentState.ORDERED, {Payment.outstanding_cents: col(Payment.amount_cents)})
    all_of_it: Values = {Contribution.ordered_cents: col(Contribution.amount_cents) - col(Contribution.set_off_cents)}
    move_months(session, batch, ContributionState.ORDERED, all_of_it)


def cancel_payments(session: Session, batch: str, reason: str) -> None:
    """The payments of a batch are cancelled, of which nothing was executed: their months are owed again."""
    ordered = (
        select(col(Payment.amount_cents))
        .where(col(Payment.batch) == batch, col(Payment.contribution_id) == col(Contribution.id))
        .correlate(Contribution)
        .scalar_subquery()
    )
    left: Values = {Contribution.ordered_cents: col(Contribution.ordered_cents) - ordered}
    move_months(session, batch, ContributionState.APPROVED, left)
    ended: Values = {Payment.outstanding_cents: 0, Payment.reason: reason}
    move_payments(session, batch, PaymentState.CANCELLED, ended)


def move_months(session: Session, batch: str, to: ContributionState, values: Values = NO_VALUES) -> None:
    """Move the months that a batch pays and that may take the step."""
    paid = select(col(Payment.contribution_id)).where(col(Payment.batch) == batch)
    rows.move(session, Contribution, to, col(Contribution.id).in_(paid), values=values)
