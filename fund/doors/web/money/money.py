"""The fund's money: its position over time, allocations and collections, what goes back, what comes back, closings."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from fund.documents.tables import Fact, facts_of
from fund.domain.access import FINANCE
from fund.domain.states import RepaymentState
from fund.domain.texts import Message
from fund.doors.http.fields import RowId
from fund.doors.tables.money import (
    AGREEMENT,
    ALLOCATIONS,
    CLOSINGS,
    COLLECTIONS,
    MONTH_ENDS,
    RECOVERIES,
    REPAYMENTS,
    SET_OFFS,
)
from fund.doors.web.acts import Act, add_acts, links
from fund.doors.web.decisions import Nothing
from fund.doors.web.downloads import add_sheet
from fund.doors.web.money import money_acts as acts
from fund.doors.web.money import set_off_acts
from fund.doors.web.page_requests import Done, PageRequest
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.books import closings
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.money import recoveries, set_offs
from fund.services.money.agreement import read_agreement
from fund.services.money.balances import read_balances
from fund.services.money.position import list_month_ends
from fund.services.payouts import corrections

router = APIRouter(route_class=PageRoute)
add_acts(router, (*acts.ACTS, *set_off_acts.ACTS))


@router.get("/funds")
def show_money(desk: Desk) -> Response:
    """The fund's money and where it came from and went."""
    with desk.reading() as context:
        found: dict[str, Any] = {
            "agreement": facts_of(AGREEMENT, read_agreement(context)),
            "fund": read_balances(context).fund,
            "allocations": lists.list_allocations(context),
            "collections": corrections.list_collections(context),
            "repayments": lists.list_repayments(context),
            "overpayments": recoveries.list_overpayments(context),
            "set_offs": set_offs.list_set_offs(context),
            "month_ends": list_month_ends(context),
        }
    return desk.page(
        "money.html",
        **found,
        tables_of={
            "allocations": ALLOCATIONS,
            "collections": COLLECTIONS,
            "repayments": REPAYMENTS,
            "month_ends": MONTH_ENDS,
        },
        recoveries=RECOVERIES,
        set_offs_table=SET_OFFS,
        acts_of_agreement=links(desk, acts.PROPOSE_AMENDMENT, acts.PROPOSE_TERMS),
        acts=links(desk, acts.ALLOCATE, acts.RECEIVE, acts.PROPOSE_REPAYMENT, acts.RECOVER),
        acts_of=lambda row: links(desk, acts.CORRECT_COLLECTION, seq=row.seq) if row.corrected_by is None else [],
    )


add_sheet(router, "/funds/allocations", ALLOCATIONS, lists.list_allocations)
add_sheet(router, "/funds/collections", COLLECTIONS, corrections.list_collections)
add_sheet(router, "/funds/repayments", REPAYMENTS, lists.list_repayments)
add_sheet(router, "/funds/overpayments", RECOVERIES, recoveries.list_overpayments)
add_sheet(router, "/funds/set-offs", SET_OFFS, set_offs.list_set_offs)
add_sheet(router, "/funds/month-ends", MONTH_ENDS, list_month_ends)


@router.get("/repayments/{repayment}")
def show_repayment(desk: Desk, repayment: RowId) -> Response:
    """One repayment, and what can be done with it."""
    with desk.reading() as context:
        row = lists.read_repayment(context, repayment)
    possible = (acts.PAY_REPAYMENT,) if row.state is RepaymentState.APPROVED else ()
    return _detail_page(desk, acts.REPAYMENT, {"repayment": repayment}, facts_of(REPAYMENTS, row), possible)


@router.get("/overpayments/{overpayment}")
def show_overpayment(desk: Desk, overpayment: RowId) -> Response:
    """One overpayment, and what can be done with it."""
    with desk.reading() as context:
        row = recoveries.read_overpayment(context, overpayment)
        options = set_offs.read_options(context, row.landlord)
    possible: tuple[Act, ...] = (acts.RECOVER_ONE,) if row.recovered_cents < row.amount_cents else ()
    if options.is_any:
        possible = (*possible, set_off_acts.PROPOSE)
    places = {"overpayment": overpayment, "landlord": row.landlord}
    return _detail_page(desk, acts.OVERPAYMENT, places, facts_of(RECOVERIES, row), possible)


def _detail_page(
    desk: PageRequest,
    what: tuple[str, str],
    places: Mapping[str, object],
    facts: list[Fact],
    possible: tuple[Act, ...],
) -> Response:
    title = desk.speak.gettext(what[1], **places)
    return desk.page("detail.html", title=title, facts=facts, acts=links(desk, *possible, **places))


@router.get("/closings")
def show_closings(desk: Desk, filled: Blank) -> Response:
    """The months that are closed, with the head of the chain to keep elsewhere."""
    with desk.reading() as context:
        rows, due = closings.list_closings(context), closings.due_months(context)
        balances = read_balances(context)
    may_close = desk.actor.role in FINANCE
    return desk.page(
        "closings.html", form=filled, rows=rows, table=CLOSINGS, due=due, balances=balances, may_close=may_close
    )


@router.post("/closings")
@form_on(show_closings)
def close_months(context: Context, _: Nothing) -> Done:
    """Close every month that is over."""
    closed = closings.close_due_months(context)
    return Done(
        "/closings", Message("Closed: %(months)s.", {"months": closed}) if closed else Message("Nothing is over.")
    )


add_sheet(router, "/closings/list", CLOSINGS, closings.list_closings)
