"""What the acts about statements change, and what speaks against them."""

from collections.abc import Callable

from ledger.findings import Violations
from ledger.reader import Record
from ledger.state import State


def _issued(state: State, entry: Record) -> Violations:
    number = entry.facts.statement or ""
    year, _, place = number.rpartition("-")
    before = state.statements.get(year, 0)
    if int(place or 0) != before + 1:
        yield "duplicate", f"statement {number} follows {before} others of its year"
    if entry.facts.landlord not in state.landlords:
        yield "order-of-states", f"statement {number} is for {entry.facts.landlord}, who is not registered"
    state.statements[year] = max(before, int(place or 0))


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {"statement-issued": _issued}
