"""The chain, held against twenty lines that know nothing of this package."""

import shutil
import sys
from pathlib import Path

import pytest

from ledger.audit import audit_records
from ledger.chain import GENESIS, extend, seal
from ledger.entries import NotAllowed
from tests.ledger.histories import History
from tests.ledger.kit import HOUSE, Journal, alone, record_text, records, run
from tests.ledger.story import beginning, whole_story

ORACLE = HOUSE / "docs" / "check_chain.py"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    books = tmp_path_factory.mktemp("chain") / "books"
    Journal(extend(whole_story())).publish(books)
    return books


def test_the_oracle_agrees(good: Path) -> None:
    entries = list(extend(whole_story()))
    checked = run(sys.executable, ORACLE, good)
    assert checked.stdout == f"{len(entries)} records, chain head {entries[-1].hash}\n"


def test_the_oracle_agrees_about_a_random_history(tmp_path: Path) -> None:
    journal = Journal(History(11, 80).entries)
    journal.publish(tmp_path / "books")
    assert run(sys.executable, ORACLE, tmp_path / "books").stdout.endswith(f"{journal.entries[-1].hash}\n")


@pytest.mark.parametrize(
    ("old", "new"), [("400.00 EUR", "401.00 EUR"), ("  seq: ", "  seq: 1"), ('  prev: "', '  prev: "0')]
)
def test_the_oracle_sees_what_a_hand_changed(good: Path, tmp_path: Path, old: str, new: str) -> None:
    books = Path(shutil.copytree(good, tmp_path / "books"))
    path = books / "months/2022-04.beancount"
    text = path.read_text("ascii")
    assert old in text
    path.write_text(text.replace(old, new, 1), "ascii")
    assert run(sys.executable, ORACLE, books).returncode == 1


def test_the_same_draft_has_another_hash_in_another_place() -> None:
    draft = beginning()[0]
    hashes = {seal(draft, 1, GENESIS).hash, seal(draft, 2, GENESIS).hash, seal(draft, 1, "1" * 64).hash}
    assert len(hashes) == 3


def test_a_chain_is_extended_from_where_it_is() -> None:
    entries = list(extend(whole_story()))
    assert list(extend(whole_story()[9:], seq=9, head=entries[8].hash)) == entries[9:]


@pytest.mark.parametrize(
    ("seq", "prev"), [(0, GENESIS), (-1, GENESIS), (1, "0" * 63), (1, '"\nplugin "os"'), (1, "A" * 64)]
)
def test_nothing_is_sealed_behind_what_is_no_place(seq: int, prev: str) -> None:
    with pytest.raises(NotAllowed):
        seal(beginning()[0], seq, prev)


def test_sealing_needs_aware_instants_with_whole_seconds() -> None:
    draft = beginning()[0]
    with pytest.raises(NotAllowed):
        seal(type(draft)(**{**_values(draft), "recorded_at": draft.recorded_at.replace(tzinfo=None)}), 1, GENESIS)
    with pytest.raises(NotAllowed):
        seal(type(draft)(**{**_values(draft), "recorded_at": draft.recorded_at.replace(microsecond=1)}), 1, GENESIS)
    assert alone("2022-03-01").at.tzinfo is not None


def _values(draft: object) -> dict[str, object]:
    return {name: getattr(draft, name) for name in type(draft).__dataclass_fields__}  # type: ignore[attr-defined]


def test_a_number_left_out_and_a_hash_of_elsewhere_are_each_found() -> None:
    first = seal(beginning()[0], 1, GENESIS)
    for second, why in (
        (seal(beginning()[1], 3, first.hash), "follows entry 1"),
        (seal(beginning()[1], 2, GENESIS), "its previous hash is not that of the record before it"),
    ):
        _, findings = audit_records(records(record_text([first, second])))
        assert [(finding.rule, finding.detail) for finding in findings] == [("chain", why)]
