"""Users and tokens, at the command line."""

import secrets
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from fund.documents.tables import Table
from fund.domain import access
from fund.domain.access import SYSTEM
from fund.domain.errors import InvalidInput, NotADemo, NotAuthenticated
from fund.domain.texts import Message
from fund.doors import attempts
from fund.doors.cli.output import print_json, print_table
from fund.doors.cli.session import Session, actor, actor_with_code, ask_code, ask_password, is_demo
from fund.doors.secrets import new_invitation_secret
from fund.doors.tables.users import DISCLOSURES, SESSIONS, TOKENS, denials_for, users_for
from fund.doors.transaction import reading, writing
from fund.doors.words import office_words
from fund.services import denials, disclosures
from fund.services.context import Context
from fund.services.users import invitations, second_factor, tokens, users
from fund.services.users import sessions as web_sessions
from fund.services.users.users import NewUser


class LogRow(Protocol):
    """A row of a log, which gives its values by name."""

    def model_dump(self, *, mode: str) -> dict[str, object]:
        """Its values; as JSON has them where ``mode`` is so."""
        ...


R = TypeVar("R", bound=LogRow)


def add(session: Session, login: str, role: str, as_: str | None) -> None:
    """Add a user, whose e-mail address and tax code are asked for, and show the secret of their invitation."""
    secret = new_invitation_secret()
    _ = session.speak.gettext
    with session.app() as app:
        by = actor_with_code(app, as_, is_required=False)
        email = ask_password(_("E-mail address of %(login)s: ", login=login))
        tax_code = ask_password(_("Tax code of %(login)s: ", login=login))
        with writing(app, by) as context:
            code = users.add_user(context, NewUser(login, role, email, tax_code), secret=secret)
            expires_at = context.at + invitations.LIFE
    print(f"{code} {login} {role}")
    print_invitation(session, login, secret, expires_at)


def print_invitation(session: Session, login: str, secret: str, expires_at: datetime) -> None:
    """Show the secret of an invitation, this once, and how it is accepted."""
    _, time = session.speak.gettext, session.speak.instant(expires_at)
    print(_("Invitation of %(login)s, until %(time)s: %(secret)s", login=login, time=time, secret=secret))
    print(_("It is accepted with 'fund user accept %(login)s', or on the page /invitation.", login=login))


def accept(session: Session, login: str) -> None:
    """Choose one's first password with an invitation."""
    _ = session.speak.gettext
    with session.app() as app:
        secret = ask_password(_("Secret of the invitation: "))
        password = _ask_new_password(_, login)
        attempts.accept_invitation(app, login, secret, password)
    print(_("The password is chosen."))


def _ask_new_password(_: Callable[..., str], login: str) -> str:
    """A password that its user chooses; asked twice at a terminal, where it is typed unseen."""
    password = ask_password(_("New password for %(login)s: ", login=login))
    if sys.stdin.isatty() and ask_password(_("New password once more: ")) != password:
        raise InvalidInput([{"path": "again_password", "message": Message("is not the same as the new password")}])
    return password


def change_password(session: Session, login: str) -> None:
    """Change one's own password."""
    _ = session.speak.gettext
    with session.app() as app:
        present = ask_password(f"{login}: ")
        by = attempts.log_in(app, login, present)
        new = _ask_new_password(_, login)
        with writing(app, by) as context:
            users.change_password(context, present=present, new=new)
    print(_("The password is changed."))


def reset_password(session: Session, login: str, as_: str | None) -> None:
    """End a user's password and show the secret of a new invitation, this once."""
    secret = new_invitation_secret()
    with session.app() as app, writing(app, actor_with_code(app, as_, is_required=False)) as context:
        users.reset_password(context, login, secret)
        expires_at = context.at + invitations.LIFE
    print_invitation(session, login, secret, expires_at)


def reset_second_factor(session: Session, login: str, as_: str | None) -> None:
    """Take a user's lost second factor away."""
    _ = session.speak.gettext
    with session.app() as app, writing(app, actor_with_code(app, as_, is_required=False)) as context:
        second_factor.reset(context, login)
    print(_("%(login)s sets up another second factor at the next login.", login=login))


def sessions(session: Session, login: str, end: str | None, as_: str | None) -> None:
    """List a user's sessions in force, or end one."""
    with session.app() as app, writing(app, actor(app, as_)) as context:
        user = users.read_user(context, login).code
        if end is not None:
            web_sessions.end_session_of(context, user, end)
        rows = web_sessions.list_sessions(context, user)
    print_table(SESSIONS, rows, session.speak)


def show_code(session: Session, login: str) -> None:
    """A code of a demo user's second factor, who has no device. Raises ``NotADemo`` in any other home."""
    if not is_demo(session.settings.home):
        raise NotADemo()
    with session.app() as app, reading(app, SYSTEM) as context:
        print(second_factor.present_code(context, app.vault, login))


def list_denials(
    session: Session, user: str | None, error: str | None, limit: int, as_: str | None, *, as_json: bool
) -> None:
    """Print who was refused what, the newest first."""
    read = partial(denials.list_denials, user=user, error=error, limit=limit)
    _print_log(session, as_, read, denials_for(session.language), as_json=as_json)


def list_disclosures(
    session: Session, user: str | None, landlord: str | None, limit: int, as_: str | None, *, as_json: bool
) -> None:
    """Print who was shown whole IBANs, the newest first."""
    read = partial(disclosures.list_disclosures, user=user, landlord=landlord, limit=limit)
    _print_log(session, as_, read, DISCLOSURES, as_json=as_json)


def _print_log(
    session: Session, as_: str | None, read: Callable[[Context], Sequence[R]], table: Table[R], *, as_json: bool
) -> None:
    with session.app() as app, reading(app, actor(app, as_)) as context:
        rows = read(context)
        speak = office_words(context, session.language)
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
    else:
        print_table(table, rows, speak)


def list_users(session: Session, as_: str | None, *, as_json: bool) -> None:
    """Print the users."""
    with session.app() as app, reading(app, actor(app, as_)) as context:
        rows = users.list_users(context)
    if not as_json:
        print_table(users_for(may_change=False), rows, session.speak)
        return
    print_json(
        [
            {
                "code": row.code,
                "login": row.login,
                "role": row.role,
                "disabled": row.disabled_at is not None,
                "invited": not row.has_password,
                "second_factor": row.has_second_factor,
            }
            for row in rows
        ]
    )


def create_token(session: Session, as_: str | None, days: int) -> None:
    """Create a token with login, password and a code, never with another token, and show its secret, this once."""
    token, secret = secrets.token_hex(6), access.TOKEN_PREFIX + secrets.token_urlsafe(32)
    if as_ is None:
        raise NotAuthenticated()
    with session.app() as app:
        by = attempts.log_in(app, as_, ask_password(f"{as_}: "))
        ask_code(app, by, is_required=False)
        with writing(app, by) as context:
            tokens.create_token(context, token=token, secret=secret, expires_at=context.at + timedelta(days=days))
    print(f"{token} {secret}")


def list_tokens(session: Session, login: str, as_: str | None) -> None:
    """List a user's tokens in force."""
    with session.app() as app, reading(app, actor(app, as_)) as context:
        rows = tokens.list_tokens(context, users.read_user(context, login).code)
    print_table(TOKENS, rows, session.speak)
