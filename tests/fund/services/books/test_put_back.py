"""What is changed in the database for one act alone, and put back before anybody looks: the act is refused."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.doors.rendering import render_statement
from fund.services.banking import bank_rules, imports
from fund.services.banking.resolutions import set_aside_lines
from fund.services.desk.proposals import read_proposal
from fund.services.households import grants
from fund.services.landlords import landlords
from fund.services.money import balances
from fund.services.payouts import runs
from fund.services.statements import statements
from tests.examples import first_of
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.books.tampering import behind_triggers, indexed_by, rewrite, tamper

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


@pytest.mark.parametrize("flip", first_of(FLIPS))
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


@pytest.mark.parametrize("what", first_of(CONCERNS))
def test_an_act_about_a_household_is_held_against_what_concerns_it(any_office: Office, what: str) -> None:
    number = any_office.prepare(grants.propose_contribution, household="N02", since=MARCH.plus(1), amount_cents=39_000)
    flip, other, as_booked = CONCERNS[what]
    with changed(any_office, flip.format(other), flip.format(as_booked)), pytest.raises(errors.IntegrityBroken):
        any_office.confirm(number)
    assert any_office.findings() == ()
    any_office.confirm(number)


@pytest.mark.long
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
    copy = f"INSERT INTO bank_account SELECT {read} FROM bank_account WHERE landlord = 'L0001'"  # noqa: S608  # texts of ours
    office.app.database.dispose()
    with indexed_by(office, "bank_account") as connection:
        connection.execute(copy)
    finding = "workflow: account L0001 1: row is there 2 times in the database, there once in the books"
    assert finding in office.findings()
    with pytest.raises(errors.IntegrityBroken):
        office.ask(office.approver, runs.view_run, MARCH)


LINES = {
    "payment": "payment = 'PAY-2022-03-0001', counterparty_iban = NULL",
    "amount": "amount_cents = 39900",
    "day": "bank_date = '2022-03-06'",
}


@pytest.mark.parametrize("cell", first_of(LINES))
def test_a_line_that_waits_is_booked_as_the_bank_sent_it(any_office: Office, cell: str) -> None:
    """It told of a day to come, and said something else when that had come; and then all of it was bound anew."""
    office = any_office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    ahead = Moved(-40_000, "PAY-2022-03-0002", IBANS["L0002"])
    office.import_file(statement(1, OPENING, ahead), "ahead.xml")
    assert office.findings() == ()
    rewrite(office.on("2022-03-08"), f"UPDATE bank_line SET {LINES[cell]}")  # noqa: S608  # texts of ours
    later = office.prepare(imports.receive_file, name="b.xml", data=statement(2, OPENING, day="2022-03-08"))
    with pytest.raises(errors.IntegrityBroken, match="its lines are not what was booked"):
        office.prepare(imports.book_file, later)
    assert "settlement" not in office.kinds()


@pytest.mark.long
@pytest.mark.parametrize("by_rule", first_of([False, True]))
def test_a_line_is_set_aside_as_the_bank_sent_it(any_office: Office, by_rule: bool) -> None:
    """What it said of our payment stood in no row for that time, so that person or rule took it for a stranger's."""
    office = any_office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    named = Moved(-44_900, text="PAY-2022-03-0001")
    view = office.import_file(statement(1, OPENING, named), "a.xml")
    rewrite(office.on("2022-03-08"), "UPDATE bank_line SET bank_reference = 'other', remittance = 'bolletta'")
    with pytest.raises(errors.IntegrityBroken, match="its lines are not what was booked"):
        if by_rule:
            office.decide(bank_rules.propose_bank_rule, text="bolletta")
        else:
            office.prepare(set_aside_lines, [(view.sha256, 1)], reason="other-business")


PAYMENTS = {
    "amount": ("amount_cents = 44900, outstanding_cents = 44900", Moved(-44_900, "PAY-2022-03-0001", IBANS["L0001"])),
    "account": (
        "account_id = (SELECT id FROM bank_account WHERE landlord = 'L0002')",
        Moved(-45_000, "PAY-2022-03-0001", IBANS["L0002"]),
    ),
}


@pytest.mark.parametrize("cell", first_of(PAYMENTS))
def test_an_answer_is_booked_for_the_payment_that_was_ordered(any_office: Office, cell: str) -> None:
    """The bank paid another amount, or to another account, and the payment's row said the same."""
    office = any_office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    flip, told = PAYMENTS[cell]
    office.on("2022-03-08")
    checksum = office.prepare(imports.receive_file, name="camt.xml", data=statement(1, OPENING, told))
    rewrite(office, f"UPDATE payment SET {flip} WHERE code = 'PAY-2022-03-0001'")  # noqa: S608  # texts of ours
    with pytest.raises(errors.IntegrityBroken, match="is not what was ordered"):
        office.prepare(imports.book_file, checksum)


@pytest.mark.parametrize("part", first_of(["pdf", "html", "document"]))
def test_a_statement_is_handed_out_as_it_was_issued(office: Office, part: str) -> None:
    """What a page, a mail or a landlord's own link would have shown was what stood in the row for that time."""
    office.on("2022-03-05").pay_month(MARCH)
    period = {"landlord": "L0001", "first": MARCH, "last": MARCH}
    issued = office.prepare(statements.issue_statement, render_statement, **period)
    own = Actor("L0001", access.LANDLORD)
    assert office.ask(own, statements.read_own_pdf, issued.number) == issued.pdf
    tamper(office, f"UPDATE statement SET {part} = x'20'")  # noqa: S608  # texts of ours
    for actor, read in (
        (office.preparer, statements.read_statement),
        (office.preparer, statements.view_issued),
        (own, statements.read_own_pdf),
    ):
        with pytest.raises(errors.IntegrityBroken, match="not what was issued"):
            office.ask(actor, read, issued.number)


POSTINGS = {
    "cash": "account = 'Assets:Treasury'",
    "a lot": "month = '2022-04' AND account LIKE '%N01'",
}


@pytest.mark.parametrize("of", first_of(POSTINGS))
def test_balances_are_those_of_the_entries(office: Office, of: str) -> None:
    """More money than there is was shown to the approver, or a month that was not committed was on the list."""
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.acknowledge(MARCH)
    with behind_triggers(office, "posting") as connection:
        changed = f"UPDATE posting SET amount_cents = amount_cents * 2 WHERE {POSTINGS[of]}"  # noqa: S608  # texts of ours
        connection.exec_driver_sql(changed)
    for look in (balances.read_balances, partial(runs.view_run, month=MARCH)):
        with pytest.raises(errors.IntegrityBroken, match="not what the entries add up to"):
            office.ask(office.approver, look)
