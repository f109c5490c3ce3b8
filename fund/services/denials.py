"""The log of denials: which user was refused what, when, as what. Codes only."""

from fund.domain import access
from fund.domain.errors import CredentialDiffers, FundError, Kind, NotAuthenticated
from fund.services.context import Context
from fund.store import service
from fund.store.tables import Denial as Denial
from fund.store.users import find_user

_DENIED = (Kind.FORBIDDEN, Kind.CONFLICT)
"""Refused for what the user is, or by a rule; not for input that is not valid."""


def record_denial(context: Context, refusal: FundError, act: str) -> None:
    """Note that the actor was refused an act. The service itself is no user, and is noted nowhere."""
    if isinstance(refusal, CredentialDiffers):  # no user has come in yet
        _record(context, *_who(context, refusal.user), act, refusal)
    elif refusal.kind in _DENIED and context.actor.role != access.SYSTEM_ROLE:
        _record(context, context.actor.code, context.actor.role, act, refusal)


def record_failed_sign_in(context: Context, login: str) -> None:
    """Note that a password was not given: by user, or without one where there is no such login, which is not kept.

    Both take as long, so that the wait does not tell whether a login exists.
    """
    _record(context, *_who(context, login), "users.users.log_in", NotAuthenticated())


def _who(context: Context, login: str) -> tuple[str | None, str | None]:
    user = find_user(context.session, login)
    return (user.code, user.role) if user else (None, None)


def _record(context: Context, user: str | None, role: str | None, act: str, refusal: FundError) -> None:
    context.insert(Denial(at=context.at, user=user, role=role, act=act, error=refusal.code))


def list_denials(
    context: Context, *, user: str | None = None, error: str | None = None, after: int = 0, limit: int | None = None
) -> list[Denial]:
    """The refusals, newest first; ``after`` is the number of the last one shown."""
    context.actor.must_be(*access.READERS)
    return service.list_denials(context.session, user=user, error=error, after=after, limit=limit)
