"""The journal as its readers page through it."""

from collections.abc import Mapping
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
    page, roles, found = (
        read_page(context, chosen, after=after, limit=limit),
        dict[str, str | None](),
        list[BookedAct](),
    )
    changes = iter(journal.role_changes(context.session, through=page[-1].seq) if page else ())
    change = next(changes, None)
    for entry in page:
        while change is not None and change.seq < entry.seq:
            roles[change.facts.user or ""] = None if change.kind == "role-ended" else change.facts.role
            change = next(changes, None)
        found.append(BookedAct(entry, _role(roles, entry.prepared_by), _role(roles, entry.approved_by)))
    return found


def _role(roles: Mapping[str, str | None], user: str | None) -> str | None:
    return None if user is None else roles.get(user)
