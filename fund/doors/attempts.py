"""Passwords and codes, at every door: each attempt is counted in a transaction of its own, before it is judged.

So a refusal cannot undo its count, and guesses that arrive together are counted one by one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from fund.access import SYSTEM, Actor
from fund.app import App
from fund.doors.transaction import noting, reading
from fund.services import attempts, second_factor, users
from fund.services.context import Context
from fund.services.users import Known


def count(app: App, kind: str, subject: str, *, address: str | None = None) -> None:
    """Count a request that is limited by itself, whatever comes of it. Raises ``TooManyAttempts``."""
    with noting(app, SYSTEM) as context:
        attempts.count_attempt(context, kind, subject)
        if address is not None:
            attempts.count_attempt(context, f"{kind}-address", address)


@contextmanager
def counted(app: App, kind: str, subject: str, *, address: str | None = None) -> Iterator[None]:
    """Count an attempt of a kind by a subject, and by an address where there is one; then let it be judged.

    Raises ``TooManyAttempts`` without judging. Whatever is raised inside stays counted; a success lets the subject
    begin anew, and takes one attempt off the address, which others may share.
    """
    count(app, kind, subject, address=address)
    yield
    with noting(app, SYSTEM) as context:
        attempts.forget_attempts(context, kind, subject)
        if address is not None:
            attempts.take_back_attempt(context, f"{kind}-address", address)
        attempts.forget_old_attempts(context)


def recognise(app: App, login: str, password: str, *, address: str | None = None) -> Known:
    """Who has this login and password. Raises ``NotAuthenticated``."""
    with _logging_in(app, login, address) as context:
        return users.recognise(context, login, password)


def log_in(app: App, login: str, password: str, *, address: str | None = None) -> Actor:
    """Who may act with this login and password. Raises ``NotAuthenticated``, and ``PasswordToChange``."""
    with _logging_in(app, login, address) as context:
        return users.log_in(context, login, password)


@contextmanager
def _logging_in(app: App, login: str, address: str | None) -> Iterator[Context]:
    """Attempts are counted by user: each has a login and a code, and no more guesses by using both."""
    with reading(app, SYSTEM) as context:
        subject = users.code_of(context, login) or login
    with counted(app, "login", subject, address=address), reading(app, SYSTEM) as context:
        yield context


def check_code(app: App, actor: Actor, code: str | None, *, is_required: bool) -> None:
    """Ask for the second factor once more. The code is used up, whatever becomes of what it was asked for.

    Raises what ``second_factor.check_again`` does.
    """
    with counted(app, "second-factor", actor.code), noting(app, actor) as context:
        second_factor.check_again(context, app.vault, code, is_required=is_required)
