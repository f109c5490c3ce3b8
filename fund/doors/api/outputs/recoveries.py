"""Overpayments, what came back of them, and what is kept back for them."""

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from ledger.money import format_cents

if TYPE_CHECKING:  # doors take records from use cases; only their types are named here
    from fund.store.tables import Overpayment, SetOff


class OverpaymentJson(TypedDict):
    """Part of a settled month that was not due; ``recovered`` is what of it came back."""

    id: int
    contribution: int
    household: str
    landlord: str
    month: str
    amount: str
    recovered: str
    reason: str
    state: str
    prepared_by: str
    approved_by: str | None


def overpayment_json(row: "Overpayment") -> OverpaymentJson:
    """An overpayment."""
    return {
        "id": row.id,
        "contribution": row.contribution_id,
        "household": row.household,
        "landlord": row.landlord,
        "month": row.month,
        "amount": format_cents(row.amount_cents),
        "recovered": format_cents(row.recovered_cents),
        "reason": row.reason,
        "state": row.state,
        "prepared_by": row.prepared_by,
        "approved_by": row.approved_by,
    }


class SetOffJson(TypedDict):
    """What is kept back of a month that is owed, for what its landlord was overpaid; ``entry`` is the journal's."""

    id: int
    contribution: int
    household: str
    landlord: str
    month: str
    amount: str
    state: str
    prepared_by: str
    approved_by: str | None
    entry: int | None


def set_off_json(row: "SetOff") -> SetOffJson:
    """A set-off."""
    return {
        "id": row.id,
        "contribution": row.contribution_id,
        "household": row.household,
        "landlord": row.landlord,
        "month": row.month,
        "amount": format_cents(row.amount_cents),
        "state": row.state,
        "prepared_by": row.prepared_by,
        "approved_by": row.approved_by,
        "entry": row.entry,
    }
