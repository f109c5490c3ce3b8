"""Issued statements of account: what each covers, its PDF, and its delivery."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from fund.documents.statement_json import LinePart, StatementDocument
from fund.documents.tables import Col, Table
from fund.domain.access import FINANCE
from fund.domain.identifiers import mask_email
from fund.domain.lists import ResendReason
from fund.domain.states import ContributionState
from fund.domain.texts import N_, Message
from fund.doors.http.fields import LandlordCode, StatementNumber
from fund.doors.http.files import displayed
from fund.doors.http.inputs import SendingInput
from fund.doors.web.decisions import options
from fund.doors.web.downloads import SheetKind, table_file
from fund.doors.web.page_requests import Done, PageRequest
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.context import Context
from fund.services.statements import deliveries, statements
from ledger.money import parse_cents

if TYPE_CHECKING:
    from fund.store.statements import StatementRow
    from fund.store.tables import Delivery

router = APIRouter(route_class=PageRoute)
ON_A_PAGE = 50

ISSUED: "Table[StatementRow]" = Table(
    "issued",
    N_("Statements issued, newest first"),
    (
        Col(N_("statement"), lambda row: row.number, "code", "/statements/{}"),
        Col(N_("landlord"), lambda row: row.landlord, "code", "/landlords/{}"),
        Col(N_("from month"), lambda row: row.first_month, "month"),
        Col(N_("to month"), lambda row: row.last_month, "month"),
        Col(N_("issued"), lambda row: row.issued_at, "instant"),
        Col(N_("on its way"), lambda row: row.state, "state"),
    ),
    N_("No statement was issued yet."),
)


def _cents(part: LinePart) -> int:
    return parse_cents(part.amount, signed=True)


def _state(part: LinePart) -> str:
    return ContributionState(part.state) if part.state in set(ContributionState) else part.state


LINES: Table[LinePart] = Table(
    "lines",
    N_("Months that it tells of"),
    (
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("contract"), lambda row: row.contract, "code"),
        Col(N_("approved on"), lambda row: row.approved_on, "day"),
        Col(N_("state"), _state, "state"),
        Col(N_("amount"), _cents, "money"),
    ),
    N_("Nothing was approved in these months."),
)
BROUGHT: "Table[Delivery]" = Table(
    "messages",
    N_("Messages that brought it, newest first"),
    (
        Col(N_("message"), lambda row: row.id, "count", "/statements/deliveries/{}"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("reason of the copy"), lambda row: row.reason, "word"),
        Col(N_("queued"), lambda row: row.queued_at, "instant"),
        Col(N_("sent"), lambda row: row.sent_at, "instant"),
        Col(N_("why it failed"), lambda row: row.last_failure, "word"),
    ),
    N_("It was issued, and never sent from here."),
)


@router.get("/statements/issued")
def show_issued(
    desk: Desk, landlord: LandlordCode | None = None, before: Annotated[StatementNumber | None, Query()] = None
) -> Response:
    """Every statement, or those of one landlord, with what became of it."""
    with desk.reading() as context:
        rows = statements.list_issued(context, landlord=landlord, before=before, limit=ON_A_PAGE + 1)
    after = rows[ON_A_PAGE - 1].number if len(rows) > ON_A_PAGE else None
    return desk.page("mail/issued.html", rows=rows[:ON_A_PAGE], table=ISSUED, landlord=landlord, after=after)


@router.get("/statements/issued/list.{kind}")
def download_issued(desk: Desk, kind: SheetKind, landlord: LandlordCode | None = None) -> Response:
    """Every statement, or those of one landlord."""
    with desk.reading() as context:
        rows = statements.list_issued(context, landlord=landlord)
    return table_file(desk, kind, ISSUED, rows)


@router.get("/statements/{number}.pdf")
def show_pdf(desk: Desk, number: StatementNumber) -> Response:
    """The stored bytes."""
    with desk.reading() as context:
        return displayed(statements.read_statement(context, number).pdf, "application/pdf", f"{number}.pdf")


@router.get("/statements/{number}")
def show_statement(desk: Desk, filled: Blank, number: StatementNumber) -> Response:
    """One statement, and the form that sends it."""
    with desk.reading() as context:
        view = statements.view_issued(context, number)
    document = StatementDocument.model_validate_json(view.issued.json)
    email = view.person.email if view.person else None
    return desk.page(
        "mail/statement.html",
        form=filled,
        view=view,
        issued=view.issued,
        document=document,
        totals={name: parse_cents(text, signed=True) for name, text in document.totals},
        lines=LINES,
        brought=BROUGHT,
        **_sending(desk, view.state),
        address=mask_email(email) if email else None,
    )


def _sending(desk: PageRequest, state: str) -> dict[str, Any]:
    return {
        "may_send": desk.actor.role in FINANCE,
        "is_first": state == statements.NOT_SENT,
        "reasons": options(ResendReason, desk.speak),
    }


@router.post("/statements/{number}")
@form_on(show_statement)
def send(context: Context, form: SendingInput, number: StatementNumber) -> Done:
    """Queue it for its landlord, the first time or once more."""
    deliveries.send_statement(context, number, reason=form.reason)
    return Done(f"/statements/{number}", Message("Statement %(number)s is queued.", {"number": number}))
