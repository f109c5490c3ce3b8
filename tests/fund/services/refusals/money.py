"""Examples of refusals: money in and out of the fund."""

from dataclasses import replace
from datetime import date

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.proposals import NamedProposal
from fund.services.banking import treasury
from fund.services.desk import proposals
from fund.services.money import agreement, money, recoveries, set_offs
from fund.services.payouts import runs
from fund.store.tables import ControlTerms, table
from tests.fund.kit import FUND, MARCH, Office
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.fund.services.refusals.examples import (
    Refused,
    digest_of_march,
    examples,
    first_contribution,
    proposed,
    twofold,
)

EXAMPLES, example = examples()


@example(errors.NotFound)
def an_unknown_allocation(office: Office) -> Refused:
    return lambda: office.prepare(money.receive, allocation="A77", amount_cents=1)


@example(errors.AlreadyExists)
def a_second_fund(office: Office) -> Refused:
    return lambda: office.do(SYSTEM, money.begin_fund, **FUND)


@example(errors.AlreadyExists)
def an_allocation_twice(office: Office) -> Refused:
    return lambda: office.prepare(money.propose_allocation, code="A01", granted_on=office.day, amount_cents=1)


@example(errors.NotPermitted)
def an_approver_who_prepares(office: Office) -> Refused:
    return lambda: office.approve(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.NotEnoughAvailable)
def a_repayment_above_what_is_available(office: Office) -> Refused:
    return lambda: office.prepare(money.propose_repayment, amount_cents=460_001)


@example(errors.NotEnoughAvailable)
def two_repayments_that_are_too_much_together(office: Office) -> Refused:
    first, second = (office.prepare(money.propose_repayment, amount_cents=cents) for cents in (300_000, 299_999))
    office.confirm(first)
    return lambda: office.confirm(second)


@example(errors.MoreThanAllocated)
def a_collection_above_the_allocation(office: Office) -> Refused:
    return lambda: office.prepare(money.receive, allocation="A01", amount_cents=1)


@example(errors.StateNotAllowed)
def a_repayment_paid_twice(office: Office) -> Refused:
    office.confirm(office.prepare(money.propose_repayment, amount_cents=100))
    office.prepare(money.record_repayment_paid, 1, bank_date=office.day)
    return lambda: office.prepare(money.record_repayment_paid, 1, bank_date=office.day)


@example(errors.MoreThanPaid)
def an_overpayment_of_more_than_the_month(office: Office) -> Refused:
    office.on("2022-03-05").pay_month(MARCH)
    facts = {"amount_cents": 45_001, "reason": "departure"}
    return lambda: office.prepare(recoveries.propose_overpayment, contribution=first_contribution(office), **facts)


@example(errors.MoreThanOwed)
def more_set_off_against_a_month_than_is_owed(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    facts = {"contribution": first_contribution(office), "amount_cents": 45_001}
    return lambda: office.prepare(set_offs.propose_set_off, **facts)


def proposed_overpayment(office: Office) -> int:
    """The number of a proposal that waits."""
    office.on("2022-03-05").pay_month(MARCH)
    facts = {"contribution": first_contribution(office), "amount_cents": 1_000, "reason": "departure"}
    return office.prepare(recoveries.propose_overpayment, **facts)


@example(errors.SamePerson)
def who_proposed_something_confirms_it(office: Office) -> Refused:
    number = proposed_overpayment(office)
    return lambda: office.confirm(number, by=twofold(office))


@example(errors.SamePerson)
def who_proposed_something_rejects_it(office: Office) -> Refused:
    number = proposed_overpayment(office)
    return lambda: office.do(twofold(office), proposals.reject_proposal, number, reason="not-due")


@example(errors.ProposedByAnother)
def who_did_not_propose_something_withdraws_it(office: Office) -> Refused:
    number, another = proposed_overpayment(office), replace(office.preparer, code="U05")
    return lambda: office.do(another, proposals.withdraw_proposal, number)


@example(errors.ProposalChanged)
def a_proposal_that_is_not_what_was_shown(office: Office) -> Refused:
    named = [NamedProposal(proposed_overpayment(office), "0" * 64)]
    return lambda: office.approve(proposals.confirm_proposals, named)


@example(errors.ProposalWaits)
def the_same_proposed_twice(office: Office) -> Refused:
    proposed_overpayment(office)
    facts = {"contribution": first_contribution(office), "amount_cents": 1_000, "reason": "departure"}
    return lambda: office.prepare(recoveries.propose_overpayment, **facts)


@example(errors.NotPermitted)
def a_proposal_that_a_role_is_not_shown(office: Office) -> Refused:
    number = proposed_overpayment(office)
    return lambda: office.do(office.admin, proposals.reject_proposal, number, reason="not-due")


@example(errors.StateNotAllowed)
def a_proposal_decided_twice(office: Office) -> Refused:
    number = proposed_overpayment(office)
    office.prepare(proposals.withdraw_proposal, number)
    return lambda: office.confirm(number)


@example(errors.InvalidInput)
def a_rejection_for_no_known_reason(office: Office) -> Refused:
    number = proposed_overpayment(office)
    return lambda: office.approve(proposals.reject_proposal, number, reason="because")


@example(errors.MoreThanOverpaid)
def money_back_from_a_landlord_who_owes_none(office: Office) -> Refused:
    return lambda: office.prepare(recoveries.recover, landlord="L0001", amount_cents=1, bank_date=office.day)


@example(errors.TermsNotAgreed, after=proposed)
def a_month_approved_before_two_people_agreed_to_the_terms(office: Office) -> Refused:
    digest = digest_of_march(office)
    with office.app.database.write() as session:  # as in a fund whose terms were never confirmed
        session.connection().execute(table(ControlTerms).delete())
        session.commit()
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.TermsNotAgreed)
def a_month_approved_before_two_people_agreed_to_the_account_that_pays(office: Office) -> Refused:
    office.do(SYSTEM, treasury.propose_treasury, TREASURY)
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.InvalidInput)
def terms_with_an_auditor_who_has_no_address(office: Office) -> Refused:
    return lambda: office.prepare(agreement.propose_terms, auditors="revisori@example.org, dg")


def amended(office: Office, **window: object) -> Refused:
    """An amendment by an act of today."""
    facts = {"act": "1/2022", "act_date": office.day, **window}
    return lambda: office.prepare(agreement.propose_amendment, **facts)


@example(errors.InvalidInput)
def terms_that_are_in_force_already(office: Office) -> Refused:
    return lambda: office.prepare(agreement.propose_terms, pay_day=5)


@example(errors.InvalidInput)
def an_amendment_by_an_act_without_a_year(office: Office) -> Refused:
    return amended(office, act="112", cap_months=18)


@example(errors.InvalidInput)
def an_amendment_made_before_the_agreement(office: Office) -> Refused:
    return amended(office, act_date=date(2022, 1, 9), cap_months=18)


@example(errors.MonthOutsideAgreement)
def an_end_before_months_that_are_committed(office: Office) -> Refused:
    return amended(office, activities_end=date(2022, 8, 4))


@example(errors.CapReached)
def a_cap_below_what_a_household_has(office: Office) -> Refused:
    return amended(office, target_months=5, cap_months=5)
