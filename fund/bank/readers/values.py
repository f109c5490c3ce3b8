"""Strict parsing of values in bank files: amounts, days, instants, IBANs. What does not fit is refused, never repaired.

Errors name a field of the format and a reason of ours, never the file's content.
"""

import re
from datetime import UTC, date, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from fund.domain.errors import NotABankFile, UnreadableBankFile, UnreadableField
from fund.domain.identifiers import is_iban
from ledger.money import MAX_CENTS

EURO = "EUR"

_ROME = ZoneInfo("Europe/Rome")
_AMOUNT = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,2})0{0,3})?", re.ASCII)
"""ISO 20022 allows five decimals; those beyond the cents must be zeros."""
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_CURRENCY = re.compile(r"[\s/.-]*EUR\s*$", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def refuse(line: int, field: str, reason: str) -> NoReturn:
    """Refuse the whole file; without a line it is none that is known, or something of it is missing."""
    if line == 0:
        raise (NotABankFile if field == "file" else UnreadableField)(line=line, field=field, reason=reason)
    raise UnreadableBankFile(line=line, field=field, reason=reason)


def read_cents(text: str | None, line: int, field: str, *, signed: bool = False) -> int:
    """Parse an amount with a decimal point that is exact in cents, the euro's limit (ISO 4217): ``520.000`` is.

    ISO 20022 amounts are never negative: ``CdtDbtInd`` is their sign. Only balances of an OPI journal, which are plain
    decimals, may be ``signed``.
    """
    digits = (text or "").strip(" \t\r\n")
    if not digits:
        refuse(line, field, "missing")
    negative = digits.startswith("-")
    if negative and not signed:
        refuse(line, field, "negative-amount")
    match = _AMOUNT.fullmatch(digits[1:] if negative else digits)
    if match is None:
        refuse(line, field, "not-an-amount")
    cents = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    if cents > MAX_CENTS:
        refuse(line, field, "amount-too-large")
    return -cents if negative else cents


def read_euro(text: str | None, currency: str | None, line: int, field: str) -> int:
    """Parse an amount whose currency is given and is the euro: the fund has no other money."""
    if currency != EURO:
        refuse(line, field, "currency-not-euro" if currency else "currency-missing")
    return read_cents(text, line, field)


def read_day(text: str | None, line: int, field: str) -> date:
    """Parse an ISO 8601 date; an offset (``xs:date`` allows one) is ignored."""
    match = _DAY.fullmatch((text or "").strip(" \t\r\n"))
    if match is None:
        refuse(line, field, "not-a-day" if text else "missing")
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        refuse(line, field, "not-a-day")


def read_instant(text: str | None, line: int, field: str) -> datetime:
    """Parse an instant as UTC; without an offset it is local time in Rome."""
    match = _INSTANT.fullmatch((text or "").strip(" \t\r\n"))
    if match is None:
        refuse(line, field, "not-an-instant" if text else "missing")
    try:
        # fractions of a second are dropped: they may have more digits than a datetime holds
        instant = datetime.fromisoformat(match[1] + (match[3] or ""))
        return (instant if instant.tzinfo else instant.replace(tzinfo=_ROME)).astimezone(UTC)
    except (ValueError, OverflowError):
        refuse(line, field, "not-an-instant")


def read_day_of_instant(text: str | None, line: int, field: str) -> date:
    """Day of an instant in Rome."""
    return read_instant(text, line, field).astimezone(_ROME).date()


def read_number(text: str | None) -> int | None:
    """A plain whole number, or ``None`` for anything else."""
    digits = (text or "").strip()
    return int(digits) if _NUMBER.fullmatch(digits) else None


def as_iban(text: str | None) -> str | None:
    """A text in the form of an IBAN, compact and in capitals; ``None`` for any other account number."""
    packed = "".join((text or "").split()).upper()
    return packed if _IBAN.fullmatch(packed) else None


def as_account_iban(text: str | None) -> str | None:
    """The IBAN of the account that a statement is of; banks write its currency behind it, or their code before it."""
    iban = as_iban(text)
    if iban is not None and is_iban(iban):
        return iban
    parts = "".join((text or "").split()).upper().split("/")
    candidates = (candidate for part in parts for candidate in (part, _CURRENCY.sub("", part)))
    return next((candidate for candidate in candidates if is_iban(candidate)), iban)


def names_account(code: str, iban: str) -> bool:
    """Whether a bank's own account code, such as ``05034/11702/1234``, denotes an Italian IBAN.

    That is the account number, with or without leading zeros, alone or after ABI or ABI and CAB; or the whole BBAN. The
    currency may stand behind it.
    """
    if not iban.startswith("IT"):
        return False
    bban, abi, bank, number = iban[4:], iban[5:10], iban[5:15], iban[15:].lstrip("0")
    groups = re.findall(r"[A-Z0-9]+", _CURRENCY.sub("", code.upper()), re.ASCII)
    if not groups or not number:
        return False
    whole = "".join(groups)
    return whole in (bban, bban[1:]) or (groups[-1].lstrip("0") == number and "".join(groups[:-1]) in ("", abi, bank))
