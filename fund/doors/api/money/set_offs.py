"""Set-offs: what a landlord was overpaid is set off against a month that it is owed."""

from typing import Annotated, Protocol

from fund.domain.members import Member
from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.fields import LandlordCode
from fund.doors.http.inputs import SetOffInput
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.money import set_offs

routes = Routes()


class SetOffJson(Protocol):
    """What is set off against a month that is owed, for what its landlord was overpaid; ``entry`` is the journal's."""

    id: int
    contribution_id: Annotated[int, Member("contribution")]
    household: str
    landlord: str
    month: str
    amount_cents: int
    prepared_by: str
    approved_by: str
    entry: int


@routes.read("/set-offs", "What is set off against months", "recoveries")
def list_set_offs(context: Context, landlord: LandlordCode | None = None) -> Items[JsonOf[SetOffJson]]:
    """Oldest first."""
    return {"items": set_offs.list_set_offs(context, landlord=landlord)}


@routes.propose("/set-offs", "Propose to keep something back of a month", "recoveries")
def propose_set_off(context: Context, body: SetOffInput) -> int:
    """For what the month's landlord was overpaid. The month waits while it is proposed."""
    return set_offs.propose_set_off(context, **body.facts())
