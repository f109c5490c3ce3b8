"""Alerts, waiting months and the position after a list, as JSON; and how days and instants are written."""

from datetime import UTC, date, datetime

from typing_extensions import TypedDict

from fund.domain.views import AlertView, FundAfter, WaitingMonth
from ledger.money import format_cents


class AcknowledgementJson(TypedDict):
    reason: str
    acknowledged_by: str
    acknowledged_at: str


class AlertJson(TypedDict):
    """Something to be acknowledged before the list can be approved; its ``id`` changes with its facts."""

    id: str
    code: str
    about: str
    facts: dict[str, str]
    acknowledgement: AcknowledgementJson | None


class FundAfterJson(TypedDict):
    """The fund's position once the list is approved and ordered; ``free_cash`` is cash that no order has taken."""

    cash: str
    in_transit: str
    free_cash: str
    available: str
    committed: str


class WaitingJson(TypedDict):
    """An approved month in no batch. Its reason is null where the next batch takes it.

    ``coming`` is all that its payee has coming, ``threshold`` the sum above which that needs a tax-debt check.
    """

    household: str
    landlord: str
    month: str
    amount: str
    reason: str | None
    coming: str
    threshold: str | None


def alert_json(alert: AlertView) -> AlertJson:
    """An alert with its acknowledgement."""
    given = alert.acknowledgement
    acknowledgement: AcknowledgementJson | None = None
    if given is not None:
        acknowledgement = {
            "reason": given.reason,
            "acknowledged_by": given.acknowledged_by,
            "acknowledged_at": instant(given.acknowledged_at),
        }
    return {
        "id": alert.id,
        "code": alert.code,
        "about": alert.about,
        "facts": dict(alert.facts),
        "acknowledgement": acknowledgement,
    }


def after_json(position: FundAfter | None) -> FundAfterJson | None:
    """The fund's position after a list, if it is still to come."""
    if position is None:
        return None
    return {
        "cash": format_cents(position.cash_cents),
        "in_transit": format_cents(position.in_transit_cents),
        "free_cash": format_cents(position.free_cash_cents),
        "available": format_cents(position.available_cents),
        "committed": format_cents(position.committed_cents),
    }


def waiting_json(month: WaitingMonth) -> WaitingJson:
    """An approved month in no batch."""
    return {
        "household": month.household,
        "landlord": month.landlord,
        "month": str(month.month),
        "amount": format_cents(month.amount_cents),
        "reason": month.reason,
        "coming": format_cents(month.coming_cents),
        "threshold": None if month.threshold_cents is None else format_cents(month.threshold_cents),
    }


def day(value: date) -> str:
    """A day: ``2022-05-31``."""
    return value.isoformat()


def day_or_none(value: date | None) -> str | None:
    """A day, if there is one."""
    return None if value is None else day(value)


def instant(value: datetime) -> str:
    """An instant in UTC, in whole seconds: ``2022-05-31T10:00:00Z``."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def instant_or_none(value: datetime | None) -> str | None:
    """An instant, if there is one."""
    return None if value is None else instant(value)
