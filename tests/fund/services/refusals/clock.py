"""Examples of refusals: days that the clock may not claim."""

from datetime import date

from fund.domain import errors
from fund.services.money import money
from tests.fund.kit import MARCH, Office, close_months
from tests.fund.services.refusals.examples import Refused, examples, proposed

EXAMPLES, example = examples()


@example(errors.ClockBehindJournal)
def an_entry_before_the_last(office: Office) -> Refused:
    office.on("2022-02-13")
    return lambda: office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.DayNotConfirmed)
def an_act_after_months_of_silence(office: Office) -> Refused:
    office.clock_says("2022-04-05")
    return lambda: office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.NotToday)
def a_confirmation_of_another_day(office: Office) -> Refused:
    office.clock_says("2022-04-05")
    return lambda: office.confirm_today(date(2022, 3, 5))


@example(errors.ClockBehindJournal)
def a_confirmation_of_a_day_before_the_last_entry(office: Office) -> Refused:
    office.on("2022-02-13")
    return lambda: office.confirm_today(office.day)


@example(errors.ClockBehindJournal, after=proposed)
def a_clock_set_back_by_a_day(office: Office) -> Refused:
    office.approve_run(MARCH)
    return lambda: close_months(office.on("2022-03-04"))
