"""Writer of ISO 20022 payment initiations under the SEPA rules: pain.001.001.09 and the older .03.

One ``PmtInf``, since a batch has one day and one debtor. An RF reference, where a payment has one, replaces the text:
SEPA carries either a structured reference or a text.
"""

from typing import Final, Literal

from fund.bank.port import Batch, Debtor, Instruction
from fund.bank.writers.checked import MAX_REMITTANCE, checked
from fund.bank.writers.formats import XML, writes
from fund.bank.writers.xml import Element, add, document, in_rome, serialized
from fund.domain.lists import BankFormat
from ledger.money import format_cents

Version = Literal["pain.001.001.03", "pain.001.001.09"]

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
PURPOSE: Final = "RENT"


@writes(BankFormat.PAIN_001_09, XML, "pain.001.001.09")
def write_pain001(batch: Batch, version: Version = "pain.001.001.09") -> bytes:
    """Write a pain.001. Raises a typed error rather than truncate or guess."""
    batch = checked(batch)
    root = document(NAMESPACE + version, "Document")
    message = add(root, "CstmrCdtTrfInitn")
    _header(add(message, "GrpHdr"), batch)
    _group(add(message, "PmtInf"), batch, version)
    return serialized(root)


@writes(BankFormat.PAIN_001_03, XML, "pain.001.001.03")
def write_pain001_03(batch: Batch) -> bytes:
    """Write the older version, which some banks still require."""
    return write_pain001(batch, "pain.001.001.03")


def totals(parent: Element, batch: Batch) -> None:
    """Number and sum of the payments, for both the header and the group."""
    add(parent, "NbOfTxs", str(len(batch.instructions)))
    add(parent, "CtrlSum", format_cents(batch.total_cents))


def _codes(debtor: Debtor) -> list[str]:
    """The project's codes as a text has them; of two of which one fits, the first."""
    return [f"{name} {code}" for name, code in (("CUP", debtor.cup), ("CIG", debtor.cig)) if code]


def with_codes(text: str, debtor: Debtor) -> str:
    """A remittance text with the project's CUP and CIG behind it, as far as they fit."""
    codes = _codes(debtor)
    texts = (" ".join((text, *codes[:count])) for count in range(len(codes), 0, -1))
    return next((longer for longer in texts if len(longer) <= MAX_REMITTANCE), text)


def lacks_codes(instruction: Instruction, debtor: Debtor) -> bool:
    """Whether a transfer lacks a code of the project; beside a structured reference there is no room for any."""
    codes = _codes(debtor)
    is_whole = with_codes(instruction.remittance, debtor).endswith(" ".join(codes))
    return bool(codes) and (instruction.rf_reference is not None or not is_whole)


def remittance(parent: Element, instruction: Instruction, debtor: Debtor) -> None:
    """Remittance information: the landlord's reference, or the text with the project's codes."""
    if instruction.rf_reference is None:
        add(parent, "RmtInf/Ustrd", with_codes(instruction.remittance, debtor))
        return
    reference = add(parent, "RmtInf/Strd/CdtrRefInf")
    kind = add(reference, "Tp")
    add(kind, "CdOrPrtry/Cd", "SCOR")
    add(kind, "Issr", "ISO")
    add(reference, "Ref", instruction.rf_reference)


def _header(header: Element, batch: Batch) -> None:
    add(header, "MsgId", batch.code)
    add(header, "CreDtTm", in_rome(batch.created_at).isoformat())
    totals(header, batch)
    initiator = add(header, "InitgPty")
    add(initiator, "Nm", batch.debtor.name)
    _organisation(initiator, batch.debtor)


def _organisation(party: Element, debtor: Debtor) -> None:
    """Identify the debtor: by its CUC if it has one, otherwise by its tax code."""
    other = add(party, "Id/OrgId/Othr")
    add(other, "Id", debtor.cuc or debtor.tax_code)
    if debtor.cuc:
        add(other, "Issr", "CBI")


def _group(group: Element, batch: Batch, version: Version) -> None:
    is_older, debtor = version == "pain.001.001.03", batch.debtor
    add(group, "PmtInfId", batch.code)
    add(group, "PmtMtd", "TRF")
    add(group, "BtchBookg", "false")
    totals(group, batch)
    kind = add(group, "PmtTpInf")
    add(kind, "SvcLvl/Cd", "SEPA")
    if debtor.local_instrument:
        add(kind, "LclInstrm/Cd", debtor.local_instrument)
    add(group, "ReqdExctnDt" if is_older else "ReqdExctnDt/Dt", batch.pay_on.isoformat())
    add(group, "Dbtr/Nm", debtor.name)
    add(group, "DbtrAcct/Id/IBAN", debtor.iban)
    bank = add(group, "DbtrAgt/FinInstnId")
    if debtor.bic is None:
        add(bank, "Othr/Id", "NOTPROVIDED")
    else:
        add(bank, "BIC" if is_older else "BICFI", debtor.bic)
    add(group, "ChrgBr", "SLEV")
    for instruction in batch.instructions:
        _transfer(add(group, "CdtTrfTxInf"), instruction, debtor)


def _transfer(transfer: Element, instruction: Instruction, debtor: Debtor) -> None:
    identity = add(transfer, "PmtId")
    add(identity, "InstrId", instruction.payment)
    add(identity, "EndToEndId", instruction.payment)
    add(transfer, "Amt/InstdAmt", format_cents(instruction.amount_cents), Ccy="EUR")
    add(transfer, "Cdtr/Nm", instruction.creditor)
    add(transfer, "CdtrAcct/Id/IBAN", instruction.iban)
    add(transfer, "Purp/Cd", PURPOSE)
    remittance(transfer, instruction, debtor)
