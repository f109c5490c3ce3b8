"""A bank that reads the plain register and writes the file of answers."""

from collections.abc import Collection, Mapping
from datetime import date

from fund.bank.port import Answer
from fund.bank.register import read_register, write_answers
from fund.domain.lists import LineOutcome


def answer_batch(data: bytes, *, bank_date: date, refused: Mapping[str, str] | None = None) -> bytes:
    """Settle every payment of a batch except the ``refused`` ones (payment → reason)."""
    reasons = refused or {}
    return write_answers(
        [
            Answer(
                ordinal=ordinal,
                payment=instruction.payment,
                outcome=LineOutcome.REFUSED if instruction.payment in reasons else LineOutcome.SETTLED,
                amount_cents=instruction.amount_cents,
                iban=instruction.iban,
                bank_date=bank_date,
                reason=reasons.get(instruction.payment),
            )
            for ordinal, instruction in enumerate(read_register(data), 1)
        ]
    )


def return_payments(data: bytes, payments: Collection[str], *, bank_date: date, reason: str) -> bytes:
    """Return settled payments of a batch."""
    chosen = [instruction for instruction in read_register(data) if instruction.payment in payments]
    return write_answers(
        [
            Answer(ordinal, i.payment, LineOutcome.RETURNED, i.amount_cents, i.iban, bank_date, reason)
            for ordinal, i in enumerate(chosen, 1)
        ]
    )
