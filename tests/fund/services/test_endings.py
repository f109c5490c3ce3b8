"""How things end: a fund that is over, money that is not there, a batch that is withdrawn, a job that breaks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fund.domain import access, errors
from fund.domain.access import SYSTEM
from fund.doors.jobs import scheduler
from fund.services import jobs
from fund.services.books import closings
from fund.services.money import money
from fund.services.payouts import payments
from fund.services.users import users
from ledger.months import Month
from tests.fund.kit import MARCH, Office, close_months, new_user


def test_a_fund_that_ended_is_not_closed_month_after_month_for_ever(office: Office) -> None:
    ends = office.ask(office.auditor, lambda context: context.fund().activities_end)
    office.on(str(ends + timedelta(days=1000)))
    closed = office.do(SYSTEM, closings.close_due_months)
    assert closed[-1] == Month.of(ends)
    assert office.do(SYSTEM, closings.close_due_months) == []


def test_a_month_is_closed_from_the_day_after_its_last(any_office: Office) -> None:
    office = any_office
    close_months(office)
    assert office.on("2022-02-28").ask(office.auditor, closings.due_months) == []
    assert close_months(office) == []
    with pytest.raises(errors.MonthNotOver):
        office.do(SYSTEM, closings.close_month, Month(2022, 2))
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)  # the day is still open
    office.on("2022-03-01")
    assert office.ask(office.auditor, closings.due_months) == [Month(2022, 2)]
    assert close_months(office) == [Month(2022, 2)]
    assert office.findings() == ()


def test_a_repayment_is_paid_only_from_cash_that_is_there(office: Office) -> None:
    office.decide(money.propose_allocation, code="A99", granted_on=office.day, amount_cents=10_000_000)
    office.confirm(office.prepare(money.propose_repayment, amount_cents=office.balances().fund.available_cents))
    with pytest.raises(errors.NotEnoughCash):
        office.prepare(money.record_repayment_paid, 1, bank_date=office.day)
    assert office.balances().fund.repaid_to_funder_cents == 0
    assert office.findings() == ()


def test_the_file_of_a_cancelled_batch_leaves_the_outbox(office: Office) -> None:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    file = office.app.settings.outbox / f"{batch}.csv"
    assert file.exists()
    office.approve(payments.cancel_batch, batch, reason="wrong-amount")
    assert not file.exists()


@pytest.mark.parametrize("login", ["U01", "U99", "Some One", "x", "", "a" * 65, "a\n", "è"])
def test_a_login_is_never_written_like_a_code(office: Office, login: str) -> None:
    with pytest.raises(errors.InvalidInput):
        office.do(office.admin, users.add_user, new_user(login, access.AUDITOR), secret="s")


def test_a_job_that_breaks_is_remembered_and_logged_in_one_line(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_app: object) -> str:
        raise RuntimeError("a defect")

    monkeypatch.setitem(scheduler.JOBS, "closing", replace(scheduler.JOBS["closing"], run=breaks))
    assert scheduler.run_job(office.app, "closing") == "failed"
    assert [record.getMessage() for record in caplog.records] == ["job closing failed: RuntimeError"]
    last = office.ask(office.auditor, jobs.last_runs)["closing"]
    assert (last.outcome, last.detail) == ("failed", "RuntimeError")
