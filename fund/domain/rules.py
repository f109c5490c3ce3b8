"""The fund's rules as pure functions. They take the month that they judge as input, never "today"."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from fund.domain import errors
from fund.domain.members import Internal, Member
from fund.domain.texts import Message
from ledger.formula import Term, prorated_cents, write_formula
from ledger.months import Month, month_range

MAX_CAP_MONTHS = 20
"""The agreement's own ceiling: no fund of this service pays more months for one household."""
MAX_CHARGES_CENTS = 5_000
"""The most by which a person may say that a bank's line differs from its payment for charges."""

MAX_MAIL_ATTEMPTS = 10
FIRST_MAIL_PAUSE, LONGEST_MAIL_PAUSE = timedelta(minutes=5), timedelta(hours=12)
MAIL_CLAIM_LIFE = timedelta(minutes=15)
"""How long one sender has a message to itself: longer than any server may take to answer."""
LINK_PAUSE = timedelta(minutes=10)
"""A landlord who asks for link after link is sent one in this time."""

Step = tuple[date, int]
"""An amount in cents that holds from a day on."""


class Rent(NamedTuple):
    """A monthly rent, from a day on."""

    since: date
    rent_cents: int


@dataclass(frozen=True, slots=True)
class LeaseTerm:
    """The days of a lease and its monthly rents by the day from which each holds, oldest first."""

    starts_on: date
    ends_on: date | None
    rents_cents: Annotated[Sequence[Step], Internal()]

    @property
    def rents(self) -> Annotated[list[Rent], Member()]:
        """The same with names."""
        return [Rent(*step) for step in self.rents_cents]

    def covers(self, day: date) -> bool:
        """Whether the lease is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Amount:
    """What is due for a month, in cents, and the formula behind it where days were counted."""

    cents: int
    formula: str | None


def may_be_charges(cents: int) -> bool:
    """Whether a bank may have kept so much of a movement; nothing, it may as well."""
    return 0 <= cents <= MAX_CHARGES_CENTS


def mail_pause(attempts: int) -> timedelta | None:
    """How long a message rests after so many attempts, twice as long each time; ``None`` when it was the last."""
    if attempts >= MAX_MAIL_ATTEMPTS:
        return None
    return min(FIRST_MAIL_PAUSE * (1 << (attempts - 1)), LONGEST_MAIL_PAUSE)


def held_on(steps: Sequence[Step], day: date) -> int | None:
    """The amount that holds on a day, or ``None`` before the first."""
    amount = None
    for since, cents in steps:
        if since <= day:
            amount = cents
    return amount


def amount_due(month: Month, lease: LeaseTerm, decided_cents: int) -> Amount | None:
    """What a household's month costs the fund (rule 4): min(rent, decided contribution) for each day of the lease.

    A month that the lease covers in part, or in which the rent changes, is prorated by days, and rounded once.
    ``None`` when the lease covers no day of the month.
    """
    days: dict[int, int] = {}
    for offset in range(month.days):
        day = month.first_day + timedelta(days=offset)
        rent_cents = held_on(lease.rents_cents, day) if lease.covers(day) else None
        if rent_cents is not None:
            monthly_cents = min(rent_cents, decided_cents)
            days[monthly_cents] = days.get(monthly_cents, 0) + 1
    if not days:
        return None
    terms = [Term(cents, count, month.days) for cents, count in days.items()]
    if len(terms) == 1 and terms[0].days == month.days:
        return Amount(terms[0].monthly_cents, None)
    return Amount(prorated_cents(terms), write_formula(terms))


def decided_for(month: Month, amounts: Mapping[Month, int]) -> int:
    """The contribution decided for a month: the last one whose first month is not after it, in cents."""
    return amounts[max(since for since in amounts if since <= month)]


def months_due(first: Month, as_of: date, pay_day: int) -> Iterator[Month]:
    """The months from ``first`` on whose pay day has come; the pay day is the month's last day where it is shorter."""
    month = first
    while month.day(pay_day) <= as_of:
        yield month
        month = month.plus(1)


def vouched_until(witness: date, pay_day: int) -> date:
    """The last day that a witness of time vouches for: the eve of the second pay day after it.

    So at most one pay day lies between a witness and a day that needs no confirmation (28 to 61 days).
    """
    month = Month.of(witness)
    ahead = month if month.day(pay_day) > witness else month.plus(1)
    return ahead.plus(1).day(pay_day) - timedelta(days=1)


