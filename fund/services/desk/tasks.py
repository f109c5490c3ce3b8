"""What waits for a person, and for whom: one query for each kind of work.

A new kind of work is a function here, a line in ``KINDS``, and its text in ``fund/doors/web/desk/home.py``.
"""

from collections.abc import Callable, Iterator

from fund.domain import access, errors
from fund.domain.desk_views import Task
from fund.domain.lists import ProposalWait
from fund.domain.states import BatchState, RunState
from fund.services.banking.resolutions import waiting_proposals
from fund.services.context import Context
from fund.services.day_confirmations import CONFIRMERS, clock_refusal
from fund.services.desk.proposals import list_proposals
from fund.services.payouts.controls import why_waiting
from fund.services.payouts.runs import runs_due
from fund.store.desk import tasks as store
from fund.store.money import open_repayments
from fund.store.payouts.payments import owed_months


def waiting_tasks(context: Context) -> tuple[Task, ...]:
    """Everything that waits, the most urgent kind first; an admin sees the tasks of admins, and none about money."""
    context.actor.must_be(*access.ROLES)
    kinds = (_day, _proposals) if _is(context, access.ADMIN) else KINDS
    return tuple(task for kind in kinds for task in kind(context))


def _day(context: Context) -> Iterator[Task]:
    """The day, when nothing vouches for the clock."""
    if isinstance(clock_refusal(context), errors.DayNotConfirmed):
        yield Task("confirm-day", "", 1, None, context.actor.role in CONFIRMERS)


def _due(context: Context) -> Iterator[Task]:
    """Months whose pay day has come and that no run proposes."""
    due = [cents for _, lots in runs_due(context, context.day) for _, _, cents in lots]
    if due:
        yield Task("prepare-due", "", len(due), sum(due), _is(context, access.PREPARER))


def _runs(context: Context) -> Iterator[Task]:
    for run in store.open_runs(context.session):
        if run.state == RunState.OPEN:
            yield Task("propose-run", run.month, run.months, run.cents, _is(context, access.PREPARER))
        else:
            yield Task("approve-run", run.month, run.months, run.cents, _may_approve(context, run.prepared_by))


def _batches(context: Context) -> Iterator[Task]:
    for batch in store.open_batches(context.session):
        if batch.state == BatchState.SEALED:
            yield Task("send-batch", batch.code, batch.payments, batch.cents, context.actor.role in access.FINANCE)
        else:
            may_approve = _may_approve(context, batch.prepared_by)
            yield Task("approve-batch", batch.code, batch.payments, batch.cents, may_approve)


def _accounts(context: Context) -> Iterator[Task]:
    """Suspended accounts that were not proposed again."""
    for account in store.suspended_accounts(context.session):
        yield Task("propose-account", account.landlord, 1, None, _is(context, access.PREPARER))


def _unordered(context: Context) -> Iterator[Task]:
    """Approved months that no batch pays, and whose accounts may be paid to."""
    approved = owed_months(context.session)
    reasons = why_waiting(context, approved)
    rows = [row for row, reason in zip(approved, reasons, strict=True) if reason is None]
    if rows:
        yield Task(
            "prepare-batch",
            "",
            len(rows),
            sum(row.contribution.left_cents for row in rows),
            _is(context, access.PREPARER),
        )


def _held(context: Context) -> Iterator[Task]:
    for held in store.held_months(context.session):
        yield Task("held-months", held.run, held.months, held.cents, context.actor.role in access.FINANCE)


def _lines(context: Context) -> Iterator[Task]:
    """Lines of the bank that nothing explains yet, and about which nothing is proposed."""
    count = store.count_open_lines(context.session) - len(waiting_proposals(context))
    yield from _counted(context, "match-lines", count, *access.FINANCE)


def _repayments(context: Context) -> Iterator[Task]:
    for repayment in open_repayments(context.session):
        is_mine = context.actor.role in access.FINANCE
        yield Task("pay-repayment", str(repayment.id), 1, repayment.amount_cents, is_mine)


def _files(context: Context) -> Iterator[Task]:
    """Files of the bank that were kept, of which nothing could be booked, and that are not set aside."""
    yield from _counted(context, "book-files", store.count_unbooked_files(context.session), *access.FINANCE)


def _statements(context: Context) -> Iterator[Task]:
    """Statements that clash with another, or are of another account."""
    undecided = store.count_undecided_statements(context.session)
    yield from _counted(context, "decide-statements", undecided, access.APPROVER)


def _proposals(context: Context) -> Iterator[Task]:
    """What another person proposed: for the reader to confirm, and for others."""
    people = (ProposalWait.FIRST_PERSON, ProposalWait.SECOND_PERSON)
    ready = [view for view in list_proposals(context) if view.waits_for in people]
    mine = sum(view.may_confirm for view in ready)
    if mine:
        yield Task("confirm-proposals", "", mine, None, is_mine=True)
    if len(ready) > mine:
        yield Task("confirm-proposals", "", len(ready) - mine, None, is_mine=False)


def _deliveries(context: Context) -> Iterator[Task]:
    """Messages that never arrived, whose landlord is not erased and to whom none of the kind was sent since."""
    yield from _counted(context, "failed-mail", store.count_failed_deliveries(context.session), *access.FINANCE)


def _counted(context: Context, kind: str, count: int, *roles: str) -> Iterator[Task]:
    """One task for as many things as are counted, if any; it is theirs who have one of the roles."""
    if count:
        yield Task(kind, "", count, None, context.actor.role in roles)


def _may_approve(context: Context, prepared_by: str | None) -> bool:
    return _is(context, access.APPROVER) and prepared_by != context.actor.code


def _is(context: Context, role: str) -> bool:
    return context.actor.role == role


KINDS: tuple[Callable[[Context], Iterator[Task]], ...] = (
    _day,
    _due,
    _runs,
    _batches,
    _files,
    _statements,
    _lines,
    _accounts,
    _proposals,
    _unordered,
    _held,
    _repayments,
    _deliveries,
)
"""In the order in which they are shown."""
