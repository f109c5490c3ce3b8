"""For auditors' programs: questions to the books, their verification without the database, the evidence, the pack."""

from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Query
from starlette.responses import Response

from fund.documents.spreadsheet_text import csv_bytes
from fund.doors.api.answers import After, Items, Page, page_of
from fund.doors.api.openapi import problems
from fund.doors.api.routes import Routes
from fund.doors.http.fields import Head, LandlordCode, MonthName, UserCode
from fund.doors.http.files import attachment
from fund.doors.http.requests import Installation
from fund.doors.http.schema import JsonOf
from fund.doors.rendering import render_pack
from fund.sandbox.bql import MAX_QUERY_CHARS
from fund.services import denials, disclosures
from fund.services.books import audit_pack, evidence, questions
from fund.services.books.evidence import Evidence
from fund.services.books.questions import CheckView, Result
from fund.services.context import Context
from ledger.months import Month

routes = Routes()

Bql = Annotated[str, Query(alias="query", max_length=MAX_QUERY_CHARS, examples=["BALANCES"])]


@routes.read("/books/query", "Ask the books in their own language", "books")
def ask(context: Context, settings: Installation, query: Bql) -> JsonOf[Result]:
    """One SELECT, BALANCES or JOURNAL of Beancount's query language, within limits of time and size."""
    return questions.ask(context, settings.books, query)


@routes.file("/books/query.csv", ["text/csv"], "No text of it is taken for a formula", "The same as CSV", "books")
def ask_for_csv(context: Context, settings: Installation, query: Bql) -> Response:
    """For a spreadsheet."""
    result = questions.ask(context, settings.books, query)
    data = csv_bytes([name for name, _ in result.columns], result.rows)
    return attachment(data, "text/csv; charset=utf-8", "query.csv")


@routes.read("/books/check", "Verify the books alone", "books")
def check(context: Context, settings: Installation, head: Head = None) -> JsonOf[CheckView]:
    """The gate, the chain, the rules and stock Beancount, now and without the database."""
    return questions.recheck(context, settings.books, head)


@routes.read("/books/evidence", "The files behind the books", "books")
def list_evidence(context: Context, settings: Installation) -> Items[JsonOf[Evidence]]:
    """Sealed batches and bank files by their sha256, with the entries that cite them."""
    return {"items": evidence.list_evidence(context, settings.books)}


class DenialJson(Protocol):
    """A refusal in the security log: who was refused which use case, as what, and by which error."""

    id: int
    at: datetime
    user: str | None
    role: str | None
    act: str
    error: str


@routes.read("/denials", "Who was refused what, newest first", "users")
def list_denials(
    context: Context,
    user: UserCode | None = None,
    error: Annotated[str | None, Query(max_length=64, description="an error's code, such as not-permitted")] = None,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=499)] = 100,
) -> Page[JsonOf[DenialJson]]:
    """Refused by role or by a rule. What is not valid input is not noted."""
    rows = denials.list_denials(context, user=user, error=error, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.id)


class DisclosureJson(Protocol):
    """A look at whole IBANs: by whom and as what, of which thing, and landlord and version of each account."""

    id: int
    at: datetime
    user: str
    role: str
    kind: str
    key: str
    accounts: tuple[str, ...]


@routes.read("/disclosures", "Who was shown whole IBANs, newest first", "users")
def list_disclosures(
    context: Context,
    user: UserCode | None = None,
    landlord: LandlordCode | None = None,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=499)] = 100,
) -> Page[JsonOf[DisclosureJson]]:
    """On pages, at the API and at the command line alike."""
    rows = disclosures.list_disclosures(context, user=user, landlord=landlord, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.id)


@routes.file(
    "/books/pack",
    ["application/zip"],
    "The same bytes for the same books",
    "The audit pack",
    "books",
    also=problems(404, 409),
)
def download_pack(context: Context, settings: Installation, closing: MonthName | None = None) -> Response:
    """Books, list of the evidence, and how to check them; with ``closing``, as they were once that month was closed."""
    month = Month.parse(closing) if closing else None
    pack = audit_pack.make_pack(context, settings.books, render_pack, closing=month)
    return attachment(pack.data, "application/zip", pack.name)
