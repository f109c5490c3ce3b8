"""The port to banks and treasurers: batches go out, messages come in, independent of the file format.

Amounts are integer cents. Creditors, names and IBANs are personal data: they are in the files and in SQL, never in
logs, errors or the books.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, Protocol

from fund.domain.controls import PayeeResult
from fund.domain.errors import UnreadableBankFile
from fund.domain.lists import LineOutcome
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment to make.

    ``payment`` is its permanent code (the EndToEndId). ``remittance`` names lease registration and month, and nothing
    of the household, the programme or a person's origin. ``rf_reference`` is the landlord's ISO 11649 reference, if
    any.
    """

    payment: str
    amount_cents: int
    iban: str
    creditor: str
    remittance: str
    creditor_tax_code: str | None = None
    rf_reference: str | None = None
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class OpiCodes:
    """Codes of the city in an OPI order; ``None`` where the city has not given one, which the draft then marks."""

    ipa: str | None = None
    istat: str | None = None
    siope: str | None = None
    cgu: str | None = None
    bollo: str | None = None
    chapter: str | None = None
    act: str | None = None
    treasurer_abi: str | None = None


CATEGORY_PURPOSE: Final = "SUPP"
"""ISO 20022 category purpose of a transfer where the city names none: a payment to a supplier."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """The city as debtor. CBI portals require ``cuc`` and ``abi``, and a category purpose of each transfer.

    ``cbi_envelope`` is ``body`` for portals that want ``CBIBdyPaymentRequest`` around the request, ``local_instrument``
    ``INST`` where transfers are ordered as instant ones.
    """

    name: str
    iban: str
    tax_code: str
    bic: str | None = None
    cuc: str | None = None
    cup: str | None = None
    cig: str | None = None
    category_purpose: str = CATEGORY_PURPOSE
    cbi_envelope: str | None = None
    local_instrument: str | None = None
    opi: OpiCodes = field(default_factory=OpiCodes)


@dataclass(frozen=True, slots=True)
class Batch:
    """A sealed list of payments: code, instant of sealing, execution day, debtor, and instructions."""

    code: str
    created_at: datetime
    pay_on: date
    debtor: Debtor
    instructions: Sequence[Instruction]

    @property
    def total_cents(self) -> int:
        return sum(instruction.amount_cents for instruction in self.instructions)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bank's file reports about one payment, in any format; ``ordinal`` is its place in the file, from 1.

    Only a booked debit is ``settled``. Amount and IBAN are ``None`` where the format has none. ``reason`` is the bank's
    code, verbatim.
    """

    ordinal: int
    payment: str
    outcome: LineOutcome
    amount_cents: int | None
    iban: str | None
    bank_date: date
    reason: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """An irregularity that a reader tolerated, such as a file that fails its schema; ``code`` is ours.

    ``place`` is a code or a day, or what ``place_in_words`` reads: ``entry ACCOUNT 3 REFERENCE``, ``statement ACCOUNT
    ID``. It is no line, since banks write a whole file into one.
    """

    code: str
    place: str = ""


StatusKind = Literal["accepted", "pending", "rejected", "part"]
REJECTED: Final = "rejected"


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """Status of a whole message, of a part of it, or of one payment (pain.002, OPI esito).

    ``payment`` is the EndToEndId, ``None`` above the level of a payment; ``batch`` is the id of the original message. A
    rejected group rejects all of it; ``part`` leaves unlisted payments as they were. ``reason`` is verbatim.
    ``payee_result`` is the outcome of a Verification of Payee, as status or as its reason. Of a group or part,
    ``payee_matches`` is the number of matches that it counts, which need not be listed, and ``payee_doubts`` that of
    payees who are not confirmed: at least one where it says that some are not. ``told_on`` is the day of the status
    itself, where that is not its message's.
    """

    ordinal: int
    level: Literal["group", "part", "transaction"]
    status: StatusKind
    batch: str | None
    payment: str | None
    amount_cents: int | None = None
    reason: str | None = None
    reason_text: str | None = None
    payee_result: PayeeResult | None = None
    payee_matches: int | None = None
    payee_doubts: int = 0
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One movement of an account, or one detail of a movement that the bank booked as a batch.

    ``amount_cents`` is negative for a debit. ``payment`` is the EndToEndId (or our id in an OPI journal) where the bank
    gives one. ``is_return`` marks returned money (``RtrInf``), ``is_reversal`` a reversed booking (``RvslInd``).
    ``charges_cents`` is what the bank states that it kept; added to the amount it gives the payment's amount.
    ``executed`` is the treasurer's word for an OPI order, if any (``ESEGUITO``, ``STORNATO``, …). ``is_unsplit`` marks
    an entry whose details do not account for it: its amount is certain, and what it paid is for a person to say.
    """

    ordinal: int
    is_booked: bool
    amount_cents: int
    booked_on: date
    value_on: date | None
    payment: str | None
    bank_reference: str | None
    counterparty_iban: str | None
    counterparty_name: str | None
    is_return: bool = False
    is_reversal: bool = False
    reason: str | None = None
    bank_code: str | None = None
    text: str | None = None
    mandate: str | None = None
    receipt_number: str | None = None
    executed: str | None = None
    charges_cents: int = 0
    is_unsplit: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """Movements of an account over a period. Balances are ``None`` where format or bank give none.

    Where both balances are given, the reader has proved that opening + booked entries = closing. ``account`` is the
    bank's or treasurer's own name for the account where that is not an IBAN. ``refusal`` is what of the statement
    cannot be read: it refuses the file, unless the account is another's.
    """

    id: str
    number: int | None
    iban: str | None
    currency: str
    opening_cents: int | None
    closing_cents: int | None
    first_day: date | None
    last_day: date | None
    entries: tuple[BankEntry, ...]
    account: str | None = None
    refusal: UnreadableBankFile | None = None


@dataclass(frozen=True, slots=True)
class BankMessage:
    """The contents of one file, read as a whole."""

    format: str
    message_id: str | None
    created_at: datetime | None
    statements: tuple[ParsedStatement, ...] = ()
    statuses: tuple[PaymentStatus, ...] = ()
    notices: tuple[Notice, ...] = ()


class MessageReader(Protocol):
    """Reads a whole file or raises ``UnreadableBankFile`` with line and field; never returns a part."""

    def __call__(self, data: bytes) -> BankMessage: ...
