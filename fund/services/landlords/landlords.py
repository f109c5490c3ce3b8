"""Landlords and their accounts. An IBAN is proposed by one person and confirmed by another (rule 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fund.bank.remittance import check_remittance
from fund.bank.writers.checked import MAX_NAME, check_text
from fund.domain import access, controls, errors, rules
from fund.domain.agreement.model import LandlordFacts
from fund.domain.fingerprints import Domain
from fund.domain.proposals import ActName
from fund.domain.states import AccountState
from fund.services.context import Context
from fund.services.landlords.accounts import account_ref
from fund.services.landlords.contacts import check_contact_settled, read_remembered, write_to
from fund.services.landlords.people import check_free, read_person
from fund.services.proposals import Confirmation, TwoPersonAct, check_none_alike, propose
from fund.services.users.own_ibans import ibans_of_users
from fund.store import landlords as store
from fund.store import rows
from fund.store.tables import BankAccount as BankAccount
from fund.store.tables import Landlord as Landlord
from fund.store.tables import Treasury
from fund.store.tables.money import FUND_ID
from ledger.acts import landlords as landlord_acts
from ledger.acts.landlords import AccountRef, CallBack


def register_landlord(context: Context, facts: LandlordFacts) -> int:
    """Register a landlord and propose its first account. Returns the proposal's number.

    Raises ``TextNotWritable`` and ``TextTooLong`` for a name that a bank's file cannot hold, and what
    ``people.read_person`` and ``check_free`` raise.
    """
    context.actor.must_be(*access.preparers("registration"))
    if rows.find(context.session, Landlord, facts.code) is not None:
        raise errors.AlreadyExists("landlord", facts.code)
    check_text(facts.code, "name", facts.name, MAX_NAME)
    person = read_person(context, facts.tax_code)
    check_free(context, person.fingerprint)
    stamp, fingerprint = context.stamp(), context.fingerprints.of
    registration = landlord_acts.registration(stamp, landlord=facts.code, fingerprint=person.fingerprint)
    others = facts.model_dump(exclude={"code", "name", "contact", "iban", "tax_code", "email", "rf_reference"})
    context.book_act(registration, {Landlord.tax_code: person.tax_code, **rows.named(Landlord, others)})
    name = landlord_acts.landlord_name(stamp, landlord=facts.code, fingerprint=fingerprint(Domain.NAME, facts.name))
    context.book_act(name, {Landlord.name: facts.name})
    contact = landlord_acts.landlord_contact(
        stamp, landlord=facts.code, contact=1, fingerprint=fingerprint(Domain.CONTACT, facts.contact)
    )
    context.book_act(contact, {Landlord.contact: facts.contact})
    write_to(context, facts.code, facts.email)
    if facts.rf_reference is not None:
        _refer_to(context, facts.code, facts.rf_reference)
    return propose_account(context, landlord=facts.code, iban=facts.iban)


def set_rf_reference(context: Context, landlord: str, rf_reference: str | None) -> None:
    """The reference (ISO 11649) under which a landlord is paid in what is sealed from now on, or none any more.

    Raises ``TextTooLong`` where it leaves no room for the registration of one of the landlord's contracts.
    """
    context.actor.must_be(*access.people("landlord-reference"))
    read_remembered(context, landlord, "reference")
    if rf_reference is not None:
        for lease in store.leases_of_landlord(context.session, landlord):
            check_remittance(lease.household, lease.starts_on, lease.registration, rf_reference)
    _refer_to(context, landlord, rf_reference)


def _refer_to(context: Context, landlord: str, reference: str | None) -> None:
    fingerprint = None if reference is None else context.fingerprints.of(Domain.REFERENCE, reference)
    act = landlord_acts.landlord_reference(context.stamp(), landlord=landlord, fingerprint=fingerprint)
    context.book_act(act, {Landlord.rf_reference: reference})
    store.refer_payments(context.session, landlord, reference)


@dataclass(frozen=True, slots=True)
class AccountPayload:
    """A version of a landlord's account, by the fingerprint of its IBAN."""

    landlord: str
    version: int
    fingerprint: str


def propose_account(context: Context, *, landlord: str, iban: str) -> int:
    """Propose an IBAN for a landlord; nothing is paid to it before another person confirms it.

    Returns the proposal's number. Raises ``ProposalWaits`` while the same IBAN is proposed, ``IbanInUse`` when another
    landlord has it, ``IbanOfUser`` when a user does, ``IbanOfFund`` when it is the fund's, and ``StateNotAllowed`` for
    a landlord who is erased.
    """
    context.actor.must_be(*ACCOUNT.proposers)
    read_remembered(context, landlord, "account")
    fingerprint = context.fingerprints.of(Domain.PAYEE, iban)
    check_none_alike(context, ACCOUNT, landlord, lambda other: other.fingerprint == fingerprint)
    _check_iban(context, landlord, iban)
    version = store.last_version(context.session, landlord) + 1
    act = landlord_acts.account_proposed(context.stamp(), AccountRef(landlord, version, fingerprint))
    context.book_act(act, {BankAccount.iban: iban})
    return propose(context, ACCOUNT, AccountPayload(landlord, version, fingerprint))


