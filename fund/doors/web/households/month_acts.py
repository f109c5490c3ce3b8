"""What can be done with one month of a household, by its state: held, resumed, excluded, taken back, overpaid."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fund.documents.tables import Fact
from fund.domain.access import APPROVER, FINANCE
from fund.domain.desk_views import HouseholdMonth
from fund.domain.texts import N_, Message
from fund.doors.http.inputs import CorrectionInput, HoldInput, OverpaymentInput, ResumptionInput
from fund.doors.web.acts import Act, Link, Places, Setting, links, proposal
from fund.doors.web.households.household_acts import LIST
from fund.doors.web.page_requests import Done, PageRequest
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.money import recoveries
from fund.services.payouts import corrections, runs
from ledger.months import Month


def _hold(context: Context, places: Places, form: HoldInput) -> Done:
    runs.hold_months(context, [places["contribution"]], reason=form.reason)
    return _done(context, places, Message("The month is held: no approval covers it."))


def _resume(context: Context, places: Places, form: ResumptionInput) -> Done:
    runs.resume_months(context, [places["contribution"]], into=form.run)
    values = {"run": str(form.run)}
    return _done(context, places, Message("The month is back on the list of run %(run)s.", values))


def _exclude(context: Context, places: Places, form: HoldInput) -> Done:
    runs.exclude_months(context, [places["contribution"]], reason=form.reason)
    return _done(
        context, places, Message("The month is excluded; it stays committed, and a later run proposes it again.")
    )


def _done(context: Context, places: Places, message: Message) -> Done:
    return Done(f"/households/{lists.read_contribution(context, places['contribution']).household}", message)


def _correct(context: Context, places: Places, form: CorrectionInput) -> Done:
    row = lists.read_contribution(context, places["contribution"])
    entry = corrections.correct_approval(context, row.id, reason=form.reason)
    values = {"entry": str(entry)}
    return Done(f"/households/{row.household}", Message("The approval is taken back by entry %(entry)s.", values))


def _of_month(context: Context, places: Places) -> Setting:
    row = lists.read_contribution(context, places["contribution"])
    facts = [
        Fact(N_("household"), row.household, "code", f"/households/{row.household}"),
        Fact(N_("month"), Month.parse(row.month), "month"),
        Fact(N_("landlord"), row.landlord, "code", f"/landlords/{row.landlord}"),
        Fact(N_("amount"), row.amount_cents, "money"),
        Fact(N_("state"), row.state, "state"),
    ]
    return Setting(facts, above=[(f"/households/{row.household}", row.household)])


def _of_held_month(context: Context, places: Places) -> Setting:
    codes = [str(month) for month in runs.undecided_runs(context)]
    first = {"run": codes[0]} if codes else {}
    return replace(_of_month(context, places), choices={"run": [(code, code) for code in codes]}, initial=first)


HOLD = Act(
    "/contributions/{contribution}/hold",
    N_("Hold a month"),
    N_("Hold"),
    HoldInput,
    FINANCE,
    _hold,
    _of_month,
    (LIST,),
    N_("It is kept out of the approval until it is resumed."),
)
RESUME = Act(
    "/contributions/{contribution}/resume",
    N_("Resume a month"),
    N_("Resume"),
    ResumptionInput,
    FINANCE,
    _resume,
    _of_held_month,
    (LIST,),
    N_("It goes back on the list of a run that is not approved yet."),
)
EXCLUDE = Act(
    "/contributions/{contribution}/exclude",
    N_("Exclude a month"),
    N_("Exclude"),
    HoldInput,
    FINANCE,
    _exclude,
    _of_month,
    (LIST,),
    N_("It stays committed, and a later run proposes it again."),
    is_danger=True,
)
CORRECT = Act(
    "/contributions/{contribution}/correct",
    N_("Take an approval back"),
    N_("Take back"),
    CorrectionInput,
    (APPROVER,),
    _correct,
    _of_month,
    (LIST,),
    N_("A new entry mirrors the wrong one and is linked to it; the month can be approved again."),
    is_danger=True,
)
OVERPAID = proposal(
    recoveries.OVERPAYMENT,
    recoveries.propose_overpayment,
    "/contributions/{contribution}/overpayment",
    N_("Propose an overpayment"),
    OverpaymentInput,
    _of_month,
    (LIST,),
    N_("Part of a settled month was not due: another person confirms it, then the landlord owes it back."),
    said=N_("The overpayment is proposed; another person confirms it."),
)

ACTS = (HOLD, RESUME, EXCLUDE, CORRECT, OVERPAID)
_BY_STATE: dict[str, tuple[Act[Any], ...]] = {
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
