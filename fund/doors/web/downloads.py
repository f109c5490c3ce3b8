"""Lists of the desk as files for a spreadsheet."""

from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path
from starlette.responses import Response

from fund.documents.spreadsheets import Column, write_csv, write_xlsx
from fund.documents.tables import Table
from fund.doors.http.files import attachment
from fund.doors.web.page_requests import PageRequest
from fund.doors.web.requests import Desk
from fund.services.context import Context

R = TypeVar("R")
SheetKind = Annotated[str, Path(pattern="^(csv|xlsx)$")]
"""The end of a list's address."""

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(desk: PageRequest, kind: str, table: Table[R], rows: Iterable[R]) -> Response:
    """A table as a CSV or XLSX file that bears its name."""
    columns = [Column(desk.speak.gettext(column.label), column.kind) for column in table.sheet_columns()]
    cells = table.sheet_rows(rows, desk.speak)
    if kind == "csv":
        return attachment(write_csv(columns, cells), "text/csv; charset=utf-8", f"{table.name}.csv")
    data = write_xlsx(columns, cells, title=table.name, at=desk.app.clock.now())
    return attachment(data, XLSX_TYPE, f"{table.name}.xlsx")


def add_sheet(
    router: APIRouter,
    path: str,
    table: Table[R],
    rows: Callable[[Context], Iterable[R]],
) -> None:
    """Give a table an address as CSV and as XLSX: ``path`` with its ending. It holds what the address asks for."""

    def download(desk: Desk, kind: SheetKind) -> Response:
        with desk.reading() as context:
            found = list(rows(context))
        return table_file(desk, kind, table, desk.asked.rows_of(table, found, desk.speak))

    router.add_api_route(path + ".{kind}", download, methods=["GET"])
