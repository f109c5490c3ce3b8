"""Browsers that a user has come in from before: guesses at the password from there are counted apart from strangers'.

Such a browser keeps a mark: a number of its own, and a code over user and number whose key is the hash of the user's
password. So nothing is stored, a mark cannot be forged without the hash, and another password voids them all.
A mark opens nothing: who has stolen one has five guesses more than a stranger, and keeps only that browser waiting.
"""

import hashlib
import hmac

from fund.domain import access, errors
from fund.services.context import Context
from fund.store import users as store
from fund.store.tables import User

MAX_LENGTH = 200


def mark(context: Context, number: str) -> str:
    """The mark of a browser with this number, for the actor, who has come in from it.

    Raises ``NotAuthenticated`` without a password.
    """
    context.actor.must_be(*access.ACCOUNTS)
    user = context.get(User, context.actor.code)
    if user.password_hash is None:  # reset since the login
        raise errors.NotAuthenticated()
    return f"{number}.{_code(user.password_hash, user.code, number)}"


def number_in(context: Context, user: str, given: str) -> str | None:
    """The number of the browser, if what it gave is a mark of the user that is in force."""
    number, _, code = given.partition(".")
    key = store.password_hash_of(context.session, user)
    if key is None or number == "" or not given.isascii() or len(given) > MAX_LENGTH:
        return None
    return number if access.same_secret(_code(key, user, number), code) else None


def _code(key: str, user: str, number: str) -> str:
    return hmac.new(key.encode(), f"known browser {user} {number}".encode(), hashlib.sha256).hexdigest()
