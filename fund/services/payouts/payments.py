"""Batches of payments: approved by two people, sealed as bytes, sent, or cancelled before they are sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from fund.bank.latin import to_latin
from fund.bank.port import Debtor
from fund.bank.writers import lacks_codes
from fund.domain import access, errors, lists, rules
from fund.domain.identifiers import mask_iban
from fund.domain.states import BatchState, PaymentState
from fund.domain.views import BankText, BatchLine, BatchView, PaymentView, ShownBatch, WaitingView
from fund.services.as_booked import check_orders, check_prepared, check_tables, ordered_first, payments_digest
from fund.services.bank_lines import check_lines_since
from fund.services.banking.matching import match_waiting, ref
from fund.services.banking.sealing import bank_text, instruction_of, pay_day_of, paying, sealed_file
from fund.services.context import Context
from fund.services.payouts import alerts, controls
from fund.services.payouts.alerts import Alerts
from fund.services.payouts.payees import disclose_payees, payee_of
from fund.store import balances, rows
from fund.store.banking.bank_lines import unconfirmed_payees
from fund.store.payouts import payments as store
from fund.store.payouts.payments import BatchPayment, ExportSummary, OwedMonth, PaymentLine, PaymentRow
from fund.store.payouts.payments import BatchSummary as BatchSummary
from fund.store.rows import Values
from fund.store.tables import Contribution, Lease, PayeeCheck, Payment, PaymentBatch
from ledger import events
from ledger.acts import payouts as payout_acts
from ledger.entries import Draft, Entry
from ledger.money import format_cents
from ledger.months import Month
from ledger.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Ordered:
    """The batch that orders what may be paid, if anything may, and why each other month waits."""

    batch: str | None
    waiting: tuple[str, ...]


def order_approved(context: Context, *, run: Month, prepared_by: str) -> Ordered:
    """Order the months of a run that has just been approved, under the same two people."""
    payable, waiting = _sorted_out(context, store.owed_months(context.session, run=str(run)))
    if sum(row.contribution.left_cents for row in payable) > balances.cash_cents(context.session):
        return Ordered(None, (*waiting, "cash-missing"))
    if not payable:
        return Ordered(None, waiting)
    code = _new_batch(context, prepared_by=prepared_by, run_month=str(run))
    _add_payments(context, code, payable)
    _seal(context, code, prepared_by, store.batch_payments(context.session, code))
    return Ordered(code, waiting)


def prepare_batch(context: Context) -> BatchView:
    """Put every approved month that may be paid and is not into a new batch: returned, refused, or held back before.

    Raises ``NothingToPay``, which says why each month waits.
    """
    context.actor.must_be(*access.preparers("batch-prepared"))
    payable, waiting = _sorted_out(context, store.owed_months(context.session))
    if not payable:
        raise errors.NothingToPay(list(waiting))
    code = _new_batch(context, prepared_by=context.actor.code, run_month=None)
    _add_payments(context, code, payable)
    row, lines = context.get(PaymentBatch, code), store.batch_payments(context.session, code)
    fingerprint = payments_digest(context, row, lines)
    context.book(payout_acts.batch_prepared(context.stamp(), batch=code, fingerprint=fingerprint))
    return _view(context, *_read(context, code))


def _sorted_out(context: Context, owed: Sequence[OwedMonth]) -> tuple[list[OwedMonth], tuple[str, ...]]:
    """The months that may be paid, and why each other one waits."""
    judged = list(zip(owed, controls.why_waiting(context, owed), strict=True))
    payable = [row for row, reason in judged if reason is None]
    months = ((row.contribution, reason) for row, reason in judged if reason is not None)
    return payable, tuple(f"{reason} {month.household} {month.month}" for month, reason in months)


def _new_batch(context: Context, *, prepared_by: str, run_month: str | None) -> str:
    code = store.next_batch_code(context.session, context.day.year)
    batch = PaymentBatch(code=code, state=BatchState.PROPOSED, run_month=run_month, prepared_by=prepared_by)
    context.insert(batch)
    return code


def _add_payments(context: Context, batch: str, payable: Sequence[OwedMonth]) -> None:
    codes = store.next_payment_codes(context.session, Month.of(context.day), len(payable))
    checks = controls.payee_checks_of(context, payable)
    rows.insert(
        context.session,
        *(_payment(batch, code, row, checks) for code, row in zip(codes, payable, strict=True)),
    )


def _payment(batch: str, code: str, row: OwedMonth, checks: Mapping[int, PayeeCheck]) -> Payment:
    """A payment of a month, with the bank's word on its payee as it is known now."""
    check = None if row.account is None else checks.get(row.account.id)
    return Payment(
        code=code,
        contribution_id=row.contribution.id,
        batch=batch,
        account_id=None if row.account is None else row.account.id,
        rf_reference=row.rf_reference,
        amount_cents=row.contribution.left_cents,
        state=PaymentState.PROPOSED,
        payee_result=None if check is None else check.result,
        payee_checked_on=None if check is None else check.checked_on,
        payee_reference=None if check is None else check.reference,
    )


