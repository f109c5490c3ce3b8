"""The monthly runs and the months they propose: one person prepares, another approves exactly what was shown."""

from datetime import datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from fund.domain.members import Member
from fund.domain.states import ContributionState, RunState
from fund.domain.views import Approved, RunView
from fund.doors.api.answers import BookedJson, Items, Page
from fund.doors.api.openapi import APPROVES, FILTERS, LOOKS_UP, READS, WRITES
from fund.doors.http.fields import HouseholdCode, LandlordCode, MonthName, RowId, StateName
from fund.doors.http.inputs import ApprovalInput, CorrectionInput, HoldInput, ResumptionInput, RunsInput
from fund.doors.http.requests import GuardedRoute, Read, Write, approving, transactional
from fund.doors.http.schema import Shown, view_json
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.lists import ContributionFilter
from fund.services.payouts import corrections, runs
from ledger.months import Month

router = APIRouter(route_class=GuardedRoute)
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


@router.get("/runs", tags=["runs"], summary="The monthly runs, newest first", responses=READS)
def list_runs(read: Read) -> Items[Shown[RunSummaryJson]]:
    """Without their lines."""
    with read() as context:
        return {"items": runs.list_runs(context)}


@router.post(
    "/runs",
    tags=["runs"],
    summary="Prepare the runs that are due",
    response_model=Items[Shown[RunView]],
    responses=WRITES,
)
@transactional
def prepare_runs(context: Context, body: RunsInput) -> dict[str, object]:
    """Every due month without a run gets one, and every open run is put before the approver; twice changes nothing."""
    return {"items": runs.prepare_due_runs(context, body.as_of)}


@router.post(
    "/runs/preview",
    tags=["runs"],
    summary="What a preparation would give",
    response_model=Items[Shown[RunView]],
    responses=WRITES,
)
def preview_runs(write: Write, body: RunsInput) -> Response:
    """The real path, rolled back: nothing is kept, nor is an answer for the key."""
    with write.preview() as context:
        return JSONResponse({"items": view_json(runs.prepare_due_runs(context, body.as_of))})


@router.get("/runs/{month}", tags=["runs"], summary="A run with its lines and digest", responses=LOOKS_UP)
def show_run(read: Read, month: MonthName) -> Shown[RunView]:
    """What an approver looks at; the digest covers every line, whole IBANs included."""
    with read() as context:
        return runs.view_run(context, Month.parse(month))


@router.post(
    "/runs/{month}/approve",
    tags=["runs"],
    summary="Approve a run",
    response_model=Shown[Approved],
    responses=APPROVES,
)
@approving
def approve_run(context: Context, month: MonthName, body: ApprovalInput) -> Approved:
    """By another person, and only what was shown: the months become owed, and what may be paid is ordered."""
    run = Month.parse(month)
    ordered = runs.approve_run(context, run, digest=body.digest)
    return Approved(runs.view_run(context, run), ordered.batch, ordered.waiting)


@router.get("/contributions", tags=["contributions"], summary="The months owed, by filters", responses=FILTERS)
def list_contributions(
    read: Read,
    household: Annotated[HouseholdCode | None, Query()] = None,
    landlord: Annotated[LandlordCode | None, Query()] = None,
    month: Annotated[MonthName | None, Query()] = None,
    run: Annotated[MonthName | None, Query(description="the month of the run that proposed it")] = None,
    state: Annotated[StateName | None, Query()] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="the next of the part before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
) -> Page[Shown[ContributionJson]]:
    """In the order in which they were proposed, part by part."""
    chosen = ContributionFilter(household, landlord, month, run_month=run, state=state)
    with read() as context:
        rows = lists.list_contributions(context, chosen, after=after, limit=limit + 1)
    shown = rows[:limit]
    return {"items": shown, "next": shown[-1].id if len(rows) > limit else None}


@router.post(
    "/contributions/{contribution}/hold",
    tags=["contributions"],
    summary="Keep a month out of the approval",
    response_model=Shown[ContributionJson],
    responses=WRITES,
)
@transactional
def hold_contribution(context: Context, contribution: RowId, body: HoldInput) -> ContributionJson:
    """Until it is resumed or rejected."""
    runs.hold_months(context, [contribution], reason=body.reason)
    return _contribution(context, contribution)


@router.post(
    "/contributions/{contribution}/resume",
    tags=["contributions"],
    summary="Put a held month back on a list",
    response_model=Shown[ContributionJson],
    responses=WRITES,
)
@transactional
def resume_contribution(context: Context, contribution: RowId, body: ResumptionInput) -> ContributionJson:
    """On that of a run that is not approved yet."""
    runs.resume_months(context, [contribution], into=body.run)
    return _contribution(context, contribution)


@router.post(
    "/contributions/{contribution}/reject",
    tags=["contributions"],
    summary="Exclude a month",
    response_model=Shown[ContributionJson],
    responses=WRITES,
)
@transactional
def reject_contribution(context: Context, contribution: RowId, body: HoldInput) -> ContributionJson:
    """It stays committed, and the next run proposes it again."""
    runs.exclude_months(context, [contribution], reason=body.reason)
    return _contribution(context, contribution)


@router.post(
    "/contributions/{contribution}/correct",
    tags=["contributions"],
    summary="Take an approval back",
    response_model=BookedJson,
    responses=WRITES,
)
@transactional
def correct_approval(context: Context, contribution: RowId, body: CorrectionInput) -> BookedJson:
    """While the month is not ordered: a new entry mirrors the approval, and the month can be approved again."""
    return {"entry": corrections.correct_approval(context, contribution, reason=body.reason)}


def _contribution(context: Context, contribution: int) -> ContributionJson:
    return lists.read_contribution(context, contribution)
