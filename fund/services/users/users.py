"""Who may use the service: users with one role each, and their passwords."""

from fund.domain import access, errors, passwords, rules
from fund.domain.access import Actor
from fund.domain.proposals import PowerChange
from fund.domain.texts import Message
from fund.services.context import Context
from fund.services.users import invitations, sessions, tokens
from fund.services.users.power import end_all, require_confirmation
from fund.store import rows
from fund.store import users as store
from fund.store.tables import User
from fund.store.users import UserView as UserView


def add_user(context: Context, *, login: str, role: str, secret: str) -> str:
    """Add a user, who is invited with ``secret`` to choose a password. Returns the user's code.

    The machine's operator adds the admin and the auditor with whom a fund begins: they are in force at once. Every
    other user is added by an admin, and is without effect until another person confirms it.
    """
    is_by_operator = context.actor == access.SYSTEM
    if not (is_by_operator and is_founding(context, role)):
        context.actor.must_be(access.ADMIN)
    if not access.LOGIN.fullmatch(login):
        message = Message("must be 2 to 64 lower-case letters, digits and . _ @ + -")
        raise errors.InvalidInput([{"path": "login", "message": message}])
    given = _role(role)
    if store.has_login(context.session, login):
        raise errors.AlreadyExists("user", login)
    code = f"U{rows.count(context.session, User) + 1:02d}"
    user = User(code=code, login=login, role=given, created_at=context.at)
    if is_by_operator:
        user.confirmed_at, user.founded_as = context.at, given
    context.insert(user)
    invitations.invite(context, code, secret)
    if not is_by_operator:
        require_confirmation(context, code, PowerChange.USER_CREATED)
    return code


def is_founding(context: Context, role: str) -> bool:
    """Whether the machine's operator may add a user in a role: the first auditor, or an admin where none is in force.

    An admin can take every auditor out of force. If the operator might then add another, an admin with a shell would
    be two people; so an auditor of the operator's is added once, whatever became of them.
    """
    if role == access.AUDITOR:
        return not store.has_founding_user(context.session, role)
    return role == access.ADMIN and not store.has_admin(context.session)


def is_claimed(context: Context) -> bool:
    """Whether a user of this home has ever accepted an invitation; until then its operator may renew the first one."""
    return store.has_accepted_invitation(context.session)


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
    row = _another(context, login)
    if not store.disable_user(context.session, row.code, context.at):
        raise errors.NotFound("user", login)
    _must_leave_an_admin(context)
    invitations.end_invitations(context, row.code)
    end_all(context, row.code)
    return row.code


def change_role(context: Context, login: str, role: str) -> str:
    """Give a user another role, which is without effect until another person confirms it.

    Their tokens and sessions end at once, for they were given to the old one.

    Never one's own (``NotForOneself``), nor the last admin's (``LastAdmin``). Returns the user's code.
    """
    given = _role(role)
    row = _another(context, login)
    if store.change_role(context.session, row.code, given):
        require_confirmation(context, row.code, PowerChange.ROLE_GRANTED)
        _must_leave_an_admin(context)
    return row.code


def record_identity(context: Context, login: str, identity: str | None) -> str:
    """Say by which subject (``sub``) the identity provider knows a user, or that it knows them no more.

    A new one ends tokens and sessions, and the user's role is out of force until another person confirms it. Raises
    ``AlreadyExists`` where it is another user's. Returns the user's code.
    """
    row = _another(context, login)
    if identity is not None and not access.SUBJECT.fullmatch(identity):
        message = Message("must be 1 to 255 printable characters without spaces")
        raise errors.InvalidInput([{"path": "identity", "message": message}])
    if identity is not None and store.has_identity(context.session, identity, but=row.code):
        raise errors.AlreadyExists("identity", identity)
    rows.change(context.session, User, row.code, {User.identity: identity})
    if identity is None:
        end_all(context, row.code)
    elif identity != row.identity:
        require_confirmation(context, row.code, PowerChange.IDENTITY_LINKED)
        _must_leave_an_admin(context)
    return row.code


