"""Set-based queries for what people look at before they release money: the month before, sums of lists, attempts."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from fund.domain import states
from fund.store.queries import AnyRow
from fund.store.tables import (
    BankAccount,
    BankFile,
    BankLine,
    BatchExport,
    Contribution,
    Lease,
    Payment,
    PaymentBatch,
    Run,
    table,
)

_contribution, _lease, _account = table(Contribution), table(Lease), table(BankAccount)
_payment, _batch, _run = table(Payment), table(PaymentBatch), table(Run)
_line, _file, _export = table(BankLine), table(BankFile), table(BatchExport)


def months_before(session: Session, run: str) -> dict[int, AnyRow]:
    """For each month of a run's list, the household's live month before it, with its contract and the account that the
    last attempt to pay it went to; a household's first month has none.
    """
    before, older = aliased(_contribution), aliased(_contribution)
    last = (
        select(older.c.id)
        .where(
            older.c.household == _contribution.c.household,
            older.c.month < _contribution.c.month,
            older.c.state.not_in(states.VOID_CONTRIBUTIONS),
        )
        .order_by(older.c.month.desc())
        .limit(1)
        .correlate(_contribution)
        .scalar_subquery()
    )
    paid_to = (
        select(_payment.c.account_id)
        .where(_payment.c.contribution_id == before.c.id)
        .order_by(_payment.c.code.desc())
        .limit(1)
        .correlate(before)
        .scalar_subquery()
    )
    statement = (
        select(
            _contribution.c.id.label("of"),
            before.c.month,
            before.c.amount_cents,
            before.c.landlord,
            before.c.lease_id,
            _lease.c.registration,
            _account.c.id.label("account_id"),
            _account.c.version,
        )
        .join_from(_contribution, before, before.c.id == last)
        .outerjoin(_lease, _lease.c.id == before.c.lease_id)
        .outerjoin(_account, _account.c.id == paid_to)
        .where(_contribution.c.run_month == run)
    )
    found: Iterable[AnyRow] = session.connection().execute(statement)
    return {row.of: row for row in found}


def run_summaries(session: Session) -> list[AnyRow]:
    """Every run, newest first, with how many months it proposes or pays, how many are set aside, and its cents."""
    counts = _contribution.c.state.not_in(("held", *states.VOID_CONTRIBUTIONS))
    statement = (
        select(
            _run,
            func.coalesce(func.sum(case((counts, 1), else_=0)), 0).label("months"),
            func.coalesce(func.sum(case((counts, _contribution.c.amount_cents), else_=0)), 0).label("total_cents"),
            func.coalesce(func.sum(case((_contribution.c.state == "held", 1), else_=0)), 0).label("held"),
        )
        .outerjoin(_contribution, _contribution.c.run_month == _run.c.month)
        .group_by(*_run.c)
        .order_by(_run.c.month.desc())
    )
    return list(session.connection().execute(statement))


def batch_summaries(session: Session, *, run: str | None = None) -> list[AnyRow]:
    """Every batch (of a run) without its bytes, newest first, with the number of its payments and their cents."""
    columns = [column for column in _batch.c if column.name not in ("file_bytes", "debtor")]
    statement = (
        select(
            *columns,
            func.count(_payment.c.code).label("payments"),
            func.coalesce(func.sum(_payment.c.amount_cents), 0).label("total_cents"),
        )
        .outerjoin(_payment, _payment.c.batch == _batch.c.code)
        .group_by(*columns)
        .order_by(_batch.c.code.desc())
    )
    if run is not None:
        statement = statement.where(_batch.c.run_month == run)
    return list(session.connection().execute(statement))


def exports_of(session: Session, batch: str) -> list[AnyRow]:
    """The formats that a batch was written in, without their bytes."""
    columns = [column for column in _export.c if column.name != "content"]
    statement = select(*columns).where(_export.c.batch == batch).order_by(_export.c.format)
    return list(session.connection().execute(statement))


def payment_row(session: Session, payment: str) -> AnyRow | None:
    """A payment with its month, contract, account and batch."""
    return session.connection().execute(_payments().where(_payment.c.code == payment)).one_or_none()


def attempts_at(session: Session, contribution: int) -> list[AnyRow]:
    """Every payment of a month, oldest first."""
    statement = _payments().where(_payment.c.contribution_id == contribution)
    return list(session.connection().execute(statement.order_by(_payment.c.code)))


def _payments() -> Select[Any]:
    return (
        select(
            _payment,
            _contribution.c.household,
            _contribution.c.landlord,
            _contribution.c.month,
            _contribution.c.run_month,
            _contribution.c.formula,
            _contribution.c.state.label("month_state"),
            _lease.c.registration,
            _account.c.iban,
            _account.c.version,
            _batch.c.state.label("batch_state"),
        )
        .join(_contribution, _contribution.c.id == _payment.c.contribution_id)
        .join(_batch, _batch.c.code == _payment.c.batch)
        .outerjoin(_lease, _lease.c.id == _contribution.c.lease_id)
        .outerjoin(_account, _account.c.id == _payment.c.account_id)
    )


def bank_lines_of(session: Session, payment: str) -> list[AnyRow]:
    """What banks said of a payment, in the order in which their files came; nothing of who is on the other side."""
    said = ("file_sha256", "ordinal", "outcome", "amount_cents", "bank_date", "reason", "verdict")
    statement = (
        select(*(_line.c[name] for name in said), _file.c.name, _file.c.received_at)
        .join(_file, _file.c.sha256 == _line.c.file_sha256)
        .where(_line.c.payment == payment)
        .order_by(_file.c.received_at, _line.c.file_sha256, _line.c.ordinal)
    )
    return list(session.connection().execute(statement))
