"""Attacks by a person who holds the database: each changes a few rows for a purpose, and ``fund verify`` names them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlmodel import Session, SQLModel

from fund.domain import access
from fund.store.journal import insert_entries
from ledger.acts.users import role_granted
from ledger.chain import extend
from ledger.stamp import Stamp
from tests.fund.kit import Office
from tests.fund.services.books.tampering import is_found, made_up

pytestmark = pytest.mark.long

THIEF = "IT40S0542811101000000123456"
"""An account of the attacker's; it is the one of the standard's examples and belongs to no one here."""


@dataclass(frozen=True, slots=True)
class Forged:
    """A row that was never booked: the last row of its table under other values, or one made up where it has none."""

    table: str
    values: dict[str, Any]

    def __call__(self, connection: Connection) -> int:
        table = SQLModel.metadata.tables[self.table]
        keys = list(table.primary_key)
        like = connection.execute(table.select().order_by(*(key.desc() for key in keys))).mappings().first()
        row = {column.name: like[column.name] if like else made_up(column) for column in table.c}
        if "id" in row and "id" not in self.values and isinstance(row["id"], int):
            row["id"] = 9_000
        return connection.execute(table.insert().values({**row, **self.values})).rowcount


def sql(*statements: str) -> Callable[[Connection], int]:
    """Statements that each change a row; ``THIEF`` stands for the thief's account."""
    return lambda connection: min(
        connection.execute(text(statement.replace("THIEF", THIEF))).rowcount for statement in statements
    )


def appended(connection: Connection) -> int:
    """A role for the preparer, under the hash that it has in the chain, and a tag that is another entry's."""
    last = connection.execute(
        text("SELECT seq, hash, booked_on, recorded_at, tag FROM journal_entry ORDER BY seq DESC LIMIT 1")
    ).one()
    at = datetime.fromtimestamp(last.recorded_at, UTC)
    stamp = Stamp(date.fromisoformat(last.booked_on), at, "U01", "U04")
    (entry,) = extend([role_granted(stamp, user="U02", role=access.APPROVER)], seq=last.seq, head=last.hash)
    with Session(connection) as session:
        insert_entries(session, [entry], lambda _: str(last.tag))
    moved = "UPDATE fund SET journal_seq = :seq, journal_hash = :hash"
    granted = "UPDATE fund_user SET role = :role WHERE code = 'U02'"
    connection.execute(text(granted), {"role": access.APPROVER})
    return connection.execute(text(moved), {"seq": entry.seq, "hash": entry.hash}).rowcount


