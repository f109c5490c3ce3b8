"""What the acts about households change, and what speaks against them."""

from collections.abc import Callable, Iterator
from datetime import date
from sys import intern

from ledger.reader import Record
from ledger.state import Household, State

Violations = Iterator[tuple[str, str]]


def _admission(state: State, entry: Record) -> Violations:
    code, cap_months = intern(entry.facts.household or ""), entry.facts.cap_months or 0
    if code in state.households:
        yield "duplicate", f"household {code} is admitted already"
        return
    if cap_months > state.cap_months:
        yield "cap", f"household {code} is given {cap_months} months of {state.cap_months}"
    state.households[code] = Household(min(cap_months, state.cap_months), date.fromisoformat(entry.day))


def _exit(state: State, entry: Record) -> Violations:
    household = state.households.get(entry.facts.household or "")
    if household is None:
        return
    if household.exited is not None:
        yield "closed-position", f"household {entry.facts.household} was closed on {household.exited} already"
    if household.lots:
        yield "order-of-states", f"household {entry.facts.household} still has committed months"
    household.exited = household.exited or date.fromisoformat(entry.day)


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "admission": _admission,
    "exit": _exit,
}
