"""Acts about users: who they are, which role each has, what gives a user power and what takes it away, tokens.

What is done to a user's role, password, second factor or identity takes the role out of force; ``role-granted``, by two
people, puts it in force.
"""

from ledger.codes import ADMIN, APPROVER, AUDITOR
from ledger.entries import Draft, Facts
from ledger.kind import Kind
from ledger.stamp import Stamp

CONFIRMERS = (ADMIN, AUDITOR, APPROVER)
"""The roles that confirm what gives a user power."""

KINDS = (
    Kind("user-created", "nuovo utente", needs=("user", "role", "fingerprint")),
    Kind("role-granted", "attribuzione del ruolo", needs=("user", "role"), approvers=CONFIRMERS),
    Kind("role-ended", "revoca del ruolo", needs=("user", "role")),
    Kind("user-disabled", "disattivazione dell'utente", needs=("user",)),
    Kind("credential-reset", "azzeramento della password", needs=("user",)),
    Kind("factor-reset", "azzeramento del secondo fattore", needs=("user",)),
    Kind("identity-linked", "collegamento dell'identità", needs=("user",), may=("fingerprint",)),
    Kind("access-recovered", "ripristino dell'accesso", needs=("user", "role")),
    Kind("token-made", "nuovo token", needs=("user", "token", "expires_at", "fingerprint")),
    Kind("token-ended", "fine del token", needs=("user", "token")),
)


def user_created(stamp: Stamp, *, user: str, role: str, fingerprint: str) -> Draft:
    """A person is to have a role, which is without effect yet; the fingerprint is of the tax code."""
    return stamp.draft("user-created", Facts(user=user, role=role, fingerprint=fingerprint))


def role_granted(stamp: Stamp, *, user: str, role: str) -> Draft:
    """A user's role is in force: by two people, or by the service for the admin and the auditor who begin the fund."""
    return stamp.draft("role-granted", Facts(user=user, role=role))


def role_ended(stamp: Stamp, *, user: str, role: str) -> Draft:
    """A user's role ends, and the one named here is to be granted."""
    return stamp.draft("role-ended", Facts(user=user, role=role))


def user_disabled(stamp: Stamp, *, user: str) -> Draft:
    """A user may do nothing any more, for good."""
    return stamp.draft("user-disabled", Facts(user=user))


def credential_reset(stamp: Stamp, *, user: str) -> Draft:
    """A user's password is void, and an invitation is made for another."""
    return stamp.draft("credential-reset", Facts(user=user))


def factor_reset(stamp: Stamp, *, user: str) -> Draft:
    """A user's second factor is taken away."""
    return stamp.draft("factor-reset", Facts(user=user))


def identity_linked(stamp: Stamp, *, user: str, fingerprint: str | None) -> Draft:
    """A user comes in by an identity of the city's provider, or without a fingerprint by none any more."""
    return stamp.draft("identity-linked", Facts(user=user, fingerprint=fingerprint))


def access_recovered(stamp: Stamp, *, user: str, role: str) -> Draft:
    """The machine's operator invited an admin or an auditor anew, where all users were locked out."""
    return stamp.draft("access-recovered", Facts(user=user, role=role))


def token_made(stamp: Stamp, *, user: str, token: str, expires_at: str, fingerprint: str) -> Draft:
    """A user has a bearer token until an instant; the fingerprint is of its secret's sha256."""
    return stamp.draft("token-made", Facts(user=user, token=token, expires_at=expires_at, fingerprint=fingerprint))


def token_ended(stamp: Stamp, *, user: str, token: str) -> Draft:
    """A token of a user ends before its time."""
    return stamp.draft("token-ended", Facts(user=user, token=token))
