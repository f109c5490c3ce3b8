"""The journal and the books say the same, byte for byte, however often one is made from the other."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from fund import errors
from fund.access import SYSTEM
from fund.services.books import Books
from fund.services.context import Context
from fund.services.rebuilding import rebuild
from fund.services.verification import verify
from fund.store import balances, journal
from fund.store.engine import Database
from fund.store.tables import Fund, table
from ledger import accounts as a
from ledger.chain import GENESIS
from ledger.entries import Entry
from ledger.position import Position
from tests.fund.fixtures import Prepared
from tests.fund.kit import FUND, Office
from tests.ledger.histories import FUND as FUND_CODE
from tests.ledger.histories import History, draft_of, histories
from tests.ledger.kit import files_of

LATER = datetime(2030, 1, 1, tzinfo=UTC)
RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


class Scratch:
    """Databases that are used up: two at a time, and a folder for the books."""

    def __init__(self, prepared: Prepared, folder: Path) -> None:
        self.prepared, self.folder, self.urls = prepared, folder, []

    def database(self) -> Database:
        url = self.prepared.host.copy(self.prepared.migrated)
        self.urls.append(url)
        return Database(url)

    def drop(self) -> None:
        for url in self.urls:
            self.prepared.host.drop(url)
        self.urls.clear()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def keep(database: Database, entries: list[Entry]) -> None:
    """A fund whose journal is a history, as it came into being: one draft after the other."""
    with database.write() as session:
        values = FUND | {"code": FUND_CODE, "id": 1, "currency": "EUR", "journal_seq": 0, "journal_hash": GENESIS}
        position = dict.fromkeys(("available_cents", "committed_cents", "used_cents"), 0)
        session.connection().execute(table(Fund).insert().values(**values, **position))
        for start in range(0, len(entries), 7):
            made = journal.append(session, [draft_of(entry) for entry in entries[start : start + 7]])
            assert made == entries[start : start + 7]
        session.commit()


def publish(database: Database, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    Books(folder / "books", database).publish()
    return files_of(folder / "books")


def there_and_back(scratch: Scratch, entries: list[Entry]) -> None:
    """SQL to text, text to SQL, SQL to text."""
    first, second = scratch.database(), scratch.database()
    keep(first, entries)
    with first.read() as session:
        assert list(journal.entries_after(session, 0)) == entries
    published = publish(first, scratch.folder / "first")
    with second.write() as session:
        rebuild(Context(session, SYSTEM, LATER), scratch.folder / "first" / "books")
        session.commit()
    with second.read() as session:
        assert list(journal.entries_after(session, 0)) == entries
        view = verify(Context(session, SYSTEM, LATER), scratch.folder / "first" / "books")
        assert view.findings == ()
    assert publish(second, scratch.folder / "second") == published
    first.dispose()
    second.dispose()


def round_trip(prepared: Prepared, folder: Path, history: History) -> None:
    scratch = Scratch(prepared, Path(tempfile.mkdtemp(dir=folder)))
    try:
        there_and_back(scratch, history.entries)
    finally:
        scratch.drop()


@settings(max_examples=40, suppress_health_check=RELAXED)
@given(history=histories(60))
def test_there_and_back_on_sqlite(prepared_sqlite: Prepared, folder: Path, history: History) -> None:
    round_trip(prepared_sqlite, folder, history)


@settings(max_examples=5, suppress_health_check=RELAXED)
@given(history=histories(60))
def test_there_and_back_on_postgresql(prepared_postgresql: Prepared, folder: Path, history: History) -> None:
    round_trip(prepared_postgresql, folder, history)


@pytest.mark.long
@settings(max_examples=3000, suppress_health_check=RELAXED)
@given(history=histories(80))
def test_there_and_back_thousands_of_times(prepared_sqlite: Prepared, folder: Path, history: History) -> None:
    round_trip(prepared_sqlite, folder, history)


def compare_balances(database: Database, entries: list[Entry]) -> None:
    """Every sum that SQL makes, after every entry, against the ledger's own position there."""
    position = Position()
    with database.read() as session:
        for entry in entries:
            position.apply(entry)
            sums = balances.account_balances(session, entry.seq)
            in_euros = {name: cents for name, cents in sums.items() if cents}
            assert in_euros == {name: cents for name, cents in position.balances.items() if cents}
            used = {code: home.months_used for code, home in position.households.items() if home.months_used}
            assert {code: count for code, count in balances.months_used(session, entry.seq).items() if count} == used
            lots = {(code, month): cents for code, month, cents in balances.open_lots(session, entry.seq)}
            assert lots == {
                (code, month): cents for code, home in position.households.items() for month, cents in home.lots.items()
            }
            settled = sum(p.amount_cents for p in position.payments.values() if p.state == "settled")
            assert sum(cents for _, _, cents in balances.paid(session, entry.seq)) == settled
            approved = sum(cents for _, _, cents in balances.approved(session, entry.seq))
            assert approved == -position.balances[a.USED]
        for day in {entry.date for entry in entries} | {entries[0].date - timedelta(days=1)}:
            before = [entry for entry in entries if entry.date <= day]
            expected = (before[-1].seq, before[-1].hash) if before else None
            assert balances.last_entry_on(session, day) == expected


