"""Series of statements: those of one account and kind that follow each other, and what is missing between them.

Whether a statement fits those beside it is worked out at each reading, since the missing one may still come.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

from fund.services.banking.movements import JOURNAL
from fund.services.context import Context
from fund.store.banking import bank_statements as store
from fund.store.banking.treasury import moved_without_balance
from fund.store.tables import BankStatement
from ledger.money import format_cents

CHAINED = ("camt.053", "MT940", JOURNAL)
"""The series whose statements follow each other without gaps; reports and notifications overlap as they like."""
_SEVERAL = 2
_WEEK = timedelta(days=7)

Place = tuple[str, int]
"""Where a statement stands: its file, and its place there."""


def accepted(context: Context, accounts: Collection[str] | None = None) -> list[BankStatement]:
    """The accepted statements that should follow each other, by account and series, each series in order of time, and
    each day of it told once.
    """
    found = sorted(
        store.accepted(context.session, CHAINED, accounts),
        key=lambda row: (*_chain(row), row.last_day or date.min, row.number or 0, _by_page(row.statement_id)),
    )
    return [row for _, chain in groupby(found, key=_chain) for row in _told_once(list(chain))]


class _Span(NamedTuple):
    """A statement that says from which day to which it tells."""

    first_day: date
    last_day: date
    row: BankStatement

    @property
    def length(self) -> timedelta:
        return self.last_day - self.first_day


def _told_once(chain: list[BankStatement]) -> list[BankStatement]:
    """A series, in order of time, in which one statement of a longer time, such as a month, stands beside those of its
    days: it is left out where they tell all of it, from one balance to the other, and they are where they tell how it
    begins or ends.
    """
    spans = [_Span(row.first_day, row.last_day, row) for row in chain if row.first_day and row.last_day]
    left_out = set[Place]()
    for span in sorted(spans, key=lambda span: span.length):
        opening_cents, closing_cents = span.row.opening_cents, span.row.closing_cents
        if opening_cents is None or closing_cents is None:
            continue
        begin = bisect_left(spans, span.first_day, key=lambda one: one.last_day)
        end = bisect_right(spans, span.last_day, key=lambda one: one.last_day)
        within = [
            one.row
            for one in spans[begin:end]
            if span.first_day <= one.first_day and one.length < span.length and one.row.place not in left_out
        ]
        # a balance may be dated on the day before: what ends where the longer one begins is no part of it
        while within and opening_cents == within[0].closing_cents != within[0].opening_cents:
            del within[0]
        beginning = _following(within, opening_cents)
        end_of_it = _following(within[len(beginning) :][::-1], closing_cents, is_back=True)
        is_all = bool(beginning) and within == beginning and beginning[-1].closing_cents == closing_cents
        if is_all and len(beginning) >= _SEVERAL:
            left_out.add(span.row.place)
        else:
            left_out |= {row.place for row in (*beginning, *end_of_it)}
    return [row for row in chain if row.place not in left_out]


def _following(rows: Iterable[BankStatement], cents: int | None, *, is_back: bool = False) -> list[BankStatement]:
    """The statements that follow a balance one after the other, or lead to it where they are given ``is_back``."""
    found = list[BankStatement]()
    for row in rows:
        ends = row.opening_cents, row.closing_cents
        begins_with, ends_with = reversed(ends) if is_back else ends
        if cents is None or begins_with != cents:
            break
        found.append(row)
        cents = ends_with
    return found


def _by_page(statement_id: str) -> list[tuple[str, int]]:
    """Sort key of ids that end with the number of their page: page 10 comes after page 2."""
    return [(text, int(number or 0)) for text, number in re.findall(r"([^0-9]*)([0-9]*)", statement_id)]


def _chain(row: BankStatement) -> tuple[str, str]:
    return row.account, row.series


def misfits(context: Context, counting: Iterable[BankStatement]) -> dict[Place, tuple[str, ...]]:
    """What is missing before each of the ``accepted`` statements: a number of the series, money between one closing and
    the next opening, or a page of its own.
    """
    found: dict[Place, tuple[str, ...]] = {}
    moved = moved_without_balance(context.session)
    for _, group in groupby(counting, key=_chain):
        chain = list(group)
        for before, after in pairwise(chain):
            told = tuple(_misfits(before, after))
            if told:
                found[after.place] = told
        for row in _without_pages(chain, moved):
            found[row.place] = (*found.get(row.place, ()), "pages-missing")
    return found


def _without_pages(chain: Iterable[BankStatement], moved: Mapping[Place, int]) -> Iterator[BankStatement]:
    """The last page that is here of each statement whose first page alone says how it opens, and whose pages do not
    lead to how its last one closes.
    """
    last, cents = None, 0
    for row in chain:
        if row.opening_cents is not None:
            if last is not None:
                yield last
            last, cents = (row, row.opening_cents) if row.closing_cents is None else (None, 0)
        if last is None:
            continue
        last, cents = row, cents + moved.get(row.place, 0)
        if row.closing_cents is not None:
            if cents != row.closing_cents:
                yield row
            last = None
    if last is not None:
        yield last


def _is_long(row: BankStatement) -> bool:
    """Whether a statement is of more than a week: banks number those of months apart from those of days."""
    return row.first_day is not None and row.last_day is not None and row.last_day - row.first_day > _WEEK


def _misfits(before: BankStatement, after: BankStatement) -> Iterator[str]:
    if before.number is not None and after.number is not None and _is_long(before) == _is_long(after):
        begins_anew = after.number < before.number and after.number <= 1
        if not begins_anew and after.number not in (before.number, before.number + 1):
            yield f"number-gap {before.number}-{after.number}"
    closing_cents, opening_cents = before.closing_cents, after.opening_cents
    if closing_cents is not None and opening_cents is not None and closing_cents != opening_cents:
        yield f"balance-gap {format_cents(closing_cents)}/{format_cents(opening_cents)}"
