"""What was overpaid is set off against a month that is owed: proposed here, and confirmed by another person."""

from fund.documents.tables import Fact
from fund.domain.texts import N_
from fund.doors.http.inputs import SetOffInput
from fund.doors.web.acts import About, Places, Setting, proposal
from fund.doors.web.breadcrumbs import LANDLORD, LANDLORDS
from fund.services.context import Context
from fund.services.money import set_offs


def _propose(context: Context, *, landlord: str, contribution: int, amount_cents: int) -> int:  # noqa: ARG001  # the page's
    return set_offs.propose_set_off(context, contribution=contribution, amount_cents=amount_cents)


def _of_landlord(context: Context, places: Places) -> Setting:
    options = set_offs.read_options(context, places["landlord"])
    named = [(row, f"{row.household} {row.month}") for row in options.months]
    facts = [
        Fact(N_("landlord"), places["landlord"], "code", LANDLORD[0].format(**places)),
        Fact(N_("overpaid, and not back yet"), options.cents, "money"),
        *(Fact(name, row.left_cents, "money") for row, name in named),
    ]
    return Setting(facts, {"contribution": [(str(row.id), name) for row, name in named]})


PROPOSE = proposal(
    set_offs.SET_OFF,
    _propose,
    "/landlords/{landlord}/set-offs/new",
    N_("Propose a set-off"),
    SetOffInput,
    About(_of_landlord, (LANDLORDS, LANDLORD)),
    N_("What was overpaid is set off against a month that is owed. Until another person confirms it, the month waits."),
    message=N_("The set-off is proposed; another person confirms it."),
)
ACTS = (PROPOSE,)
