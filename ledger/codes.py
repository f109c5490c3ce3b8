"""The allow-list: one pattern for every kind of code that the books may contain.

A Beancount file is code, so only text that matches a pattern here is ever written to it. A chained ledger cannot
forget, so no pattern can hold a name, a tax code, an IBAN or free text.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Literal, TypeAlias, get_args

MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"
DAY = (
    r"(20[0-9]{2}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
    r"|20([02468][048]|[13579][26])-02-29)"
)
"""A day of the calendar, leap years included."""
AMOUNT = r"(0|[1-9][0-9]{0,10})\.[0-9]{2}"
HOUSEHOLD = r"N[0-9]{2,6}"
LANDLORD = r"L[0-9]{4,6}"
SYSTEM = "SYSTEM"
PERSON = r"U[0-9]{2,5}"
"""A user, who is one person."""
USER = rf"{PERSON}|{SYSTEM}"
"""A user, or the service acting on a rule (a monthly closing, a settlement read from a bank file)."""
ADMIN, AUDITOR, APPROVER, PREPARER = "admin", "auditor", "finance-approver", "finance-preparer"
ROLES = (ADMIN, AUDITOR, APPROVER, PREPARER)
ROLE = "|".join(ROLES)
TOKEN = r"[0-9a-f]{12}"  # noqa: S105  # the pattern of its public id
PURPOSE = r"[a-z]{2,20}(-[a-z]{2,20}){0,2}"
"""What a proposal is for: the name of an act of two people."""
FUND = r"[A-Z][A-Z0-9]{1,11}(-[A-Z0-9]{1,9}){0,3}"
"""Each part is too short for a tax code (16 characters) or a VAT number (11 digits)."""
ALLOCATION = r"A[0-9]{2,4}"
HOUSEHOLD_MONTH = rf"{HOUSEHOLD}-{MONTH}"
"""A household's month, as the books link it."""
PAYMENT = rf"PAY-{MONTH}-[0-9]{{4,6}}"
PAYMENTS = rf"{PAYMENT}(,{PAYMENT}){{1,99}}"
"""Several payments that one movement of the bank stands for."""
BATCH = r"BAT-20[0-9]{2}-[0-9]{4,6}"
STATEMENT = r"EC-20[0-9]{2}-[0-9]{4,6}"
REASONS = (
    "activities-ended",
    "bank-charges",
    "bank-error",
    "data-entry",
    "departure",
    "entered-twice",
    "income-changed",
    "lease-ended",
    "new-amount",
    "not-due",
    "not-for-us",
    "not-verified",
    "on-hold",
    "order-withdrawn",
    "other-amount",
    "other-business",
    "other-mistaken",
    "payee-confirmed",
    "person-returns",
    "postponement",
    "proposal-replaced",
    "proposer-changed",
    "rent-increase",
    "sent-again",
    "subject-changed",
    "told-twice",
    "unreadable",
    "wrong-account",
    "wrong-amount",
    "wrong-household",
    "wrong-landlord",
    "wrong-month",
)
REASON = rf"[A-Z]{{2}}[0-9]{{2}}|{'|'.join(REASONS)}"
"""A reason code from a list, since free words could name a person: ISO 20022 external (``AC04``) or the fund's own."""
TERM = rf"{AMOUNT}\*[0-9]{{1,2}}/(28|29|30|31)"
FORMULA = rf"{TERM}(\+{TERM})*"
"""A prorated amount as a sum of monthly amount × days / days of the month, in euros."""
SHA256 = r"[0-9a-f]{64}"
FINGERPRINT = r"[0-9a-f]{32}"
RENEWED = rf"{FINGERPRINT}:{FINGERPRINT}(,{FINGERPRINT}:{FINGERPRINT})*"
INSTANT = rf"{DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
COUNT = r"[1-9][0-9]{0,9}"
DAYS = r"0|[1-9][0-9]{0,2}"
DAY_OF_MONTH = r"[1-9]|[12][0-9]|3[01]"
CITY_ACT = r"[1-9][0-9]{0,5}/20[0-9]{2}"
"""Number and year of an act of the city."""
PayeeCheckTerm: TypeAlias = Literal["required", "optional"]
"""Whether the terms ask for a check of the payee by the bank."""
PAYEE_CHECK = "|".join(get_args(PayeeCheckTerm))
THRESHOLDS = rf"{DAY}:{AMOUNT}(,{DAY}:{AMOUNT}){{0,9}}"
"""Amounts in euros, each from a day on."""
SIZE = rf"0|{COUNT}"
BANK_FILE = "bank-file"
DOCUMENT = BANK_FILE
"""What kind of document was received."""


@cache
def _fullmatch(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern, re.ASCII).fullmatch


def matches(pattern: str, text: str) -> bool:
    """Whether ``text`` matches one of the patterns above in full."""
    return _fullmatch(pattern)(text) is not None
