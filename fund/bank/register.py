"""The plain register and its answers as CSV, the simplest format of a batch and of a bank's reply.

Semicolons, UTF-8, a header line, amounts as ``450.00``, days as ``2022-05-10``.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date

from fund.bank.port import Answer, Instruction
from fund.domain import errors
from fund.domain.lists import PAYMENT_OUTCOMES, LineOutcome
from ledger.money import format_cents, parse_cents

ORDER_FIELDS = ("batch", "payment", "amount", "iban", "creditor", "remittance")
ANSWER_FIELDS = ("payment", "outcome", "amount", "iban", "date", "reason")
MAX_ANSWER_BYTES = 64 * 1024 * 1024

_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,35}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_REASON = re.compile(r"[A-Z0-9]{0,4}", re.ASCII)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_register(batch: str, instructions: Sequence[Instruction]) -> bytes:
    """The register of a batch, one line per payment, in the given order."""
    lines = (
        (batch, i.payment, format_cents(i.amount_cents), i.iban, inert(i.creditor), i.remittance) for i in instructions
    )
    return _csv(ORDER_FIELDS, lines)


def write_answers(answers: Sequence[Answer]) -> bytes:
    """Write answers as a bank sends them in this format."""
    lines = (
        (a.payment, a.outcome, format_cents(a.amount_cents or 0), a.iban or "", a.bank_date.isoformat(), a.reason or "")
        for a in answers
    )
    return _csv(ANSWER_FIELDS, lines)


def inert(text: str) -> str:
    """The text, prefixed where a spreadsheet would read it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _csv(header: Sequence[str], lines: "Sequence[Sequence[str]] | object") -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)  # type: ignore[arg-type]  # any iterable of rows
    return stream.getvalue().encode()


def read_register(data: bytes) -> list[Instruction]:
    """Parse a register, as the bank does."""
    return [
        Instruction(row["payment"], parse_cents(row["amount"]), row["iban"], row["creditor"], row["remittance"])
        for _, row in _rows(data, ORDER_FIELDS)
    ]


def is_answers(data: bytes) -> bool:
    """Whether the header is that of a file of answers in this format."""
    return data.removeprefix(b"\xef\xbb\xbf").startswith(";".join(ANSWER_FIELDS).encode())


def read_answers(data: bytes) -> list[Answer]:
    """Parse a file of answers, all or nothing. Raises ``UnreadableBankFile`` with line and field."""
    answers = [_answer(ordinal, line, row) for ordinal, (line, row) in enumerate(_rows(data, ANSWER_FIELDS), 1)]
    if not answers:
        raise errors.UnreadableBankFile(1, "file", "empty")
    return answers


def _rows(data: bytes, header: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    if len(data) > MAX_ANSWER_BYTES:
        raise errors.UnreadableBankFile(1, "file", "too-large")
    if not data.endswith(b"\n"):
        raise errors.UnreadableBankFile(data.count(b"\n") + 1, "file", "truncated")
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";", strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise errors.UnreadableBankFile(1, "file", "not-csv") from None
    if not rows or rows[0][1] != list(header):
        raise errors.UnreadableBankFile(1, "header", "unknown")
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise errors.UnreadableBankFile(line, "line", "wrong-number-of-fields")
    return [(line, dict(zip(header, row, strict=True))) for line, row in rows[1:]]


def _answer(ordinal: int, line: int, row: dict[str, str]) -> Answer:
    patterns = {"payment": _REFERENCE, "iban": _IBAN, "date": _DAY, "reason": _REASON}
    for field, pattern in patterns.items():
        if not pattern.fullmatch(row[field]):
            raise errors.UnreadableBankFile(line, field, "malformed")
    try:
        amount_cents = parse_cents(row["amount"])
    except ValueError:
        raise errors.UnreadableBankFile(line, "amount", "malformed") from None
    try:
        bank_date = date.fromisoformat(row["date"])
    except ValueError:
        raise errors.UnreadableBankFile(line, "date", "malformed") from None
    reason = row["reason"] or None
    return Answer(ordinal, row["payment"], _outcome(line, row), amount_cents, row["iban"], bank_date, reason)


def _outcome(line: int, row: dict[str, str]) -> LineOutcome:
    for outcome in PAYMENT_OUTCOMES:
        if row["outcome"] == outcome:
            return outcome
    raise errors.UnreadableBankFile(line, "outcome", "unknown")
