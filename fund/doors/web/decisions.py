"""The forms that runs and batches have in common: what is approved, what is acknowledged, and plain buttons."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from fund.documents.catalogue import Translator
from fund.documents.words import word
from fund.domain.errors import InvalidInput
from fund.domain.texts import Message
from fund.doors.http.fields import AcknowledgementReason, Sha256
from fund.doors.http.inputs import ApprovalInput
from fund.doors.web.approval_snapshot import MAX_CHARS
from fund.doors.web.forms import Form

NOTHING_TICKED = Message("Tick at least one line.")


class Nothing(Form):
    """A form that is only a button."""


class ApprovalForm(ApprovalInput):
    """What is approved. ``snapshot`` is for telling what changed, and no more."""

    snapshot: Annotated[str, Field(max_length=MAX_CHARS)] = ""


class AlertsForm(Form):
    """Alerts that the preparer looked at, and why they are no mistakes."""

    alerts: list[Sha256] = Field(default_factory=list)
    why: AcknowledgementReason

    def check(self) -> None:
        """Raises ``InvalidInput`` where nothing is ticked."""
        if not self.alerts:
            raise InvalidInput([{"path": "alerts", "message": NOTHING_TICKED}])


def options(codes: Iterable[str], speak: Translator) -> list[tuple[str, str]]:
    """Codes with their words, for a select."""
    return [(code, word(code, speak)) for code in codes]
