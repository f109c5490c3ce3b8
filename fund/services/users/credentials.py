"""What a user comes in by is what was booked, or it lets no user in."""

from fund.domain import errors
from fund.services.context import Context
from fund.store import journal
from fund.store.projections.comparison import compare_user


def check_as_booked(context: Context, user: str) -> None:
    """A user's row, open invitation and second factor are what the acts about the user make them: asked where the user
    comes in.

    Raises ``CredentialDiffers``, and ``IntegrityBroken`` where an act is not what was booked.
    """
    found = compare_user(context.session, user, journal.acts_about_user(context.session, user))
    of = context.fingerprints.of
    is_changed = any(of(bound.domain, bound.value) != bound.fingerprint for bound in found.values)
    if found.differences or found.absent or is_changed:
        raise errors.CredentialDiffers(user)
