"""Examples of refusals: landlords, their contacts and accounts."""

from datetime import date

from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.services.banking import treasury
from fund.services.desk import proposals
from fund.services.landlords import accounts, checks, contacts, erasure, landlords
from fund.services.users import own_ibans
from tests.fund.kit import IBANS, OTHER_IBAN, Office, add_landlord
from tests.fund.services.banking.test_sealing import TREASURY
from tests.fund.services.refusals.examples import Refused, examples, new_account, ordered, twofold

EXAMPLES, example = examples()


def another_contact(office: Office, **proposed: str) -> int:
    return office.prepare(contacts.propose_change, landlord="L0001", **(proposed or {"contact": "+39 0461 111111"}))


@example(errors.ProposalWaits)
def a_second_change_of_a_contact_while_one_is_open(office: Office) -> Refused:
    another_contact(office)
    return lambda: another_contact(office, name="Locatrice L0001")


@example(errors.InvalidInput)
def a_change_to_what_is_on_file(office: Office) -> Refused:
    return lambda: another_contact(office, name="Locatore L0001", contact="+39 0461 000000")


@example(errors.InvalidInput)
def a_call_back_before_there_was_anything_to_ask(office: Office) -> Refused:
    change = another_contact(office)
    return lambda: office.confirm(change, called_back_on=date(2022, 2, 13))


@example(errors.InvalidInput)
def a_call_back_that_is_still_to_come(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    return lambda: office.confirm(account, called_back_on=date(2022, 2, 15))


@example(errors.CallBackMissing)
def another_contact_without_a_call_back(office: Office) -> Refused:
    change = another_contact(office)
    return lambda: office.confirm(change)


@example(errors.SamePerson)
def who_proposed_a_contact_confirms_it(office: Office) -> Refused:
    change = another_contact(office)
    return lambda: office.confirm(change, by=twofold(office), called_back_on=office.day)


@example(errors.IbanOfFund)
def a_landlord_paid_to_the_account_of_the_fund(office: Office) -> Refused:
    office.decide(treasury.propose_treasury, TREASURY)
    return lambda: office.prepare(landlords.propose_account, landlord="L0001", iban=TREASURY.iban)


@example(errors.IbanOfFund)
def the_fund_paying_from_the_account_of_a_landlord(office: Office) -> Refused:
    return lambda: office.prepare(treasury.propose_treasury, TREASURY.model_copy(update={"iban": IBANS["L0001"]}))


@example(errors.IbanOfFund)
def the_fund_paying_from_an_account_that_a_landlord_was_given_meanwhile(office: Office) -> Refused:
    number = office.prepare(treasury.propose_treasury, TREASURY)
    office.prepare(landlords.propose_account, landlord="L0001", iban=TREASURY.iban)
    return lambda: office.confirm(number)


@example(errors.StateNotAllowed)
def a_contact_that_was_rejected_is_confirmed(office: Office) -> Refused:
    change = another_contact(office)
    office.approve(proposals.reject_proposal, change, reason="not-verified")
    return lambda: office.confirm(change, called_back_on=office.day)


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
    office.confirm(another_contact(office), called_back_on=office.day)
    office.on("2022-03-30")
    return lambda: office.confirm(account, called_back_on=office.day)


@example(errors.AlreadyExists)
def a_landlord_twice(office: Office) -> Refused:
    return lambda: add_landlord(office, "L0001", OTHER_IBAN)


@example(errors.ProposalWaits)
def an_iban_that_is_proposed_already(office: Office) -> Refused:
    office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    return lambda: office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)


@example(errors.StateNotAllowed)
def an_account_in_use_proposed_again_as_if_it_were_suspended(office: Office) -> Refused:
    return lambda: office.prepare(landlords.propose_account_again, "L0001", 1)


@example(errors.NotFound)
def another_landlords_account_proposed_again(office: Office) -> Refused:
    return lambda: office.prepare(landlords.propose_account_again, "L0001", 2)