def reset_password(context: Context, login: str, secret: str) -> str:
    """End a user's password, tokens and sessions, and invite them with ``secret`` to choose another.

    The user's role is out of force until another person confirms the new password. By an admin, and never one's own
    (``NotForOneself``): that takes the present one. An invitation that expired before any user had a password is
    renewed by the machine's operator. Returns the user's code.
    """
    is_operator = context.actor == access.SYSTEM and not is_claimed(context)
    row = store.find_user(context.session, login) if is_operator else _another(context, login)
    if row is None or row.disabled_at is not None:
        raise errors.NotFound("user", login)
    invitations.invite(context, row.code, secret)
    if is_operator:
        end_all(context, row.code)
    else:
        require_confirmation(context, row.code, PowerChange.CREDENTIAL_RESET)
        _must_leave_an_admin(context)
    return row.code


def change_password(
    context: Context, *, present: str, new: str, session: str | None = None, token: str | None = None
) -> None:
    """Choose another password for oneself. All sessions and tokens end but the one with the secret that it is done by.

    Raises ``InvalidInput`` if the present one is wrong or the new one is the same, and ``WeakPassword``.
    """
    context.actor.must_be(*access.ACCOUNTS)
    row = check_present_password(context, present)
    invitations.check_password(context, row.login, new)
    if passwords.is_same(present, new):
        raise errors.InvalidInput([{"path": "new_password", "message": Message("must differ from the present one")}])
    rows.change(context.session, User, row.code, {User.password_hash: passwords.hash_password(new)})
    sessions.end_sessions(context, row.code, but=session)
    tokens.end_all(context, row.code, but=token)


def check_present_password(context: Context, present: str) -> User:
    """The actor's own row, once the password is checked. Raises ``InvalidInput`` for a wrong one."""
    row = context.get(User, context.actor.code)
    if not passwords.matches(row.password_hash, present):
        raise errors.InvalidInput([{"path": "password", "message": Message("is not the present password")}])
    return row


def code_of(context: Context, login: str) -> str | None:
    """The code of the user who has this login or code, or ``None``."""
    return store.code_of(context.session, login)


def log_in(context: Context, login: str, password: str) -> Actor:
    """Who has this login or code, and password. ``NotAuthenticated`` comes after the same time whatever was wrong."""
    row = store.user_to_authenticate(context.session, login)
    matches = passwords.matches(row.password_hash if row else None, password)
    if row is None or row.disabled_at is not None or not matches:
        raise errors.NotAuthenticated()
    return Actor(row.code, row.role_in_force)


def find_by_identity(context: Context, identity: str) -> Actor:
    """Who the identity provider speaks of.

    Raises ``IdentityRefused`` for an unknown subject, a disabled user, and one who has an invitation to accept first.
    """
    row = store.user_of_identity(context.session, identity)
    if row is None:
        raise errors.IdentityRefused("subject-unknown")
    if row.password_hash is None:
        raise errors.IdentityRefused("invitation-open")
    return Actor(row.code, row.role_in_force)


def is_called(context: Context, actor: Actor, login: str) -> bool:
    """Whether a login, or a code, is an actor's."""
    row = context.get(User, actor.code)
    return login in (row.login, row.code)


def _role(role: str) -> access.Role:
    rules.check_one_of("role", role, access.ROLES)
    return access.Role(role)


def _another(context: Context, login: str) -> UserView:
    """The user whom an admin acts upon. Raises ``NotForOneself``."""
    context.actor.must_be(access.ADMIN)
    row = read_user(context, login)
    if row.code == context.actor.code:
        raise errors.NotForOneself()
    return row


def _must_leave_an_admin(context: Context) -> None:
    """Checked after the change, inside its transaction: two admins cannot remove each other at the same moment."""
    if not store.has_admin(context.session):
        raise errors.LastAdmin()
