"""The journal and the books say the same, byte for byte, however often one is made from the other."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.fingerprints import Fingerprints
from fund.services.books.books import Books
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.books.verification import verify
from fund.services.context import Context
from fund.services.money import money
from fund.services.payouts import payments, runs
from fund.store import balances, journal
from fund.store.engine import Database
from fund.store.judged import judged_chain
from fund.store.projections import PROJECTIONS
from fund.store.rows import Session
from fund.store.tables import Fund, JournalEntry, Posting, table
from fund.vault import FundKey
from ledger import accounts as a
from ledger.chain import GENESIS, extend
from ledger.entries import Entry
from ledger.ordinary import Passed, forms
from ledger.position import Position
from ledger.reader import Placed, record_of
from ledger.verify import verify_books
from tests.examples import first_of
from tests.fund.fixtures import Prepared
from tests.fund.kit import FUND, MARCH, Office, open_office
from tests.ledger.histories import FUND as FUND_CODE
from tests.ledger.histories import History, draft_of, histories
from tests.ledger.kit import files_of, go_on, record_text, records
from tests.trials import trials


class KnownKey(FundKey):
    """A key that lies in no file, and is in force whatever check values a history has."""

    def read(self) -> bytes:
        return bytes(32)

    def in_force(self, check: str | None) -> Fingerprints:
        return Fingerprints(self.read())


KEY = KnownKey(Path("no.key"), errors.FingerprintKeyMissing, errors.FingerprintKeyDamaged)
TAG_OF = Fingerprints(KEY.read()).entry_tags()
LATER = datetime(2030, 1, 1, tzinfo=UTC)
RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


class Following:
    """Tells ``rows`` of the records of books as they are proved, and counts those that were judged at a glance."""

    def __init__(self, rows: journal.SameRows) -> None:
        self.rows, self.at_a_glance = rows, 0

    def follow(self, placed: Placed) -> None:
        self.rows.follow(placed.entry)

    def follow_ordinary(self, passed: Sequence[Passed]) -> None:
        self.rows.follow_ordinary(passed)
        self.at_a_glance += len(passed)


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
            made = journal.append(session, [draft_of(entry) for entry in entries[start : start + 7]], TAG_OF)
            assert made == entries[start : start + 7]
        session.commit()


def publish(database: Database, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    Books(folder / "books", database, KEY).publish()
    return files_of(folder / "books")


def there_and_back(scratch: Scratch, entries: list[Entry]) -> None:
    """SQL to text, text to SQL, SQL to text."""
    first, second = scratch.database(), scratch.database()
    keep(first, entries)
    with first.read() as session:
        assert list(journal.entries_after(session, 0)) == entries
    published = publish(first, scratch.folder / "first")
    with second.write() as session:
        position = rebuild(Context(session, SYSTEM, LATER, KEY), read_source(scratch.folder / "first" / "books"))
        session.commit()
    with second.read() as session:
        assert list(journal.entries_after(session, 0))[:-1] == entries
    assert go_on(publish(second, scratch.folder / "second"), published)
    with second.read() as session:
        context = Context(session, SYSTEM, LATER, KEY)
        view = verify(context, scratch.folder / "second" / "books", scratch.folder / "outbox")
        held = {
            f"workflow: held {code} {month}: stands in the books and not in the database"
            for code, household in position.households.items()
            for month in household.held
        }
        assert set(view.findings) <= held, "but what no lease of these random ones tells"
    first.dispose()
    second.dispose()


def round_trip(prepared: Prepared, folder: Path, history: History) -> None:
    scratch = Scratch(prepared, Path(tempfile.mkdtemp(dir=folder)))
    try:
        there_and_back(scratch, history.entries)
    finally:
        scratch.drop()


def through_the_tables(database: Database, entries: list[Entry], *, as_it_came: bool) -> list[Entry]:
    """What the journal's tables give back of a history; nothing is kept."""
    with database.write() as session:
        values = FUND | {"code": FUND_CODE, "id": 1, "currency": "EUR", "journal_seq": 0, "journal_hash": GENESIS}
        position = dict.fromkeys(("available_cents", "committed_cents", "used_cents"), 0)
        session.connection().execute(table(Fund).insert().values(**values, **position))
        if as_it_came:
            journal.append(session, [draft_of(entry) for entry in entries], TAG_OF)
        else:
            journal.insert_entries(session, entries, TAG_OF)
            session.connection().execute(table(Fund).update().values(journal_seq=len(entries)))
        return list(journal.entries_after(session, 0))


