"""What a user comes in by is what was booked, and what a user is in by the service gave; else it lets no user in.

The very row that was read is compared: who writes the database makes an index find another than the table has.
"""

import hmac
from datetime import datetime

from fund.domain import errors
from fund.domain.access import Actor
from fund.domain.fingerprints import Domain
from fund.services.as_booked import check_chain
from fund.services.context import Context
from fund.store import rows
from fund.store.known_users import BookedUser, booked_user, is_as_booked
from fund.store.tables import SecondFactor, User


def check_as_booked(context: Context, row: User) -> BookedUser:
    """A user's row and second factor are what the acts about the user make them: asked where the user comes in.

    Where the chain is not what was booked, the acts before the damage count, so that reading goes on; nothing is
    written then. Raises ``CredentialDiffers``, and ``IntegrityBroken`` where they may differ by acts behind the damage.
    """
    booked = booked_user(context.session, row.code, context.tag_of)
    if booked is None or not is_as_booked(context.fingerprints, row, booked.row):
        check_chain(context)
        raise errors.CredentialDiffers(row.code)
    _factor(context, row.code, booked)
    return booked


def factor_of(context: Context, user: str) -> SecondFactor | None:
    """A user's second factor, as it was booked. Raises what ``check_as_booked`` does."""
    return _factor(context, user, booked_user(context.session, user, context.tag_of))


def _factor(context: Context, user: str, booked: BookedUser | None) -> SecondFactor | None:
    row = rows.find(context.session, SecondFactor, user)
    if not is_as_booked(context.fingerprints, row, None if booked is None else booked.factor):
        check_chain(context)
        raise errors.CredentialDiffers(user)
    return row


def check_in_force(context: Context, actor: Actor, *, since: datetime) -> BookedUser:
    """The actor has had the role since then, and nothing ended what the actor is in by: asked at each use.

    Raises ``NotAuthenticated``.
    """
    booked = booked_user(context.session, actor.code, context.tag_of)
    is_in_force = booked is not None and booked.row.disabled_at is None and booked.row.role_in_force == actor.role
    if booked is None or not is_in_force or (booked.ended_at is not None and since < booked.ended_at):
        raise errors.NotAuthenticated()
    return booked


def tag_of(context: Context, actor: Actor, *facts: object) -> str:
    """The keyed tag of a sign-in, a session or a token of an actor: it is worth something to this user in this role."""
    plain = [int(fact.timestamp()) if isinstance(fact, datetime) else fact for fact in facts]
    return context.fingerprints.of(Domain.SESSION, " ".join(map(str, (actor.code, actor.role, *plain))))


def check_tag(context: Context, tag: str | None, actor: Actor, *facts: object) -> None:
    """The service gave it, to this actor. Raises ``NotAuthenticated``."""
    if tag is None or not hmac.compare_digest(tag.encode(), tag_of(context, actor, *facts).encode()):
        raise errors.NotAuthenticated()
