"""The fund's key is changed: by two people, at one instant, and everything is proved as it was."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.fingerprints import Domain, Fingerprints
from fund.doors.jobs.scheduler import run_job
from fund.services.books import keys, persons
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.desk import proposals
from fund.services.landlords import accounts, landlords
from fund.services.payouts import runs
from fund.services.users import own_ibans, tokens, users
from fund.settings import Settings
from fund.store.tables import BankAccount, Landlord, table
from ledger.bank_orders import read_payees
from ledger.payee_check import check_payees
from ledger.verify import verify_books
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import IBANS, KEY, MARCH, OTHER_IBAN, THIRD_IBAN, Office, new_user

APRIL = MARCH.plus(1)


def propose(office: Office) -> int:
    return office.do(office.admin, keys.propose_key)


def change_key(office: Office) -> bytes:
    """The admin proposes another key, the auditor confirms it; returns it."""
    office.confirm(propose(office), by=office.auditor)
    return office.app.fingerprint_key.read()


@lived_once_anywhere
def paid(office: Office) -> None:
    """March is paid, a user's own IBAN is known, and a landlord was erased."""
    office.on("2022-03-05")
    office.do(office.admin, own_ibans.set_user_ibans, "pre", [THIRD_IBAN])
    office.pay_month(MARCH)
    office.forget("L0003")
    assert office.findings() == ()


def test_everything_is_proved_under_another_key_and_goes_on(paid: Office) -> None:
    """What was sealed before is proved by the subkey of the former key and of the new one, and by no other."""
    (sealed,) = (file.read_bytes() for file in paid.app.settings.outbox.iterdir())
    new = change_key(paid)
    assert paid.findings() == ()
    key = paid.app.fingerprint_key
    assert key.former(Fingerprints(KEY).key_check).read() == KEY != new
    assert not key.successor.path.exists()

    result = verify_books(paid.app.settings.books, keep_records=True)
    assert not result.violations
    entries, lines = [record.record.entry for record in result.records], read_payees(sealed)
    for known, proved in ((KEY, len(lines)), (new, len(lines)), (bytes(32), 0)):
        assert check_payees(entries, lines, Fingerprints(known).subkey(Domain.PAYEE)).proved == proved

    paid.on("2022-04-05").pay_month(APRIL)
    office_changes_accounts(paid)
    change_key(paid)
    assert paid.findings() == ()
    assert paid.kinds().count("key-changed") == 2


def office_changes_accounts(office: Office) -> None:
    """An account that was confirmed under the former key is suspended, and another one is proposed and confirmed."""
    number = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(number, called_back_on=office.day)
    assert office.findings() == ()


@pytest.mark.long
def test_a_rebuilt_fund_opens_with_the_key_in_force_and_takes_the_values_back(paid: Office, tmp_path: Path) -> None:
    change_key(paid)
    exported = paid.do(paid.admin, persons.export_persons)
    settings = Settings(tmp_path / "again", f"sqlite:///{tmp_path / 'again.sqlite'}")
    settings.home.mkdir()
    lay(settings.fingerprint_key_file, paid.app.fingerprint_key.read())
    again = Office(open_app(settings, paid.clock), paid.clock)
    again.do(SYSTEM, rebuild, read_source(paid.app.settings.books))
    with pytest.raises(errors.KeyChangeWaits) as refused:
        propose(again)
    assert "bank_account L0001 1" in refused.value.waits
    again.do(SYSTEM, persons.import_persons, exported)
    assert again.findings() == ()
    again.close()

    lay(settings.fingerprint_key_file, KEY)
    with pytest.raises(errors.FingerprintKeyWrong):
        open_app(settings, paid.clock)


def lay(file: Path, key: bytes) -> None:
    file.unlink(missing_ok=True)
    file.write_bytes(base64.urlsafe_b64encode(key))
    file.chmod(0o600)


