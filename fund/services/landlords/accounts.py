"""Landlords' accounts as the journal knows them.

The row of an account is a projection of its acts; its IBAN is bound by the fingerprint under which it was proposed.
"""

from collections.abc import Collection, Iterable, Sequence

from fund.domain import access, errors, rules
from fund.domain.access import Actor
from fund.domain.fingerprints import Domain
from fund.domain.states import AccountState
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
    for row in store.confirmed_accounts(context.session, accounts):
        context.book_act(landlord_acts.account_suspended(context.stamp(), account_ref(context, row)))


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


def check_payees(context: Context, paid: Iterable[tuple[str, BankAccount | None]]) -> None:
    """Each account is the landlord's, and the one that was confirmed, worked out from the journal once more.

    ``paid`` are landlords who are owed, each with the account that is to be paid. Raises ``PayeeDiffers``.

    Before a file is sealed: the acts of these landlords are read and their records hashed again, so that a row or an
    act changed behind the service's back orders no payment (``IntegrityBroken`` for such an act).
    """
    payees = [(landlord, row) for landlord, row in paid if row is not None]
    accounts = _booked_accounts(context, {landlord for landlord, _ in payees})
    wrong = [
        _name(row.landlord, row.version)
        for landlord, row in payees
        if (booked := accounts.get((row.landlord, row.version))) is None
        or row.landlord != landlord
        or booked.state is not AccountState.CONFIRMED
        or row.iban is None
        or context.fingerprints.of(Domain.PAYEE, row.iban) != booked.fingerprint
        or not store.is_as_booked(row, booked)
    ]
    if wrong:
        raise errors.PayeeDiffers(sorted(set(wrong)))


def check_ibans(context: Context, rows: Sequence[BankAccount]) -> None:
    """The IBAN of each account is the one that was proposed, whatever became of it since, or is erased.

    Raises ``PayeeDiffers``.
    """
    accounts = _booked_accounts(context, {row.landlord for row in rows})
    wrong = {
        _name(row.landlord, row.version)
        for row in rows
        if row.iban is not None
        and (
            (booked := accounts.get((row.landlord, row.version))) is None
            or context.fingerprints.of(Domain.PAYEE, row.iban) != booked.fingerprint
        )
    }
    if wrong:
        raise errors.PayeeDiffers(sorted(wrong))


def _booked_accounts(context: Context, landlords: Collection[str]) -> dict[tuple[str, int], BankAccount]:
    """The accounts of some landlords, by landlord and version, as their acts make them; every rule agrees with these.

    Raises ``IntegrityBroken`` for an act that is not what was booked, ``PayeeDiffers`` for one that breaks a rule.
    """
    state = State()
    acts = journal.acts_about(context.session, list(TRANSITIONS), sorted(landlords), context.tag_of)
    for act in acts:
        if any(TRANSITIONS[act.kind](state, record_of(act))):
            raise errors.PayeeDiffers([_name(act.facts.landlord, act.facts.account)])
    return store.project_accounts(acts)


def payees_key(context: Context) -> str:
    """The subkey by which an auditor compares payees with the books; it opens no other fingerprint. The books say who
    was shown it.
    """
    context.actor.must_be(access.ADMIN, access.AUDITOR)
    context.book_act(landlord_acts.key_shown(context.stamp()))
    return context.fingerprints.subkey(Domain.PAYEE).hex()


def restore_account(context: Context, second: Actor, *, landlord: str, version: int, iban: str) -> None:
    """Put a confirmed IBAN back, and the rows of its landlord's accounts as their acts make them, by two people.

    Allowed while writing is stopped, since it can bring back only what was booked. Raises ``NotTheConfirmedValue``,
    ``SamePerson``, ``NotFound``, ``StateNotAllowed`` for a landlord who is erased, and ``IntegrityBroken`` where the
    acts themselves are not what was booked.
    """
    context.actor.must_be(access.PREPARER)
    second.must_be(access.APPROVER)
    rules.check_two_people("account", _name(landlord, version), context.actor.code, second.code)
    if context.get(Landlord, landlord).erased_on is not None:
        raise errors.StateNotAllowed("landlord", landlord, "erased", "account")
    accounts = _booked_accounts(context, {landlord})
    if (landlord, version) not in accounts:
        raise errors.NotFound("account", _name(landlord, version))
    fingerprint = accounts[landlord, version].fingerprint
    if context.fingerprints.of(Domain.PAYEE, iban) != fingerprint:
        raise errors.NotTheConfirmedValue(landlord, version)
    ref = AccountRef(landlord, version, fingerprint)
    context.book_act(landlord_acts.account_restored(context.stamp(approved_by=second.code), ref))
    store.restore_accounts(context.session, accounts.values())
    store.restore_iban(context.session, landlord, version, iban)


def _name(landlord: str | None, version: int | None) -> str:
    return f"{landlord} {version}"
