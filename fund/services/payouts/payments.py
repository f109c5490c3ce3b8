"""Payments: batches that two people stand behind, sealed as bytes, sent, or cancelled before they are sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert

from fund.bank.latin import to_latin
from fund.domain import access, errors, rules
from fund.domain.identifiers import mask_iban
from fund.domain.states import BatchState, ContributionState, PaymentState
from fund.domain.views import BankText, BatchLine, BatchView, ShownBatch
from fund.services.banking.judging import judge_waiting, ref
from fund.services.banking.sealing import sealed_file
from fund.services.context import Context
from fund.services.payouts import alerts, controls
from fund.services.payouts.alerts import Alerts
from fund.store import queries
from fund.store.queries import AnyRow
from fund.store.rows import Values
from fund.store.tables import Contribution, Payment, PaymentBatch, table
from ledger import events
from ledger.money import format_cents
from ledger.months import Month

_contribution, _payment, _batch = table(Contribution), table(Payment), table(PaymentBatch)


@dataclass(frozen=True, slots=True)
class Ordered:
    """The batch that orders what may be paid, if anything may, and why each other month waits."""

    batch: str | None
    waiting: tuple[str, ...]


def order_approved(context: Context, *, run: Month, prepared_by: str) -> Ordered:
    """Order the months of a run that has just been approved, under the same two people."""
    approved = queries.unordered(context.session, run=str(run))
    rows = list(zip(approved, controls.why_waiting(context, approved), strict=True))
    payable = [row for row, reason in rows if reason is None]
    waiting = tuple(f"{reason} {row.household} {row.month}" for row, reason in rows if reason is not None)
    if sum(row.left_cents for row in payable) > queries.cash_cents(context.session):
        return Ordered(None, (*waiting, "cash-missing"))
    if not payable:
        return Ordered(None, waiting)
    code = _new_batch(context, prepared_by=prepared_by, run_month=str(run))
    _add_payments(context, code, payable)
    _seal(context, code, prepared_by)
    return Ordered(code, waiting)


def prepare_batch(context: Context) -> BatchView:
    """Put every approved month that may be paid and is not into a new batch: returned, refused, or held back before.

    Raises ``NothingToPay``, which says why each month waits.
    """
    context.actor.must_be(access.PREPARER)
    rows = queries.unordered(context.session)
    reasons = controls.why_waiting(context, rows)
    payable = [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
    if not payable:
        waiting = zip(rows, reasons, strict=True)
        raise errors.NothingToPay([f"{reason} {row.household} {row.month}" for row, reason in waiting])
    code = _new_batch(context, prepared_by=context.actor.code, run_month=None)
    _add_payments(context, code, payable)
    return _view(context, code)


def _new_batch(context: Context, *, prepared_by: str, run_month: str | None) -> str:
    prefix = f"BAT-{context.day.year}-"
    code = f"{prefix}{queries.count_like(context.session, _batch.c.code, prefix) + 1:04d}"
    values = {"code": code, "state": "proposed", "run_month": run_month, "prepared_by": prepared_by}
    context.run(insert(_batch).values(**values))
    return code


def _add_payments(context: Context, batch: str, rows: Sequence[AnyRow]) -> None:
    prefix = f"PAY-{Month.of(context.day)}-"
    first = queries.count_like(context.session, _payment.c.code, prefix) + 1
    checks = controls.payee_checks_of(context, rows)
    context.run(
        insert(_payment),
        [
            {
                "code": f"{prefix}{number:04d}",
                "contribution_id": row.id,
                "batch": batch,
                "account_id": row.account_id,
                "rf_reference": row.rf_reference,
                "amount_cents": row.left_cents,
                "state": "proposed",
                **controls.payee_columns(checks.get(row.account_id)),
            }
            for number, row in enumerate(rows, first)
        ],
    )


def view_batch(context: Context, batch: str) -> ShownBatch:
    """A batch as people see it, for the finance office with the names that the bank reads otherwise.

    Raises ``NotFound``.
    """
    context.actor.must_be(*access.READERS)
    view = _view(context, batch)
    if context.actor.role not in access.FINANCE:
        return view
    return replace(view, bank_texts=_bank_texts(queries.batch_lines(context.session, batch)))


def list_batches(context: Context) -> list[AnyRow]:
    """Every batch without its bytes, newest first."""
    context.actor.must_be(*access.READERS)
    columns = [column for column in _batch.c if column.name not in ("file_bytes", "debtor")]
    return list(context.run(_batch.select().with_only_columns(*columns).order_by(_batch.c.code.desc())))


def _view(context: Context, batch: str) -> ShownBatch:
    row = context.get(PaymentBatch, batch)
    lines = queries.batch_lines(context.session, batch)
    found, total_cents = _alerts(context, row, lines), sum(line.amount_cents for line in lines)
    return ShownBatch(
        code=batch,
        state=row.state,
        prepared_by=row.prepared_by,
        approved_by=row.approved_by,
        digest=_digest(lines, found),
        format=row.file_format,
        sha256=row.file_sha256,
        schemas=row.file_schemas,
        lines=tuple(
            BatchLine(
                payment=line.code,
                replaces=line.replaces,
                household=line.household,
                landlord=line.landlord,
                month=Month.parse(line.month),
                amount_cents=line.amount_cents,
                state=line.state,
                iban=mask_iban(line.iban),
                reason=line.reason,
                bank_date=line.bank_date,
                payee_result=line.payee_result,
                payee_checked_on=line.payee_checked_on,
                payee_reference=line.payee_reference,
            )
            for line in lines
        ),
        alerts=found.views,
        after=controls.position_after(context, ordered_cents=total_cents) if row.state == "proposed" else None,
        bank_texts=(),
    )


def _alerts(context: Context, row: PaymentBatch, lines: Iterable[AnyRow]) -> Alerts:
    """The alerts of a batch while it may still be approved; what was sealed keeps those that were acknowledged."""
    if row.state != "proposed":
        return alerts.acknowledged_of(context, "batch", row.code)
    return alerts.alerts_of(context, "batch", row.code, {line.contribution_id: line.account_id for line in lines})


def _digest(lines: Iterable[AnyRow], found: Alerts) -> str:
    where_to = ("landlord", "landlord_name", "iban", "account_id", "rf_reference")
    fields = ("code", "household", "month", "amount_cents", *where_to)
    shown: list[dict[str, object]] = [{name: line._mapping[name] for name in fields} for line in lines]
    return rules.list_digest([*shown, *found.acknowledged])


def acknowledge_in_batch(context: Context, batch: str, ids: Iterable[str], *, reason: str) -> BatchView:
    """The preparer says why alerts of a proposed batch are no mistake. Raises ``NotFound`` and ``StateNotAllowed``."""
    context.actor.must_be(access.PREPARER)
    row = context.get(PaymentBatch, batch)
    if row.state != "proposed":
        raise errors.StateNotAllowed("batch", batch, row.state, "acknowledge")
    lines = queries.batch_lines(context.session, batch)
    alerts.acknowledge(context, _alerts(context, row, lines), ids, reason=reason)
    return _view(context, batch)


def _bank_texts(lines: Iterable[AnyRow]) -> tuple[BankText, ...]:
    """What the bank reads in place of each landlord's name that SEPA's characters cannot write."""
    names = {line.landlord: line.landlord_name for line in lines if line.landlord_name is not None}
    read = {landlord: to_latin(name) for landlord, name in names.items()}
    return tuple(
        BankText(landlord, names[landlord], latin.text)
        for landlord, latin in sorted(read.items())
        if latin.replaced and latin.text
    )


def approve_batch(context: Context, batch: str, *, digest: str) -> BatchView:
    """Another person approves exactly the payments shown: they are ordered and the file is sealed.

    Raises ``SamePerson``, ``ListChanged``, ``AlertsNotAcknowledged``, ``NotEnoughCash``, ``StateNotAllowed``, and what
    ``controls.check_payable`` raises.
    """
    context.actor.must_be(access.APPROVER)
    row = context.get(PaymentBatch, batch)
    rules.check_two_people("batch", batch, row.prepared_by, context.actor.code)
    if row.state != "proposed":
        raise errors.StateNotAllowed("batch", batch, row.state, "sealed")
    lines = queries.batch_lines(context.session, batch)
    found = _alerts(context, row, lines)
    current = _digest(lines, found)
    if current != digest:
        raise errors.ListChanged(batch, current)
    controls.check_payable(context, lines)
    found.check(context.actor.code)
    total_cents, cash_cents = sum(line.amount_cents for line in lines), queries.cash_cents(context.session)
    if total_cents > cash_cents:
        raise errors.NotEnoughCash(format_cents(cash_cents), format_cents(total_cents))
    _seal(context, batch, row.prepared_by)
    return _view(context, batch)


def _seal(context: Context, batch: str, prepared_by: str) -> None:
    lines = queries.batch_lines(context.session, batch)
    sealed = sealed_file(context, batch, lines)
    approved: Values = {PaymentBatch.approved_by: context.actor.code, PaymentBatch.sealed_at: context.at}
    context.step(PaymentBatch, batch, BatchState.SEALED, {**sealed.columns, **approved})
    stamp = context.stamp(prepared_by=prepared_by, approved_by=context.actor.code)
    context.book(*(events.order(stamp, ref(line), batch=batch, evidence=sealed.file_sha256) for line in lines))
    context.run(context.steps(_payment, PaymentState.ORDERED, _payment.c.batch == batch))
    _move_months(context, batch, ContributionState.ORDERED)
    judge_waiting(context)


def _move_months(context: Context, batch: str, to: ContributionState) -> None:
    chosen = _payment.select().with_only_columns(_payment.c.contribution_id).where(_payment.c.batch == batch)
    context.run(context.steps(_contribution, to, _contribution.c.id.in_(chosen)))


def mark_sent(context: Context, batch: str) -> None:
    """The sealed file was handed to the bank; from now on only the bank's answers change its payments."""
    context.actor.must_be(*access.FINANCE)
    context.step(PaymentBatch, batch, BatchState.SENT)
    context.run(context.steps(_payment, PaymentState.SENT, _payment.c.batch == batch))


