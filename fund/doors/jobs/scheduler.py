"""The scheduler: APScheduler only wakes the service up; what is due is worked out from the data (rule 8).

Its store is memory: a missed, doubled or late wake-up changes nothing. Jobs run at noon in Italy, when no clock jumps.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from fund.app import App
from fund.clock import ROME, LateClock
from fund.domain.access import SYSTEM, Actor
from fund.domain.errors import DayNotConfirmed, FundError, IntegrityBroken, StorageFailed
from fund.domain.lists import JobOutcome
from fund.domain.texts import N_
from fund.domain.views import JobView
from fund.doors.jobs.mailing import send_mail
from fund.doors.transaction import reading, writing, writing_unchecked
from fund.services.books.closings import close_due_months
from fund.services.books.verification import verify
from fund.services.jobs import last_runs, record_job
from fund.services.payouts.runs import open_due_runs
from fund.services.users.notices import tell_named

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger("fund.jobs")


def monthly_run(app: App) -> str:
    """Open the runs that are due; a person proposes and another approves them."""
    with writing(app, SYSTEM) as context:
        return " ".join(str(month) for month in open_due_runs(context))


def closing(app: App) -> str:
    """Close the months that are over."""
    with writing(app, SYSTEM) as context:
        return " ".join(str(month) for month in close_due_months(context))


def publish_books(app: App) -> str:
    """Catch the books up with the journal."""
    published = app.books.publish()
    return published.found.value if published else ""


def check_books(app: App) -> str:
    """Hold books and database against each other."""
    with reading(app, SYSTEM) as context:
        result = verify(context, app.settings.books, app.settings.outbox)
    if result.findings:
        raise IntegrityBroken(list(result.findings))
    strays = f", {len(result.strays)} stray" if result.strays else ""
    warnings = f", {len(result.warnings)} warnings" if result.warnings else ""
    return f"{result.entries} entries{strays}{warnings}"


def notices(app: App) -> str:
    """Tell those whom entries name."""
    with writing(app, SYSTEM) as context:
        return tell_named(context)


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring job: what it does, when it is woken, as APScheduler's cron fields, and what the desk calls it."""

    run: Callable[[App], str]
    woken: Mapping[str, int | str]
    text: str


JOBS = {
    "monthly-run": Job(monthly_run, {"hour": 12, "minute": 0}, N_("Monthly run")),
    "closing": Job(closing, {"hour": 12, "minute": 10}, N_("Monthly closing")),
    "publish-books": Job(publish_books, {"minute": 30}, N_("Publication of the books")),
    "verify": Job(check_books, {"hour": 12, "minute": 40}, N_("Verification of the books")),
    "notices": Job(notices, {"hour": 12, "minute": 50}, N_("Notices to those whom entries name")),
    "mail": Job(send_mail, {"minute": "*/5"}, N_("Mail to landlords")),
}
"""Daily after noon, the publication hourly, mail in between."""


def run_job(app: App, name: str) -> JobOutcome:
    """Run one job and remember how it went.

    A job that waits catches up when it is woken again. Whatever else a job fails by is an outcome and one line of the
    log: the next wake-up tries again.
    """
    started_at, started = app.clock.now(), time.perf_counter()
    outcome, detail = JobOutcome.FAILED, ""
    try:
        detail = JOBS[name].run(app)
        outcome = JobOutcome.OK
    except FundError as error:
        detail = error.reason if isinstance(error, StorageFailed) else error.code
        outcome = JobOutcome.WAITING if isinstance(error, DayNotConfirmed) else JobOutcome.FAILED
    except OSError as error:
        detail = StorageFailed.of(error, "").reason
    except Exception as error:
        detail = type(error).__name__
    if outcome is JobOutcome.FAILED:
        log.warning("job %s failed: %s", name, detail)
    duration_ms = round((time.perf_counter() - started) * 1000)
    try:
        _remember(app, name, started_at, duration_ms, outcome, detail)
    except FundError as error:
        log.warning("job %s is not noted: %s", name, error.code)
    return outcome


def _remember(app: App, job: str, started_at: datetime, duration_ms: int, outcome: JobOutcome, detail: str) -> None:
    with writing_unchecked(app, SYSTEM) as context:
        record_job(context, job=job, started_at=started_at, duration_ms=duration_ms, outcome=outcome, detail=detail)


def start_scheduler(app: App) -> "BackgroundScheduler":
    """Start waking the jobs up, after one run of each now: what was missed while the service was down is caught up."""
    from apscheduler.schedulers.background import BackgroundScheduler
    from apscheduler.triggers.cron import CronTrigger

    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone=ROME, job_defaults=defaults)
    for name, job in JOBS.items():
        scheduler.add_job(run_job, CronTrigger(**job.woken, timezone=ROME), args=(app, name), id=name)
    for name in JOBS:
        run_job(app, name)
    scheduler.start()
    return scheduler


def job_views(app: App, actor: Actor, scheduler: Any | None) -> list[JobView]:
    """Every job with its next wake-up (if a scheduler runs here) and its last run, both by the fund's clock.

    APScheduler wakes up by the machine's, which a demo is behind.
    """
    behind = app.clock.behind if isinstance(app.clock, LateClock) else timedelta(0)
    with reading(app, actor) as context:
        last = last_runs(context)
    views = []
    for name in JOBS:
        job, run = scheduler.get_job(name) if scheduler else None, last.get(name)
        views.append(
            JobView(
                name=name,
                next_run=job.next_run_time.astimezone(UTC) - behind if job else None,
                last_run=run.started_at if run else None,
                outcome=run.outcome if run else None,
                duration_ms=run.duration_ms if run else None,
                detail=run.detail if run else None,
            )
        )
    return views
