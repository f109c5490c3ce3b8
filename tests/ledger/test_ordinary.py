"""What is judged at a glance is judged as by the gate and the rules: same findings, same position, whatever is said."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import groupby

import pytest

from benchmarks.bulk import ENTRIES_PER_HOUSEHOLD, ledger_entries
from ledger import ordinary
from ledger.audit import Audit
from ledger.books import month_file
from ledger.chain import extend
from ledger.entries import Draft, Entry
from ledger.findings import Finding
from ledger.months import Month
from ledger.reader import read_records, read_seal
from tests.ledger.histories import History, draft_of
from tests.ledger.kit import record_text
from tests.ledger.story import whole_story
from tests.ledger.violations import DRAFTS


def _judged(texts: Iterable[tuple[str, bytes]], *, at_a_glance: bool) -> tuple[Audit, list[Finding], int]:
    audit, findings, read = Audit(), list[Finding](), 0
    for month, data in texts:
        skip = (lambda *place, of=month: audit.pass_ordinary(of, *place)) if at_a_glance else None
        for item in read_records(month_file(month), data, skip=skip):
            read += 1
            findings += [item] if isinstance(item, Finding) else audit.judge(item)
    return audit, findings, read


def _by_month(entries: Iterable[Entry]) -> list[tuple[str, bytes]]:
    return [
        (str(month), record_text(group)) for month, group in groupby(entries, key=lambda entry: Month.of(entry.date))
    ]


def _agree(texts: list[tuple[str, bytes]], told: object = None) -> int:
    """Judge both ways and compare; returns how many records were judged at a glance."""
    quick, found, read = _judged(texts, at_a_glance=True)
    audit, findings, count = _judged(texts, at_a_glance=False)
    assert found == findings, told
    assert quick == audit, told
    return count - read


def test_what_breaks_a_rule_is_not_passed() -> None:
    for rule, name, drafts in DRAFTS:
        _agree(_by_month(extend(drafts)), (rule, name))


_FACTS = ("household", "lease", "landlord", "month", "payment", "account", "batch", "bank_date", "evidence")


def _altered(drafts: list[Draft], chance: random.Random) -> list[Draft]:
    """One draft changed, lost, doubled or moved, as one who holds everything would do it."""
    drafts = list(drafts)
    ordinary = [at for at, draft in enumerate(drafts) if draft.kind in ("approval", "order", "settlement")]
    place = chance.choice(ordinary or [at for at, draft in enumerate(drafts) if draft.postings])
    draft, other = drafts[place], chance.choice(drafts)
    match chance.randrange(7):
        case 0:
            del drafts[place]
        case 1:
            drafts.insert(place, draft)
        case 2:
            drafts.insert(place, replace(other, date=draft.date, recorded_at=draft.recorded_at))
        case 3:
            posting = chance.choice(draft.postings)
            changed = posting._replace(amount_cents=posting.amount_cents + chance.choice((1, -1, 45_000)) or 1)
            drafts[place] = replace(draft, postings=tuple(changed if one is posting else one for one in draft.postings))
        case 4:
            drafts[place] = replace(draft, approved_by=chance.choice((None, draft.prepared_by, "SYSTEM", "U09")))
        case 5:
            name = chance.choice(_FACTS)
            drafts[place] = replace(draft, facts=draft.facts._replace(**{name: getattr(other.facts, name)}))
        case _:
            later = chance.randrange(place, len(drafts))
            drafts.insert(later, drafts.pop(place))
    return drafts


def _altered_text(texts: list[tuple[str, bytes]], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    chosen = chance.randrange(len(texts))
    for number, (month, data) in enumerate(texts):
        if number == chosen:
            place = chance.randrange(len(data))
            data = data[:place] + chance.choice((b"", b"0", b"1", b" ", b"-", b"\n", b"N")) + data[place + 1 :]
        yield month, data


def _compare(seeds: range, trials: int) -> None:
    passed = 0
    for seed in seeds:
        drafts, chance = [draft_of(entry) for entry in History(seed, 150).entries], random.Random(seed)  # noqa: S311  # a drawn example, no secret
        texts = _by_month(extend(drafts))
        passed += _agree(texts)
        for _ in range(trials):
            _agree(_by_month(extend(_altered(drafts, chance))))
            _agree(list(_altered_text(texts, chance)))
    assert passed > len(seeds) * 5, "histories have enough of them"


def test_both_ways_agree_over_histories_that_were_altered() -> None:
    _compare(range(1, 4), 12)


@pytest.mark.long
def test_both_ways_agree_over_many_histories_that_were_altered() -> None:
    _compare(range(100, 160), 60)


def _resealed(record: bytes) -> bytes:
    """A record under the hash of what it says now."""
    prev, own_hash = (re.search(rb'\n  %b: "(.*)"\n' % name, record) for name in (b"prev", b"hash"))
    if prev is None or own_hash is None:
        return record
    covered = prev[1] + record[: own_hash.start() + 1] + record[own_hash.end() :]
    return record[: own_hash.start(1)] + sha256(covered).hexdigest().encode() + record[own_hash.end(1) :]


def test_a_seal_is_read_at_a_glance_only_where_the_gate_reads_the_same() -> None:
    chance, read = random.Random(1), 0  # noqa: S311  # a drawn example, no secret
    for entry in extend(whole_story()):
        if entry.kind not in ("approval", "order", "settlement"):
            continue
        for _ in range(60):
            place = chance.randrange(len(entry.record))
            text = chance.choice((b"", b"0", b"1", b" ", b"-", b"\n", b"\xe9"))
            altered = _resealed(entry.record[:place] + text + entry.record[place + 1 :])
            seal = ordinary.read_seal(altered)
            _, _, prev, _ = seal or (None, None, None, None)
            if prev == entry.prev:
                assert seal == read_seal(altered), altered
                read += 1
        assert ordinary.read_seal(entry.record) in (None, read_seal(entry.record))
        assert ordinary.read_seal(entry.record.replace(b"  seq: ", b"  seq: 1", 1)) is None
    assert read > 50


def test_each_ordinary_kind_of_a_story_is_passed() -> None:
    entries = list(extend(whole_story()))
    with_form = [entry for entry in entries if entry.kind[:5] in ordinary.forms()]
    assert {entry.kind for entry in with_form} == {"approval", "order", "settlement"}
    assert _agree(_by_month(entries)) > len(with_form) // 2


def test_nearly_all_of_the_fund_of_the_benchmarks_is_passed() -> None:
    """The figures of docs/benchmarks.md are of books that are whole, and hold as long as its payments are ordinary."""
    entries = list(ledger_entries(20 * ENTRIES_PER_HOUSEHOLD))
    _, findings, _ = _judged(_by_month(entries), at_a_glance=False)
    assert findings == []
    assert _agree(_by_month(entries)) > 0.8 * len(entries)
