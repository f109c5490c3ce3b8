"""A proof goes on from a checkpoint: it reads what came after, and comes to what the whole proof comes to."""

import json
from pathlib import Path

import pytest

from ledger import books as reading
from ledger.__main__ import INTEGRITY, OK, USAGE, main
from ledger.books import month_files
from ledger.chain import extend
from ledger.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from ledger.verify import Verification, verify_books
from tests.ledger.histories import History
from tests.ledger.kit import Journal
from tests.ledger.story import whole_story


def _kept(folder: Path, entries: int, journal: Journal) -> Checkpoint:
    """The checkpoint after some entries, written and read again."""
    Journal(journal.entries[:entries]).publish(folder / str(entries))
    result = verify_books(folder / str(entries), beancount_up_to=0)
    write_checkpoint(folder / "checkpoint", Checkpoint(result.position, result.head))
    found = read_checkpoint(folder / "checkpoint")
    assert found == (result.position, result.head)
    assert type(found.position.balances) is type(result.position.balances)
    return found


def _says(result: Verification) -> tuple[object, ...]:
    return result.findings, result.count, result.head, result.position


@pytest.mark.parametrize(
    "journal", [Journal(extend(whole_story())), *(Journal(History(seed, 120).entries) for seed in range(3))]
)
def test_the_rest_comes_to_what_the_whole_comes_to(journal: Journal, tmp_path: Path) -> None:
    journal.publish(tmp_path / "books")
    whole = verify_books(tmp_path / "books", beancount_up_to=0)
    for entries in range(3, len(journal.entries), len(journal.entries) // 5):
        since = _kept(tmp_path, entries, journal)
        assert _says(verify_books(tmp_path / "books", since=since)) == _says(whole)


def test_only_what_came_after_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(extend(whole_story()))
    journal.publish(tmp_path / "books")
    since = _kept(tmp_path, len(journal.entries) - 4, journal)
    opened: list[str] = []
    read_file = reading._read_file
    monkeypatch.setattr(reading, "_read_file", lambda path, *rest: opened.append(path.name) or read_file(path, *rest))
    assert verify_books(tmp_path / "books", since=since).findings == ()
    assert opened
    assert len(opened) < len(month_files(tmp_path / "books"))


def test_what_came_after_is_proved_and_other_books_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal, books = Journal(extend(whole_story())), tmp_path / "books"
    journal.publish(books)
    checkpoint = ["--since", str(tmp_path / "checkpoint")]
    _kept(tmp_path, len(journal.entries) - 4, journal)
    again = tmp_path / "again"
    assert main(["verify", str(books), *checkpoint, "--checkpoint", str(again)]) == OK
    assert main(["verify", str(books), "--since", str(again), "--head", journal.entries[-1].hash]) == OK
    last = books / month_files(books)[-1]
    last.write_bytes(last.read_bytes()[:-200] + last.read_bytes()[-200:].replace(b"0", b"1"))
    again.unlink()
    assert main(["verify", str(books), *checkpoint, "--checkpoint", str(again)]) == INTEGRITY
    assert not again.exists(), "what is not whole leaves no checkpoint"
    other = tmp_path / "other"
    Journal(History(5, 120).entries).publish(other)
    capsys.readouterr()
    assert main(["verify", str(other), *checkpoint]) == INTEGRITY
    assert "chain: entry" in capsys.readouterr().out


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    journal = Journal(extend(whole_story()))
    journal.publish(tmp_path / "books")
    _kept(tmp_path, 9, journal)
    head, *lines = (tmp_path / "checkpoint").read_bytes().splitlines(keepends=True)
    said = json.loads(head)
    without = [line for line in lines if not line.startswith(b'["users",')]
    assert len(without) < len(lines)
    for damaged in (
        b"",
        b"[]",
        b"{}",
        b"".join(lines),
        b"".join([head, *without]),
        b"".join([head, *lines[:-1], lines[-1][:9]]),
        b"".join([head, *lines[:-1], b'["payments", "PAY-2022-05-0001"]\n']),
        b"".join([head, *lines[:-1], b'["nothing", 1]\n']),
        b"".join([json.dumps({**said, "format": "fund checkpoint 9"}).encode() + b"\n", *lines]),
        b"".join([json.dumps({**said, "fields": said["fields"][1:]}).encode() + b"\n", *lines]),
    ):
        (tmp_path / "checkpoint").write_bytes(damaged)
        assert main(["verify", str(tmp_path / "books"), "--since", str(tmp_path / "checkpoint")]) == USAGE
