"""What the scheduler's jobs did, kept in SQL."""

from datetime import datetime

from sqlalchemy import func, insert, select

from fund.domain import access
from fund.services.context import Context
from fund.store.queries import AnyRow
from fund.store.tables import JobRun, table

_job = table(JobRun)


def record_job(
    context: Context, *, job: str, started_at: datetime, duration_ms: int, outcome: str, detail: str
) -> None:
    """Remember one run of a job.

    Its outcome is ``ok``, ``waiting`` or ``failed``, its detail a code, never a person's text.
    """
    context.run(
        insert(_job).values(
            job=job, started_at=started_at, duration_ms=duration_ms, outcome=outcome, detail=detail[:200]
        )
    )


def last_runs(context: Context) -> dict[str, AnyRow]:
    """The last run of each job."""
    context.actor.must_be(*access.READERS, access.ADMIN)
    last = select(func.max(_job.c.id)).group_by(_job.c.job)
    return {row.job: row for row in context.run(_job.select().where(_job.c.id.in_(last)))}
