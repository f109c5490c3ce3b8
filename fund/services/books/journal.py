"""The journal as its readers page through it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement

from fund.domain import access
from fund.services.context import Context
from fund.store import journal
from fund.store.tables import JournalEntry, table
from ledger.entries import Entry
from ledger.months import Month

_entry = table(JournalEntry)
MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries to show; what is ``None`` does not filter. Days are booking days, both included."""

    household: str | None = None
    landlord: str | None = None
    kind: str | None = None
    month: Month | None = None
    payment: str | None = None
    since: date | None = None
    until: date | None = None


def read_page(context: Context, chosen: JournalFilter, *, after: int = 0, limit: int = 100) -> list[Entry]:
    """The entries behind number ``after`` that a filter lets through, at most ``limit`` of them."""
    context.actor.must_be(*access.READERS)
    conditions: list[ColumnElement[bool]] = [_entry.c.seq > after]
    exact = {
        "household": chosen.household,
        "landlord": chosen.landlord,
        "kind": chosen.kind,
        "payment": chosen.payment,
        "month": None if chosen.month is None else str(chosen.month),
    }
    conditions += [_entry.c[name] == value for name, value in exact.items() if value is not None]
    if chosen.since is not None:
        conditions.append(_entry.c.booked_on >= chosen.since)
    if chosen.until is not None:
        conditions.append(_entry.c.booked_on <= chosen.until)
    return journal.read_entries(context.session, conditions, min(limit, MAX_PAGE))
