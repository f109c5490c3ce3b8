"""Lists of the desk as files for a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from fund.documents.spreadsheets import Cell, Column, write_csv, write_xlsx
from fund.doors.http.files import attachment
from fund.doors.web.page_requests import PageRequest

SheetKind = Annotated[str, Path(pattern="^(csv|xlsx)$")]
"""The end of a list's address."""

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(
    desk: PageRequest, kind: str, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> Response:
    """A list as a CSV or XLSX file called ``name``; the labels of its columns are marked for the catalogue."""
    spoken = [Column(desk.speak.gettext(column.label), column.kind) for column in columns]
    if kind == "csv":
        return attachment(write_csv(spoken, rows), "text/csv; charset=utf-8", f"{name}.csv")
    data = write_xlsx(spoken, rows, title=name, at=desk.app.clock.now())
    return attachment(data, XLSX_TYPE, f"{name}.xlsx")
