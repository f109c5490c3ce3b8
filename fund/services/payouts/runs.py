"""The monthly run: what is due is worked out from the data, one person proposes it, another approves it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import insert, update

from fund.domain import access, errors, rules, states
from fund.domain.identifiers import mask_iban
from fund.domain.states import ContributionState, RunState
from fund.domain.views import Approved, FundAfter, RunLine, RunView
from fund.services.context import Context
from fund.services.households.proposals import propose
from fund.services.money.money import move_position
from fund.services.payouts import alerts, controls, payments
from fund.services.payouts.alerts import Alerts
from fund.store import balances, queries
from fund.store.queries import AnyRow
from fund.store.tables import Contribution, Household, Run, table
from ledger import events
from ledger.months import Month

_run, _contribution, _household = table(Run), table(Contribution), table(Household)


def open_due_runs(context: Context, as_of: date | None = None) -> list[Month]:
    """Open a run for each month that is due by ``as_of`` (today) and has none, and propose its contributions.

    Raises ``InvalidInput`` for a day after today: a run is not prepared for months ahead.
    Due is every committed month whose pay day has come; months left over from before (arrears) join the first run
    that opens. Doing it twice, late or from two schedulers changes nothing (rule 8). Returns the months opened.
    """
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    rules.check_has_come("as_of", as_of, context.day)
    waiting = queries.due_lots(context.session)
    if not waiting:
        return []
    first = min(month for _, month, _ in waiting)
    known = queries.runs_opened(context.session)
    opened = []
    for month in rules.months_due(first, as_of or context.day, context.fund().pay_day):
        due = [lot for lot in waiting if lot[1] <= month]
        if str(month) in known or not due:
            continue
        values = {"month": str(month), "state": "open", "opened_at": context.at, "opened_by": context.actor.code}
        context.run(insert(_run).values(**values))
        propose(context, month, due)
        waiting = [lot for lot in waiting if lot[1] > month]
        opened.append(month)
    return opened


def view_run(context: Context, month: Month) -> RunView:
    """A run as people see it. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return _view(context, month)


def _view(context: Context, month: Month) -> RunView:
    run = context.get(Run, str(month))
    rows = queries.run_lines(context.session, str(month))
    missing = [lot for lot in queries.due_lots(context.session) if lot[1] <= month]
    waits = _waits(context, rows)
    found = _alerts(context, run, rows, waits)
    checks = controls.payee_checks_of(context, rows)
    return RunView(
        month=month,
        state=run.state,
        prepared_by=run.prepared_by,
        approved_by=run.approved_by,
        digest=run.digest if run.state in ("approved", "closed") and run.digest else _digest(rows, found),
        lines=tuple(_line(row, month, waits.get(row.id), checks.get(row.account_id)) for row in rows),
        warnings=tuple(f"not-proposed {household} {late}" for household, late, _ in missing),
        alerts=found.views,
        after=_after(context, rows, waits) if run.state in ("open", "proposed") else None,
    )


def _waits(context: Context, rows: list[AnyRow]) -> dict[int, str | None]:
    """Why each month that is not decided or not ordered would have to wait; ``None`` where nothing keeps it."""
    due = [row for row in rows if row.state in states.UNORDERED_CONTRIBUTIONS]
    return {row.id: reason for row, reason in zip(due, controls.why_waiting(context, due), strict=True)}


def _alerts(context: Context, run: Run, rows: list[AnyRow], waits: Mapping[int, str | None]) -> Alerts:
    """The alerts of a run while it may still be approved; afterwards those that were acknowledged."""
    if run.state not in states.UNDECIDED_RUNS:
        return alerts.acknowledged_of(context, "run", run.month)
    proposed = [row for row in rows if row.state == "proposed"]
    to_pay = {row.id: row.account_id if waits[row.id] is None else None for row in proposed}
    return alerts.alerts_of(context, "run", run.month, to_pay)


