"""Examples of refusals: runs, batches and corrections."""

from datetime import date

from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.domain.views import BatchView
from fund.services.households import households, leases
from fund.services.landlords import accounts, checks, landlords
from fund.services.money import money
from fund.services.payouts import corrections, payments, runs
from fund.services.users import own_ibans
from fund.store.tables import Contribution, table
from ledger.months import Month
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office, add_household, change_role, tax_code_of
from tests.fund.services.refusals.examples import (
    BATCH,
    Refused,
    digest_of_march,
    examples,
    first_contribution,
    new_account,
    ordered,
    proposed,
    twofold,
)

EXAMPLES, example = examples()
LOW = date(2020, 1, 1), 44_999
"""A threshold that one month of N01 is above, and none of N02."""


@example(errors.InvalidInput, after=ordered)
def an_unknown_reason_for_a_correction(office: Office) -> Refused:
    return lambda: office.prepare(corrections.propose_correction, first_contribution(office), reason="because")


@example(errors.NotFound)
def an_unknown_run(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, runs.view_run, Month(2030, 1))


@example(errors.NotFound)
def a_collection_that_is_none(office: Office) -> Refused:
    return lambda: office.approve(corrections.correct_collection, 1, reason="entered-twice")


@example(errors.NotPermitted, after=proposed)
def a_preparer_who_approves(office: Office) -> Refused:
    digest = digest_of_march(office)
    return lambda: office.prepare(runs.approve_run, MARCH, digest=digest)


@example(errors.NotPermitted, after=proposed)
def an_admin_who_approves(office: Office) -> Refused:
    digest = digest_of_march(office)
    return lambda: office.do(office.admin, runs.approve_run, MARCH, digest=digest)


@example(errors.NotPermitted)
def an_auditor_who_pays(office: Office) -> Refused:
    return lambda: office.do(office.auditor, payments.prepare_batch)


@example(errors.SamePerson, after=proposed)
def who_proposed_a_run_approves_it(office: Office) -> Refused:
    digest = digest_of_march(office)
    return lambda: office.do(twofold(office), runs.approve_run, MARCH, digest=digest)


@example(errors.ProposedByApprover)
def who_recorded_a_raise_of_the_rent_approves_its_month(office: Office) -> Refused:
    typist = Actor(office.approver.code, access.PREPARER)
    change_role(office, typist.code, typist.role)
    office.do(typist, leases.change_rent, 1, since=date(2022, 3, 1), rent_cents=52_000)
    change_role(office, typist.code, access.APPROVER)
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.ProposedByNoPerson)
def a_lease_of_the_agreement_file_that_two_people_have_not_confirmed(office: Office) -> Refused:
    office.do(SYSTEM, leases.change_rent, 1, since=date(2022, 3, 1), rent_cents=52_000)
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.SamePerson)
@example(errors.SamePerson)
def who_prepared_a_batch_approves_it(office: Office) -> Refused:
    office.on("2022-03-05")
    office.do(SYSTEM, accounts.suspend_accounts, {1, 2})
    office.run_month(MARCH)
    for landlord in ("L0001", "L0002"):
        office.confirm_account(landlord)
    batch = office.prepare(payments.prepare_batch)
    return lambda: office.do(twofold(office), payments.approve_batch, batch.code, digest=batch.digest)


@example(errors.NotPermitted)
def another_preparer_cancels_a_sealed_batch(office: Office) -> Refused:
    batch, other = office.on("2022-03-05").run_month(MARCH).batch, Actor("U09", access.PREPARER)
    return lambda: office.do(other, payments.cancel_batch, str(batch), reason="wrong-account")


def who_prepared_a_batch_cancels_it(office: Office) -> Refused:
    batch = office.on("2022-03-05").run_month(MARCH).batch
    return lambda: office.prepare(payments.cancel_batch, str(batch), reason="wrong-account")


