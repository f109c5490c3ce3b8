"""The digest of a list as it was shown to one approver, which an approval by command gives back.

It is an HMAC over the list's own digest whose key is the hash of the approver's password: nothing is stored, a reader
of the list can compute the list's digest but not this one, and another password voids it.
"""

import hashlib
import hmac

from fund.domain import access, errors
from fund.services.context import Context
from fund.store.tables import User


def approval_digest(context: Context, key: str, list_digest: str) -> str:
    """The digest of a run or batch as the actor is shown it.

    Raises ``NotPermitted`` unless they are an approver, and ``NotAuthenticated`` without a password.
    """
    context.actor.must_be(access.APPROVER)
    user = context.get(User, context.actor.code)
    if user.password_hash is None:  # reset since the login
        raise errors.NotAuthenticated()
    message = f"approval {user.code} {key} {list_digest}"
    return hmac.new(user.password_hash.encode(), message.encode(), hashlib.sha256).hexdigest()


def check_approval_digest(context: Context, key: str, list_digest: str, given: str) -> None:
    """Raises ``ListChanged`` unless ``given`` is the digest of this very list, shown to the actor."""
    if not given.isascii() or not access.same_secret(approval_digest(context, key, list_digest), given):
        raise errors.ListChanged(key, list_digest)
