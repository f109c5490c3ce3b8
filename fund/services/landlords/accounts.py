"""Landlords' accounts as the journal knows them.

The row of an account is a projection of its acts; its IBAN is bound by the fingerprint under which it was proposed.
"""

from collections.abc import Collection

from fund.domain import access, errors, rules
from fund.domain.access import Actor
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.store import journal
from fund.store import landlords as store
from fund.store.tables import BankAccount, Landlord
from ledger.acts import landlords as landlord_acts
from ledger.acts.landlords import AccountRef
from ledger.reader import record_of
from ledger.rules.landlords import TRANSITIONS
from ledger.state import State


def account_ref(context: Context, row: BankAccount) -> AccountRef:
    """An account as the books name it. Raises ``PayeeDiffers`` where its IBAN is not the one that was proposed."""
    fingerprint = context.now(store.account_fingerprint(context.session, row.landlord, row.version))
    if fingerprint is None or (row.iban is not None and context.fingerprints.of(Domain.PAYEE, row.iban) != fingerprint):
        raise errors.PayeeDiffers([_name(row.landlord, row.version)])
    return AccountRef(row.landlord, row.version, fingerprint)


def suspend_accounts(context: Context, accounts: Collection[int]) -> None:
    """Nothing is paid to those of some accounts that are in use before they are confirmed again."""
    in_use = store.confirmed_accounts(context.session, accounts)
    context.book_acts(landlord_acts.account_suspended(context.stamp(), account_ref(context, row)) for row in in_use)


def check_current_accounts(context: Context) -> None:
    """The IBAN of every account in use, or proposed for it, is the one of its proposal. Raises ``PayeeDiffers``."""
    current = store.current_accounts(context.session)
    if not current:
        return
    wrong = [
        _name(account.landlord, account.version)
        for account in current
        if context.fingerprints.of(Domain.PAYEE, account.iban) != context.now(account.fingerprint)
    ]
    if wrong:
        raise errors.PayeeDiffers(wrong)


def payees_key(context: Context) -> str:
    """The subkey by which an auditor compares payees with the books; it opens no other fingerprint. The books say who
    was shown it.
    """
    context.actor.must_be(*access.preparers("key-shown"))
    context.book_act(landlord_acts.key_shown(context.stamp()))
    return context.fingerprints.subkey(Domain.PAYEE).hex()


def restore_account(context: Context, second: Actor, *, landlord: str, version: int, iban: str) -> None:
    """Put a confirmed IBAN back, and the rows of its landlord's accounts as their acts make them, by two people.

    Allowed while writing is stopped, since it can bring back only what was booked. Raises ``NotTheConfirmedValue``,
    ``SamePerson``, ``NotFound``, ``StateNotAllowed`` for a landlord who is erased, and ``IntegrityBroken`` where the
    acts themselves are not what was booked.
    """
    context.actor.must_be(*access.preparers("account-restored"))
    second.must_be(access.APPROVER)
    rules.check_two_people("account", _name(landlord, version), context.actor.code, second.code)
    if context.get(Landlord, landlord).erased_on is not None:
        raise errors.StateNotAllowed("landlord", landlord, "erased", "account")
    acts = journal.acts_about(context.session, list(TRANSITIONS), [landlord], context.tag_of)
    state = State()
    for act in acts:
        if any(TRANSITIONS[act.kind](state, record_of(act))):
            raise errors.PayeeDiffers([_name(act.facts.landlord, act.facts.account)])
    accounts = state.accounts
    if (landlord, version) not in accounts:
        raise errors.NotFound("account", _name(landlord, version))
    fingerprint = accounts[landlord, version].fingerprint
    if context.fingerprints.of(Domain.PAYEE, iban) != fingerprint:
        raise errors.NotTheConfirmedValue(landlord, version)
    ref = AccountRef(landlord, version, fingerprint)
    context.book_act(landlord_acts.account_restored(context.stamp(approved_by=second.code), ref))
    store.restore_accounts(context.session, accounts)
    store.restore_iban(context.session, landlord, version, iban)


def _name(landlord: str | None, version: int | None) -> str:
    return f"{landlord} {version}"
