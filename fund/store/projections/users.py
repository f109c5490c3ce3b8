"""The rows that acts about users make."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, bindparam, select, update
from sqlmodel import Session, SQLModel, col

from fund.domain.proposals import PowerChange
from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert, required
from fund.store.rows import Values
from fund.store.tables import Invitation, JournalEntry, SecondFactor, Token, User, UserIban, table
from ledger.acts.users import KEY_CHANGED, read_renewed
from ledger.entries import Entry

_PRINTS = ("person", "digest")
"""Columns of fingerprints that are not called so: of a tax code, and of a proposal."""
KEYS: Keys = {
    User: ("code",),
    Invitation: ("id",),
    SecondFactor: ("user",),
    UserIban: ("user", "fingerprint"),
    Token: ("id",),
}
OPEN_INVITATION = (col(Invitation.accepted_at).is_(None), col(Invitation.ended_at).is_(None))
_NO_PASSWORD: Values = {User.password_hash: None, User.password_fingerprint: None}


def _created(session: Session, act: Entry, given: Values) -> None:
    created: Values = {
        **_known_by(act),
        User.code: act.facts.user,
        User.person: act.facts.fingerprint,
        User.role: act.facts.role,
        User.created_at: act.recorded_at,
        User.unconfirmed: (PowerChange.USER_CREATED,),
    }
    insert(session, User, {**created, **given})


def _known_by(act: Entry) -> Values:
    return {
        User.login_fingerprint: act.facts.login_fingerprint,
        User.email_fingerprint: act.facts.email_fingerprint,
    }


def _granted(session: Session, act: Entry, given: Values) -> None:
    in_force: Values = {User.role: act.facts.role, User.confirmed_at: act.recorded_at, User.unconfirmed: ()}
    _change(session, act, {**in_force, **given})


def _ended(session: Session, act: Entry, given: Values) -> None:
    _suspend(session, act, PowerChange.ROLE_GRANTED, {User.role: act.facts.role, **given})


def _credential_reset(session: Session, act: Entry, given: Values) -> None:
    _suspend(session, act, PowerChange.CREDENTIAL_RESET, {**_NO_PASSWORD, **given})


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
    _change_invitation(session, act, {Invitation.ended_at: act.recorded_at})
    _change(session, act, {User.disabled_at: act.recorded_at, **given})
    rows.erase_where(session, User, col(User.code) == act.facts.user)


def _recovered(session: Session, act: Entry, given: Values) -> None:
    _delete_factor(session, act)
    without: Values = {**_NO_PASSWORD, User.identity: None, User.identity_fingerprint: None}
    _granted(session, act, {**_known_by(act), **without, **given})


def _invited(session: Session, act: Entry, given: Values) -> None:
    """The invitation, in place of the password and of an older one."""
    _change(session, act, _NO_PASSWORD)
    _change_invitation(session, act, {Invitation.ended_at: act.recorded_at})
    made: Values = {
        Invitation.id: act.seq,
        Invitation.user: act.facts.user,
        Invitation.fingerprint: act.facts.fingerprint,
        Invitation.created_at: act.recorded_at,
        Invitation.expires_at: _expiry(act),
    }
    insert(session, Invitation, {**made, **given})


def _password_set(session: Session, act: Entry, given: Values) -> None:
    _change_invitation(session, act, {Invitation.accepted_at: act.recorded_at})
    _change(session, act, {User.password_fingerprint: act.facts.fingerprint, **given})


def _factor_set(session: Session, act: Entry, given: Values) -> None:
    """The second factor; the one that its user has already stays, with the recovery codes that it has now."""
    values: Values = {**given, SecondFactor.row_fingerprint: act.facts.fingerprint}
    if rows.find(session, SecondFactor, act.facts.user) is None:
        begun: Values = {SecondFactor.user: act.facts.user, SecondFactor.confirmed_at: act.recorded_at}
        insert(session, SecondFactor, {**values, **begun})
    else:
        rows.change(session, SecondFactor, act.facts.user, values)


def _own_iban(session: Session, act: Entry, given: Values) -> None:
    if act.facts.fingerprint is None:
        rows.delete_where(session, UserIban, col(UserIban.user) == act.facts.user)
        return
    known: Values = {
        UserIban.user: act.facts.user,
        UserIban.fingerprint: act.facts.fingerprint,
        UserIban.set_by: act.prepared_by,
        UserIban.set_at: act.recorded_at,
    }
    insert(session, UserIban, {**known, **given})


def _suspend(session: Session, act: Entry, change: PowerChange, given: Values) -> None:
    """The role is out of force until another person confirms what was done."""
    user = rows.get(session, User, act.facts.user)
    unconfirmed = tuple(sorted({*user.unconfirmed, change}))
    _change(session, act, {User.confirmed_at: None, User.unconfirmed: unconfirmed, **given})


def _change(session: Session, act: Entry, values: Values) -> None:
    rows.change(session, User, act.facts.user, values)


def _change_invitation(session: Session, act: Entry, values: Values) -> None:
    """Change the user's invitation, if one is open."""
    rows.update_where(session, Invitation, col(Invitation.user) == act.facts.user, *OPEN_INVITATION, values=values)


def _delete_factor(session: Session, act: Entry) -> None:
    rows.delete_where(session, SecondFactor, col(SecondFactor.user) == act.facts.user)


def _expiry(act: Entry) -> datetime:
    return datetime.fromisoformat(required(act.facts.expires_at)).astimezone(UTC)


def _token_made(session: Session, act: Entry, given: Values) -> None:
    made: Values = {
        Token.id: act.facts.token,
        Token.user: act.facts.user,
        Token.fingerprint: act.facts.fingerprint,
        Token.created_at: act.recorded_at,
        Token.expires_at: _expiry(act),
    }
    insert(session, Token, {**made, **given})


def _token_ended(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Token, act.facts.token, {Token.revoked_at: act.recorded_at, Token.tag: None, **given})


def _key_changed(session: Session, act: Entry, _: Values) -> None:
    """Every table has the new fingerprints; one whose value is not held, such as of a tax code, stays as it is."""
    renewed = read_renewed(act.facts.renewed)
    for held in SQLModel.metadata.sorted_tables:
        for column in held.columns if held is not table(JournalEntry) else ():
            if column.name in _PRINTS or column.name.endswith("fingerprint"):
                _renew(session, column, renewed)


def _renew(session: Session, column: Column[Any], renewed: Mapping[str, str]) -> None:
    keys = list(column.table.primary_key)
    known = session.connection().execute(select(column, *keys).where(column.is_not(None)))
    found = [
        {"new": renewed[old], **{f"key{place}": value for place, value in enumerate(key)}}
        for old, *key in known
        if old in renewed
    ]
    this = [name == bindparam(f"key{place}") for place, name in enumerate(keys)]
    if found:
        session.connection().execute(update(column.table).where(*this).values({column: bindparam("new")}), found)


PROJECTIONS: Mapping[str, Projection] = {
    "user-created": _created,
    "role-granted": _granted,
    "role-ended": _ended,
    "user-disabled": _disabled,
    "credential-reset": _credential_reset,
    "factor-reset": _factor_reset,
    "identity-linked": _identity_linked,
    "access-recovered": _recovered,
    "invited": _invited,
    "credential-set": _password_set,
    "factor-set": _factor_set,
    "own-iban": _own_iban,
    "token-made": _token_made,
    "token-ended": _token_ended,
    KEY_CHANGED: _key_changed,
}