@example(errors.SamePerson)
def who_proposed_an_account_confirms_it(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    return lambda: office.confirm(account, by=twofold(office), called_back_on=office.day)


@example(errors.IbanOfUser)
def a_users_own_iban_proposed_for_a_landlord(office: Office) -> Refused:
    office.do(office.admin, own_ibans.set_user_ibans, "pre", [OTHER_IBAN])
    return lambda: office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)


@example(errors.IbanOfUser)
def a_users_own_iban_confirmed_for_a_landlord(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.do(office.admin, own_ibans.set_user_ibans, "app", [OTHER_IBAN])
    return lambda: office.confirm(account, called_back_on=office.day)


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


@example(errors.IbanInUse)
def another_landlords_iban(office: Office) -> Refused:
    return lambda: office.prepare(landlords.propose_account, landlord="L0001", iban=IBANS["L0002"])


@example(errors.CallBackMissing)
def a_changed_iban_without_a_call_back(office: Office) -> Refused:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    return lambda: office.confirm(account)


@example(errors.CallBackMissing)
def a_suspended_account_without_a_call_back(office: Office) -> Refused:
    office.do(SYSTEM, accounts.suspend_accounts, {1})
    number = office.prepare(landlords.propose_account_again, "L0001", 1)
    return lambda: office.confirm(number)


@example(errors.ErasureBlocked, after=ordered)
def the_erasure_of_a_landlord_who_is_owed(office: Office) -> Refused:
    return lambda: office.prepare(erasure.propose_erasure, "L0001")


@example(errors.ErasureBlocked)
def the_erasure_of_a_landlord_whose_contract_runs(office: Office) -> Refused:
    return lambda: office.prepare(erasure.propose_erasure, "L0001")


@example(errors.ErasureBlocked)
def the_erasure_of_a_household_whose_position_is_open(office: Office) -> Refused:
    return lambda: office.prepare(erasure.propose_erasure, "N01")


@example(errors.AlreadyExists)
def an_erasure_twice(office: Office) -> Refused:
    office.erase("L0003")
    return lambda: office.prepare(erasure.propose_erasure, "L0003")


def _written_into(office: Office) -> None:
    """L0003's account was given another IBAN behind the service's back."""
    with office.app.database.write() as session:
        session.connection().exec_driver_sql("UPDATE bank_account SET iban = 'XX' WHERE landlord = 'L0003'")
        session.commit()


@example(errors.PayeeDiffers)
def anything_once_an_account_was_written_into(office: Office) -> Refused:
    _written_into(office)
    return lambda: office.prepare(landlords.set_rf_reference, "L0001", None)


def _put_back(office: Office, iban: str, landlord: str = "L0003", version: int = 1) -> Refused:
    facts = {"landlord": landlord, "version": version, "iban": iban}
    return lambda: office.prepare(accounts.restore_account, office.approver, **facts)


@example(errors.NotTheConfirmedValue)
def another_account_in_place_of_the_confirmed_one(office: Office) -> Refused:
    return _put_back(office, OTHER_IBAN)


@example(errors.NotFound)
def an_account_put_back_that_never_was(office: Office) -> Refused:
    return _put_back(office, IBANS["L0003"], version=2)


@example(errors.StateNotAllowed)
def an_account_put_back_of_a_landlord_who_is_erased(office: Office) -> Refused:
    office.erase("L0003")
    return _put_back(office, IBANS["L0003"])


@example(errors.SamePerson)
def an_account_put_back_by_one_person(office: Office) -> Refused:
    facts = {"landlord": "L0003", "version": 1, "iban": IBANS["L0003"]}
    return lambda: office.prepare(accounts.restore_account, Actor("U02", access.APPROVER), **facts)


@example(errors.NotPermitted)
def an_account_put_back_with_an_auditor(office: Office) -> Refused:
    facts = {"landlord": "L0003", "version": 1, "iban": IBANS["L0003"]}
    return lambda: office.prepare(accounts.restore_account, office.auditor, **facts)


@example(errors.NotPermitted)
def a_preparer_who_wants_the_key_of_the_payees(office: Office) -> Refused:
    return lambda: office.prepare(accounts.payees_key)
