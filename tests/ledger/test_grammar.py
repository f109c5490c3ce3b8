"""The grammar accepts exactly what the writer can make: held against the oracle, which reads, writes and compares."""

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ledger import books, codes, grammar
from ledger.chain import extend
from ledger.entries import FACTS
from ledger.findings import Finding
from ledger.kinds import KINDS
from ledger.reader import Refused, read_record, read_records
from ledger.text import render
from tests.ledger import oracle
from tests.ledger.histories import History
from tests.ledger.kit import Journal
from tests.ledger.story import whole_story

_LETTERS = '0123456789-:." ^\nNLUPAYSEQ{}E*acdehmrst'
STORY = [render(entry) for entry in extend(whole_story())]


def _records(seeds: range) -> list[str]:
    return STORY + [render(entry) for seed in seeds for entry in History(seed, 120).entries]


def _mutants(records: list[str], count: int) -> Iterator[str]:
    """Records with a character or a line changed, lost, doubled, swapped, or taken from another record."""
    chance = random.Random(11)  # noqa: S311  # the same mutants each time
    for _ in range(count):
        record = chance.choice(records)
        for _ in range(chance.choice((1, 1, 1, 2))):
            record = _mutated(record, chance.choice(records), chance)
        yield record


def _mutated(record: str, other: str, chance: random.Random) -> str:
    lines = record.splitlines(keepends=True) or ["\n"]
    place, line = chance.randrange(len(record) or 1), chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            return record[:place] + chance.choice(_LETTERS) + record[place + 1 :]
        case 1:
            return record[:place] + record[place + 1 :]
        case 2:
            return record[:place] + chance.choice(_LETTERS) + record[place:]
        case 3:
            del lines[line]
        case 4:
            lines.insert(line, lines[line])
        case 5:
            lines[line], lines[line - 1] = lines[line - 1], lines[line]
        case _:
            lines[line] = chance.choice(other.splitlines(keepends=True) or ["\n"])
    return "".join(lines)


def _oracle_reads(record: str) -> object:
    try:
        return oracle.parse_record(record)
    except oracle.Refused:
        return None


def _gate_reads(record: str) -> object:
    try:
        return read_record(record).entry
    except Refused:
        return None


def compare(records: list[str], mutants: int) -> None:
    for record in records:
        assert _gate_reads(record) == _oracle_reads(record) != None, record  # noqa: E711  # neither may refuse it
    for record in _mutants(records, mutants):
        assert _gate_reads(record) == _oracle_reads(record), record


def test_the_gate_agrees_with_the_oracle() -> None:
    compare(_records(range(1)), 1_500)


@pytest.mark.long
def test_the_gate_agrees_with_the_oracle_over_twenty_thousand_records_and_their_mutants() -> None:
    records = _records(range(1_000, 1_190))
    assert len(records) > 20_000
    compare(records, 40_000)


def test_each_kind_of_the_story_is_read() -> None:
    assert {read_record(record).record.kind for record in STORY} == set(KINDS)


def test_the_groups_stand_in_one_order_for_every_pattern() -> None:
    before, facts, behind = (
        ("day", "moves", "kind", "of_household", "of_month", "of_payment", "of_entry", "act", "seq", "recorded_at",
         "prepared_by", "approved_by"),
        tuple(FACTS),
        ("prev", "hash_line", "hash", "body"),
    )  # fmt: skip
    assert tuple(grammar.loose_pattern_of("").pattern.groupindex) == (*before, *facts, *behind)
    for kind in KINDS:
        named = grammar.pattern_of(kind)
        assert {*KINDS[kind].needs, *KINDS[kind].may} <= {*named.facts}
        assert tuple(named.pattern.groupindex) == (*before, *named.facts, *behind)


@pytest.mark.parametrize("size", [1, 7, 600, 1 << 20])
def test_a_file_is_read_in_parts_as_in_one(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "_PART_BYTES", size)
    Journal(extend(whole_story())).publish(tmp_path)
    (path,) = tmp_path.glob("months/2022-04.beancount")
    whole = [*read_records("months/2022-04.beancount", path.read_bytes())]
    assert not isinstance(whole[0], Finding)
    assert [item for item in books.scan_books(tmp_path) if getattr(item, "file", "") == whole[0].file] == whole
    path.write_bytes(path.read_bytes()[:-40] + b"; no")
    refused = [item for item in books.scan_books(tmp_path) if isinstance(item, Finding) and item.rule == "gate"]
    line = path.read_bytes().count(b"\n") + 1
    assert f"months/2022-04.beancount:{line}" in {finding.place for finding in refused}


def test_a_day_is_one_of_the_calendar() -> None:
    for year in range(1999, 2101):
        for month in range(14):
            for day in range(33):
                text = f"{year}-{month:02d}-{day:02d}"
                assert codes.matches(codes.DAY, text) == (_is_day(text) and 2000 <= year <= 2099), text


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def test_no_pattern_lets_a_line_end_pass() -> None:
    """Every character class of a pattern names its characters: none holds a newline or a quotation mark."""
    for kind in KINDS:
        source = grammar.loose_pattern_of(kind).pattern.pattern
        assert not re.search(r"\[\^|\\[sSwWD]", source)