def propose_account_again(context: Context, landlord: str, account: int) -> int:
    """Propose that a suspended account is paid to again. Returns the proposal's number.

    Raises ``NotFound`` and ``StateNotAllowed``.
    """
    context.actor.must_be(*ACCOUNT.proposers)
    row = store.account_of(context.session, landlord, account)
    if row is None:
        raise errors.NotFound("account", str(account))
    if row.state is not AccountState.SUSPENDED:
        raise errors.StateNotAllowed("account", str(account), row.state, AccountState.CONFIRMED)
    return propose(context, ACCOUNT, AccountPayload(landlord, row.version, account_ref(context, row).fingerprint))


def _account(context: Context, payload: AccountPayload) -> BankAccount:
    return store.read_version(context.session, payload.landlord, payload.version)


def _judge_account(context: Context, payload: AccountPayload) -> None:
    row = _account(context, payload)
    read_remembered(context, payload.landlord, "account")
    if row.iban is not None:
        _check_iban(context, payload.landlord, row.iban)


def _confirm_account(context: Context, payload: AccountPayload, confirmed: Confirmation) -> None:
    """A changed IBAN is usable only after the cooling-off time, and by a call-back to a contact that is no newer than
    its proposal allows; so is one whose payment came back, or whose holder the bank does not know by that name.

    Raises ``CallBackMissing``, ``ContactTooNew``, and ``PayeeDiffers`` where it is not the IBAN that was proposed.
    """
    row = _account(context, payload)
    ref = account_ref(context, row)
    call_back = None
    if _needs_call_back(context, payload):
        day = rules.check_call_back(row.landlord, confirmed.called_back_on, confirmed.proposed_on, context.day)
        if row.state is AccountState.PROPOSED:
            check_contact_settled(context, row.landlord, confirmed.proposed_on)
        call_back = CallBack(day, context.get(Landlord, row.landlord).contact_version)
    usable_from = _usable_from(context, row, ref)
    context.book_act(
        landlord_acts.account_confirmed(confirmed.stamp(context), ref, usable_from=usable_from, call_back=call_back)
    )


def _usable_from(context: Context, row: BankAccount, ref: AccountRef) -> date:
    """The first and one that is paid to already at once, another after the cooling-off time."""
    live = store.live_account(context.session, row.landlord)
    if live is not None and account_ref(context, live).fingerprint == ref.fingerprint:
        return live.usable_from or context.day
    if row.version == 1:
        return context.day
    return context.day + timedelta(days=context.fund().iban_cooling_off_days)


def _reject_account(context: Context, payload: AccountPayload) -> None:
    """A proposed account is not taken; one that is suspended stays so."""
    row = _account(context, payload)
    if row.state is AccountState.PROPOSED:
        context.book_act(landlord_acts.account_rejected(context.stamp(), account_ref(context, row)))


def _not_confirmable(context: Context, payloads: Sequence[AccountPayload]) -> list[AccountPayload]:
    waiting = store.confirmable_versions(context.session)
    return [payload for payload in payloads if (payload.landlord, payload.version) not in waiting]


def _needs_call_back(context: Context, payload: AccountPayload) -> bool:
    row = _account(context, payload)
    return row.version > 1 or row.state is AccountState.SUSPENDED or _has_no_match(context, row.id)


def _on_file(context: Context, payload: AccountPayload) -> Mapping[str, str | None]:
    row = context.get(Landlord, payload.landlord)
    return {
        "iban": _account(context, payload).iban,
        "name_on_file": row.name,
        "tax_code": row.tax_code,
        "contact_on_file": row.contact,
    }


ACCOUNT = TwoPersonAct(
    ActName.ACCOUNT,
    AccountPayload,
    subject=lambda payload: payload.landlord,
    judge=_judge_account,
    carry_out=_confirm_account,
    turn_down=_reject_account,
    changed=_not_confirmable,
    needs_call_back=_needs_call_back,
    on_file=_on_file,
)


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
    """An IBAN belongs to one landlord, to none of the users and not to the fund.

    Raises ``IbanInUse``, ``IbanOfUser`` and ``IbanOfFund``.
    """
    if store.landlords_by_iban(context.session).get(iban, set()) - {landlord}:
        raise errors.IbanInUse(landlord)
    if ibans_of_users(context, [iban]):
        raise errors.IbanOfUser(landlord)
    treasury = rows.find(context.session, Treasury, FUND_ID)
    if treasury is not None and treasury.iban == iban:
        raise errors.IbanOfFund(landlord)


def _has_no_match(context: Context, account: int) -> bool:
    """Whether the bank's last word on an account is that its holder has another name."""
    check = store.latest_payee_checks(context.session, [account]).get(account)
    return check is not None and check.result == controls.PayeeResult.NO_MATCH
