"""Who may use the service: users with one role each, and their passwords."""

import re
from dataclasses import dataclass

from fund.domain import access, errors, passwords, rules
from fund.domain.access import Actor
from fund.domain.fingerprints import Domain
from fund.domain.identifiers import EMAIL, fit_for, is_person, parse_tax_code
from fund.domain.lists import UserNotice
from fund.domain.texts import Message
from fund.services.context import Context
from fund.services.users import invitations, notices, sessions, tokens
from fund.services.users.credentials import check_as_booked
from fund.services.users.power import end_all, require_confirmation
from fund.store import landlords, rows
from fund.store import users as store
from fund.store.tables import User
from fund.store.users import UserView as UserView
from ledger.acts.users import (
    KnownBy,
    credential_reset,
    identity_linked,
    role_ended,
    role_granted,
    user_created,
    user_disabled,
)


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person who is to use the fund: one login, one role. Of the tax code only a fingerprint is kept."""

    login: str
    role: str
    email: str
    tax_code: str


@dataclass(frozen=True, slots=True)
class Founder:
    """A person with whom the fund begins, or begins anew, and the secret of the invitation."""

    new: NewUser
    secret: str


def add_user(context: Context, new: NewUser, *, secret: str) -> str:
    """Add a user, who is invited with ``secret`` to choose a password. Returns the user's code.

    By an admin; the user is without effect until another person confirms it. Raises ``InvalidInput`` for an unfit login
    or tax code, ``AlreadyExists`` for a login that is taken, ``PersonIsUser`` for a person who is a user already, and
    ``PersonIsUserAndPaid`` for a landlord or a household.
    """
    context.actor.must_be(*access.people("user-created"))
    code = create_user(context, new)
    invitations.invite(context, code, secret)
    require_confirmation(context, UserNotice.USER_CREATED, code)
    return code


def found_user(context: Context, founder: Founder) -> str:
    """Invite a user with whom the fund begins, who is in force without a second person. Returns the user's code.

    Raises what ``add_user`` does.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    code = create_user(context, founder.new)
    context.book_act(role_granted(context.stamp(), user=code, role=founder.new.role))
    invitations.invite(context, code, founder.secret)
    return code


def create_user(context: Context, new: NewUser) -> str:
    """Create a user who is neither invited nor in force yet. Returns the code. Raises what ``add_user`` does."""
    if not access.LOGIN.fullmatch(new.login):
        message = Message("must be 2 to 64 lower-case letters, digits and . _ @ + -")
        raise errors.InvalidInput([{"path": "login", "message": message}])
    if not re.fullmatch(EMAIL, new.email):
        raise errors.InvalidInput([{"path": "email", "message": Message("must be an e-mail address")}])
    role, person = _role(new.role), fingerprint_of(context, new.tax_code)
    if store.has_login(context.session, new.login):
        raise errors.AlreadyExists("user", new.login)
    known = user_of(context, new.tax_code)
    if known is not None:
        raise errors.PersonIsUser(known)
    _check_not_paid(context, person)
    code = f"U{rows.count(context.session, User) + 1:02d}"
    known_by = fingerprints_of(context, new)
    created = user_created(context.stamp(), user=code, role=role, known_by=known_by, fingerprint=person)
    context.book_act(created, {User.login: new.login, User.email: new.email})
    return code


def _check_not_paid(context: Context, person: str) -> None:
    """The person is no landlord and no household with an open position. Raises ``PersonIsUserAndPaid``."""
    is_household = any(row.exited_on is None for row in landlords.households_of(context.session, person))
    if is_household or landlords.landlord_of(context.session, person) is not None:
        raise errors.PersonIsUserAndPaid()


def fingerprints_of(context: Context, new: NewUser) -> KnownBy:
    """The fingerprints of a user's login and e-mail address."""
    of = context.fingerprints.of
    return KnownBy(login=of(Domain.LOGIN, new.login), email=of(Domain.CONTACT, new.email))