def view_batch(context: Context, batch: str, *, in_full: bool = False) -> ShownBatch:
    """A batch as people see it, for the finance office with the names that the bank reads otherwise; ``in_full`` with
    the payees, as its approver is to see them. Raises ``NotFound``.
    """
    context.actor.must_be(*access.READERS)
    return _shown(context, *_read(context, batch), in_full=in_full)


def _shown(context: Context, row: PaymentBatch, lines: Sequence[BatchPayment], *, in_full: bool) -> ShownBatch:
    view = _view(context, row, lines, in_full=in_full)
    return replace(view, bank_texts=_bank_texts(lines)) if context.actor.role in access.FINANCE else view


def _read(context: Context, batch: str) -> tuple[PaymentBatch, list[BatchPayment]]:
    """A batch and its payments, as they were prepared and booked while it may be approved. Raises ``NotFound``."""
    row, lines = context.get(PaymentBatch, batch), store.batch_payments(context.session, batch)
    if row.state is BatchState.PROPOSED:
        check_tables(context)
        check_prepared(context, row, lines)
    return row, lines


def list_batches(context: Context) -> list[BatchSummary]:
    """Every batch without its bytes, newest first."""
    context.actor.must_be(*access.READERS)
    return store.batch_summaries(context.session)


def _view(context: Context, row: PaymentBatch, lines: Sequence[BatchPayment], *, in_full: bool = False) -> ShownBatch:
    is_waiting = in_full and row.state is BatchState.PROPOSED
    in_full = disclose_payees(context, "batch", row.code, lines, is_waiting=is_waiting)
    found, total_cents = _alerts(context, row, lines), sum(line.payment.amount_cents for line in lines)
    checks = {} if row.state is BatchState.PROPOSED else controls.payee_checks_of(context, lines)
    return ShownBatch(
        code=row.code,
        state=row.state,
        prepared_by=row.prepared_by,
        approved_by=row.approved_by,
        digest=_digest(lines, found),
        format=row.file_format,
        sha256=row.file_sha256,
        schemas=row.file_schemas,
        lines=tuple(_line(context, line, checks.get(line.payment.account_id or 0), in_full=in_full) for line in lines),
        alerts=found.views,
        after=controls.position_after(context, ordered_cents=total_cents) if row.state is BatchState.PROPOSED else None,
        bank_texts=(),
    )


def _line(context: Context, row: BatchPayment, check: PayeeCheck | None, *, in_full: bool) -> BatchLine:
    """A payment with the bank's word on its payee: as it was known when it was prepared, or the ``check`` since."""
    payment = row.payment
    of_payee = payment.payee_result, payment.payee_checked_on, payment.payee_reference
    if check is not None and payment.payee_result is None:
        of_payee = check.result, check.checked_on, check.reference
    return BatchLine(
        payment=payment.code,
        replaces=row.replaces,
        household=row.contribution.household,
        landlord=row.contribution.landlord,
        month=Month.parse(row.contribution.month),
        amount_cents=payment.amount_cents,
        state=payment.state,
        iban=None if row.account is None else mask_iban(row.account.iban),
        reason=payment.reason,
        bank_date=payment.bank_date,
        payee_result=of_payee[0],
        payee_checked_on=of_payee[1],
        payee_reference=of_payee[2],
        payee=payee_of(context, row, in_full=in_full),
    )


