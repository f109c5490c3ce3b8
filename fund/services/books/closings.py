"""Monthly closings: what every account holds at a month's end is asserted in the books."""

from datetime import date

from fund.domain import access, errors
from fund.services.context import Context
from fund.services.statements.deliveries import queue_heads
from fund.store import balances, journal, rows
from fund.store import books as store
from fund.store.tables import Closing
from ledger import events
from ledger.months import Month
from ledger.position import HouseholdMonths, closing_balances
from ledger.publisher import sum_of_file


def close_due_months(context: Context) -> list[Month]:
    """Close every month that is over and not closed yet, in order.

    A fund that has ended is not closed for ever: the last month is that in which the activities end, or that of the
    last entry that moves money. Returns the months closed. Doing it twice or late changes nothing.
    """
    context.actor.must_be(*access.preparers("closing"))
    closed = due_months(context)
    for month in closed:
        close_month(context, month)
    return closed


def due_months(context: Context) -> list[Month]:
    """The months that are over and not closed yet, in order."""
    context.actor.must_be(*access.READERS, access.SYSTEM_ROLE)
    due = []
    month, last = next_to_close(context), _last_to_close(context)
    while month is not None and month <= last and month.last_day < context.day:
        due.append(month)
        month = month.plus(1)
    return due


def list_closings(context: Context) -> list[Closing]:
    """The months that are closed, the newest first, each with its entry and the head of the chain there."""
    context.actor.must_be(*access.READERS)
    return store.list_closings(context.session)


def read_closing(context: Context, month: Month) -> Closing:
    """The closing of a month. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Closing, str(month))


def _last_to_close(context: Context) -> Month:
    ends = Month.of(context.fund().activities_end)
    moved = journal.last_day_of_money(context.session)
    return ends if moved is None else max(ends, Month.of(moved))


def next_to_close(context: Context) -> Month | None:
    """The first month without a closing; ``None`` while the journal is empty."""
    last = store.last_closed_month(context.session)
    return journal.first_month(context.session) if last is None else Month.parse(last).plus(1)


def close_month(context: Context, month: Month) -> None:
    """Close one month. Raises ``MonthNotOver`` unless it is over and the one before it is closed."""
    context.actor.must_be(*access.preparers("closing"))
    if month.last_day >= context.day or month != next_to_close(context):
        raise errors.MonthNotOver(str(month))
    seq, _ = balances.last_entry_on(context.session, month.last_day) or (0, "")
    cents = balances.account_balances(context.session, seq)
    asserted = closing_balances(month, cents, _households(context, month.last_day, seq))
    (entry,) = context.book(events.closing(context.stamp(), month=month, balances=asserted))
    closing = Closing(
        month=str(month),
        seq=entry.seq,
        chain_head=entry.hash,
        last_seq=seq,
        file_sha256=sum_of_file(journal.records_of(context.session, month)),
    )
    rows.insert(context.session, closing)
    queue_heads(context, month)


def _households(context: Context, day: date, seq: int) -> dict[str, HouseholdMonths]:
    committed: dict[str, int] = {}
    for household, _, _ in balances.open_lots(context.session, seq):
        committed[household] = committed.get(household, 0) + 1
    return {
        one.code: HouseholdMonths(
            committed.get(one.code, 0), one.exited_on if one.exited_on and one.exited_on <= day else None
        )
        for one in store.households_on(context.session, day)
    }
