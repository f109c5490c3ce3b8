"""Users and how they come in: invitations, second factors, sessions, sign-ins, tokens, and failed attempts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import ColumnElement, case, delete, func, literal, or_, select
from sqlmodel import Session, col

from fund.domain import access
from fund.domain.access import Actor, Role
from fund.domain.members import Internal, Member
from fund.store import rows
from fund.store.projections.users import OPEN_INVITATION
from fund.store.rows import Values
from fund.store.tables import (
    Attempts,
    Enrolment,
    IdentityRequest,
    Invitation,
    SecondFactor,
    SignIn,
    Token,
    User,
    UserIban,
    WebSession,
    table,
)

_ENABLED = col(User.disabled_at).is_(None)
_ROLE_IN_FORCE: ColumnElement[Role] = case(
    (col(User.confirmed_at).is_(None), literal(access.UNCONFIRMED, table(User).c.role.type)), else_=col(User.role)
)
_LOGIN = func.coalesce(col(User.login), col(User.code))


@dataclass(frozen=True, slots=True)
class UserView:
    """A user without anything secret; ``has_password`` is false until an invitation is accepted."""

    code: str
    login: str
    email: Annotated[str | None, Internal()]
    person: Annotated[str, Internal()]
    role: str
    created_at: datetime
    confirmed_at: datetime | None
    disabled_at: datetime | None
    has_password: bool
    identity: str | None
    has_second_factor: bool


_USER_VIEW = select(
    col(User.code),
    _LOGIN,
    col(User.email),
    col(User.person),
    col(User.role),
    col(User.created_at),
    col(User.confirmed_at),
    col(User.disabled_at),
    col(User.password_hash).is_not(None),
    col(User.identity),
    col(User.code).in_(select(col(SecondFactor.user))),
)


def _is_named(login: str) -> ColumnElement[bool]:
    """The condition that a user has this login or code."""
    return or_(col(User.login) == login, col(User.code) == login)


def list_users(session: Session) -> list[UserView]:
    """Every user, by code."""
    return rows.fetch(session, UserView, _USER_VIEW.order_by(col(User.code)))


def find_user(session: Session, login: str) -> UserView | None:
    """The user who has this login or code, without the password's hash."""
    return rows.fetch_one(session, UserView, _USER_VIEW.where(_is_named(login)))


def user_to_authenticate(session: Session, login: str) -> User | None:
    """The user who has this login or code, with the password's hash."""
    return rows.record(session, select(User).where(_is_named(login)))


def user_of_identity(session: Session, identity: str) -> User | None:
    """The enabled user whom the identity provider knows by a subject."""
    return rows.record(session, select(User).where(col(User.identity) == identity, _ENABLED))


def unconfirmed_users(session: Session) -> dict[str, UserView]:
    """By code, the enabled users whose role waits for a second person."""
    waiting = _USER_VIEW.where(col(User.confirmed_at).is_(None), _ENABLED)
    return {row.code: row for row in rows.fetch(session, UserView, waiting)}


def logins(session: Session) -> dict[str, str]:
    """The login of each user by code."""
    return dict(rows.tuples(session, select(col(User.code), _LOGIN)))


def roles(session: Session) -> dict[str, Role]:
    """The role of each enabled user by code, in force or not."""
    return dict(rows.tuples(session, select(col(User.code), col(User.role)).where(_ENABLED)))


def code_of(session: Session, login: str) -> str | None:
    """The code of the user who has this login or code."""
    return rows.scalar(session, select(col(User.code)).where(_is_named(login)))


def enabled_code_of(session: Session, login: str) -> str | None:
    """The code of the user who has this login or code, and is not disabled."""
    return rows.scalar(session, select(col(User.code)).where(_is_named(login), col(User.disabled_at).is_(None)))


def has_login(session: Session, login: str) -> bool:
    """Whether a login is taken."""
    return rows.exists(session, select(col(User.code)).where(col(User.login) == login))


def has_identity(session: Session, identity: str, *, but: str) -> bool:
    """Whether the identity provider knows a user by a subject, ``but`` the one with this code."""
    others = select(col(User.code)).where(col(User.identity) == identity, col(User.code) != but)
    return rows.exists(session, others)


def has_admin(session: Session) -> bool:
    """Whether a user in force is an admin."""
    in_force = (col(User.role) == access.ADMIN, col(User.confirmed_at).is_not(None))
    return rows.exists(session, select(col(User.code)).where(*in_force, _ENABLED))


