"""What the acts about households change, and what speaks against them."""

from collections.abc import Callable, Generator
from datetime import date
from sys import intern

from ledger.findings import Violation, Violations
from ledger.months import Month
from ledger.reader import Record
from ledger.state import Household, RecordedLease, State


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


def _lease(state: State, entry: Record) -> Violations:
    facts, household = entry.facts, state.households.get(entry.facts.household or "")
    if household is None or facts.since is None:
        return
    number = facts.lease or 0
    if number != len(household.leases) + 1:
        yield "duplicate", f"lease {number} of {facts.household} follows lease {len(household.leases)}"
    recorded = {intern(entry.prepared_by): facts.since}
    household.leases[number] = RecordedLease(facts.landlord or "", facts.since, facts.until, recorded)


def _rent(state: State, entry: Record) -> Violations:
    lease = yield from _known_lease(state, entry)
    if lease is not None and entry.facts.since is not None:
        before = lease.recorded_by.get(entry.prepared_by, entry.facts.since)
        lease.recorded_by[intern(entry.prepared_by)] = min(before, entry.facts.since)


def _lease_end(state: State, entry: Record) -> Violations:
    lease = yield from _known_lease(state, entry)
    if lease is not None:
        lease.until = entry.facts.until


def _known_lease(state: State, entry: Record) -> Generator[Violation, None, RecordedLease | None]:
    household = state.households.get(entry.facts.household or "")
    lease = household.leases.get(entry.facts.lease or 0) if household else None
    if lease is None:
        yield "unknown-code", f"{entry.kind} of lease {entry.facts.lease} of {entry.facts.household}, which is unknown"
    return lease


def _reproposal(state: State, entry: Record) -> Violations:
    household = state.households.get(entry.facts.household or "")
    if household is not None:
        household.proposed_by |= dict.fromkeys(household.lots, entry.prepared_by)
        for lease in household.leases.values():
            lease.recorded_by = {entry.prepared_by: lease.since}
    yield from ()


def covering_lease(household: Household, number: int, landlord: str, month: Month) -> RecordedLease | None:
    """A household's lease of a number, where it is with a landlord and covers a day of a month."""
    lease = household.leases.get(number)
    if (
        lease is None
        or lease.landlord != landlord
        or lease.since > month.last_day
        or (lease.until is not None and lease.until < month.first_day)
    ):
        return None
    return lease


def has_proposed(user: str | None, household: Household, lease: RecordedLease, month: Month) -> bool:
    """Whether a user proposed what the approval of a month uses: its lot, its lease, or a rent of that."""
    since = lease.recorded_by.get(user or "")
    return household.proposed_by.get(month) == user or (since is not None and since <= month.last_day)


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "admission": _admission,
    "exit": _exit,
    "lease": _lease,
    "rent": _rent,
    "lease-end": _lease_end,
    "reproposal": _reproposal,
}
