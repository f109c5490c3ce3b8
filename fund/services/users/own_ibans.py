"""Users' own IBANs, known only by their fingerprints, so that no user is paid by the fund."""

from collections.abc import Iterable

from fund.domain import access, errors
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.store import rows
from fund.store import users as store
from fund.store.tables import User
from ledger.acts.users import own_iban


def set_user_ibans(context: Context, login: str, ibans: Iterable[str]) -> int:
    """Replace the IBANs that are known as a user's own; only fingerprints of them are kept.

    Returns how many there are now. Raises ``NotFound``, also for a user who is disabled.
    """
    context.actor.must_be(*access.preparers("own-iban"))
    user = store.enabled_code_of(context.session, login)
    if user is None:
        raise errors.NotFound(rows.name_of(User), login)
    fingerprints = context.fingerprints
    new = sorted({fingerprints.of(Domain.PAYEE, iban) for iban in ibans})
    cleared = [None] if store.has_own_ibans(context.session, user) else []
    for fingerprint in (*cleared, *new):
        context.book_act(own_iban(context.stamp(), user=user, fingerprint=fingerprint))
    return len(new)


def ibans_of_users(context: Context, ibans: Iterable[str]) -> set[str]:
    """Those of some IBANs that are a user's own."""
    known = store.own_ibans(context.session)
    if not known:
        return set()
    return {iban for iban in ibans if context.known_as(Domain.PAYEE, iban) & known}
