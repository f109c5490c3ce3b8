"""The reading room: the books as text, their chain, questions to them, the evidence, and what an auditor takes away."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query
from starlette.responses import JSONResponse, Response

from fund.documents.audit_pack import CHECKER, commands
from fund.documents.book_text import Line, lines_of
from fund.documents.spreadsheet_text import csv_bytes
from fund.documents.spreadsheets import Column, write_xlsx
from fund.documents.tables import Col, Table
from fund.domain.errors import FundError, NotAuthenticated, NotPermitted
from fund.domain.texts import N_
from fund.doors.http.fields import MonthName, RowId, Sha256
from fund.doors.http.files import attachment
from fund.doors.rendering import render_pack
from fund.doors.tables.users import DISCLOSURES, denials_for
from fund.doors.web.downloads import XLSX_TYPE, SheetKind, table_file
from fund.doors.web.page_requests import PageRequest
from fund.doors.web.paging import After
from fund.doors.web.problems import render_problem
from fund.doors.web.requests import Desk, PageRoute
from fund.sandbox.bql import MAX_QUERY_CHARS
from fund.services import denials, disclosures
from fund.services.books import audit_pack, closings, evidence, journal, questions, reading_room
from fund.services.books.evidence import Evidence
from fund.services.books.questions import Result
from fund.services.books.reading_room import BookRecord, Shelf
from fund.services.books.verification import STRAY_ADVICE
from ledger import codes
from ledger.kinds import KINDS
from ledger.months import Month

router = APIRouter(route_class=PageRoute, prefix="/room")

UserFilter = Annotated[str, Query(max_length=10)]
KindFilter = Annotated[str, Query(max_length=40)]
Code = Annotated[str, Path(pattern="^[A-Za-z0-9-]{3,64}$")]

EVIDENCE: Table[Evidence] = Table(
    "evidence",
    N_("Sealed batches and bank files"),
    (
        Col(
            N_("file"),
            lambda row: row.kind,
            "word",
            lambda file: f"/room/evidence/{file.sha256}",
            under=(Col(N_("batch"), lambda row: row.code, "code"),),
        ),
        Col(N_("date"), lambda row: row.day, "day"),
        Col(N_("bytes"), lambda row: row.size_bytes, "count"),
        Col(N_("cited by"), lambda row: row.entries, "several", "/room/entries/{}"),
        Col(N_("schemas passed"), lambda row: row.schemas, "several"),
        Col(N_("sha256"), lambda row: row.sha256, "digest"),
    ),
    N_("No file was sealed or received yet."),
)


def _page(desk: PageRequest, template: str, status: int = 200, /, **context: object) -> Response:
    return desk.page(f"reading_room/{template}", status, kind_name=partial(_kind_name, desk), **context)


def _kind_name(desk: PageRequest, kind: str) -> str:
    return KINDS[kind].italian if desk.language == "it" else kind


def _shown(record: BookRecord) -> tuple[BookRecord, list[Line]]:
    return record, lines_of(record.text, record.seq)


def _shelf(desk: PageRequest, shelf: Shelf, **context: object) -> Response:
    return _page(desk, "shelf.html", records=[_shown(record) for record in shelf.records], next=shelf.next, **context)


@router.get("")
def show_room(desk: Desk, find: Annotated[str, Query(max_length=100)] = "") -> Response:
    """What lies in the reading room, or the way to what is looked for in it."""
    sought = find.strip()
    with desk.reading() as context:
        if codes.matches(codes.SHA256, sought) and not reading_room.is_evidence(
            context, desk.app.settings.books, sought
        ):
            return desk.go(f"/room/check?now=true&head={sought}")
        if sought:
            return desk.go(f"/room/{'entries' if sought.isdecimal() else 'linked'}/{quote(sought, safe='')}")
        room = reading_room.read_room(context, desk.app.settings.books)
    return _page(desk, "home.html", room=room, stray_advice=STRAY_ADVICE)


@router.get("/months/{name}")
def show_month(desk: Desk, name: MonthName, after: After = 0) -> Response:
    """A file of the books, as it stands."""
    with desk.reading() as context:
        shelf = reading_room.read_month(context, desk.app.settings.books, Month.parse(name), after=after)
    return _shelf(desk, shelf, month_shown=Month.parse(name), code=None, after=after)


@router.get("/linked/{code}")
def show_linked(desk: Desk, code: Code, after: After = 0) -> Response:
    """The records that name a household, its month, a landlord, a payment, a batch, a tranche, or an evidence."""
    with desk.reading() as context:
        shelf = reading_room.read_linked(context, desk.app.settings.books, code, after=after)
    return _shelf(desk, shelf, month_shown=None, code=code, after=after)


@router.get("/entries/{seq}")
def show_entry(desk: Desk, seq: RowId) -> Response:
    """One entry, and what it hangs together with."""
    with desk.reading() as context:
        view = reading_room.read_entry(context, desk.app.settings.books, seq)
    record, lines = _shown(view.record)
    return _page(desk, "entry.html", view=view, record=record, lines=lines)


@router.get("/acts")
def show_acts(desk: Desk, user: UserFilter = "", kind: KindFilter = "", after: After = 0) -> Response:
    """Who did what, when, as what: the entries with who prepared and who approved them."""
    chosen = journal.JournalFilter(user=user.strip() or None, kind=kind or None)
    with desk.reading() as context:
        found = journal.read_acts(context, chosen, after=after, limit=reading_room.PAGE + 1)
    listed = _listed("/room/acts", {"user": user, "kind": kind}, after, [act.entry.seq for act in found])
    return _page(desk, "acts.html", booked=found[: reading_room.PAGE], kinds=_kinds(desk), **listed)


def _kinds(desk: PageRequest) -> list[tuple[str, str]]:
    return [(kind, _kind_name(desk, kind)) for kind in sorted(KINDS)]


@router.get("/denials")
def show_denials(desk: Desk, user: UserFilter = "", after: After = 0) -> Response:
    """Who was refused what, when, as what."""
    with desk.reading() as context:
        found = denials.list_denials(context, user=user.strip() or None, after=after, limit=reading_room.PAGE + 1)
    listed = _listed("/room/denials", {"user": user}, after, [denial.id for denial in found])
    table = denials_for(desk.language)
    return _page(desk, "denials.html", table=table, denials=found[: reading_room.PAGE], **listed)


@router.get("/disclosures")
def show_disclosures(desk: Desk, user: UserFilter = "", landlord: UserFilter = "", after: After = 0) -> Response:
    """Who was shown whole IBANs, when and where."""
    chosen, asked = {"user": user.strip(), "landlord": landlord.strip()}, reading_room.PAGE + 1
    with desk.reading() as context:
        found = disclosures.list_disclosures(
            context, user=chosen["user"] or None, landlord=chosen["landlord"] or None, after=after, limit=asked
        )
    listed = _listed("/room/disclosures", chosen, after, [one.id for one in found])
    return _page(desk, "disclosures.html", table=DISCLOSURES, disclosures=found[: reading_room.PAGE], **listed)


def _listed(place: str, chosen: Mapping[str, str], after: int, numbers: Sequence[int]) -> dict[str, object]:
    """What a list that is read page by page shows beside its rows: the filter, and where the other pages are."""
    first = f"{place}?{urlencode(chosen)}"
    following = f"{first}&after={numbers[reading_room.PAGE - 1]}" if len(numbers) > reading_room.PAGE else ""
    return {**chosen, "after": after, "first": first, "next": following}


@router.get("/check")
def show_check(desk: Desk, now: bool = False, head: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The chain's head; asked for it, the books are verified now, and a head is looked for. It changes nothing."""
    sought = head.strip()
    check = (lambda context, books: questions.recheck(context, books, sought or None)) if now else None
    return _after_work(desk, "check.html", "recheck", check, stray_advice=STRAY_ADVICE, sought=sought)


