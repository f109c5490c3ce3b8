"""IBANs of the users' own: known only as keyed fingerprints, and only so that nobody pays themselves."""

import hmac
from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from fund.domain import access
from fund.services.context import Context
from fund.store.tables import User, UserIban, table

_user, _own = table(User), table(UserIban)


def set_user_ibans(context: Context, login: str, ibans: Iterable[str], *, salt: str) -> int:
    """Say which IBANs are a user's own, in place of those known before; none is kept, only fingerprints.

    ``salt`` is fresh chance from the door. Returns how many there are now. Raises ``NotFound``.
    """
    context.actor.must_be(access.ADMIN)
    user = _code_of(context, login)
    context.run(delete(_own).where(_own.c.user == user))
    kept = {"user": user, "salt": salt, "set_by": context.actor.code, "set_at": context.at}
    rows = [{**kept, "fingerprint": _fingerprint(salt, iban)} for iban in sorted(set(ibans))]
    if rows:
        context.run(insert(_own), rows)
    return len(rows)


def _code_of(context: Context, login: str) -> str:
    row = context.run(select(_user.c.code).where((_user.c.login == login) | (_user.c.code == login))).one_or_none()
    return str(row.code) if row is not None else str(context.get(User, login).code)


def ibans_of_users(context: Context, ibans: Iterable[str]) -> set[str]:
    """Those of some IBANs that are a user's own."""
    known = {(row.salt, row.fingerprint) for row in context.run(select(_own.c.salt, _own.c.fingerprint))}
    salts = {salt for salt, _ in known}
    return {iban for iban in ibans if any((salt, _fingerprint(salt, iban)) in known for salt in salts)}


def _fingerprint(salt: str, iban: str) -> str:
    return hmac.digest(salt.encode("ascii"), iban.encode("ascii"), "sha256").hex()
