"""Acts about the agreement: its terms, and its amendments."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, get_args

from ledger import codes
from ledger.codes import PREPARER
from ledger.entries import Draft, Facts
from ledger.kind import Kind
from ledger.money import format_cents, parse_cents
from ledger.stamp import Stamp

KINDS = (
    Kind(
        "terms",
        "condizioni di pagamento e controlli",
        needs=("pay_day", "cooling_off_days", "payee_check", "tax_check_days"),
        may=("tax_thresholds", "fingerprint"),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "amendment",
        "atto aggiuntivo, proroga",
        needs=("cap_months", "target_months", "activities_end", "city_act", "act_date"),
        two_people=True,
        preparers=(PREPARER,),
    ),
)
REQUIRED, OPTIONAL = get_args(codes.PayeeCheckTerm)


class Window(NamedTuple):
    """Until when an agreement pays, and how many months: the most for a household, and what it aims at."""

    activities_end: date
    target_months: int
    cap_months: int


class AgreedTerms(NamedTuple):
    """On which day of a month the fund pays, what it asks for before, and to whom the heads of the chain are sent, as
    the books write it: ``fingerprint`` is of the auditors' addresses.
    """

    pay_day: int
    cooling_off_days: int
    payee_check: str
    tax_check_days: int
    tax_thresholds: str | None
    fingerprint: str | None = None


def terms(stamp: Stamp, agreed: AgreedTerms) -> Draft:
    """Two people agree to the terms: pay day, cooling-off, the checks before a payment, and, by ``fingerprint``, the
    auditors' addresses.
    """
    return stamp.draft("terms", Facts(**agreed._asdict()))


def amendment(stamp: Stamp, *, act: str, act_date: date, window: Window) -> Draft:
    """An act of the city changes the end of the activities, the cap or the target."""
    return stamp.draft("amendment", Facts(city_act=act, act_date=act_date, **window._asdict()))


def write_thresholds(thresholds: Iterable[tuple[date, int]]) -> str | None:
    """Thresholds as the books write them: ``2008-03-29:10000.00,2018-03-01:5000.00``."""
    return ",".join(f"{since}:{format_cents(cents)}" for since, cents in thresholds) or None


def read_thresholds(text: str | None) -> tuple[tuple[date, int], ...]:
    """Thresholds of what the books write."""
    pairs = (one.split(":") for one in (text or "").split(",") if one)
    return tuple((date.fromisoformat(since), parse_cents(amount)) for since, amount in pairs)
