"""What the scheduler's jobs did, kept in SQL."""

from datetime import datetime

from fund.domain import access
from fund.domain.lists import JobOutcome
from fund.services.context import Context
from fund.store import service
from fund.store.tables import JobRun


def record_job(
    context: Context, *, job: str, started_at: datetime, duration_ms: int, outcome: JobOutcome, detail: str
) -> None:
    """Remember one run of a job; its detail is a code, never a person's text."""
    context.insert(
        JobRun(job=job, started_at=started_at, duration_ms=duration_ms, outcome=outcome, detail=detail[:200])
    )


def last_runs(context: Context) -> dict[str, JobRun]:
    """The last run of each job."""
    context.actor.must_be(*access.READERS, access.ADMIN)
    return {run.job: run for run in service.last_job_runs(context.session)}
