"""Invitations: how a user comes to a password of their own, without another person ever knowing it.

The door draws a secret and shows it once to the admin, who hands it over. It lets its user choose a password, once and
within 72 hours, and nothing else. Of the secret only the sha256 is kept.
"""

from datetime import datetime, timedelta

from fund.domain import access, errors, passwords
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.services.users.credentials import check_as_booked
from fund.store import rows
from fund.store import users as store
from fund.store.known_users import is_as_booked
from fund.store.tables import Fund, Invitation, User
from fund.store.tables.money import FUND_ID
from ledger.acts.users import credential_set, invited
from ledger.text import format_instant

LIFE = timedelta(hours=72)


def invite(context: Context, user: str, secret: str) -> None:
    """Invite a user to choose a password. The password of before is void, and so is an older invitation."""
    digest = _digest(secret)
    act = invited(
        context.stamp(),
        user=user,
        expires_at=format_instant(context.at + LIFE),
        fingerprint=context.fingerprints.of(Domain.CREDENTIAL, digest),
    )
    context.book_act(act, {Invitation.secret_sha256: digest})


def expiry_of(context: Context, user: str) -> datetime | None:
    """When a user's open invitation expires or expired; ``None`` where there is none."""
    return store.expiry_of_invitation(context.session, user)


def accept(context: Context, *, login: str, secret: str, password: str) -> str:
    """Choose the first password with an invitation's secret. Returns the user's code.

    Raises ``InvitationNotUsable``; then, only for the right secret, ``CredentialDiffers``, and ``WeakPassword``, which
    leaves the invitation open.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    digest = _digest(secret)
    row = store.find_invitation(context.session, digest, login)
    if row is None:
        raise errors.InvitationNotUsable("invitation-unknown")
    if row.accepted_at is not None:
        raise errors.InvitationNotUsable("invitation-used")
    if row.ended_at is not None:
        raise errors.InvitationNotUsable("invitation-withdrawn")
    if row.expires_at <= context.at:
        raise errors.InvitationNotUsable("invitation-expired")
    user = context.get(User, row.user)
    booked = check_as_booked(context, user)
    if not is_as_booked(context.fingerprints, row, booked.invitation):
        raise errors.CredentialDiffers(user.code)
    check_password(context, user.known_as, password)
    set_password(context, user.code, password)
    return user.code


def set_password(context: Context, user: str, password: str) -> None:
    """Book that a user has chosen a password, and keep its hash."""
    of = context.fingerprints.of
    salt = bytes.fromhex(of(Domain.SALT, f"{user} {format_instant(context.at)}"))
    password_hash = passwords.hash_password(password, salt)
    fingerprint = of(Domain.CREDENTIAL, password_hash)
    act = credential_set(context.stamp(prepared_by=user), user=user, fingerprint=fingerprint)
    context.book_act(act, {User.password_hash: password_hash})


def check_password(context: Context, login: str, password: str) -> None:
    """Judge a password that a user chooses. Raises ``WeakPassword``."""
    fund = rows.find(context.session, Fund, FUND_ID)
    passwords.check(password, [login, *((fund.city, fund.name, fund.project) if fund is not None else ())])


def _digest(secret: str) -> str:
    """As it was shown or as a person copied it: case, hyphens and spaces do not count."""
    return access.token_sha256("".join(secret.split()).replace("-", "").lower())
