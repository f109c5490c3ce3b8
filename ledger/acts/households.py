"""Acts about households: admission and exit, leases and rents, what is decided for their months."""

from dataclasses import dataclass
from datetime import date

from ledger import accounts as a
from ledger.entries import Draft, Facts
from ledger.kind import HOUSEHOLD, Kind
from ledger.months import Month
from ledger.stamp import Stamp

_LEASE = ("household", "lease")

KINDS = (
    Kind(
        "admission",
        "ammissione del nucleo",
        needs=("household", "cap_months"),
        may=("evidence",),
        opens=(a.RENT + HOUSEHOLD, a.COMMITTED + HOUSEHOLD),
    ),
    Kind("exit", "chiusura della posizione", needs=("household",), may=("reason", "evidence"), two_people=True),
    Kind(
        "lease",
        "contratto di locazione",
        needs=(*_LEASE, "landlord", "since", "amount_cents", "fingerprint"),
        may=("until",),
    ),
    Kind("rent", "canone", needs=(*_LEASE, "since", "amount_cents")),
    Kind("lease-end", "fine del contratto di locazione", needs=(*_LEASE, "until")),
    Kind(
        "contribution-decided",
        "decisione del contributo",
        needs=("household", "month", "amount_cents"),
        may=("months",),
        two_people=True,
    ),
    Kind("reproposal", "riproposta di contratti e mensilità", needs=("household",), two_people=True),
)


@dataclass(frozen=True, slots=True)
class LeaseRef:
    """A lease: the household and its number among the household's."""

    household: str
    number: int


def admission(stamp: Stamp, *, household: str, cap_months: int, evidence: str | None = None) -> Draft:
    """A household is admitted, with its own cap: opens its accounts."""
    return stamp.draft("admission", Facts(household=household, cap_months=cap_months, evidence=evidence))


def exit_(stamp: Stamp, *, household: str, reason: str | None = None) -> Draft:
    """A household's position is closed for good: no month is committed any more, and the account closes."""
    return stamp.draft("exit", Facts(household=household, reason=reason))


def lease(
    stamp: Stamp, ref: LeaseRef, *, landlord: str, since: date, until: date | None, rent_cents: int, fingerprint: str
) -> Draft:
    """A contract with a landlord is recorded, with its first rent; ``fingerprint`` is of its registration."""
    facts = Facts(
        household=ref.household,
        lease=ref.number,
        landlord=landlord,
        since=since,
        until=until,
        amount_cents=rent_cents,
        fingerprint=fingerprint,
    )
    return stamp.draft("lease", facts)


def rent(stamp: Stamp, ref: LeaseRef, *, since: date, rent_cents: int) -> Draft:
    """The rent of a lease is another one from a day on."""
    facts = Facts(household=ref.household, lease=ref.number, since=since, amount_cents=rent_cents)
    return stamp.draft("rent", facts)


def lease_end(stamp: Stamp, ref: LeaseRef, *, until: date) -> Draft:
    """A lease ends on a day."""
    return stamp.draft("lease-end", Facts(household=ref.household, lease=ref.number, until=until))


def contribution_decided(
    stamp: Stamp, *, household: str, month: Month, months: int | None = None, amount_cents: int
) -> Draft:
    """A contribution is decided: for a number of months, or from a month on."""
    facts = Facts(household=household, month=month, months=months, amount_cents=amount_cents)
    return stamp.draft("contribution-decided", facts)


def reproposal(stamp: Stamp, *, household: str) -> Draft:
    """A household's leases and open months, as they stand, are proposed again and confirmed: who proposes them now
    takes the place of those who did before.
    """
    return stamp.draft("reproposal", Facts(household=household))