@router.get("/query")
def show_query(
    desk: Desk,
    query: Annotated[str, Query(max_length=2 * MAX_QUERY_CHARS)] = "",
    form: Annotated[Literal["page", "csv", "xlsx", "json"], Query()] = "page",
) -> Response:
    """A question to the books and its answer: as a page, or as a file."""
    if query and form != "page":
        with desk.reading() as context:
            return _result_file(desk, questions.ask(context, desk.app.settings.books, query), form)
    ask = (lambda context, books: questions.ask(context, books, query)) if query else None
    return _after_work(desk, "query.html", "result", ask, query=query, examples=questions.EXAMPLES)


def _result_file(desk: PageRequest, result: Result, form: str) -> Response:
    names = [name for name, _ in result.columns]
    if form == "csv":
        return attachment(csv_bytes(names, result.rows), "text/csv; charset=utf-8", "query.csv")
    if form == "xlsx":
        columns = [Column(name, "number" if is_number else "text") for name, is_number in result.columns]
        return attachment(
            write_xlsx(columns, result.rows, title="query", at=desk.app.clock.now()), XLSX_TYPE, "query.xlsx"
        )
    response = JSONResponse({"columns": names, "rows": [list(row) for row in result.rows]})
    response.headers["Content-Disposition"] = 'attachment; filename="query.json"'
    return response