@example(errors.StateNotAllowed)
def an_approval_of_a_run_that_nobody_proposed(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    return lambda: office.approve_run(MARCH)


@example(errors.StateNotAllowed)
def a_second_approval(office: Office) -> Refused:
    digest = office.on("2022-03-05").run_month(MARCH).run.digest
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.StateNotAllowed, after=ordered)
def a_cancellation_after_sending(office: Office) -> Refused:
    office.send(BATCH)
    return lambda: office.approve(payments.cancel_batch, BATCH, reason="wrong-account")


@example(errors.StateNotAllowed, after=ordered)
def a_correction_of_what_is_ordered(office: Office) -> Refused:
    return lambda: office.prepare(corrections.propose_correction, first_contribution(office), reason="wrong-amount")


@example(errors.StateNotAllowed)
def a_collection_corrected_twice(office: Office) -> Refused:
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=500)
    seq = office.record(money.receive, allocation="A02", amount_cents=300)
    office.record(corrections.correct_collection, seq, reason="entered-twice")
    return lambda: office.approve(corrections.correct_collection, seq, reason="entered-twice")


@example(errors.StateNotAllowed, after=ordered)
def a_hold_of_what_is_approved(office: Office) -> Refused:
    return lambda: office.approve(runs.hold_months, [first_contribution(office)], reason="on-hold")


@example(errors.StateNotAllowed)
def a_held_month_resumed_in_an_approved_run(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    held = first_contribution(office)
    office.approve(runs.hold_months, [held], reason="on-hold")
    office.prepare(runs.propose_run, MARCH)
    office.approve_run(MARCH)
    return lambda: office.approve(runs.resume_months, [held], into=MARCH)


@example(errors.StateNotAllowed, after=ordered)
def a_download_of_a_batch_that_is_not_sealed(office: Office) -> Refused:
    office.approve(payments.cancel_batch, BATCH, reason="wrong-account")
    proposed = office.prepare(payments.prepare_batch).code
    return lambda: office.file_of(proposed)


@example(errors.ListChanged, after=proposed)
def a_run_that_is_not_what_was_shown(office: Office) -> Refused:
    digest = digest_of_march(office)
    office.approve(runs.hold_months, [first_contribution(office)], reason="on-hold")
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.ListChanged, after=proposed)
def a_run_whose_iban_changed_after_it_was_shown(office: Office) -> Refused:
    digest = digest_of_march(office)
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(account, called_back_on=office.day)
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.AccountNotUsable, after=ordered)
def a_batch_whose_account_is_suspended_meanwhile(office: Office) -> Refused:
    office.approve(payments.cancel_batch, BATCH, reason="wrong-account")
    proposed = office.prepare(payments.prepare_batch)
    office.do(SYSTEM, accounts.suspend_accounts, {1})
    return lambda: office.approve(payments.approve_batch, proposed.code, digest=proposed.digest)


def withdrawn(office: Office) -> BatchView:
    """March was approved, its batch withdrawn, and a new one of the same months stands before the approver."""
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-account")
    return office.prepare(payments.prepare_batch)


def approve_shown(office: Office, batch: BatchView) -> Refused:
    return lambda: office.approve(payments.approve_batch, batch.code, digest=batch.digest)


@example(errors.TaxCheckMissing)
def a_batch_above_the_threshold_of_the_tax_check(office: Office) -> Refused:
    batch = withdrawn(office)
    office.set_terms(threshold=LOW)
    return approve_shown(office, batch)


@example(errors.TaxDebtFound)
def a_batch_for_a_landlord_with_a_tax_debt(office: Office) -> Refused:
    batch = withdrawn(office)
    office.set_terms(threshold=LOW)
    found = {"outcome": "debt-found", "checked_on": office.day, "reference": "48BIS-1"}
    office.prepare(checks.record_tax_check, landlord="L0001", **found)
    return approve_shown(office, batch)


