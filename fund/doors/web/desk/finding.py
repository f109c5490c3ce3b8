"""Search: one box for every code and name, and straight to the only thing that it names."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.documents.month_names import read_month
from fund.domain.texts import N_
from fund.doors.http.fields import SearchText
from fund.doors.tables.search import HITS, PAGES
from fund.doors.web.downloads import SheetKind, table_file
from fund.doors.web.page_requests import PageRequest
from fund.doors.web.requests import Desk, PageRoute
from fund.services.desk.search import Hit, search

router = APIRouter(route_class=PageRoute)

ELSEWHERE = (
    ("/payments", N_("Payments")),
    ("/households", N_("Households")),
    ("/landlords", N_("Landlords")),
    ("/open-items", N_("Open items")),
)
"""Lists that the same words can be looked for in."""


@router.get("/search")
def show_hits(desk: Desk, q: SearchText = "") -> Response:
    """The results of a search; a single one is opened at once."""
    hits = _hits(desk, q)
    if len(hits) == 1:
        return desk.go(PAGES[hits[0].kind](hits[0]))
    return desk.page("search.html", q=q, hits=hits, table=HITS, elsewhere=ELSEWHERE)


@router.get("/search/list.{kind}")
def download_hits(desk: Desk, kind: SheetKind, q: SearchText = "") -> Response:
    """What the page lists."""
    return table_file(desk, kind, HITS, _hits(desk, q))


def _hits(desk: PageRequest, q: str) -> list[Hit]:
    with desk.reading() as context:
        return search(context, read_month(q) or q)
