"""The journal as its readers page through it."""

from dataclasses import dataclass

from fund.domain import access
from fund.services.context import Context
from fund.store import journal
from fund.store.journal import JournalFilter as JournalFilter
from ledger.entries import Entry

MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class BookedAct:
    """An entry, and the roles that its preparer and its approver were in when it was booked."""

    entry: Entry
    preparer_role: str | None
    approver_role: str | None


def read_page(context: Context, chosen: JournalFilter, *, after: int = 0, limit: int = 100) -> list[Entry]:
    """The entries behind number ``after`` that a filter lets through, at most ``limit`` of them."""
    context.actor.must_be(*access.READERS)
    return journal.read_page(context.session, chosen, after=after, limit=min(limit, MAX_PAGE))


def read_acts(context: Context, chosen: JournalFilter, *, after: int = 0, limit: int = 100) -> list[BookedAct]:
    """As ``read_page``, with the roles of those who acted."""
    page = read_page(context, chosen, after=after, limit=limit)
    roles: dict[str | None, str | None] = {}
    found: list[BookedAct] = []
    changes = iter(journal.role_changes(context.session, through=page[-1].seq) if page else ())
    change = next(changes, None)
    for entry in page:
        while change is not None and change.seq < entry.seq:
            roles[change.facts.user] = None if change.kind == "role-ended" else change.facts.role
            change = next(changes, None)
        found.append(BookedAct(entry, roles.get(entry.prepared_by), roles.get(entry.approved_by)))
    return found
