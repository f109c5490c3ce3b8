"""What vouches for the clock besides the journal, and days to come that are refused or wait."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.services import day_confirmations
from fund.services.money import money, recoveries
from fund.services.payouts import runs
from tests.fund.kit import FUND, IBANS, MARCH, Office
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_open_items import OPENING, PAID


def test_the_bank_is_a_witness(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, *PAID), "camt.xml")
    sent.clock_says("2022-05-05")
    with pytest.raises(errors.DayNotConfirmed):
        sent.ask(SYSTEM, day_confirmations.check_clock)
    sent.clock_says("2022-05-04")
    sent.import_file(statement(2, OPENING - 85_000, Moved(-100, day="2022-04-20"), day="2022-04-20"), "camt.xml")
    assert sent.ask(sent.auditor, day_confirmations.last_known_day) == date(2022, 4, 20), "the day in the file"
    sent.clock_says("2022-06-04").ask(SYSTEM, day_confirmations.check_clock)
    sent.clock_says("2022-06-05")
    with pytest.raises(errors.DayNotConfirmed) as caught:
        sent.ask(SYSTEM, day_confirmations.check_clock)
    assert caught.value.witness == date(2022, 4, 20)


def test_a_line_of_a_day_to_come_vouches_for_no_day_before_it(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, Moved(-100, day="2022-09-01")), "camt.xml")
    sent.clock_says("2022-05-05")
    with pytest.raises(errors.DayNotConfirmed) as caught:
        sent.open_runs()
    assert caught.value.witness == date(2022, 3, 5), "the day on which the payments were ordered"


def test_a_line_of_a_day_to_come_waits_for_that_day(sent: Office) -> None:
    ahead = Moved(-45_000, "PAY-2022-03-0001", IBANS["L0001"], day="2022-03-14")
    view = sent.import_file(statement(1, OPENING, ahead, PAID[1]), "camt.xml")
    assert [line.matching for line in view.lines] == ["day-ahead", "booked"]
    with pytest.raises(errors.LineAhead) as caught:
        sent.match_line(view.sha256, 1, to="payment", key="PAY-2022-03-0001")
    assert caught.value.day == date(2022, 3, 14)
    assert sent.balances().fund.paid_cents == 40_000
    sent.on("2022-03-13").import_file(statement(2, OPENING - 85_000, day="2022-03-13"), "camt.xml")
    assert sent.balances().fund.paid_cents == 40_000
    sent.on("2022-03-14").import_file(statement(3, OPENING - 85_000, day="2022-03-14"), "camt.xml")
    assert sent.balances().fund.paid_cents == 85_000
    assert sent.findings() == ()


def _refuses(path: str, act: Callable[[], object]) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        act()
    (problem,) = caught.value.problems
    assert (problem["path"], str(problem["message"])) == (path, "must not be after today")


def test_no_run_is_prepared_for_months_ahead_and_no_money_moves_on_a_day_to_come(office: Office) -> None:
    office.on("2022-03-05")
    ahead = date(2022, 8, 31)
    before = office.dump()
    _refuses("as_of", lambda: office.prepare(runs.prepare_due_runs, ahead))
    _refuses("as_of", lambda: office.do(SYSTEM, runs.open_due_runs, office.day + timedelta(days=1)))
    _refuses(
        "granted_on", lambda: office.prepare(money.propose_allocation, code="A02", granted_on=ahead, amount_cents=1)
    )
    _refuses("bank_date", lambda: office.prepare(money.receive, allocation="A01", amount_cents=1, bank_date=ahead))
    _refuses("bank_date", lambda: office.prepare(money.record_repayment_paid, 1, bank_date=ahead))
    _refuses("bank_date", lambda: office.prepare(recoveries.recover, landlord="L0001", amount_cents=1, bank_date=ahead))
    assert office.dump() == before
    assert [view.month for view in office.prepare(runs.prepare_due_runs, office.day)] == [MARCH]


def test_no_fund_begins_before_its_agreement(office: Office) -> None:
    facts = FUND | {"agreement_date": office.day + timedelta(days=1)}
    _refuses("agreement_date", lambda: office.do(SYSTEM, money.begin_fund, **facts))