def check_clock(today: date, *, last_entry: date, witness: date, pay_day: int) -> None:
    """The clock is not behind the journal, and its day is vouched for.

    ``witness`` is the latest day, not after today, that the journal, the bank or a person gives. Raises
    ``ClockBehindJournal`` and ``DayNotConfirmed``.
    """
    if today < last_entry:
        raise errors.ClockBehindJournal(today, last_entry)
    if today > vouched_until(witness, pay_day):
        raise errors.DayNotConfirmed(today, witness)


def check_period(first: Month, last: Month) -> None:
    """A period does not end before it begins. Raises ``InvalidInput``."""
    if last < first:
        message = Message("is before the month in which the period begins")
        raise errors.InvalidInput([{"path": "to", "message": message}])


def check_has_come(path: str, day: date | None, today: date) -> None:
    """A day on which something happened is not after today. Raises ``InvalidInput`` at ``path``."""
    if day is not None and day > today:
        raise errors.InvalidInput([{"path": path, "message": Message("must not be after today")}])


@dataclass(frozen=True, slots=True)
class Forecast:
    """How far a household can still come: months used, its target, and months that can still be paid."""

    used: int
    target: int
    usable: int

    @property
    def missing(self) -> int:
        """How many months of the target can no longer be reached."""
        return max(0, self.target - self.used - self.usable)


def forecast(
    used: Collection[Month], committed: Collection[Month], *, target: int, cap: int, now: Month, last: Month
) -> Forecast:
    """What a household reaches by the end of the activities, seen in month ``now``.

    Usable is each month from ``now`` to the ``last`` payable one that is not used, and each earlier one that is
    committed and waits (arrears), as many as the household's cap leaves; nor is the agreement's target beyond it.
    """
    ahead = set(month_range(now, max(0, last.months_since(now) + 1))) - set(used)
    late = {month for month in committed if month < now}
    return Forecast(len(used), min(target, cap), min(len(ahead | late), cap - len(used)))


def check_reason(reason: str, allowed: Iterable[str]) -> None:
    """The reason is one of a list. Raises ``InvalidInput``."""
    check_one_of("reason", reason, allowed)


def check_one_of(path: str, value: str, allowed: Iterable[str]) -> None:
    """The value is one of a list. Raises ``InvalidInput`` at ``path``."""
    listed = tuple(allowed)
    if value not in listed:
        message = Message("must be one of: %(allowed)s", {"allowed": ", ".join(listed)})
        raise errors.InvalidInput([{"path": path, "message": message}])


def check_cap(household: str, cap_months: int, months: int) -> None:
    """Rule 1: ``months`` used and committed together stay within the cap. Raises ``CapReached``."""
    if months > cap_months:
        raise errors.CapReached(household, cap_months, months)


def check_payable(months: Iterable[Month], first: Month, last: Month) -> None:
    """Every month is one that the agreement lets pay. Raises ``MonthOutsideAgreement``."""
    for month in months:
        if not first <= month <= last:
            raise errors.MonthOutsideAgreement(str(month), str(first), str(last))


def lots(first: Month, count: int, amounts: Mapping[Month, int]) -> dict[Month, int]:
    """The months of a grant and what each costs at most, in cents."""
    return {month: decided_for(month, amounts) for month in month_range(first, count)}


def check_two_people(thing: str, key: str, prepared_by: str | None, approved_by: str) -> None:
    """Rule 5. Raises ``SamePerson``."""
    if prepared_by == approved_by:
        raise errors.SamePerson(thing, key)


def check_call_back(landlord: str, called_back_on: date | None, proposed_on: date, today: date) -> date:
    """Rule 5: the day on which the landlord was called back about what was proposed.

    Raises ``CallBackMissing`` and ``InvalidInput``.
    """
    if called_back_on is None:
        raise errors.CallBackMissing(landlord)
    if not proposed_on <= called_back_on <= today:
        between = Message("must be between the day of the proposal and today")
        raise errors.InvalidInput([{"path": "called_back_on", "message": between}])
    return called_back_on


def check_new_lease(household: str, starts_on: date, others: Sequence[LeaseTerm]) -> None:
    """A household has one lease on any day, and a later one begins with a month. Raises the lease errors."""
    for other in others:
        if other.ends_on is None or other.ends_on >= starts_on:
            raise errors.LeaseOverlaps(household)
    if others and starts_on.day != 1:
        raise errors.LeaseStartsInMonth(household)


def list_digest(rows: Iterable[Mapping[str, object]]) -> str:
    """The digest of a list as it was shown: sha256 of its rows as canonical JSON (rule 5)."""
    text = json.dumps(list(rows), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
