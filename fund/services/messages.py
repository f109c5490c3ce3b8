"""Messages to landlords, auditors and users are queued in the transaction that wants them."""

from fund.domain.lists import UserNotice
from fund.domain.states import DeliveryState
from fund.services.context import Context
from fund.store.tables import Delivery


def queue_message(
    context: Context,
    *,
    address: str | None,
    language: str,
    landlord: str | None = None,
    user: str | None = None,
    statement: str | None = None,
    closing: str | None = None,
    notice: UserNotice | None = None,
    about: str | None = None,
    copy_number: int = 0,
    reason: str | None = None,
) -> int:
    """Queue a message to an address: what it brings, or a personal link where it brings nothing. Returns its number."""
    return context.insert(
        Delivery(
            landlord=landlord,
            user=user,
            statement=statement,
            closing=closing,
            notice=notice,
            about=about,
            copy_number=copy_number,
            reason=reason,
            language=language,
            address=address,
            state=DeliveryState.QUEUED,
            queued_by=context.actor.code,
            queued_at=context.at,
            next_attempt_at=context.at,
        )
    ).id