def _after_work(
    desk: PageRequest, template: str, name: str, work: Callable[[Any, Any], object] | None, **context: object
) -> Response:
    """A page with what came of some work on the books; an error of the work is shown on the page."""
    done, problem = None, None
    with desk.reading() as reading:
        head = reading_room.read_head(reading, desk.app.settings.books)
        try:
            done = work(reading, desk.app.settings.books) if work else None
        except (NotAuthenticated, NotPermitted):
            raise
        except FundError as error:
            problem = render_problem(error, desk.speak)
    status = int(problem["status"]) if problem else 200
    return _page(desk, template, status, head=head, problem=problem, **{name: done}, **context)


@router.get("/evidence")
def show_evidence(desk: Desk) -> Response:
    """The files behind the books."""
    with desk.reading() as context:
        found = evidence.list_evidence(context, desk.app.settings.books)
    return _page(desk, "evidence.html", evidence=found, table=EVIDENCE)


@router.get("/evidence/list.{kind}")
def download_evidence(desk: Desk, kind: SheetKind) -> Response:
    """The same list."""
    with desk.reading() as context:
        found = evidence.list_evidence(context, desk.app.settings.books)
    return table_file(desk, kind, EVIDENCE, desk.asked.rows_of(EVIDENCE, found, desk.speak))


@router.get("/evidence/{sha256}")
def show_file(desk: Desk, sha256: Sha256, form: Annotated[Literal["page", "file"], Query()] = "page") -> Response:
    """One of them, with the entries that cite it; for finance also its bytes."""
    with desk.reading() as context:
        if form == "file":
            return attachment(evidence.read_evidence(context, sha256), "application/octet-stream", sha256)
        found = evidence.find_evidence(context, desk.app.settings.books, sha256)
    return _page(desk, "file.html", file=found)


@router.get("/pack")
def show_pack(
    desk: Desk, closing: MonthName | None = None, form: Annotated[Literal["page", "zip"], Query()] = "page"
) -> Response:
    """What an auditor takes away, now or as it was at a closing: its digest and how to check it, or the zip itself."""
    month = Month.parse(closing) if closing else None
    with desk.reading() as context:
        pack = audit_pack.make_pack(context, desk.app.settings.books, render_pack, closing=month)
        if form == "zip":
            return attachment(pack.data, "application/zip", pack.name)
        closed = [Month.parse(one.month) for one in closings.list_closings(context)]
    checking = {"checker": CHECKER, "commands": commands(pack.name)}
    return _page(desk, "pack.html", pack=pack, closing=month, closed=closed, **checking)
