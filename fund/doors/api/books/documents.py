"""What others read: statements, the journal, the books, and their verification."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from fund.domain.views import EntryView, StatementSummary, VerificationView
from fund.doors.api.answers import Items, Page
from fund.doors.api.openapi import FILTERS, LOOKS_UP, READS, WRITES, file_response, problems
from fund.doors.http.fields import (
    Head,
    HouseholdCode,
    IsoDay,
    KindName,
    LandlordCode,
    MonthName,
    PaymentCode,
    StatementNumber,
    UserCode,
)
from fund.doors.http.files import attachment, displayed
from fund.doors.http.inputs import StatementInput
from fund.doors.http.requests import GuardedRoute, Read, transactional
from fund.doors.http.schema import Shown
from fund.doors.rendering import render_statement
from fund.services.books import book_files, journal, verification
from fund.services.books.book_files import BooksView
from fund.services.books.journal import JournalFilter
from fund.services.context import Context
from fund.services.statements import statements
from ledger.months import Month

router = APIRouter(route_class=GuardedRoute)
MAX_PAGE = journal.MAX_PAGE - 1
"""One less than the journal gives at once: the one more tells whether there is a next part."""
FilePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9._/-]{1,100}$", examples=["months/2022-05.beancount"])]


@router.get("/statements", tags=["statements"], summary="The statements issued, newest first", responses=FILTERS)
def list_statements(
    read: Read, landlord: Annotated[LandlordCode | None, Query()] = None
) -> Items[Shown[StatementSummary]]:
    """Without their bytes."""
    with read() as context:
        return {"items": statements.list_issued(context, landlord=landlord)}


@router.post(
    "/statements",
    tags=["statements"],
    summary="Issue a statement",
    status_code=201,
    response_model=Shown[StatementSummary],
    responses=WRITES,
)
@transactional
def issue_statement(context: Context, body: StatementInput) -> StatementSummary:
    """For a landlord and a period. It is kept as its bytes; the same books give the one already issued."""
    return statements.issue_statement(context, render_statement, **body.facts())


@router.get(
    "/statements/{number}.html",
    tags=["statements"],
    summary="A statement as a page",
    response_class=Response,
    responses=LOOKS_UP | file_response("text/html", "As it was issued"),
)
def statement_page(read: Read, number: StatementNumber) -> Response:
    """The stored bytes."""
    with read() as context:
        return displayed(statements.read_statement(context, number).html, "text/html; charset=utf-8", f"{number}.html")


@router.get(
    "/statements/{number}.pdf",
    tags=["statements"],
    summary="A statement as PDF",
    response_class=Response,
    responses=LOOKS_UP | file_response("application/pdf", "As it was issued"),
)
def statement_pdf(read: Read, number: StatementNumber) -> Response:
    """The stored bytes."""
    with read() as context:
        return displayed(statements.read_statement(context, number).pdf, "application/pdf", f"{number}.pdf")


@router.get(
    "/statements/{number}",
    tags=["statements"],
    summary="A statement as JSON",
    response_class=Response,
    responses=LOOKS_UP | file_response("application/json", "As it was issued: canonical JSON"),
)
def statement_document(read: Read, number: StatementNumber) -> Response:
    """The stored bytes."""
    with read() as context:
        return displayed(statements.read_statement(context, number).json, "application/json", f"{number}.json")


@router.get("/journal", tags=["journal"], summary="The journal, part by part", responses=FILTERS)
def read_journal(
    read: Read,
    household: Annotated[HouseholdCode | None, Query()] = None,
    landlord: Annotated[LandlordCode | None, Query()] = None,
    kind: Annotated[KindName | None, Query()] = None,
    month: Annotated[MonthName | None, Query()] = None,
    payment: Annotated[PaymentCode | None, Query()] = None,
    since: Annotated[IsoDay | None, Query(alias="from", description="booked on or after")] = None,
    until: Annotated[IsoDay | None, Query(alias="to", description="booked on or before")] = None,
    user: Annotated[UserCode | None, Query(description="who prepared or approved")] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="the next of the part before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
) -> Page[Shown[EntryView]]:
    """Entries in their order. An entry never changes, so a part that was read stays right."""
    of_month = None if month is None else Month.parse(month)
    chosen = JournalFilter(household, landlord, kind, of_month, payment, since, until, user)
    with read() as context:
        entries = journal.read_page(context, chosen, after=after, limit=limit + 1)
    items = [EntryView.of(entry) for entry in entries[:limit]]
    return {"items": items, "next": items[-1].seq if len(entries) > limit else None}


@router.get("/books", tags=["books"], summary="The files of the books", responses=READS | problems(409))
def list_books(read: Read) -> Shown[BooksView]:
    """As the manifest lists them, with the head of the chain."""
    with read() as context:
        return book_files.list_files(context, read.app.settings.books)


@router.get(
    "/books/files/{path:path}",
    tags=["books"],
    summary="A file of the books",
    response_class=Response,
    responses=LOOKS_UP | file_response("text/plain", "The file's bytes"),
)
def download_book(read: Read, path: FilePath) -> Response:
    """Only what the manifest lists, and the manifest."""
    with read() as context:
        data = book_files.read_file(context, read.app.settings.books, path)
        return attachment(data, "text/plain; charset=us-ascii", path.rpartition("/")[2])


@router.get(
    "/verification",
    tags=["books"],
    summary="Books and database held against each other",
    responses=FILTERS,
)
def verify(read: Read, head: Head = None) -> Shown[VerificationView]:
    """Every finding names its entry, file or row. On a large fund this takes a while."""
    with read() as context:
        return verification.verify(context, read.app.settings.books, read.app.settings.outbox, head=head)
