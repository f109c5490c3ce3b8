"""Reader of SWIFT MT940 customer statements, on top of the library ``mt-940``.

The library parses ``:61:`` and ``:86:``. Where it is lax, this module checks: the file's frame, amounts to the last
character, the closing balance (it accepts truncated files), the number of entries (it merges some), and the sums.
Sources: SWIFT's field definitions 20, 25, 28C, 60a, 61, 62a and 86; ``mt940_details`` reads ``:86:``.
"""

import logging
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mt940.models import Transactions
from mt940.options import Options

from fund.bank.port import BankEntry, BankMessage, Notice, ParsedStatement
from fund.bank.readers.mt940_details import Details, read_details
from fund.bank.readers.refusals import entry_place, refused_entry, statement_place, unread_statement
from fund.bank.readers.values import EURO, as_account_iban, as_iban, read_cents, read_number, refuse
from fund.domain.errors import UnreadableBankFile

FORMAT = "MT940"
START = re.compile(rb"(?:^|[\r\n]):20:")
"""Start of every MT940 statement: its reference."""

# the library logs what it cannot read, and that may name people
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_FIELD = re.compile(r":([0-9]{2}[A-Z]?|NS):", re.ASCII)
_BALANCE = re.compile(r"([CD])([0-9]{2})([0-9]{2})([0-9]{2})([A-Z]{3})([0-9]{1,15}),([0-9]{0,2})0{0,3}", re.ASCII)
_ENTRY = re.compile(
    r"(?P<value>[0-9]{6})(?:[0-9]{4}|\s{4})?(?P<mark>R?[CD])[A-Z]?(?P<whole>[0-9]{1,15}),(?P<cents>[0-9]{0,2})0{0,3}[A-Z]",
    re.ASCII,
)
_END = re.compile(r"-(?:[A-Z]{3})?", re.ASCII)
_MAX_LINE = 1_000
_MAX_LINES = 100
"""SWIFT allows six lines of 65 characters per field; banks write more, but not this much."""
_NO_REFERENCE = frozenset(("", "NONREF", "EREF", "KREF", "KREF+", "EREF+", "NOTPROVIDED"))
_RETURNED = "NRTI"


@dataclass
class _Field:
    """One field: its tag, its line number, and its lines unchanged."""

    tag: str
    line: int
    lines: list[str]

    @property
    def value(self) -> str:
        return self.lines[0].strip()


@dataclass
class _Block:
    """Fields of one statement, from ``:20:`` on."""

    line: int
    fields: list[_Field] = field(default_factory=list)
    is_terminated: bool = False

    def of(self, *tags: str) -> _Field | None:
        return next((found for found in self.fields if found.tag in tags), None)


@dataclass(frozen=True, slots=True)
class _Mt940Balance:
    cents: int
    day: date


def read(data: bytes) -> BankMessage:
    """Read an MT940 file as a whole. Raises ``UnreadableBankFile`` for anything ambiguous."""
    notices: list[Notice] = []
    blocks = _blocks(_decoded(data, notices))
    if not blocks:
        refuse(0, "tag 20", "no-statement")
    if any(block.is_terminated for block in blocks) and not blocks[-1].is_terminated:
        refuse(blocks[-1].fields[-1].line, "file", "truncated")
    if any(_is_interim(block) for block in blocks):
        refuse(0, "file", "mt942")
    _check_pages(blocks, notices)
    statements: list[ParsedStatement] = []
    first = 1
    for block in blocks:
        statement = _read_block(block, first, notices)
        first += len(statement.entries)
        statements.append(statement)
    reference = blocks[0].fields[0].value
    return BankMessage(FORMAT, reference or None, None, tuple(statements), notices=tuple(notices))


def _is_interim(block: _Block) -> bool:
    """Whether a block is of an MT942, the report during the day: it has a floor limit and no balances."""
    return block.of("34F") is not None and block.of("60F", "60M", "62F", "62M") is None


def _decoded(data: bytes, notices: list[Notice]) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        notices.append(Notice("encoding-latin-1"))
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
        refuse(0, "encoding", "not-text")
    return text


