"""Whether the clock can be trusted: its day is held against the journal, the bank, and what a person confirmed.

A machine's clock can be wrong by months, and what is booked under a wrong day stays. So a door that writes asks here
first, and nothing is written while the clock is behind the journal, or too far ahead of everything that tells the time.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, insert, select

from fund.clock import day_in_rome
from fund.domain import access, errors, rules
from fund.services.context import Context
from fund.store.queries import AnyRow
from fund.store.tables import BankLine, DayConfirmation, Fund, JournalEntry, table

CONFIRMERS = (*access.FINANCE, access.ADMIN)
"""Who confirms a day: every person who writes. It moves no money and decides nothing but the time."""

_fund, _entry, _line, _confirmation = (table(model) for model in (Fund, JournalEntry, BankLine, DayConfirmation))


class _Known(NamedTuple):
    """What tells the time besides the clock: the last entry's day, and the latest day of all, none after today."""

    last_entry: date
    witness: date


def check_clock(context: Context) -> None:
    """Today is not before the last entry, and something vouches for it. A home without a fund has nothing to ask.

    Raises ``ClockBehindJournal`` and ``DayNotConfirmed``.
    """
    fund = context.run(select(_fund)).one_or_none()
    if fund is None:
        return
    known = _known(context, fund)
    rules.check_clock(context.day, last_entry=known.last_entry, witness=known.witness, pay_day=fund.pay_day)


def clock_refusal(context: Context) -> errors.FundError | None:
    """Why nothing can be written now, or ``None``: what ``check_clock`` raises, for a door that tells it."""
    try:
        check_clock(context)
    except (errors.ClockBehindJournal, errors.DayNotConfirmed) as refusal:
        return refusal
    return None


def last_known_day(context: Context) -> date:
    """The latest day, not after today, that the journal, the bank or a person gives."""
    context.actor.must_be(*access.ROLES)
    return _known(context, context.fund()).witness


def confirm_today(context: Context, day: date) -> AnyRow:
    """A person says which day it is. It becomes a witness like a day of the journal, and holds as long as one.

    The person names the day, so that it is not the clock that confirms itself. Confirmed again, it stays
    the first one's. Returns the confirmation.
    Raises ``NotToday`` and ``ClockBehindJournal``.
    """
    context.actor.must_be(*CONFIRMERS)
    known = _known(context, context.fund())
    if day != context.day:
        raise errors.NotToday(day, context.day)
    if day < known.last_entry:
        raise errors.ClockBehindJournal(day, known.last_entry)
    if context.run(select(_confirmation.c.day).where(_confirmation.c.day == day)).first() is None:
        values = {"day": day, "confirmed_by": context.actor.code, "confirmed_at": context.at}
        context.run(insert(_confirmation).values(**values))
    return context.get(DayConfirmation, day)


def list_confirmations(context: Context) -> list[AnyRow]:
    """Every day that was confirmed, the newest first, by whom and when."""
    context.actor.must_be(*access.ROLES, access.SYSTEM_ROLE)
    return list(context.run(select(_confirmation).order_by(_confirmation.c.day.desc())))


def entries_ahead(context: Context) -> tuple[int, date] | None:
    """How many entries are dated after today, and the last of their days; ``None`` when there are none."""
    days = func.count().label("entries"), func.max(_entry.c.booked_on).label("last_day")
    row = context.run(select(*days).where(_entry.c.booked_on > context.day)).one()
    return (row.entries, row.last_day) if row.entries else None


def _known(context: Context, fund: AnyRow) -> _Known:
    today = context.day
    recorded_at = context.run(select(_entry.c.recorded_at).where(_entry.c.seq == fund.journal_seq)).scalar_one()
    last_entry: date = max(fund.journal_day, day_in_rome(recorded_at))
    bank_day = (
        select(_line.c.bank_date)
        .where(_line.c.moved_cents.is_not(None), _line.c.bank_date <= today)
        .order_by(_line.c.bank_date.desc())
        .limit(1)
    )
    confirmed = select(func.max(_confirmation.c.day)).where(_confirmation.c.day <= today)
    days = (context.run(statement).scalar() for statement in (bank_day, confirmed))
    return _Known(last_entry, max([last_entry, *(day for day in days if day is not None)]))
