"""What is refused about people: who stands twice, payees and their IBANs, the controls before money leaves.

Everybody takes these from ``fund.domain.errors``.
"""

from dataclasses import dataclass
from datetime import date

from fund.domain.error_base import FundError


@dataclass(eq=False)
class PersonIsHousehold(FundError):
    """The person of a tax code is a household already, whatever its code, lease or address (rules 1 and 5)."""

    household: str


@dataclass(eq=False)
class PersonIsLandlord(FundError):
    """The person of a tax code is a landlord already."""

    landlord: str


@dataclass(eq=False)
class PersonTwice(FundError):
    """Months of a person who stands twice in the fund are neither approved nor ordered."""

    months: list[str]


@dataclass(eq=False)
class IbanInUse(FundError):
    """Two landlords may not have the same IBAN."""

    landlord: str


@dataclass(eq=False)
class IbanOfUser(FundError):
    """No landlord is paid to an account of somebody who uses the service; whose it is is never said."""

    landlord: str


@dataclass(eq=False)
class AccountNotUsable(FundError):
    """A landlord's account may not be paid to today; ``reason`` says why (rule 5)."""

    landlord: str
    reason: str


@dataclass(eq=False)
class PayeeCheckMissing(FundError):
    """The fund asks for the bank's word on each payee, and there is none for this account."""

    landlord: str


@dataclass(eq=False)
class TaxCheckMissing(FundError):
    """A payee has more coming than the threshold of art. 48-bis DPR 602/1973, and no tax-debt check is in force."""

    landlord: str
    total: str
    threshold: str
    days: int


@dataclass(eq=False)
class TaxDebtFound(FundError):
    """A tax debt was found for a payee, so what is above the threshold is suspended (art. 48-bis DPR 602/1973)."""

    landlord: str
    total: str
    threshold: str
    reference: str


@dataclass(eq=False)
class CallBackMissing(FundError):
    """A changed IBAN needs a recorded call-back to the contact already on file (rule 5)."""

    landlord: str


@dataclass(eq=False)
class ContactTooNew(FundError):
    """The contact on file is too new for a call-back about an account that was proposed before ``day``."""

    landlord: str
    day: date