def _blocks(text: str) -> list[_Block]:
    """Statements of a file, each from its ``:20:`` to its end; anything between them is an envelope of the bank."""
    blocks: list[_Block] = []
    ends = "\n" if "\n" in text else "\r"  # some programs write the line ends of old Macs
    for number, raw in enumerate(text.split(ends), start=1):
        line = raw.rstrip("\r")
        if len(line) > _MAX_LINE or (blocks and blocks[-1].fields and len(blocks[-1].fields[-1].lines) > _MAX_LINES):
            refuse(number, "file", "too-long")
        match = _FIELD.match(line)
        if match is not None and match[1] == "20":
            blocks.append(_Block(number))
        if not blocks:
            if match is not None and match[1] != "NS":
                refuse(number, "tag 20", "missing")
            continue
        block = blocks[-1]
        if line.startswith("-") and _is_end(line):
            block.is_terminated = True
        elif match is not None:
            if block.is_terminated:
                refuse(number, "tag 20", "missing")
            block.fields.append(_Field(match[1], number, [line[match.end() :]]))
        elif not block.is_terminated and line.strip():
            block.fields[-1].lines.append(line)
    return blocks


def _is_end(line: str) -> bool:
    """``-`` alone, ``-}`` of SWIFT's block 4, or the hyphen and three capitals of the old Dutch envelope."""
    return _END.fullmatch(line.strip()) is not None or line.startswith("-}")


def _check_pages(blocks: list[_Block], notices: list[Notice]) -> None:
    """Check that a page ends with ``62M`` and the next begins with ``60M``, the same balance; note a missing page."""
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        end = block.of("62M")
        if end is None:
            continue
        begin = following.of("60M") if following is not None and _account(following) == _account(block) else None
        if begin is None:
            notices.append(Notice("continues-elsewhere", statement_place(_account(block), block.fields[0].value)))
        elif begin.value != end.value:
            refuse(begin.line, "tag 60M", "balance-differs")


def _account(block: _Block) -> str | None:
    account = block.of("25", "25P")
    return account.value if account is not None else None


def _read_block(block: _Block, first: int, notices: list[Notice]) -> ParsedStatement:
    """The statement, or what is left of one that cannot be read."""
    try:
        return _statement(block, first, notices)
    except UnreadableBankFile as refusal:
        reference, account, balance = block.fields[0].value, _account(block), block.of("60F", "60M")
        match = _BALANCE.fullmatch(balance.value) if balance is not None else None
        currency = match[5] if match is not None else EURO
        return unread_statement(refusal, reference, account, currency=currency)


def _statement(block: _Block, first: int, notices: list[Notice]) -> ParsedStatement:
    opening = _balance(block, block.of("60F", "60M"), "tag 60F")
    end = block.of("62F", "62M")
    closing = _balance(block, end, "tag 62F")
    heads = _check_order(block)
    entries = _entries(block, heads, first, notices)
    if opening.cents + sum(entry.amount_cents for entry in entries) != closing.cents:
        refuse(end.line if end else block.line, "tag 62F", "balance-differs")
    number, account = block.of("28C", "28"), _account(block)
    if account is None:
        refuse(block.line, "tag 25", "missing")
    reference = block.fields[0].value
    sheet = number.value if number is not None else ""
    return ParsedStatement(
        id=f"{reference}/{sheet}/{closing.day.isoformat()}",
        number=read_number(sheet.partition("/")[0]),
        iban=as_account_iban(account),
        currency=EURO,
        opening_cents=opening.cents,
        closing_cents=closing.cents,
        first_day=opening.day,
        last_day=closing.day,
        entries=tuple(entries),
        account=account,
    )


def _balance(block: _Block, found: _Field | None, name: str) -> _Mt940Balance:
    if found is None:
        refuse(block.fields[-1].line if block.fields else block.line, name, "missing")
    match = _BALANCE.fullmatch(found.value)
    if match is None:
        refuse(found.line, name, "not-a-balance")
    if match[5] != EURO:
        refuse(found.line, name, "currency-not-euro")
    cents = read_cents(f"{match[6]}.{match[7].ljust(2, '0')}", found.line, name)
    return _Mt940Balance(cents if match[1] == "C" else -cents, _day(match[2], match[3], match[4], found.line, name))


def _day(year: str, month: str, day: str, line: int, name: str) -> date:
    try:
        return date(2000 + int(year), int(month), int(day))
    except ValueError:
        refuse(line, name, "not-a-day")