@pytest.mark.long
def test_nothing_else_may_wait_for_a_second_person(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.open_runs()
    office.prepare(runs.propose_run, MARCH)
    with pytest.raises(errors.KeyChangeWaits) as refused:
        propose(office)
    assert refused.value.waits == ["run 2022-03"]
    office.approve_run(MARCH)
    key_change = propose(office)
    other = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    with pytest.raises(errors.KeyChangeWaits) as refused:
        office.confirm(key_change, by=office.auditor)
    assert refused.value.waits == [f"proposal {other}"]
    office.do(office.preparer, proposals.withdraw_proposal, other)
    with pytest.raises(errors.NotPermitted):
        office.do(office.preparer, keys.propose_key)
    with pytest.raises(errors.NotPermitted):
        office.confirm(key_change, by=office.preparer)
    office.confirm(key_change)
    assert office.findings() == ()


def test_a_value_that_is_not_the_booked_one_changes_no_key(any_office: Office) -> None:
    """What two people did not confirm gets no fingerprint under the new key."""
    office = any_office.on("2022-03-05")
    number = propose(office)
    with office.app.database.write() as session:
        of = table(BankAccount)
        session.connection().execute(of.update().where(of.c.landlord == "L0002").values(iban=OTHER_IBAN))
        session.commit()
    before = office.kinds()
    with pytest.raises(errors.PayeeDiffers):
        office.confirm(number, by=office.auditor)
    with office.app.database.write() as session:
        session.connection().execute(of.update().where(of.c.landlord == "L0002").values(iban=IBANS["L0002"]))
        session.connection().execute(table(Landlord).update().values(name="Another"))
        session.commit()
    with pytest.raises(errors.IntegrityBroken):
        office.confirm(number, by=office.auditor)
    assert office.kinds() == before
    assert office.app.fingerprint_key.read() == KEY


def test_users_come_in_anew_and_are_known_as_long_as_the_former_key_is_kept(any_office: Office) -> None:
    """Of a user's tax code and own IBAN the fund has fingerprints alone: they stay under the key of their time."""
    office = any_office.on("2022-03-05")
    office.do(office.admin, own_ibans.set_user_ibans, "pre", [THIRD_IBAN, IBANS["L0001"]])
    office.do(office.preparer, tokens.create_token, token="0" * 12, secret="secret")
    change_key(office)
    assert office.ask(office.preparer, tokens.list_tokens, office.preparer.code) == []
    known = [IBANS["L0001"], THIRD_IBAN]
    assert office.ask(office.admin, own_ibans.ibans_of_users, known) == set(known)
    same_person = replace(new_user("pre", "auditor"), login="other")
    with pytest.raises(errors.PersonIsUser):
        office.do(office.admin, users.add_user, same_person, secret="invitation")
    office.app.fingerprint_key.former(Fingerprints(KEY).key_check).path.unlink()
    assert office.ask(office.admin, own_ibans.ibans_of_users, known) == {IBANS["L0001"]}
    assert office.findings() == ()
    office.ask(office.auditor, accounts.check_current_accounts)


@pytest.mark.parametrize("spoil", ["deleted", "truncated", "replaced", "readable by others"])
def test_a_running_service_takes_no_other_key(office: Office, spoil: str) -> None:
    """The key is asked for by its check value whenever it is read: nothing is written or let in, and nothing made."""
    file = office.on("2022-03-05").app.settings.fingerprint_key_file
    whole = file.read_bytes()
    match spoil:
        case "deleted":
            file.unlink()
        case "truncated":
            file.write_bytes(whole[:20])
        case "replaced":
            file.write_bytes(base64.urlsafe_b64encode(bytes(32)))
        case _:
            file.chmod(0o644)
    before = file.read_bytes() if file.exists() else None
    absent = (errors.FingerprintKeyMissing, errors.FingerprintKeyDamaged)
    refusals = (*absent, errors.FingerprintKeyWrong, errors.KeyExposed)
    for refused in (
        lambda: office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN),
        lambda: office.do(SYSTEM, runs.open_due_runs),
        lambda: office.ask(office.auditor, accounts.check_current_accounts),
        lambda: open_app(office.app.settings),
    ):
        with pytest.raises(refusals):
            refused()
    assert run_job(office.app, "closing") == "failed"
    assert (file.read_bytes() if file.exists() else None) == before
