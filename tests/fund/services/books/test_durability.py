"""What was done stays done after a power cut, and whatever one leaves in the middle is mended by the next attempt.

Each durable write of the product is recorded as it is done by the real code, and every state that a crash can leave is
made from the record (``tests/ledger/crashes.py``).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from fund.domain.fingerprints import Fingerprints
from fund.mail import FolderMailer, Letter
from fund.services.banking.outbox import deliver_batches
from fund.store import engine
from fund.store.engine import Database
from fund.vault import Vault
from ledger import files
from tests.fund.kit import KEY, MARCH, Office
from tests.ledger.crashes import Recorder
from tests.ledger.kit import Journal, files_of
from tests.ledger.test_publisher import STORY
from tests.unsynced import prepare_sqlite

TAG_OF = Fingerprints(KEY).entry_tags()


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Recorder]]:
    """Record what is written below a folder."""

    def recorder_of(root: Path) -> Recorder:
        recorder = Recorder(root, tmp_path / "crashes")
        monkeypatch.setattr(files, "os", recorder)
        return recorder

    yield recorder_of


def stop_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "os", os)


def without_leftovers(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in files_of(folder).items() if not name.endswith(".new")}


def check(
    recorder: Recorder, recover: Callable[[Path], None], expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it has ended nothing can be lost, and from every state before it the next attempt ends the same."""
    for name, place in recorder.states_now():
        assert without_leftovers(place) == expected, f"lost although it was done: {name}"
    stop_recording(monkeypatch)
    assert len(recorder.steps) > 1
    for name, place in recorder.states_ever():
        try:
            recover(place)
        except Exception as error:
            raise AssertionError(f"not mended: {name}") from error
        assert without_leftovers(place) == expected, f"not mended: {name}"


def test_the_first_publication(
    record: Callable[[Path], Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    recorder = record(tmp_path / "home")
    journal = Journal(STORY.entries[:3])
    journal.publish(tmp_path / "home/books")
    expected = files_of(tmp_path / "home")
    check(recorder, lambda place: journal.publish(place / "books") and None, expected, monkeypatch)


@pytest.mark.parametrize(("first", "last"), [(10, 11), (11, 14)], ids=["a month goes on", "another month begins"])
def test_a_publication(
    first: int, last: int, record: Callable[[Path], Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal(STORY.entries[:first]).publish(tmp_path / "home/books")
    recorder = record(tmp_path / "home")
    journal = Journal(STORY.entries[:last])
    assert journal.publish(tmp_path / "home/books").appended
    expected = files_of(tmp_path / "home")
    check(recorder, lambda place: journal.publish(place / "books") and None, expected, monkeypatch)


def test_a_torn_tail_that_is_cut(
    record: Callable[[Path], Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(STORY.entries[:11])
    Journal(STORY.entries[:10]).publish(tmp_path / "home/books")
    last = max((tmp_path / "home/books/months").iterdir())
    whole = tmp_path / "whole"
    journal.publish(whole)
    last.write_bytes((whole / "months" / last.name).read_bytes()[:-30])
    recorder = record(tmp_path / "home")
    journal.publish(tmp_path / "home/books")
    expected = files_of(tmp_path / "home")
    check(recorder, lambda place: journal.publish(place / "books") and None, expected, monkeypatch)


def test_zeros_behind_the_last_record_that_are_cut(
    record: Callable[[Path], Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(STORY.entries[:11])
    journal.publish(tmp_path / "home/books")
    expected = files_of(tmp_path / "home")
    last = max((tmp_path / "home/books/months").iterdir())
    last.write_bytes(last.read_bytes() + bytes(100))
    recorder = record(tmp_path / "home")
    journal.publish(tmp_path / "home/books")
    check(recorder, lambda place: journal.publish(place / "books") and None, expected, monkeypatch)


def test_a_delivery_and_its_cancellation(
    office: Office, record: Callable[[Path], Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.on("2022-03-05").run_month(MARCH)
    outbox = office.app.settings.outbox
    sealed = files_of(outbox)
    shutil.rmtree(outbox)
    root = tmp_path / "out"
    root.mkdir()
    recorder = record(root)
    with office.app.database.read() as session:
        deliver_batches(session, root / "outbox", TAG_OF)
        expected = {f"outbox/{name}": data for name, data in sealed.items()}
        (root / "outbox.lock").unlink()
        check(recorder, lambda place: _deliver(session, place), expected, monkeypatch)


def _deliver(session: object, place: Path) -> None:
    deliver_batches(session, place / "outbox", TAG_OF)  # type: ignore[arg-type]
    (place / "outbox.lock").unlink(missing_ok=True)


def test_the_key(record: Callable[[Path], Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash leaves the whole key or none, and none once something was sealed with it."""
    (tmp_path / "home").mkdir()
    recorder = record(tmp_path / "home")
    sealed = Vault(None, tmp_path / "home/secret.key").seal("secret", "U02", is_first=True)
    for name, place in recorder.states_now():
        (place / "secret.key").chmod(0o600)  # a recorded state has no modes
        assert Vault(None, place / "secret.key").open(sealed, "U02") == "secret", name
    stop_recording(monkeypatch)
    for name, place in recorder.states_ever():
        key = place / "secret.key"
        if key.exists():
            key.chmod(0o600)
            assert Vault(None, key).open(sealed, "U02") == "secret", name
        vault = Vault(None, key)
        assert vault.open(vault.seal("anew", "U02", is_first=True), "U02") == "anew", name


def test_a_message_in_the_mail_folder(
    office: Office, record: Callable[[Path], Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mailing").mkdir()
    recorder = record(tmp_path / "mailing")
    letter = Letter("key", "fund@localhost", "landlord@example.org", "en", "Subject", "Text", office.clock.now())
    FolderMailer(tmp_path / "mailing/mail").send(letter)
    expected = files_of(tmp_path / "mailing")
    check(recorder, lambda place: FolderMailer(place / "mail").send(letter), expected, monkeypatch)


def test_sqlite_keeps_what_was_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read back on a connection of each kind: a lost end of the WAL would leave the books ahead of the database."""
    monkeypatch.setattr(engine, "_prepare_sqlite", prepare_sqlite)
    database = Database(f"sqlite:///{tmp_path / 'fund.sqlite'}")
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    for begin in (database.read, database.write):
        with begin() as session:
            connection = session.connection()
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
        assert found == expected
    database.dispose()
