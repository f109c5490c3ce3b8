"""What is told by mail to the people who use the fund: whatever gives one of them power, and that writing has stopped.

A notice names users by their codes. Its mail is queued in the transaction of what it tells, and leaves with the others.
"""

from collections.abc import Iterable

from fund.domain import access
from fund.domain.lists import UserNotice
from fund.domain.states import DeliveryState
from fund.services.context import Context
from fund.store import rows, statements
from fund.store import users as store
from fund.store.tables import Delivery, Fund, User
from fund.store.tables.money import FUND_ID
from fund.store.users import UserView


def tell(context: Context, notice: UserNotice, user: str) -> None:
    """Tell what was done about a user: to the user, and to every admin and auditor."""
    users = store.enabled_users(context.session)
    overseers = (access.ADMIN, access.AUDITOR)
    _queue(context, notice, user, (one for one in users if one.code == user or one.role in overseers))


def tell_all(context: Context, notice: UserNotice, about: str) -> None:
    """Tell every enabled user, once until something is booked again."""
    if not statements.was_told(context.session, notice, about):
        _queue(context, notice, about, store.enabled_users(context.session))


def _queue(context: Context, notice: UserNotice, about: str, to: Iterable[UserView]) -> None:
    fund = rows.find(context.session, Fund, FUND_ID)
    if fund is None:  # there is no fund yet to tell of
        return
    for one in to:
        if one.email is not None:
            context.insert(
                Delivery(
                    user=one.code,
                    notice=notice,
                    about=about,
                    language=fund.language,
                    address=one.email,
                    state=DeliveryState.QUEUED,
                    queued_by=context.actor.code,
                    queued_at=context.at,
                    next_attempt_at=context.at,
                )
            )


def forget(context: Context, user: str) -> None:
    """Forget where a user is written to, and cancel what is queued."""
    rows.change(context.session, User, user, {User.email: None})
    statements.cancel_deliveries(context.session, user=user)
