"""Messages to landlords as JSON, the same through the API and the command line."""

from typing_extensions import TypedDict

from fund.domain.identifiers import mask_email
from fund.doors.representations import instant, instant_or_none
from fund.services.statements.deliveries import Delivery


class DeliveryJson(TypedDict):
    """A message to a landlord: a statement, or where there is none, a personal link. The address is partly hidden.

    ``last_failure`` is why the last attempt did not succeed, ``last_code`` what the mail server answered.
    """

    id: int
    landlord: str
    statement: str | None
    copy: int
    reason: str | None
    language: str
    address: str | None
    state: str
    queued_by: str
    queued_at: str
    attempts: int
    next_attempt_at: str | None
    sent_at: str | None
    via: str | None
    last_code: int | None
    last_failure: str | None


def delivery_json(row: Delivery) -> DeliveryJson:
    """A message to a landlord."""
    return {
        "id": row.id,
        "landlord": row.landlord,
        "statement": row.statement,
        "copy": row.copy_number,
        "reason": row.reason,
        "language": row.language,
        "address": None if row.address is None else mask_email(row.address),
        "state": row.state,
        "queued_by": row.queued_by,
        "queued_at": instant(row.queued_at),
        "attempts": row.attempts,
        "next_attempt_at": instant(row.next_attempt_at) if row.state == "queued" else None,
        "sent_at": instant_or_none(row.sent_at),
        "via": row.via,
        "last_code": row.last_code,
        "last_failure": row.last_failure,
    }
