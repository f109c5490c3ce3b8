"""What was overpaid is set off against a month that is owed: proposed, agreed to by another person, or withdrawn."""

from typing import Any

from fund.documents.tables import Fact, facts_of
from fund.domain.access import APPROVER, FINANCE, PREPARER
from fund.domain.states import SetOffState
from fund.domain.texts import N_, Message
from fund.doors.http.inputs import SetOffInput
from fund.doors.tables.money import SET_OFFS
from fund.doors.web.acts import Act, Places, Setting
from fund.doors.web.breadcrumbs import LANDLORD, LANDLORDS
from fund.doors.web.decisions import Nothing
from fund.doors.web.money.money_acts import MONEY
from fund.doors.web.page_requests import Done
from fund.services.context import Context
from fund.services.money import set_offs

SET_OFF = ("/set-offs/{set_off}", N_("Set-off %(set_off)s"))


def _propose(context: Context, _: Places, form: SetOffInput) -> Done:
    number = set_offs.propose_set_off(context, **form.facts())
    return Done(SET_OFF[0].format(set_off=number), Message("The set-off is proposed; another person agrees to it."))


def _approve(context: Context, places: Places, _: Nothing) -> Done:
    set_offs.approve_set_off(context, places["set_off"])
    return Done(SET_OFF[0].format(**places), Message("The set-off is agreed: that much less is paid for the month."))


def _withdraw(context: Context, places: Places, _: Nothing) -> Done:
    set_offs.withdraw_set_off(context, places["set_off"])
    return Done(SET_OFF[0].format(**places), Message("The set-off is withdrawn; the month is paid as it was approved."))


def _of_landlord(context: Context, places: Places) -> Setting:
    room = set_offs.read_options(context, places["landlord"])
    named = [(row, f"{row.household} {row.month}") for row in room.months]
    facts = [
        Fact(N_("landlord"), places["landlord"], "code", LANDLORD[0].format(**places)),
        Fact(N_("overpaid, and not back yet"), room.cents, "money"),
        *(Fact(name, row.left_cents, "money") for row, name in named),
    ]
    return Setting(facts, {"contribution": [(str(row.id), name) for row, name in named]})


def _of_set_off(context: Context, places: Places) -> Setting:
    return Setting(facts_of(SET_OFFS, set_offs.read_set_off(context, places["set_off"])))


PROPOSE = Act(
    "/landlords/{landlord}/set-offs/new",
    N_("Propose a set-off"),
    N_("Propose"),
    SetOffInput,
    (PREPARER,),
    _propose,
    _of_landlord,
    (LANDLORDS, LANDLORD),
    N_("What was overpaid is set off against a month that is owed. Until another person agrees, the month waits."),
)
APPROVE = Act(
    "/set-offs/{set_off}/approve",
    N_("Agree to a set-off"),
    N_("Agree"),
    Nothing,
    (APPROVER,),
    _approve,
    _of_set_off,
    (MONEY, SET_OFF),
    N_("The landlord owes that much less, and is paid that much less for the month."),
    asks_code=True,
)
WITHDRAW = Act(
    "/set-offs/{set_off}/withdraw",
    N_("Withdraw a set-off"),
    N_("Withdraw"),
    Nothing,
    FINANCE,
    _withdraw,
    _of_set_off,
    (MONEY, SET_OFF),
    is_danger=True,
)
ACTS = (PROPOSE, APPROVE, WITHDRAW)


def possible(state: str, keeps: str | None) -> tuple[Act[Any], ...]:
    """What can be done with a set-off in a state, where ``keeps`` is why it cannot be agreed to."""
    if state != SetOffState.PROPOSED:
        return ()
    return (WITHDRAW,) if keeps else (APPROVE, WITHDRAW)
