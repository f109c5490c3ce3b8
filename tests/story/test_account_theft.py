"""Who holds the database sends a rent elsewhere with one UPDATE: it is stopped before a file is sealed, and named."""

import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.lists import BankFormat
from fund.doors.transaction import writing
from fund.services.as_booked import check_tables
from fund.services.banking import exports
from fund.services.landlords import accounts, landlords
from fund.services.money import money
from fund.services.payouts import payments, runs
from tests.examples import first_of
from tests.fund.bank.writers.kit import RF
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, THIRD_IBAN, Office
from tests.fund.services.banking.test_sealing import takes
from tests.fund.services.books.tampering import rewrite

THIEF = OTHER_IBAN


def steal(office: Office, iban: str = THIEF) -> None:
    rewrite(office, "UPDATE bank_account SET iban = :iban WHERE landlord = 'L0001'", iban=iban)


def proposed(office: Office) -> str:
    """The run of March is before its approver; returns the digest of what it shows."""
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.acknowledge(MARCH)
    return office.ask(office.approver, runs.view_run, MARCH).digest


def sealed(office: Office) -> list[str]:
    with office.app.database.read() as session:
        return list(session.connection().exec_driver_sql("SELECT code FROM payment_batch").scalars())


def test_a_month_changed_between_proposal_and_approval_is_stopped_and_worked_out_again(office: Office) -> None:
    list_differs = f"workflow: run {MARCH}: its list is not what was proposed, or changed since by an act"
    digest = proposed(office)
    for written in (
        "UPDATE contribution SET amount_cents = amount_cents - 1 WHERE id = 1",
        "UPDATE contribution SET landlord = 'L0003' WHERE id = 1",
        "UPDATE contribution SET state = 'held', reason = 'on-hold' WHERE id = 1",
    ):
        rewrite(office, written)
        with pytest.raises(errors.RunDiffers):
            office.ask(office.approver, runs.view_run, MARCH)
        with pytest.raises(errors.RunDiffers):
            office.approve(runs.approve_run, MARCH, digest=digest)
        with pytest.raises(errors.RunDiffers):
            office.approve(runs.hold_months, [2], reason="on-hold")
        assert list_differs in office.findings()
        office.prepare(runs.prepare_due_runs)
        assert ("held" in written) == bool(office.findings())
    with pytest.raises(errors.RunDiffers):
        office.prepare(runs.resume_months, [1], into=MARCH)
    office.prepare(runs.exclude_months, [1], reason="on-hold")
    office.prepare(runs.hold_months, [2], reason="on-hold")
    assert office.findings() == ()
    rewrite(office, "UPDATE contribution SET state = 'proposed' WHERE id = 2")
    office.prepare(runs.prepare_due_runs)
    with pytest.raises(errors.RunDiffers):
        office.approve_run(MARCH)
    assert "approval" not in office.kinds()


def test_a_stolen_account_is_stopped_before_sealing_and_comes_back_by_two_people(any_office: Office) -> None:
    office, digest = any_office, proposed(any_office)
    steal(office)
    with pytest.raises(errors.PayeeDiffers) as stopped:
        office.approve(runs.approve_run, MARCH, digest=digest)
    assert stopped.value.accounts == ["L0001 1"]
    assert sealed(office) == []
    assert "order" not in office.kinds()
    with pytest.raises(errors.PayeeDiffers):
        office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)
    assert office.balances().fund.cash_cents == 1_000_000, "reading goes on"
    (finding,) = office.findings()
    assert finding == "workflow: account L0001 1: not what was booked by its fingerprint: iban"
    assert THIEF not in finding
    put_back(office, IBANS["L0001"])
    assert office.findings() == ()
    batch = office.approve_run(MARCH).batch
    assert batch is not None
    assert IBANS["L0001"].encode() in office.file_of(batch)
    assert THIEF.encode() not in office.file_of(batch)
    assert office.findings() == ()


def put_back(office: Office, iban: str) -> None:
    with writing(office.app, office.preparer, restores=True) as context:
        accounts.restore_account(context, office.approver, landlord="L0001", version=1, iban=iban)


def test_nothing_but_the_confirmed_account_comes_back(office: Office) -> None:
    steal(office)
    with pytest.raises(errors.NotTheConfirmedValue):
        put_back(office, THIRD_IBAN)
    put_back(office, IBANS["L0001"])
    assert office.findings() == ()


@pytest.mark.long
def test_an_account_taken_back_before_anybody_looks_has_paid_nobody(any_office: Office) -> None:
    """The theft and its cover-up in one night: the file was never sealed, so nothing has left."""
    office, digest = any_office, proposed(any_office)
    steal(office)
    with pytest.raises(errors.PayeeDiffers):
        office.approve(runs.approve_run, MARCH, digest=digest)
    steal(office, IBANS["L0001"])
    office.approve(runs.approve_run, MARCH, digest=digest)
    assert office.findings() == ()