def _alerts(context: Context, row: PaymentBatch, lines: Iterable[BatchPayment]) -> Alerts:
    """The alerts of a batch while it may still be approved; what was sealed keeps those that were acknowledged."""
    if row.state is not BatchState.PROPOSED:
        return alerts.acknowledged_of(context, "batch", row.code)
    to_pay = {line.payment.contribution_id: line.payment.account_id for line in lines}
    return alerts.alerts_of(context, "batch", row.code, to_pay)


def _digest(lines: Iterable[BatchPayment], found: Alerts) -> str:
    """What an approval covers: who is paid what, where to, and for which month."""
    shown: list[dict[str, object]] = [
        {
            "code": line.payment.code,
            "household": line.contribution.household,
            "month": line.contribution.month,
            "amount_cents": line.payment.amount_cents,
            "landlord": line.contribution.landlord,
            "landlord_name": line.landlord.name,
            "iban": None if line.account is None else line.account.iban,
            "account_id": line.payment.account_id,
            "rf_reference": line.payment.rf_reference,
        }
        for line in lines
    ]
    return rules.list_digest([*shown, *found.acknowledged])


def acknowledge_in_batch(context: Context, batch: str, ids: Iterable[str], *, reason: str) -> BatchView:
    """The preparer says why alerts of a proposed batch are no mistake. Raises ``NotFound`` and ``StateNotAllowed``."""
    context.actor.must_be(*access.preparers("acknowledgement"))
    row, lines = _read(context, batch)
    if row.state is not BatchState.PROPOSED:
        raise errors.StateNotAllowed("batch", batch, row.state, "acknowledge")
    alerts.acknowledge(context, _alerts(context, row, lines), ids, reason=reason)
    return _view(context, row, lines)


def _bank_texts(lines: Iterable[BatchPayment]) -> tuple[BankText, ...]:
    """What the bank reads in place of each landlord's name that SEPA's characters cannot write."""
    names = {line.landlord.code: line.landlord.name for line in lines if line.landlord.name is not None}
    read = {landlord: to_latin(name) for landlord, name in names.items()}
    return tuple(
        BankText(landlord, names[landlord], latin.text)
        for landlord, latin in sorted(read.items())
        if latin.replaced and latin.text
    )


def approve_batch(context: Context, batch: str, *, digest: str) -> BatchView:
    """Another person approves exactly the payments shown: they are ordered and the file is sealed.

    Raises ``SamePerson``, ``ListChanged``, ``AlertsNotAcknowledged``, ``NotEnoughCash``, ``StateNotAllowed``, and what
    ``controls.check_payable`` and ``controls.check_proposers`` raise.
    """
    context.actor.must_be(access.APPROVER)
    row = context.get(PaymentBatch, batch)
    rules.check_two_people("batch", batch, row.prepared_by, context.actor.code)
    if row.state is not BatchState.PROPOSED:
        raise errors.StateNotAllowed("batch", batch, row.state, BatchState.SEALED)
    lines = store.batch_payments(context.session, batch)
    found = _alerts(context, row, lines)
    current = _digest(lines, found)
    if current != digest:
        raise errors.ListChanged(batch, current)
    controls.check_payable(context, lines)
    controls.check_proposers(context, lines)
    found.check(context.actor.code)
    total_cents, cash_cents = sum(line.payment.amount_cents for line in lines), balances.cash_cents(context.session)
    if total_cents > cash_cents:
        raise errors.NotEnoughCash(format_cents(cash_cents), format_cents(total_cents))
    check_tables(context)
    check_prepared(context, row, lines)
    _seal(context, batch, row.prepared_by, lines)
    return _view(context, *_read(context, batch))


def _seal(context: Context, batch: str, prepared_by: str, lines: Sequence[BatchPayment]) -> None:
    check_orders(context, lines)
    _check_told_since(context, lines)
    sealed = sealed_file(context, batch, lines)
    approved: Values = {PaymentBatch.approved_by: context.actor.code, PaymentBatch.sealed_at: context.at}
    context.step(PaymentBatch, batch, BatchState.SEALED, {**sealed.columns, **approved})
    stamp = context.stamp(prepared_by=prepared_by, approved_by=context.actor.code)
    fingerprint = context.row_fingerprint(*store.sealed_rows(context.session, batch))
    context.book(payout_acts.sealed(stamp, batch=batch, evidence=sealed.file_sha256, fingerprint=fingerprint))
    context.book(*(_order(stamp, line, sealed.file_sha256) for line in lines))
    store.order_payments(context.session, batch)
    match_waiting(context)


