"""What waits for a person, and for whom: one query for each kind of work.

A new kind of work is a function here, a line in ``KINDS``, and its text in ``fund/doors/web/routes/home.py``.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from fund import access, states
from fund.desk_views import Task
from fund.services.context import Context
from fund.services.controls import why_waiting
from fund.store import queries
from fund.store.tables import BankAccount, BankLine, Contribution, Payment, PaymentBatch, Refund, Run, table

_run, _contribution, _batch = table(Run), table(Contribution), table(PaymentBatch)
_payment, _account, _refund, _line = table(Payment), table(BankAccount), table(Refund), table(BankLine)


def waiting_tasks(context: Context) -> tuple[Task, ...]:
    """Everything that waits, the most urgent kind first."""
    context.actor.must_be(*access.READERS)
    return tuple(task for kind in KINDS for task in kind(context))


def _runs(context: Context) -> Iterator[Task]:
    total = func.coalesce(func.sum(_contribution.c.amount_cents), 0).label("cents")
    rows = context.run(
        select(_run.c.month, _run.c.state, _run.c.prepared_by, func.count(_contribution.c.id).label("lines"), total)
        .outerjoin(_contribution, (_contribution.c.run_month == _run.c.month) & (_contribution.c.state == "proposed"))
        .where(_run.c.state.in_(("open", "proposed")))
        .group_by(_run.c.month, _run.c.state, _run.c.prepared_by)
        .order_by(_run.c.month)
    )
    for row in rows:
        if row.state == "open":
            yield Task("propose-run", row.month, row.lines, int(row.cents), _is(context, access.PREPARER))
        else:
            mine = _is(context, access.APPROVER) and row.prepared_by != context.actor.code
            yield Task("approve-run", row.month, row.lines, int(row.cents), mine)


def _batches(context: Context) -> Iterator[Task]:
    rows = context.run(
        select(
            _batch.c.code,
            _batch.c.state,
            _batch.c.prepared_by,
            func.count(_payment.c.code).label("lines"),
            func.sum(_payment.c.amount_cents).label("cents"),
        )
        .join(_payment, _payment.c.batch == _batch.c.code)
        .where(_batch.c.state.in_(("proposed", "sealed")))
        .group_by(_batch.c.code, _batch.c.state, _batch.c.prepared_by)
        .order_by(_batch.c.code)
    )
    for row in rows:
        if row.state == "sealed":
            yield Task("send-batch", row.code, row.lines, int(row.cents), context.actor.role in access.FINANCE)
        else:
            mine = _is(context, access.APPROVER) and row.prepared_by != context.actor.code
            yield Task("approve-batch", row.code, row.lines, int(row.cents), mine)


def _accounts(context: Context) -> Iterator[Task]:
    rows = context.run(
        _account.select()
        .where(_account.c.state.in_(("proposed", "suspended")))
        .order_by(_account.c.landlord, _account.c.version)
    )
    for row in rows:
        mine = _is(context, access.APPROVER) and row.proposed_by != context.actor.code
        yield Task("confirm-account", row.landlord, 1, None, mine)


def _unordered(context: Context) -> Iterator[Task]:
    """Approved months that no batch pays, and whose accounts may be paid to."""
    approved = queries.unordered(context.session)
    reasons = why_waiting(context, approved)
    rows = [row for row, reason in zip(approved, reasons, strict=True) if reason is None]
    if rows:
        yield Task("prepare-batch", "", len(rows), sum(row.left_cents for row in rows), _is(context, access.PREPARER))


def _held(context: Context) -> Iterator[Task]:
    total = func.coalesce(func.sum(_contribution.c.amount_cents), 0).label("cents")
    row = context.run(select(func.count().label("lines"), total).where(_contribution.c.state == "held")).one()
    if row.lines:
        yield Task("held-months", "", row.lines, int(row.cents), context.actor.role in access.FINANCE)


def _lines(context: Context) -> Iterator[Task]:
    """Lines of the bank that nothing explains yet."""
    waiting = select(func.count()).where(_line.c.resolved_as.is_(None), _line.c.verdict.in_(states.OPEN_LINES))
    count = context.run(waiting).scalar_one()
    if count:
        yield Task("match-lines", "", count, None, context.actor.role in access.FINANCE)


def _refunds(context: Context) -> Iterator[Task]:
    for row in context.run(
        _refund.select().where(_refund.c.state.in_(("proposed", "approved"))).order_by(_refund.c.id)
    ):
        if row.state == "proposed":
            mine = _is(context, access.APPROVER) and row.prepared_by != context.actor.code
            yield Task("approve-refund", str(row.id), 1, row.amount_cents, mine)
        else:
            yield Task("pay-refund", str(row.id), 1, row.amount_cents, _is(context, access.PREPARER))


def _is(context: Context, role: str) -> bool:
    return context.actor.role == role


KINDS: tuple[Callable[[Context], Iterator[Task]], ...] = (
    _runs,
    _batches,
    _lines,
    _accounts,
    _unordered,
    _held,
    _refunds,
)
"""In the order in which they are shown."""
