"""The publisher: whatever stopped it, the books end as one uninterrupted publication makes them, or it refuses."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import files
from ledger.books import MONTHS, stamps
from ledger.chain import GENESIS, extend
from ledger.entries import Facts
from ledger.publisher import BooksDiffer, Recovery, publish, read_tail
from ledger.verify import verify_books
from tests.ledger.histories import FUND, KEY_CHECK, History
from tests.ledger.kit import Journal, files_of, record_text, run
from tests.ledger.story import beginning, whole_story
from tests.ledger.tampering import STRAYS
from tests.trials import trials

STORY = Journal(extend(whole_story()))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    books = tmp_path_factory.mktemp("whole") / "books"
    published = STORY.publish(books)
    assert (published.found, published.appended) == (Recovery.IN_STEP, len(STORY.entries))
    return books


@pytest.fixture
def books(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "books"))


def test_in_step_nothing_is_written(books: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in books.rglob("*")}
    published = STORY.publish(books)
    assert (published.found, published.appended, published.head) == (Recovery.IN_STEP, 0, STORY.entries[-1].hash)
    assert {path: path.stat().st_mtime_ns for path in books.rglob("*")} == before


def test_an_empty_journal_makes_an_empty_frame(tmp_path: Path) -> None:
    published = Journal([]).publish(tmp_path / "books")
    assert (published.appended, published.head) == (0, GENESIS)
    assert read_tail(tmp_path / "books").entry is None


def test_sha256sum_accepts_the_manifest(books: Path) -> None:
    assert shutil.which("sha256sum"), "the auditors' own command"
    checked = run("sha256sum", "--strict", "-c", "MANIFEST.sha256", cwd=books)
    assert checked.returncode == 0
    assert len(checked.stdout.splitlines()) == len(files_of(books)) - 1


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("last", [len(STORY.entries), 10, 1])
def test_a_tail_torn_anywhere_is_cut_and_written_again(last: int, step: int, tmp_path: Path) -> None:
    """At every seventh byte of the last record, and in the long suite at each.

    The record is a month's only one, one after others, and the books' first.
    """
    books = tmp_path / "books"
    Journal(STORY.entries[:last]).publish(books)
    complete = files_of(books)
    path = books / f"{MONTHS}/{str(STORY.entries[last - 1].date)[:7]}.beancount"
    size = path.stat().st_size
    length = len(record_text([STORY.entries[last - 1]]))
    for kept in range(0, length, step):
        path.write_bytes(complete[path.relative_to(books).as_posix()][: size - length + kept])
        published = Journal(STORY.entries[:last]).publish(books)
        assert published.found is (Recovery.TORN_TAIL if kept else Recovery.IN_STEP)
        assert published.appended == 1
        assert files_of(books) == complete


def test_a_tail_of_zeros_after_a_power_cut_is_cut(books: Path) -> None:
    complete = files_of(books)
    path = books / f"{MONTHS}/2022-08.beancount"
    data = path.read_bytes()
    path.write_bytes(data[:-100] + bytes(100))
    assert STORY.publish(books).found is Recovery.TORN_TAIL
    assert files_of(books) == complete
    path.write_bytes(data + bytes(100))
    assert STORY.publish(books).found is Recovery.TORN_TAIL
    assert files_of(books) == complete


def _refused(journal: Journal, books: Path, state: Recovery) -> None:
    before = files_of(books)
    with pytest.raises(BooksDiffer) as refused:
        journal.publish(books)
    assert refused.value.state is state
    assert files_of(books) == before


def test_books_ahead_of_the_journal_stop_the_publisher(books: Path) -> None:
    _refused(Journal(STORY.entries[:-1]), books, Recovery.BOOKS_AHEAD)
    _refused(Journal([]), books, Recovery.BOOKS_AHEAD)


def test_a_torn_record_that_the_journal_lost_stops_the_publisher(books: Path) -> None:
    path = books / f"{MONTHS}/2022-08.beancount"
    path.write_bytes(path.read_bytes()[:-2])
    _refused(Journal(STORY.entries[:-1]), books, Recovery.BOOKS_AHEAD)


@pytest.mark.parametrize(
    ("old", "new"), [(b"0.00 EUR", b"1.00 EUR"), (b"  seq: ", b"  seq : "), (b'hash: "', b'hash: "0')]
)
def test_a_changed_last_record_stops_the_publisher(books: Path, old: bytes, new: bytes) -> None:
    path = books / f"{MONTHS}/2022-08.beancount"
    data = path.read_bytes()
    if old in data:
        path.write_bytes(data.replace(old, new, 1))
        _refused(STORY, books, Recovery.DIVERGED)


def test_another_history_stops_the_publisher(books: Path) -> None:
    other = whole_story()
    other[1] = replace(other[1], prepared_by="U07")
    _refused(Journal(extend(other)), books, Recovery.DIVERGED)


def test_a_torn_tail_that_belongs_to_nothing_stops_the_publisher(books: Path) -> None:
    path = books / f"{MONTHS}/2022-08.beancount"
    path.write_bytes(path.read_bytes()[:-40] + b"9" * 30)
    _refused(STORY, books, Recovery.DIVERGED)
    (books / f"{MONTHS}/2022-09.beancount").write_bytes(b"202")
    path.write_bytes(b"")
    _refused(STORY, books, Recovery.DIVERGED)


def _changed(index: int, **changes: Any) -> Journal:
    """A journal in whose record the text of a fact was changed, and its hash line left."""
    entries = list(STORY.entries)
    changed, record = replace(entries[index], **changes), entries[index].record
    for name in changes:
        old, new = (str(getattr(entry, name)).encode("ascii") for entry in (entries[index], changed))
        record = record.replace(b": " + old + b"\n", b": " + new + b"\n").replace(b'"' + old + b'"', b'"' + new + b'"')
    assert record != entries[index].record
    entries[index] = replace(changed, record=record)
    return Journal(entries)


@pytest.mark.parametrize(
    "journal",
    [
        _changed(12, prepared_by='U01"\nplugin "os'),
        _changed(12, prepared_by="U09"),
        _changed(12, hash="0" * 64),
        _changed(12, prev="0" * 64),
        _changed(12, seq=99),
        Journal([*STORY.entries[:12], *STORY.entries[13:]]),
        Journal(extend([*beginning(), replace(beginning()[-1], date=beginning()[0].date)])),
    ],
    ids=["code", "changed", "hash", "prev", "seq", "gap", "backdated"],
)
def test_a_journal_that_someone_changed_never_reaches_the_books(journal: Journal, tmp_path: Path) -> None:
    books = tmp_path / "books"
    Journal(STORY.entries[:3]).publish(books)
    _refused(journal, books, Recovery.DIVERGED)


class Killed(Exception):
    """The process ended here."""


def _dying(steps_left: list[int], real: Callable[..., object], *, half: bool) -> Callable[..., object]:
    def step(*args: Any) -> object:
        steps_left[0] -= 1
        if steps_left[0] < 0:
            if half and real is APPEND:
                real(args[0], args[1][: len(args[1]) // 2])
            raise Killed
        return real(*args)

    return step


APPEND, SYNC, WHOLE, RENAME = files.append, files.sync_folder, files.write_whole, os.replace


@pytest.mark.parametrize("half", [False, True])
def test_killed_between_any_two_steps_the_next_publication_ends_the_same(
    half: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(STORY.entries[:40])  # into a fourth month
    whole = tmp_path / "whole"
    journal.publish(whole)
    expected, finished, steps = files_of(whole), False, 0
    while not finished:
        books = tmp_path / f"books-{steps}"
        Journal(STORY.entries[:21]).publish(books)
        steps_left = [steps]
        with monkeypatch.context() as patch:
            for owner, name, real in (
                (files, "append", APPEND),
                (files, "write_whole", WHOLE),
                (files, "sync_folder", SYNC),
                (os, "replace", RENAME),
            ):
                patch.setattr(owner, name, _dying(steps_left, real, half=half))
            try:
                journal.publish(books)
                finished = True
            except Killed:
                steps += 1
        journal.publish(books)
        assert files_of(books) == expected, f"killed before step {steps}"
    assert steps > 20
    assert verify_books(tmp_path / "books-0").findings == ()


MORE = Journal(
    extend(
        [
            *whole_story(),
            replace(
                whole_story()[-1],
                kind="registration",
                facts=Facts(landlord="L0077", fingerprint=KEY_CHECK),
                balances=(),
            ),
        ]
    )
)
"""The same story, and one entry more, in the last month."""


def _edited(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))


def _linked(path: Path) -> None:
    path.rename(path.parents[2] / "moved")
    path.symlink_to(path.parents[2] / "moved")


def _replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


OWN = ("main.beancount", "audit.beancount", "MANIFEST.sha256", "months/2022-04.beancount", "months/2022-08.beancount")


@pytest.mark.parametrize("how", [_edited, Path.unlink, _linked, _replaced_by_a_folder])
@pytest.mark.parametrize("name", OWN)
def test_a_file_of_the_fund_that_is_changed_missing_or_a_link_stops_the_publisher(
    name: str, how: Callable[[Path], None], books: Path
) -> None:
    how(books / name)
    for journal in (STORY, MORE):
        _refused(journal, books, Recovery.DIVERGED)


@pytest.mark.parametrize("how", [how for _, how in STRAYS], ids=[name for name, _ in STRAYS])
def test_what_is_not_the_funds_never_stops_the_publisher(how: Callable[[Path], None], books: Path) -> None:
    how(books)
    assert MORE.publish(books).appended == 1
    assert {finding.rule for finding in verify_books(books).findings} == {"stray"}
    assert set(files_of(books)) >= set(OWN)


@pytest.mark.parametrize("published", [19, 3], ids=["the next month", "a month after the next"])
def test_a_stray_file_in_the_place_of_a_month_not_begun_stops_the_publisher(published: int, tmp_path: Path) -> None:
    Journal(STORY.entries[:published]).publish(tmp_path / "books")
    (tmp_path / "books/months/2022-04.beancount").write_bytes(b"notes")
    _refused(STORY, tmp_path / "books", Recovery.DIVERGED)


def test_an_old_file_is_not_read_again_while_its_stamp_is_known(books: Path) -> None:
    known = stamps(books)
    path = books / "months/2022-04.beancount"
    path.write_bytes(path.read_bytes().replace(b"400.00", b"401.00", 1))
    with pytest.raises(BooksDiffer):
        publish(books, fund=FUND, hash_of=STORY.hash_of, records_after=STORY.records_after, known=known)


@settings(max_examples=trials(20))
@given(seed=st.integers(0, 2**32), published=st.integers(1, 40), cut=st.integers(0, 4000))
def test_a_history_torn_anywhere_at_its_end_recovers(
    seed: int, published: int, cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    journal = Journal(History(seed, 40).entries)
    journal.publish(folder / "whole")
    Journal(journal.entries[:published]).publish(folder / "books")
    last = max((folder / "books" / MONTHS).iterdir())
    length = len(record_text(journal.entries[published - 1 : published]))
    last.write_bytes(last.read_bytes()[: last.stat().st_size - min(cut, length)])
    journal.publish(folder / "books")
    assert files_of(folder / "books") == files_of(folder / "whole")
