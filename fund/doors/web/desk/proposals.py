"""What waits to be confirmed: one table for every act of two people, and one page that confirms what is ticked."""

import re
from collections.abc import Sequence, Set
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from fund.documents.tables import facts_of
from fund.domain.access import ADMIN, APPROVER, AUDITOR, PREPARER
from fund.domain.proposals import NamedProposal
from fund.domain.states import ProposalState
from fund.domain.texts import N_, Message
from fund.doors.http.fields import IsoDay, RowId
from fund.doors.http.inputs import RejectionInput
from fund.doors.tables import proposals as tables
from fund.doors.web.acts import About, Act, Places, Setting, add_acts, links
from fund.doors.web.decisions import Nothing, Ticked
from fund.doors.web.downloads import add_sheet
from fund.doors.web.forms import Form
from fund.doors.web.page_requests import Done
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.context import Context
from fund.services.desk import proposals

PROPOSALS = ("/proposals", N_("To confirm"))
PROPOSAL = ("/proposals/{proposal}", N_("Proposal %(proposal)s"))
MAX_AT_ONCE = 100
Chosen = Annotated[Sequence[RowId], Query(max_length=MAX_AT_ONCE)]

router = APIRouter(route_class=PageRoute)


class ConfirmForm(Form):
    """Each proposal that is confirmed as it was shown, by number and digest, and when the landlord was called back."""

    agreed: Annotated[Ticked[Annotated[str, Field(pattern="^[0-9]{1,9}:[0-9a-f]{32}$")]], Field(max_length=MAX_AT_ONCE)]
    called_back_on: IsoDay | None = None

    def named(self) -> list[NamedProposal]:
        """What is ticked, as use cases take it."""
        parts = (one.split(":") for one in self.agreed)
        return [NamedProposal(int(number), digest) for number, digest in parts]


@router.get("/proposals")
def list_proposals(desk: Desk) -> Response:
    """What waits, for the reader and for others."""
    with desk.reading() as context:
        rows = proposals.list_proposals(context)
    return desk.page("proposals.html", rows=rows, table=tables.PROPOSALS)


add_sheet(router, "/proposals/list", tables.PROPOSALS, lambda context: proposals.list_proposals(context, state=None))


@router.get("/proposals/confirm")
def show_chosen(desk: Desk, filled: Blank, chosen: Chosen = ()) -> Response:
    """What is ticked, each with its facts and its digest; again what was sent, where it was refused."""
    sent = [int(one.partition(":")[0]) for one in filled.values("agreed") if re.fullmatch("[0-9]{1,9}:.*", one)]
    with desk.reading() as context:
        views = proposals.read_proposals(context, sent or chosen)
    return desk.page(
        "proposals_confirm.html",
        form=filled,
        shown=[(view, tables.facts_of_payload(view)) for view in views],
        needs_call_back=any(view.needs_call_back for view in views),
        may_confirm=any(view.may_confirm for view in views),
    )


@router.post("/proposals/confirm")
@form_on(show_chosen, asks_code=True)
def confirm_chosen(context: Context, form: ConfirmForm) -> Done:
    """Confirm exactly what was shown, all of it or nothing."""
    done = proposals.confirm_proposals(context, form.named(), called_back_on=form.called_back_on)
    return Done("/proposals", _outcome({view.state for view in done}))


def _outcome(states: Set[ProposalState]) -> Message:
    """What became of proposals that a person confirmed; one that is open still was confirmed first."""
    if states == {ProposalState.LAPSED}:
        return Message("Nothing was confirmed: what was chosen has lapsed.")
    if ProposalState.LAPSED in states:
        return Message("Confirmed, except what has lapsed.")
    if ProposalState.PROPOSED in states:
        return Message("Confirmed first. It is carried out once another person has confirmed it too.")
    return Message("Confirmed and carried out.")


@router.get("/proposals/{proposal}")
def show_proposal(desk: Desk, proposal: RowId) -> Response:
    """One proposal: what it would do, and what can be done with it."""
    with desk.reading() as context:
        view = proposals.read_proposal(context, proposal)
    possible = [act for act, is_possible in ((REJECT, view.may_reject), (WITHDRAW, view.may_withdraw)) if is_possible]
    return desk.page(
        "proposal.html",
        view=view,
        facts=tables.facts_of_payload(view),
        decision=facts_of(tables.DECISION, view),
        acts=links(desk, *possible, proposal=proposal),
    )


def _of_proposal(context: Context, places: Places) -> Setting:
    view = proposals.read_proposal(context, places["proposal"])
    return Setting([*tables.facts_of_payload(view), *facts_of(tables.DECISION, view)])


ONE = About(_of_proposal, (PROPOSALS, PROPOSAL))
REJECT = Act(
    "/proposals/{proposal}/reject",
    N_("Reject a proposal"),
    N_("Reject"),
    RejectionInput,
    (APPROVER, AUDITOR, ADMIN),
    ONE,
    lambda context, proposal, reason: proposals.reject_proposal(context, proposal, reason=reason),
    N_("The proposal is rejected."),
    to="/proposals",
    is_danger=True,
)
WITHDRAW = Act(
    "/proposals/{proposal}/withdraw",
    N_("Withdraw a proposal"),
    N_("Withdraw"),
    Nothing,
    (PREPARER, ADMIN),
    ONE,
    lambda context, proposal: proposals.withdraw_proposal(context, proposal),
    N_("The proposal is withdrawn."),
    to="/proposals",
    is_danger=True,
)
add_acts(router, (REJECT, WITHDRAW))
