"""Users and tokens at the command line."""

import secrets
from datetime import timedelta

from fund import access
from fund.access import SYSTEM, Actor
from fund.app import App
from fund.doors.cli.output import print_json, print_table, words
from fund.doors.cli.session import Session, actor, ask_password
from fund.doors.transaction import reading, writing
from fund.errors import InvalidInput
from fund.services import users
from fund.texts import Said


def add(session: Session, login: str, role: str, as_: str | None) -> None:
    """Add a user with a password typed now; the first one is made by whoever runs the machine."""
    _ = words(session.settings.language).gettext
    with session.app() as app:
        by = _admin(app, as_)
        password = ask_password(_("New password for %(login)s: ", login=login))
        if len(password) < access.MIN_PASSWORD_LENGTH:
            least = Said("needs at least %(count)s characters", {"count": str(access.MIN_PASSWORD_LENGTH)})
            raise InvalidInput([{"path": "password", "message": least}])
        with writing(app, by) as context:
            code = users.add_user(context, login=login, role=role, password_hash=access.hash_password(password))
    print(f"{code} {login} {role}")


def _admin(app: App, as_: str | None) -> Actor:
    with reading(app, SYSTEM) as context:
        first = not users.has_users(context)
    return SYSTEM if first else actor(app, as_)


def list_users(session: Session, as_: str | None, *, as_json: bool) -> None:
    """Print the users."""
    _ = words(session.settings.language).gettext
    with session.app() as app, reading(app, actor(app, as_)) as context:
        rows = users.list_users(context)
    listed = [
        {"code": row.code, "login": row.login, "role": row.role, "disabled": row.disabled_at is not None}
        for row in rows
    ]
    if as_json:
        print_json(listed)
        return
    cells = [
        (str(one["code"]), str(one["login"]), str(one["role"]), _("yes") if one["disabled"] else "-") for one in listed
    ]
    print_table(_("Users"), (_("code"), _("login"), _("role"), _("disabled")), cells)


def disable(session: Session, login: str, as_: str | None) -> None:
    """Disable a user."""
    with session.app() as app, writing(app, actor(app, as_)) as context:
        users.disable_user(context, login)


def create_token(session: Session, as_: str | None, days: int) -> None:
    """Create a token and show its secret, this once."""
    token, secret = secrets.token_hex(6), access.TOKEN_PREFIX + secrets.token_urlsafe(32)
    with session.app() as app, writing(app, actor(app, as_)) as context:
        users.create_token(context, token=token, secret=secret, expires_at=context.at + timedelta(days=days))
    print(f"{token} {secret}")


def revoke_token(session: Session, token: str, as_: str | None) -> None:
    """Revoke a token."""
    with session.app() as app, writing(app, actor(app, as_)) as context:
        users.revoke_token(context, token)
