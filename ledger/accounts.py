"""The chart of accounts (piano dei conti)."""

import re
from dataclasses import dataclass

from ledger import codes

TREASURY = "Assets:Treasury"
OUTSTANDING_ORDERS = "Liabilities:OutstandingOrders"
RECEIVABLE = "Assets:Receivable:Funder"
RECOVERY = "Assets:Recovery"
RECOVERY_BANK = "Assets:Recovery:Bank"
RECOVERY_CITY = "Assets:Recovery:City"
LANDLORDS = "Liabilities:Landlords"
FUNDER = "Liabilities:Funder"
AVAILABLE = "Equity:Fund:Available"
COMMITTED = "Equity:Fund:Committed"
USED = "Equity:Fund:Used"
RENT = "Expenses:Rent"


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One line of the chart.

    ``per`` is ``household`` or ``landlord`` where the name is followed by such a code.
    """

    name: str
    per: str | None
    italian: str
    english: str


CHART = (
    ChartLine(TREASURY, None, "cassa presso il tesoriere", "cash at the city's treasurer"),
    ChartLine(OUTSTANDING_ORDERS, None, "ordinato, non ancora eseguito", "ordered, not yet executed by the bank"),
    ChartLine(RECEIVABLE, None, "crediti verso il finanziatore", "granted, not yet received"),
    ChartLine(RECOVERY, "landlord", "somme da recuperare", "overpaid, to be recovered"),
    ChartLine(RECOVERY_BANK, None, "crediti verso la banca", "paid by the bank by mistake, to be given back"),
    ChartLine(RECOVERY_CITY, None, "crediti verso l'ente", "charges of the bank, which the city makes good"),
    ChartLine(LANDLORDS, "landlord", "debiti verso i locatori", "approved, not yet ordered"),
    ChartLine(FUNDER, None, "debiti verso il finanziatore", "unspent, to be returned"),
    ChartLine(AVAILABLE, None, "disponibile", "free to commit"),
    ChartLine(COMMITTED, "household", "impegnato", "months owed to a household, as MONTH lots at cost"),
    ChartLine(USED, None, "utilizzato", "consumed; always mirrors Expenses:Rent"),
    ChartLine(RENT, "household", "contributi affitto", "the contributions by household"),
)

_NAMES = "|".join(re.escape(line.name) for line in CHART if line.per is None)
_BY_HOUSEHOLD = "|".join(re.escape(line.name) for line in CHART if line.per == "household")
_BY_LANDLORD = "|".join(re.escape(line.name) for line in CHART if line.per == "landlord")
PATTERN = rf"{_NAMES}|{RENT}|({_BY_HOUSEHOLD}):{codes.HOUSEHOLD}|({_BY_LANDLORD}):{codes.LANDLORD}"
"""Every account that the books may contain; ``Expenses:Rent`` itself carries only balance assertions."""


def committed(household: str) -> str:
    """Account of the months committed to a household."""
    return f"{COMMITTED}:{household}"


def rent(household: str) -> str:
    """Account of the contributions used by a household."""
    return f"{RENT}:{household}"


def landlord(code: str) -> str:
    """Account of the amounts approved for a landlord and not yet ordered."""
    return f"{LANDLORDS}:{code}"


def recovery(code: str) -> str:
    """Account of the amounts overpaid to a landlord."""
    return f"{RECOVERY}:{code}"


def household_of(account: str) -> str | None:
    """The household of an account of committed months; ``None`` for any other account."""
    return account.removeprefix(COMMITTED + ":") if account.startswith(COMMITTED + ":") else None
