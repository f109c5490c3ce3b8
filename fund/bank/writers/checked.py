"""What must hold of a batch before any format writes it: one check for all of them, and the visible changes of text.

A library cut, dropped or passed each of these silently; here each is a typed error that names payment and field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fund.bank.latin import named, to_latin
from fund.bank.port import Batch, Instruction
from fund.domain import errors
from fund.domain.identifiers import parse_iban, parse_rf

MAX_NAME, MAX_REMITTANCE = 70, 140
MAX_AMOUNT_CENTS = 99_999_999_999
"""999,999,999.99 EUR, the most that a SEPA credit transfer carries."""

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,33}[A-Za-z0-9])?", re.ASCII)
_TAX_CODE = re.compile(r"[A-Z0-9]{1,35}", re.ASCII)
_DEBTOR_TAX_CODE = re.compile(r"[A-Z0-9]{11,16}", re.ASCII)
_CUC = re.compile(r"[A-Z0-9]{8}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Change:
    """A text that leaves in other characters than it was entered in; ``key`` is the payment, or the batch itself."""

    key: str
    field: str
    before: str
    after: str


def checked(batch: Batch) -> Batch:
    """The batch with its texts in SEPA characters, after every check that does not depend on the format.

    Raises ``TextNotWritable``, ``TextTooLong`` or ``OrderNotWritable``.
    """
    _check_header(batch)
    _check_payments(batch)
    debtor = replace(batch.debtor, name=_text(batch.code, "debtor", batch.debtor.name, MAX_NAME))
    return replace(batch, debtor=debtor, instructions=tuple(map(_written, batch.instructions)))


def changes(batch: Batch) -> Iterator[Change]:
    """What people are shown before they seal the batch: each text that the bank gets otherwise than it was entered."""
    written = checked(batch)
    pairs = [(batch.code, "debtor", batch.debtor.name, written.debtor.name)]
    for before, after in zip(batch.instructions, written.instructions, strict=True):
        pairs.append((before.payment, "creditor", before.creditor, after.creditor))
        pairs.append((before.payment, "remittance", before.remittance, after.remittance))
    return (Change(*pair) for pair in pairs if pair[2] != pair[3])


def require(condition: object, key: str, field: str, reason: str) -> None:
    """Raises ``OrderNotWritable`` with these facts unless the condition holds."""
    if not condition:
        raise errors.OrderNotWritable(key, field, reason)


def _check_header(batch: Batch) -> None:
    debtor = batch.debtor
    require(_CODE.fullmatch(batch.code), batch.code[:35], "batch", "malformed")
    require(batch.instructions, batch.code, "payments", "missing")
    require(batch.created_at.tzinfo, batch.code, "created_at", "malformed")
    require(_is_iban(debtor.iban), batch.code, "debtor_iban", "malformed")
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
        require(instruction.iban in valid or _is_iban(instruction.iban), key, "iban", "malformed")
        valid.add(instruction.iban)
        tax_code = instruction.creditor_tax_code
        require(tax_code is None or _TAX_CODE.fullmatch(tax_code), key, "tax_code", "malformed")
        require(instruction.rf_reference is None or _is_rf(instruction.rf_reference), key, "rf_reference", "malformed")


def check_text(key: str, field: str, text: str, limit: int) -> None:
    """Refuse at its entry a text that no payment could carry later: the check that every writer makes.

    Raises ``TextNotWritable``, ``TextTooLong`` or ``OrderNotWritable``.
    """
    _text(key, field, text, limit)


def referenced(remittance: str, rf_reference: str | None) -> str:
    """The text after the landlord's own reference where there is one, for a format that has no field for it: OPI."""
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


def _is_iban(text: str) -> bool:
    """Whether it is a checked IBAN, compact and in capitals as the files carry it."""
    try:
        return parse_iban(text) == text
    except ValueError:
        return False


def _is_rf(reference: str) -> bool:
    """Whether it is an ISO 11649 reference, compact and in capitals."""
    try:
        return parse_rf(reference) == reference
    except ValueError:
        return False
