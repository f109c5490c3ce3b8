"""The schema on both engines: the migrations give what the models say, and the constraints repeat the rules."""

import json
import re
import signal
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

from fund.domain import states
from fund.domain.errors import SchemaDiffers, SchemaOfAnotherVersion
from fund.services.landlords import contacts, landlords
from fund.services.money import money
from fund.services.statements import deliveries
from fund.store import rows, schema
from fund.store.engine import Database
from fund.store.schema import MIGRATIONS
from fund.store.tables import JobRun
from tests.conftest import Golden
from tests.examples import first_of
from tests.forking import FORKING
from tests.fund.fixtures import Prepared, lived_once_anywhere
from tests.fund.kit import MARCH, Office, close_months
from tests.fund.store import killed_migration

NOW = datetime(2022, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
def empty(prepared: Prepared) -> Iterator[Database]:
    """A database in which nothing was made, on each engine."""
    url = prepared.host.create()
    database = Database(url)
    yield database
    database.dispose()
    prepared.host.drop(url)


def described(database: Database) -> dict[str, Any]:
    """Everything that a database says of its tables, in an order of its own."""
    with database.engine.connect() as connection:
        found = inspect(connection)
        return {
            name: {
                "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(name)},
                "key": found.get_pk_constraint(name)["constrained_columns"],
                "foreign": sorted(
                    (k["constrained_columns"], k["referred_table"], k["referred_columns"])
                    for k in found.get_foreign_keys(name)
                ),
                "unique": sorted(u["column_names"] for u in found.get_unique_constraints(name)),
                "checks": sorted((str(c["name"]), c["sqltext"]) for c in found.get_check_constraints(name)),
                "indexes": sorted(
                    (
                        str(i["name"]),
                        i["column_names"],
                        bool(i["unique"]),
                        {key: str(value) for key, value in i["dialect_options"].items()},
                    )
                    for i in found.get_indexes(name)
                ),
            }
            for name in sorted(found.get_table_names())
            if name != "alembic_version"
        }


def test_migrations_and_models_have_no_differences(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_migrations_make_what_the_models_make(prepared: Prepared, database: Database) -> None:
    """Keys and checks too, which Alembic does not compare."""
    url = prepared.host.create()
    from_models = Database(url)
    SQLModel.metadata.create_all(from_models.engine)
    migrated, modelled = described(database), described(from_models)
    from_models.dispose()
    prepared.host.drop(url)
    for name in modelled:
        assert migrated[name] == modelled[name], name
    assert migrated.keys() == modelled.keys()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = described(database)
    database.migrate()
    assert described(database) == before


def test_the_newest_migration_is_the_last_by_name() -> None:
    names = [file.name.partition("_")[0] for file in sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))]
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert [script.revision for script in reversed(list(scripts.walk_revisions()))] == names


def test_the_expected_schema_is_what_the_migrations_make(migrated_alone: Database, golden: Golden) -> None:
    with migrated_alone.read() as session:
        made = schema.objects_of(session.connection())
    text = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)
    golden(schema.expected_file(migrated_alone.engine.dialect.name), f"{text}\n".encode())


def rewritten(old: str, new: str) -> list[str]:
    """SQLite's statements that change a table's definition and nothing else, as a hand with an editor would."""
    change = f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE type = 'table'"  # noqa: S608  # texts of ours
    return ["PRAGMA writable_schema = ON", change, "PRAGMA writable_schema = RESET"]


