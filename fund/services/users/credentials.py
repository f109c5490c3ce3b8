"""What a user comes in by is what was booked, and what a user is in by the service gave; else it lets no user in."""

import hmac
from datetime import datetime

from fund.domain import errors
from fund.domain.access import Actor
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.store import journal
from fund.store.projections.comparison import compare_user


def check_as_booked(context: Context, user: str) -> None:
    """A user's row, open invitation and second factor are what the acts about the user make them: asked where the user
    comes in.

    Raises ``CredentialDiffers``, and ``IntegrityBroken`` where an act is not what was booked.
    """
    found = compare_user(context.session, user, journal.acts_about_user(context.session, user, context.tag_of))
    is_booked = all(bound.is_booked(context.fingerprints) for bound in found.values)
    if found.differences or found.absent or not is_booked:
        raise errors.CredentialDiffers(user)


def tag_of(context: Context, actor: Actor, *facts: object) -> str:
    """The keyed tag of a sign-in, a session or a token of an actor: it is worth something to this user in this role."""
    plain = [int(fact.timestamp()) if isinstance(fact, datetime) else fact for fact in facts]
    return context.fingerprints.of(Domain.SESSION, " ".join(map(str, (actor.code, actor.role, *plain))))


def check_tag(context: Context, tag: str | None, actor: Actor, *facts: object) -> None:
    """The service gave it, to this actor. Raises ``NotAuthenticated``."""
    if tag is None or not hmac.compare_digest(tag.encode(), tag_of(context, actor, *facts).encode()):
        raise errors.NotAuthenticated()
