"""An agreement is shortened and extended by acts of the city, and pays on another day: by two people, in the books."""

from datetime import date
from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.services.books import verification
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.desk import proposals
from fund.services.households import grants, households
from fund.services.money import agreement
from fund.settings import Settings
from fund.store.tables import Fund, table
from ledger.months import Month
from tests.fund.kit import MARCH, Office, lay_key, tax_code_of

SEPTEMBER = Month(2022, 9)


def amend(office: Office, act: str, **window: object) -> None:
    office.decide(agreement.propose_amendment, act=act, act_date=office.day, **window)


def commit_september(office: Office) -> None:
    facts = {"first_month": SEPTEMBER, "months": 1, "amount_cents": 45_000}
    office.decide(grants.propose_commitment, household="N01", **facts)


def caps(office: Office) -> list[int]:
    return [row.cap_months for row in office.ask(office.auditor, households.list_households)]


def test_an_agreement_ends_earlier_and_is_extended_in_time(any_office: Office, tmp_path: Path) -> None:
    """Months after the end are not promised; households follow the cap, but for a lower one that is their own."""
    office = any_office.on("2022-03-01")
    office.decide(households.propose_admission, code="N03", tax_code=tax_code_of("N03"), cap_months=12)
    amend(office, "31/2022", activities_end=date(2022, 9, 2), target_months=6, cap_months=15)
    assert caps(office) == [15, 15, 12]
    with pytest.raises(errors.MonthOutsideAgreement):
        commit_september(office)
    amend(office, "45/2022", activities_end=date(2023, 12, 2), cap_months=10)
    commit_september(office)
    assert caps(office) == [10, 10, 10]
    office.on("2022-03-05").pay_month(MARCH)
    assert office.findings() == ()

    settings = Settings(tmp_path / "again", f"sqlite:///{tmp_path / 'again.sqlite'}")
    lay_key(settings)
    again = Office(open_app(settings, office.clock), office.clock)
    again.do(SYSTEM, rebuild, read_source(office.app.settings.books))
    stated = again.ask(again.auditor, agreement.read_agreement)
    assert (stated.fund.activities_end, stated.fund.target_months) == (date(2023, 12, 2), 6)
    assert stated.terms == office.ask(office.auditor, agreement.terms_in_force)
    again.close()


@pytest.mark.long
def test_other_terms_are_shown_beside_those_in_force_and_lapse_with_them(any_office: Office) -> None:
    """What the approver is shown is what changes; where the agreement is amended meanwhile, nothing is confirmed."""
    office = any_office.on("2022-03-01")
    number = office.prepare(agreement.propose_terms, pay_day=7, threshold=(date(2022, 1, 1), 400_000))
    shown = office.ask(office.approver, proposals.read_proposal, number)
    assert (shown.values["pay_day"], shown.values["pay_day_before"]) == (7, 5)
    assert str(shown.values["tax_thresholds"]).endswith("2022-01-01:4000.00")
    amend(office, "31/2022", activities_end=date(2025, 12, 2))
    assert office.ask(office.approver, proposals.read_proposal, number).state == "lapsed"

    office.set_terms(pay_day=7, cooling_off_days=12, payee_check="required", tax_check_days=10)
    assert office.on("2022-03-06").open_runs() == []
    assert office.on("2022-03-07").open_runs() == [MARCH]
    asked = office.ask(office.auditor, agreement.read_terms)
    assert (asked.payee_check_required, asked.tax_check_days) == (True, 10)
    with pytest.raises(errors.NotPermitted):
        office.do(SYSTEM, agreement.propose_amendment, act="1/2022", act_date=office.day, cap_months=18)
    assert office.findings() == ()


def test_the_auditors_addresses_are_agreed_to_by_two_people_and_bound(any_office: Office) -> None:
    """Who is sent the heads is shown whole to those who decide; another address, or none, in the database is told."""
    office, addresses = any_office.on("2022-03-01"), "revisori@example.org,dg@example.org"
    number = office.prepare(agreement.propose_terms, auditors=addresses)
    assert office.ask(office.auditor, agreement.read_agreement).fund.auditors is None
    assert office.ask(office.approver, proposals.read_proposal, number).personal == {
        "auditors_on_file": None,
        "auditors": addresses,
    }
    office.confirm(number)
    office.set_terms(pay_day=7)
    assert office.ask(office.auditor, agreement.read_agreement).fund.auditors == addresses
    assert office.findings() == ()
    set_auditors(office, "thief@example.org")
    (found,) = office.findings()
    assert "auditors" in found
    set_auditors(office, None)
    view = office.ask(office.auditor, verification.verify, office.app.settings.books, office.app.settings.outbox)
    assert any("auditors' addresses" in warning for warning in view.warnings)


def set_auditors(office: Office, addresses: str | None) -> None:
    with office.app.database.write() as session:
        session.connection().execute(table(Fund).update().values(auditors=addresses))
        session.commit()
