"""Passwords and codes, at every door: each attempt is counted in a transaction of its own, before it is judged.

So a refusal cannot undo its count, and guesses that arrive together are counted one by one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fund.app import App
from fund.domain.access import SYSTEM, Actor
from fund.domain.errors import NotAuthenticated, WeakPassword
from fund.doors.transaction import letting_in, note_denial, reading, writing_unchecked
from fund.services.context import Context
from fund.services.denials import record_failed_sign_in
from fund.services.users import attempts, invitations, known_browsers, second_factor, tokens, users


def count(app: App, kind: str, subject: str, *, address: str | None = None) -> None:
    """Count a request that is limited by itself, whatever comes of it. Raises ``TooManyAttempts``."""
    with writing_unchecked(app, SYSTEM) as context:
        attempts.count_attempt(context, app.attempts, kind, subject)
        if address is not None:
            attempts.count_attempt(context, app.attempts, f"{kind}-address", address)


@contextmanager
def counted(app: App, kind: str, subject: str, *, address: str | None = None) -> Iterator[None]:
    """Count an attempt of a kind by a subject, and by an address where there is one; then let it be judged.

    Raises ``TooManyAttempts`` without judging. Whatever is raised inside stays counted, but ``WeakPassword``, which
    comes only after the right secret; a success lets the subject begin anew, and takes one attempt off the address,
    which others may share.
    """
    count(app, kind, subject, address=address)
    try:
        yield
    except WeakPassword:
        _forget(app, kind, subject, address)
        raise
    _forget(app, kind, subject, address)


def _forget(app: App, kind: str, subject: str, address: str | None) -> None:
    with writing_unchecked(app, SYSTEM) as context:
        attempts.forget_attempts(context, app.attempts, kind, subject)
        if address is not None:
            attempts.take_back_attempt(context, app.attempts, f"{kind}-address", address)
        attempts.forget_old_attempts(context, app.attempts)


Marks = Callable[[str], str | None]
"""The mark that a browser keeps of a user, by the user's code."""


def no_marks(_user: str) -> str | None:
    """A door that no browser comes to."""
    return None


def log_in(app: App, login: str, password: str, *, address: str | None = None, mark_of: Marks = no_marks) -> Actor:
    """Who has this login and password. Raises ``NotAuthenticated``.

    Attempts are counted by user: each has a login and a code, and no more guesses by using both. From a browser that
    the user has come in from before they are counted by that browser, and by nothing that strangers share with it: so
    no stranger can keep a user waiting who comes from there.
    """
    with reading(app, SYSTEM) as context:
        user = _counted_as(context, login)
        browser = known_browsers.number_in(context, user, mark_of(user) or "")
    if browser is not None:
        attempt = counted(app, "login-known", f"{user} {browser}")
    else:
        attempt = counted(app, "login", user, address=address)
    try:
        with attempt, reading(app, SYSTEM) as context:
            return users.log_in(context, login, password)
    except NotAuthenticated:
        note_denial(app, SYSTEM, lambda context: record_failed_sign_in(context, user))
        raise


def accept_invitation(app: App, login: str, secret: str, password: str, *, address: str | None = None) -> str:
    """Choose a first password with an invitation; returns the user's code. Attempts are counted like logins.

    Raises what ``invitations.accept`` does.
    """
    with reading(app, SYSTEM) as context:
        user, role = _counted_as(context, login), users.role_of(context, login)
    with counted(app, "invitation", user, address=address), letting_in(app, SYSTEM, role) as context:
        return invitations.accept(context, login=login, secret=secret, password=password)


def _counted_as(context: Context, login: str) -> str:
    """By what the attempts of a login are counted: the user's code, or for an unknown one the login itself."""
    return users.code_of(context, login) or login


def bearer_of(app: App, secret: str) -> Actor:
    """Who bears a token, whose use is remembered from time to time. Raises ``NotAuthenticated``."""
    with reading(app, SYSTEM) as context:
        bearer = tokens.token_bearer(context, secret)
        is_stale = tokens.is_stale(context, secret)
    if is_stale:
        with writing_unchecked(app, bearer) as context:
            tokens.touch_token(context, secret)
    return bearer


def check_password(app: App, actor: Actor, password: str) -> None:
    """Check the present password of a user who is logged in. Raises ``InvalidInput`` for a wrong one."""
    with counted(app, "present-password", actor.code), reading(app, actor) as context:
        users.check_present_password(context, password)


def check_code(app: App, actor: Actor, code: str | None, *, is_required: bool) -> None:
    """Ask for the second factor once more. The code is used up, whatever becomes of what it was asked for.

    Raises what ``second_factor.check_again`` does.
    """
    is_booked = second_factor.is_recovery_code(code or "")
    begin = letting_in(app, actor, actor.role) if is_booked else writing_unchecked(app, actor)
    with counted(app, "second-factor", actor.code), begin as context:
        second_factor.check_again(context, app.vault, code, is_required=is_required)
