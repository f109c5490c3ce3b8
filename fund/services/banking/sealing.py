"""What a batch is sealed as: the very file that the city's bank takes, or the plain register while none is known."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from fund.bank.calendar import next_target_day
from fund.bank.port import CATEGORY_PURPOSE, Batch, Debtor, Instruction, OpiCodes
from fund.bank.register import write_register
from fund.bank.remittance import remittance_of
from fund.bank.writers import TRANSFERS, with_codes, write
from fund.clock import day_in_rome
from fund.domain.errors import IntegrityBroken
from fund.domain.lists import BankFormat
from fund.services.banking.treasury import find_treasury
from fund.services.context import Context
from fund.store import rows
from fund.store.journal import TagOf, acts_citing
from fund.store.payouts.payments import BatchPayment, SealedBatch, mandates_since, payments_where
from fund.store.rows import Session, Values
from fund.store.tables import PaymentBatch, Treasury
from ledger.entries import Entry
from ledger.months import Month

_ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file before it is kept."""

    file_format: str
    file_bytes: bytes
    file_sha256: str
    file_schemas: tuple[str, ...]
    first_mandate: int
    debtor: str | None

    @property
    def columns(self) -> Values:
        """The columns of its batch."""
        return {
            PaymentBatch.file_format: self.file_format,
            PaymentBatch.file_bytes: self.file_bytes,
            PaymentBatch.file_sha256: self.file_sha256,
            PaymentBatch.file_schemas: self.file_schemas,
            PaymentBatch.first_mandate: self.first_mandate,
            PaymentBatch.debtor: self.debtor,
        }


def sealed_file(context: Context, batch: str, lines: Sequence[BatchPayment]) -> Sealed:
    """Write a batch as its bank takes it, valid by the schemas of its format, or raise the writers' errors.

    Mandates are numbered on from the last one of the year.
    """
    first = mandates_since(context.session, datetime(context.day.year, 1, 1, tzinfo=_ROME)) + 1
    treasury = find_treasury(context)
    debtor = None if treasury is None else _debtor(treasury)
    frozen = None if debtor is None else json.dumps(asdict(debtor), sort_keys=True)
    if treasury is None or debtor is None or treasury.format == BankFormat.REGISTER:
        data = write_register(batch, [instruction_of(line) for line in lines])
        return Sealed(BankFormat.REGISTER.value, data, sha256(data).hexdigest(), (), first, frozen)
    contents = contents_of(batch, context.at, debtor, lines)
    written = write(contents, treasury.format, context.schemas, first)
    return Sealed(treasury.format, written.data, written.sha256, written.schemas, first, frozen)


def contents_of(batch: str, sealed_at: datetime, debtor: Debtor, lines: Sequence[BatchPayment]) -> Batch:
    """What a format is written from; it is paid on the first TARGET day from the sealing on, never in the past."""
    return Batch(
        code=batch,
        created_at=sealed_at,
        pay_on=pay_day_of(sealed_at),
        debtor=debtor,
        instructions=[instruction_of(line) for line in lines],
    )


def instruction_of(line: BatchPayment) -> Instruction:
    """What a bank is told of a payment: the contract and the month, nothing of the household or the programme."""
    payment, month = line.payment, line.contribution.month
    return Instruction(
        payment=payment.code,
        amount_cents=payment.amount_cents,
        iban=(line.account and line.account.iban) or "",
        creditor=line.landlord.name or line.contribution.landlord,
        remittance=remittance_of(month, line.lease.registration),
        creditor_tax_code=line.landlord.tax_code,
        rf_reference=payment.rf_reference,
        month=Month.parse(month),
    )


def bank_text(instruction: Instruction, debtor: Debtor | None, file_format: str | None) -> str:
    """The remittance text as the bank reads it: in a transfer the project's codes stand behind it."""
    is_text = file_format in TRANSFERS and instruction.rf_reference is None
    return with_codes(instruction.remittance, debtor) if is_text and debtor is not None else instruction.remittance


def paying(context: Context, row: PaymentBatch) -> tuple[Debtor | None, str | None]:
    """Who pays a batch, and in which format: as it was sealed, or as it would be now."""
    sealed = SealedBatch.of(row)
    if sealed is not None:
        return debtor_of(context, sealed), sealed.format
    treasury = find_treasury(context)
    return (None, None) if treasury is None else (_debtor(treasury), treasury.format)


def pay_day_of(sealed_at: datetime) -> date:
    """The day on which a bank is asked to pay what was sealed then: the first from it on when banks settle."""
    return next_target_day(day_in_rome(sealed_at))


def debtor_of(context: Context, batch: SealedBatch) -> Debtor | None:
    """Who paid a sealed batch: the city as it was then, or as it is now where it was not known then."""
    if batch.debtor is None:
        treasury = find_treasury(context)
        return None if treasury is None else _debtor(treasury)
    frozen = json.loads(batch.debtor)
    return Debtor(**frozen | {"opi": OpiCodes(**frozen["opi"])})


def mandates_of(context: Context, batch: str) -> dict[str, dict[str, int]]:
    """The payments of a sealed batch and their cents by the mandates of its OPI flow, such as ``2026/15``.

    What was sealed as a list has one mandate for all of its payments.
    """
    row = rows.find(context.session, PaymentBatch, batch)
    if row is None or row.sealed_at is None or row.first_mandate is None:
        return {}
    year, first = day_in_rome(row.sealed_at).year, row.first_mandate
    lines = payments_where(context.session, batch=batch)
    if row.file_format == BankFormat.OPI_LIST:
        return {f"{year}/{first}": {line.code: line.amount_cents for line in lines}}
    return {f"{year}/{number}": {line.code: line.amount_cents} for number, line in enumerate(lines, first)}


def act_of_file(session: Session, kind: str, batch: str, data: bytes, tag_of: TagOf) -> Entry:
    """The act (``sealed`` or ``export``) that names a file of a batch, whose bytes are hashed before they leave.

    Raises ``IntegrityBroken``.
    """
    for act in acts_citing(session, (kind,), sha256(data).hexdigest(), tag_of):
        if act.facts.batch == batch:
            return act
    raise IntegrityBroken([f"batch {batch}: its file is not the one that was booked"])


def _debtor(treasury: Treasury) -> Debtor:
    return Debtor(
        name=treasury.name,
        iban=treasury.iban,
        tax_code=treasury.tax_code,
        bic=treasury.bic,
        cuc=treasury.cuc,
        cup=treasury.cup,
        cig=treasury.cig,
        category_purpose=treasury.category_purpose or CATEGORY_PURPOSE,
        cbi_envelope=treasury.cbi_envelope,
        local_instrument=treasury.local_instrument,
        opi=OpiCodes(
            ipa=treasury.ipa,
            istat=treasury.istat,
            siope=treasury.siope,
            cgu=treasury.cgu,
            bollo=treasury.bollo,
            chapter=treasury.chapter,
            act=treasury.act,
            treasurer_abi=treasury.treasurer_abi,
        ),
    )
