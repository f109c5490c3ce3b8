"""The remittance text of a payment, which the landlord reads beside the transfer."""

from datetime import date

from fund.bank.writers.checked import MAX_REMITTANCE, check_text, referenced
from ledger.months import Month


def remittance_of(month: str, registration: str | None) -> str:
    """Remittance text of a month."""
    return f"Affitto {month} contratto {registration or '-'}"


def check_remittance(household: str, since: date, registration: str | None, rf_reference: str | None) -> None:
    """Check at data entry that every format can carry the remittance texts of this lease and landlord.

    Raises ``TextNotWritable`` and ``TextTooLong``.
    """
    remittance = remittance_of(str(Month.of(since)), registration)
    check_text(household, "registration", referenced(remittance, rf_reference), MAX_REMITTANCE)
