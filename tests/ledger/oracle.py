"""The gate of before as an oracle: a record is read for its values, written again and compared byte for byte."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from ledger import accounts, codes
from ledger.entries import FACTS, Balance, Entry, Facts, NotAllowed, Posting
from ledger.money import parse_cents
from ledger.months import Month
from ledger.text import render

_HEAD = re.compile(rf'({codes.DAY}) (?:\* "(?P<txn>[a-z-]+)"(?: \^[A-Z0-9-]+)*|custom "fund" "(?P<custom>[a-z-]+)")')
_META = re.compile(r'  ([a-z-]+): (?:"([^"\\]*)"|([0-9]+))')
_POSTING = re.compile(rf"  ({accounts.PATTERN}) +(-?{codes.AMOUNT}) EUR")
_LOT = re.compile(rf'  ({accounts.PATTERN}) +(-?1) MONTH {{({codes.AMOUNT}) EUR, "({codes.MONTH})"}}')
_BALANCE = re.compile(rf"{codes.DAY} balance ({accounts.PATTERN}) +-?([0-9]+ MONTH|{codes.AMOUNT} EUR)")


class Refused(ValueError):
    """A block of text that the writer did not make."""


def parse_record(block: str) -> Entry:
    """Read one record. Raises ``Refused`` unless writing the entry again gives exactly the same text."""
    lines = block.removesuffix("\n").split("\n")
    head = _HEAD.fullmatch(lines[0])
    if head is None:
        raise Refused
    metadata: dict[str, str] = {}
    for line in lines[1:]:
        match = _META.fullmatch(line)
        if match is None:
            break
        if match[1] in metadata:
            raise Refused
        metadata[match[1]] = match[2] if match[2] is not None else match[3]
    try:
        entry = _entry(head, metadata, lines[1 + len(metadata) :])
        written = render(entry)
    except (KeyError, ValueError) as error:
        raise Refused from error
    if written != block:
        raise Refused
    return entry


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
    facts = _facts({name.replace("-", "_"): text for name, text in metadata.items()})
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


def _facts(texts: dict[str, str]) -> Facts:
    for name, text in texts.items():
        if name not in FACTS:
            raise NotAllowed(name)
        _expect(name, FACTS[name].pattern, text)
    return Facts(**{name: FACTS[name].read(text) for name, text in texts.items()})  # type: ignore[arg-type]  # by name


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