def user_of_person(session: Session, *person: str) -> str | None:
    """The enabled user who is a person, by any of the fingerprints under the fund's keys."""
    return rows.scalar(session, select(col(User.code)).where(col(User.person).in_(person), _ENABLED))


def roles_ever_accepted(session: Session) -> set[Role]:
    """The roles of those users who have ever accepted an invitation, if the database is not made of the books since."""
    accepted = select(col(User.role)).join(Invitation, col(Invitation.user) == col(User.code))
    is_held = (col(Invitation.accepted_at).is_not(None), col(Invitation.secret_sha256).is_not(None))
    return set(rows.scalars(session, accepted.where(*is_held).distinct()))


def enabled_users(session: Session) -> list[UserView]:
    """Every enabled user, by code."""
    return rows.fetch(session, UserView, _USER_VIEW.where(_ENABLED).order_by(col(User.code)))


def password_hash_of(session: Session, user: str) -> str | None:
    """The hash of an enabled user's password."""
    return rows.scalar(session, select(col(User.password_hash)).where(col(User.code) == user, _ENABLED))


def find_invitation(session: Session, secret_sha256: str, login: str) -> Invitation | None:
    """The invitation with a secret, for the user who has this login or code."""
    found = select(Invitation).join(User, col(User.code) == col(Invitation.user))
    return rows.record(session, found.where(col(Invitation.secret_sha256) == secret_sha256, _is_named(login)))


def expiry_of_invitation(session: Session, user: str) -> datetime | None:
    """When a user's open invitation expires or expired."""
    mine = select(col(Invitation.expires_at)).where(col(Invitation.user) == user, *OPEN_INVITATION)
    return rows.scalar(session, mine)


def own_ibans(session: Session) -> set[str]:
    """The fingerprints of all users' own IBANs."""
    return set(rows.scalars(session, select(col(UserIban.fingerprint))))


def has_own_ibans(session: Session, user: str) -> bool:
    """Whether an IBAN is known as a user's own."""
    return rows.exists(session, select(col(UserIban.user)).where(col(UserIban.user) == user))


def lost_passwords(session: Session) -> list[str]:
    """The enabled users who have chosen a password, of which nothing is kept."""
    lost = (col(User.password_fingerprint).is_not(None), col(User.password_hash).is_(None), _ENABLED)
    return rows.scalars(session, select(col(User.code)).where(*lost).order_by(col(User.code)))


def sealed_secret_of_another(session: Session, user: str) -> tuple[str, str] | None:
    """The sealed secret of any user's second factor but this one's, and that user."""
    others = select(col(SecondFactor.sealed_secret), col(SecondFactor.user)).where(col(SecondFactor.user) != user)
    return next(iter(rows.tuples(session, others.limit(1))), None)


def begin_enrolment(session: Session, new: Enrolment) -> None:
    """Keep a secret to be confirmed, in place of the one that its user had."""
    end_enrolment(session, new.user)
    rows.insert(session, new)


def end_enrolment(session: Session, user: str) -> None:
    """Forget the secret that waits to be confirmed, if one does."""
    rows.delete_where(session, Enrolment, col(Enrolment.user) == user)


def take_time_step(session: Session, user: str, time_step: int) -> bool:
    """Take a code's time step, if no later one is taken: each code counts once. Returns whether it did."""
    is_later = (col(SecondFactor.user) == user, col(SecondFactor.last_step) < time_step)
    return rows.update_where(session, SecondFactor, *is_later, values={SecondFactor.last_step: time_step}) == 1


