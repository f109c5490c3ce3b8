"""Users' own IBANs, known only as salted fingerprints, so that no user is paid by the fund."""

import hmac
from collections.abc import Iterable

from fund.domain import access, errors
from fund.services.context import Context
from fund.store import rows
from fund.store import users as store
from fund.store.tables import User, UserIban


def set_user_ibans(context: Context, login: str, ibans: Iterable[str], *, salt: str) -> int:
    """Replace the IBANs that are known as a user's own; only fingerprints of them are kept.

    ``salt`` is random and comes from the door. Returns how many there are now. Raises ``NotFound``.
    """
    context.actor.must_be(access.ADMIN)
    user = store.code_of(context.session, login)
    if user is None:
        raise errors.NotFound(rows.name_of(User), login)
    new = [
        UserIban(
            user=user,
            fingerprint=_fingerprint(salt, iban),
            salt=salt,
            set_by=context.actor.code,
            set_at=context.at,
        )
        for iban in sorted(set(ibans))
    ]
    store.replace_ibans(context.session, user, new)
    return len(new)


def ibans_of_users(context: Context, ibans: Iterable[str]) -> set[str]:
    """Those of some IBANs that are a user's own."""
    known = store.salted_fingerprints(context.session)
    salts = {salt for salt, _ in known}
    return {iban for iban in ibans if any((salt, _fingerprint(salt, iban)) in known for salt in salts)}


def _fingerprint(salt: str, iban: str) -> str:
    return hmac.digest(salt.encode("ascii"), iban.encode("ascii"), "sha256").hex()
