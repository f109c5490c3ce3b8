"""``verify``: one changed row of the database, or one changed digit of the books, is found and named."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session

from fund.app import open_app
from fund.domain import access, errors
from fund.domain.access import SYSTEM
from fund.domain.fingerprints import Fingerprints
from fund.doors.transaction import writing
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.context import Context
from fund.services.households import grants
from fund.services.money import money
from fund.services.payouts import payments
from fund.settings import Settings
from fund.store import journal
from ledger.acts.users import role_granted
from ledger.books import month_files
from ledger.chain import extend
from ledger.stamp import Stamp
from tests.examples import first_of
from tests.fund.kit import MARCH, Office, lay_key
from tests.fund.services.books.tampering import changed_by, drop_triggers, findings_of_one_row, tamper
from tests.ledger.histories import draft_of
from tests.ledger.kit import go_on

ROWS = [
    ("UPDATE journal_entry SET kind = 'refusal' WHERE seq = 3", "entry {seq}"),
    ("UPDATE journal_entry SET booked_on = '2022-01-11' WHERE seq = 4", "entry {seq}"),
    ("UPDATE journal_entry SET recorded_at = recorded_at + 1 WHERE seq = 5", "entry {seq}"),
    ("UPDATE journal_entry SET prepared_by = 'U09' WHERE seq = 6", "entry {seq}"),
    ("UPDATE journal_entry SET approved_by = 'U09' WHERE kind = 'approval' AND household = 'N01' "
     "AND month = '2022-03'", "row is not what its hash and tag cover"),
    ("UPDATE journal_entry SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 7", "entry {seq}"),
    ("UPDATE journal_entry SET record = (SELECT record FROM journal_entry WHERE seq = 8) WHERE seq = 9", "entry {seq}"),
    ("UPDATE journal_entry SET record = replace(record, 'recorded-at: ', 'recorded-at:  ') WHERE seq = 9",
     "entry {seq}"),
    ("UPDATE journal_entry SET landlord = 'L0003' WHERE seq = 11", "entry {seq}"),
    ("UPDATE posting SET amount_cents = amount_cents + 1 WHERE account LIKE '%Funder' AND amount_cents = 1000000",
     "entry {seq}"),
    ("UPDATE posting SET account = 'Assets:Treasury' WHERE account LIKE '%Available' AND amount_cents = -1000000",
     "entry {seq}"),
    ("UPDATE posting SET month = '2022-09' WHERE account LIKE '%N01' AND month = '2022-07'", "entry {seq}"),
    ("DELETE FROM posting WHERE account LIKE '%Funder' AND amount_cents = 1000000", "entry {seq}"),
    ("INSERT INTO posting SELECT seq, 9, 'Assets:Treasury', 1, NULL FROM journal_entry WHERE kind = 'allocation'",
     "entry {seq}"),
    ("INSERT INTO journal_entry (seq, booked_on, kind, recorded_at, prepared_by, hash, tag, record) "
     "VALUES (999, '2022-04-01', 'repayment', 1, 'U02', 'b', 't', '')", "entries in the database"),
    ("UPDATE fund SET available_cents = available_cents + 1", "fund TEST-FUND: available_cents"),
    ("UPDATE fund SET committed_cents = committed_cents + 1", "fund TEST-FUND: committed_cents"),
    ("UPDATE fund SET used_cents = used_cents - 1", "fund TEST-FUND: used_cents"),
    ("UPDATE fund SET cap_months = 19", "fund TEST-FUND: cap_months"),
    ("UPDATE fund SET activities_end = '2025-01-01'", "fund TEST-FUND: activities_end"),
    ("UPDATE fund SET journal_hash = 'x'", "fund TEST-FUND: journal_hash"),
    ("UPDATE fund SET journal_day = '2022-04-06'", "fund TEST-FUND: journal_day"),
    ("UPDATE fund SET journal_seq = journal_seq - 1", "fund TEST-FUND: journal_seq"),
    ("UPDATE allocation SET amount_cents = amount_cents + 1", "allocation A01: amount_cents"),
    ("UPDATE allocation SET received_cents = received_cents - 1", "allocation A01: received_cents"),
    ("UPDATE collection SET amount_cents = amount_cents + 1", "collection {seq}: amount_cents"),
    ("DELETE FROM collection", "collection {seq}: stands in the books"),
    ("UPDATE household SET cap_months = 19 WHERE code = 'N01'", "household N01: cap_months"),
    ("UPDATE household SET months_used = 0 WHERE code = 'N01'", "household N01: months_used"),
    ("UPDATE household SET months_committed = 0 WHERE code = 'N02'", "household N02: months_committed"),
    ("UPDATE household SET exited_on = '2022-04-04' WHERE code = 'N02'", "household N02: exited_on"),
    ("INSERT INTO household (code, cap_months, months_used, months_committed, person, is_annulled) "
     "VALUES ('N77', 20, 0, 0, 'x', false)", "household N77"),
    ("UPDATE contribution SET amount_cents = 44000 WHERE id = 1", "contribution N01 2022-03: amount_cents"),
    ("UPDATE contribution SET lot_cents = 46000 WHERE id = 1", "contribution N01 2022-03: lot_cents"),
    ("UPDATE contribution SET landlord = 'L0003' WHERE id = 1", "contribution N01 2022-03: landlord"),
    ("UPDATE contribution SET state = 'approved' WHERE id = 1", "contribution N01 2022-03: state"),
    ("UPDATE contribution SET month = '2022-07' WHERE id = 1", "contribution N01 2022-07: stands in the database"),
    ("UPDATE contribution SET formula = '450.00*1/31' WHERE id = 1", "contribution N01 2022-03: formula"),
    ("UPDATE contribution SET state = 'settled' WHERE state = 'cancelled'", "contribution N01 2022-04"),
    ("UPDATE payment SET amount_cents = 1 WHERE code = 'PAY-2022-03-0002'", "payment PAY-2022-03-0002: amount_cents"),
    ("UPDATE payment SET state = 'returned' WHERE code = 'PAY-2022-03-0002'", "payment PAY-2022-03-0002: state"),
    ("UPDATE payment SET bank_date = '2022-03-06' WHERE code = 'PAY-2022-03-0002'",
     "payment PAY-2022-03-0002: bank_date"),
    ("UPDATE payment SET contribution_id = 3 WHERE code = 'PAY-2022-03-0002'", "payment PAY-2022-03-0002: month"),
    ("UPDATE posting SET month = 'gone' WHERE account LIKE '%N01' AND month = '2022-07'", "entry {seq}"),
    ("UPDATE journal_entry SET bank_date = 'gone' WHERE kind = 'closing' AND month = '2022-02'", "entry {seq}"),
    ("UPDATE posting SET ordinal = 7 WHERE account LIKE '%N01' AND month = '2022-07'", "entry {seq}"),
    ("UPDATE journal_entry SET prepared_by = 'è' WHERE seq = 6", "entry {seq}"),
    ("UPDATE journal_entry SET household = CAST(household AS BLOB) WHERE kind = 'approval' AND household = 'N01' "
     "AND month = '2022-03'", "entry {seq}"),
    ("UPDATE payment SET batch = 'BAT-2022-0004' WHERE code = 'PAY-2022-03-0002'", "payment PAY-2022-03-0002: batch"),
    ("UPDATE payment_batch SET approved_by = 'U09' WHERE code = 'BAT-2022-0001'", "batch BAT-2022-0001: approved_by"),
    ("UPDATE payment_batch SET file_sha256 = 'x' WHERE code = 'BAT-2022-0001'", "batch BAT-2022-0001: file_sha256"),
    ("UPDATE payment_batch SET file_bytes = x'00' WHERE code = 'BAT-2022-0001'", "batch BAT-2022-0001: its file"),
    ("UPDATE payment_batch SET file_bytes = 'text' WHERE code = 'BAT-2022-0001'", "batch BAT-2022-0001: its file"),
    ("UPDATE payment_batch SET state = 'sealed' WHERE code = 'BAT-2022-0002'", "batch BAT-2022-0002: state"),
    ("UPDATE closing SET chain_head = 'x' WHERE month = '2022-02'", "closing 2022-02: chain_head"),
    ("DELETE FROM closing WHERE month = '2022-02'", "closing 2022-02: stands in the books"),
    ("UPDATE repayment SET amount_cents = 10001", "repayment of cents 10001: stands in the database"),
    ("UPDATE repayment SET state = 'approved'", "repayment of cents 10000: state"),
    ("UPDATE repayment SET approved_by = 'U09'", "repayment of cents 10000: people"),
    ("UPDATE landlord SET registered_on = '2022-01-09' WHERE code = 'L0003'", "landlord L0003: registered_on"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "named"), first_of(ROWS, each=changed_by), ids=[statement[:70] for statement, _ in ROWS]
)
def test_one_changed_row_is_found_and_named(spoilt_life: Office, statement: str, named: str) -> None:
    row, findings = findings_of_one_row(spoilt_life, statement)
    assert any(named.format_map(row) in finding for finding in findings), findings


@pytest.mark.long
@pytest.mark.parametrize("places", [4, 12])
def test_one_changed_digit_is_found_in_each_file_and_its_entry_named(lived: Office, places: int) -> None:
    books = lived.app.settings.books
    for name in (*month_files(books), "main.beancount", "audit.beancount", "MANIFEST.sha256"):
        path = books / name
        whole = path.read_bytes()
        digits = [match.start() for match in re.finditer(rb"[0-9]", whole)]
        for place in digits[:: max(1, len(digits) // places)]:
            changed = bytearray(whole)
            changed[place] = ord("1") if whole[place : place + 1] != b"1" else ord("2")
            path.write_bytes(bytes(changed))
            findings = lived.findings()
            assert any(name in finding or "manifest" in finding for finding in findings), (name, place)
            if name.startswith("months/"):
                assert any("entry " in finding for finding in findings), (name, place, findings)
        path.write_bytes(whole)
    assert lived.findings() == ()


def test_a_rebuilt_database_agrees_and_goes_on(lived: Office, tmp_path: Path) -> None:
    """What the books know comes back; leases, decisions and IBANs do not, and nothing breaks while they are missing."""
    rebuilt = rebuilt_from(lived, tmp_path / "new")
    rebuilt.on("2022-05-01")
    assert go_on(rebuilt.files(), lived.files())
    assert rebuilt.findings() == ()
    before, after = lived.balances(), rebuilt.balances()
    assert (after.fund, after.households, after.landlords) == (before.fund, before.households, before.landlords)
    rebuilt.on("2022-05-05").open_runs()
    assert {row.month for row in rebuilt.contributions(state="proposed")} == {"2022-04", "2022-05"}
    moved = rebuilt.decide(grants.propose_postponement, household="N01", month=MARCH.plus(4))
    assert moved.values["target"] == "2022-09"
    assert rebuilt.findings() == ()
    with writing(rebuilt.app, rebuilt.preparer) as context:
        assert context.fund().cap_months == 20
    rebuilt.close()


@pytest.mark.long
def test_a_batch_that_waits_is_prepared_anew_in_a_rebuilt_database(office: Office, tmp_path: Path) -> None:
    office.on("2022-03-05").give_back(office.pay_month(MARCH), "PAY-2022-03-0001")
    office.confirm_account("L0001")
    office.on("2022-03-20").prepare(payments.prepare_batch)
    assert office.findings() == ()
    rebuilt = rebuilt_from(office, tmp_path / "new")
    assert rebuilt.findings() == ()
    waiting, _ = rebuilt.ask(rebuilt.auditor, payments.list_batches)
    assert (waiting.code, waiting.state) == ("BAT-2022-0002", "withdrawn")
    rebuilt.close()


def rebuilt_from(office: Office, home: Path) -> Office:
    """A fund made again from the books of another, on the same clock."""
    app = open_app(Settings(home, f"sqlite:///{home / 'fund.sqlite'}"), office.clock)
    lay_key(app.settings)
    with app.database.write() as session:
        context = Context(session, SYSTEM, app.clock.now(), app.fingerprint_key)
        rebuild(context, read_source(office.app.settings.books))
        session.commit()
    app.books.publish()
    return Office(app, office.clock)


def test_a_journal_that_breaks_a_rule_and_was_chained_again_is_found(lived: Office) -> None:
    """Who holds the key as well writes it anew without approvals: orders then pay what was not approved."""
    with lived.app.database.read() as session:
        entries = list(journal.entries_after(session, 0))
    forged = list(extend(draft_of(entry) for entry in entries if entry.kind != "approval"))
    engine = create_engine(lived.app.settings.database_url)
    with engine.begin() as connection:
        drop_triggers(connection)
        for table in ("posting", "journal_entry"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # one of these two
    with Session(engine) as session:
        journal.insert_entries(session, forged, Fingerprints(lived.app.fingerprint_key.read()).entry_tags())
        session.commit()
    engine.dispose()
    findings = lived.findings()
    assert any("the books say something else" in finding for finding in findings)
    assert any("stands in the books and not in the database" in finding for finding in findings)


def test_postings_of_no_entry_are_found(lived: Office) -> None:
    """Nothing of the books would be compared with them, and the balances would have them."""
    with closing(sqlite3.connect(lived.app.settings.home / "fund.sqlite")) as connection:
        connection.execute("INSERT INTO posting VALUES (9999, 0, 'Assets:Treasury', 1, NULL)")
        connection.commit()
    assert lived.findings() == ("entries: entry 9999: its postings stand in the database without it",)


def test_a_state_that_there_is_not_is_told(office: Office) -> None:
    office.on("2022-03-05").pay_month(MARCH)
    tamper(office, "UPDATE payment SET state = 'paid twice' WHERE code = 'PAY-2022-03-0001'")
    assert any("a value of PaymentState that there is not" in finding for finding in office.findings())


def test_a_dropped_trigger_is_named(office: Office) -> None:
    with office.app.database.engine.execution_options(fund_writes=True).begin() as connection:
        connection.execute(text("DROP TRIGGER posting_no_delete"))
    assert office.findings() == ("schema: missing: trigger posting.posting_no_delete",)


def test_an_entry_that_is_put_into_the_journal_around_the_service_is_never_published(any_office: Office) -> None:
    """Chain and head are right, and need no key; the tag does."""
    office, before = any_office, any_office.files()
    forged = role_granted(Stamp(office.day, office.clock.now(), "U01", "U04"), user="U02", role=access.APPROVER)
    with office.app.database.write() as session:
        (entry,) = journal.append(session, [forged], lambda _hash: "0" * 32)
        office.app.database.commit(session, head=entry.hash)
    with pytest.raises(errors.IntegrityBroken) as stopped:
        office.app.books.publish()
    assert stopped.value.findings == [f"entry {entry.seq}: it was not booked by this service: its tag is another"]
    with pytest.raises(errors.IntegrityBroken):
        office.prepare(money.propose_repayment, amount_cents=1)
    assert office.files() == before
    assert f"entries: entry {entry.seq}: the database's row is not what its hash and tag cover" in office.findings()