@dataclass(frozen=True, slots=True)
class Login:
    """A session in force: who it is, since when, and whether a second factor was given in it."""

    actor: Actor
    login: str
    csrf_secret: str
    last_seen_at: datetime
    expires_at: datetime
    authenticated_at: datetime
    second_factor_at: datetime | None
    tag: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session at a browser, by an id that nothing can be entered with."""

    secret_sha256: Annotated[str, Internal()]
    created_at: Annotated[datetime, Member("begun_at")]
    last_seen_at: datetime
    second_factor_at: datetime | None

    @property
    def id(self) -> Annotated[str, Member(before="created_at")]:
        """What the session is called where people and programs see it; no session can be resumed with it."""
        return access.session_id(self.secret_sha256)


def find_login(session: Session, secret_sha256: str, *, at: datetime, seen_after: datetime) -> Login | None:
    """The session with a secret, if it is in force, and its user enabled."""
    found = (
        select(
            col(User.code),
            _ROLE_IN_FORCE,
            _LOGIN,
            col(WebSession.csrf_secret),
            col(WebSession.last_seen_at),
            col(WebSession.expires_at),
            col(WebSession.authenticated_at),
            col(WebSession.second_factor_at),
            col(WebSession.tag),
        )
        .join_from(WebSession, User, col(User.code) == col(WebSession.user))
        .where(col(WebSession.secret_sha256) == secret_sha256, *_is_in_force(at, seen_after), _ENABLED)
    )
    return rows.fetch_one(session, _login, found)


def _login(
    code: str,
    role: Role,
    login: str,
    csrf_secret: str,
    last_seen_at: datetime,
    expires_at: datetime,
    authenticated_at: datetime,
    second_factor_at: datetime | None,
    tag: str,
) -> Login:
    instants = last_seen_at, expires_at, authenticated_at, second_factor_at
    return Login(Actor(code, role), login, csrf_secret, *instants, tag)


def sessions_in_force(session: Session, user: str, *, at: datetime, seen_after: datetime) -> list[SessionView]:
    """A user's sessions in force, the newest first."""
    mine = (
        select(
            col(WebSession.secret_sha256),
            col(WebSession.created_at),
            col(WebSession.last_seen_at),
            col(WebSession.second_factor_at),
        )
        .where(col(WebSession.user) == user, *_is_in_force(at, seen_after))
        .order_by(col(WebSession.created_at).desc())
    )
    return rows.fetch(session, SessionView, mine)


def _is_in_force(at: datetime, seen_after: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(WebSession.ended_at).is_(None),
        col(WebSession.expires_at) > at,
        col(WebSession.last_seen_at) > seen_after,
    )


def change_session(session: Session, secret_sha256: str, values: Values) -> None:
    """Set columns of a session that has not ended."""
    mine = (col(WebSession.secret_sha256) == secret_sha256, col(WebSession.ended_at).is_(None))
    rows.update_where(session, WebSession, *mine, values=values)


def sessions_not_ended(session: Session, user: str) -> list[str]:
    """The sha256 of each secret by which a user has a session that was not ended."""
    mine = (col(WebSession.user) == user, col(WebSession.ended_at).is_(None))
    return rows.scalars(session, select(col(WebSession.secret_sha256)).where(*mine))


def end_sessions(session: Session, secrets_sha256: list[str], at: datetime) -> None:
    """End the sessions with these secrets: without its tag none comes back."""
    for block in rows.blocks(secrets_sha256):
        not_ended = (col(WebSession.secret_sha256).in_(block), col(WebSession.ended_at).is_(None))
        rows.update_where(session, WebSession, *not_ended, values={WebSession.ended_at: at, WebSession.tag: ""})


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """A sign-in that may still be answered, and by whom."""

    actor: Actor
    factor_given: bool
    expires_at: datetime
    tag: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the identity provider's answer must agree with, and where its person was going, which it is never told."""

    nonce: str
    verifier: str
    going_to: str = "/"


def begin_sign_in(session: Session, new: SignIn, at: datetime) -> None:
    """Begin a sign-in; its user's older ones end, and those of others that are too old."""
    is_over = or_(col(SignIn.user) == new.user, col(SignIn.expires_at) <= at)
    rows.delete_where(session, SignIn, is_over)
    rows.insert(session, new)


def find_sign_in(session: Session, secret_sha256: str, at: datetime) -> OpenSignIn | None:
    """The sign-in with a secret, if it is not too old, and its user enabled and with a password."""
    found = (
        select(col(User.code), _ROLE_IN_FORCE, col(SignIn.factor_given), col(SignIn.expires_at), col(SignIn.tag))
        .join_from(SignIn, User, col(User.code) == col(SignIn.user))
        .where(
            col(SignIn.secret_sha256) == secret_sha256,
            col(SignIn.expires_at) > at,
            _ENABLED,
            col(User.password_hash).is_not(None),
        )
    )
    return rows.fetch_one(session, lambda code, role, *rest: OpenSignIn(Actor(code, role), *rest), found)


def change_sign_in(session: Session, secret_sha256: str, values: Values) -> None:
    """Set columns of a sign-in."""
    rows.change(session, SignIn, secret_sha256, values)


def end_sign_in(session: Session, secret_sha256: str) -> bool:
    """End a sign-in; of two who do so at once, one. Returns whether there was one."""
    return rows.delete_where(session, SignIn, col(SignIn.secret_sha256) == secret_sha256) == 1


def end_sign_ins(session: Session, user: str) -> None:
    """End every sign-in of a user."""
    rows.delete_where(session, SignIn, col(SignIn.user) == user)


