"""The rows that acts about users make."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlmodel import Session, col

from fund.domain.proposals import PowerChange
from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert, required
from fund.store.rows import Values
from fund.store.tables import RecoveryCode, SecondFactor, Token, User
from ledger.entries import Entry

KEYS: Keys = {User: ("code",), Token: ("id",)}


def _created(session: Session, act: Entry, given: Values) -> None:
    code = required(act.facts.user)
    created: Values = {
        User.code: code,
        User.login: code.lower(),  # until the user is invited anew, where the row is made of the books
        User.person: act.facts.fingerprint,
        User.role: act.facts.role,
        User.created_at: act.recorded_at,
        User.unconfirmed: (PowerChange.USER_CREATED,),
    }
    insert(session, User, {**created, **given})


def _granted(session: Session, act: Entry, given: Values) -> None:
    in_force: Values = {User.role: act.facts.role, User.confirmed_at: act.recorded_at, User.unconfirmed: ()}
    _change(session, act, {**in_force, **given})


def _ended(session: Session, act: Entry, given: Values) -> None:
    _suspend(session, act, PowerChange.ROLE_GRANTED, {User.role: act.facts.role, **given})


def _credential_reset(session: Session, act: Entry, given: Values) -> None:
    _suspend(session, act, PowerChange.CREDENTIAL_RESET, {User.password_hash: None, **given})


def _factor_reset(session: Session, act: Entry, given: Values) -> None:
    _delete_factor(session, act)
    _suspend(session, act, PowerChange.FACTOR_RESET, given)


def _identity_linked(session: Session, act: Entry, given: Values) -> None:
    linked: Values = {User.identity_fingerprint: act.facts.fingerprint, **given}
    if act.facts.fingerprint is None:
        _change(session, act, linked)
    else:
        _suspend(session, act, PowerChange.IDENTITY_LINKED, linked)


def _disabled(session: Session, act: Entry, given: Values) -> None:
    _change(session, act, {User.disabled_at: act.recorded_at, **rows.erased(User), **given})


def _recovered(session: Session, act: Entry, given: Values) -> None:
    _delete_factor(session, act)
    without: Values = {User.password_hash: None, User.identity: None, User.identity_fingerprint: None}
    _granted(session, act, {**without, **given})


def _suspend(session: Session, act: Entry, change: PowerChange, given: Values) -> None:
    """The role is out of force until another person confirms what was done."""
    user = rows.get(session, User, act.facts.user)
    unconfirmed = tuple(sorted({*user.unconfirmed, change}))
    _change(session, act, {User.confirmed_at: None, User.unconfirmed: unconfirmed, **given})


def _change(session: Session, act: Entry, values: Values) -> None:
    rows.change(session, User, act.facts.user, values)


def _delete_factor(session: Session, act: Entry) -> None:
    rows.delete_where(session, SecondFactor, col(SecondFactor.user) == act.facts.user)
    rows.delete_where(session, RecoveryCode, col(RecoveryCode.user) == act.facts.user)


def _token_made(session: Session, act: Entry, given: Values) -> None:
    made: Values = {
        Token.id: act.facts.token,
        Token.user: act.facts.user,
        Token.fingerprint: act.facts.fingerprint,
        Token.created_at: act.recorded_at,
        Token.expires_at: datetime.fromisoformat(required(act.facts.expires_at)).astimezone(UTC),
    }
    insert(session, Token, {**made, **given})


def _token_ended(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Token, act.facts.token, {Token.revoked_at: act.recorded_at, **given})


PROJECTIONS: Mapping[str, Projection] = {
    "user-created": _created,
    "role-granted": _granted,
    "role-ended": _ended,
    "user-disabled": _disabled,
    "credential-reset": _credential_reset,
    "factor-reset": _factor_reset,
    "identity-linked": _identity_linked,
    "access-recovered": _recovered,
    "token-made": _token_made,
    "token-ended": _token_ended,
}
