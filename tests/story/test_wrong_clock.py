"""A clock that was once wrong books nothing, and weeks of downtime change nothing once a person has said the day."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.views import VerificationView
from fund.doors.jobs.scheduler import JOBS, run_job
from fund.doors.transaction import writing_unchecked
from fund.services import day_confirmations, jobs
from fund.services.books.verification import verify
from fund.services.desk import tasks
from fund.services.money import money
from fund.services.payouts import runs
from ledger.months import Month
from tests.fund.fixtures import Prepared
from tests.fund.kit import MARCH, Office, close_months, open_office

WRITERS = ("monthly-run", "closing", "notices", "mail")
WAITING = dict.fromkeys(JOBS, "ok") | dict.fromkeys(WRITERS, "waiting")
MEMORY = ("job_run", "day_confirmation")
"""Tables that say how the time went, and nothing of the fund."""


def verified(office: Office) -> VerificationView:
    return office.ask(office.auditor, verify, office.app.settings.books, office.app.settings.outbox)


def run_jobs(office: Office) -> dict[str, str]:
    return {name: run_job(office.app, name) for name in JOBS}


def fund_of(office: Office) -> dict[str, object]:
    """Everything that is in the database but the memory of how the time went."""
    return {name: rows for name, rows in office.dump().items() if name not in MEMORY}


@pytest.mark.long
def test_a_clock_that_was_ahead_for_a_while_leaves_no_trace(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.pay_month(MARCH)
    before, files = fund_of(office), office.files()
    office.clock_says("2023-04-10")
    assert run_jobs(office) == WAITING
    assert run_jobs(office) == WAITING, "nor does it pass the second time"
    assert fund_of(office) == before
    assert office.files() == files
    last = {name: row.detail for name, row in office.ask(office.admin, jobs.last_runs).items()}
    assert last["closing"] == last["monthly-run"] == last["mail"] == "day-not-confirmed"
    office.clock_says("2022-03-07")
    assert set(run_jobs(office).values()) == {"ok"}
    office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)
    assert office.findings() == ()


def test_every_act_waits_for_the_day_and_each_kind_of_user_but_auditors_may_confirm_it(any_office: Office) -> None:
    office = any_office.clock_says("2022-04-05")
    with pytest.raises(errors.DayNotConfirmed) as caught:
        office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)
    assert (caught.value.today, caught.value.witness) == (date(2022, 4, 5), date(2022, 2, 14))
    for actor in (office.preparer, office.approver, office.admin, office.auditor):
        (task,) = [one for one in office.ask(actor, tasks.waiting_tasks) if one.kind == "confirm-day"]
        assert task.is_mine == (actor != office.auditor)
    for actor in (office.auditor, SYSTEM):
        with pytest.raises(errors.NotPermitted), writing_unchecked(office.app, actor) as context:
            day_confirmations.confirm_today(context, office.day)
    with pytest.raises(errors.NotToday):
        office.confirm_today(date(2022, 3, 5))
    with writing_unchecked(office.app, office.admin) as context:
        day_confirmations.confirm_today(context, office.day)
    office.confirm_today(office.day)
    (kept,) = office.ask(office.auditor, day_confirmations.list_confirmations)
    assert (kept.day, kept.confirmed_by, kept.confirmed_at) == (office.day, office.admin.code, office.clock.now())
    assert not [one for one in office.ask(office.admin, tasks.waiting_tasks) if one.kind == "confirm-day"]
    office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)


def test_a_confirmed_day_holds_as_long_as_any_witness(office: Office) -> None:
    office.clock_says("2022-04-05").confirm_today(office.day)
    office.clock_says("2022-06-05")
    with pytest.raises(errors.DayNotConfirmed):
        office.open_runs()
    office.clock_says("2022-06-04").open_runs()


def test_a_confirmation_of_a_day_to_come_vouches_for_no_day_before_it(office: Office) -> None:
    """A person who confirmed what a wrong clock said does not vouch for the days after it is set right."""
    office.clock_says("2030-01-01").confirm_today(office.day)
    office.clock_says("2022-04-05")
    with pytest.raises(errors.DayNotConfirmed) as caught:
        office.open_runs()
    assert caught.value.witness == date(2022, 2, 14)


@pytest.mark.long
def test_weeks_of_downtime_change_nothing_once_the_day_is_confirmed(prepared_sqlite: Prepared, tmp_path: Path) -> None:
    """The same books, byte by byte, as of a fund whose people said the day every week while the jobs were down."""

    def lived(name: str, weeks: bool) -> Office:
        url = prepared_sqlite.host.copy(prepared_sqlite.founded)
        office = open_office(Path(shutil.copytree(prepared_sqlite.home, tmp_path / name)), url)
        office.on("2022-03-05").pay_month(MARCH)
        day = date(2022, 3, 5)
        while weeks and (day := day + timedelta(days=7)) < date(2022, 8, 20):
            office.clock_says(str(day)).confirm_today(day)
        office.clock_says("2022-08-20")
        if not weeks:
            assert run_jobs(office) == WAITING
            office.confirm_today(office.day)
        assert set(run_jobs(office).values()) == {"ok"}
        for month in [Month(2022, number) for number in range(4, 9)]:
            office.prepare(runs.propose_run, month)
            office.settle(str(office.approve_run(month).batch))
        assert office.findings() == ()
        return office

    outage, spoken = lived("outage", weeks=False), lived("spoken", weeks=True)
    assert outage.files() == spoken.files()
    assert fund_of(outage) == fund_of(spoken)
    assert outage.months_used("N01") == 6
    for office in (outage, spoken):
        office.close()


def test_a_clock_behind_the_journal_refuses_every_act_and_reads_on(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.pay_month(MARCH)
    before = fund_of(office)
    office.clock_says("2022-03-04")
    with pytest.raises(errors.ClockBehindJournal) as caught:
        office.prepare(money.propose_repayment, amount_cents=1)  # which books nothing, and would have passed
    assert (caught.value.today, caught.value.last) == (date(2022, 3, 4), date(2022, 3, 5))
    assert run_jobs(office) == WAITING | dict.fromkeys(WRITERS, "failed")
    assert fund_of(office) == before
    assert office.balances().fund.paid_cents == 0


@pytest.mark.long
def test_entries_of_days_to_come_are_told_by_the_verification(any_office: Office) -> None:
    """What a clock that was ahead had booked, and a person had confirmed."""
    office = any_office.on("2022-12-05")
    close_months(office)
    assert verified(office).warnings == ()
    office.clock_says("2022-03-05")
    result = verified(office)
    assert result.findings == ()
    (warning,) = result.warnings
    assert warning.startswith("clock: entries dated after today, 2022-03-05: 11, the last on 2022-12-05;")
