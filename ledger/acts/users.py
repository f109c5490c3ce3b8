"""Acts about users: who they are, which role each has, what gives a user power and what takes it away, and what each
comes in by.

What is done to a user's role, password, second factor or identity takes the role out of force; ``role-granted``, by two
people, puts it in force. What users choose for themselves, once they are invited, does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.codes import ADMIN, APPROVER, AUDITOR, ROLES, SYSTEM
from ledger.entries import Draft, Facts
from ledger.kind import ANY_USER, ANYBODY, Kind
from ledger.stamp import Stamp

CONFIRMERS = (ADMIN, AUDITOR, APPROVER)
"""The roles that confirm what gives a user power."""

ENDS_ACCESS = (
    *("role-ended", "user-disabled", "credential-reset", "factor-reset"),
    *("identity-linked", "access-recovered"),
)
"""The kinds that end all that their user is in by."""

KEY_CHANGED = "key-changed"
_KNOWN_BY = ("login_fingerprint", "email_fingerprint")

KINDS = (
    Kind("user-created", "nuovo utente", needs=("user", "role", *_KNOWN_BY, "fingerprint"), preparers=(ADMIN, SYSTEM)),
    Kind(
        "role-granted",
        "attribuzione del ruolo",
        needs=("user", "role"),
        approvers=CONFIRMERS,
        preparers=(ADMIN, SYSTEM),
    ),
    Kind("role-ended", "revoca del ruolo", needs=("user", "role"), preparers=(ADMIN,)),
    Kind("user-disabled", "disattivazione dell'utente", needs=("user",), preparers=(ADMIN,)),
    Kind("credential-reset", "azzeramento della password", needs=("user",), preparers=(ADMIN,)),
    Kind("factor-reset", "azzeramento del secondo fattore", needs=("user",), preparers=(ADMIN,)),
    Kind("identity-linked", "collegamento dell'identità", needs=("user",), may=("fingerprint",), preparers=(ADMIN,)),
    Kind("access-recovered", "ripristino dell'accesso", needs=("user", "role", *_KNOWN_BY), preparers=(SYSTEM,)),
    Kind("invited", "invito", needs=("user", "expires_at", "fingerprint"), preparers=(ADMIN, SYSTEM)),
    Kind("credential-set", "scelta della password", needs=("user", "fingerprint"), preparers=ANY_USER),
    Kind("factor-set", "secondo fattore", needs=("user", "fingerprint"), preparers=ANY_USER),
    Kind("own-iban", "IBAN proprio di un utente", needs=("user",), may=("fingerprint",), preparers=(ADMIN,)),
    Kind("persons-exported", "esportazione dei dati personali", preparers=(ADMIN,)),
    Kind("token-made", "nuovo token", needs=("user", "token", "expires_at", "fingerprint"), preparers=ROLES),
    Kind("token-ended", "fine del token", needs=("user", "token"), preparers=ANYBODY),
    Kind(
        KEY_CHANGED,
        "cambio della chiave",
        needs=("key_check", "renewed"),
        two_people=True,
        approvers=(AUDITOR, APPROVER),
        preparers=(ADMIN,),
    ),
)


@dataclass(frozen=True, slots=True)
class KnownBy:
    """Fingerprints of what a user is called and written to: the login and the e-mail address."""

    login: str
    email: str


def user_created(stamp: Stamp, *, user: str, role: str, known_by: KnownBy, fingerprint: str) -> Draft:
    """A person is to have a role, which is without effect yet; the fingerprint is of the tax code."""
    return stamp.draft("user-created", _known(known_by)._replace(user=user, role=role, fingerprint=fingerprint))


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


def access_recovered(stamp: Stamp, *, user: str, role: str, known_by: KnownBy) -> Draft:
    """The machine's operator lets an admin or an auditor in anew, where all users were locked out."""
    return stamp.draft("access-recovered", _known(known_by)._replace(user=user, role=role))


def _known(by: KnownBy) -> Facts:
    return Facts(login_fingerprint=by.login, email_fingerprint=by.email)


def invited(stamp: Stamp, *, user: str, expires_at: str, fingerprint: str) -> Draft:
    """A user may choose a password until an instant, and has none before; the fingerprint is of the secret's sha256."""
    return stamp.draft("invited", Facts(user=user, expires_at=expires_at, fingerprint=fingerprint))


def credential_set(stamp: Stamp, *, user: str, fingerprint: str) -> Draft:
    """A user has chosen a password, which uses an invitation up; the fingerprint is of its hash."""
    return stamp.draft("credential-set", Facts(user=user, fingerprint=fingerprint))


def factor_set(stamp: Stamp, *, user: str, fingerprint: str) -> Draft:
    """A user has a second factor, and these recovery codes for its loss; the fingerprint is of its row."""
    return stamp.draft("factor-set", Facts(user=user, fingerprint=fingerprint))


def own_iban(stamp: Stamp, *, user: str, fingerprint: str | None) -> Draft:
    """An account is a user's own, so that the fund pays nothing there; without a fingerprint none is any more."""
    return stamp.draft("own-iban", Facts(user=user, fingerprint=fingerprint))


def token_made(stamp: Stamp, *, user: str, token: str, expires_at: str, fingerprint: str) -> Draft:
    """A user has a bearer token until an instant; the fingerprint is of its secret's sha256."""
    return stamp.draft("token-made", Facts(user=user, token=token, expires_at=expires_at, fingerprint=fingerprint))


def token_ended(stamp: Stamp, *, user: str, token: str) -> Draft:
    """A token of a user ends before its time."""
    return stamp.draft("token-ended", Facts(user=user, token=token))


def persons_exported(stamp: Stamp) -> Draft:
    """An admin took the personal values out, encrypted."""
    return stamp.draft("persons-exported", Facts())


def key_changed(stamp: Stamp, *, key_check: str, renewed: Mapping[str, str]) -> Draft:
    """The fund has another key, by its check value, and each value that it holds another fingerprint, by the former."""
    pairs = ",".join(f"{old}:{new}" for old, new in sorted(renewed.items()))
    return stamp.draft(KEY_CHANGED, Facts(key_check=key_check, renewed=pairs))


def read_renewed(text: str | None) -> dict[str, str]:
    """The fingerprints of what the books write, each with the one in its place."""
    return dict(pair.split(":") for pair in (text or "").split(",") if pair)


def renewed_facts(facts: Facts, renewed: Mapping[str, str]) -> Facts:
    """The facts of an entry with its fingerprints under another key, where they have one."""

    def now(fingerprint: str | None) -> str | None:
        return fingerprint and renewed.get(fingerprint, fingerprint)

    return facts._replace(
        fingerprint=now(facts.fingerprint),
        login_fingerprint=now(facts.login_fingerprint),
        email_fingerprint=now(facts.email_fingerprint),
    )
