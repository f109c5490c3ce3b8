"""What can be done with one month of a household, by its state: held, resumed, excluded, taken back, overpaid."""

from collections.abc import Callable

from fund.documents.tables import Fact
from fund.domain.access import FINANCE
from fund.domain.desk_views import HouseholdMonth
from fund.domain.texts import N_, Message
from fund.doors.http.inputs import CorrectionInput, HoldInput, OverpaymentInput, ResumptionInput
from fund.doors.web.acts import About, Act, Link, Places, Setting, links, proposal
from fund.doors.web.households.household_acts import LIST, household_page
from fund.doors.web.page_requests import PageRequest
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.money import recoveries
from fund.services.payouts import corrections, runs
from ledger.months import Month


def _resume(context: Context, contribution: int, run: Month) -> Message:
    runs.resume_months(context, [contribution], into=run)
    return Message("The month is back on the list of run %(run)s.", {"run": str(run)})


def _of_month(context: Context, places: Places) -> Setting:
    row = lists.read_contribution(context, places["contribution"])
    facts = [
        Fact(N_("household"), row.household, "code", f"/households/{row.household}"),
        Fact(N_("month"), Month.parse(row.month), "month"),
        Fact(N_("landlord"), row.landlord, "code", f"/landlords/{row.landlord}"),
        Fact(N_("amount"), row.amount_cents, "money"),
        Fact(N_("state"), row.state, "state"),
    ]
    return Setting(facts)


def _of_held_month(context: Context, places: Places) -> Setting:
    codes = [str(month) for month in runs.undecided_runs(context)]
    first = {"run": codes[0]} if codes else {}
    return Setting(_of_month(context, places).facts, {"run": [(code, code) for code in codes]}, first)


def _household_of(context: Context, places: Places) -> tuple[str, str]:
    return household_page(lists.read_contribution(context, places["contribution"]).household)


MONTH = About(_of_month, (LIST,), _household_of)

HOLD = Act(
    "/contributions/{contribution}/hold",
    N_("Hold a month"),
    N_("Hold"),
    HoldInput,
    FINANCE,
    MONTH,
    lambda context, contribution, reason: runs.hold_months(context, [contribution], reason=reason),
    N_("The month is held: no approval covers it."),
    N_("It is kept out of the approval until it is resumed."),
)
RESUME = Act(
    "/contributions/{contribution}/resume",
    N_("Resume a month"),
    N_("Resume"),
    ResumptionInput,
    FINANCE,
    About(_of_held_month, (LIST,), _household_of),
    _resume,
    lead=N_("It goes back on the list of a run that is not approved yet."),
)
EXCLUDE = Act(
    "/contributions/{contribution}/exclude",
    N_("Exclude a month"),
    N_("Exclude"),
    HoldInput,
    FINANCE,
    MONTH,
    lambda context, contribution, reason: runs.exclude_months(context, [contribution], reason=reason),
    N_("The month is excluded; it stays committed, and a later run proposes it again."),
    N_("It stays committed, and a later run proposes it again."),
    is_danger=True,
)
CORRECT = proposal(
    corrections.APPROVAL_CORRECTION,
    corrections.propose_correction,
    "/contributions/{contribution}/correct",
    N_("Propose to take an approval back"),
    CorrectionInput,
    MONTH,
    N_(
        "Until another person confirms it, no batch pays the month. Then a new entry mirrors the wrong one and is "
        "linked to it; the month can be approved again."
    ),
    is_danger=True,
)
OVERPAID = proposal(
    recoveries.OVERPAYMENT,
    recoveries.propose_overpayment,
    "/contributions/{contribution}/overpayment",
    N_("Propose an overpayment"),
    OverpaymentInput,
    MONTH,
    N_("Part of a settled month was not due: another person confirms it, then the landlord owes it back."),
    message=N_("The overpayment is proposed; another person confirms it."),
)

ACTS = (HOLD, RESUME, EXCLUDE, CORRECT, OVERPAID)
_BY_STATE: dict[str, tuple[Act, ...]] = {
    "proposed": (HOLD, EXCLUDE),
    "held": (RESUME, EXCLUDE),
    "approved": (CORRECT,),
    "settled": (OVERPAID,),
}


def of_month(desk: PageRequest, *, can_resume: bool) -> Callable[[HouseholdMonth], list[Link]]:
    """What can be done with each month; a held one is resumed while there is a run to put it into."""

    def acts_of(one: HouseholdMonth) -> list[Link]:
        possible = [act for act in _BY_STATE.get(one.state, ()) if act is not RESUME or can_resume]
        return links(desk, *possible, contribution=one.contribution)

    return acts_of