def _check_order(block: _Block) -> "list[re.Match[str]]":
    """Check the order: one opening balance, entries, one closing balance; each entry parsable to its last digit."""
    stage = 0
    heads: list[re.Match[str]] = []
    for found in block.fields:
        if found.tag in ("60F", "60M", "62F", "62M"):
            if found.tag.startswith("60") != (stage == 0) or stage == 2:
                refuse(found.line, f":{found.tag}:", "out-of-order")
            stage += 1
        elif found.tag == "61":
            if stage != 1:
                refuse(found.line, "tag 61", "out-of-order")
            match = _ENTRY.match(found.value)
            if match is None:
                refusal = UnreadableBankFile(found.line, "tag 61", "not-an-entry")
                raise _refused(refusal, block, len(heads) + 1, found)
            heads.append(match)
    return heads


def _refused(refusal: UnreadableBankFile, block: _Block, entry: int, found: _Field) -> UnreadableBankFile:
    """The refusal of an entry, with the bank's reference of it, which stands behind two slashes."""
    return refused_entry(refusal, _account(block), block.fields[0].value, entry, found.value.partition("//")[2])


def _entries(block: _Block, heads: "list[re.Match[str]]", first: int, notices: list[Notice]) -> list[BankEntry]:
    """Entries, parsed by the library one at a time, so that it merges none."""
    starts = [index for index, found in enumerate(block.fields) if found.tag == "61"]
    balance = block.of("60F", "60M")
    head = f":{balance.tag}:{balance.value}\n" if balance is not None else ""
    entries: list[BankEntry] = []
    for ordinal, (start, match) in enumerate(zip(starts, heads, strict=True), start=first):
        found = block.fields[start]
        note = block.fields[start + 1] if start + 1 < len(block.fields) else None
        details = read_details(note.lines if note is not None and note.tag == "86" else [])
        # One entry per call, with the statement's balance in front of it: given the whole block, the library merges
        # some entries, and each line of the bank must stay one movement (decision 0014).
        try:
            entry = _entry(_through_library(head, found), match, details, found)
        except UnreadableBankFile as refusal:
            raise _refused(refusal, block, len(entries) + 1, found) from None
        if entry.value_on is not None and entry.value_on.strftime("%y%m%d") != match["value"]:
            place = entry_place(_account(block), len(entries) + 1, entry.bank_reference)
            notices.append(Notice("value-date-not-in-calendar", place))
        entries.append(replace(entry, ordinal=ordinal))
    return entries


def _through_library(head: str, found: _Field) -> dict[str, Any]:
    """Parse one ``:61:`` with the library; any exception makes the entry unreadable."""
    parsed = Transactions(options=Options.all())
    try:
        parsed.parse(head + ":61:" + "\n".join(found.lines))
    except Exception:  # the library raises whatever its regular expressions and conversions do
        refuse(found.line, "tag 61", "not-an-entry")
    if len(parsed) != 1 or "amount" not in parsed[0].data:
        refuse(found.line, "tag 61", "not-an-entry")
    return parsed[0].data


def _entry(read: dict[str, Any], match: "re.Match[str]", details: Details, found: _Field) -> BankEntry:
    mark = match["mark"]
    sign = 1 if mark in ("C", "RD") else -1
    cents = sign * read_cents(f"{match['whole']}.{match['cents'].ljust(2, '0')}", found.line, "tag 61")
    if read["amount"].amount != Decimal(cents).scaleb(-2):
        refuse(found.line, "tag 61", "not-an-entry")
    value: date = _plain(read["date"])
    entered = read.get("entry_date")
    kind = (read.get("id") or "").strip()
    reference = (read.get("customer_reference") or "").strip()
    extra = (read.get("extra_details") or "").strip() or None
    return BankEntry(
        ordinal=0,
        is_booked=True,
        amount_cents=cents,
        booked_on=_plain(entered) if isinstance(entered, date) else value,
        value_on=value,
        payment=details.payment or (None if reference in _NO_REFERENCE else reference),
        bank_reference=(read.get("bank_reference") or "").strip() or None,
        counterparty_iban=details.iban or as_iban(extra),
        counterparty_name=details.name,
        is_return=details.is_return or kind == _RETURNED,
        is_reversal=mark in ("RC", "RD"),
        reason=details.reason,
        bank_code=" ".join(filter(None, (kind, details.code))) or None,
        text=details.text or extra,
        line=found.line,
    )


def _plain(day: date) -> date:
    """Convert the library's date subclass to a plain date."""
    return date.min + timedelta(days=day.toordinal() - 1)
