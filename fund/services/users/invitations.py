"""Invitations: how a user comes to a password of their own, without another person ever knowing it.

The door draws a secret and shows it once to the admin, who hands it over. It lets its user choose a password, once and
within 72 hours, and nothing else. Of the secret only the sha256 is kept.
"""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from fund.domain import access, errors, passwords
from fund.services.context import Context
from fund.store.tables import Fund, Invitation, User, table

LIFE = timedelta(hours=72)

_invitation, _user, _fund = table(Invitation), table(User), table(Fund)


def invite(context: Context, user: str, secret: str) -> None:
    """Invite a user to choose a password. The password of before is void, and so is an older invitation."""
    end_invitations(context, user)
    context.run(_user.update().where(_user.c.code == user).values(password_hash=None))
    context.run(
        insert(_invitation).values(
            secret_sha256=_digest(secret), user=user, created_at=context.at, expires_at=context.at + LIFE
        )
    )


def end_invitations(context: Context, user: str) -> None:
    """End a user's invitation, if one is open."""
    mine = (_invitation.c.user == user, _invitation.c.accepted_at.is_(None), _invitation.c.ended_at.is_(None))
    context.run(_invitation.update().where(*mine).values(ended_at=context.at))


def expiry_of(context: Context, user: str) -> datetime | None:
    """When a user's open invitation expires or expired; ``None`` where there is none."""
    mine = (_invitation.c.user == user, _invitation.c.accepted_at.is_(None), _invitation.c.ended_at.is_(None))
    return context.run(select(_invitation.c.expires_at).where(*mine)).scalar()


def accept(context: Context, *, login: str, secret: str, password: str) -> str:
    """Choose the first password with an invitation's secret. Returns the user's code.

    Raises ``InvitationNotUsable``; then, only for the right secret, ``WeakPassword``, which leaves the invitation open.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    digest = _digest(secret)
    row = context.run(
        select(_invitation, _user.c.login)
        .join(_user, _user.c.code == _invitation.c.user)
        .where(_invitation.c.secret_sha256 == digest, (_user.c.login == login) | (_user.c.code == login))
    ).one_or_none()
    if row is None:
        raise errors.InvitationNotUsable("invitation-unknown")
    if row.accepted_at is not None:
        raise errors.InvitationNotUsable("invitation-used")
    if row.ended_at is not None:
        raise errors.InvitationNotUsable("invitation-withdrawn")
    if row.expires_at <= context.at:
        raise errors.InvitationNotUsable("invitation-expired")
    check_password(context, row.login, password)
    unused = (_invitation.c.accepted_at.is_(None), _invitation.c.ended_at.is_(None))
    taken = _invitation.update().where(_invitation.c.secret_sha256 == digest, *unused).values(accepted_at=context.at)
    if context.run(taken).rowcount != 1:
        raise errors.InvitationNotUsable("invitation-used")
    password_hash = passwords.hash_password(password)
    context.run(_user.update().where(_user.c.code == row.user).values(password_hash=password_hash))
    return str(row.user)


def check_password(context: Context, login: str, password: str) -> None:
    """Judge a password that a user chooses. Raises ``WeakPassword``."""
    fund = context.run(select(_fund.c.city, _fund.c.name, _fund.c.project)).one_or_none()
    passwords.check(password, [login, *(fund or ())])


def _digest(secret: str) -> str:
    """As it was shown or as a person copied it: case, hyphens and spaces do not count."""
    return access.token_sha256("".join(secret.split()).replace("-", "").lower())
