"""The remittance text of a payment: what the landlord reads beside the transfer."""

from datetime import date

from fund.bank.writers.checked import MAX_REMITTANCE, check_text, referenced
from ledger.months import Month


def remittance_of(month: str, registration: str | None) -> str:
    """The text under which a month is paid."""
    return f"Affitto {month} contratto {registration or '-'}"


def check_remittance(household: str, since: date, registration: str | None, rf_reference: str | None) -> None:
    """Refuse at its entry a contract, or a landlord's reference, whose months no format could tell a bank together.

    Raises ``TextNotWritable`` and ``TextTooLong``.
    """
    remittance = remittance_of(str(Month.of(since)), registration)
    check_text(household, "registration", referenced(remittance, rf_reference), MAX_REMITTANCE)
