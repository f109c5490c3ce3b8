"""What is told of the recurring work, with the real APScheduler."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fund.clock import Clock, LateClock, SystemClock
from fund.doors.jobs.scheduler import JOBS, job_views, start_scheduler
from tests.fund.kit import FOUNDED, Office


@pytest.mark.parametrize("clock", [SystemClock(), LateClock(timedelta(days=1_500))], ids=["now", "a demo's past"])
def test_the_next_wake_up_is_told_by_the_funds_clock(office: Office, clock: Clock) -> None:
    app = replace(office.app, clock=clock)
    assert clock.now().date() > FOUNDED
    scheduler = start_scheduler(app)
    try:
        views = job_views(app, office.auditor, scheduler)
    finally:
        scheduler.shutdown()
    assert [view.name for view in views] == list(JOBS)
    for view in views:
        assert view.last_run is not None and view.next_run is not None
        assert view.last_run <= clock.now() < view.next_run <= clock.now() + timedelta(days=1)
