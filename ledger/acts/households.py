"""Acts about households: who is admitted and leaves, leases and rents, what is decided for their months."""

from dataclasses import dataclass
from datetime import date

from ledger import accounts as a
from ledger.codes import PREPARER
from ledger.entries import Draft, Facts
from ledger.kind import BROUGHT, FINANCE, HOUSEHOLD, Kind
from ledger.months import Month
from ledger.stamp import Stamp

_ADMISSION = ("household", "cap_months", "fingerprint")
_LEASE = ("household", "lease")

KINDS = (
    Kind("admission-proposed", "proposta di ammissione", needs=_ADMISSION, may=("reason",), preparers=BROUGHT),
    Kind(
        "admission",
        "ammissione del nucleo",
        needs=_ADMISSION,
        may=("reason", "evidence"),
        two_people=True,
        opens=(a.RENT + HOUSEHOLD, a.COMMITTED + HOUSEHOLD),
        preparers=(PREPARER,),
    ),
    Kind("admission-rejected", "ammissione respinta", needs=("household",), preparers=FINANCE),
    Kind(
        "admission-annulled",
        "annullamento dell'ammissione",
        needs=("household",),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "identity-corrected",
        "rettifica del codice fiscale",
        needs=("household", "fingerprint"),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "exit",
        "chiusura della posizione",
        needs=("household",),
        may=("reason", "evidence"),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "lease",
        "contratto di locazione",
        needs=(*_LEASE, "landlord", "since", "amount_cents", "fingerprint"),
        may=("until",),
        preparers=BROUGHT,
    ),
    Kind("rent", "canone", needs=(*_LEASE, "since", "amount_cents"), preparers=BROUGHT),
    Kind("lease-end", "fine del contratto di locazione", needs=(*_LEASE, "until"), preparers=(PREPARER,)),
    Kind(
        "contribution-decided",
        "decisione del contributo",
        needs=("household", "month", "amount_cents"),
        may=("months",),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "reproposal",
        "riproposta di contratti e mensilità",
        needs=("household",),
        two_people=True,
        preparers=(PREPARER,),
    ),
)


RETURNS = "person-returns"
"""Why a person is admitted who stands already: who left comes back."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whom an admission is of: the fingerprint of the tax code, the cap of months, and why one who stands already."""

    household: str
    cap_months: int
    person: str
    reason: str | None = None

    def facts(self) -> Facts:
        """As the facts of an entry."""
        return Facts(household=self.household, cap_months=self.cap_months, fingerprint=self.person, reason=self.reason)


@dataclass(frozen=True, slots=True)
class LeaseRef:
    """A lease: the household and its number among the household's."""

    household: str
    number: int


def admission_proposed(stamp: Stamp, admitted: Admitted) -> Draft:
    """A household is to be admitted: no month is committed to it yet."""
    return stamp.draft("admission-proposed", admitted.facts())


def admission(stamp: Stamp, admitted: Admitted, *, evidence: str | None = None) -> Draft:
    """A household is admitted by two people, with its own cap: opens its accounts."""
    return stamp.draft("admission", admitted.facts()._replace(evidence=evidence))


def admission_rejected(stamp: Stamp, *, household: str) -> Draft:
    """A household that was proposed is not admitted."""
    return stamp.draft("admission-rejected", Facts(household=household))


def admission_annulled(stamp: Stamp, *, household: str) -> Draft:
    """A household was admitted by mistake, and none of its months was approved: its position closes."""
    return stamp.draft("admission-annulled", Facts(household=household))


def identity_corrected(stamp: Stamp, *, household: str, fingerprint: str) -> Draft:
    """The tax code of a household was another one; the fingerprint is of the right one."""
    return stamp.draft("identity-corrected", Facts(household=household, fingerprint=fingerprint))


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