def begin_identity_request(session: Session, new: IdentityRequest, at: datetime) -> None:
    """Keep what a browser is sent to the identity provider with; requests that are too old are deleted."""
    rows.delete_where(session, IdentityRequest, col(IdentityRequest.expires_at) <= at)
    rows.insert(session, new)


def take_identity_request(session: Session, *, state_sha256: str, browser_sha256: str, at: datetime) -> Asked | None:
    """Take a browser's request, if it is not too old. One conditional DELETE: a state is worth one answer."""
    taken = (
        delete(table(IdentityRequest))
        .where(
            col(IdentityRequest.state_sha256) == state_sha256,
            col(IdentityRequest.browser_sha256) == browser_sha256,
            col(IdentityRequest.expires_at) > at,
        )
        .returning(col(IdentityRequest.nonce), col(IdentityRequest.verifier), col(IdentityRequest.going_to))
    )
    row = session.connection().execute(taken).one_or_none()
    return None if row is None else Asked(*row)


@dataclass(frozen=True, slots=True)
class TokenView:
    """A bearer token in force, without anything that it could be used with."""

    id: str
    user: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def list_tokens(session: Session, user: str, at: datetime) -> list[TokenView]:
    """A user's tokens that can be used at an instant, oldest first."""
    tokens = select(
        col(Token.id), col(Token.user), col(Token.created_at), col(Token.expires_at), col(Token.last_used_at)
    )
    in_force = tokens.where(col(Token.user) == user, *_in_force(at))
    return rows.fetch(session, TokenView, in_force.order_by(col(Token.created_at), col(Token.id)))


def last_use(session: Session, secret_sha256: str) -> datetime | None:
    """When a token was used last, as far as it is remembered."""
    return rows.scalar(session, select(col(Token.last_used_at)).where(col(Token.secret_sha256) == secret_sha256))


def touch_token(session: Session, secret_sha256: str, at: datetime) -> None:
    """Remember that a token is used at an instant."""
    rows.update_where(session, Token, col(Token.secret_sha256) == secret_sha256, values={Token.last_used_at: at})


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears a token in force, until when, and by what it is known."""

    actor: Actor
    expires_at: datetime
    tag: str | None


def bearer_of(session: Session, secret_sha256: str, at: datetime) -> Bearer | None:
    """Who bears the token with a secret, if it is in force, and its user enabled."""
    found = (
        select(col(User.code), _ROLE_IN_FORCE, col(Token.expires_at), col(Token.tag))
        .join(Token, col(Token.user) == col(User.code))
        .where(col(Token.secret_sha256) == secret_sha256, *_in_force(at), _ENABLED)
    )
    return rows.fetch_one(session, lambda code, role, *rest: Bearer(Actor(code, role), *rest), found)


def tokens_in_force(session: Session, user: str, at: datetime) -> list[Token]:
    """A user's tokens that can be used at an instant, oldest first."""
    in_force = select(Token).where(col(Token.user) == user, *_in_force(at))
    return rows.records(session, in_force.order_by(col(Token.created_at), col(Token.id)))


def _in_force(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """The condition of tokens that can be used at an instant."""
    return col(Token.revoked_at).is_(None), col(Token.expires_at) > at


def attempts_of(session: Session, kind: str, subject_sha256: str) -> Attempts | None:
    """The failed attempts of one kind by a subject."""
    return rows.record(session, select(Attempts).where(*_are_by(kind, subject_sha256)))


def _are_by(kind: str, subject_sha256: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Attempts.kind) == kind, col(Attempts.subject_sha256) == subject_sha256


def change_attempts(session: Session, kind: str, subject_sha256: str, values: Values) -> None:
    """Set columns of the attempts of one kind by a subject."""
    rows.update_where(session, Attempts, *_are_by(kind, subject_sha256), values=values)


def take_back_attempt(session: Session, kind: str, subject_sha256: str, at: datetime) -> None:
    """Take one attempt off, if there is one, and end the wait."""
    one_less: Values = {Attempts.times: col(Attempts.times) - 1, Attempts.blocked_until: at}
    rows.update_where(session, Attempts, *_are_by(kind, subject_sha256), col(Attempts.times) > 0, values=one_less)


def delete_attempts(session: Session, kind: str, subject_sha256: str) -> None:
    """Delete the attempts of one kind by a subject."""
    rows.delete_where(session, Attempts, *_are_by(kind, subject_sha256))


def delete_old_attempts(session: Session, last_before: datetime) -> None:
    """Delete attempts of which the last was at or before an instant."""
    rows.delete_where(session, Attempts, col(Attempts.last_at) <= last_before)