def fingerprint_of(context: Context, tax_code: str) -> str:
    """The fingerprint of a user's person. Raises ``InvalidInput`` where the tax code is not a person's."""
    return context.fingerprints.of(Domain.TAX_CODE, _person(tax_code))


def user_of(context: Context, tax_code: str) -> str | None:
    """The enabled user who is a person, by the key in force when the user was created. Raises ``InvalidInput``."""
    return store.user_of_person(context.session, *context.known_as(Domain.TAX_CODE, _person(tax_code)))


def _person(tax_code: str) -> str:
    with fit_for("tax_code"):
        valid = parse_tax_code(tax_code)
    if not is_person(valid):
        raise errors.InvalidInput([{"path": "tax_code", "message": Message("must be a person’s")}])
    return valid


def logins(context: Context) -> dict[str, str]:
    """The login of each user by code: how colleagues know each other."""
    return store.logins(context.session)


def list_users(context: Context) -> list[UserView]:
    """Every user, without the password's hash."""
    context.actor.must_be(access.ADMIN, access.AUDITOR)
    return store.list_users(context.session)


def read_user(context: Context, login: str) -> UserView:
    """A user by login or code, without the password's hash. Raises ``NotFound``. Oneself, or any user for an admin."""
    row = store.find_user(context.session, login)
    if row is None or (row.code != context.actor.code and context.actor.role not in (access.ADMIN, access.AUDITOR)):
        raise errors.NotFound("user", login)
    return row


def disable_user(context: Context, login: str) -> str:
    """A user may do nothing any more; what they did stays. All their tokens and sessions end at once.

    Never oneself (``NotForOneself``), nor the last admin (``LastAdmin``). Returns the user's code.
    """
    row = _enabled(context, login, "user-disabled")
    end_all(context, row.code)
    context.book_act(user_disabled(context.stamp(), user=row.code))
    _must_leave_an_admin(context)
    notices.forget(context, row.code)
    return row.code


def change_role(context: Context, login: str, role: str) -> str:
    """Give a user another role, which is without effect until another person confirms it.

    Their tokens and sessions end at once, for they were given to the old one.

    Never one's own (``NotForOneself``), nor the last admin's (``LastAdmin``). Returns the user's code.
    """
    given = _role(role)
    row = _enabled(context, login, "role-ended")
    if row.role != given or row.confirmed_at is None:
        context.book_act(role_ended(context.stamp(), user=row.code, role=given))
        require_confirmation(context, UserNotice.ROLE_GRANTED, row.code)
        _must_leave_an_admin(context)
    return row.code


def record_identity(context: Context, login: str, identity: str | None) -> str:
    """Say by which subject (``sub``) the identity provider knows a user, or that it knows them no more.

    A new one ends tokens and sessions, and the user's role is out of force until another person confirms it. Raises
    ``AlreadyExists`` where it is another user's. Returns the user's code.
    """
    row = _enabled(context, login, "identity-linked")
    if identity is not None and not access.SUBJECT.fullmatch(identity):
        message = Message("must be 1 to 255 printable characters without spaces")
        raise errors.InvalidInput([{"path": "identity", "message": message}])
    if identity is not None and store.has_identity(context.session, identity, but=row.code):
        raise errors.AlreadyExists("identity", identity)
    if identity == row.identity:
        return row.code
    fingerprint = None if identity is None else context.fingerprints.of(Domain.IDENTITY, identity)
    linked = identity_linked(context.stamp(), user=row.code, fingerprint=fingerprint)
    context.book_act(linked, {User.identity: identity})
    if identity is None:
        end_all(context, row.code)
    else:
        require_confirmation(context, UserNotice.IDENTITY_LINKED, row.code)
        _must_leave_an_admin(context)
    return row.code


