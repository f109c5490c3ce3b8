"""What the acts about households change, and what speaks against them."""

from collections.abc import Callable, Generator, Mapping
from datetime import date
from sys import intern

from ledger.acts.households import RETURNS
from ledger.codes import SYSTEM
from ledger.findings import Violation, Violations
from ledger.formula import Term, prorated_cents
from ledger.months import Month
from ledger.reader import Record
from ledger.rules.landlords import stands_once
from ledger.state import Household, RecordedLease, State


def _admission_proposed(state: State, entry: Record) -> Violations:
    facts, code = entry.facts, intern(entry.facts.household or "")
    cap_months, person = facts.cap_months or 0, facts.fingerprint or ""
    if code in state.households:
        yield "duplicate", f"household {code} was proposed already"
        return
    if cap_months > state.cap_months:
        yield "cap", f"household {code} is given {cap_months} months of {state.cap_months}"
    if facts.reason is None:
        yield from stands_once(state, code, person)
    state.households[code] = Household(
        min(cap_months, state.cap_months), person, facts.reason, intern(entry.prepared_by)
    )
    state.parties[person].add(code)


def _admission(state: State, entry: Record) -> Violations:
    facts, code = entry.facts, entry.facts.household or ""
    household = state.households.get(code)
    if household is None:
        return
    if not household.is_proposed or code not in state.parties[household.person]:
        yield "order-of-states", f"admits household {code}, which is not proposed"
    if (facts.cap_months, facts.fingerprint, facts.reason) != (
        household.cap_months,
        household.person,
        household.reason,
    ):
        yield "four-eyes", f"admits household {code} otherwise than it was proposed"
    if household.admission_by not in (SYSTEM, entry.prepared_by):
        yield "four-eyes", f"was proposed by {household.admission_by}, not by {entry.prepared_by}"
    if household.reason == RETURNS:
        yield from _returned(state, code, household)
    household.is_open = True


def _returned(state: State, code: str, household: Household) -> Violations:
    """Who comes back has what is left of the cap."""
    others = [
        state.households[other] for other in state.parties[household.person] - {code} if other in state.households
    ]
    if any(other.exited is None for other in others):
        yield "people", f"household {code} comes back and has not left"
    if household.cap_months + sum(other.months_used for other in others) > state.cap_months:
        yield "cap", f"household {code} comes back with more months than are left of {state.cap_months}"


def _admission_rejected(state: State, entry: Record) -> Violations:
    code = entry.facts.household or ""
    household = state.households.get(code)
    if household is None:
        return
    if not household.is_proposed:
        yield "order-of-states", f"rejects household {code}, which is admitted"
    state.parties[household.person].discard(code)


def _exit(state: State, entry: Record) -> Violations:
    household = state.households.get(entry.facts.household or "")
    if household is None:
        return
    if household.exited is not None:
        yield "closed-position", f"household {entry.facts.household} was closed on {household.exited} already"
    elif not household.is_open:
        yield "order-of-states", f"household {entry.facts.household} was not admitted"
    if household.lots:
        yield "order-of-states", f"household {entry.facts.household} still has committed months"
    household.exited = household.exited or date.fromisoformat(entry.day)
    household.is_open = False


def _admission_annulled(state: State, entry: Record) -> Violations:
    yield from _exit(state, entry)
    code = entry.facts.household or ""
    household = state.households.get(code)
    if household is None:
        return
    if household.months:
        yield "order-of-states", f"annuls the admission of {code}, which has approved months"
    state.parties[household.person].discard(code)


def _identity_corrected(state: State, entry: Record) -> Violations:
    code, person = entry.facts.household or "", entry.facts.fingerprint or ""
    household = state.households.get(code)
    if household is None:
        return
    if code not in state.parties[household.person]:
        yield "order-of-states", f"corrects the person of {code}, which was not admitted"
    if code in state.erased:
        yield "closed-position", f"corrects the person of {code}, which is erased"
    yield from stands_once(state, code, person)
    state.parties[household.person].discard(code)
    state.parties[person].add(code)
    household.person = person


