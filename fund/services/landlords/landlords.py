"""Landlords and their accounts. An IBAN is proposed by one person and confirmed by another (rule 5)."""

from datetime import date, timedelta

from fund.bank.remittance import check_remittance
from fund.bank.writers.checked import MAX_NAME, check_text
from fund.domain import access, controls, errors, rules
from fund.domain.agreement.model import LandlordFacts
from fund.domain.fingerprints import Domain
from fund.domain.states import AccountState
from fund.services.context import Context
from fund.services.landlords.accounts import account_ref
from fund.services.landlords.contacts import check_contact_settled, read_remembered
from fund.services.landlords.people import check_new_person
from fund.services.users.own_ibans import ibans_of_users
from fund.store import landlords as store
from fund.store import rows
from fund.store.tables import BankAccount as BankAccount
from fund.store.tables import Landlord as Landlord
from ledger.acts import landlords as landlord_acts
from ledger.acts.landlords import AccountRef, CallBack


def register_landlord(context: Context, facts: LandlordFacts) -> int:
    """Register a landlord and propose its first account. Returns the account's id.

    Raises ``TextNotWritable`` and ``TextTooLong`` for a name that a bank's file cannot hold, and what
    ``people.check_new_person`` raises.
    From the agreement file (the service itself acts) the account is part of what was signed, so it counts as confirmed.
    """
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    if rows.find(context.session, Landlord, facts.code) is not None:
        raise errors.AlreadyExists("landlord", facts.code)
    check_text(facts.code, "name", facts.name, MAX_NAME)
    check_new_person(context, facts.tax_code)
    stamp, fingerprint = context.stamp(), context.fingerprints.of
    correspondence = facts.model_dump(exclude={"code", "name", "contact", "iban"})
    context.book_act(landlord_acts.registration(stamp, landlord=facts.code), rows.named(Landlord, correspondence))
    name = landlord_acts.landlord_name(stamp, landlord=facts.code, fingerprint=fingerprint(Domain.NAME, facts.name))
    context.book_act(name, {Landlord.name: facts.name})
    contact = landlord_acts.landlord_contact(
        stamp, landlord=facts.code, contact=1, fingerprint=fingerprint(Domain.CONTACT, facts.contact)
    )
    context.book_act(contact, {Landlord.contact: facts.contact})
    account = propose_account(context, landlord=facts.code, iban=facts.iban)
    if context.actor.role == access.SYSTEM_ROLE:
        ref = account_ref(context, context.get(BankAccount, account))
        context.book_act(landlord_acts.account_confirmed(stamp, ref, usable_from=context.day))
    return account


def set_rf_reference(context: Context, landlord: str, reference: str | None) -> None:
    """The reference (ISO 11649) under which a landlord is paid from the next batch on, or none any more.

    Raises ``TextTooLong`` where it leaves no room for the registration of one of the landlord's contracts.
    """
    context.actor.must_be(access.PREPARER)
    read_remembered(context, landlord, "reference")
    if reference is not None:
        for lease in store.leases_of_landlord(context.session, landlord):
            check_remittance(lease.household, lease.starts_on, lease.registration, reference)
    rows.change(context.session, Landlord, landlord, {Landlord.rf_reference: reference})


def propose_account(context: Context, *, landlord: str, iban: str) -> int:
    """Propose an IBAN for a landlord; nothing is paid to it before another person confirms it.

    Returns the account's id. Raises ``IbanInUse`` when another landlord has it, ``IbanOfUser`` when a user does, and
    ``StateNotAllowed`` for a landlord who is erased.
    """
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    read_remembered(context, landlord, "account")
    _check_iban(context, landlord, iban)
    version = store.last_version(context.session, landlord) + 1
    ref = AccountRef(landlord, version, context.fingerprints.of(Domain.PAYEE, iban))
    context.book_act(landlord_acts.account_proposed(context.stamp(), ref), {BankAccount.iban: iban})
    return store.account_number(context.session, landlord, version)


def confirm_account(context: Context, account: int, *, called_back_on: date | None = None) -> None:
    """Another person confirms an account, proposed or suspended by a return.

    A changed IBAN, one whose payment came back, and one whose holder the bank does not know by that name need the day
    of the call-back to the contact on file, and one not confirmed before a contact that is no newer than its proposal
    allows; a changed one is usable only after the cooling-off time. Raises ``SamePerson``, ``CallBackMissing``,
    ``ContactTooNew``, ``IbanInUse``, ``IbanOfUser``, and ``PayeeDiffers`` where it is not the IBAN that was proposed.
    """
    context.actor.must_be(access.APPROVER)
    row = context.get(BankAccount, account)
    landlord = read_remembered(context, row.landlord, "account")
    rules.check_two_people("account", str(account), row.proposed_by, context.actor.code)
    is_new = row.state == AccountState.PROPOSED
    changed = row.version > 1 and is_new
    if changed or not is_new or _has_no_match(context, account):
        rules.check_call_back(row.landlord, called_back_on, row.proposed_on, context.day)
        if is_new:
            check_contact_settled(context, row.landlord, row.proposed_on)
    if row.iban is not None:
        _check_iban(context, row.landlord, row.iban)
    usable_from = row.usable_from or context.day
    if changed:
        usable_from = context.day + timedelta(days=context.fund().iban_cooling_off_days)
    call_back = None
    if called_back_on is not None:
        call_back = CallBack(called_back_on, landlord.contact_version)
    stamp = context.stamp(prepared_by=row.proposed_by, approved_by=context.actor.code)
    act = landlord_acts.account_confirmed(
        stamp, account_ref(context, row), usable_from=usable_from, call_back=call_back
    )
    context.book_act(act)


def reject_account(context: Context, account: int) -> None:
    """A proposed account is not taken."""
    context.actor.must_be(*access.FINANCE)
    row = context.get(BankAccount, account)
    context.book_act(landlord_acts.account_rejected(context.stamp(), account_ref(context, row)))


def list_landlords(context: Context) -> list[Landlord]:
    """Every landlord with its personal data, by code; doors mask what a list must not show."""
    context.actor.must_be(*access.READERS)
    return store.list_landlords(context.session)


def list_accounts(context: Context, landlord: str) -> list[BankAccount]:
    """Every version of a landlord's account, oldest first."""
    context.actor.must_be(*access.READERS)
    context.get(Landlord, landlord)
    return store.list_accounts(context.session, landlord)


def _check_iban(context: Context, landlord: str, iban: str) -> None:
    """An IBAN belongs to one landlord and to none of the users. Raises ``IbanInUse`` and ``IbanOfUser``."""
    if store.landlords_by_iban(context.session).get(iban, set()) - {landlord}:
        raise errors.IbanInUse(landlord)
    if ibans_of_users(context, [iban]):
        raise errors.IbanOfUser(landlord)


def _has_no_match(context: Context, account: int) -> bool:
    """Whether the bank's last word on an account is that its holder has another name."""
    check = store.latest_payee_checks(context.session, [account]).get(account)
    return check is not None and check.result == controls.PayeeResult.NO_MATCH
