"""The port to every bank and treasurer: instructions go out, answers come in, whatever the file format is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Outcome = Literal["settled", "refused", "returned"]
OUTCOMES: tuple[Outcome, ...] = ("settled", "refused", "returned")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment to make. ``payment`` is its code for ever (the EndToEndId); ``creditor`` is personal data."""

    payment: str
    amount_cents: int
    iban: str
    creditor: str
    remittance: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of one payment; ``ordinal`` is its place in the file, from 1.

    Only a booked debit is ``settled``. ``reason`` is the bank's code, word for word.
    """

    ordinal: int
    payment: str
    outcome: Outcome
    amount_cents: int
    iban: str
    bank_date: date
    reason: str | None


class BatchWriter(Protocol):
    """Writes a batch in one format: the same instructions give the same bytes."""

    def __call__(self, batch: str, instructions: Sequence[Instruction]) -> bytes: ...


class AnswerReader(Protocol):
    """Reads a whole file or raises ``UnreadableBankFile``; it never returns a part."""

    def __call__(self, data: bytes) -> list[Answer]: ...