@pytest.fixture
def scratch_database(prepared_sqlite: Prepared) -> Iterator[Database]:
    url = prepared_sqlite.host.copy(prepared_sqlite.migrated)
    database = Database(url)
    yield database
    database.dispose()
    prepared_sqlite.host.drop(url)


@pytest.mark.long
@settings(max_examples=trials(150), suppress_health_check=RELAXED)
@given(history=histories(5))
def test_sql_to_text_to_sql_to_text_over_and_over(scratch_database: Database, history: History) -> None:
    over_and_over(scratch_database, history)


@pytest.mark.long
@settings(max_examples=trials(5000), suppress_health_check=RELAXED)
@given(history=histories(40))
def test_sql_to_text_to_sql_to_text_thousands_of_times(scratch_database: Database, history: History) -> None:
    over_and_over(scratch_database, history)


def over_and_over(scratch_database: Database, history: History) -> None:
    text = record_text(through_the_tables(scratch_database, history.entries, as_it_came=True))
    read = [record.entry for record in records(text)]
    assert record_text(through_the_tables(scratch_database, read, as_it_came=False)) == text


@settings(max_examples=trials(12), suppress_health_check=RELAXED)
@given(history=histories(60))
def test_there_and_back_on_sqlite(prepared_sqlite: Prepared, folder: Path, history: History) -> None:
    round_trip(prepared_sqlite, folder, history)


@settings(max_examples=trials(3), suppress_health_check=RELAXED)
@given(history=histories(60))
def test_there_and_back_on_postgresql(prepared_postgresql: Prepared, folder: Path, history: History) -> None:
    round_trip(prepared_postgresql, folder, history)


@pytest.mark.long
@settings(max_examples=trials(60), suppress_health_check=RELAXED)
@given(history=histories(80))
def test_there_and_back_dozens_of_times(prepared_sqlite: Prepared, folder: Path, history: History) -> None:
    round_trip(prepared_sqlite, folder, history)


def compare_balances(database: Database, entries: list[Entry]) -> None:
    """Every sum that SQL makes, after every entry, against the ledger's own position there."""
    position, given_back = Position(), 0
    with database.read() as session:
        for entry in entries:
            position.judge(record_of(entry))
            if entry.kind == "recovery":
                given_back += sum(p.amount_cents for p in entry.postings if p.account == a.TREASURY)
            sums = balances.account_balances(session, entry.seq)
            in_euros = {name: cents for name, cents in sums.items() if cents}
            assert in_euros == {name: cents for name, cents in position.balances.items() if cents}
            used = {code: home.months_used for code, home in position.households.items() if home.months_used}
            assert {code: count for code, count in balances.months_used(session, entry.seq).items() if count} == used
            lots = {(code, month): cents for code, month, cents in balances.open_lots(session, entry.seq)}
            assert lots == {
                (code, month): cents for code, home in position.households.items() for month, cents in home.lots.items()
            }
            paid = sum(month.paid_cents for home in position.households.values() for month in home.months.values())
            assert sum(cents for _, _, cents in balances.paid(session, entry.seq)) == paid - given_back
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


@pytest.mark.long
@settings(max_examples=trials(15), suppress_health_check=RELAXED)
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


