"""Who proposed the account, the lease or the months that a payment uses does not approve it."""

from datetime import date

import pytest

from fund.documents.resources import shipped
from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.domain.agreement.reading import read_agreement
from fund.services import founding
from fund.services.desk import proposals
from fund.services.households import leases, reproposals
from fund.services.landlords import landlords
from fund.services.payouts import runs
from ledger.months import Month
from tests.fund.kit import MARCH, OTHER_IBAN, Office, accept, add_user, change_role, confirm_users, hire

APRIL = MARCH.plus(1)


@pytest.mark.long
def test_the_only_approver_typed_a_lease_and_is_not_stuck_for_ever(any_office: Office) -> None:
    """A preparer became the approver: what they typed is proposed again by another preparer, and confirmed."""
    office = any_office.on("2022-03-01")
    office.prepare(leases.end_lease, 1, ends_on=date(2022, 3, 31))
    facts = {"registration": "REG-3", "starts_on": date(2022, 4, 1), "rent_cents": 50_000}
    change_role(office, "U03", access.PREPARER)
    office.do(Actor("U03", access.PREPARER), leases.add_lease, household="N01", landlord="L0003", **facts)
    change_role(office, "U03", access.APPROVER)
    office.on("2022-04-05").open_runs()
    for month in (MARCH, APRIL):
        office.prepare(runs.propose_run, month)
    office.approve_run(MARCH)
    with pytest.raises(errors.ProposedByApprover) as refused:
        office.approve_run(APRIL)
    assert refused.value.months == ["N01 2022-04"]
    again = office.prepare(reproposals.propose_again, "N01")
    shown = office.ask(office.approver, proposals.read_proposal, again).values
    assert "L0003 2022-04-01/: 500.00 from 2022-04-01" in str(shown["leases"])
    office.confirm(again)
    assert office.approve_run(APRIL).run.state == "approved"
    assert office.findings() == ()


@pytest.mark.long
def test_an_account_is_not_paid_by_the_approver_who_proposed_it(any_office: Office) -> None:
    office = any_office.on("2022-03-01")
    typist, other = Actor("U03", access.PREPARER), Actor(add_user(office, "other", access.APPROVER), access.APPROVER)
    accept(office, "other")
    confirm_users(office)
    change_role(office, "U03", access.PREPARER)
    number = office.do(typist, landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(number, by=other, called_back_on=office.day)
    change_role(office, "U03", access.APPROVER)
    office.on("2022-03-12").open_runs()
    office.prepare(runs.propose_run, MARCH)
    with pytest.raises(errors.ProposedByApprover):
        office.approve_run(MARCH)
    again = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(again, called_back_on=office.day)
    assert office.approve_run(MARCH).waiting == (), "the same IBAN does not cool off twice"
    assert office.findings() == ()


def test_what_an_agreement_file_brings_pays_once_two_people_confirmed_it(empty_office: Office) -> None:
    office = empty_office.on("2022-03-05")
    agreement = read_agreement(shipped("examples") / "trento.toml")
    office.do(SYSTEM, founding.found, agreement, ())
    hire(office)
    open_ = [view.number for view in office.ask(office.approver, proposals.list_proposals)]
    assert [view.may_confirm for view in office.ask(office.approver, proposals.list_proposals)] == [False] * len(open_)
    assert office.balances().fund.committed_cents == 0
    office.confirm(*open_, by=office.preparer)
    with pytest.raises(errors.SamePerson):
        office.confirm(open_[0], by=Actor(office.preparer.code, access.APPROVER))
    office.open_runs()
    assert office.contributions() == [], "nothing is committed yet"
    office.confirm(*open_)
    assert office.open_runs() == [Month(2021, month) for month in range(3, 13)] + [
        Month(2022, 1),
        Month(2022, 2),
        MARCH,
    ]
    assert office.findings() == ()
