"""The monthly runs and the months they propose: one person prepares, another approves exactly what was shown."""

from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Query
from starlette.responses import JSONResponse, Response

from fund.domain.members import Member
from fund.domain.states import ContributionState, RunState
from fund.domain.views import Approved, RunView
from fund.doors.api.answers import After, Items, Page, page_of
from fund.doors.api.routes import Routes
from fund.doors.http.fields import HouseholdCode, LandlordCode, MonthName, RowId, StateName
from fund.doors.http.inputs import ApprovalInput, CorrectionInput, HoldInput, ResumptionInput, RunsInput
from fund.doors.http.requests import Write
from fund.doors.http.schema import JsonOf, view_json
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.lists import ContributionFilter
from fund.services.payouts import corrections, runs
from ledger.months import Month

routes = Routes()
MAX_PAGE = 500


class RunSummaryJson(Protocol):
    """A run without its lines."""

    month: str
    state: RunState
    opened_at: datetime
    opened_by: str
    prepared_by: str | None
    approved_by: str | None
    approved_at: datetime | None


class ContributionJson(Protocol):
    """A household's month: what is owed, whatever becomes of its payments."""

    id: int
    household: str
    landlord: str
    month: str
    run_month: Annotated[str, Member("run")]
    amount_cents: int
    lot_cents: Annotated[int, Member("committed")]
    formula: str | None
    state: ContributionState
    reason: str | None


@routes.read("/runs", "The monthly runs, newest first", "runs")
def list_runs(context: Context) -> Items[JsonOf[RunSummaryJson]]:
    """Without their lines."""
    return {"items": runs.list_runs(context)}


@routes.write("/runs", "Prepare the runs that are due", "runs")
def prepare_runs(context: Context, body: RunsInput) -> Items[JsonOf[RunView]]:
    """Every due month without a run gets one, and every open run is put before the approver; twice changes nothing."""
    return {"items": runs.prepare_due_runs(context, body.as_of)}


@routes.write("/runs/dry-run", "Dry run of the preparation", "runs", shape=Items[JsonOf[RunView]])
def preview_runs(write: Write, body: RunsInput) -> Response:
    """The real path, rolled back: nothing is kept, nor is an answer for the key."""
    with write.preview() as context:
        return JSONResponse({"items": view_json(runs.prepare_due_runs(context, body.as_of))})


@routes.read("/runs/{month}", "A run with its lines and digest", "runs")
def show_run(context: Context, month: MonthName) -> JsonOf[RunView]:
    """What an approver looks at; the digest covers every line, whole IBANs included."""
    return runs.view_run(context, Month.parse(month), in_full=True)


@routes.write("/runs/{month}/approve", "Approve a run", "runs", asks_code=True)
def approve_run(context: Context, month: MonthName, body: ApprovalInput) -> JsonOf[Approved]:
    """By another person, and only what was shown: the months become owed, and what may be paid is ordered."""
    run = Month.parse(month)
    ordered = runs.approve_run(context, run, digest=body.digest)
    return Approved(runs.view_run(context, run), ordered.batch, ordered.waiting)


@routes.read("/contributions", "The months owed, by filters", "contributions")
def list_contributions(
    context: Context,
    household: HouseholdCode | None = None,
    landlord: LandlordCode | None = None,
    month: MonthName | None = None,
    run: Annotated[MonthName | None, Query(description="the month of the run that proposed it")] = None,
    state: StateName | None = None,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
) -> Page[JsonOf[ContributionJson]]:
    """In the order in which they were proposed, part by part."""
    chosen = ContributionFilter(household, landlord, month, run_month=run, state=state)
    rows = lists.list_contributions(context, chosen, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.id)


@routes.write("/contributions/{contribution}/hold", "Keep a month out of the approval", "contributions")
def hold_contribution(context: Context, contribution: RowId, body: HoldInput) -> JsonOf[ContributionJson]:
    """Until it is resumed or excluded."""
    runs.hold_months(context, [contribution], reason=body.reason)
    return lists.read_contribution(context, contribution)


@routes.write("/contributions/{contribution}/resume", "Put a held month back on a list", "contributions")
def resume_contribution(context: Context, contribution: RowId, body: ResumptionInput) -> JsonOf[ContributionJson]:
    """On that of a run that is not approved yet."""
    runs.resume_months(context, [contribution], into=body.run)
    return lists.read_contribution(context, contribution)


@routes.write("/contributions/{contribution}/exclude", "Exclude a month", "contributions")
def exclude_contribution(context: Context, contribution: RowId, body: HoldInput) -> JsonOf[ContributionJson]:
    """It stays committed, and the next run proposes it again."""
    runs.exclude_months(context, [contribution], reason=body.reason)
    return lists.read_contribution(context, contribution)


@routes.propose("/contributions/{contribution}/correct", "Propose to take an approval back", "contributions")
def propose_correction(context: Context, contribution: RowId, body: CorrectionInput) -> int:
    """While the month is not ordered; another person confirms it. Then a new entry mirrors the approval, and the month
    can be approved again.
    """
    return corrections.propose_correction(context, contribution, reason=body.reason)