CHECK_OF_FUND = "CONSTRAINT fund_pay_day CHECK (pay_day BETWEEN 1 AND 31), "
DIFFERENCES: dict[str, tuple[list[str], list[str], str]] = {
    "column dropped": (["ALTER TABLE job_run DROP COLUMN detail"],) * 2 + ("missing: column job_run.detail",),
    "column added": (["ALTER TABLE fund ADD COLUMN more INTEGER"],) * 2 + ("unknown: column fund.more",),
    "type": (
        rewritten("detail VARCHAR", "detail BLOB"),
        ["ALTER TABLE job_run ALTER COLUMN detail TYPE text"],
        "different: column job_run.detail",
    ),
    "nullability": (
        rewritten("detail VARCHAR NOT NULL", "detail VARCHAR"),
        ["ALTER TABLE job_run ALTER COLUMN detail DROP NOT NULL"],
        "different: column job_run.detail",
    ),
    "check": (
        rewritten(CHECK_OF_FUND, ""),
        ["ALTER TABLE fund DROP CONSTRAINT fund_pay_day"],
        "missing: constraint fund.fund_pay_day",
    ),
    "check weakened": (
        rewritten("pay_day BETWEEN 1 AND 31", "pay_day BETWEEN 0 AND 31"),
        [
            "ALTER TABLE fund DROP CONSTRAINT fund_pay_day",
            "ALTER TABLE fund ADD CONSTRAINT fund_pay_day CHECK (pay_day BETWEEN 0 AND 31)",
        ],
        "different: constraint fund.fund_pay_day",
    ),
    "partial index": (["DROP INDEX one_live_payment"],) * 2 + ("missing: index payment.one_live_payment",),
    "condition of an index": (
        ["DROP INDEX one_live_payment", "CREATE UNIQUE INDEX one_live_payment ON payment (contribution_id)"],
    )
    * 2
    + ("different: index payment.one_live_payment",),
    "table dropped": (["DROP TABLE job_run"],) * 2 + ("missing: table job_run",),
    "table added": (["CREATE TABLE guests (id INTEGER PRIMARY KEY)"],) * 2 + ("unknown: table guests",),
}
ONE_ENGINE = {
    "trigger": ("sqlite", ["DROP TRIGGER posting_no_delete"], "missing: trigger posting.posting_no_delete"),
    "unique": (
        "sqlite",
        ["DROP TABLE acknowledgement", "CREATE TABLE acknowledgement (id INTEGER NOT NULL)"],
        "missing: unique acknowledgement(thing, key, fingerprint)",
    ),
    "foreign key": (
        "sqlite",
        rewritten("FOREIGN KEY(entry) REFERENCES journal_entry (seq)", "CHECK (1)"),
        "missing: foreign key overpayment(entry)",
    ),
    "triggers": (
        "postgresql",
        ["DROP TRIGGER posting_append_only ON posting"],
        "missing: trigger posting.posting_append_only",
    ),
    "trigger disabled": (
        "postgresql",
        ["ALTER TABLE posting DISABLE TRIGGER posting_append_only"],
        "different: trigger posting.posting_append_only",
    ),
    "function emptied": (
        "postgresql",
        ["CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"],
        "different: trigger posting.posting_append_only",
    ),
    "uniqueness": (
        "postgresql",
        ["ALTER TABLE fund_user DROP CONSTRAINT fund_user_login_key"],
        "missing: constraint fund_user.fund_user_login_key",
    ),
    "rule": (
        "postgresql",
        ["CREATE RULE thief AS ON UPDATE TO payment DO INSTEAD NOTHING"],
        "unknown: rule payment.thief",
    ),
    "rows hidden": (
        "postgresql",
        ["ALTER TABLE posting ENABLE ROW LEVEL SECURITY"],
        "different: table posting",
    ),
    "view": ("postgresql", ["CREATE VIEW guests AS SELECT 1"], "unknown: table guests"),
    "check in a comment": (
        "sqlite",
        rewritten(CHECK_OF_FUND, f"/* {CHECK_OF_FUND} */"),
        "missing: constraint fund.fund_pay_day",
    ),
    "check beside a comment": (
        "sqlite",
        rewritten("CHECK (pay_day BETWEEN 1 AND 31)", "CHECK (1) /* CHECK (pay_day BETWEEN 1 AND 31) */"),
        "different: constraint fund.fund_pay_day",
    ),
    "table before another": (
        "sqlite",
        rewritten("CREATE TABLE job_run (", "CREATE TABLE job_run /* (detail VARCHAR NOT NULL) */ ("),
        "different: column job_run.detail",
    ),
    "trigger in a comment": (
        "sqlite",
        [
            "DROP TRIGGER posting_no_delete",
            "CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting "
            "BEGIN SELECT 1; /* SELECT RAISE(ABORT, 'posting is append-only'); */ END",
        ],
        "different: trigger posting.posting_no_delete",
    ),
    "function in a comment": (
        "postgresql",
        [
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN /* RAISE EXCEPTION ''append-only''; */ RETURN OLD; END'"
        ],
        "different: trigger posting.posting_append_only",
    ),
    "check in a comment of another": (
        "postgresql",
        [
            "ALTER TABLE fund DROP CONSTRAINT fund_pay_day",
            "ALTER TABLE fund ADD CONSTRAINT fund_pay_day CHECK (true /* pay_day BETWEEN 1 AND 31 */)",
        ],
        "different: constraint fund.fund_pay_day",
    ),
    "function": (
        "postgresql",
        ["CREATE SCHEMA evil", "CREATE FUNCTION evil.own() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
        "unknown: function evil.own()",
    ),
    "function that says who may": (
        "postgresql",
        ["ALTER FUNCTION refuse_change() SECURITY DEFINER"],
        "different: function refuse_change()",
    ),
    "operator": (
        "postgresql",
        [
            "CREATE FUNCTION same(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE OPERATOR = (leftarg = varchar, rightarg = varchar, function = same)",
        ],
        "unknown: operator =(character varying,character varying)",
    ),
    "cast": (
        "postgresql",
        [
            "CREATE FUNCTION day_of(bigint) RETURNS date LANGUAGE sql AS 'SELECT CURRENT_DATE'",
            "CREATE CAST (bigint AS date) WITH FUNCTION day_of(bigint) AS IMPLICIT",
        ],
        "unknown: cast bigint as date",
    ),
    "inheritance": (
        "postgresql",
        ["CREATE SCHEMA evil", "CREATE TABLE evil.u () INHERITS (fund_user)"],
        "unknown: inheritance evil.u of fund_user",
    ),
    "trigger of events": (
        "postgresql",
        [
            "CREATE FUNCTION at_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
            "CREATE EVENT TRIGGER thief ON ddl_command_end EXECUTE FUNCTION at_ddl()",
        ],
        "unknown: event trigger thief",
    ),
    "setting": (
        "postgresql",
        ["DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET enable_seqscan = off'; END $$"],
        "unknown: setting enable_seqscan=off",
    ),
    "setting of the role": (
        "postgresql",
        [
            "DO $$ BEGIN EXECUTE 'ALTER ROLE CURRENT_USER IN DATABASE ' || current_database() "
            "|| ' SET enable_sort = off'; END $$"
        ],
        "unknown: setting enable_sort=off",
    ),
    "index out of use": (
        "postgresql",
        ["UPDATE pg_index SET indisready = false WHERE indexrelid = 'one_confirmed_account'::regclass"],
        "different: index bank_account.one_confirmed_account",
    ),
    "index of a constraint out of use": (
        "postgresql",
        ["UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'bank_account_landlord_version_key'::regclass"],
        "different: index bank_account.bank_account_landlord_version_key",
    ),
    "index of a constraint that is not unique": (
        "postgresql",
        ["UPDATE pg_index SET indisunique = false WHERE indexrelid = 'bank_account_landlord_version_key'::regclass"],
        "different: index bank_account.bank_account_landlord_version_key",
    ),
    "references that are not looked at": (
        "postgresql",
        ["ALTER TABLE set_off DISABLE TRIGGER ALL"],
        "unknown: trigger set_off.RI_ConstraintTrigger",
    ),
    "reference": (
        "postgresql",
        ["ALTER TABLE set_off DROP CONSTRAINT set_off_entry_fkey"],
        "missing: constraint set_off.set_off_entry_fkey",
    ),
}


def findings_after(database: Database, statements: list[str]) -> list[str]:
    """What is told of a database once a hand has changed it."""
    with database.engine.execution_options(fund_writes=True).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.engine.dispose()
    with pytest.raises(SchemaDiffers) as caught:
        database.migrate()
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize("kind", first_of(DIFFERENCES, each=lambda kind: DIFFERENCES[kind][-1].partition(":")[0]))
def test_each_difference_is_named(database: Database, kind: str) -> None:
    on_sqlite, on_postgresql, finding = DIFFERENCES[kind]
    statements = on_sqlite if database.engine.dialect.name == "sqlite" else on_postgresql
    assert findings_after(database, statements) == [finding]


def _difference(kind: str) -> tuple[str, str]:
    """On which engine and how something differs: missing, unknown or different."""
    engine, _, finding = ONE_ENGINE[kind]
    return engine, finding.partition(":")[0]


@pytest.mark.parametrize("kind", first_of(ONE_ENGINE, each=_difference))
def test_each_difference_of_one_engine_is_named(database: Database, kind: str) -> None:
    engine, statements, finding = ONE_ENGINE[kind]
    if database.engine.dialect.name == engine:
        found = "\n".join(findings_after(database, statements))
        assert finding in re.sub("(RI_ConstraintTrigger)_[ac]_[0-9]+", r"\1", found).splitlines()


@pytest.mark.parametrize("prepared", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "kind", first_of([kind for kind, (engine, *_) in ONE_ENGINE.items() if engine == "postgresql"], each=_difference)
)
def test_nothing_is_written_under_it(database: Database, kind: str) -> None:
    """By a connection that was open before, and under what passed last."""
    ran(database)
    change(database, *ONE_ENGINE[kind][1])
    with pytest.raises(SchemaDiffers):
        ran(database)


def change(database: Database, *statements: str) -> None:
    with database.engine.execution_options(fund_writes=True).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


TRIGGER = {
    "sqlite": ["CREATE TRIGGER thief AFTER INSERT ON job_run BEGIN DELETE FROM job_run; END"],
    "postgresql": [
        "CREATE FUNCTION steal() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM job_run; RETURN NULL; END'",
        "CREATE TRIGGER thief AFTER INSERT ON job_run FOR EACH STATEMENT EXECUTE FUNCTION steal()",
    ],
}
GONE = {"sqlite": ["DROP TRIGGER thief"], "postgresql": ["DROP TRIGGER thief ON job_run", "DROP FUNCTION steal()"]}


def ran(database: Database) -> None:
    """Something is written through a connection that has read the schema before."""
    with database.write() as session:
        rows.insert(session, JobRun(job="x", started_at=NOW, duration_ms=1, outcome="done", detail=""))
        database.commit(session)


def runs_kept(database: Database) -> int:
    with database.read() as session:
        return rows.count(session, JobRun)


def test_nothing_is_written_under_another_schema(database: Database) -> None:
    """A trigger that took itself away again was met at a start alone, and found by nobody."""
    engine = database.engine.dialect.name
    ran(database)
    change(database, *TRIGGER[engine])
    with pytest.raises(SchemaDiffers) as differs:
        ran(database)
    assert "unknown: trigger job_run.thief" in map(str, differs.value.findings)
    assert runs_kept(database) == 1
    change(database, *GONE[engine])
    ran(database)
    assert runs_kept(database) == 2


def test_a_trigger_that_is_gone_does_nothing_more(database: Database) -> None:
    """A connection of SQLite goes on with the schema that it has read, while the number of the schema is the same."""
    if database.engine.dialect.name != "sqlite":
        return
    change(database, *TRIGGER["sqlite"])
    assert runs_kept(database) == 0
    thief = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    (number,) = thief.execute("PRAGMA schema_version").fetchone()
    thief.execute(*GONE["sqlite"])
    thief.execute(f"PRAGMA schema_version = {number}")
    thief.close()
    ran(database)
    assert runs_kept(database) == 1


def test_a_home_of_another_version_is_refused_by_name_and_left_as_it_is(database: Database) -> None:
    before = described(database)
    for found in ("0000", "0042", "0001_more"):
        with database.engine.execution_options(fund_writes=True).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
        with pytest.raises(SchemaOfAnotherVersion) as caught:
            database.migrate()
        assert (caught.value.found, caught.value.expected) == (found, "0001")
    assert described(database) == before


@pytest.mark.parametrize("forgotten", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_a_database_that_says_no_version_is_refused(database: Database, forgotten: str) -> None:
    assert findings_after(database, [forgotten]) == ["missing: table alembic_version"]


def test_a_database_of_another_program_is_refused_and_left_as_it_is(empty: Database) -> None:
    found = findings_after(empty, ["CREATE TABLE guests (id INTEGER PRIMARY KEY)"])
    assert {"unknown: table guests", "missing: table journal_entry"} <= set(found)
    assert list(described(empty)) == ["guests"]


def test_killed_while_it_is_made_it_is_made_whole_by_the_next_start(empty: Database) -> None:
    process = FORKING.Process(target=killed_migration.migrate, args=(str(empty.engine.url.render_as_string(False)),))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert described(empty) == {}
    with pytest.raises(SchemaDiffers):
        empty.check_schema()
    empty.migrate()
    empty.check_schema()


def test_begun_twice_at_once_it_is_made_once(empty: Database) -> None:
    errors: list[BaseException] = []

    def begin() -> None:
        database = Database(empty.engine.url.render_as_string(False))
        try:
            database.migrate()
        except BaseException as error:
            errors.append(error)
        finally:
            database.dispose()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    empty.check_schema()


APPEND_ONLY = {"journal_entry": "kind", "posting": "account", "closing": "chain_head", "day_confirmation": "day"}
"""Tables whose rows stay as they are, with a column of each."""


@lived_once_anywhere
def lived(office: Office) -> None:
    """A fund with a row in every table that the constraints are about: one month paid, one account more, one
    repayment, one change of a name, one message."""
    office.on("2022-03-05")
    office.pay_month(MARCH)
    office.prepare(landlords.propose_account, landlord="L0001", iban="IT88S9990101800000000000400")
    office.prepare(contacts.propose_change, landlord="L0001", name="Locatrice L0001")
    office.confirm(office.prepare(money.propose_repayment, amount_cents=100))
    office.prepare(deliveries.queue_link, "L0001")
    office.confirm_today(office.day)
    close_months(office.on("2022-04-01"))


def refused(office: Office, statement: str) -> None:
    before = office.dump()
    with office.app.database.write() as session, pytest.raises(DBAPIError):
        session.connection().execute(text(statement))
    assert office.dump() == before


def test_what_is_written_stays_written(lived: Office) -> None:
    for name, column in APPEND_ONLY.items():
        refused(lived, f"UPDATE {name} SET {column} = {column}")  # noqa: S608  # the tables' own names
        refused(lived, f"DELETE FROM {name}")  # noqa: S608  # texts of ours
        if lived.app.database.engine.dialect.name == "sqlite":
            refused(lived, f"INSERT OR REPLACE INTO {name} SELECT * FROM {name} LIMIT 1")  # noqa: S608  # texts of ours
        else:
            refused(lived, f"TRUNCATE {name} CASCADE")
    with lived.app.database.write() as session:
        session.connection().execute(text("UPDATE bank_file SET set_aside_as = 'unreadable', set_aside_by = 'U02'"))
        session.commit()
    refused(lived, "UPDATE bank_file SET set_aside_by = 'U03'")
    refused(lived, "UPDATE bank_file SET set_aside_as = NULL, set_aside_by = NULL")


BREACHED_BY_A_ROW = ("proposal", "bank_statement")
BREACHES = {
    "a person as two households": "UPDATE household SET person = 'x'",
    "a person as two landlords": "UPDATE landlord SET person = 'x'",
    "second terms of the controls": (
        "INSERT INTO control_terms (id, payee_check_required, tax_check_days) VALUES (2, '0', 1)"
    ),
    "a word that no bank says": (
        "INSERT INTO payee_check "
        "(landlord, version, result, checked_on, reference, recorded_by, recorded_at, row_fingerprint) "
        "VALUES ('L0001', 1, 'YES', '2022-03-01', 'x', 'x', 1, 'x')"
    ),
    "a tax debt of another kind": (
        "INSERT INTO tax_check "
        "(landlord, reference, checked_on, outcome, recorded_by, recorded_at, row_fingerprint) "
        "VALUES ('L0001', 'x', '2022-03-01', 'perhaps', 'x', 1, 'x')"
    ),
    "a second foreign balance": "INSERT INTO foreign_balance (id, bank_date, amount_cents) VALUES (2, '2022-03-09', 1)",
    "a second treasury": "INSERT INTO treasury (id, name, tax_code, iban, format, row_fingerprint) "
    "VALUES (2, 'x', 'x', 'x', 'x', 'x')",
    "a cap of none": "UPDATE household SET cap_months = 0 WHERE code = 'N01'",
    "a cap of 21": "UPDATE household SET cap_months = 21 WHERE code = 'N01'",
    "a fund's cap of 21": "UPDATE fund SET cap_months = 21",
    "a fund's cap of none": "UPDATE fund SET cap_months = 0, target_months = 0",
    "a target above the cap": "UPDATE fund SET target_months = cap_months + 1",
    "months over the cap": "UPDATE household SET months_used = 16 WHERE code = 'N01'",
    "months committed over the cap": "UPDATE household SET months_committed = 20 WHERE code = 'N01'",
    "less than no months": "UPDATE household SET months_used = -1 WHERE code = 'N01'",
    "less than no committed months": "UPDATE household SET months_committed = -1 WHERE code = 'N01'",
    "less available than nothing": "UPDATE fund SET available_cents = -1",
    "less committed than nothing": "UPDATE fund SET committed_cents = -1",
    "less used than nothing": "UPDATE fund SET used_cents = -1",
    "another currency": "UPDATE fund SET currency = 'USD'",
    "a pay day that no month has": "UPDATE fund SET pay_day = 32",
    "a second fund": "UPDATE fund SET id = 2",
    "an allocation of nothing": "UPDATE allocation SET amount_cents = 0, received_cents = 0",
    "more received than granted": "UPDATE allocation SET received_cents = amount_cents + 1",
    "less received than nothing": "UPDATE allocation SET received_cents = -1",
    "a collection of nothing": "UPDATE collection SET amount_cents = 0",
    "a day that no person confirmed": (
        "INSERT INTO day_confirmation (day, confirmed_by, confirmed_at) VALUES ('2022-04-01', 'SYSTEM', 1)"
    ),
    "a second live contribution": (
        "INSERT INTO contribution (id, household, month, landlord, amount_cents, lot_cents, state) "
        "SELECT 99, household, month, landlord, amount_cents, lot_cents, 'held' FROM contribution WHERE id = 1"
    ),
    "a contribution above its commitment": "UPDATE contribution SET amount_cents = lot_cents + 1",
    "a contribution of nothing": "UPDATE contribution SET amount_cents = 0",
    "a negative payment": "UPDATE payment SET amount_cents = -1",
    "less owed by the bank than nothing": "UPDATE payment SET misexecuted_cents = -1",
    "less under way than nothing": "UPDATE payment SET outstanding_cents = -1, paid_cents = 0",
    "more paid than ordered": "UPDATE payment SET outstanding_cents = 1, paid_cents = amount_cents",
    "less ordered of a month than nothing": "UPDATE contribution SET ordered_cents = -1",
    "a second live payment": (
        "INSERT INTO payment (code, contribution_id, batch, amount_cents, outstanding_cents, paid_cents,"
        " misexecuted_cents, state) "
        "SELECT 'PAY-2022-03-009' || n, contribution_id, batch, amount_cents, 0, 0, 0, 'proposed' "
        "FROM (SELECT * FROM payment LIMIT 1) AS one CROSS JOIN (SELECT '8' AS n UNION ALL SELECT '9' AS n) AS two"
    ),
    "a run of one person": "UPDATE run SET approved_by = prepared_by",
    "a batch of one person": "UPDATE payment_batch SET approved_by = prepared_by",
    "a repayment of one person": "UPDATE repayment SET approved_by = prepared_by",
    "an account of one person": "UPDATE bank_account SET confirmed_by = proposed_by",
    "an entry of one person": (
        "INSERT INTO journal_entry (seq, booked_on, kind, recorded_at, prepared_by, approved_by, hash, tag, record) "
        "VALUES (999, '2022-04-01', 'repayment', 1, 'U02', 'U02', 'b', 't', 'c')"
    ),
    "an entry twice": (
        "INSERT INTO journal_entry (seq, booked_on, kind, recorded_at, prepared_by, hash, tag, record) "
        "SELECT 999, booked_on, kind, recorded_at, prepared_by, hash, tag, record FROM journal_entry WHERE seq = 1"
    ),
    "an entry before the first": (
        "INSERT INTO journal_entry (seq, booked_on, kind, recorded_at, prepared_by, hash, tag, record) "
        "VALUES (0, '2022-04-01', 'repayment', 1, 'U02', 'b', 't', 'c')"
    ),
    "a posting of nothing": "INSERT INTO posting (seq, ordinal, account, amount_cents) VALUES (1, 9, 'a', 0)",
    "a posting of no entry": "INSERT INTO posting (seq, ordinal, account, amount_cents) VALUES (999, 9, 'a', 1)",
    "a second confirmed account": "UPDATE bank_account SET state = 'confirmed' WHERE landlord = 'L0001'",
    "a version of an account twice": "UPDATE bank_account SET version = 1 WHERE landlord = 'L0001'",
    "a repayment of nothing": "UPDATE repayment SET amount_cents = 0",
    "a rent of nothing": "UPDATE lease_rent SET rent_cents = 0",
    "a decision of nothing": "UPDATE grant_amount SET amount_cents = 0",
    "a lease that ends before it starts": "UPDATE lease SET ends_on = '2000-01-01'",
    "a login twice": "UPDATE fund_user SET login = 'same'",
    "a run for a month twice": (
        "INSERT INTO run (month, state, opened_at, opened_by) SELECT month, 'open', 1, 'x' FROM run"
    ),
    "a copy without its reason": "UPDATE delivery SET copy_number = 1",
    "a message to nobody": "UPDATE delivery SET landlord = NULL",
    "a user who is told nothing": "UPDATE delivery SET landlord = NULL, \"user\" = 'U01'",
    "a statement and a notice at once": "UPDATE delivery SET notice = 'recovered', statement = 'EC-2022-0001'",
    "a payment of no contribution": "UPDATE payment SET contribution_id = 999",
    "a contribution of nobody": "UPDATE contribution SET household = 'N99'",
    **{
        f"an unknown state of a {thing}": f"UPDATE {name} SET state = 'paid twice'"  # noqa: S608  # texts of ours
        for thing, name in zip(
            [thing for thing in states.ALL if thing not in BREACHED_BY_A_ROW],
            ("run", "contribution", "payment", "payment_batch", "bank_account", "repayment", "delivery"),
            strict=True,
        )
    },
    **{
        f"an overpayment {name}": (
            "INSERT INTO overpayment (contribution_id, household, landlord, month, amount_cents, recovered_cents,"
            f" reason, prepared_by, approved_by, entry) SELECT 1, 'N01', 'L0001', '2022-03', {values}, 1"
        )
        for name, values in (
            ("of nothing", "0, 0, 'departure', 'U02', 'U03'"),
            ("recovered beyond it", "1, 2, 'departure', 'U02', 'U03'"),
            ("of one person", "1, 0, 'departure', 'U02', 'U02'"),
        )
    },
    **{
        f"a proposal {name}": (
            "INSERT INTO proposal (id, act, subject, payload, digest, state, proposed_by, proposed_at, adopted_by,"
            f" decided_by) SELECT 999, 'approve-set-off', 'L0001', '{{}}', '', {values}"
        )
        for name, values in (
            ("in an unknown state", "'paid twice', 'U02', 1, NULL, 'U03'"),
            ("confirmed by the person who made it", "'confirmed', 'U02', 1, NULL, 'U02'"),
            ("confirmed by nobody", "'confirmed', 'U02', 1, NULL, NULL"),
            ("of the service's confirmed by one person", "'confirmed', 'SYSTEM', 1, NULL, 'U03'"),
            ("of a person's adopted by another", "'proposed', 'U02', 1, 'U03', NULL"),
        )
    },
    "more set off than owed": "UPDATE contribution SET set_off_cents = amount_cents + 1",
    **{
        f"a set-off {name}": (
            "INSERT INTO set_off (contribution_id, household, landlord, month, amount_cents, prepared_by,"
            f" approved_by, entry) SELECT 1, 'N01', 'L0001', '2022-03', {values}, 1"
        )
        for name, values in (
            ("of nothing", "0, 'U02', 'U03'"),
            ("of one person", "1, 'U02', 'U02'"),
        )
    },
    "an unknown state of a statement": (
        "INSERT INTO bank_statement (file_sha256, ordinal, account, series, statement_id, currency, fingerprint,"
        " state) SELECT sha256, 1, 'a', 'camt.053', 's', 'EUR', 'f', 'paid twice' FROM bank_file LIMIT 1"
    ),
    "a file set aside by nobody": "UPDATE bank_file SET set_aside_as = 'unreadable'",
    "a line resolved by nobody": "UPDATE bank_line SET resolved_as = 'payment'",
}


def test_the_database_itself_refuses_each_breach(lived: Office) -> None:
    told = set()
    for name, statement in BREACHES.items():
        with lived.app.database.write() as session:
            with pytest.raises(IntegrityError) as caught:
                session.connection().execute(text(statement))
                pytest.fail(f"{name} was let through")
            told.add(str(caught.value.orig))
    named = {
        str(constraint.name)
        for found in SQLModel.metadata.tables.values()
        for constraint in found.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert {name for name in named if not any(name in text for text in told)} == set(), "each check has its breach"