def test_balances_are_those_of_the_ledger_after_every_entry(database: Database) -> None:
    history = History(20_201_009, 120)
    keep(database, history.entries)
    compare_balances(database, history.entries)


@settings(max_examples=25, suppress_health_check=RELAXED)
@given(history=histories(40))
def test_balances_of_any_history(prepared_sqlite: Prepared, folder: Path, history: History) -> None:
    scratch = Scratch(prepared_sqlite, Path(tempfile.mkdtemp(dir=folder)))
    database = scratch.database()
    try:
        keep(database, history.entries)
        compare_balances(database, history.entries)
    finally:
        database.dispose()
        scratch.drop()


def test_entries_come_back_by_conditions_and_in_order(database: Database) -> None:
    entries = History(7, 80).entries
    keep(database, entries)
    condition = table_of_entries().c.kind == "approval"
    with database.read() as session:
        approvals = [entry for entry in entries if entry.kind == "approval"]
        assert journal.read_entries(session, [condition]) == approvals
        assert journal.read_entries(session, [condition], 2) == approvals[:2]
        assert journal.hash_of(session, 3) == entries[2].hash
        assert journal.hash_of(session, len(entries) + 1) is None
        assert list(journal.entries_after(session, len(entries))) == []


def table_of_entries():
    from fund.store.tables import JournalEntry

    return table(JournalEntry)


def test_an_entry_of_a_day_before_the_last_is_refused(database: Database) -> None:
    entries = History(7, 10).entries
    keep(database, entries)
    early = replace(draft_of(entries[-1]), date=entries[-1].date - timedelta(days=1))
    with database.write() as session, pytest.raises(errors.DateOutOfOrder) as caught:
        journal.append(session, [early])
    assert caught.value.last == entries[-1].date


def test_a_clock_that_went_back_within_the_day_leaves_the_journal_in_order(any_office: Office) -> None:
    from fund.services import money

    office = any_office
    at = office.clock.now()
    office.prepare(money.allocate, code="A02", granted_on=office.day, amount_cents=1)
    office.at(at - timedelta(minutes=5)).prepare(money.allocate, code="A03", granted_on=office.day, amount_cents=1)
    with office.app.database.read() as session:
        assert [entry.recorded_at for entry in journal.entries_after(session, 0)][-2:] == [at, at]
    assert office.findings() == ()


def test_what_is_not_committed_is_gone(database: Database) -> None:
    entries = History(7, 10).entries
    keep(database, entries)
    with database.write() as session:
        journal.append(session, [draft_of(entries[-1])])
    with database.read() as session:
        assert journal.last_seq(session) == len(entries)
