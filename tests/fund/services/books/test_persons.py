"""What the books lack leaves encrypted, and comes back into a fund that was rebuilt from them, each value proved."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.fingerprints import Domain, Fingerprints
from fund.doors.rendering import render_statement
from fund.services.books import persons, verification
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.context import Context
from fund.services.desk.proposals import read_proposal
from fund.services.households import households
from fund.services.landlords import checks, contacts, landlords
from fund.services.statements import statements
from fund.settings import Settings
from fund.vault import open_lines, seal_lines
from tests.examples import first_of
from tests.fund.fixtures import lived_once
from tests.fund.kit import IBANS, KEY, MARCH, Office, lay_key, tax_code_of

EXPORT_KEY = Fingerprints(KEY).subkey(Domain.EXPORT)


@lived_once
def office(office: Office) -> None:
    """The small fund after March, which is paid; a tax check is made, and a change of L0001 waits."""
    office.on("2022-03-05").pay_month(MARCH)
    said = {"checked_on": date(2022, 3, 5), "reference": "T-1", "outcome": "nothing-due"}
    office.prepare(checks.record_tax_check, landlord="L0001", **said)
    office.prepare(contacts.propose_change, landlord="L0001", name="Locatrice L0001")
    office.prepare(statements.issue_statement, render_statement, landlord="L0001", first=MARCH, last=MARCH)


@pytest.fixture
def exported(office: Office) -> bytes:
    """The admin exports, and L0003 is erased then."""
    sealed = office.do(office.admin, persons.export_persons)
    office.forget("L0003")
    return sealed


@pytest.fixture
def rebuilt(office: Office, exported: bytes, tmp_path: Path) -> Iterator[Office]:  # what was lived
    app = open_app(Settings(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'fund.sqlite'}"), office.clock)
    lay_key(app.settings)
    with app.database.write() as session:
        source = read_source(office.app.settings.books)
        rebuild(Context(session, SYSTEM, app.clock.now(), app.fingerprint_key), source)
        session.commit()
    app.books.publish()
    yield Office(app, office.clock)
    app.close()


def test_a_rebuilt_fund_has_its_people_again_and_pays(office: Office, exported: bytes, rebuilt: Office) -> None:
    assert all(value.encode() not in exported for value in (IBANS["L0001"], tax_code_of("N01"), "Locatore"))
    before = rebuilt.ask(office.auditor, landlords.list_landlords)
    assert {row.name for row in before} == {None}
    assert rebuilt.do(SYSTEM, persons.import_persons, exported) > 0
    assert rebuilt.do(SYSTEM, persons.import_persons, exported) == 0, "twice is the same as once"
    assert _persons(rebuilt) == _persons(office)
    assert {row.tax_code for row in rebuilt.ask(office.auditor, landlords.list_landlords) if row.erased_on} == {None}
    waiting = office.newest("change-contact")
    assert rebuilt.ask(office.approver, read_proposal, waiting) == office.ask(office.approver, read_proposal, waiting)
    found = [
        one.ask(one.auditor, verification.verify, one.app.settings.books, one.app.settings.outbox)
        for one in (office, rebuilt)
    ]
    assert [view.findings for view in found] == [(), ()]
    absent = {warning for warning in found[1].warnings if "absent" in warning}
    assert all(warning.startswith("password of") for warning in absent), "users are invited anew"
    paid = rebuilt.on("2022-04-05").run_month(MARCH.plus(1))
    rebuilt.settle(str(paid.batch))
    assert (rebuilt.months_used("N01"), rebuilt.findings()) == (2, ())


def _persons(office: Office) -> list[dict[str, object]]:
    """Landlords and households as they are kept."""
    people = [
        *office.ask(office.auditor, landlords.list_landlords),
        *office.ask(office.auditor, households.list_households),
    ]
    return [person.model_dump() for person in people]


def _another_iban(line: str) -> str:
    return line.replace(IBANS["L0002"], IBANS["L0003"])


def _another_outcome(line: str) -> str:
    return line.replace("nothing-due", "debt-found")


def _another_name(line: str) -> str:
    return line.replace("Locatrice", "Locatario")


def _unknown(line: str) -> str:
    row = json.loads(line)
    return json.dumps({**row, "key": ["N77"]}) if row["table"] == "household" else line


@pytest.mark.parametrize(
    ("change", "named"),
    first_of(
        [
            (_another_iban, "bank_account L0002 1 (iban)"),
            (_another_outcome, "tax_check"),
            (_another_name, "proposal"),
            (_unknown, "household N77"),
        ]
    ),
)
def test_what_is_not_as_booked_is_named_and_nothing_is_written(
    exported: bytes, rebuilt: Office, change: Callable[[str], str], named: str
) -> None:
    before = rebuilt.dump()
    forged = seal_lines(EXPORT_KEY, map(change, open_lines(EXPORT_KEY, exported)))
    with pytest.raises(errors.PersonsNotAsBooked) as refused:
        rebuilt.do(SYSTEM, persons.import_persons, forged)
    assert named in refused.value.findings[0]
    assert rebuilt.dump() == before


@pytest.mark.parametrize(
    "kept", first_of([lambda file: file[:-9] + b"=", lambda file: file[: file.rindex(b"\n")], lambda _: b""])
)
def test_a_file_that_was_cut_or_is_another_is_refused(
    exported: bytes, rebuilt: Office, kept: Callable[[bytes], bytes]
) -> None:
    before = rebuilt.dump()
    with pytest.raises(errors.ExportUnreadable):
        rebuilt.do(SYSTEM, persons.import_persons, kept(exported))
    assert rebuilt.dump() == before