def cancel_batch(context: Context, batch: str, *, reason: str) -> None:
    """Withdraw a batch before it is sent: a proposed one leaves no trace in the books, a sealed one an entry a payment.

    The months stay owed. Somebody other than the preparer cancels what is sealed, and only while the bank has answered
    nothing of it. Raises ``SamePerson`` and ``StateNotAllowed``.
    """
    context.actor.must_be(*access.FINANCE)
    rules.check_reason(reason, rules.CANCELLATION_REASONS)
    row = context.get(PaymentBatch, batch)
    if row.state == "proposed":
        context.step(PaymentBatch, batch, BatchState.WITHDRAWN)
        context.run(context.steps(_payment, PaymentState.WITHDRAWN, _payment.c.batch == batch))
        return
    rules.check_two_people("batch", batch, row.prepared_by, context.actor.code)
    lines = queries.batch_lines(context.session, batch)
    answered = next((line for line in lines if line.state != "ordered"), None)
    if answered is not None:
        raise errors.StateNotAllowed("payment", answered.code, answered.state, "cancelled")
    context.step(PaymentBatch, batch, BatchState.CANCELLED)
    stamp = context.stamp(prepared_by=row.prepared_by, approved_by=context.actor.code)
    context.book(*(events.cancellation(stamp, ref(line), batch=batch, reason=reason) for line in lines))
    context.run(context.steps(_payment, PaymentState.CANCELLED, _payment.c.batch == batch, reason=reason))
    _move_months(context, batch, ContributionState.APPROVED)


def list_payments(context: Context, **filters: str | None) -> list[AnyRow]:
    """Payments with their months, oldest first, by ``landlord``, ``household``, ``month``, ``state`` or ``batch``."""
    context.actor.must_be(*access.READERS)
    return queries.payments_where(context.session, **filters)
