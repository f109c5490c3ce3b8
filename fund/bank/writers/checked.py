"""Checks of a batch that hold for every format, and the conversion of its texts.

Libraries truncate, drop or accept each of these silently; here each is a typed error that names payment and field.
"""

import re
from dataclasses import replace

from fund.bank.latin import named, to_latin
from fund.bank.port import Batch, Instruction
from fund.domain import errors
from fund.domain.identifiers import is_iban, parse_rf

MAX_NAME, MAX_REMITTANCE = 70, 140
MAX_AMOUNT_CENTS = 99_999_999_999
"""999,999,999.99 EUR, the maximum of a SEPA credit transfer."""

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,33}[A-Za-z0-9])?", re.ASCII)
_TAX_CODE = re.compile(r"[A-Z0-9]{1,35}", re.ASCII)
_DEBTOR_TAX_CODE = re.compile(r"[A-Z0-9]{11,16}", re.ASCII)
_CUC = re.compile(r"[A-Z0-9]{8}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)


def checked(batch: Batch) -> Batch:
    """The batch with SEPA texts, after every check that does not depend on the format.

    Raises ``TextNotWritable``, ``TextTooLong`` or ``OrderNotWritable``.
    """
    # Left to libraries and banks, texts are truncated and transliterated in as many ways, after the approval. Done
    # here, before sealing, the file that leaves is the one whose digest stands in the books (decision 0016).
    _check_header(batch)
    _check_payments(batch)
    debtor = replace(batch.debtor, name=_text(batch.code, "debtor", batch.debtor.name, MAX_NAME))
    return replace(batch, debtor=debtor, instructions=tuple(map(_written, batch.instructions)))


def require(condition: object, key: str, field: str, reason: str) -> None:
    """Raise ``OrderNotWritable`` with these facts unless the condition holds."""
    if not condition:
        raise errors.OrderNotWritable(key, field, reason)


def _check_header(batch: Batch) -> None:
    debtor = batch.debtor
    require(_CODE.fullmatch(batch.code), batch.code[:35], "batch", "malformed")
    require(batch.instructions, batch.code, "payments", "missing")
    require(batch.created_at.tzinfo, batch.code, "created_at", "malformed")
    require(is_iban(debtor.iban), batch.code, "debtor_iban", "malformed")
    require(_DEBTOR_TAX_CODE.fullmatch(debtor.tax_code), batch.code, "debtor_tax_code", "malformed")
    require(debtor.bic is None or _BIC.fullmatch(debtor.bic), batch.code, "bic", "malformed")
    require(debtor.cuc is None or _CUC.fullmatch(debtor.cuc), batch.code, "cuc", "malformed")


def _check_payments(batch: Batch) -> None:
    seen: set[str] = set()
    valid: set[str] = set()
    for instruction in batch.instructions:
        key = instruction.payment
        require(_CODE.fullmatch(key), batch.code, "payment", "malformed")
        require(key not in seen, key, "payment", "duplicate")
        seen.add(key)
        require(0 < instruction.amount_cents <= MAX_AMOUNT_CENTS, key, "amount", "outside-limits")
        require(instruction.iban in valid or is_iban(instruction.iban), key, "iban", "malformed")
        valid.add(instruction.iban)
        tax_code = instruction.creditor_tax_code
        require(tax_code is None or _TAX_CODE.fullmatch(tax_code), key, "tax_code", "malformed")
        require(instruction.rf_reference is None or _is_rf(instruction.rf_reference), key, "rf_reference", "malformed")


def check_text(key: str, field: str, text: str, limit: int) -> None:
    """Check at data entry that a payment can carry a text: the check that every writer makes.

    Raises ``TextNotWritable``, ``TextTooLong`` or ``OrderNotWritable``.
    """
    _text(key, field, text, limit)


def referenced(remittance: str, rf_reference: str | None) -> str:
    """The landlord's reference followed by the text, for a format without a field for references: OPI."""
    return f"{rf_reference} {remittance}" if rf_reference else remittance


def _written(instruction: Instruction) -> Instruction:
    creditor = _text(instruction.payment, "creditor", instruction.creditor, MAX_NAME)
    remittance = _text(instruction.payment, "remittance", instruction.remittance, MAX_REMITTANCE)
    return replace(instruction, creditor=creditor, remittance=remittance)


def _text(key: str, field: str, text: str, limit: int) -> str:
    latin = to_latin(text)
    if latin.refused:
        raise errors.TextNotWritable(key, field, named(latin.refused))
    require(latin.text, key, field, "missing")
    if len(latin.text) > limit:
        raise errors.TextTooLong(key, field, len(latin.text), limit)
    return latin.text


def _is_rf(reference: str) -> bool:
    """Whether a text is a valid ISO 11649 reference (compact, capitals)."""
    try:
        return parse_rf(reference) == reference
    except ValueError:
        return False
