"""The rows that acts about landlords make."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.errors import NotFound
from fund.domain.states import AccountState
from fund.store import rows
from fund.store.projections.erasure import erase
from fund.store.projections.rows import Keys, Projection, insert, required
from fund.store.rows import Values
from fund.store.tables import BankAccount, Household, Landlord, PayeeCheck, TaxCheck, table
from ledger.entries import Entry

KEYS: Keys = {
    Landlord: ("code",),
    BankAccount: ("landlord", "version"),
    PayeeCheck: ("id",),
    TaxCheck: ("id",),
}


def _registered(session: Session, act: Entry, given: Values) -> None:
    registered = {
        Landlord.code: act.facts.landlord,
        Landlord.registered_on: act.date,
        Landlord.person: act.facts.fingerprint,
    }
    insert(session, Landlord, {**registered, **given})


def _named(session: Session, act: Entry, given: Values) -> None:
    named = {Landlord.name_fingerprint: act.facts.fingerprint, **given}
    rows.change(session, Landlord, act.facts.landlord, named)
    counting = (col(PayeeCheck.landlord) == act.facts.landlord, col(PayeeCheck.lapsed_on).is_(None))
    rows.update_where(session, PayeeCheck, *counting, values={PayeeCheck.lapsed_on: act.date})


def _reachable(session: Session, act: Entry, given: Values) -> None:
    contact = {Landlord.contact_version: act.facts.contact, Landlord.contact_fingerprint: act.facts.fingerprint}
    rows.change(session, Landlord, act.facts.landlord, {**contact, **given})


def _written_to(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Landlord, act.facts.landlord, {Landlord.email_fingerprint: act.facts.fingerprint, **given})


def _referred_to(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Landlord, act.facts.landlord, {Landlord.rf_fingerprint: act.facts.fingerprint, **given})


def _account_proposed(session: Session, act: Entry, given: Values) -> None:
    proposed = {
        BankAccount.landlord: act.facts.landlord,
        BankAccount.version: act.facts.account,
        BankAccount.fingerprint: act.facts.fingerprint,
        BankAccount.state: AccountState.PROPOSED,
        BankAccount.proposed_by: act.prepared_by,
        BankAccount.proposed_on: act.date,
    }
    insert(session, BankAccount, {**proposed, **given})


_OTHERS_REPLACED = (
    update(table(BankAccount))
    .where(col(BankAccount.landlord) == bindparam("of"), col(BankAccount.id) != bindparam("but"))
    .where(col(BankAccount.state).in_(states.sources(AccountState.REPLACED)))
    .values(state=AccountState.REPLACED)
)
_NUMBERED = select(col(BankAccount.id)).where(
    col(BankAccount.landlord) == bindparam("of"), col(BankAccount.version) == bindparam("version")
)
# Made once, with their parameters apart: there are as many accounts as landlords.


def _account_confirmed(session: Session, act: Entry, given: Values) -> None:
    landlord, account = required(act.facts.landlord), _account_of(session, act)
    session.connection().execute(_OTHERS_REPLACED, {"of": landlord, "but": account})
    confirmed = {
        BankAccount.proposed_by: act.prepared_by,
        BankAccount.confirmed_by: act.approved_by,
        BankAccount.called_back_on: act.facts.called_back_on,
        BankAccount.usable_from: act.facts.usable_from,
    }
    rows.step(session, BankAccount, account, AccountState.CONFIRMED, {**confirmed, **given})


def _account_suspended(session: Session, act: Entry, given: Values) -> None:
    rows.step(session, BankAccount, _account_of(session, act), AccountState.SUSPENDED, given)


def _account_rejected(session: Session, act: Entry, given: Values) -> None:
    rows.step(session, BankAccount, _account_of(session, act), AccountState.REJECTED, given)


def _payee_checked(session: Session, act: Entry, given: Values) -> None:
    checked = {
        PayeeCheck.id: act.seq,
        PayeeCheck.landlord: act.facts.landlord,
        PayeeCheck.version: act.facts.account,
        PayeeCheck.recorded_by: act.prepared_by,
        PayeeCheck.recorded_at: act.recorded_at,
        PayeeCheck.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, PayeeCheck, {**given, **checked})


def _tax_checked(session: Session, act: Entry, given: Values) -> None:
    checked = {
        TaxCheck.id: act.seq,
        TaxCheck.landlord: act.facts.landlord,
        TaxCheck.recorded_by: act.prepared_by,
        TaxCheck.recorded_at: act.recorded_at,
        TaxCheck.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, TaxCheck, {**given, **checked})


def _erased(session: Session, act: Entry, given: Values) -> None:
    if act.facts.landlord is not None:
        rows.change(session, Landlord, act.facts.landlord, {Landlord.erased_on: act.date, **given})
    else:
        rows.change(session, Household, act.facts.household, {Household.erased_on: act.date, **given})
    erase(session, act.facts.landlord or required(act.facts.household))


def account_version(landlord: str, version: int) -> tuple[ColumnElement[bool], ...]:
    """The condition of one version of a landlord's account."""
    return col(BankAccount.landlord) == landlord, col(BankAccount.version) == version


def _account_of(session: Session, act: Entry) -> int:
    return account_number(session, required(act.facts.landlord), required(act.facts.account))


def account_number(session: Session, landlord: str, version: int) -> int:
    """The number of one version of a landlord's account. Raises ``NotFound``."""
    number = session.connection().execute(_NUMBERED, {"of": landlord, "version": version}).scalar()
    if number is None:
        raise NotFound(rows.name_of(BankAccount), f"{landlord} {version}")
    return number


PROJECTIONS: Mapping[str, Projection] = {
    "registration": _registered,
    "landlord-name": _named,
    "landlord-contact": _reachable,
    "landlord-email": _written_to,
    "landlord-reference": _referred_to,
    "account-proposed": _account_proposed,
    "account-confirmed": _account_confirmed,
    "account-suspended": _account_suspended,
    "account-rejected": _account_rejected,
    "payee-check": _payee_checked,
    "tax-check": _tax_checked,
    "erasure": _erased,
}
