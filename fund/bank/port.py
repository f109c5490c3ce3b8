"""The port to every bank and treasurer: batches go out, messages come in, whatever the file format is.

Amounts are integer cents. Creditor, names and IBANs are personal data: they are in the files and in SQL, never in logs,
errors or the books.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from ledger.months import Month

Outcome = Literal["settled", "refused", "returned"]
OUTCOMES: tuple[Outcome, ...] = ("settled", "refused", "returned")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment to make.

    ``payment`` is its code for ever (the EndToEndId). ``remittance`` names lease registration and month, and nothing
    of the household, the programme or anybody's origin. ``rf_reference`` is ISO 11649, where the landlord has one.
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
    """What an OPI order names of the city; ``None`` where the city has not said it, and the draft is marked so."""

    ipa: str | None = None
    istat: str | None = None
    siope: str | None = None
    cgu: str | None = None
    bollo: str | None = None
    chapter: str | None = None
    act: str | None = None
    treasurer_abi: str | None = None


@dataclass(frozen=True, slots=True)
class Debtor:
    """The city as the one who pays. ``cuc`` and ``abi`` are what CBI portals ask for."""

    name: str
    iban: str
    tax_code: str
    bic: str | None = None
    cuc: str | None = None
    cup: str | None = None
    cig: str | None = None
    opi: OpiCodes = field(default_factory=OpiCodes)


@dataclass(frozen=True, slots=True)
class Batch:
    """A sealed list of payments: its code, when it was made, the day on which to pay, who pays, and what."""

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
    """What a bank's file says of one of our payments, whatever the format; ``ordinal`` is its place there, from 1.

    Only a booked debit is ``settled``. Amount and IBAN are ``None`` where the format does not give them. ``reason`` is
    the bank's code, word for word.
    """

    ordinal: int
    payment: str
    outcome: Outcome
    amount_cents: int | None
    iban: str | None
    bank_date: date
    reason: str | None


class BatchWriter(Protocol):
    """Writes a batch in one format: the same batch gives the same bytes; a typed error rather than a cut or a guess."""

    def __call__(self, batch: Batch) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader noticed and tolerated, such as a file that its schema does not allow; ``code`` is ours."""

    code: str
    place: str = ""


StatusKind = Literal["accepted", "pending", "rejected", "part"]


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What a status report says of a whole message, of a part of it, or of one payment (pain.002, OPI esito).

    ``payment`` is the EndToEndId and ``None`` above the level of a payment; ``batch`` is the original message's id.
    A rejected group rejects all of it; ``part`` leaves whatever is not listed as it was. ``reason`` is word for word.
    """

    ordinal: int
    level: Literal["group", "part", "transaction"]
    status: StatusKind
    batch: str | None
    payment: str | None
    amount_cents: int | None = None
    reason: str | None = None
    reason_text: str | None = None


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One movement of an account, or one detail of a movement that the bank booked together.

    ``amount_cents`` is negative for a debit. ``payment`` is the EndToEndId (or our id in an OPI journal) where the bank
    gives one. ``is_return`` marks money that comes back (``RtrInf``), ``is_reversal`` a booking undone (``RvslInd``).
    ``charges_cents`` is what the bank says that it kept for itself: with it the amount is that of the payment.
    ``executed`` is the treasurer's own word for an OPI order, where there is one (``ESEGUITO``, ``STORNATO``, …).
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
    line: int | None = None


@dataclass(frozen=True, slots=True)
class BankStatement:
    """An account's movements over some time. Balances are ``None`` where the format or the bank gives none.

    The reader has proved that opening + booked entries = closing wherever both are given. ``account`` is what the bank
    or the treasurer calls the account where that is no IBAN.
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


@dataclass(frozen=True, slots=True)
class BankMessage:
    """Everything that one file says, read as a whole."""

    format: str
    message_id: str | None
    created_at: datetime | None
    statements: tuple[BankStatement, ...] = ()
    statuses: tuple[PaymentStatus, ...] = ()
    notices: tuple[Notice, ...] = ()


class MessageReader(Protocol):
    """Reads a whole file or raises ``UnreadableBankFile`` with line and field; it never returns a part."""

    def __call__(self, data: bytes) -> BankMessage: ...
