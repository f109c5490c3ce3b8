"""What the agreement, its terms and its amendments change, and what speaks against them."""

from collections.abc import Callable, Iterable
from datetime import date

from ledger.findings import Violations
from ledger.months import Month, last_payable_month
from ledger.reader import Record
from ledger.state import State


def outside_window(state: State, household: str, months: Iterable[Month]) -> Violations:
    """Months of a household that the agreement, as it is in force, does not let pay."""
    first, last = state.first_month, state.last_month
    for month in months:
        if (first and month < first) or (last and month > last):
            yield "window", f"{household} {month} is not between {first} and {last}"


def _agreement(state: State, entry: Record) -> Violations:
    facts = entry.facts
    if state.fund is not None:
        yield "shape", "there is an agreement already"
    state.fund, state.signed_on = facts.fund, facts.act_date
    state.keys.add(facts.key_check or "")
    state.cooling_off_days = facts.cooling_off_days or 0
    state.first_month = None if facts.act_date is None else Month.of(facts.act_date)
    yield from _amended(state, entry)
    _pays_on(state, facts.pay_day)


def _terms(state: State, entry: Record) -> Violations:
    state.has_terms, state.cooling_off_days = True, entry.facts.cooling_off_days or 0
    _pays_on(state, entry.facts.pay_day)
    yield from _lots_outside(state)


def _amendment(state: State, entry: Record) -> Violations:
    act, day = entry.facts.city_act, entry.facts.act_date
    if day and state.signed_on and state.activities_end and not state.signed_on <= day <= state.activities_end:
        yield "window", f"act {act} of {day} changes an agreement of {state.signed_on} to {state.activities_end}"
    if day and day > date.fromisoformat(entry.day):
        yield "window", f"act {act} is of {day}, after the entry"
    yield from _amended(state, entry)
    _pays_on(state, state.pay_day)
    yield from _lots_outside(state)


def _amended(state: State, entry: Record) -> Violations:
    """A household that had the agreement's cap has the new one; a lower one of its own stays, unless that is lower."""
    facts = entry.facts
    before, cap_months = state.cap_months, facts.cap_months or 0
    if (facts.target_months or 0) > cap_months:
        yield "cap", f"aims at {facts.target_months} months of {cap_months}"
    state.activities_end, state.cap_months = facts.activities_end, cap_months
    for code, household in state.households.items():
        if household.cap_months == before or household.cap_months > cap_months:
            household.cap_months = cap_months
        months = household.months_used + len(household.lots)
        if months > household.cap_months:
            yield "cap", f"household {code} has {months} months of {household.cap_months}"


def _pays_on(state: State, pay_day: int | None) -> None:
    if pay_day and state.activities_end:
        state.pay_day, state.last_month = pay_day, last_payable_month(state.activities_end, pay_day)


def _lots_outside(state: State) -> Violations:
    for code, household in state.households.items():
        yield from outside_window(state, code, household.lots)


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "agreement": _agreement,
    "terms": _terms,
    "amendment": _amendment,
}
