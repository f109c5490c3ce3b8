"""Writer of CBI payment requests 00.04.01, which Italian corporate-banking portals import.

One ``PmtInf`` and one date per message. The bank is identified by its ABI code, taken from the Italian IBAN; the debtor
by the CUC that the CBI consortium assigned.
"""

from fund.bank.port import Batch, Debtor, Instruction
from fund.bank.schemas import CBI, CBI_BODY
from fund.bank.writers.checked import checked, require
from fund.bank.writers.formats import XML, writes
from fund.bank.writers.pain001 import PURPOSE, remittance, totals
from fund.bank.writers.xml import Element, add, document, in_rome, serialized
from fund.domain.identifiers import is_italian
from fund.domain.lists import BankFormat
from ledger.money import format_cents

_ABI = slice(5, 10)


@writes(BankFormat.CBI, XML, "fund-cbi-request-1", "cbi")
def write_cbi(batch: Batch) -> bytes:
    """Write a CBI payment request. Raises a typed error rather than truncate or guess."""
    batch = checked(batch)
    require(batch.debtor.cuc, batch.code, "cuc", "missing")
    require(is_italian(batch.debtor.iban), batch.code, "debtor_iban", "not-italian")
    root = _request(batch.debtor.cbi_envelope)
    _header(_part(root, "GrpHdr"), batch)
    _group(_part(root, "PmtInf"), batch)
    return serialized(root)


def _request(envelope: str | None) -> Element:
    """The element of the request, alone or in the envelope that some portals want: then it is of that namespace."""
    if envelope is None:
        return document(CBI, "CBIPaymentRequest")
    return add(document(CBI_BODY, "CBIBdyPaymentRequest"), "CBIEnvelPaymentRequest/CBIPaymentRequest")


def _part(root: Element, name: str) -> Element:
    """A part of the request, which is of the request's own namespace wherever it stands."""
    part = document(CBI, name)
    root.append(part)
    return part


def _header(header: Element, batch: Batch) -> None:
    add(header, "MsgId", batch.code)
    add(header, "CreDtTm", in_rome(batch.created_at).isoformat())
    totals(header, batch)
    initiator = add(header, "InitgPty")
    add(initiator, "Nm", batch.debtor.name)
    _identified(initiator, str(batch.debtor.cuc), "CBI")


def _identified(party: Element, identifier: str, issuer: str) -> None:
    other = add(party, "Id/OrgId/Othr")
    add(other, "Id", identifier)
    add(other, "Issr", issuer)


def _group(group: Element, batch: Batch) -> None:
    debtor = batch.debtor
    add(group, "PmtInfId", batch.code)
    add(group, "PmtMtd", "TRA")  # a transfer whose outcome the bank reports; with TRF it would stay silent
    add(group, "BtchBookg", "false")
    kind = add(group, "PmtTpInf")
    add(kind, "InstrPrty", "NORM")
    add(kind, "SvcLvl/Cd", "SEPA")
    if debtor.local_instrument:
        add(kind, "LclInstrm/Cd", debtor.local_instrument)
    add(group, "ReqdExctnDt/Dt", batch.pay_on.isoformat())
    party = add(group, "Dbtr")
    add(party, "Nm", debtor.name)
    _identified(party, debtor.tax_code, "ADE")
    add(group, "DbtrAcct/Id/IBAN", debtor.iban)
    bank = add(group, "DbtrAgt/FinInstnId")
    if debtor.bic:
        add(bank, "BICFI", debtor.bic)
    add(bank, "ClrSysMmbId/MmbId", debtor.iban[_ABI])
    add(group, "ChrgBr", "SLEV")
    for instruction in batch.instructions:
        _transfer(add(group, "CdtTrfTxInf"), instruction, debtor)


def _transfer(transfer: Element, instruction: Instruction, debtor: Debtor) -> None:
    identity = add(transfer, "PmtId")
    add(identity, "InstrId", instruction.payment)
    add(identity, "EndToEndId", instruction.payment)
    add(transfer, "PmtTpInf/CtgyPurp/Cd", debtor.category_purpose)
    add(transfer, "Amt/InstdAmt", format_cents(instruction.amount_cents), Ccy="EUR")
    add(transfer, "Cdtr/Nm", instruction.creditor)
    add(transfer, "CdtrAcct/Id/IBAN", instruction.iban)
    add(transfer, "Purp/Cd", PURPOSE)
    remittance(transfer, instruction, debtor)