@pytest.mark.parametrize("at_once", first_of([1, 7, 10_000]))
def test_the_rows_of_a_journal_are_those_that_its_books_make(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Those of records that are judged at a glance like those of any other. With one row more they differ."""
    monkeypatch.setattr(journal, "_COMPARED", at_once)
    entries = History(11, 150).entries
    keep(database, entries)
    publish(database, tmp_path / "published")
    one_more = next(extend([draft_of(entries[-1])], seq=len(entries), head=entries[-1].hash))
    posting = table(Posting).insert().values(seq=90, ordinal=9, account=a.TREASURY, amount_cents=1)
    spoil: dict[str, Callable[[Session], object]] = {
        "nothing": lambda _session: None,
        "a posting more": lambda session: session.connection().execute(posting),
        "an entry more": lambda session: journal.insert_entries(session, [one_more], TAG_OF),
    }
    for what, change in spoil.items():
        with database.write() as session:
            change(session)
            following = Following(journal.SameRows(session, TAG_OF))
            result = verify_books(tmp_path / "published" / "books", beancount_up_to=0, follower=following)
            assert not result.findings
            assert following.at_a_glance > 10
            assert following.rows.agree() == (what == "nothing"), what


def test_what_is_judged_at_a_glance_makes_no_rows_by_its_act() -> None:
    assert PROJECTIONS.keys().isdisjoint(form.kind for form in forms().values())


def test_entries_come_back_by_conditions_and_in_order(database: Database) -> None:
    entries = History(7, 80).entries
    keep(database, entries)
    condition = table(JournalEntry).c.kind == "approval"
    with database.read() as session:
        approvals = [entry for entry in entries if entry.kind == "approval"]
        assert journal.read_entries(session, [condition]) == approvals
        assert journal.read_entries(session, [condition], 2) == approvals[:2]
        assert journal.hash_of(session, 3) == entries[2].hash
        assert journal.hash_of(session, len(entries) + 1) is None
        assert list(journal.entries_after(session, len(entries))) == []


def test_an_entry_of_a_day_before_the_last_is_refused(database: Database) -> None:
    entries = History(7, 10).entries
    keep(database, entries)
    early = replace(draft_of(entries[-1]), date=entries[-1].date - timedelta(days=1))
    with database.write() as session, pytest.raises(errors.ClockBehindJournal) as caught:
        journal.append(session, [early], TAG_OF)
    assert caught.value.last == entries[-1].date


def test_a_clock_that_went_back_within_the_day_leaves_the_journal_in_order(any_office: Office) -> None:
    office = any_office
    at = office.clock.now()
    office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)
    office.at(at - timedelta(minutes=5)).prepare(
        money.propose_allocation, code="A03", granted_on=office.day, amount_cents=1
    )
    with office.app.database.read() as session:
        assert [entry.recorded_at for entry in journal.entries_after(session, 0)][-2:] == [at, at]
    assert office.findings() == ()


def test_a_rebuilt_fund_goes_on_beside_what_came_back(prepared: Prepared, any_office: Office) -> None:
    """New rows get numbers of their own; a month that came back unpaid can be ordered once its account is known."""
    office = any_office.on("2022-03-05")
    office.run_month(MARCH)
    url = prepared.host.copy(prepared.migrated)
    rebuilt = open_office(office.app.settings.home, url).on("2022-04-05")
    with rebuilt.app.database.write() as session:
        rebuild(
            Context(session, SYSTEM, rebuilt.clock.now(), rebuilt.app.fingerprint_key),
            read_source(office.app.settings.books),
        )
        session.commit()
    rebuilt.open_runs()
    rebuilt.prepare(runs.propose_run, MARCH.plus(1))
    approved = rebuilt.approve_run(MARCH.plus(1))
    assert approved.waiting == ("account-missing N01 2022-04", "account-missing N02 2022-04")
    with pytest.raises(errors.NothingToPay):
        rebuilt.prepare(payments.prepare_batch)
    assert rebuilt.findings() == ()
    rebuilt.close()
    prepared.host.drop(url)


def test_the_chain_is_walked_once_in_a_transaction_and_again_behind_a_new_entry(database: Database) -> None:
    entries = History(7, 10).entries
    keep(database, entries)
    with database.write() as session:
        asked: list[str] = []
        event.listen(session.connection(), "before_cursor_execute", lambda _c, _d, text, *_: asked.append(text))
        seqs = []
        for _ in range(2):
            with judged_chain(session, TAG_OF) as judged:
                seqs.append((judged.position.seq, len(asked) > 0))
            asked.clear()
        journal.append(session, [draft_of(entries[-1])], TAG_OF)
        with judged_chain(session, TAG_OF) as judged:
            seqs.append((judged.position.seq, True))
    with database.read() as session, judged_chain(session, TAG_OF) as judged:
        seqs.append((judged.position.seq, True))
    last = len(entries)
    assert seqs == [(last, True), (last, False), (last + 1, True), (last, True)]  # what was not committed is gone


def test_what_is_not_committed_is_gone(database: Database) -> None:
    entries = History(7, 10).entries
    keep(database, entries)
    with database.write() as session:
        journal.append(session, [draft_of(entries[-1])], TAG_OF)
    with database.read() as session:
        assert journal.last_seq(session) == len(entries)
