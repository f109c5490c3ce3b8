"""Messages to landlords, auditors and users as JSON, the same through the API and the command line."""

from datetime import datetime
from typing import Annotated, Protocol

from fund.domain.lists import UserNotice
from fund.domain.members import MaskedEmail, Member
from fund.domain.states import DeliveryState


class DeliveryJson(Protocol):
    """A message: a statement to its landlord, or a personal link; the head of the chain at a ``closing`` to an auditor;
    or a notice to a user, about the codes that it names. The address is partly hidden.

    ``last_failure`` is why the last attempt did not succeed, ``last_code`` what the mail server answered.
    """

    id: int
    landlord: str | None
    statement: str | None
    closing: str | None
    user: str | None
    notice: UserNotice | None
    about: str | None
    copy_number: Annotated[int, Member("copy")]
    reason: str | None
    language: str
    address: MaskedEmail | None
    state: DeliveryState
    queued_by: str
    queued_at: datetime
    attempts: int
    sent_at: datetime | None
    via: str | None
    last_code: int | None
    last_failure: str | None

    @property
    def due_at(self) -> Annotated[datetime | None, Member("next_attempt_at", before="sent_at")]: ...
