"""Reader of a bank's or treasurer's CSV by a configured mapping; nothing is guessed."""

import codecs
import csv
import io
import re
from collections.abc import Mapping as Words
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from fund.bank.port import BankEntry, BankMessage, ParsedStatement, PaymentStatus
from fund.bank.readers.values import EURO, as_iban, read_cents, refuse
from fund.domain.lists import PAYMENT_OUTCOMES, LineOutcome

_DECIMAL_SIGNS = (",", ".")
_MAX_HEADER_BYTES = 64 * 1024
_MAX_CELL = 500
"""Characters kept of a cell: more than any reference has, fewer than the limit of an index."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read one sender's CSV.

    ``amount`` and ``date`` name required columns; the others may be ``None``. A row without a payment code is a
    movement without reference. ``outcomes`` maps each word of the outcome column to ``settled``, ``refused`` or
    ``returned``; other words are refused. Without an outcome column every row is ``settled``.

    The direction of money follows from the sign if amounts are ``signed`` (a minus is a debit); from the column if
    ``credit`` names one (``amount`` is then that of debits); otherwise only returned rows are credits. ``date_format``
    is a ``strptime`` format.
    """

    payment: str | None
    amount: str
    date: str
    credit: str | None = None
    signed: bool = False
    iban: str | None = None
    outcome: str | None = None
    reason: str | None = None
    outcomes: Words[str, str] = field(default_factory=lambda: {outcome: outcome for outcome in PAYMENT_OUTCOMES})
    delimiter: str = ";"
    encoding: str = "utf-8"
    date_format: str = "%Y-%m-%d"
    decimal_sign: str = ","

    def __post_init__(self) -> None:
        if self.decimal_sign not in _DECIMAL_SIGNS:
            raise ValueError("the decimal sign is a comma or a point")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the file must have."""
        named = (self.payment, self.amount, self.credit, self.date, self.iban, self.outcome, self.reason)
        return tuple(name for name in named if name is not None)


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]


def fits(data: bytes, mapping: Mapping) -> bool:
    """Whether a file's header has every column of the mapping, that is, whether the mapping is meant for it."""
    first = re.split(rb"[\r\n]", data[:_MAX_HEADER_BYTES], maxsplit=1)[0]
    try:
        names = next(csv.reader([_text(first, mapping)], delimiter=mapping.delimiter, strict=True), [])
    except (UnicodeError, LookupError, csv.Error):
        return False
    return {name.strip() for name in names}.issuperset(mapping.columns)


def read(data: bytes, mapping: Mapping) -> BankMessage:
    """Read a CSV as a whole. Raises ``UnreadableBankFile`` for anything ambiguous.

    The statement has no balances, and its id is derived from its content, since a CSV has no id of its own.
    """
    entries: list[BankEntry] = []
    statuses: list[PaymentStatus] = []
    for ordinal, row in enumerate(_rows(_decoded(data, mapping), mapping), start=1):
        outcome = _outcome(row, mapping)
        is_return = outcome is LineOutcome.RETURNED
        cents, day = _moved(row, mapping, comes_back=is_return), _day(row, mapping)
        payment, reason = _cell(row, mapping.payment), _cell(row, mapping.reason)
        if outcome is LineOutcome.REFUSED:
            refused = PaymentStatus(ordinal, "transaction", "rejected", None, payment, abs(cents), reason, told_on=day)
            statuses.append(refused)
            continue
        iban = as_iban(_cell(row, mapping.iban))
        entries.append(
            BankEntry(
                ordinal, True, cents, day, None, payment, None, iban, None, is_return, reason=reason, line=row.line
            )
        )
    if not entries and not statuses:
        refuse(1, "file", "no-statement")
    name = f"csv-{sha256(data).hexdigest()[:24]}"
    statement = ParsedStatement(name, None, None, EURO, None, None, None, None, tuple(entries))
    return BankMessage("CSV", name, None, (statement,) if entries else (), tuple(statuses))


def _text(data: bytes, mapping: Mapping) -> str:
    """Decode the file, without a byte order mark."""
    return data.decode(mapping.encoding).removeprefix("\ufeff")


