"""Search: one box for every code, and straight to the only thing that it names."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from fund.documents.month_names import read_month
from fund.documents.tables import Col, Table
from fund.domain.texts import N_
from fund.doors.http.fields import SearchText
from fund.doors.web.downloads import SheetKind, table_file
from fund.doors.web.page_requests import PageRequest
from fund.doors.web.requests import Desk, PageRoute
from fund.services.desk.search import Hit, search

router = APIRouter(route_class=PageRoute)

PAGES: dict[str, Callable[[Hit], str]] = {
    "household": lambda hit: f"/households/{hit.key}",
    "contribution": lambda hit: f"/households/{hit.key.partition('-')[0]}",
    "landlord": lambda hit: f"/landlords/{hit.key}",
    "payment": lambda hit: f"/payments/{hit.key}",
    "batch": lambda hit: f"/batches/{hit.key}",
    "run": lambda hit: f"/runs/{hit.key}",
    "closing": lambda _: "/closings",
    "allocation": lambda _: "/funds",
    "statement": lambda hit: f"/statements/{hit.key}",
    "entry": lambda hit: f"/room/entries/{hit.key}",
    "bank file": lambda hit: f"/bank-files/{hit.file}",
    "bank line": lambda hit: f"/bank-files/{hit.file}",
    "bank_statement": lambda hit: f"/bank-files/{hit.file}",
}
"""The page of each kind of thing."""

HITS: "Table[Hit]" = Table(
    "hits",
    N_("What was found"),
    (
        Col(N_("code"), lambda row: row.key, "code", lambda hit: PAGES[hit.kind](hit)),
        Col(N_("what it is"), lambda row: row.kind, "word"),
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("state"), lambda row: row.state, "state"),
    ),
    N_("No results. A code can be typed in part from its beginning; an IBAN or a registration whole."),
)


@router.get("/search")
def show_hits(desk: Desk, q: SearchText = "") -> Response:
    """The results of a search; a single one is opened at once."""
    hits = _hits(desk, q)
    if len(hits) == 1:
        return desk.go(PAGES[hits[0].kind](hits[0]))
    return desk.page("search.html", q=q, hits=hits, table=HITS)


@router.get("/search/list.{kind}")
def download_hits(desk: Desk, kind: SheetKind, q: SearchText = "") -> Response:
    """What the page lists."""
    return table_file(desk, kind, HITS, _hits(desk, q))


def _hits(desk: PageRequest, q: str) -> list[Hit]:
    with desk.reading() as context:
        return search(context, read_month(q) or q)
