"""What waits for a second person: when it lapses, and that what lapsed never comes back."""

import pytest

from fund.domain import access
from fund.domain.access import SYSTEM
from fund.domain.lists import ProposalWait
from fund.domain.proposals import NamedProposal
from fund.domain.states import ProposalState
from fund.services.desk import proposals
from fund.services.desk.tasks import waiting_tasks
from fund.services.money import agreement, money, recoveries
from fund.services.users import users
from tests.fund.factor_kit import enrol
from tests.fund.kit import MARCH, OTHER_IBAN, Office, accept, add_user, propose_landlord


def _proposed(office: Office) -> list[int]:
    return [view.number for view in office.ask(office.auditor, proposals.list_proposals)]


@pytest.mark.long
def test_what_lapsed_stays_so_when_its_subject_comes_back(office: Office) -> None:
    """A month is settled, claimed back in part, returned by the bank, and settled again."""
    batch = office.on("2022-03-05").pay_month(MARCH)
    number = office.prepare(recoveries.propose_overpayment, contribution=1, amount_cents=6_000, reason="departure")
    shown = office.ask(office.approver, proposals.read_proposal, number)
    office.give_back(batch, "PAY-2022-03-0001")
    lapsed = office.ask(office.auditor, proposals.read_proposal, number)
    assert (lapsed.state, lapsed.reason) == (ProposalState.LAPSED, "subject-changed")
    office.confirm_account("L0001")
    office.settle(office.pay_again().code)
    assert office.contributions()[0].state == "settled"
    (left_out,) = office.approve(proposals.confirm_proposals, [NamedProposal(number, shown.digest)])
    assert left_out.state is ProposalState.LAPSED
    again = office.prepare(recoveries.propose_overpayment, contribution=1, amount_cents=6_000, reason="departure")
    assert _proposed(office) == [again]


@pytest.mark.parametrize("how", ["disabled", "another role"])
def test_what_a_person_proposed_lapses_when_they_may_propose_it_no_more(office: Office, how: str) -> None:
    number = office.prepare(money.propose_repayment, amount_cents=100)
    shown = office.ask(office.approver, proposals.read_proposal, number)
    office.do(office.admin, users.reset_password, "pre", "s")
    assert number in _proposed(office), "the person is the same"
    if how == "disabled":
        office.do(office.admin, users.disable_user, "pre")
    else:
        office.do(office.admin, users.change_role, "pre", access.AUDITOR)
    lapsed = office.ask(office.auditor, proposals.read_proposal, number)
    assert (lapsed.state, lapsed.reason) == (ProposalState.LAPSED, "proposer-changed")
    (left_out,) = office.approve(proposals.confirm_proposals, [NamedProposal(number, shown.digest)])
    assert left_out.state is ProposalState.LAPSED


def test_who_may_not_read_what_waits_hinders_nobody(office: Office) -> None:
    """Terms wait, which a user whose role is not confirmed yet may not read."""
    office.prepare(agreement.propose_terms, pay_day=7)
    code = add_user(office, "new", access.PREPARER)
    accept(office, "new")
    enrol(office, access.Actor(code, access.UNCONFIRMED))


def test_what_the_service_proposed_waits_for_one_person_after_the_other(office: Office) -> None:
    number = propose_landlord(office, "L0009", OTHER_IBAN, by=SYSTEM)
    first = office.ask(office.preparer, proposals.read_proposal, number)
    assert (first.waits_for, first.may_confirm) == (ProposalWait.FIRST_PERSON, True)
    assert [task.is_mine for task in office.ask(office.preparer, waiting_tasks)] == [True]
    (confirmed_first,) = office.confirm(number, by=office.preparer)
    assert (confirmed_first.state, confirmed_first.waits_for) == (ProposalState.PROPOSED, ProposalWait.SECOND_PERSON)
    assert [task.is_mine for task in office.ask(office.approver, waiting_tasks)] == [True]
    assert office.confirm(number)[0].waits_for is None