def reset_password(context: Context, login: str, secret: str) -> str:
    """End a user's password, tokens and sessions, and invite them with ``secret`` to choose another.

    The user's role is out of force until another person confirms the new password. By an admin, and never one's own
    (``NotForOneself``): that takes the present one. Returns the user's code.
    """
    row = _enabled(context, login, "credential-reset")
    context.book_act(credential_reset(context.stamp(), user=row.code))
    invitations.invite(context, row.code, secret)
    require_confirmation(context, UserNotice.CREDENTIAL_RESET, row.code)
    _must_leave_an_admin(context)
    return row.code


def change_password(
    context: Context, *, present: str, new: str, session: str | None = None, token: str | None = None
) -> None:
    """Choose another password for oneself. All sessions and tokens end but the one with the secret that it is done by.

    Raises ``InvalidInput`` if the present one is wrong or the new one is the same, and ``WeakPassword``.
    """
    context.actor.must_be(*access.people("credential-set"))
    row = check_present_password(context, present)
    invitations.check_password(context, row.known_as, new)
    if passwords.is_same(present, new):
        raise errors.InvalidInput([{"path": "new_password", "message": Message("must differ from the present one")}])
    invitations.set_password(context, row.code, new)
    sessions.end_sessions(context, row.code, but=session)
    tokens.end_all(context, row.code, but=token)


def check_present_password(context: Context, present: str) -> User:
    """The actor's own row, once the password is checked. Raises ``InvalidInput`` for a wrong one, and
    ``CredentialDiffers``.
    """
    row = context.get(User, context.actor.code)
    if not passwords.matches(row.password_hash, present):
        raise errors.InvalidInput([{"path": "password", "message": Message("is not the present password")}])
    check_as_booked(context, row)
    return row


def role_of(context: Context, login: str) -> str:
    """The role in force of the user who has this login or code; that of no user counts as none in force."""
    row = store.user_to_authenticate(context.session, login)
    return access.UNCONFIRMED if row is None else row.role_in_force


def code_of(context: Context, login: str) -> str | None:
    """The code of the user who has this login or code, or ``None``."""
    return store.code_of(context.session, login)


def log_in(context: Context, login: str, password: str) -> Actor:
    """Who has this login or code, and password. ``NotAuthenticated`` comes after the same time whatever was wrong.

    Raises ``CredentialDiffers`` as well.
    """
    row = store.user_to_authenticate(context.session, login)
    matches = passwords.matches(row.password_hash if row else None, password)
    if row is None or row.disabled_at is not None or not matches:
        raise errors.NotAuthenticated()
    check_as_booked(context, row)
    return Actor(row.code, row.role_in_force)


def find_by_identity(context: Context, identity: str) -> Actor:
    """Who the identity provider speaks of.

    Raises ``IdentityRefused`` for an unknown subject, a disabled user, and one who has an invitation to accept first;
    and ``CredentialDiffers``.
    """
    row = store.user_of_identity(context.session, identity)
    if row is None:
        raise errors.IdentityRefused("subject-unknown")
    if row.password_hash is None:
        raise errors.IdentityRefused("invitation-open")
    check_as_booked(context, row)
    return Actor(row.code, row.role_in_force)


def is_called(context: Context, actor: Actor, login: str) -> bool:
    """Whether a login, or a code, is an actor's."""
    row = context.get(User, actor.code)
    return login in (row.login, row.code)


def _role(role: str) -> access.Role:
    rules.check_one_of("role", role, access.ROLES)
    return access.Role(role)


def _enabled(context: Context, login: str, kind: str) -> UserView:
    """The user of whom an admin books an act of a kind. Raises ``NotForOneself``, and ``NotFound`` for one who is
    disabled.
    """
    context.actor.must_be(*access.preparers(kind))
    row = read_user(context, login)
    if row.code == context.actor.code:
        raise errors.NotForOneself()
    if row.disabled_at is not None:
        raise errors.NotFound("user", login)
    return row


def _must_leave_an_admin(context: Context) -> None:
    """Checked after the change, inside its transaction: two admins cannot remove each other at the same moment."""
    if not store.has_admin(context.session):
        raise errors.LastAdmin()
