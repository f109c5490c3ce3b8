"""The static gate: from the text of a month file back to records, refusing whatever the one writer did not make.

Nothing is loaded by Beancount here. A record passes only if the grammar matches it as a whole, so that a plugin, an
include, an option or an amount such as ``1/0`` can never pass.
"""

import re
from collections.abc import Callable, Generator
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from ledger import grammar
from ledger.chain import digest
from ledger.codes import SYSTEM
from ledger.entries import FACTS, Balance, Entry, Facts, Posting
from ledger.findings import Finding
from ledger.money import parse_cents
from ledger.months import Month
from ledger.text import format_instant, render_body


class Record(NamedTuple):
    """What a record says, as small values.

    ``balances`` are those that a closing asserts; ``body`` is the text behind the metadata.
    """

    day: str
    seq: int
    kind: str
    recorded_at: str
    prepared_by: str
    approved_by: str | None
    facts: Facts
    month: Month | None
    prev: str
    hash: str
    postings: tuple[Posting, ...]
    balances: tuple[Balance, ...]
    body: str

    @property
    def is_of_one(self) -> bool:
        """Whether one person alone says it; the service is none."""
        return SYSTEM in (self.prepared_by, self.approved_by) or self.approved_by in (None, self.prepared_by)

    @property
    def entry(self) -> Entry:
        """The entry that the record writes down."""
        return self.entry_of(b"")

    def entry_of(self, record: bytes) -> Entry:
        """The entry that the record writes down, with its bytes."""
        return Entry(
            record=record,
            seq=self.seq,
            prev=self.prev,
            hash=self.hash,
            date=date.fromisoformat(self.day),
            kind=self.kind,
            recorded_at=datetime.fromisoformat(self.recorded_at),
            prepared_by=self.prepared_by,
            approved_by=self.approved_by,
            facts=self.facts,
            postings=self.postings,
            balances=self.balances,
        )


class Placed(NamedTuple):
    """A record with its bytes and where it stands: its file's name, and its first line from 1.

    ``hash_holds`` says whether its hash is that of the bytes; whether the record continues the chain is for the audit.
    """

    record: Record
    file: str
    line: int
    hash_holds: bool
    data: bytes

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def entry(self) -> Entry:
        """The entry that the record writes down."""
        return self.record.entry_of(self.data)


class Refused(ValueError):
    """A block of text that the writer did not make; ``line`` counts from the block's first line, from 0."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


Records = Generator["Placed | Finding", None, int]
Skip = Callable[[str, bytes, int], int]
"""From a text, its bytes and the place of a record, the place of the first record from there on that is to be read."""


def read_records(name: str, data: bytes, line: int = 1, skip: Skip | None = None) -> Records:
    """The records of a file, or of its part from a line on, in order; returns the line that follows.

    A ``gate`` finding stands in place of each block that is refused.
    """
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        found_at = line + data.count(b"\n", 0, error.start)
        yield Finding("gate", "a byte outside ASCII", place=f"{name}:{found_at}")
        return line + data.count(b"\n")
    if text and not text.endswith("\n\n"):
        yield Finding("gate", "the last record is not complete", place=f"{name}:{line + text.count(chr(10))}")
    start = 0
    while start < len(text) or not start:
        if skip is not None and (place := skip(text, data, start)) > start:
            line += text.count("\n", start, place)
            start = place
            continue
        end = text.find("\n\n", start)
        last = end + 1 if end >= 0 else len(text)
        found = grammar.match(text, start, last)
        if found is None:
            block = text[start:last].removesuffix("\n") + "\n"
            refused = _why_refused(block)
            yield Finding("gate", str(refused), _seq_of(block), f"{name}:{line + refused.line}")
        else:
            yield Placed(_record(found), name, line, _hash_holds(found.found, data), data[start:last])
        if end < 0:
            return line + text.count("\n", start)
        line += text.count("\n", start, last) + 1
        start = last + 1
    return line


def read_record(block: str) -> Placed:
    """Read one record, which stands nowhere. Raises ``Refused``."""
    found = grammar.match(block)
    if found is None:
        raise _why_refused(block)
    data = block.encode("ascii")
    return Placed(_record(found), "", 1, _hash_holds(found.found, data), data)


def read_entry(record: bytes) -> Entry:
    """Read an entry back from the bytes that the journal holds. Raises ``Refused`` unless their hash holds."""
    match = grammar.match(record.decode("ascii", "replace"))
    if match is None or not _hash_holds(match.found, record):
        raise Refused("not as the writer makes it, or not under its hash")
    return _record(match).entry_of(record)


Seal: TypeAlias = tuple[str, int, str, str]
"""Where a record belongs in the chain: its day and number, the previous hash and its own; a plain tuple, since one is
made of each record that is published.
"""


def read_seal(record: bytes) -> Seal:
    """The seal of a record that the journal holds. Raises ``Refused`` unless it is a record whose hash holds."""
    match = grammar.match(record.decode("ascii", "replace"))
    if match is None or not _hash_holds(match.found, record):
        raise Refused("not as the writer makes it")
    day, seq, prev, own_hash = match.found.group("day", "seq", "prev", "hash")
    return day, int(seq), prev, own_hash


def _hash_holds(found: re.Match[str], data: bytes) -> bool:
    """Whether the hash of a record is that of the previous hash and the record's bytes without its hash line."""
    start, end = found.span("hash_line")
    return digest(found["prev"], data[found.start() : start] + data[end : found.end()]) == found["hash"]