ATTACKS: dict[str, Callable[[Connection], int]] = {
    # who is paid, and where to
    "the IBAN of an account in use": sql("UPDATE bank_account SET iban = 'THIEF' WHERE landlord = 'L0001'"),
    "the IBAN with the fingerprint beside it": sql(
        "UPDATE bank_account SET iban = 'THIEF', fingerprint = printf('%032d', 1) WHERE landlord = 'L0001'"
    ),
    "two landlords' IBANs exchanged": sql(
        "UPDATE bank_account SET iban = iban || (SELECT iban FROM bank_account WHERE landlord = 'L0002') "
        "WHERE landlord = 'L0001'",
        "UPDATE bank_account SET iban = (SELECT substr(iban, 1, 27) FROM bank_account WHERE landlord = 'L0001') "
        "WHERE landlord = 'L0002'",
        "UPDATE bank_account SET iban = substr(iban, 28) WHERE landlord = 'L0001'",
    ),
    "another account, proposed by nobody": Forged(
        "bank_account", {"landlord": "L0001", "version": 7, "iban": THIEF, "state": "proposed"}
    ),
    "a cooling-off time cut short": sql("UPDATE bank_account SET usable_from = '2022-01-01' WHERE landlord = 'L0001'"),
    "a call-back that was never made": sql(
        "UPDATE bank_account SET called_back_on = '2022-02-01' WHERE landlord = 'L0001'"
    ),
    "another confirmer of an account": sql("UPDATE bank_account SET confirmed_by = 'U01' WHERE landlord = 'L0001'"),
    "another name, so that a bank's check fits": sql("UPDATE landlord SET name = 'Another' WHERE code = 'L0001'"),
    "another contact, so that a call-back reaches the thief": sql(
        "UPDATE landlord SET contact = '+39 000 1' WHERE code = 'L0001'"
    ),
    "a name that comes back after an erasure": sql("UPDATE landlord SET name = 'Locatore L0003' WHERE code = 'L0003'"),
    "an erasure undone": sql("UPDATE landlord SET erased_on = NULL WHERE code = 'L0003'"),
    "a landlord that was never registered": Forged("landlord", {"code": "L0666", "tax_code": None}),
    # how much, and how long
    "a lease given to another landlord": sql("UPDATE lease SET landlord = 'L0003' WHERE household = 'N01'"),
    "a lease that goes on": sql("UPDATE lease SET ends_on = '2025-12-31' WHERE household = 'N03'"),
    "a rent raised": sql("UPDATE lease_rent SET rent_cents = rent_cents * 2 WHERE lease = 1"),
    "a lease that was never entered": Forged("lease", {"household": "N01", "landlord": "L0002", "number": 9}),
    "a contribution raised": sql("UPDATE grant_amount SET amount_cents = amount_cents * 2 WHERE household = 'N01'"),
    "a contribution never decided": Forged("grant_amount", {"household": "N01", "since": "2022-05"}),
    "months never granted": sql("UPDATE \"grant\" SET months = months + 1 WHERE household = 'N01'"),
    "a household's cap": sql("UPDATE household SET cap_months = 19 WHERE code = 'N01'"),
    "a household's position opened again": sql("UPDATE household SET exited_on = NULL WHERE code = 'N03'"),
    "a household's months given back": sql("UPDATE household SET months_used = 0 WHERE code = 'N01'"),
    "a household that was never admitted": Forged("household", {"code": "N66", "tax_code": None, "person": "x"}),
    "the fund's end": sql("UPDATE fund SET activities_end = '2029-12-31'"),
    "the cooling-off time of the fund": sql("UPDATE fund SET iban_cooling_off_days = 0"),
    "the pay day of the fund": sql("UPDATE fund SET pay_day = 28"),
    "checks that the agreement asks for": sql("UPDATE control_terms SET tax_check_days = 365"),
    "a threshold raised": sql("UPDATE control_terms SET tax_thresholds = '2008-03-29:99999.99'"),
    "the account that is paid from": sql("UPDATE treasury SET iban = 'THIEF'"),
    # who may decide
    "an approver made up": Forged(
        "fund_user", {"code": "U66", "login": "made-up", "role": access.APPROVER, "person": "x"}
    ),
    "a preparer made approver": sql("UPDATE fund_user SET role = 'finance-approver' WHERE code = 'U02'"),
    "a user put in force alone": sql("UPDATE fund_user SET confirmed_at = confirmed_at + 1 WHERE code = 'U03'"),
    "a user shut out": sql("UPDATE fund_user SET disabled_at = 1 WHERE code = 'U04'"),
    "another password": sql("UPDATE fund_user SET password_hash = 'x' WHERE code = 'U03'"),
    "another login": sql("UPDATE fund_user SET login = 'made-up' WHERE code = 'U03'"),
    "another address, so that an approver is told nothing": sql(
        "UPDATE fund_user SET email = 'made-up' WHERE code = 'U03'"
    ),
    "an invitation": Forged("invitation", {"id": 9_000, "user": "U03", "secret_sha256": "x", "accepted_at": None}),
    "an identity linked": sql("UPDATE fund_user SET identity = 'made-up' WHERE code = 'U03'"),
    "a second factor": Forged("second_factor", {"user": "U02"}),
    "another device": sql("UPDATE second_factor SET sealed_secret = 'x' WHERE user = 'U03'"),
    "a code that spares the second factor": sql("UPDATE second_factor SET recovery_codes = 'x' WHERE user = 'U03'"),
    "a token": Forged("token", {"id": "T66", "user": "U03", "secret_sha256": "x"}),
    "a proposal confirmed by its own proposer": sql(
        "UPDATE proposal SET decided_by = proposed_by WHERE id = (SELECT max(id) FROM proposal)"
    ),
    "a proposal of somebody else's": sql(
        "UPDATE proposal SET proposed_by = 'U04' WHERE id = (SELECT max(id) FROM proposal)"
    ),
    "a proposal's payload": sql(
        "UPDATE proposal SET payload = replace(payload, '6000', '9000') WHERE payload LIKE '%6000%'"
    ),
    # what was paid, checked and kept
    "a settled month to be paid again": sql("UPDATE contribution SET state = 'approved' WHERE id = 1"),
    "a payment taken for not settled": sql("UPDATE payment SET state = 'sent' WHERE code = 'PAY-2022-03-0001'"),
    "a payment to another account": sql("UPDATE payment SET account_id = 2 WHERE code = 'PAY-2022-03-0001'"),
    "a run that was never approved so": sql("UPDATE run SET approved_by = 'U02' WHERE approved_by IS NOT NULL"),
    "a run approved by who proposed it": sql("UPDATE run SET approved_by = prepared_by WHERE approved_by IS NOT NULL"),
    "another list than was proposed": sql("UPDATE run SET digest = printf('%032d', 1) WHERE state = 'approved'"),
    "a month on hold let go": sql("UPDATE contribution SET state = 'proposed' WHERE state = 'held'"),
    "a run for a month that is not due": Forged("run", {"month": "2029-01", "state": "open"}),
    "a bank's check that was never made": Forged("payee_check", {"landlord": "L0001", "version": 1}),
    "a tax check that was never made": Forged("tax_check", {"landlord": "L0001"}),
    "an alert acknowledged": Forged("acknowledgement", {"thing": "run", "key": "2022-04"}),
    "a file of the bank removed": sql("DELETE FROM bank_line", "DELETE FROM bank_file"),
    "a check of the bank removed": sql("DELETE FROM payee_check"),
    "a line added to a file": Forged("bank_line", {"ordinal": 99, "matching": "noted"}),
    "a line of a file removed": sql("DELETE FROM bank_line WHERE ordinal = 2"),
    "a line that nobody has to look at": sql("UPDATE bank_line SET matching = 'noted' WHERE ordinal = 1"),
    "a statement of the bank accepted": sql("UPDATE bank_statement SET state = 'accepted' WHERE state <> 'accepted'"),
    "a file of the bank changed": sql("UPDATE bank_file SET content = content || x'20'"),
    "a line set aside": sql("UPDATE bank_line SET resolved_as = 'set-aside', resolved_by = 'U02' WHERE ordinal = 1"),
    "a sealed file": sql("UPDATE payment_batch SET file_bytes = x'20' WHERE code = 'BAT-2022-0001'"),
    "a statement's paper": sql("UPDATE statement SET html = x'20' WHERE number = 'EC-2022-0001'"),
    # runs, batches and what is claimed back
    "a run opened by another": sql("UPDATE run SET opened_by = 'U03' WHERE month = '2022-03'"),
    "a run that never was": sql("DELETE FROM run WHERE month = '2022-04'"),
    "a batch approved by another": sql("UPDATE payment_batch SET approved_by = 'U02', prepared_by = 'U03'"),
    "a batch of another run": sql("UPDATE payment_batch SET run_month = '2022-04' WHERE code = 'BAT-2022-0001'"),
    "mandates numbered otherwise": sql("UPDATE payment_batch SET first_mandate = 900 WHERE code = 'BAT-2022-0001'"),
    "a batch that was never sent": sql("UPDATE payment_batch SET state = 'sealed' WHERE code = 'BAT-2022-0001'"),
    "a reference of the thief's under a sealed payment": sql("UPDATE payment SET rf_reference = 'RF18539007547034'"),
    "a bank's word on a payee in a sealed batch": sql("UPDATE payment SET payee_result = 'MTCH'"),
    "a set-off taken back, so that a month is paid whole": sql(
        "UPDATE contribution SET set_off_cents = 0 WHERE set_off_cents > 0", "DELETE FROM set_off"
    ),
    "an overpayment to be set off again": sql("UPDATE overpayment SET recovered_cents = 0"),
    "an overpayment that never was": sql("DELETE FROM set_off", "DELETE FROM overpayment"),
    "a month that was never closed": Forged("closing", {"month": "2022-02", "seq": 1}),
    # the bank's lines
    "a line that says less": sql("UPDATE bank_line SET amount_cents = amount_cents - 1 WHERE amount_cents > 1"),
    "a line that is of another collection": sql("UPDATE bank_line SET resolved_to = 'A01' WHERE resolved_to = 'A02'"),
    "a line of an account of the thief's": sql("UPDATE bank_line SET counterparty_iban = 'THIEF' WHERE ordinal = 1"),
    "two files' lines exchanged": sql(
        "UPDATE bank_line SET ordinal = 900 + ordinal WHERE file_sha256 = (SELECT min(file_sha256) FROM bank_line)"
    ),
    # people and what they agreed to
    "two households' people exchanged": sql(
        "UPDATE household SET person = 'x' || person WHERE code = 'N01'",
        "UPDATE household SET person = (SELECT substr(person, 2) FROM household WHERE code = 'N01') WHERE code = 'N04'",
    ),
    "an admission that was annulled": sql("UPDATE household SET is_annulled = 1 WHERE code = 'N04'"),
    "a landlord who is another person": sql("UPDATE landlord SET person = printf('%032d', 1) WHERE code = 'L0002'"),
    "a proposal decided, open again": sql(
        "UPDATE proposal SET state = 'proposed', decided_by = NULL, decided_at = NULL WHERE state = 'confirmed'"
    ),
    "a lease recorded by another, who may approve": sql("UPDATE lease SET recorded_by = 'U09' WHERE household = 'N01'"),
    "a rent recorded by another": sql("UPDATE lease_rent SET recorded_by = 'U09' WHERE household = 'N01'"),
    "a decision taken back": sql("DELETE FROM \"grant\" WHERE household = 'N01'"),
    "a user's own IBAN that is not asked for": sql("DELETE FROM user_iban"),
    "a token in force again": sql("UPDATE token SET revoked_at = NULL"),
    # the journal itself, consistently
    "an old entry's tag": sql("UPDATE journal_entry SET tag = printf('%032d', 1) WHERE seq = 9"),
    "two entries' tags exchanged": sql(
        "UPDATE journal_entry SET tag = 'x' || tag WHERE seq = 9",
        "UPDATE journal_entry SET tag = (SELECT substr(tag, 2) FROM journal_entry WHERE seq = 9) WHERE seq = 10",
    ),
    "an act out of sight of who looks for its kind": sql("UPDATE journal_entry SET kind = 'sent' WHERE seq = 20"),
    "a posting of another amount": sql("UPDATE posting SET amount_cents = amount_cents * 2 WHERE ordinal = 0"),
    "the last entry taken away": sql(
        "DELETE FROM journal_entry WHERE seq = (SELECT journal_seq FROM fund)",
        "UPDATE fund SET journal_seq = journal_seq - 1, "
        "journal_hash = (SELECT hash FROM journal_entry ORDER BY seq DESC LIMIT 1), "
        "journal_day = (SELECT booked_on FROM journal_entry ORDER BY seq DESC LIMIT 1)",
    ),
    "an entry of the thief's, rightly chained": appended,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_the_database_is_found(spoilt_files: Office, name: str) -> None:
    found = is_found(spoilt_files, lambda connection: ATTACKS[name](connection) >= 1)
    assert found is not None, "nothing was changed"
    assert found