def _after(context: Context, rows: list[AnyRow], waits: Mapping[int, str | None]) -> FundAfter:
    proposed = [row for row in rows if row.state == "proposed"]
    return controls.position_after(
        context,
        ordered_cents=sum(row.amount_cents for row in proposed if waits[row.id] is None),
        used_cents=sum(row.amount_cents for row in proposed),
        committed_cents=sum(row.lot_cents for row in proposed),
    )


def list_runs(context: Context) -> list[AnyRow]:
    """Every run, newest first."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_run.select().order_by(_run.c.month.desc())))


def _digest(rows: Iterable[AnyRow], found: Alerts) -> str:
    """What an approval covers: who is paid what, where to, and for which month."""
    where_to = ("landlord", "landlord_name", "iban", "account_id")
    fields = ("id", "household", "month", "amount_cents", "lot_cents", "formula", *where_to)
    shown: list[dict[str, object]] = [
        {name: row._mapping[name] for name in fields} for row in rows if row.state == "proposed"
    ]
    return rules.list_digest([*shown, *found.acknowledged])


def _line(row: AnyRow, run: Month, waits: str | None, check: AnyRow | None) -> RunLine:
    return RunLine(
        contribution=row.id,
        household=row.household,
        landlord=row.landlord,
        registration=row.registration,
        month=Month.parse(row.month),
        amount_cents=row.amount_cents,
        committed_cents=row.lot_cents,
        formula=row.formula,
        state=row.state,
        reason=row.reason,
        iban=mask_iban(row.iban),
        previous_amount_cents=row.previous_cents,
        warnings=tuple(_warnings(row, run, waits)),
        payee_result=None if check is None else check.result,
    )


def _warnings(row: AnyRow, run: Month, waits: str | None) -> Iterable[str]:
    if waits:
        yield waits
    if row.version is not None and row.version > 1:
        yield "account-changed"
    if row.previous_cents is not None and row.previous_cents != row.amount_cents:
        yield "amount-changed"
    if Month.parse(row.month) < run:
        yield "arrears"


def propose_run(context: Context, month: Month) -> RunView:
    """The preparer puts an open run before the approver. Raises ``StateNotAllowed``."""
    context.actor.must_be(access.PREPARER)
    prepared = {Run.prepared_by: context.actor.code, Run.prepared_at: context.at}
    context.step(Run, str(month), RunState.PROPOSED, prepared)
    return _view(context, month)


def acknowledge_in_run(context: Context, month: Month, ids: Iterable[str], *, reason: str) -> RunView:
    """The preparer says why alerts of a run are no mistake. Raises ``NotFound`` and ``StateNotAllowed``."""
    context.actor.must_be(access.PREPARER)
    run = context.get(Run, str(month))
    if run.state not in states.UNDECIDED_RUNS:
        raise errors.StateNotAllowed("run", str(month), run.state, "acknowledge")
    rows = queries.run_lines(context.session, str(month))
    found = _alerts(context, run, rows, _waits(context, rows))
    alerts.acknowledge(context, found, ids, reason=reason)
    return _view(context, month)


def prepare_due_runs(context: Context, as_of: date | None = None) -> list[RunView]:
    """Open what is due and put every open run before the approver: what ``fund run`` does."""
    context.actor.must_be(access.PREPARER)
    open_due_runs(context, as_of)
    waiting = context.run(_run.select().where(_run.c.state == "open").order_by(_run.c.month)).all()
    return [propose_run(context, Month.parse(run.month)) for run in waiting]


def hold_contribution(context: Context, contribution: int, *, reason: str) -> None:
    """Keep a proposed month out of the approval until it is resumed or excluded."""
    _set_aside(context, contribution, ContributionState.HELD, reason)


def reject_contribution(context: Context, contribution: int, *, reason: str) -> None:
    """Exclude a proposed or held month; it stays committed, and the next run proposes it again."""
    _set_aside(context, contribution, ContributionState.REJECTED, reason)


def _set_aside(context: Context, contribution: int, to: ContributionState, reason: str) -> None:
    context.actor.must_be(*access.FINANCE)
    rules.check_reason(reason, rules.HOLD_REASONS)
    context.step(Contribution, contribution, to, {Contribution.reason: reason})


def resume_contribution(context: Context, contribution: int, *, run: Month) -> None:
    """Put a held month back on the list of a run that is not approved yet. Raises ``StateNotAllowed``."""
    context.actor.must_be(*access.FINANCE)
    row = context.get(Run, str(run))
    if row.state not in states.UNDECIDED_RUNS:
        raise errors.StateNotAllowed("run", str(run), row.state, "resume")
    back = {Contribution.reason: None, Contribution.run_month: str(run)}
    context.step(Contribution, contribution, ContributionState.PROPOSED, back)


def approve_run(context: Context, month: Month, *, digest: str) -> Approved:
    """Another person approves exactly what was shown: the months become owed, and what may be paid is ordered.

    Raises ``SamePerson``, ``ListChanged``, ``AlertsNotAcknowledged``, ``PersonTwice``, ``StateNotAllowed`` and
    ``MonthNotCommitted``; then nothing happens.
    """
    context.actor.must_be(access.APPROVER)
    run = context.get(Run, str(month))
    rules.check_two_people("run", str(month), run.prepared_by, context.actor.code)
    approval = {Run.approved_by: context.actor.code, Run.approved_at: context.at, Run.digest: digest}
    context.step(Run, str(month), RunState.APPROVED, approval)
    assert run.prepared_by is not None  # it was proposed
    rows = queries.run_lines(context.session, str(month))
    waits = _waits(context, rows)
    found = _alerts(context, run, rows, waits)
    current = _digest(rows, found)
    if current != digest:
        raise errors.ListChanged(str(month), current)
    found.check(context.actor.code)
    proposed = [row for row in rows if row.state == "proposed"]
    twice = [f"{row.household} {row.month}" for row in proposed if waits[row.id] == controls.PERSON_TWICE]
    if twice:
        raise errors.PersonTwice(twice)
    _approve(context, proposed, run.prepared_by)
    ordered = payments.order_approved(context, run=month, prepared_by=run.prepared_by)
    return Approved(_view(context, month), ordered.batch, ordered.waiting)


def _approve(context: Context, rows: list[AnyRow], prepared_by: str) -> None:
    if not rows:
        return
    _check_lots(context, rows)
    stamp = context.stamp(prepared_by=prepared_by, approved_by=context.actor.code)
    context.book(
        *(
            events.approval(
                stamp,
                household=row.household,
                landlord=row.landlord,
                month=Month.parse(row.month),
                amount_cents=row.amount_cents,
                lot_cents=row.lot_cents,
                formula=row.formula,
            )
            for row in rows
        )
    )
    context.run(
        context.steps(
            _contribution,
            ContributionState.APPROVED,
            _contribution.c.run_month == rows[0].run_month,
            _contribution.c.state == "proposed",
        )
    )
    used_cents, committed_cents = sum(row.amount_cents for row in rows), sum(row.lot_cents for row in rows)
    move_position(context, available=committed_cents - used_cents, committed=-committed_cents, used=used_cents)
    count_months(context, [row.household for row in rows], 1)


def _check_lots(context: Context, rows: list[AnyRow]) -> None:
    """The cap and the budget are judged again here: every month still has the lot that was shown (rule 6)."""
    lots = {(household, str(month)): cents for household, month, cents in balances.open_lots(context.session)}
    for row in rows:
        if lots.get((row.household, row.month)) != row.lot_cents:
            raise errors.MonthNotCommitted(row.household, row.month)


def count_months(context: Context, households: list[str], sign: int) -> None:
    """Move months from committed to used, or back, with one statement for each number of months."""
    counts = Counter(households)
    for count in sorted(set(counts.values())):
        change = count * sign
        for block in queries.blocks([household for household, months in counts.items() if months == count]):
            context.run(
                update(_household)
                .where(_household.c.code.in_(block))
                .values(
                    months_used=_household.c.months_used + change,
                    months_committed=_household.c.months_committed - change,
                )
            )
