"""The personal data of a landlord or a household is erased by two people, and stands nowhere afterwards."""

from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.doors.rendering import render_statement
from fund.services.books import persons
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.context import Context
from fund.services.desk import proposals
from fund.services.households import grants, households
from fund.services.landlords import contacts, erasure, landlords
from fund.services.statements import deliveries, statements
from fund.services.users import users
from fund.services.users.users import NewUser
from fund.settings import Settings
from fund.store.households import free_lots
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office, add_household, admit, lay_key, tax_code_of
from tests.fund.services.banking.test_bank_formats import movement, statement

ON_PAPERS = {
    "name": "Locatore L0001",
    "IBAN": IBANS["L0001"],
    "reference": "RF18539007547034",
    "contract": "REG-N01",
}
"""What papers say of L0001 that the law makes a city keep."""
NOWHERE = {
    "tax code": tax_code_of("L0001"),
    "e-mail": "altrove@example.org",
    "proposed name": "Locatrice nuova",
    "proposed contact": "0461 999999",
    "proposed account": OTHER_IBAN,
    "tax code of N01": tax_code_of("N01"),
    "proposed tax code of N01": tax_code_of("N77"),
}
PAPERS = {"bank_file.content", "payment_batch.file_bytes", "statement.html", "statement.document"}
"""Where they say so. ``docs/access.md`` names them; a statement's PDF says what its page does."""


def live(office: Office) -> None:
    """March is paid to L0001 for N01 and told by the bank; then all is over, and changes of both wait."""
    office.on("2022-03-05").prepare(landlords.set_rf_reference, "L0001", ON_PAPERS["reference"])
    office.prepare(deliveries.queue_link, "L0001")
    batch = office.pay_month(MARCH)
    told = movement("PAY-2022-03-0001", 45_000, IBANS["L0001"], "2022-03-05")
    office.import_file(statement(1, told), "camt.xml")
    office.prepare(statements.issue_statement, render_statement, landlord="L0001", first=MARCH, last=MARCH)
    office.prepare(contacts.change_correspondence, "L0001", email=NOWHERE["e-mail"], language="it")
    changed = {"name": NOWHERE["proposed name"], "contact": NOWHERE["proposed contact"]}
    office.prepare(contacts.propose_change, landlord="L0001", **changed)
    office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.prepare(households.propose_identity, household="N01", tax_code=NOWHERE["proposed tax code of N01"])
    leave(office)
    assert batch in repr(office.dump())


def leave(office: Office) -> None:
    """N01 gives its months back, and its position is closed."""
    months = sorted(office.ask(office.auditor, lambda context: free_lots(context.session, "N01")))
    office.decide(grants.propose_release, household="N01", months=months, reason="departure")
    office.decide(households.propose_exit, household="N01", reason="departure")


def places(office: Office, values: dict[str, str]) -> dict[str, set[str]]:
    """The columns that hold each value."""
    from sqlmodel import SQLModel

    found: dict[str, set[str]] = {name: set() for name in values}
    for table, rows in office.dump().items():
        for column, cells in zip(SQLModel.metadata.tables[table].c, zip(*rows, strict=True), strict=False):
            held = b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)
            for name, value in values.items():
                if value.encode() in held:
                    found[name].add(f"{table}.{column.name}")
    return found


def files_with(office: Office, values: dict[str, str]) -> set[tuple[str, str]]:
    """The files of a home that hold a value, and SQLite's own with its log."""
    files = {path.relative_to(office.app.settings.home): path for path in office.app.settings.home.rglob("*")}
    stem = Path(office.app.database.engine.url.database or "")
    files |= {Path(f"database{suffix}"): stem.with_name(stem.name + suffix) for suffix in ("", "-wal", "-shm")}
    return {
        (name.parts[0], value)
        for name, path in files.items()
        if path.is_file()
        for value, held in values.items()
        if held.encode() in path.read_bytes()
    }


def test_what_is_erased_stands_nowhere_but_on_papers_that_are_kept(any_office: Office) -> None:
    office = any_office
    live(office)
    before = places(office, ON_PAPERS | NOWHERE)
    assert [name for name in before if not before[name]] == [], "each was there"
    office.forget("L0001")
    office.erase("N01")
    after = places(office, ON_PAPERS | NOWHERE)
    assert {name: after[name] for name in NOWHERE} == {name: set() for name in NOWHERE}
    assert set().union(*after.values()) == PAPERS | {"payment.rf_reference"}
    assert files_with(office, NOWHERE) == set(), "nor in the database's file, in its log or beside them"
    assert {name for name, _ in files_with(office, ON_PAPERS)} <= {"database", "outbox"}
    assert office.findings() == ()


