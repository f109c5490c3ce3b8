"""What waits for a person, and for whom: one query for each kind of work.

A new kind of work is a function here, a line in ``KINDS``, and its text in ``fund/doors/web/desk/home.py``.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from fund.domain import access, errors, states
from fund.domain.desk_views import Task
from fund.services.context import Context
from fund.services.day_confirmations import CONFIRMERS, clock_refusal
from fund.services.payouts.controls import why_waiting
from fund.store import bank_lines
from fund.store.payouts.payments import owed_months
from fund.store.tables import (
    BankAccount,
    BankFile,
    BankLine,
    BankStatement,
    ContactChange,
    Contribution,
    Delivery,
    Landlord,
    Overpayment,
    Payment,
    PaymentBatch,
    Refund,
    Run,
    SetOff,
    table,
)

_run, _contribution, _batch = table(Run), table(Contribution), table(PaymentBatch)
_payment, _account, _refund, _line = table(Payment), table(BankAccount), table(Refund), table(BankLine)
_overpayment, _set_off, _landlord = table(Overpayment), table(SetOff), table(Landlord)
_file, _statement, _delivery = table(BankFile), table(BankStatement), table(Delivery)
_change = table(ContactChange)


def waiting_tasks(context: Context) -> tuple[Task, ...]:
    """Everything that waits, the most urgent kind first; an admin is told of what admins do, and nothing of money."""
    context.actor.must_be(*access.ROLES)
    kinds = (_day, _erasures) if _is(context, access.ADMIN) else KINDS
    return tuple(task for kind in kinds for task in kind(context))


def _day(context: Context) -> Iterator[Task]:
    """The day, when nothing vouches for the clock."""
    if isinstance(clock_refusal(context), errors.DayNotConfirmed):
        yield Task("confirm-day", "", 1, None, context.actor.role in CONFIRMERS)


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
            yield Task("approve-run", row.month, row.lines, int(row.cents), _may_approve(context, row.prepared_by))


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
            yield Task("approve-batch", row.code, row.lines, int(row.cents), _may_approve(context, row.prepared_by))


def _accounts(context: Context) -> Iterator[Task]:
    rows = context.run(
        _account.select()
        .where(_account.c.state.in_(("proposed", "suspended")))
        .order_by(_account.c.landlord, _account.c.version)
    )
    for row in rows:
        yield Task("confirm-account", row.landlord, 1, None, _may_approve(context, row.proposed_by))


def _contacts(context: Context) -> Iterator[Task]:
    rows = context.run(_change.select().where(_change.c.state == "proposed").order_by(_change.c.landlord))
    for row in rows:
        yield Task("confirm-contact", row.landlord, 1, None, _may_approve(context, row.proposed_by))


def _unordered(context: Context) -> Iterator[Task]:
    """Approved months that no batch pays, and whose accounts may be paid to."""
    approved = owed_months(context.session)
    reasons = why_waiting(context, approved)
    rows = [row for row, reason in zip(approved, reasons, strict=True) if reason is None]
    if rows:
        yield Task("prepare-batch", "", len(rows), sum(row.left_cents for row in rows), _is(context, access.PREPARER))


def _held(context: Context) -> Iterator[Task]:
    total = func.sum(_contribution.c.amount_cents).label("cents")
    rows = context.run(
        select(_contribution.c.run_month, func.count().label("lines"), total)
        .where(_contribution.c.state == "held")
        .group_by(_contribution.c.run_month)
        .order_by(_contribution.c.run_month)
    )
    for row in rows:
        yield Task("held-months", row.run_month, row.lines, int(row.cents), context.actor.role in access.FINANCE)


def _lines(context: Context) -> Iterator[Task]:
    """Lines of the bank that nothing explains yet."""
    waiting = bank_lines.with_statement(select(func.count())).where(bank_lines.is_open())
    count = context.run(waiting).scalar_one()
    if count:
        yield Task("match-lines", "", count, None, context.actor.role in access.FINANCE)


def _refunds(context: Context) -> Iterator[Task]:
    for row in context.run(
        _refund.select().where(_refund.c.state.in_(("proposed", "approved"))).order_by(_refund.c.id)
    ):
        if row.state == "proposed":
            yield Task("approve-refund", str(row.id), 1, row.amount_cents, _may_approve(context, row.prepared_by))
        else:
            yield Task("pay-refund", str(row.id), 1, row.amount_cents, context.actor.role in access.FINANCE)


def _files(context: Context) -> Iterator[Task]:
    """Files of the bank that were kept, of which nothing could be booked, and that nobody set aside."""
    unbooked = select(func.count()).where(_file.c.booked_at.is_(None), _file.c.set_aside_as.is_(None))
    yield from _counted(context, "book-files", unbooked, *access.FINANCE)


def _statements(context: Context) -> Iterator[Task]:
    """Statements that clash with another, or are of another account."""
    undecided = select(func.count()).where(_statement.c.state.in_(states.UNDECIDED_STATEMENTS))
    yield from _counted(context, "decide-statements", undecided, access.APPROVER)


def _overpayments(context: Context) -> Iterator[Task]:
    for row in context.run(_overpayment.select().where(_overpayment.c.state == "proposed").order_by(_overpayment.c.id)):
        yield Task("approve-overpayment", str(row.id), 1, row.amount_cents, _may_approve(context, row.prepared_by))


def _set_offs(context: Context) -> Iterator[Task]:
    """Those whose month is decided; before that nobody can agree to one."""
    rows = context.run(
        select(_set_off)
        .join(_contribution, _contribution.c.id == _set_off.c.contribution_id)
        .where(_set_off.c.state == "proposed", _contribution.c.state.not_in(("proposed", "held")))
        .order_by(_set_off.c.id)
    )
    for row in rows:
        yield Task("approve-set-off", str(row.id), 1, row.amount_cents, _may_approve(context, row.prepared_by))


def _deliveries(context: Context) -> Iterator[Task]:
    """Messages that never arrived, whose landlord is not forgotten and to whom nobody sent the like again since."""
    again = aliased(_delivery)
    of_same = or_(
        again.c.statement == _delivery.c.statement, and_(again.c.statement.is_(None), _delivery.c.statement.is_(None))
    )
    sent_again = (
        select(again.c.id)
        .where(again.c.landlord == _delivery.c.landlord, again.c.id > _delivery.c.id, of_same)
        .correlate(_delivery)
        .exists()
    )
    failed = (
        select(func.count())
        .select_from(_delivery)
        .join(_landlord, _landlord.c.code == _delivery.c.landlord)
        .where(_delivery.c.state == "failed", _landlord.c.erased_on.is_(None), ~sent_again)
    )
    yield from _counted(context, "failed-mail", failed, *access.FINANCE)


def _erasures(context: Context) -> Iterator[Task]:
    """Landlords that an admin is to forget; an auditor has no page of them."""
    if _is(context, access.AUDITOR):
        return
    asked = select(func.count()).where(_landlord.c.erasure_asked_by.is_not(None), _landlord.c.erased_on.is_(None))
    yield from _counted(context, "erase-landlords", asked, access.ADMIN)


def _counted(context: Context, kind: str, number: Select[int], *roles: str) -> Iterator[Task]:
    """One task for as many things as are counted, if any; it is theirs who have one of the roles."""
    count = context.run(number).scalar_one()
    if count:
        yield Task(kind, "", count, None, context.actor.role in roles)


def _may_approve(context: Context, prepared_by: str | None) -> bool:
    return _is(context, access.APPROVER) and prepared_by != context.actor.code


def _is(context: Context, role: str) -> bool:
    return context.actor.role == role


KINDS: tuple[Callable[[Context], Iterator[Task]], ...] = (
    _day,
    _runs,
    _batches,
    _files,
    _statements,
    _lines,
    _accounts,
    _contacts,
    _set_offs,
    _unordered,
    _held,
    _overpayments,
    _refunds,
    _deliveries,
    _erasures,
)
"""In the order in which they are shown."""