def _check_told_since(context: Context, lines: Sequence[BatchPayment]) -> None:
    """What the bank told since a month was ordered first is as it was read: it may say that the month is paid."""
    if first := ordered_first(context, lines):
        check_lines_since(context, first)


def _order(stamp: Stamp, line: BatchPayment, sha256: str) -> Draft:
    assert line.account is not None, "nothing is sealed without its payee's account"
    return events.order(stamp, ref(line), batch=line.payment.batch, account=line.account.version, evidence=sha256)


def mark_sent(context: Context, batch: str) -> None:
    """The sealed file was handed to the bank; from now on only the bank's answers change its payments.

    Raises ``PayeeUnconfirmed`` while a person has not said what is done about a payee whom the bank does not confirm,
    and ``IntegrityBroken`` where what the bank told is not as it was read.
    """
    context.actor.must_be(*access.preparers("sent"))
    _check_told_since(context, store.batch_payments(context.session, batch))
    if unconfirmed := unconfirmed_payees(context.session, batch):
        raise errors.PayeeUnconfirmed(batch, unconfirmed)
    context.step(PaymentBatch, batch, BatchState.SENT)
    store.move_payments(context.session, batch, PaymentState.SENT)
    context.book(payout_acts.sent(context.stamp(), batch=batch))


def cancel_batch(context: Context, batch: str, *, reason: str) -> None:
    """Withdraw a batch before it is sent: a prepared one by one act, a sealed one by an entry for each payment.

    The months stay owed. A sealed one is cancelled by an approver who did not prepare it, and only while the bank has
    answered nothing of it. Raises ``SamePerson`` and ``StateNotAllowed``.
    """
    context.actor.must_be(*access.preparers("batch-withdrawn"))
    rules.check_reason(reason, lists.CANCELLATION_REASONS)
    row = context.get(PaymentBatch, batch)
    if row.state is BatchState.PROPOSED:
        context.step(PaymentBatch, batch, BatchState.WITHDRAWN)
        store.move_payments(context.session, batch, PaymentState.WITHDRAWN)
        context.book(payout_acts.batch_withdrawn(context.stamp(), batch=batch, reason=reason))
        match_waiting(context)
        return
    rules.check_two_people("batch", batch, row.prepared_by, context.actor.code)
    context.actor.must_be(access.APPROVER)
    lines = store.batch_payments(context.session, batch)
    answered = next((line.payment for line in lines if line.payment.state is not PaymentState.ORDERED), None)
    if answered is not None:
        raise errors.StateNotAllowed("payment", answered.code, answered.state, PaymentState.CANCELLED)
    context.step(PaymentBatch, batch, BatchState.CANCELLED)
    stamp = context.stamp(prepared_by=row.prepared_by, approved_by=context.actor.code)
    context.book(*(events.cancellation(stamp, ref(line), batch=batch, reason=reason) for line in lines))
    store.cancel_payments(context.session, batch, reason)
    match_waiting(context)


def list_payments(context: Context, **filters: str | None) -> list[PaymentView]:
    """Payments with their months, oldest first, by ``landlord``, ``household``, ``month``, ``state`` or ``batch``."""
    context.actor.must_be(*access.READERS)
    return store.payments_where(context.session, **filters)


@dataclass(frozen=True, slots=True)
class BatchList:
    """Every batch, newest first, and the approved months that are in none."""

    batches: tuple[BatchSummary, ...]
    waiting: tuple[WaitingView, ...]

    @property
    def payable(self) -> tuple[WaitingView, ...]:
        """What the next batch would take."""
        return tuple(month for month in self.waiting if month.reason is None)


def review_batches(context: Context) -> BatchList:
    """Every batch, and what waits for the next one."""
    return BatchList(tuple(list_batches(context)), tuple(controls.list_waiting(context)))