@pytest.mark.parametrize(
    ("statement", "column"),
    first_of(
        [
            ("UPDATE bank_account SET state = 'confirmed', usable_from = proposed_on WHERE version = 2", "state"),
            ("UPDATE bank_account SET usable_from = '2022-03-01' WHERE version = 2", "usable_from"),
        ]
    ),
)
def test_an_account_confirmed_by_a_row_alone_is_not_paid(office: Office, statement: str, column: str) -> None:
    """A proposal that nobody confirmed, made the landlord's account by hand: its IBAN has its fingerprint."""
    proposed(office)
    second = office.prepare(landlords.propose_account, landlord="L0001", iban=THIEF)
    if column == "state":
        rewrite(office, "UPDATE bank_account SET state = 'replaced' WHERE landlord = 'L0001' AND version = 1")
    else:
        office.confirm(second, called_back_on=office.day)
    rewrite(office, statement)
    with pytest.raises(errors.IntegrityBroken):
        office.acknowledge(MARCH)
        digest = office.ask(office.approver, runs.view_run, MARCH).digest
        office.approve(runs.approve_run, MARCH, digest=digest)
    assert sealed(office) == []
    assert any(f"account L0001 2: {column}" in finding for finding in office.findings())


@pytest.mark.long
def test_an_auditor_proves_the_payees_of_a_file_with_the_books_alone(office: Office, tmp_path: Path) -> None:
    office.on("2022-03-05")
    batch = office.run_month(MARCH).batch
    assert batch is not None
    key, file = tmp_path / "payees.key", tmp_path / "batch.csv"
    key.write_text(office.do(office.auditor, accounts.payees_key) + "\n", "ascii")
    file.write_bytes(office.file_of(batch))
    assert checked(office, key, file).returncode == 0
    file.write_bytes(office.file_of(batch).replace(IBANS["L0001"].encode(), THIEF.encode()))
    found = checked(office, key, file)
    assert found.returncode == 4
    assert "its IBAN is not that of account 1 of L0001" in found.stdout
    assert THIEF not in found.stdout
    key.write_text("no key", "ascii")
    assert checked(office, key, file).stderr.startswith(f"{key}: no subkey")
    assert str(file) not in checked(office, key, file).stderr


