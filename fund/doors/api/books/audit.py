"""For auditors' programs: questions to the books, their verification without the database, the evidence, the pack."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response
from typing_extensions import TypedDict

from fund.documents.spreadsheet_text import csv_bytes
from fund.doors.api.openapi import READS, file_response, problems
from fund.doors.api.outputs.lists import Items
from fund.doors.http.files import attachment
from fund.doors.http.requests import GuardedRoute, Read
from fund.doors.rendering import render_pack
from fund.sandbox.bql import MAX_QUERY_CHARS
from fund.services.books import audit_pack, evidence, questions
from fund.services.books.evidence import Evidence
from fund.services.books.questions import Recheck, Result
from ledger.text import format_instant

router = APIRouter(route_class=GuardedRoute)

Bql = Annotated[str, Query(alias="query", max_length=MAX_QUERY_CHARS, examples=["BALANCES"])]
_ASKS = READS | problems(422, 503)


class ColumnJson(TypedDict):
    name: str
    is_number: bool


class ResultJson(TypedDict):
    """What a query gave. Amounts are texts, exact to the cent."""

    columns: list[ColumnJson]
    rows: list[list[str | int | bool | None]]


class CheckJson(TypedDict):
    """What a verification of the books alone found. ``count`` is that of all findings; the first of them are told.

    ``strays`` lie among the books and are not the fund's: to be moved away.
    """

    checked_at: str
    checks: list[str]
    entries: int
    chain_head: str
    count: int
    findings: list[str]
    strays: list[str]


class EvidenceJson(TypedDict):
    """A file behind the books, the entries that cite it, and the schemas that a batch passed when it was sealed."""

    sha256: str
    kind: str
    batch: str | None
    day: str | None
    bytes: int | None
    entries: list[int]
    schemas: list[str]


def _result_json(result: Result) -> ResultJson:
    columns: list[ColumnJson] = [{"name": name, "is_number": is_number} for name, is_number in result.columns]
    return {"columns": columns, "rows": [list(row) for row in result.rows]}


def _check_json(checked: Recheck) -> CheckJson:
    return {
        "checked_at": format_instant(checked.at),
        "checks": list(checked.checks),
        "entries": checked.entries,
        "chain_head": checked.head,
        "count": checked.count,
        "findings": list(checked.findings),
        "strays": list(checked.strays),
    }


def _evidence_json(one: Evidence) -> EvidenceJson:
    return {
        "sha256": one.sha256,
        "kind": one.kind,
        "batch": one.code,
        "day": None if one.day is None else one.day.isoformat(),
        "bytes": one.size_bytes,
        "entries": list(one.entries),
        "schemas": list(one.schemas),
    }


@router.get("/books/query", tags=["books"], summary="Ask the books in their own language", responses=_ASKS)
def ask(read: Read, query: Bql) -> ResultJson:
    """One SELECT, BALANCES or JOURNAL of Beancount's query language, within limits of time and size."""
    with read() as context:
        return _result_json(questions.ask(context, read.app.settings.books, query))


@router.get(
    "/books/query.csv",
    tags=["books"],
    summary="The same as CSV",
    response_class=Response,
    responses=_ASKS | file_response("text/csv", "No text of it is taken for a formula"),
)
def ask_for_csv(read: Read, query: Bql) -> Response:
    """For a spreadsheet."""
    with read() as context:
        result = questions.ask(context, read.app.settings.books, query)
    data = csv_bytes([name for name, _ in result.columns], result.rows)
    return attachment(data, "text/csv; charset=utf-8", "query.csv")


@router.get("/books/check", tags=["books"], summary="Verify the books alone", responses=_ASKS)
def check(read: Read) -> CheckJson:
    """The gate, the chain, the rules and stock Beancount, now and without the database."""
    with read() as context:
        return _check_json(questions.recheck(context, read.app.settings.books))


@router.get("/books/evidence", tags=["books"], summary="The files behind the books", responses=READS)
def list_evidence(read: Read) -> Items[EvidenceJson]:
    """Sealed batches and bank files by their sha256, with the entries that cite them."""
    with read() as context:
        return {"items": [_evidence_json(one) for one in evidence.list_evidence(context, read.app.settings.books)]}


@router.get(
    "/books/pack",
    tags=["books"],
    summary="The audit pack",
    response_class=Response,
    responses=READS | problems(409) | file_response("application/zip", "The same bytes for the same books"),
)
def download_pack(read: Read) -> Response:
    """Books, checker, list of the evidence, and how to check them with Beancount alone."""
    with read() as context:
        pack = audit_pack.make_pack(context, read.app.settings.books, render_pack)
    return attachment(pack.data, "application/zip", pack.name)
