"""What others read: statements, the journal, the books, and their verification."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from fund.domain.views import EntryView, StatementSummary, VerificationView
from fund.doors.api.answers import After, Items, Page, page_of
from fund.doors.api.openapi import problems
from fund.doors.api.routes import Routes
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
from fund.doors.http.requests import Installation
from fund.doors.http.schema import JsonOf
from fund.doors.rendering import render_statement
from fund.services.books import book_files, journal, verification
from fund.services.books.book_files import BooksView
from fund.services.books.journal import JournalFilter
from fund.services.context import Context
from fund.services.statements import statements
from ledger.months import Month

routes = Routes()
MAX_PAGE = journal.MAX_PAGE - 1
"""One less than the journal gives at once: the one more tells whether there is a next part."""
FilePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9._/-]{1,100}$", examples=["months/2022-05.beancount"])]


@routes.read("/statements", "The statements issued, newest first", "statements")
def list_statements(context: Context, landlord: LandlordCode | None = None) -> Items[JsonOf[StatementSummary]]:
    """Without their bytes."""
    return {"items": statements.list_issued(context, landlord=landlord)}


@routes.create("/statements", "Issue a statement", "statements")
def issue_statement(context: Context, body: StatementInput) -> JsonOf[StatementSummary]:
    """For a landlord and a period. It is kept as its bytes; the same books give the one already issued."""
    return statements.issue_statement(context, render_statement, **body.facts())


@routes.file("/statements/{number}.html", ["text/html"], "As it was issued", "A statement as a page", "statements")
def statement_page(context: Context, number: StatementNumber) -> Response:
    """The stored bytes."""
    return displayed(statements.read_statement(context, number).html, "text/html; charset=utf-8", f"{number}.html")


@routes.file("/statements/{number}.pdf", ["application/pdf"], "As it was issued", "A statement as PDF", "statements")
def statement_pdf(context: Context, number: StatementNumber) -> Response:
    """The stored bytes."""
    return displayed(statements.read_statement(context, number).pdf, "application/pdf", f"{number}.pdf")


@routes.file(
    "/statements/{number}",
    ["application/json"],
    "As it was issued: canonical JSON",
    "A statement as JSON",
    "statements",
)
def statement_document(context: Context, number: StatementNumber) -> Response:
    """The stored bytes."""
    return displayed(statements.read_statement(context, number).json, "application/json", f"{number}.json")


@routes.read("/journal", "The journal, part by part", "journal")
def read_journal(
    context: Context,
    household: HouseholdCode | None = None,
    landlord: LandlordCode | None = None,
    kind: KindName | None = None,
    month: MonthName | None = None,
    payment: PaymentCode | None = None,
    since: Annotated[IsoDay | None, Query(alias="from", description="booked on or after")] = None,
    until: Annotated[IsoDay | None, Query(alias="to", description="booked on or before")] = None,
    user: Annotated[UserCode | None, Query(description="who prepared or approved")] = None,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
) -> Page[JsonOf[EntryView]]:
    """Entries in their order. An entry never changes, so a part that was read stays right."""
    of_month = None if month is None else Month.parse(month)
    chosen = JournalFilter(household, landlord, kind, of_month, payment, since, until, user)
    entries = journal.read_page(context, chosen, after=after, limit=limit + 1)
    return page_of(list(map(EntryView.of, entries)), limit, lambda entry: entry.seq)


@routes.read("/books", "The files of the books", "books", also=problems(409))
def list_books(context: Context, settings: Installation) -> JsonOf[BooksView]:
    """As the manifest lists them, with the head of the chain."""
    return book_files.list_files(context, settings.books)


@routes.file("/books/files/{path:path}", ["text/plain"], "The file's bytes", "A file of the books", "books")
def download_book(context: Context, settings: Installation, path: FilePath) -> Response:
    """Only what the manifest lists, and the manifest."""
    data = book_files.read_file(context, settings.books, path)
    return attachment(data, "text/plain; charset=us-ascii", path.rpartition("/")[2])


@routes.read("/verification", "Books and database held against each other", "books")
def verify(context: Context, settings: Installation, head: Head = None) -> JsonOf[VerificationView]:
    """Every finding names its entry, file or row. On a large fund this takes a while."""
    return verification.verify(context, settings.books, settings.outbox, head=head)
