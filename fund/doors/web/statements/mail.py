"""The finance office's side of what goes to landlords: statements with what became of them, and personal links."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from fund.domain import lists
from fund.domain.access import FINANCE
from fund.domain.identifiers import mask_email
from fund.domain.lists import LIVE_LINKS, UnsentReason
from fund.domain.states import DELIVERY, DeliveryState
from fund.domain.texts import Message
from fund.doors.http.fields import LandlordCode, LinkId, ResendReason, RowId, StatementNumber
from fund.doors.http.inputs import MailingInput
from fund.doors.jobs import mailing
from fund.doors.rendering import render_statement
from fund.doors.tables.statements import LINKS, MESSAGES, REACHABLE
from fund.doors.web.decisions import Nothing, options
from fund.doors.web.downloads import SheetKind, add_sheet, table_file
from fund.doors.web.forms import EMPTY, Filled, Form
from fund.doors.web.page_requests import Done, PageRequest
from fund.doors.web.paging import After
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.context import Context
from fund.services.statements import deliveries, links
from fund.services.statements.deliveries import Delivery, Mailing

router = APIRouter(route_class=PageRoute)
ON_A_PAGE = 50
StateText = Annotated[str, Query(pattern="^[a-z]{0,20}$")]


class ResendForm(Form):
    """A statement is sent once more."""

    number: StatementNumber
    reason: ResendReason


class LinkForm(Form):
    """A link is ended."""

    link: LinkId


@router.get("/statements")
def show_statements(desk: Desk, filled: Blank, state: StateText = "", after: After = 0) -> Response:
    """What was sent to landlords, newest first, and the form that sends a period to all of them."""
    state = state if state in DELIVERY else ""
    with desk.reading() as context:
        view = deliveries.view_deliveries(context, state=state or None, after=after, limit=ON_A_PAGE + 1)
    shown = view.rows[:ON_A_PAGE]
    return desk.page(
        "mail/statements.html",
        form=filled,
        state=state,
        states=DELIVERY,
        counts=view.counts,
        rows=shown,
        table=MESSAGES,
        after=shown[-1].id if len(view.rows) > ON_A_PAGE else None,
        may_send=desk.actor.role in FINANCE,
    )


@router.get("/statements/list.{kind}")
def download_statements(desk: Desk, kind: SheetKind, state: StateText = "") -> Response:
    """Every message, or those in one state."""
    with desk.reading() as context:
        rows = deliveries.list_deliveries(context, state=state or None, limit=None)
    return table_file(desk, kind, MESSAGES, rows)


def _row(row: Delivery) -> dict[str, Any]:
    """A delivery as a page shows it: its columns, and its address partly hidden."""
    return row.model_dump() | {"address": mask_email(row.address) if row.address else None}


@router.post("/statements")
@form_on(show_statements)
def send_statements(context: Context, form: MailingInput) -> Done:
    """Issue and queue the statements of a period."""
    done = deliveries.send_statements(context, render_statement, **form.facts())
    return Done("/statements", _queued(done))


def _queued(done: Mailing) -> Message:
    unreachable = ", ".join(landlord for landlord, reason in done.skipped if reason is UnsentReason.NO_ADDRESS)
    values = {"queued": str(len(done.queued)), "left": str(done.left), "unreachable": unreachable or "–"}
    if done.left:
        return Message("Statements queued: %(queued)s. Send again for the other %(left)s landlords.", values)
    return Message("Statements queued: %(queued)s. Landlords without an e-mail address: %(unreachable)s.", values)


@router.get("/statements/landlords")
def show_landlords(desk: Desk) -> Response:
    """Every landlord, and how many personal links of theirs could still be used."""
    with desk.reading() as context:
        rows = links.list_reachable(context)
    return desk.page("mail/landlords.html", rows=rows, table=REACHABLE)


add_sheet(router, "/statements/landlords/list", REACHABLE, links.list_reachable)


@router.get("/statements/deliveries/{delivery}")
def show_delivery(desk: Desk, filled: Blank, delivery: RowId) -> Response:
    """One message, with all that is known of its way."""
    with desk.reading() as context:
        row = deliveries.read_delivery(context, delivery)
    has_ended = row.state in (DeliveryState.SENT, DeliveryState.FAILED) and row.statement is not None
    return desk.page(
        "mail/delivery.html",
        form=filled,
        row=_row(row),
        reasons=options(lists.ResendReason, desk.speak),
        may_resend=has_ended and desk.actor.role in FINANCE,
    )


@router.post("/statements/deliveries/{delivery}")
@form_on(show_delivery)
def resend(context: Context, form: ResendForm, delivery: RowId) -> Done:  # noqa: ARG001  # its page shows it again
    """Queue the statement once more, with a reason."""
    again = deliveries.send_statement(context, form.number, reason=form.reason)
    message = Message("Statement %(number)s is queued again.", {"number": form.number})
    return Done(f"/statements/deliveries/{again}", message)


@router.get("/landlords/{landlord}/links")
def show_links(desk: Desk, landlord: LandlordCode) -> Response:
    """A landlord's links, and the buttons that make one."""
    return _links_page(desk, EMPTY, landlord)


def _links_page(desk: PageRequest, filled: Filled, landlord: str, address: str | None = None) -> Response:
    """With the ``address`` of a new link it is seen but once, so nothing leads back to it."""
    once: dict[str, Any] = {} if address is None else {"back": None}
    with desk.reading() as context:
        rows = links.list_links(context, landlord)
    may_make = desk.actor.role in FINANCE
    return desk.page(
        "mail/links.html",
        landlord=landlord,
        form=filled,
        address=address,
        rows=rows,
        table=LINKS,
        may_make=may_make,
        may_end=lambda row: may_make and row.state in LIVE_LINKS,
        **once,
    )


@router.get("/landlords/{landlord}/links/list.{kind}")
def download_links(desk: Desk, landlord: LandlordCode, kind: SheetKind) -> Response:
    """A landlord's links."""
    with desk.reading() as context:
        rows = links.list_links(context, landlord)
    return table_file(desk, kind, LINKS, rows)


@router.post("/landlords/{landlord}/links")
def create_link(desk: Desk, landlord: LandlordCode) -> Response:
    """Make a link and show its address: the one page that answers a form itself, since it cannot be requested again."""
    desk.form(Nothing)
    with desk.writing() as context:
        _, address = mailing.create_link(context, landlord, desk.app.settings, desk.address)
    return _links_page(desk, EMPTY, landlord, address)


@router.post("/landlords/{landlord}/links/mail")
@form_on(_links_page)
def mail_link(context: Context, _: Nothing, landlord: LandlordCode) -> Done:
    """Queue a link by e-mail."""
    deliveries.queue_link(context, landlord)
    return Done(f"/landlords/{landlord}/links", Message("A personal link is on its way by e-mail."))


@router.post("/landlords/{landlord}/links/revoke")
@form_on(_links_page)
def revoke_link(context: Context, form: LinkForm, landlord: LandlordCode) -> Done:
    """End a link, and what it opened."""
    links.revoke_link(context, form.link)
    return Done(f"/landlords/{landlord}/links", Message("The link is revoked, and nothing that it opened is open."))