@example(errors.PayeeCheckMissing)
def a_batch_where_the_bank_was_not_asked(office: Office) -> Refused:
    batch = withdrawn(office)
    office.set_terms(payee_check="required")
    return approve_shown(office, batch)


@example(errors.IbanOfUser)
def a_users_own_iban_in_a_batch(office: Office) -> Refused:
    batch = withdrawn(office)
    office.do(office.admin, own_ibans.set_user_ibans, "app", [IBANS["L0002"]])
    return approve_shown(office, batch)


@example(errors.AlertsNotAcknowledged)
def a_run_with_an_alert_that_nobody_acknowledged(office: Office) -> Refused:
    new_account(office)
    office.open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.NotFound)
def an_alert_that_a_run_does_not_have(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    return lambda: office.prepare(runs.acknowledge_in_run, MARCH, ["0" * 64], reason="arrears-due")


@example(errors.StateNotAllowed, after=ordered)
def an_acknowledgement_after_the_approval(office: Office) -> Refused:
    return lambda: office.prepare(runs.acknowledge_in_run, MARCH, ["0" * 64], reason="arrears-due")


@example(errors.NotPermitted)
def an_approver_who_acknowledges(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    return lambda: office.approve(runs.acknowledge_in_run, MARCH, ["0" * 64], reason="arrears-due")


@example(errors.NothingToPay)
def a_batch_of_nothing(office: Office) -> Refused:
    return lambda: office.prepare(payments.prepare_batch)


@example(errors.NotEnoughCash)
def a_batch_above_the_cash(office: Office) -> Refused:
    collection = office.kinds().index("collection") + 1
    office.on("2022-03-05")
    office.record(corrections.correct_collection, collection, reason="wrong-amount")
    assert office.run_month(MARCH).waiting == ("cash-missing",)
    batch = office.prepare(payments.prepare_batch)
    return lambda: office.approve(payments.approve_batch, batch.code, digest=batch.digest)


@example(errors.PersonTwice, after=proposed)
def a_month_of_a_person_who_stands_twice(office: Office) -> Refused:
    digest = digest_of_march(office)
    office.set_persons(N01=tax_code_of("N02"))
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.MonthInOpenItem)
def a_batch_of_a_month_that_the_bank_paid_by_mistake(office: Office) -> Refused:
    first = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.send(first)
    late = office.answer(first, PAY_2022_03_0002="settled")
    office.import_file(office.answer(first, PAY_2022_03_0002="refused"))
    office.confirm_account("L0002")
    batch = office.prepare(payments.prepare_batch)
    office.import_file(late)
    digest = office.ask(office.approver, payments.view_batch, batch.code).digest
    return lambda: office.approve(payments.approve_batch, batch.code, digest=digest)


@example(errors.PositionClosed)
def a_correction_after_the_position_was_closed(office: Office) -> Refused:
    add_household(office, "N03", "L0003", months=1)
    batch = office.on("2022-03-05").pay_month(MARCH)
    office.decide(households.propose_exit, household="N03")
    (contribution,) = office.contributions(household="N03")
    (payment,) = (line.payment for line in office.ask(office.auditor, payments.view_batch, batch).lines[2:])
    office.give_back(batch, payment)
    return lambda: office.prepare(corrections.propose_correction, contribution.id, reason="wrong-amount")


@example(errors.RunDiffers, after=proposed)
def a_list_that_was_written_into(office: Office) -> Refused:
    office.do(
        SYSTEM,
        lambda context: context.session.connection().execute(table(Contribution).update().values(month="2023-03")),
    )
    return lambda: office.approve_run(MARCH)


@example(errors.StateNotAllowed, after=ordered)
def a_cancellation_of_a_sealed_batch_that_the_bank_answered(office: Office) -> Refused:
    office.import_file(office.answer(BATCH, PAY_2022_03_0001="settled"))
    return lambda: office.approve(payments.cancel_batch, BATCH, reason="wrong-account")
