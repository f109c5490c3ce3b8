"""What runs and batches have in common: their forms, and what a page shows of an approval; and plain buttons."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from fund.documents.catalogue import Translator
from fund.documents.words import word
from fund.domain import access, lists
from fund.domain.texts import Message, Unfit
from fund.domain.views import BatchView, RunView
from fund.doors.http.fields import AcknowledgementReason, Sha256
from fund.doors.http.inputs import ApprovalInput
from fund.doors.web.approval_snapshot import MAX_CHARS, SnapshotLine, differences, pack_snapshot
from fund.doors.web.forms import Filled, Form
from fund.doors.web.page_requests import PageRequest
from fund.services.context import Context
from fund.services.users import second_factor

T = TypeVar("T")


def _some(ticked: list[T]) -> list[T]:
    if not ticked:
        raise Unfit(Message("Tick at least one line."))
    return ticked


Ticked = Annotated[list[T], AfterValidator(_some), Field(default_factory=list, validate_default=True)]
"""What is ticked in a form, at least one of them."""


class Nothing(Form):
    """A form that is only a button."""


class ApprovalForm(ApprovalInput):
    """What is approved. ``snapshot`` is for telling what changed, and no more."""

    snapshot: Annotated[str, Field(max_length=MAX_CHARS)] = ""


class AlertsForm(Form):
    """Alerts that the preparer looked at, and why they are no mistakes."""

    alerts: Ticked[Sha256]
    why: AcknowledgementReason


def options(codes: Iterable[str], speak: Translator) -> list[tuple[str, str]]:
    """Codes with their words, for a select."""
    return [(code, word(code, speak)) for code in codes]


def approval(
    context: Context, desk: PageRequest, filled: Filled, view: RunView | BatchView, lines: Sequence[SnapshotLine]
) -> dict[str, Any]:
    """What a page shows of the approval of a run or a batch: by whom, and what is other than the form showed."""
    asked, role = filled.value("digest"), desk.actor.role
    return {
        "snapshot": pack_snapshot(lines),
        "is_changed": asked not in ("", view.digest),
        "differences": differences(filled.value("snapshot"), lines) if asked != view.digest else [],
        "why_reasons": options(lists.AcknowledgementReason, desk.speak),
        "may_prepare": role == access.PREPARER,
        "may_change": role in access.FINANCE,
        "may_approve": role == access.APPROVER,
        "device_since": second_factor.new_device_since(context, view.prepared_by),
        "is_own": view.prepared_by == desk.actor.code,
    }
