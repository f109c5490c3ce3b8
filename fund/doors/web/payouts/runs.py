"""The monthly runs: prepared by one person, looked at as the approval queue, approved by another exactly as shown."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, ValidationInfo, field_validator
from starlette.responses import Response

from fund.documents.catalogue import N_
from fund.documents.tables import Col
from fund.domain import access, lists
from fund.domain.lists import ListStep
from fund.domain.texts import Message, Unfit
from fund.doors.http.fields import HoldReason, MonthName, RowId
from fund.doors.tables.payouts import RUNS, run_lines
from fund.doors.web.approval_snapshot import SnapshotLine
from fund.doors.web.decisions import AlertsForm, ApprovalForm, Nothing, Ticked, approval, options
from fund.doors.web.downloads import SheetKind, add_sheet, table_file
from fund.doors.web.forms import Form
from fund.doors.web.page_requests import Done
from fund.doors.web.paging import ON_A_PAGE, After, part_of, query_of
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.context import Context
from fund.services.payouts import runs
from fund.services.payouts.runs import ReviewLine
from ledger.months import Month

router = APIRouter(prefix="/runs", route_class=PageRoute)


class ListForm(Form):
    """Months of the list, and what to do with them."""

    chosen: Ticked[RowId]
    act: ListStep
    reason: Annotated[HoldReason | None, Field(validate_default=True)] = None
    into: MonthName | None = None

    @field_validator("reason")
    @classmethod
    def _has_reason(cls, reason: str | None, sent: ValidationInfo) -> str | None:
        if reason is None and sent.data.get("act") is not ListStep.RESUME:
            raise Unfit(Message("Choose the reason."))
        return reason


@router.get("")
def list_runs(desk: Desk, filled: Blank) -> Response:
    """Every run, newest first."""
    with desk.reading() as context:
        rows = runs.summarise_runs(context)
    may_prepare = desk.actor.role == access.PREPARER
    return desk.page("runs.html", rows=rows, table=RUNS, form=filled, may_prepare=may_prepare)


add_sheet(router, "/list", RUNS, runs.summarise_runs)


@router.post("")
@form_on(list_runs)
def prepare_runs(context: Context, _: Nothing) -> Done:
    """Open what is due, and put every open run before the approver."""
    views = runs.prepare_due_runs(context)
    if not views:
        return Done("/runs", Message("Nothing is due: every month whose pay day has come is in a run."))
    months = [view.month for view in views]
    to = f"/runs/{views[0].month}" if len(views) == 1 else "/runs"
    return Done(to, Message("Put before the approver: %(months)s.", {"months": months}))


@router.get("/dry-run")
def preview_runs(desk: Desk) -> Response:
    """What a preparation would give; it is the real path, rolled back."""
    with desk.previewing() as context:
        found = runs.preview_due(context)
    reviews = [(run, [(group, group.lines) for group in run.groups]) for run in found]
    return desk.page("runs_dry_run.html", reviews=reviews)


@router.get("/{month}")
def show_run(desk: Desk, filled: Blank, month: MonthName, after: After = 0) -> Response:
    """The approval queue of a month, page by page; what is approved is the whole of it."""
    with desk.reading() as context:
        found = runs.review_run(context, Month.parse(month), in_full=True)
        shown = approval(context, desk, filled, found.view, [_snapshot_line(line) for line in found.proposed])
    part = part_of(len(found.lines), after, ON_A_PAGE)
    return desk.page(
        "run.html",
        run=found,
        part=part,
        groups=list(part.of_groups(found.groups)),
        form=filled,
        hold_reasons=options(lists.HOLD_REASONS, desk.speak),
        into_options=[(str(one), desk.speak.month(one)) for one in found.undecided],
        **shown,
    )


def _snapshot_line(line: ReviewLine) -> SnapshotLine:
    month = line.line
    return SnapshotLine(
        str(month.contribution), month.household, str(month.month), month.amount_cents, month.landlord, line.account
    )


@router.post("/{month}/propose")
@form_on(show_run)
def propose_run(context: Context, _: Nothing, month: MonthName) -> Done:
    """The preparer puts an open run before the approver."""
    runs.propose_run(context, Month.parse(month))
    return Done(f"/runs/{month}", Message("Put before the approver: %(months)s.", {"months": Month.parse(month)}))


@router.post("/{month}/list")
@form_on(show_run)
def change_list(context: Context, form: ListForm, month: MonthName, after: After = 0) -> Done:
    """Hold, exclude or resume what is ticked on a page of the list."""
    run = Month.parse(month)
    match form.act:
        case ListStep.HOLD:
            runs.hold_months(context, form.chosen, reason=form.reason or "", of_run=run)
        case ListStep.EXCLUDE:
            runs.exclude_months(context, form.chosen, reason=form.reason or "", of_run=run)
        case ListStep.RESUME:
            runs.resume_months(context, form.chosen, into=Month.parse(form.into or month), of_run=run)
    return Done(f"/runs/{month}{query_of(after)}", _CHANGED[form.act])


_CHANGED = {
    ListStep.HOLD: Message("Put on hold. The list and its digest are new."),
    ListStep.EXCLUDE: Message("Excluded; the months stay committed. The list and its digest are new."),
    ListStep.RESUME: Message("Back on the list, which has a new digest."),
}


@router.post("/{month}/alerts")
@form_on(show_run)
def acknowledge_alerts(context: Context, form: AlertsForm, month: MonthName) -> Done:
    """The preparer says why what is ticked is no mistake."""
    runs.acknowledge_in_run(context, Month.parse(month), form.alerts, reason=form.why)
    return Done(f"/runs/{month}", Message("Acknowledged. The approver sees it with its reason."))


@router.post("/{month}/approve")
@form_on(show_run, asks_code=True)
def approve_run(context: Context, form: ApprovalForm, month: MonthName) -> Done:
    """Approve exactly what was shown, and order what may be paid."""
    done = runs.approve_run(context, Month.parse(month), digest=form.digest)
    if done.batch is None:
        return Done(f"/runs/{month}", Message("Approved. Nothing is ordered yet: see below what waits, and why."))
    return Done(f"/runs/{month}", Message("Approved. Batch %(batch)s orders what may be paid.", {"batch": done.batch}))


@router.get("/{month}/list.{kind}")
def download_list(desk: Desk, month: MonthName, kind: SheetKind) -> Response:
    """The list as it stands now."""
    with desk.reading() as context:
        found = runs.review_run(context, Month.parse(month))
    before: Col[ReviewLine] = Col(N_("Month before"), lambda reviewed: reviewed.month_before, "month")
    table = run_lines(f"run-{month}", lambda reviewed: reviewed.line, before)
    return table_file(desk, kind, table, found.lines)
