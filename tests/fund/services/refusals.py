"""One example for each error: what somebody does that is refused, starting from the small fund of the kit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet

from fund.app import open_app
from fund.bank.calendar import check_pay_day
from fund.bank.port import Batch, Debtor, Instruction
from fund.bank.register import read_answers, write_answers
from fund.bank.writers import accepted, write
from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.domain.agreement.reading import ControlsFacts
from fund.domain.views import BatchView
from fund.sandbox.fava import Fava
from fund.sandbox.work import QUERY
from fund.services.banking import answers, exports, queue
from fund.services.books import closings, questions, reading_room, rebuilding
from fund.services.books.books import check_empty
from fund.services.households import households
from fund.services.landlords import checks, contacts, erasure, landlords
from fund.services.money import money, recoveries, set_offs
from fund.services.payouts import corrections, payments, runs
from fund.services.statements import deliveries, links, statements
from fund.services.users import attempts, invitations, own_ibans, second_factor, sign_in, tokens, users
from fund.services.users.sign_in import Asked
from fund.settings import Settings
from fund.store.tables import Contribution, table
from ledger.months import Month
from tests.fund.factor_kit import SECRET, enrol
from tests.fund.kit import (
    FUND,
    IBANS,
    MARCH,
    OTHER_IBAN,
    PASSWORD,
    Office,
    add_household,
    add_landlord,
    close_months,
    invitation_of,
    tax_code_of,
)

Refused = Callable[[], object]
Example = Callable[[Office], Refused]
"""Brings the office to where the refusal stands, and returns what will be refused."""

EXAMPLES: list[tuple[type[errors.FundError], str, Example]] = []


def example(error: type[errors.FundError]) -> Callable[[Example], Example]:
    def register(make: Example) -> Example:
        EXAMPLES.append((error, make.__name__, make))
        return make

    return register


def first_contribution(office: Office) -> int:
    return int(office.contributions()[0].id)


@example(errors.InvalidInput)
def an_unknown_role(office: Office) -> Refused:
    return lambda: office.do(office.admin, users.add_user, login="x", role="king", secret="s")


@example(errors.LinkNotUsable)
def a_link_that_nobody_was_given(office: Office) -> Refused:
    return lambda: office.do(SYSTEM, links.exchange_link, secret="guessed", session_secret="mine")


@example(errors.InvalidInput)
def a_link_for_a_forgotten_landlord(office: Office) -> Refused:
    office.forget("L0003")
    return lambda: office.prepare(deliveries.queue_link, "L0003")


def another_contact(office: Office, **proposed: str) -> int:
    return office.prepare(contacts.propose_change, landlord="L0001", **(proposed or {"contact": "+39 0461 111111"}))


@example(errors.AlreadyExists)
def a_second_change_of_a_contact_while_one_is_open(office: Office) -> Refused:
    another_contact(office)
    return lambda: another_contact(office, name="Locatrice L0001")


@example(errors.InvalidInput)
def a_change_to_what_is_on_file(office: Office) -> Refused:
    return lambda: another_contact(office, name="Locatore L0001", contact="+39 0461 000000")


@example(errors.InvalidInput)
def a_call_back_before_there_was_anything_to_ask(office: Office) -> Refused:
    change = another_contact(office)
    return lambda: office.approve(contacts.confirm_change, "L0001", change, called_back_on=date(2022, 2, 13))


@example(errors.InvalidInput)
def a_call_back_that_is_still_to_come(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    return lambda: office.approve(landlords.confirm_account, account, called_back_on=date(2022, 2, 15))


@example(errors.CallBackMissing)
def another_contact_without_a_call_back(office: Office) -> Refused:
    change = another_contact(office)
    return lambda: office.approve(contacts.confirm_change, "L0001", change)


@example(errors.SamePerson)
def who_proposed_a_contact_confirms_it(office: Office) -> Refused:
    change = another_contact(office)
    return lambda: office.do(_twofold(office), contacts.confirm_change, "L0001", change, called_back_on=office.day)


@example(errors.StateNotAllowed)
def a_contact_that_was_rejected_is_confirmed(office: Office) -> Refused:
    change = another_contact(office)
    office.prepare(contacts.reject_change, "L0001", change)
    return lambda: office.approve(contacts.confirm_change, "L0001", change, called_back_on=office.day)


@example(errors.StateNotAllowed)
def another_address_for_a_forgotten_landlord(office: Office) -> Refused:
    office.forget("L0003")
    facts = {"email": "l0003@example.org", "language": "it"}
    return lambda: office.prepare(contacts.change_correspondence, "L0003", **facts)


@example(errors.TextNotWritable)
def another_name_in_letters_that_no_bank_takes(office: Office) -> Refused:
    return lambda: another_contact(office, name="Локаторе")


@example(errors.ContactTooNew)
def an_account_that_was_proposed_before_the_contact_changed(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.approve(contacts.confirm_change, "L0001", another_contact(office), called_back_on=office.day)
    office.on("2022-03-30")
    return lambda: office.approve(landlords.confirm_account, account, called_back_on=office.day)


@example(errors.InvalidInput)
def an_unknown_reason_for_sending_again(office: Office) -> Refused:
    return lambda: office.prepare(deliveries.send_statement, "EC-2022-0001", reason="because")


@example(errors.InvalidInput)
def a_further_copy_without_a_reason(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    facts = {"landlord": "L0001", "first": MARCH, "last": MARCH}
    issued = office.prepare(statements.issue_statement, lambda view, language: statements.Bytes(b"", b"", b""), **facts)
    first = office.prepare(deliveries.send_statement, issued.number)
    claimed = office.do(SYSTEM, deliveries.claim_delivery, link="", secret="", life=timedelta())
    assert claimed is not None and claimed.id == first
    office.do(SYSTEM, deliveries.record_sent, claimed, via="folder", code=None)
    return lambda: office.prepare(deliveries.send_statement, issued.number)


@example(errors.InvalidInput)
def an_unknown_reason_for_a_correction(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.approve(corrections.correct_approval, first_contribution(office), reason="because")


@example(errors.InvalidInput)
def a_statement_that_ends_before_it_begins(office: Office) -> Refused:
    return lambda: office.do(
        office.auditor,
        statements.issue_statement,
        lambda view, language: statements.Bytes(b"", b"", b""),
        landlord="L0001",
        first=MARCH,
        last=Month(2022, 2),
        language="it",
    )


@example(errors.NotFound)
def an_unknown_allocation(office: Office) -> Refused:
    return lambda: office.prepare(money.receive, allocation="A77", amount_cents=1)


@example(errors.NotFound)
def an_unknown_run(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, runs.view_run, Month(2030, 1))


@example(errors.NotFound)
def somebody_elses_token(office: Office) -> Refused:
    office.do(office.preparer, tokens.create_token, token="t1", secret="s1")
    return lambda: office.do(office.approver, tokens.revoke_token, "t1")


@example(errors.NotFound)
def a_receipt_that_is_none(office: Office) -> Refused:
    return lambda: office.approve(corrections.correct_receipt, 1, reason="entered-twice")


@example(errors.NotFound)
def a_bank_file_never_received(office: Office) -> Refused:
    return lambda: office.prepare(answers.book_file, "0" * 64)


@example(errors.AlreadyExists)
def a_second_fund(office: Office) -> Refused:
    return lambda: office.do(SYSTEM, money.begin_fund, **FUND)


@example(errors.AlreadyExists)
def an_allocation_twice(office: Office) -> Refused:
    return lambda: office.prepare(money.allocate, code="A01", granted_on=office.day, amount_cents=1)


@example(errors.AlreadyExists)
def a_household_twice(office: Office) -> Refused:
    return lambda: office.prepare(households.admit_household, code="N01", tax_code=tax_code_of("N09"))


@example(errors.AlreadyExists)
def a_landlord_twice(office: Office) -> Refused:
    return lambda: add_landlord(office, "L0001", OTHER_IBAN)


@example(errors.AlreadyExists)
def a_rent_decided_twice_for_a_day(office: Office) -> Refused:
    office.prepare(households.change_rent, 1, since=date(2022, 6, 1), rent_cents=51_000)
    return lambda: office.prepare(households.change_rent, 1, since=date(2022, 6, 1), rent_cents=52_000)


@example(errors.AlreadyExists)
def a_contribution_decided_twice_for_a_month(office: Office) -> Refused:
    return lambda: office.prepare(households.change_contribution, household="N01", since=MARCH, amount_cents=1)


@example(errors.AlreadyExists)
def a_login_twice(office: Office) -> Refused:
    return lambda: office.do(office.admin, users.add_user, login="pre", role=access.AUDITOR, secret="s")


@example(errors.AlreadyExists)
def a_rebuild_over_a_fund(office: Office) -> Refused:
    return lambda: office.do(SYSTEM, rebuilding.rebuild, rebuilding.read_source(office.app.settings.books))


@example(errors.NotAuthenticated)
def a_wrong_password(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, users.log_in, "pre", "wrong")


@example(errors.NotAuthenticated)
def an_unknown_token(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, tokens.token_bearer, "unknown")


@example(errors.NotAuthenticated)
def a_token_that_is_over(office: Office) -> Refused:
    over = datetime(2022, 3, 1, tzinfo=UTC)
    office.do(office.preparer, tokens.create_token, token="t1", secret="s1", expires_at=over)
    return lambda: office.at(over).ask(office.auditor, tokens.token_bearer, "s1")


@example(errors.NotAuthenticated)
def a_disabled_user(office: Office) -> Refused:
    office.do(office.preparer, tokens.create_token, token="t1", secret="s1")
    office.do(office.admin, users.disable_user, "pre")
    return lambda: office.ask(office.auditor, tokens.token_bearer, "s1")


@example(errors.NotPermitted)
def an_approver_who_prepares(office: Office) -> Refused:
    return lambda: office.approve(money.allocate, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.NotPermitted)
def a_preparer_who_approves(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    return lambda: office.prepare(runs.approve_run, MARCH, digest=digest)


@example(errors.NotPermitted)
def an_admin_who_approves(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    return lambda: office.do(office.admin, runs.approve_run, MARCH, digest=digest)


@example(errors.NotPermitted)
def an_auditor_who_pays(office: Office) -> Refused:
    return lambda: office.do(office.auditor, payments.prepare_batch)


def _twofold(office: Office) -> access.Actor:
    """The preparer after their role was changed: the role would let them approve, what they prepared does not."""
    return access.Actor(office.preparer.code, access.APPROVER)


@example(errors.SamePerson)
def who_proposed_a_run_approves_it(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    return lambda: office.do(_twofold(office), runs.approve_run, MARCH, digest=digest)


@example(errors.SamePerson)
def who_prepared_a_batch_approves_it(office: Office) -> Refused:
    office.on("2022-03-05")
    office.do(SYSTEM, landlords.suspend_accounts, {1, 2})
    office.run_month(MARCH)
    for account in (1, 2):
        office.approve(landlords.confirm_account, account, called_back_on=office.day)
    batch = office.prepare(payments.prepare_batch)
    return lambda: office.do(_twofold(office), payments.approve_batch, batch.code, digest=batch.digest)


@example(errors.SamePerson)
def who_prepared_a_batch_cancels_it(office: Office) -> Refused:
    batch = office.on("2022-03-05").run_month(MARCH).batch
    return lambda: office.prepare(payments.cancel_batch, str(batch), reason="wrong-account")


@example(errors.SamePerson)
def who_proposed_an_account_confirms_it(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    return lambda: office.do(_twofold(office), landlords.confirm_account, account, called_back_on=office.day)


@example(errors.SamePerson)
def who_proposed_a_refund_approves_it(office: Office) -> Refused:
    refund = office.prepare(money.propose_refund, amount_cents=100)
    return lambda: office.do(_twofold(office), money.approve_refund, refund)


@example(errors.CapReached)
def a_cap_above_the_funds(office: Office) -> Refused:
    return lambda: office.prepare(households.admit_household, code="N09", tax_code=tax_code_of("N09"), cap_months=21)


@example(errors.CapReached)
def a_grant_of_a_21st_month(office: Office) -> Refused:
    return lambda: office.prepare(
        households.grant_months, household="N01", first_month=Month(2022, 9), months=15, amount_cents=100
    )


@example(errors.MonthTaken)
def a_month_granted_twice(office: Office) -> Refused:
    return lambda: office.prepare(
        households.grant_months, household="N01", first_month=Month(2022, 2), months=2, amount_cents=100
    )


@example(errors.MonthTaken)
def an_approved_month_granted_again(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.prepare(
        households.grant_months, household="N01", first_month=MARCH, months=1, amount_cents=100
    )


@example(errors.MonthNotCommitted)
def a_suspension_of_a_month_never_granted(office: Office) -> Refused:
    return lambda: office.prepare(households.suspend_month, household="N01", month=Month(2023, 3))


@example(errors.MonthNotCommitted)
def a_release_of_an_approved_month(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.prepare(households.release_months, household="N01", months=[MARCH], reason="departure")


@example(errors.MonthOutsideAgreement)
def a_month_after_the_end_of_the_activities(office: Office) -> Refused:
    return lambda: office.prepare(
        households.grant_months, household="N01", first_month=Month(2024, 12), months=1, amount_cents=100
    )


@example(errors.MonthOutsideAgreement)
def a_suspension_beyond_the_end_of_the_activities(office: Office) -> Refused:
    office.prepare(households.grant_months, household="N01", first_month=Month(2024, 11), months=1, amount_cents=45_000)
    return lambda: office.prepare(households.suspend_month, household="N01", month=MARCH)


@example(errors.NotEnoughAvailable)
def a_grant_above_what_is_available(office: Office) -> Refused:
    return lambda: office.prepare(
        households.grant_months, household="N01", first_month=Month(2022, 9), months=1, amount_cents=460_001
    )


@example(errors.NotEnoughAvailable)
def a_raise_above_what_is_available(office: Office) -> Refused:
    return lambda: office.prepare(
        households.change_contribution, household="N01", since=Month(2022, 4), amount_cents=200_000
    )


@example(errors.NotEnoughAvailable)
def a_refund_above_what_is_available(office: Office) -> Refused:
    return lambda: office.prepare(money.propose_refund, amount_cents=460_001)


@example(errors.NotEnoughAvailable)
def two_refunds_that_are_too_much_together(office: Office) -> Refused:
    first, second = (office.prepare(money.propose_refund, amount_cents=300_000) for _ in range(2))
    office.approve(money.approve_refund, first)
    return lambda: office.approve(money.approve_refund, second)


@example(errors.MoreThanAllocated)
def a_receipt_above_the_allocation(office: Office) -> Refused:
    return lambda: office.prepare(money.receive, allocation="A01", amount_cents=1)


@example(errors.LeaseOverlaps)
def a_second_lease_of_the_same_days(office: Office) -> Refused:
    return lambda: office.prepare(
        households.add_lease,
        household="N01",
        landlord="L0003",
        registration="REG-2",
        starts_on=date(2022, 6, 1),
        rent_cents=100,
    )


@example(errors.LeaseStartsInMonth)
def a_second_lease_in_the_middle_of_a_month(office: Office) -> Refused:
    office.prepare(households.end_lease, 1, ends_on=date(2022, 5, 31))
    return lambda: office.prepare(
        households.add_lease,
        household="N01",
        landlord="L0003",
        registration="REG-2",
        starts_on=date(2022, 6, 2),
        rent_cents=100,
    )


@example(errors.ClockBehindJournal)
def an_entry_before_the_last(office: Office) -> Refused:
    office.on("2022-02-13")
    return lambda: office.prepare(money.allocate, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.StateNotAllowed)
def an_approval_of_a_run_that_nobody_proposed(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    return lambda: office.approve_run(MARCH)


@example(errors.StateNotAllowed)
def a_second_approval(office: Office) -> Refused:
    digest = office.on("2022-03-05").run_month(MARCH).run.digest
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.StateNotAllowed)
def a_cancellation_after_sending(office: Office) -> Refused:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.send(batch)
    return lambda: office.approve(payments.cancel_batch, batch, reason="wrong-account")


@example(errors.StateNotAllowed)
def a_correction_of_what_is_ordered(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.approve(corrections.correct_approval, first_contribution(office), reason="wrong-amount")


@example(errors.StateNotAllowed)
def a_receipt_corrected_twice(office: Office) -> Refused:
    office.prepare(money.allocate, code="A02", granted_on=office.day, amount_cents=500)
    seq = office.prepare(money.receive, allocation="A02", amount_cents=300)
    office.approve(corrections.correct_receipt, seq, reason="entered-twice")
    return lambda: office.approve(corrections.correct_receipt, seq, reason="entered-twice")


@example(errors.StateNotAllowed)
def a_hold_of_what_is_approved(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.approve(runs.hold_contribution, first_contribution(office), reason="on-hold")


@example(errors.StateNotAllowed)
def a_held_month_resumed_in_an_approved_run(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    held = first_contribution(office)
    office.approve(runs.hold_contribution, held, reason="on-hold")
    office.prepare(runs.propose_run, MARCH)
    office.approve_run(MARCH)
    return lambda: office.approve(runs.resume_contribution, held, run=MARCH)


@example(errors.StateNotAllowed)
def a_download_of_a_batch_that_is_not_sealed(office: Office) -> Refused:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-account")
    proposed = office.prepare(payments.prepare_batch).code
    return lambda: office.file_of(proposed)


@example(errors.StateNotAllowed)
def a_refund_paid_before_it_is_approved(office: Office) -> Refused:
    refund = office.prepare(money.propose_refund, amount_cents=100)
    return lambda: office.prepare(money.record_refund_payment, refund, bank_date=office.day)


@example(errors.StateNotAllowed)
def a_lease_that_ends_before_it_starts(office: Office) -> Refused:
    return lambda: office.prepare(households.end_lease, 1, ends_on=date(2021, 12, 31))


@example(errors.ListChanged)
def a_run_that_is_not_what_was_shown(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    office.approve(runs.hold_contribution, first_contribution(office), reason="on-hold")
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.ListChanged)
def a_run_whose_iban_changed_after_it_was_shown(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    digest = office.prepare(runs.propose_run, MARCH).digest
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.approve(landlords.confirm_account, account, called_back_on=office.day)
    return lambda: office.approve(runs.approve_run, MARCH, digest=digest)


@example(errors.AccountNotUsable)
def a_batch_whose_account_is_suspended_meanwhile(office: Office) -> Refused:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-account")
    proposed = office.prepare(payments.prepare_batch)
    office.do(SYSTEM, landlords.suspend_accounts, {1})
    return lambda: office.approve(payments.approve_batch, proposed.code, digest=proposed.digest)


def withdrawn(office: Office) -> BatchView:
    """March was approved, its batch withdrawn, and a new one of the same months stands before the approver."""
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-account")
    return office.prepare(payments.prepare_batch)


def set_terms(office: Office, **terms: object) -> None:
    office.do(office.admin, checks.set_terms, ControlsFacts.model_validate(terms))


LOW = [{"from": date(2020, 1, 1), "amount": "449.99"}]
"""A threshold that one month of N01 is above, and none of N02."""


def approve_shown(office: Office, batch: BatchView) -> Refused:
    return lambda: office.approve(payments.approve_batch, batch.code, digest=batch.digest)


@example(errors.TaxCheckMissing)
def a_batch_above_the_threshold_of_the_tax_check(office: Office) -> Refused:
    batch = withdrawn(office)
    set_terms(office, tax_thresholds=LOW)
    return approve_shown(office, batch)


@example(errors.TaxDebtFound)
def a_batch_for_a_landlord_with_a_tax_debt(office: Office) -> Refused:
    batch = withdrawn(office)
    set_terms(office, tax_thresholds=LOW)
    found = {"outcome": "debt-found", "checked_on": office.day, "reference": "48BIS-1"}
    office.prepare(checks.record_tax_check, landlord="L0001", **found)
    return approve_shown(office, batch)


@example(errors.PayeeCheckMissing)
def a_batch_where_the_bank_was_not_asked(office: Office) -> Refused:
    batch = withdrawn(office)
    set_terms(office, payee_check_required=True)
    return approve_shown(office, batch)


@example(errors.IbanOfUser)
def a_users_own_iban_proposed_for_a_landlord(office: Office) -> Refused:
    office.do(office.admin, own_ibans.set_user_ibans, "pre", [OTHER_IBAN], salt="5a17")
    return lambda: office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)


@example(errors.IbanOfUser)
def a_users_own_iban_confirmed_for_a_landlord(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.do(office.admin, own_ibans.set_user_ibans, "app", [OTHER_IBAN], salt="5a17")
    return lambda: office.approve(landlords.confirm_account, account, called_back_on=office.day)


@example(errors.IbanOfUser)
def a_users_own_iban_in_a_batch(office: Office) -> Refused:
    batch = withdrawn(office)
    office.do(office.admin, own_ibans.set_user_ibans, "app", [IBANS["L0002"]], salt="5a17")
    return approve_shown(office, batch)


def new_account(office: Office) -> None:
    """L0001 has another account, confirmed and out of its cooling-off time on the pay day."""
    account = office.on("2022-02-20").prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.approve(landlords.confirm_account, account, called_back_on=office.day)
    office.on("2022-03-05")


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


@example(errors.StateNotAllowed)
def an_acknowledgement_after_the_approval(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.prepare(runs.acknowledge_in_run, MARCH, ["0" * 64], reason="arrears-due")


@example(errors.InvalidInput)
def a_tax_check_of_tomorrow(office: Office) -> Refused:
    facts = {"outcome": "nothing-due", "checked_on": date(2022, 2, 15), "reference": "48BIS-1"}
    return lambda: office.prepare(checks.record_tax_check, landlord="L0001", **facts)


@example(errors.InvalidInput)
def a_sentence_as_the_banks_reference(office: Office) -> Refused:
    facts = {"result": "RCVC", "checked_on": office.day, "reference": "they said yes"}
    return lambda: office.prepare(checks.record_payee_check, landlord="L0001", **facts)


@example(errors.StateNotAllowed)
def the_banks_word_on_an_account_given_up(office: Office) -> Refused:
    new_account(office)
    facts = {"result": "RCVC", "checked_on": office.day, "reference": "VOP-1"}
    return lambda: office.prepare(checks.record_payee_check, landlord="L0001", account=1, **facts)


@example(errors.NotPermitted)
def an_approver_who_acknowledges(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    return lambda: office.approve(runs.acknowledge_in_run, MARCH, ["0" * 64], reason="arrears-due")


@example(errors.NotPermitted)
def a_preparer_who_says_which_ibans_are_users(office: Office) -> Refused:
    return lambda: office.prepare(own_ibans.set_user_ibans, "app", [], salt="5a17")


@example(errors.NothingToPay)
def a_batch_of_nothing(office: Office) -> Refused:
    return lambda: office.prepare(payments.prepare_batch)


@example(errors.NotEnoughCash)
def a_batch_above_the_cash(office: Office) -> Refused:
    receipt = office.kinds().index("receipt") + 1
    office.on("2022-03-05")
    office.approve(corrections.correct_receipt, receipt, reason="wrong-amount")
    assert office.run_month(MARCH).waiting == ("cash-missing",)
    batch = office.prepare(payments.prepare_batch)
    return lambda: office.approve(payments.approve_batch, batch.code, digest=batch.digest)


@example(errors.PersonIsHousehold)
def a_person_admitted_again_under_another_code(office: Office) -> Refused:
    return lambda: office.prepare(households.admit_household, code="N09", tax_code=tax_code_of("N01"))


@example(errors.PersonIsLandlord)
def a_landlord_admitted_as_a_household(office: Office) -> Refused:
    return lambda: office.prepare(households.admit_household, code="N09", tax_code=tax_code_of("L0003"))


@example(errors.PersonTwice)
def a_month_of_a_person_who_stands_twice(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.set_tax_codes(N01=tax_code_of("N02"))
    return lambda: office.approve_run(MARCH)


@example(errors.IbanInUse)
def another_landlords_iban(office: Office) -> Refused:
    return lambda: office.prepare(landlords.propose_account, landlord="L0001", iban=IBANS["L0002"])


@example(errors.CallBackMissing)
def a_changed_iban_without_a_call_back(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    return lambda: office.approve(landlords.confirm_account, account)


@example(errors.CallBackMissing)
def a_suspended_account_without_a_call_back(office: Office) -> Refused:
    office.do(SYSTEM, landlords.suspend_accounts, {1})
    return lambda: office.approve(landlords.confirm_account, 1)


@example(errors.MonthNotOver)
def a_closing_of_a_month_that_runs(office: Office) -> Refused:
    close_months(office.on("2022-02-28"))
    return lambda: office.do(SYSTEM, closings.close_month, Month(2022, 2))


@example(errors.MonthNotOver)
def a_closing_out_of_order(office: Office) -> Refused:
    office.on("2022-03-05")
    return lambda: office.do(SYSTEM, closings.close_month, Month(2022, 2))


@example(errors.PositionNotEmpty)
def a_position_with_committed_months(office: Office) -> Refused:
    return lambda: office.prepare(households.close_position, household="N01")


@example(errors.PositionNotEmpty)
def a_position_with_a_month_that_is_not_settled(office: Office) -> Refused:
    add_household(office, "N03", "L0003", months=1)
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.prepare(households.close_position, household="N03")


@example(errors.PositionClosed)
def a_grant_after_the_position_was_closed(office: Office) -> Refused:
    add_household(office, "N03", "L0003", months=0)
    office.prepare(households.close_position, household="N03")
    return lambda: office.prepare(
        households.grant_months, household="N03", first_month=MARCH, months=1, amount_cents=100
    )


@example(errors.PositionClosed)
def a_correction_after_the_position_was_closed(office: Office) -> Refused:
    add_household(office, "N03", "L0003", months=1)
    batch = office.on("2022-03-05").pay_month(MARCH)
    office.prepare(households.close_position, household="N03")
    (contribution,) = office.contributions(household="N03")
    (payment,) = (line.payment for line in office.ask(office.auditor, payments.view_batch, batch).lines[2:])
    office.give_back(batch, payment)
    return lambda: office.approve(corrections.correct_approval, contribution.id, reason="wrong-amount")


@example(errors.UnreadableBankFile)
def a_file_that_is_no_answer(office: Office) -> Refused:
    checksum = office.prepare(answers.receive_file, name="x.csv", data=b"payment;outcome\n")
    return lambda: office.prepare(answers.book_file, checksum)


@example(errors.UnreadableBankFile)
def one_bad_line_among_good_ones(office: Office) -> Refused:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    good = office.answer(batch, PAY_2022_03_0001="settled", PAY_2022_03_0002="settled")
    checksum = office.prepare(answers.receive_file, name="x.csv", data=good.replace(b"400.00", b"400.0"))
    return lambda: office.prepare(answers.book_file, checksum)


@example(errors.BooksNotEmpty)
def a_fund_on_top_of_books(office: Office) -> Refused:
    return lambda: check_empty(office.app.settings.books)


@example(errors.RebuildUnfinished)
def anything_in_a_home_whose_rebuild_was_cut_off(office: Office) -> Refused:
    office.app.settings.rebuild_mark.touch()
    return lambda: open_app(office.app.settings)


def _key_gone_wrong(office: Office, how: Callable[[Path], object]) -> Refused:
    enrol(office, office.approver)
    how(office.app.settings.key_file)
    return lambda: office.approve(second_factor.check, office.app.vault, "000000")


@example(errors.SecretKeyMissing)
def a_code_without_the_key(office: Office) -> Refused:
    return _key_gone_wrong(office, Path.unlink)


@example(errors.SecretKeyMissing)
def a_second_factor_where_the_key_of_others_is_gone(office: Office) -> Refused:
    _key_gone_wrong(office, Path.unlink)
    return lambda: office.prepare(second_factor.begin, office.app.vault, SECRET)


@example(errors.SecretKeyDamaged)
def a_code_with_half_a_key(office: Office) -> Refused:
    return _key_gone_wrong(office, lambda path: path.write_bytes(path.read_bytes()[:20]))


@example(errors.SecretKeyDamaged)
def a_first_second_factor_with_an_empty_key(office: Office) -> Refused:
    office.app.settings.key_file.touch()
    return lambda: office.prepare(second_factor.begin, office.app.vault, SECRET)


@example(errors.SecretKeyWrong)
def a_code_with_another_key(office: Office) -> Refused:
    return _key_gone_wrong(office, lambda path: path.write_bytes(Fernet.generate_key()))


@example(errors.IntegrityBroken)
def anything_once_the_books_were_changed(office: Office) -> Refused:
    path = max((office.app.settings.books / "months").iterdir())
    text = path.read_bytes()
    path.write_bytes(text[:-2].replace(b"450.00", b"451.00") + text[-2:])
    return lambda: office.prepare(money.allocate, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.IntegrityBroken)
def a_rebuild_from_books_that_were_changed(office: Office) -> Refused:
    books = office.app.settings.books
    path = min((books / "months").iterdir())
    path.write_bytes(path.read_bytes().replace(b"10000.00", b"10000.01"))
    empty = _empty_office(office)
    return lambda: _closing(empty, lambda: empty.do(SYSTEM, rebuilding.rebuild, rebuilding.read_source(books)))


def _empty_office(office: Office) -> Office:
    home = office.app.settings.home / "empty"
    return Office(open_app(Settings(home, f"sqlite:///{home / 'fund.sqlite'}"), office.clock), office.clock)


def _closing(office: Office, refused: Refused) -> object:
    try:
        return refused()
    finally:
        office.close()


@example(errors.FundMissing)
def a_home_without_a_fund(office: Office) -> Refused:
    empty = _empty_office(office)
    return lambda: _closing(empty, empty.balances)


@example(errors.MonthNotCommitted)
def a_commitment_that_is_gone_behind_the_services_back(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.do(SYSTEM, lambda context: context.run(table(Contribution).update().values(month="2023-03")))
    return lambda: office.approve_run(MARCH)


@example(errors.StateNotAllowed)
def a_cancellation_of_a_sealed_batch_that_the_bank_answered(office: Office) -> Refused:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.import_file(office.answer(batch, PAY_2022_03_0001="settled"))
    return lambda: office.approve(payments.cancel_batch, batch, reason="wrong-account")


@example(errors.LeaseOverlaps)
def a_lease_drawn_out_into_the_next_one(office: Office) -> Refused:
    office.prepare(households.end_lease, 1, ends_on=date(2022, 5, 31))
    office.prepare(
        households.add_lease,
        household="N01",
        landlord="L0003",
        registration="REG-2",
        starts_on=date(2022, 6, 1),
        rent_cents=100,
    )
    return lambda: office.prepare(households.end_lease, 1, ends_on=date(2022, 6, 1))


@example(errors.DayNotConfirmed)
def an_act_after_months_of_silence(office: Office) -> Refused:
    office.clock_says("2022-04-05")
    return lambda: office.prepare(money.allocate, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.NotToday)
def a_confirmation_of_another_day(office: Office) -> Refused:
    office.clock_says("2022-04-05")
    return lambda: office.confirm_today(date(2022, 3, 5))


@example(errors.ClockBehindJournal)
def a_confirmation_of_a_day_before_the_last_entry(office: Office) -> Refused:
    office.on("2022-02-13")
    return lambda: office.confirm_today(office.day)


@example(errors.ClockBehindJournal)
def a_clock_set_back_by_a_day(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.approve_run(MARCH)
    return lambda: close_months(office.on("2022-03-04"))


def a_batch(**changes: object) -> Batch:
    payment = Instruction("PAY-2022-03-0001", 45000, OTHER_IBAN, "Locatore uno", "REG-1 2022-03")
    debtor = Debtor("Comune di Esempio", OTHER_IBAN, "00337460224")
    batch = Batch("PB-2022-03-1", datetime(2022, 3, 5, tzinfo=UTC), date(2022, 3, 10), debtor, [payment])
    return replace(batch, instructions=[replace(payment, **changes)])  # type: ignore[arg-type]  # any field


@example(errors.OrderNotWritable)
def a_payment_to_an_iban_whose_check_digits_are_wrong(office: Office) -> Refused:
    return lambda: write(a_batch(iban="IT00S9990101800000000000400"), "pain.001.001.09", None)


@example(errors.TextNotWritable)
def a_name_in_letters_that_no_bank_takes(office: Office) -> Refused:
    return lambda: write(a_batch(creditor="Локаторе"), "pain.001.001.09", None)


@example(errors.TextTooLong)
def a_name_longer_than_a_bank_takes(office: Office) -> Refused:
    return lambda: write(a_batch(creditor="x" * 71), "pain.001.001.09", None)


@example(errors.PayDayRefused)
def a_pay_day_on_a_sunday(office: Office) -> Refused:
    return lambda: check_pay_day(date(2022, 3, 6), date(2022, 3, 5))


@example(errors.BankFileInvalid)
def a_file_that_its_schema_does_not_allow(office: Office) -> Refused:
    return lambda: accepted(b"<Document/>", "pain.001.001.09", None)


@example(errors.TreasuryMissing)
def an_export_of_a_city_whose_account_is_not_known(office: Office) -> Refused:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    return lambda: office.approve(exports.export_batch, batch, "pain.001.001.09")


@example(errors.LineDoesNotAgree)
def a_line_of_another_amount_than_the_payment_it_is_matched_to(office: Office) -> Refused:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    (answer,) = read_answers(office.answer(batch, PAY_2022_03_0001="settled"))
    view = office.import_file(write_answers([replace(answer, amount_cents=1)]))
    return lambda: office.prepare(queue.match_line, view.sha256, 1, to="payment", key="PAY-2022-03-0001")


@example(errors.StateNotAllowed)
def a_line_that_was_booked_already(office: Office) -> Refused:
    view = office.settle(str(office.on("2022-03-05").run_month(MARCH).batch))
    return lambda: office.prepare(queue.set_aside, view.sha256, 1, reason="other-business")


@example(errors.MoreThanPaid)
def an_overpayment_of_more_than_the_month(office: Office) -> Refused:
    office.on("2022-03-05").pay_month(MARCH)
    facts = {"amount_cents": 45_001, "reason": "departure"}
    return lambda: office.prepare(recoveries.propose_overpayment, contribution=first_contribution(office), **facts)


@example(errors.MoreThanOwed)
def more_kept_back_of_a_month_than_is_owed(office: Office) -> Refused:
    office.on("2022-03-05").open_runs()
    facts = {"contribution": first_contribution(office), "amount_cents": 45_001}
    return lambda: office.prepare(set_offs.propose_set_off, **facts)


@example(errors.MoreThanOverpaid)
def money_back_from_a_landlord_who_owes_none(office: Office) -> Refused:
    return lambda: office.prepare(recoveries.recover, landlord="L0001", amount_cents=1, bank_date=office.day)


@example(errors.TooManyAttempts)
def a_sixth_guess_of_a_password(office: Office) -> Refused:
    for _ in range(5):
        office.do(SYSTEM, attempts.count_attempt, "login", "pre")
    return lambda: office.do(SYSTEM, attempts.count_attempt, "login", "pre")


@example(errors.AlreadyExists)
def a_second_factor_over_one_that_is_in_force(office: Office) -> Refused:
    enrol(office, office.approver)
    return lambda: office.approve(second_factor.begin, office.app.vault, SECRET)


@example(errors.SecondFactorMissing)
def a_code_of_a_second_factor_that_is_none(office: Office) -> Refused:
    return lambda: office.approve(second_factor.check, office.app.vault, "000000")


@example(errors.SecondFactorMissing)
def an_approval_where_a_second_factor_is_required(office: Office) -> Refused:
    return lambda: office.approve(second_factor.check_again, office.app.vault, "000000", is_required=True)


@example(errors.SecondFactorNeeded)
def an_approval_without_a_code(office: Office) -> Refused:
    enrol(office, office.approver)
    return lambda: office.approve(second_factor.check_again, office.app.vault, None, is_required=False)


@example(errors.WrongCode)
def a_wrong_code(office: Office) -> Refused:
    enrol(office, office.approver)
    return lambda: office.approve(second_factor.check, office.app.vault, "nonsense")


@example(errors.WrongCode)
def a_code_twice(office: Office) -> Refused:
    code = enrol(office, office.approver)
    return lambda: office.approve(second_factor.check, office.app.vault, code)


@example(errors.NotAuthenticated)
def an_invitation_used_as_a_password(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "pre", "the secret of an invitation")
    return lambda: office.ask(SYSTEM, users.log_in, "pre", "the secret of an invitation")


def _accepting(office: Office, secret: str) -> Refused:
    who = {"login": "pre", "password": "a long one of their own"}
    return lambda: office.do(SYSTEM, invitations.accept, secret=secret, **who)


@example(errors.InvitationNotUsable)
def an_invitation_that_was_never_made(office: Office) -> Refused:
    return _accepting(office, "guessed")


@example(errors.InvitationNotUsable)
def an_invitation_of_another_user(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "app", "s")
    return _accepting(office, "s")


@example(errors.InvitationNotUsable)
def an_invitation_that_was_used(office: Office) -> Refused:
    return _accepting(office, invitation_of("pre"))


@example(errors.InvitationNotUsable)
def an_invitation_before_a_newer_one(office: Office) -> Refused:
    for secret in ("older", "newer"):
        office.do(office.admin, users.reset_password, "pre", secret)
    return _accepting(office, "older")


@example(errors.InvitationNotUsable)
def an_invitation_that_has_expired(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "pre", "s")
    office.at(office.clock.now() + invitations.LIFE)
    return _accepting(office, "s")


@example(errors.WeakPassword)
def an_invitation_accepted_with_a_weak_password(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "pre", "s")
    return lambda: office.do(SYSTEM, invitations.accept, login="pre", secret="s", password="short")


@example(errors.WeakPassword)
def a_password_that_is_too_short(office: Office) -> Refused:
    return lambda: office.prepare(users.change_password, present=PASSWORD, new="short")


@example(errors.NotFound)
def the_reset_of_a_disabled_user(office: Office) -> Refused:
    office.do(office.admin, users.disable_user, "pre")
    return lambda: office.do(office.admin, users.reset_password, "pre", "s")


@example(errors.InvalidInput)
def the_same_password_again(office: Office) -> Refused:
    return lambda: office.prepare(users.change_password, present=PASSWORD, new=PASSWORD)


@example(errors.InvalidInput)
def another_password_without_the_present_one(office: Office) -> Refused:
    return lambda: office.prepare(users.change_password, present="a guess at it", new="a good new password")


@example(errors.NotAuthenticated)
def a_sign_in_that_has_a_step_left(office: Office) -> Refused:
    office.approve(sign_in.begin, secret="s")
    return lambda: office.do(SYSTEM, sign_in.finish, "s", is_required=True)


@example(errors.IdentityRefused)
def a_subject_that_nobody_has(office: Office) -> Refused:
    return lambda: office.ask(SYSTEM, users.find_by_identity, "somebody")


@example(errors.IdentityRefused)
def a_subject_whose_user_has_not_accepted_the_invitation(office: Office) -> Refused:
    office.do(office.admin, users.record_identity, "pre", "subject-1")
    office.do(office.admin, users.reset_password, "pre", "s")
    return lambda: office.ask(SYSTEM, users.find_by_identity, "subject-1")


@example(errors.IdentityRefused)
def a_state_used_twice(office: Office) -> Refused:
    office.do(SYSTEM, sign_in.ask_provider, state="s", browser="b", asked=Asked("n", "v"))
    office.do(SYSTEM, sign_in.take_answer, state="s", browser="b")
    return lambda: office.do(SYSTEM, sign_in.take_answer, state="s", browser="b")


@example(errors.AlreadyExists)
def an_identity_that_is_another_users(office: Office) -> Refused:
    office.do(office.admin, users.record_identity, "pre", "subject-1")
    return lambda: office.do(office.admin, users.record_identity, "app", "subject-1")


@example(errors.InvalidInput)
def an_identity_with_a_space(office: Office) -> Refused:
    return lambda: office.do(office.admin, users.record_identity, "pre", "a b")


@example(errors.NotForOneself)
def a_role_for_oneself(office: Office) -> Refused:
    return lambda: office.do(office.admin, users.change_role, "admin", access.AUDITOR)


@example(errors.LastAdmin)
def the_last_admin_disabled_by_one_who_was(office: Office) -> Refused:
    office.do(office.admin, users.add_user, login="admin2", role=access.ADMIN, secret="s")
    other = Actor("U05", access.ADMIN)
    office.do(office.admin, users.disable_user, "admin2")
    return lambda: office.do(other, users.disable_user, "admin")


@example(errors.StillNeeded)
def the_erasure_of_a_landlord_who_is_owed(office: Office) -> Refused:
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.prepare(erasure.ask_erasure, "L0001")


@example(errors.StillNeeded)
def the_erasure_of_a_landlord_whose_contract_runs(office: Office) -> Refused:
    return lambda: office.prepare(erasure.ask_erasure, "L0001")


@example(errors.StillNeeded)
def an_erasure_that_nobody_asked_for(office: Office) -> Refused:
    return lambda: office.do(office.admin, erasure.erase_landlord, "L0003")


@example(errors.SamePerson)
def an_erasure_by_who_asked_for_it(office: Office) -> Refused:
    office.prepare(erasure.ask_erasure, "L0003")
    return lambda: office.do(Actor("U02", access.ADMIN), erasure.erase_landlord, "L0003")


@example(errors.AlreadyExists)
def an_erasure_twice(office: Office) -> Refused:
    office.prepare(erasure.ask_erasure, "L0003")
    office.do(office.admin, erasure.erase_landlord, "L0003")
    return lambda: office.do(office.admin, erasure.erase_landlord, "L0003")


@example(errors.QueryRefused)
def a_query_that_writes_a_file(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, questions.ask, office.app.settings.books, ".output books.txt")


@example(errors.WorkTooLong)
def a_query_that_never_ends(office: Office) -> Refused:
    impatient = replace(QUERY, wall_seconds=1)
    endless = f"SELECT grep('(a+)+$', '{'a' * 60}b')"
    return lambda: office.ask(office.auditor, questions.ask, office.app.settings.books, endless, impatient)


@example(errors.ResultTooLarge)
def a_query_with_more_rows_than_allowed(office: Office) -> Refused:
    short = replace(QUERY, max_rows=3)
    return lambda: office.ask(office.auditor, questions.ask, office.app.settings.books, "SELECT account", short)


@example(errors.FavaNotStarted)
def fava_without_time_to_start(office: Office) -> Refused:
    fava, books = Fava("/fava", start_seconds=0), office.app.settings.books
    return lambda: fava.address("0" * 64, lambda: office.ask(office.auditor, reading_room.snapshot, books))
