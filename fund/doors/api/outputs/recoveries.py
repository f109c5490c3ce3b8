"""Overpayments, what came back of them, and what is kept back for them; protocols as in ``outputs.money``."""

from typing import Annotated, Protocol

from fund.domain.members import Member
from fund.domain.states import OverpaymentState, SetOffState


class OverpaymentJson(Protocol):
    """Part of a settled month that was not due; ``recovered`` is what of it came back."""

    id: int
    contribution_id: Annotated[int, Member("contribution")]
    household: str
    landlord: str
    month: str
    amount_cents: int
    recovered_cents: int
    reason: str
    state: OverpaymentState
    prepared_by: str
    approved_by: str | None


class SetOffJson(Protocol):
    """What is kept back of a month that is owed, for what its landlord was overpaid; ``entry`` is the journal's."""

    id: int
    contribution_id: Annotated[int, Member("contribution")]
    household: str
    landlord: str
    month: str
    amount_cents: int
    state: SetOffState
    prepared_by: str
    approved_by: str | None
    entry: int | None
