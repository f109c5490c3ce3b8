"""Filters of lists, as pages and API read them from a query; a field of a form that is left empty does not filter."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import BeforeValidator

from fund.domain.bank_views import OpenItemFilter
from fund.domain.lists import Direction, Matching
from fund.doors.http.fields import DirectionName, FileStart, IsoDay, OpenMatching, RowId, SearchText

_Unfilled = BeforeValidator(lambda value: None if value == "" else value)


def _open_item_filter(
    q: SearchText = "",
    matching: Annotated[OpenMatching | None, _Unfilled, Query(description="why it is open")] = None,
    direction: Annotated[DirectionName | None, _Unfilled, Query()] = None,
    since: Annotated[IsoDay | None, _Unfilled, Query(alias="from", description="booked on or after")] = None,
    until: Annotated[IsoDay | None, _Unfilled, Query(alias="to", description="booked on or before")] = None,
    in_file: Annotated[
        FileStart | None, _Unfilled, Query(alias="file", description="its sha256, or how that begins")
    ] = None,
    proposal: Annotated[RowId | None, Query(description="that is about it")] = None,
) -> OpenItemFilter:
    why = None if matching is None else Matching(matching)
    which = None if direction is None else Direction(direction)
    return OpenItemFilter(q, why, which, since, until, in_file, proposal)


ChosenItems = Annotated[OpenItemFilter, Depends(_open_item_filter)]


def open_items_query(chosen: OpenItemFilter) -> str:
    """The query that asks for the same open items."""
    asked = {
        "q": chosen.search,
        "matching": chosen.matching,
        "direction": chosen.direction,
        "from": chosen.since,
        "to": chosen.until,
        "file": chosen.file,
        "proposal": chosen.proposal,
    }
    return urlencode({name: value for name, value in asked.items() if value})