def _lease(state: State, entry: Record) -> Violations:
    facts, household = entry.facts, state.households.get(entry.facts.household or "")
    if household is None or facts.since is None:
        return
    number = facts.lease or 0
    if number != len(household.leases) + 1:
        yield "duplicate", f"lease {number} of {facts.household} follows lease {len(household.leases)}"
    yield from _ends_first(entry, facts.since)
    recorded = {intern(entry.prepared_by): facts.since}
    rents = {facts.since: facts.amount_cents or 0}
    household.leases[number] = RecordedLease(
        facts.landlord or "", facts.since, facts.until, recorded, rents, *_last_rent(rents)
    )


def _rent(state: State, entry: Record) -> Violations:
    lease = yield from _known_lease(state, entry)
    if lease is not None and entry.facts.since is not None:
        before = lease.recorded_by.get(entry.prepared_by, entry.facts.since)
        lease.recorded_by[intern(entry.prepared_by)] = min(before, entry.facts.since)
        lease.rents[entry.facts.since] = entry.facts.amount_cents or 0
        lease.whole_since, lease.rent_cents = _last_rent(lease.rents)


def _last_rent(rents: Mapping[date, int]) -> tuple[Month, int]:
    """The first month that has the last of some rents on each day, and this rent."""
    since = max(rents)
    return Month.of(since).plus(since.day > 1), rents[since]


def _lease_end(state: State, entry: Record) -> Violations:
    lease = yield from _known_lease(state, entry)
    if lease is not None:
        yield from _ends_first(entry, lease.since)
        lease.until = entry.facts.until


def _contribution_decided(state: State, entry: Record) -> Violations:
    """From a month on; within a number of months in place of what was decided there before."""
    household, first = state.households.get(entry.facts.household or ""), entry.month
    if household is not None and first is not None:
        end, before = first.plus(entry.facts.months or 1), household.decided
        household.decided = {since: cents for since, cents in before.items() if not first <= since < end}
        household.decided[first] = entry.facts.amount_cents or 0
        household.decided_since = max(household.decided)
        household.decided_cents = household.decided[household.decided_since]
    yield from ()


def most_cents(household: Household, lease: RecordedLease, month: Month) -> int:
    """The most that a month may be approved with: on each day of the lease the rent, or what is decided for the month
    where that is less.
    """
    decided = [since for since in household.decided if since <= month]
    decided_cents = household.decided[max(decided)] if decided else 0
    days: dict[int, int] = {}
    for number in range(1, month.days + 1):
        day = month.day(number)
        rents = [since for since in lease.rents if since <= day]
        if rents and lease.since <= day and (lease.until is None or day <= lease.until):
            cents = min(lease.rents[max(rents)], decided_cents)
            days[cents] = days.get(cents, 0) + 1
    return prorated_cents([Term(cents, count, month.days) for cents, count in days.items()])


def is_within_last_terms(household: Household, lease: RecordedLease, month: Month, cents: int) -> bool:
    """Whether an amount is within the last rent and the last decision, and the month has these throughout."""
    return (
        cents <= lease.rent_cents
        and cents <= household.decided_cents
        and household.decided_since is not None
        and household.decided_since <= month
        and lease.whole_since <= month
        and (lease.until is None or month.last_day <= lease.until)
    )


def _ends_first(entry: Record, since: date) -> Violations:
    if entry.facts.until is not None and entry.facts.until < since:
        yield "order-of-states", f"ends lease {entry.facts.lease} of {entry.facts.household} before it begins"


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
    "admission-proposed": _admission_proposed,
    "admission": _admission,
    "admission-rejected": _admission_rejected,
    "admission-annulled": _admission_annulled,
    "identity-corrected": _identity_corrected,
    "exit": _exit,
    "lease": _lease,
    "rent": _rent,
    "lease-end": _lease_end,
    "contribution-decided": _contribution_decided,
    "reproposal": _reproposal,
}
