"""``fund verify``: books and database held against each other, entry by entry, and both against the rules."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from fund import access
from fund.services.context import Context
from fund.store import journal
from fund.store.tables import Allocation, Contribution, Fund, Household, Payment, table
from fund.views import VerificationView
from ledger import accounts
from ledger.chain import GENESIS, digest
from ledger.entries import Entry, NotAllowed
from ledger.money import format_cents
from ledger.position import Position
from ledger.reader import Record
from ledger.text import render_unhashed
from ledger.verify import verify_books

_fund, _household, _allocation = table(Fund), table(Household), table(Allocation)
_contribution, _payment = table(Contribution), table(Payment)

CHECKS = ("gate", "chain", "rules", "beancount", "entries", "workflow")
"""What is checked: the text, the chain, every rule, stock Beancount, each entry with its row, each state."""

_NOT_IN_BOOKS = ("proposed", "held", "rejected", "cancelled", "withdrawn")
_AS_IN_BOOKS = {"sent": "ordered"}


def verify(context: Context, books: Path) -> VerificationView:
    """Compare everything; all findings are told, each naming its entry, file or row."""
    context.actor.must_be(*access.READERS, access.ADMIN)
    result = verify_books(books)
    findings = [str(finding) for finding in result.findings]
    findings += _entry_findings(journal.entries_after(context.session, 0), result.records)
    findings += workflow_findings(context, result.position)
    return VerificationView(len(result.records), result.head, CHECKS, tuple(findings))


def _entry_findings(entries: Iterable[Entry], records: Iterable[Record]) -> Iterator[str]:
    head = GENESIS
    for entry, record in zip_longest(entries, records):
        if entry is None:
            yield f"entries: entry {record.entry.seq}, {record.place}: stands in the books and not in the database"
            continue
        place = f"entries: entry {entry.seq}: "
        unhashed = _rendered(entry)
        if unhashed is None or entry.prev != head or digest(entry.prev, unhashed) != entry.hash:
            yield place + "the database's row is not what its hash covers"
        if record is None:
            yield place + "stands in the database and not in the books"
        elif record.entry.hash != entry.hash or record.unhashed != unhashed:
            yield place + f"the books say something else ({record.place})"
        head = entry.hash


def _rendered(entry: Entry) -> bytes | None:
    try:
        return render_unhashed(entry).encode("ascii")
    except (NotAllowed, UnicodeEncodeError):
        return None


def workflow_findings(context: Context, position: Position) -> Iterator[str]:
    """What the tables say otherwise than the books add up to."""
    yield from _fund_findings(context, position)
    books = {
        (code, str(month)): state
        for code, household in position.households.items()
        for month, state in household.months.items()
    }
    tables = {
        (row.household, row.month): row.state
        for row in context.run(_contribution.select().where(_contribution.c.state.not_in(_NOT_IN_BOOKS)))
    }
    yield from _different("contribution", tables, books)
    ordered = {
        row.code: _AS_IN_BOOKS.get(row.state, row.state)
        for row in context.run(_payment.select().where(_payment.c.state.not_in(("proposed", "withdrawn"))))
    }
    yield from _different("payment", ordered, {code: payment.state for code, payment in position.payments.items()})
    months = {row.code: (row.months_used, row.months_committed) for row in context.run(_household.select())}
    yield from _different(
        "household",
        months,
        {code: (household.months_used, len(household.lots)) for code, household in position.households.items()},
    )


def _fund_findings(context: Context, position: Position) -> Iterator[str]:
    row = context.fund()
    committed_cents = -sum(cents for name, cents in position.balances.items() if accounts.household_of(name))
    stored = {"available": row.available_cents, "committed": row.committed_cents, "used": row.used_cents}
    booked = {
        "available": -position.balances.get(accounts.AVAILABLE, 0),
        "committed": committed_cents,
        "used": -position.balances.get(accounts.USED, 0),
    }
    for name, cents in stored.items():
        if cents != booked[name]:
            yield f"workflow: fund: {name} is {format_cents(cents)}, the books give {format_cents(booked[name])}"
    if row.journal_seq != position.seq:
        yield f"workflow: fund: its journal ends at entry {row.journal_seq}, the books at {position.seq}"


def _different(thing: str, stored: Mapping[Any, object], booked: Mapping[Any, object]) -> Iterator[str]:
    for key in sorted(stored.keys() | booked.keys(), key=str):
        if stored.get(key) != booked.get(key):
            name = " ".join(key) if isinstance(key, tuple) else key
            yield f"workflow: {thing} {name}: {stored.get(key)} in the database, {booked.get(key)} in the books"
