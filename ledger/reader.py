"""The static gate: from the text of a month file back to entries, refusing whatever the one writer did not make.

Nothing is loaded by Beancount here. A record is read for its values, written again by the writer and compared byte for
byte, so that a plugin, an include, an option or an amount such as ``1/0`` can never pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ledger import accounts, codes
from ledger.entries import Balance, Entry, Facts, NotAllowed, Posting, facts_from_texts
from ledger.findings import Finding
from ledger.money import parse_cents
from ledger.months import Month
from ledger.text import render

_HEAD = re.compile(rf'({codes.DAY}) (?:\* "(?P<txn>[a-z-]+)"(?: \^[A-Z0-9-]+)*|custom "fund" "(?P<custom>[a-z-]+)")')
_META = re.compile(r'  ([a-z-]+): (?:"([^"\\]*)"|([0-9]+))')
_POSTING = re.compile(rf"  ({accounts.PATTERN}) +(-?{codes.AMOUNT}) EUR")
_LOT = re.compile(rf'  ({accounts.PATTERN}) +(-?1) MONTH {{({codes.AMOUNT}) EUR, "({codes.MONTH})"}}')
_BALANCE = re.compile(rf"{codes.DAY} balance ({accounts.PATTERN}) +-?([0-9]+ MONTH|{codes.AMOUNT} EUR)")


@dataclass(frozen=True, slots=True)
class Record:
    """An entry with where it stands: its file's name, its first line from 1, and its bytes without the hash line."""

    entry: Entry
    file: str
    line: int
    unhashed: bytes

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


class Refused(ValueError):
    """A block of text that the writer did not make; ``line`` counts from the block's first line, from 0."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def read_records(name: str, data: bytes) -> Iterator[Record | Finding]:
    """The records of one file in order, and a ``gate`` finding in place of each block that is refused."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield Finding("gate", "a byte outside ASCII", place=f"{name}:{line}")
        return
    if text and not text.endswith("\n\n"):
        yield Finding("gate", "the last record is not complete", place=f"{name}:{text.count(chr(10)) + 1}")
    line = 1
    for block in text.removesuffix("\n").split("\n\n"):
        yield _read_block(name, line, block.removesuffix("\n") + "\n")
        line += block.count("\n") + 2


def _read_block(name: str, line: int, block: str) -> Record | Finding:
    try:
        entry = parse_record(block)
    except Refused as refused:
        return Finding("gate", str(refused), _seq_of(block), f"{name}:{line + refused.line}")
    return Record(entry, name, line, without_hash(block.encode("ascii"), entry.hash))


def without_hash(block: bytes, own_hash: str) -> bytes:
    """The bytes of a record that its hash covers."""
    return block.replace(f'  hash: "{own_hash}"\n'.encode("ascii"), b"", 1)


def _seq_of(block: str) -> int | None:
    match = re.search(r"^  seq: ([0-9]{1,10})$", block, re.MULTILINE | re.ASCII)
    return int(match[1]) if match else None


def parse_record(block: str) -> Entry:
    """Read one record. Raises ``Refused`` unless writing the entry again gives exactly the same text."""
    lines = block.removesuffix("\n").split("\n")
    head = _HEAD.fullmatch(lines[0])
    if head is None:
        raise Refused("no record of the books begins so")
    metadata: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 1):
        match = _META.fullmatch(line)
        if match is None:
            break
        if match[1] in metadata:
            raise Refused(f"{match[1]} stands twice", number)
        metadata[match[1]] = match[2] if match[2] is not None else match[3]
    try:
        entry = _entry(head, metadata, lines[1 + len(metadata) :])
    except (KeyError, ValueError) as error:
        raise Refused(f"its metadata are not those of a record ({_why(error)})") from None
    written = render(entry)
    if written != block:
        number = next(
            i for i, pair in enumerate(zip(written.split("\n"), [*lines, ""], strict=False)) if len({*pair}) > 1
        )
        raise Refused("not as the writer makes it", number)
    return entry


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"no {error.args[0]}"
    return error.place if isinstance(error, NotAllowed) else "a value outside its pattern"


def _entry(head: re.Match[str], metadata: dict[str, str], body: list[str]) -> Entry:
    seq, prev, own_hash = metadata.pop("seq"), metadata.pop("prev"), metadata.pop("hash")
    instant, kind = metadata.pop("recorded-at"), metadata.pop("kind")
    _expect("seq", codes.COUNT, seq)
    _expect("hash", codes.SHA256, own_hash)
    _expect("prev", codes.SHA256, prev)
    _expect("recorded-at", codes.INSTANT, instant)
    if kind != (head["txn"] or head["custom"]):
        raise NotAllowed("kind")
    people = metadata.pop("prepared-by"), metadata.pop("approved-by", None)
    for user in people:
        _expect("user", codes.USER, user or "SYSTEM")
    facts = facts_from_texts({name.replace("-", "_"): text for name, text in metadata.items()})
    return Entry(
        seq=int(seq),
        prev=prev,
        hash=own_hash,
        date=date.fromisoformat(head[1]),
        kind=kind,
        recorded_at=datetime.fromisoformat(instant),
        prepared_by=people[0],
        approved_by=people[1],
        facts=facts,
        postings=tuple(_postings(body)) if head["txn"] else (),
        balances=tuple(_balances(body, facts)) if kind == "closing" else (),
    )


def _expect(place: str, pattern: str, text: str) -> None:
    if not codes.matches(pattern, text):
        raise NotAllowed(place)


def _postings(lines: list[str]) -> Iterator[Posting]:
    for line in lines:
        if match := _POSTING.fullmatch(line):
            yield Posting(match[1], parse_cents(_amount(line), signed=True))
        elif _LOT.fullmatch(line):
            account, units, _, cost, _, label = line.split()
            yield Posting(account, int(units) * parse_cents(cost[1:]), Month.parse(label[1:-2]))
        else:
            raise NotAllowed("posting")


def _amount(line: str) -> str:
    return line.split()[-2]


def _balances(lines: list[str], facts: Facts) -> Iterator[Balance]:
    if facts.month is None:
        raise NotAllowed("month")
    for line in lines:
        if not _BALANCE.fullmatch(line):
            raise NotAllowed("balance")
        _, _, account, number, unit = line.split()
        yield Balance(account, int(number) if unit == "MONTH" else parse_cents(number, signed=True))
