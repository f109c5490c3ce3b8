"""What is changed in the database for one act alone, and put back before anybody looks: the act is refused."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fund.domain import errors
from fund.services.banking import imports
from fund.services.desk.proposals import read_proposal
from fund.services.households import grants
from fund.services.landlords import landlords
from fund.services.payouts import runs
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.books.tampering import indexed_by, rewrite

OPENING = 1_000_000


@contextmanager
def changed(office: Office, statement: str, back: str) -> Iterator[None]:
    """A row is changed for a while."""
    rewrite(office, statement)
    try:
        yield
    finally:
        rewrite(office, back)


FLIPS = {
    "rent": (
        "UPDATE lease_rent SET rent_cents = 45000 WHERE household = 'N02'",
        "UPDATE lease_rent SET rent_cents = 40000 WHERE household = 'N02'",
    ),
    "landlord": (
        "UPDATE lease SET landlord = 'L0003' WHERE household = 'N02'",
        "UPDATE lease SET landlord = 'L0002' WHERE household = 'N02'",
    ),
}


@pytest.mark.parametrize("flip", FLIPS)
def test_a_month_is_worked_out_again_from_what_was_booked(any_office: Office, flip: str) -> None:
    """A month on hold was resumed with the rent, or to the landlord, that stood there for that act."""
    office = any_office.on("2022-03-05")
    office.open_runs()
    office.prepare(runs.propose_run, MARCH)
    (month,) = office.contributions(household="N02")
    office.approve(runs.hold_months, [month.id], reason="on-hold")
    with changed(office, *FLIPS[flip]), pytest.raises(errors.IntegrityBroken):
        office.prepare(runs.resume_months, [month.id], into=MARCH)
    assert office.findings() == ()


CONCERNS = {
    "its own row": ("UPDATE household SET cap_months = {} WHERE code = 'N02'", "19", "20"),
    "its lease": ("UPDATE lease SET landlord = {} WHERE household = 'N02'", "'L0001'", "'L0002'"),
    "its landlord": ("UPDATE landlord SET registered_on = {} WHERE code = 'L0002'", "'2021-01-01'", "'2022-01-10'"),
    "the fund": ("UPDATE control_terms SET tax_check_days = {}", "99", "15"),
}


@pytest.mark.parametrize("what", CONCERNS)
def test_an_act_about_a_household_is_held_against_what_concerns_it(any_office: Office, what: str) -> None:
    number = any_office.prepare(grants.propose_contribution, household="N02", since=MARCH.plus(1), amount_cents=39_000)
    flip, other, as_booked = CONCERNS[what]
    with changed(any_office, flip.format(other), flip.format(as_booked)), pytest.raises(errors.IntegrityBroken):
        any_office.confirm(number)
    assert any_office.findings() == ()
    any_office.confirm(number)


def test_what_was_changed_of_another_household_stops_the_run_and_no_act_about_this_one(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.open_runs()
    number = office.prepare(grants.propose_contribution, household="N02", since=MARCH.plus(1), amount_cents=39_000)
    flip = "UPDATE lease_rent SET rent_cents = {} WHERE household = 'N01'"
    with changed(office, flip.format(50_001), flip.format(50_000)):
        office.confirm(number)
        with pytest.raises(errors.IntegrityBroken):
            office.prepare(runs.propose_run, MARCH)
    assert office.findings() == ()


def test_the_contact_to_call_back_is_the_one_on_file(any_office: Office) -> None:
    """The approver was shown the number of whoever wrote it there, and confirmed a new account after that call."""
    number = any_office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    flip = "UPDATE landlord SET contact = '{}' WHERE code = 'L0001'"
    contact = any_office.ask(any_office.approver, read_proposal, number).personal["contact_on_file"]
    with changed(any_office, flip.format("+39 000 0000000"), flip.format(contact)):
        for ask in (
            lambda: any_office.ask(any_office.approver, read_proposal, number),
            lambda: any_office.confirm(number, called_back_on=any_office.day),
        ):
            with pytest.raises(errors.IntegrityBroken):
                ask()


def test_a_file_of_the_bank_is_booked_as_it_was_received(any_office: Office) -> None:
    """Between receipt and booking the bytes were others: a settlement was a refusal, and the month was owed again."""
    office = any_office.on("2022-03-05")
    office.run_month(MARCH)
    true = statement(1, OPENING, Moved(-45_000, "PAY-2022-03-0001", IBANS["L0001"]))
    false = statement(1, OPENING, Moved(500_000, text="tranche"))
    checksum = office.prepare(imports.receive_file, name="camt.xml", data=true)
    rewrite(office, "UPDATE bank_file SET content = :content", content=false)
    with pytest.raises(errors.IntegrityBroken):
        office.prepare(imports.book_file, checksum)
    rewrite(office, "UPDATE bank_file SET content = :content", content=true)
    office.prepare(imports.book_file, checksum)


def test_a_home_that_is_put_back_under_a_running_service_is_refused(office: Office) -> None:
    """Database, books and outbox of before: a month would be paid a second time, and nothing would contradict it."""
    office.on("2022-03-05").app.database.dispose()
    home, file = office.app.settings.home, Path(str(office.app.database.engine.url.database))
    shutil.copytree(home, home.with_name("before"))
    database = file.read_bytes()
    office.pay_month(MARCH)
    office.app.database.dispose()
    shutil.rmtree(home)
    shutil.copytree(home.with_name("before"), home)
    file.write_bytes(database)
    with pytest.raises(errors.IntegrityBroken, match="lacks the head"):
        office.prepare(runs.prepare_due_runs)


def test_a_sealed_batch_has_its_own_file(any_office: Office) -> None:
    """Its bytes laid into another row, where nothing reads them, were taken for the evidence that is held."""
    office = any_office.on("2022-03-05")
    office.run_month(MARCH)
    rewrite(office, "UPDATE payment_batch SET file_bytes = NULL")
    assert "workflow: batch BAT-2022-0001: the file that was sealed is not held" in office.findings()


def test_a_row_that_its_index_does_not_know_is_found(office: Office) -> None:
    """A second row of an account, with another IBAN, hid behind the true one, which was read after it."""
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.acknowledge(MARCH)
    with office.app.database.read() as session:
        names = [row[1] for row in session.connection().exec_driver_sql("PRAGMA table_info('bank_account')")]
    values = {"id": "-7", "iban": f"'{OTHER_IBAN}'"}
    read = ", ".join(values.get(name, f'"{name}"') for name in names)
    copy = f"INSERT INTO bank_account SELECT {read} FROM bank_account WHERE landlord = 'L0001'"  # noqa: S608
    office.app.database.dispose()
    with indexed_by(office, "bank_account") as connection:
        connection.execute(copy)
    finding = "workflow: account L0001 1: row is there 2 times in the database, there once in the books"
    assert finding in office.findings()
    with pytest.raises(errors.IntegrityBroken):
        office.ask(office.approver, runs.view_run, MARCH)