def test_an_erasure_is_proposed_by_the_office_and_confirmed_by_an_admin(office: Office) -> None:
    with pytest.raises(errors.NotPermitted):
        office.do(office.admin, erasure.propose_erasure, "L0003")
    number = office.approve(erasure.propose_erasure, "L0003")
    with pytest.raises(errors.NotPermitted):
        office.confirm(number, by=office.preparer)
    with pytest.raises(errors.SamePerson):
        office.confirm(number, by=Actor("U03", access.ADMIN))
    shown = office.ask(office.admin, proposals.read_proposal, number)
    assert (shown.subject, shown.personal) == (
        "L0003",
        {"name_on_file": "Locatore L0003", "tax_code": tax_code_of("L0003")},
    )
    office.do(office.admin, proposals.reject_proposal, number, reason="not-due")
    assert places(office, {"name": "Locatore L0003"})["name"] == {"landlord.name"}
    office.do(office.approver, proposals.withdraw_proposal, office.approve(erasure.propose_erasure, "L0003"))
    office.confirm(office.approve(erasure.propose_erasure, "L0003"), by=office.admin)
    assert places(office, {"name": "Locatore L0003"})["name"] == set()
    for unknown in ("L9999", "N99"):
        with pytest.raises(errors.NotFound):
            office.prepare(erasure.propose_erasure, unknown)


@pytest.mark.long
def test_several_are_erased_at_once_and_each_is_an_entry_with_its_code_alone(office: Office) -> None:
    leave(office)
    named = [office.prepare(erasure.propose_erasure, subject) for subject in ("L0003", "N01")]
    office.confirm(*named, by=office.admin)
    with office.app.database.read() as session:
        entries = session.connection().exec_driver_sql(
            "SELECT landlord, household, prepared_by, approved_by FROM journal_entry "
            "WHERE kind = 'erasure' ORDER BY seq"
        )
        assert [tuple(row) for row in entries] == [("L0003", None, "U02", "U01"), (None, "N01", "U02", "U01")]
    assert office.findings() == ()


@pytest.mark.long
def test_an_erasure_lapses_where_the_data_is_needed_again(office: Office) -> None:
    number = office.prepare(erasure.propose_erasure, "L0003")
    add_household(office, "N07", "L0003")
    assert office.confirm(number, by=office.admin)[0].state == "lapsed"
    batch = office.on("2022-03-05").pay_month(MARCH)
    leave(office)
    number = office.prepare(erasure.propose_erasure, "N01")
    office.give_back(batch, "PAY-2022-03-0001")
    assert office.ask(office.admin, proposals.read_proposal, number).state == "lapsed"
    with pytest.raises(errors.ErasureBlocked) as blocked:
        office.prepare(erasure.propose_erasure, "N01")
    assert blocked.value.reason == "money-owed"


def test_the_person_of_an_erased_household_is_known_and_comes_back_by_two_people(any_office: Office) -> None:
    office = any_office
    leave(office)
    office.erase("N01")
    with pytest.raises(errors.PersonIsHousehold):
        admit(office, "N09", tax_code_of("N01"))
    with pytest.raises(errors.StateNotAllowed):
        office.prepare(households.propose_identity, household="N01", tax_code=tax_code_of("N77"))
    admit(office, "N09", tax_code_of("N01"), "person-returns")
    assert office.findings() == ()


@pytest.mark.long
def test_what_was_erased_after_an_export_stays_erased_where_that_is_imported(office: Office, tmp_path: Path) -> None:
    live(office)
    sealed = office.do(office.admin, persons.export_persons)
    office.forget("L0001")
    office.erase("N01")
    home = tmp_path / "new"
    app = open_app(Settings(home, f"sqlite:///{home / 'fund.sqlite'}"), office.clock)
    lay_key(app.settings)
    with app.database.write() as session:
        context = Context(session, SYSTEM, app.clock.now(), app.fingerprint_key)
        rebuild(context, read_source(office.app.settings.books))
        session.commit()
    app.books.publish()
    again = Office(app, office.clock)
    again.do(SYSTEM, persons.import_persons, sealed)
    found = places(again, ON_PAPERS | NOWHERE)
    assert set().union(*found.values()) == {"statement.html", "statement.document"}
    assert files_with(again, NOWHERE) == set()
    assert again.findings() == office.findings() == ()
    again.close()


def test_of_a_disabled_user_the_login_alone_is_left(office: Office) -> None:
    new = NewUser("parte", access.PREPARER, "parte@example.org", tax_code_of("N55"))
    office.do(office.admin, users.add_user, new, secret="of the invitation")
    values = {"e-mail": new.email, "tax code": new.tax_code}
    assert places(office, values)["e-mail"]
    office.do(office.admin, users.disable_user, "parte")
    assert places(office, values) == {"e-mail": set(), "tax code": set()}
    assert files_with(office, values) == set()