_NO_FACTS = [None] * len(FACTS)
_PLACES = {name: (place, text.read) for place, (name, text) in enumerate(FACTS.items())}


def _facts(names: tuple[str, ...], texts: tuple[str | None, ...]) -> Facts:
    values: list[object] = [*_NO_FACTS]
    for name, text in zip(names, texts, strict=True):
        if text is not None:
            place, read = _PLACES[name]
            values[place] = read(text)
    return Facts._make(values)


def _record(match: grammar.Match) -> Record:
    groups = match.found.groups()
    # the order of the patterns' groups, which a test holds for every pattern
    day, moves, kind, _, _, _, _, act, seq, recorded_at, prepared_by, approved_by = groups[: grammar.FIRST_FACT]
    prev, _, own_hash, body = groups[-4:]
    facts = _facts(match.facts, groups[grammar.FIRST_FACT : -4])
    return Record(
        day,
        int(seq),
        kind or act,
        recorded_at,
        prepared_by,
        approved_by,
        facts,
        facts.month,
        prev,
        own_hash,
        _postings(body) if moves else (),
        tuple(map(_balance, body.splitlines())) if act == "closing" else (),
        body,
    )


def _postings(body: str) -> tuple[Posting, ...]:
    """Postings such as ``Assets:Treasury -450.00 EUR`` and ``…:N01 -1 MONTH {450.00 EUR, "2022-05"}``."""
    words = body.split()
    if "MONTH" not in words:
        return tuple([Posting(words[at], int(words[at + 1].replace(".", "")), None) for at in range(0, len(words), 3)])
    postings, place = [], 0
    while place < len(words):
        account, number, unit = words[place : place + 3]
        place += 3
        if unit == "EUR":
            postings.append(Posting(account, int(number.replace(".", "")), None))
        else:
            cost, _, label = words[place : place + 3]
            place += 3
            postings.append(Posting(account, int(number) * int(cost[1:].replace(".", "")), Month.parse(label[1:-2])))
    return tuple(postings)


def _balance(line: str) -> Balance:
    """``2022-05-01 balance Assets:Treasury  450.00 EUR``."""
    _, _, account, number, unit = line.split()
    return Balance(account, int(number) if unit == "MONTH" else parse_cents(number, signed=True))


def record_of(entry: Entry) -> Record:
    """What the record of an entry says."""
    return Record(
        day=str(entry.date),
        seq=entry.seq,
        kind=entry.kind,
        recorded_at=format_instant(entry.recorded_at),
        prepared_by=entry.prepared_by,
        approved_by=entry.approved_by,
        facts=entry.facts,
        month=entry.facts.month,
        prev=entry.prev,
        hash=entry.hash,
        postings=entry.postings,
        balances=entry.balances,
        body=render_body(entry),
    )


def _seq_of(block: str) -> int | None:
    found = re.search(r"^  seq: ([0-9]{1,10})$", block, re.MULTILINE | re.ASCII)
    return int(found[1]) if found else None


def _why_refused(block: str) -> Refused:
    """The refusal of a block, at its first line that is no line of a record."""
    return Refused("not as the writer makes it", grammar.matching_lines(block))