def checked(office: Office, key: Path, file: Path) -> subprocess.CompletedProcess[str]:
    books = office.app.settings.books
    command = [sys.executable, "-m", "ledger", "check-payees", books, "--key", key, "--bank-file", file]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def test_a_stolen_account_is_not_put_into_a_batch_either(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    steal(office)
    with pytest.raises(errors.PayeeDiffers):
        office.prepare(payments.prepare_batch)


def test_a_trigger_that_puts_another_landlords_account_into_a_payment_seals_nothing(office: Office) -> None:
    digest = proposed(office)
    account = "(SELECT id FROM bank_account WHERE landlord = 'L0002' AND state = 'confirmed')"
    change = f"UPDATE payment SET account_id = {account} WHERE code = new.code"  # noqa: S608  # as a thief would
    rewrite(office, f"CREATE TRIGGER thief AFTER INSERT ON payment BEGIN {change}; END")
    with pytest.raises(errors.IntegrityBroken):
        office.approve(runs.approve_run, MARCH, digest=digest)
    assert sealed(office) == []


def test_a_file_that_was_never_sealed_is_not_laid_into_the_outbox(office: Office) -> None:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    (path,) = office.app.settings.outbox.glob(f"{batch}*")
    forged = path.read_bytes().replace(IBANS["L0001"].encode(), THIEF.encode())
    change = "UPDATE payment_batch SET file_bytes = :data, file_sha256 = :digest"
    rewrite(office, change, data=forged, digest=sha256(forged).hexdigest())
    path.unlink()
    with pytest.raises(errors.IntegrityBroken):
        office.prepare(money.propose_repayment, amount_cents=1)
    assert not path.exists()


def test_what_was_changed_while_it_is_handed_out_is_not_handed_out(office: Office) -> None:
    """Changed before, and put back afterwards: nobody would look in between."""
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    whole = office.ask(office.approver, exports.read_sealed, batch).data
    rewrite(office, "UPDATE payment_batch SET file_bytes = :data", data=whole.replace(IBANS["L0001"].encode(), b"x"))
    with pytest.raises(errors.IntegrityBroken):
        office.ask(office.approver, exports.read_sealed, batch)
    rewrite(office, "UPDATE payment_batch SET file_bytes = :data", data=whole)
    assert office.ask(office.approver, exports.read_sealed, batch).data == whole


def approved(office: Office, approve: Callable[..., object], key: object, digest: str) -> None:
    """Approved by who takes the digest of what is there now for the one that was shown."""
    try:
        office.approve(approve, key, digest=digest)
    except errors.ListChanged as changed:
        office.approve(approve, key, digest=changed.digest)


WRITTEN = {
    "landlord L0001: not what was booked by its fingerprint: name": "UPDATE landlord SET name = 'Another'",
    "landlord L0001: not what was booked by its fingerprint: tax_code": "UPDATE landlord SET tax_code = '99999000229'",
    "landlord L0001: not what was booked by its fingerprint: rf_reference": "UPDATE landlord SET rf_reference = 'RF1'",
    "lease N01 1: not what was booked by its fingerprint": "UPDATE lease SET registration = 'x' WHERE id = 1",
    "lease N01 1: recorded_by is U09 in the database": "UPDATE lease SET recorded_by = 'U09'",
    "control_terms 1: tax_check_days is 999 in the database": "UPDATE control_terms SET tax_check_days = 999",
    "run 2022-03: prepared_by is U09 in the database": "UPDATE run SET prepared_by = 'U09'",
}


@pytest.mark.parametrize("finding", first_of(WRITTEN))
def test_what_a_list_is_shown_and_approved_with_is_what_was_booked(any_office: Office, finding: str) -> None:
    """Each would have stood in the file of the bank, or let the run be approved; it is neither shown nor approved."""
    office, digest = any_office, proposed(any_office)
    rewrite(office, WRITTEN[finding])
    for ask in (
        lambda: office.ask(office.approver, runs.review_run, MARCH),
        lambda: approved(office, runs.approve_run, MARCH, digest),
    ):
        with pytest.raises(errors.IntegrityBroken) as broken:
            ask()
        assert any(one.startswith(finding) for one in broken.value.findings)
    assert sealed(office) == []


@lived_once_anywhere
def returned(office: Office) -> None:
    """An office with a month that is owed again, in a batch that waits for its approval."""
    office.on("2022-03-05")
    takes(office, BankFormat.PAIN_001_09)
    batch = str(office.run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-account")
    office.prepare(payments.prepare_batch)


@pytest.mark.long
@pytest.mark.parametrize(
    "statement",
    first_of(
        [
            "UPDATE payment SET amount_cents = amount_cents - 1 WHERE batch = 'BAT-2022-0002'",
            "UPDATE payment SET rf_reference = 'RF18539007547034' WHERE batch = 'BAT-2022-0002'",
            "UPDATE contribution SET landlord = 'L0003' WHERE household = 'N01'",
            "UPDATE landlord SET name = NULL WHERE code = 'L0001'",
            "UPDATE landlord SET name = 'Another' WHERE code = 'L0001'",
            "UPDATE treasury SET iban = 'IT40S0542811101000000123456'",
        ]
    ),
)
def test_what_a_batch_pays_is_what_is_owed(returned: Office, statement: str) -> None:
    """A change of both rows of a month was sealed, and found by ``fund verify`` once it had left."""
    digest = returned.ask(returned.approver, payments.view_batch, "BAT-2022-0002").digest
    rewrite(returned, statement)
    for ask in (
        lambda: returned.ask(returned.approver, payments.view_batch, "BAT-2022-0002"),
        lambda: approved(returned, payments.approve_batch, "BAT-2022-0002", digest),
    ):
        with pytest.raises(errors.IntegrityBroken):
            ask()


def test_an_act_that_is_hidden_counts(office: Office) -> None:
    """Acts are looked for by their bytes: the columns beside them could take one out of sight."""
    proposed(office)
    office.do(SYSTEM, accounts.suspend_accounts, {1})
    rewrite(office, "DROP TRIGGER journal_entry_no_update")
    rewrite(office, "UPDATE journal_entry SET kind = 'sent' WHERE kind = 'account-suspended'")
    rewrite(office, "UPDATE bank_account SET state = 'confirmed' WHERE landlord = 'L0001'")
    with pytest.raises(errors.IntegrityBroken):
        office.ask(office.approver, runs.view_run, MARCH)


def test_an_act_that_was_never_committed_makes_no_row(any_office: Office) -> None:
    """What the acts make is kept from one look to the next; a look may see acts that are rolled back after it."""
    proposed(any_office)
    with pytest.raises(errors.FundMissing), writing(any_office.app, SYSTEM) as context:
        accounts.suspend_accounts(context, {1})
        check_tables(context)
        raise errors.FundMissing()
    rewrite(any_office, "UPDATE bank_account SET state = 'suspended' WHERE id = 1")
    with pytest.raises(errors.IntegrityBroken, match="account L0001 1: state is suspended"):
        any_office.ask(any_office.approver, runs.view_run, MARCH)


@pytest.mark.long
def test_a_month_that_was_paid_is_not_paid_again(office: Office) -> None:
    """Its rows say that it is owed; the books, that the bank has paid it."""
    office.on("2022-03-05").pay_month(MARCH)
    rewrite(office, "UPDATE payment SET state = 'refused', paid_cents = 0")
    rewrite(office, "UPDATE contribution SET state = 'approved', ordered_cents = 0")
    with pytest.raises(errors.IntegrityBroken):
        office.prepare(payments.prepare_batch)


def test_a_new_reference_is_cited_by_a_batch_that_waits(returned: Office) -> None:
    returned.prepare(landlords.set_rf_reference, "L0001", RF)
    digest = returned.ask(returned.approver, payments.view_batch, "BAT-2022-0002").digest
    returned.approve(payments.approve_batch, "BAT-2022-0002", digest=digest)
    assert RF.encode() in returned.file_of("BAT-2022-0002")
    assert returned.findings() == ()
