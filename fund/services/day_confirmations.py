"""Whether the clock can be trusted: its day is held against the journal, the bank, and what a person confirmed.

A machine's clock can be wrong by months, and what is booked under a wrong day stays. So a door that writes asks here
first, and nothing is written while the clock is behind the journal, or too far ahead of everything that tells the time.
"""

from datetime import date
from typing import NamedTuple

from fund.clock import day_in_rome
from fund.domain import access, errors, rules
from fund.services.context import Context
from fund.store import rows, service
from fund.store.tables import DayConfirmation, Fund
from fund.store.tables.money import FUND_ID

CONFIRMERS = (*access.FINANCE, access.ADMIN)
"""Who confirms a day: every person who writes. It moves no money and decides nothing but the time."""


class _Known(NamedTuple):
    """What tells the time besides the clock: the last entry's day, and the latest day of all, none after today."""

    last_entry: date
    witness: date


def check_clock(context: Context) -> None:
    """Today is not before the last entry, and something vouches for it. A home without a fund has nothing to ask.

    Raises ``ClockBehindJournal`` and ``DayNotConfirmed``.
    """
    fund = rows.find(context.session, Fund, FUND_ID)
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


def confirm_today(context: Context, day: date) -> DayConfirmation:
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
    if rows.find(context.session, DayConfirmation, day) is None:
        context.insert(DayConfirmation(day=day, confirmed_by=context.actor.code, confirmed_at=context.at))
    return context.get(DayConfirmation, day)


def list_confirmations(context: Context) -> list[DayConfirmation]:
    """Every day that was confirmed, the newest first, by whom and when."""
    context.actor.must_be(*access.ROLES, access.SYSTEM_ROLE)
    return service.list_confirmations(context.session)


def entries_ahead(context: Context) -> tuple[int, date] | None:
    """How many entries are dated after today, and the last of their days; ``None`` when there are none."""
    entries, last_day = service.entries_after(context.session, context.day)
    return None if last_day is None else (entries, last_day)


def _known(context: Context, fund: Fund) -> _Known:
    recorded_on = day_in_rome(service.recorded_at(context.session, fund.journal_seq))
    last_entry = max(fund.journal_day or recorded_on, recorded_on)
    days = (last_day(context.session, context.day) for last_day in (service.last_bank_day, service.last_confirmed_day))
    vouched = service.last_vouched_day(context.session)
    return _Known(last_entry, max([vouched, *(day for day in days if day is not None)]))