@dataclass(frozen=True, slots=True)
class BankReading:
    """What a bank reads of a payment, in its own characters; ``replaced`` are those that it does not have.

    ``lacks_codes`` says that CUP or CIG has no room in it. ``creditor`` names a person: only who pays may see it.
    """

    payment: str
    creditor: str
    remittance: str
    reference: str | None
    lacks_codes: bool
    replaced: tuple[tuple[str, str], ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchReview:
    """A batch with everything that stands around it; ``readings`` is empty for who may not see them.

    ``pay_on`` is the day of execution in the sealed file; ``is_late`` that it has passed and the file was not sent.
    """

    view: BatchView
    run: Month | None
    sealed_at: datetime | None
    accounts: dict[str, int | None]
    registrations: dict[str, str | None]
    readings: tuple[BankReading, ...]
    exports: tuple[ExportSummary, ...]
    pay_on: date | None
    is_late: bool


def review_batch(context: Context, batch: str, *, in_full: bool = False) -> BatchReview:
    """A batch with what its approver and the finance office need around it; ``in_full`` with the payees, as its
    approver is to see them. Raises ``NotFound``.
    """
    context.actor.must_be(*access.READERS)
    row, lines = _read(context, batch)
    pay_on = None if row.sealed_at is None else pay_day_of(row.sealed_at)
    paid_by = paying(context, row)
    return BatchReview(
        view=_shown(context, row, lines, in_full=in_full),
        run=None if row.run_month is None else Month.parse(row.run_month),
        sealed_at=row.sealed_at,
        accounts={line.payment.code: line.payment.account_id for line in lines},
        registrations={line.payment.code: line.lease.registration for line in lines},
        readings=tuple(_reading(line, *paid_by) for line in lines) if context.actor.role in access.FINANCE else (),
        exports=tuple(store.exports_of(context.session, batch)),
        pay_on=pay_on,
        is_late=row.state is BatchState.SEALED and pay_on is not None and pay_on < context.day,
    )


def _reading(line: BatchPayment, debtor: Debtor | None, file_format: str | None) -> BankReading:
    instruction = instruction_of(line)
    creditor, remittance = to_latin(instruction.creditor), to_latin(bank_text(instruction, debtor, file_format))
    return BankReading(
        payment=line.payment.code,
        creditor=creditor.text,
        remittance=remittance.text,
        reference=instruction.rf_reference,
        lacks_codes=debtor is not None and lacks_codes(instruction, debtor, file_format),
        replaced=tuple(dict.fromkeys((*creditor.replaced, *remittance.replaced))),
        refused=(*creditor.refused, *remittance.refused),
    )


@dataclass(frozen=True, slots=True)
class PaymentReview:
    """A payment, the other attempts at its month, its entries in the books, and the lines of the bank about it."""

    payment: Payment
    contribution: Contribution
    registration: str | None
    iban: str | None
    version: int | None
    attempts: tuple[PaymentRow, ...]
    entries: tuple[Entry, ...]
    bank_lines: tuple[PaymentLine, ...]

    @property
    def replaces(self) -> Payment | None:
        """The attempt before it."""
        earlier = [row.payment for row in self.attempts if row.payment.code < self.payment.code]
        return earlier[-1] if earlier else None

    @property
    def replaced_by(self) -> Payment | None:
        """The attempt after it."""
        return next((row.payment for row in self.attempts if row.payment.code > self.payment.code), None)


def review_payment(context: Context, payment: str) -> PaymentReview:
    """A payment and its history. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    row = store.payments_by_code(context.session, [payment]).get(payment)
    if row is None:
        raise errors.NotFound("payment", payment)
    return PaymentReview(
        payment=row.payment,
        contribution=row.contribution,
        registration=context.get(Lease, row.contribution.lease_id).registration,
        iban=None if row.account is None else mask_iban(row.account.iban),
        version=None if row.account is None else row.account.version,
        attempts=tuple(store.attempts_at(context.session, row.payment.contribution_id)),
        entries=tuple(store.entries_of(context.session, payment)),
        bank_lines=tuple(store.bank_lines_of(context.session, payment)),
    )
