"""The journal as its readers page through it."""

from fund.domain import access
from fund.services.context import Context
from fund.store import journal
from fund.store.journal import JournalFilter as JournalFilter
from ledger.entries import Entry

MAX_PAGE = 500


def read_page(context: Context, chosen: JournalFilter, *, after: int = 0, limit: int = 100) -> list[Entry]:
    """The entries behind number ``after`` that a filter lets through, at most ``limit`` of them."""
    context.actor.must_be(*access.READERS)
    return journal.read_page(context.session, chosen, after=after, limit=min(limit, MAX_PAGE))