def _decoded(data: bytes, mapping: Mapping) -> str:
    try:
        text = _text(data, mapping)
        is_another = codecs.lookup(mapping.encoding).name != "utf-8" and _is_utf8(data)
    except (UnicodeError, LookupError):
        is_another = True
    if is_another:
        refuse(0, "encoding", "csv-encoding")
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
        refuse(0, "encoding", "not-text")
    return text


def _is_utf8(data: bytes) -> bool:
    """Whether a text is in UTF-8 and nothing else: other encodings read it too, with other letters."""
    try:
        data.decode()
    except UnicodeError:
        return False
    return not data.isascii()


def _rows(text: str, mapping: Mapping) -> list[_Row]:
    """Rows by column name: unique names, all mapped columns, and as many cells as the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
    rows: list[_Row] = []
    header: list[str] = []
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if not header:
                header = _header(trimmed, mapping)
            elif len(trimmed) != len(header):
                refuse(reader.line_num, "file", "columns-differ")
            else:
                row = _Row(reader.line_num, dict(zip(header, trimmed, strict=True)))
                if long := next((name for name in mapping.columns if len(row.cells[name]) > _MAX_CELL), None):
                    refuse(row.line, long, "too-long")
                rows.append(row)
    except csv.Error:
        refuse(reader.line_num, "file", "not-well-formed")
    return rows


def _header(names: list[str], mapping: Mapping) -> list[str]:
    for column in mapping.columns:
        if names.count(column) != 1:
            refuse(1, column, "column-repeated" if column in names else "column-missing")
    return names


def _outcome(row: _Row, mapping: Mapping) -> LineOutcome:
    if mapping.outcome is None:
        return LineOutcome.SETTLED
    found = mapping.outcomes.get(row.cells[mapping.outcome])
    return LineOutcome(found) if found else refuse(row.line, mapping.outcome, "unknown-word")


def _cell(row: _Row, column: str | None) -> str | None:
    return (row.cells[column] or None) if column is not None else None


def _moved(row: _Row, mapping: Mapping, *, comes_back: bool) -> int:
    """Amount of a row, negative for a debit."""
    if mapping.credit is not None:
        return _of_two_columns(row, mapping, mapping.credit)
    cents = _cents(row, mapping, mapping.amount)
    return cents if mapping.signed or comes_back else -cents


def _of_two_columns(row: _Row, mapping: Mapping, credit: str) -> int:
    """Amount of a row with a debit and a credit column, of which one is empty or zero."""
    amounts = {column: _cents(row, mapping, column) for column in (mapping.amount, credit) if row.cells[column]}
    if not amounts:
        refuse(row.line, mapping.amount, "missing")
    out, back = amounts.get(mapping.amount, 0), amounts.get(credit, 0)
    if out and back:
        refuse(row.line, credit, "amount-repeated")
    if back < 0 or (mapping.signed and out > 0):
        refuse(row.line, credit if back else mapping.amount, "sign-differs")
    return back - abs(out)


def _cents(row: _Row, mapping: Mapping, column: str) -> int:
    """Parse an amount in the sender's notation.

    Thousands are grouped by threes throughout or not at all, and only before decimals, so that a separator is never
    ambiguous.
    """
    text, decimal = row.cells[column], mapping.decimal_sign
    group = next(sign for sign in _DECIMAL_SIGNS if sign != decimal)
    if group in text:
        if not re.fullmatch(rf"[+-]?[0-9]{{1,3}}(\{group}[0-9]{{3}})+\{decimal}[0-9]{{1,2}}", text, re.ASCII):
            refuse(row.line, column, "not-an-amount")
        text = text.replace(group, "")
    if mapping.signed:
        text = re.sub(r"^\+(?=[0-9])", "", text)
    return read_cents(text.replace(decimal, "."), row.line, column, signed=mapping.signed)


def _day(row: _Row, mapping: Mapping) -> date:
    try:
        moment = datetime.strptime(row.cells[mapping.date], mapping.date_format)  # noqa: DTZ007 - a day has no zone
    except ValueError:
        refuse(row.line, mapping.date, "not-a-day")
    return moment.date()
