"""Acts about households: admission and exit."""

from ledger import accounts as a
from ledger.entries import Draft, Facts
from ledger.kind import HOUSEHOLD, Kind
from ledger.stamp import Stamp

KINDS = (
    Kind(
        "admission",
        "ammissione del nucleo",
        needs=("household", "cap_months"),
        may=("evidence",),
        opens=(a.RENT + HOUSEHOLD, a.COMMITTED + HOUSEHOLD),
    ),
    Kind("exit", "chiusura della posizione", needs=("household",), may=("reason", "evidence")),
)


def admission(stamp: Stamp, *, household: str, cap_months: int, evidence: str | None = None) -> Draft:
    """A household is admitted, with its own cap: opens its accounts."""
    return stamp.draft("admission", Facts(household=household, cap_months=cap_months, evidence=evidence))


def exit_(stamp: Stamp, *, household: str, reason: str | None = None) -> Draft:
    """A household's position is closed for good: no month is committed any more, and the account closes."""
    return stamp.draft("exit", Facts(household=household, reason=reason))
