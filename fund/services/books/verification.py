"""``fund verify``: books and database held against each other, entry by entry, and both against the rules."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select

from fund.domain import access
from fund.domain.texts import N_
from fund.domain.views import VerificationView
from fund.services.books.rebuilding import fund_row, table_rows
from fund.services.context import Context
from fund.services.day_confirmations import entries_ahead
from fund.services.landlords.people import people_twice
from fund.store import journal
from fund.store.payouts.payments import payments_where
from fund.store.tables import Contribution, JournalEntry, Overpayment, PaymentBatch, Refund, SetOff, table
from ledger.chain import GENESIS, digest
from ledger.entries import Entry, NotAllowed
from ledger.position import Position
from ledger.reader import Record
from ledger.text import render_unhashed
from ledger.verify import verify_books

_entry, _contribution, _batch = table(JournalEntry), table(Contribution), table(PaymentBatch)
_refund, _overpayment, _set_off = table(Refund), table(Overpayment), table(SetOff)

CHECKS = ("gate", "chain", "rules", "beancount", "entries", "workflow")
"""What is checked: the text, the chain, every rule, stock Beancount, each entry with its row, each state."""

STRAY_ADVICE = N_(
    "These files or folders lie among the books and are not the fund's: %(names)s. They are never read, and the work "
    "goes on. Find out who put them there and move them elsewhere; delete a .picklecache, which Beancount makes unless "
    "BEANCOUNT_DISABLE_LOAD_CACHE=1 is set, because a planted one would run code on an auditor's machine."
)
"""What a person is told about stray files, at every door."""

_NOT_IN_BOOKS = ("proposed", "held", "rejected", "cancelled", "withdrawn")
_AS_SENT = {"ordered": "sent"}
"""The books know that a payment was ordered, and not whether it was sent: a rebuilt one counts as sent."""


def verify(context: Context, books: Path) -> VerificationView:
    """Compare everything; all findings are told, each naming its entry, file or row.

    What is not the fund's and lies among its books is told apart: it is never read, so the books agree all the same.
    """
    context.actor.must_be(*access.READERS, access.ADMIN)
    result = verify_books(books)
    findings = [str(finding) for finding in result.violations]
    entries, unreadable = _read_journal(context)
    findings += unreadable
    findings += _entry_findings(entries, result.records)
    position = _whole_position(entries)
    if position is None and not result.violations:
        entries, position = [record.entry for record in result.records], result.position
    if position is None:
        findings.append("workflow: was not compared, since neither the journal nor the books are whole")
    else:
        findings += workflow_findings(context, entries, position)
    warnings = tuple(_warnings(context))
    return VerificationView(len(result.records), result.head, CHECKS, tuple(findings), result.strays, warnings)


def _warnings(context: Context) -> Iterator[str]:
    ahead = entries_ahead(context)
    if ahead is not None:
        count, last = ahead
        yield (
            f"clock: entries dated after today, {context.day}: {count}, the last on {last}; "
            "a clock was ahead when they were booked, or this machine's is behind"
        )


def _read_journal(context: Context) -> tuple[list[Entry], list[str]]:
    """The entries that can be read, and a finding for each row that somebody left unreadable."""
    try:
        return list(journal.entries_after(context.session, 0)), []
    except ValueError:
        entries, findings = [], []
        for seq in range(1, journal.last_seq(context.session) + 1):
            try:
                entries += journal.read_entries(context.session, [_entry.c.seq == seq])
            except ValueError:
                findings.append(f"entries: entry {seq}: the database's row cannot be read")
        return entries, findings


def _whole_position(entries: Iterable[Entry]) -> Position | None:
    """What entries add up to, or ``None`` when their chain or one of the rules is broken."""
    position, head = Position(), GENESIS
    for entry in entries:
        unhashed = _rendered(entry)
        if unhashed is None or entry.prev != head or digest(head, unhashed) != entry.hash or position.apply(entry):
            return None
        head = entry.hash
    return position


def _entry_findings(entries: Iterable[Entry], records: Iterable[Record]) -> Iterator[str]:
    head, written = GENESIS, {record.entry.seq: record for record in records}
    for entry in entries:
        record, place = written.pop(entry.seq, None), f"entries: entry {entry.seq}: "
        unhashed = _rendered(entry)
        if unhashed is None or entry.prev != head or digest(entry.prev, unhashed) != entry.hash:
            yield place + "the database's row is not what its hash covers"
        if record is None:
            yield place + "stands in the database and not in the books"
        elif record.entry.hash != entry.hash or record.unhashed != unhashed:
            yield place + f"the books say something else ({record.place})"
        head = entry.hash
    for seq, record in sorted(written.items()):
        yield f"entries: entry {seq}, {record.place}: stands in the books and not in the database"


def _rendered(entry: Entry) -> bytes | None:
    try:
        return render_unhashed(entry).encode("ascii")
    except (NotAllowed, UnicodeEncodeError):
        return None


def workflow_findings(context: Context, entries: list[Entry], position: Position) -> Iterator[str]:
    """What the tables say otherwise than the entries do, and the position that these add up to."""
    if not entries:
        return
    fund = context.fund()
    yield from _people_findings(context)
    yield from _different(
        "fund", {fund.code: fund.model_dump(include=set(_FUND))}, _by_key([fund_row(entries, position)], "code", _FUND)
    )
    rows = context.run(select(func.count()).select_from(_entry)).scalar_one()
    if rows != len(entries):
        yield f"workflow: fund: {rows} entries in the database, {len(entries)} in the books"
    for model, booked in table_rows(entries, position):
        match model.__name__:
            case "Contribution":
                yield from _contribution_findings(context, booked)
            case "Payment":
                yield from _payment_findings(context, booked, position)
            case "PaymentBatch":
                yield from _batch_findings(context, booked)
            case "Refund":
                yield from _refund_findings(context, booked)
            case "Overpayment":
                yield from _overpayment_findings(context, booked)
            case "SetOff":
                yield from _set_off_findings(context, booked)
            case name:
                key, *columns = _COMPARED[name]
                stored = {row._mapping[key]: _said(row, columns) for row in context.run(table(model).select())}
                yield from _different(name.lower(), stored, _by_key(booked, key, columns))


def _people_findings(context: Context) -> Iterator[str]:
    for code, others in sorted(people_twice(context).items()):
        yield f"workflow: {code}: its person stands in the fund as {', '.join(others)} too"


_FUND = (
    "cap_months",
    "activities_end",
    "available_cents",
    "committed_cents",
    "used_cents",
    "journal_seq",
    "journal_hash",
    "journal_day",
)
_COMPARED = {
    "Allocation": ("code", "amount_cents", "received_cents"),
    "Receipt": ("seq", "allocation", "amount_cents", "bank_date"),
    "Household": ("code", "cap_months", "months_used", "months_committed", "admitted_on", "exited_on"),
    "Landlord": ("code", "registered_on"),
    "Closing": ("month", "seq", "chain_head"),
}
_CONTRIBUTION = ("landlord", "amount_cents", "lot_cents", "set_off_cents", "formula", "state")
_BATCH = ("prepared_by", "approved_by", "sealed_at", "file_sha256")

_SET_OFF = ("household", "landlord", "month", "amount_cents", "prepared_by", "approved_by")
_OVERPAYMENT = ("landlord", "amount_cents", "recovered_cents", "reason", "prepared_by", "approved_by")

Said = dict[str, object]


def _said(row: "Row[Any]", columns: Iterable[str]) -> Said:
    return {column: row._mapping[column] for column in columns}


def _by_key(rows: Iterable[dict[str, Any]], key: str, columns: Iterable[str]) -> dict[Any, Said]:
    return {row[key]: {column: row.get(column) for column in columns} for row in rows}


def _contribution_findings(context: Context, booked: Iterable[dict[str, Any]]) -> Iterator[str]:
    rows = context.run(_contribution.select().where(_contribution.c.state.not_in(_NOT_IN_BOOKS)))
    stored = {(row.household, row.month): _said(row, _CONTRIBUTION) for row in rows}
    books = {
        (row["household"], row["month"]): {column: row[column] for column in _CONTRIBUTION}
        for row in booked
        if row["state"] not in _NOT_IN_BOOKS
    }
    yield from _different("contribution", stored, books)


def _payment_findings(context: Context, booked: Iterable[dict[str, Any]], position: Position) -> Iterator[str]:
    stored: dict[str, Said] = {
        row.code: {
            "month": f"{row.household} {row.month}",
            "batch": row.batch,
            "amount_cents": row.amount_cents,
            "bank_date": row.bank_date,
            "state": _AS_SENT.get(row.state, row.state),
        }
        for row in payments_where(context.session)
        if row.state not in ("proposed", "withdrawn")
    }
    books = _by_key(booked, "code", ("batch", "amount_cents", "bank_date", "state"))
    for code, payment in position.payments.items():
        books[code] |= {"month": f"{payment.household} {payment.month}"}
    yield from _different("payment", stored, books)


def _batch_findings(context: Context, booked: Iterable[dict[str, Any]]) -> Iterator[str]:
    stored: dict[str, Said] = {}
    for row in context.run(_batch.select().where(_batch.c.state.not_in(("proposed", "withdrawn")))):
        stored[row.code] = _said(row, _BATCH) | {"cancelled": row.state == "cancelled"}
        if row.file_bytes is not None and sha256(row.file_bytes).hexdigest() != row.file_sha256:
            yield f"workflow: batch {row.code}: its file is not the one that was sealed"
    books = {
        row["code"]: {column: row[column] for column in _BATCH} | {"cancelled": row["state"] == "cancelled"}
        for row in booked
    }
    yield from _different("batch", stored, books)


def _overpayment_findings(context: Context, booked: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Overpayments have no code in the books: those of one month are compared in their order."""
    rows = context.run(_overpayment.select().where(_overpayment.c.state == "approved").order_by(_overpayment.c.id))
    stored, books = (_overpayments(found) for found in ((dict(row._mapping) for row in rows), booked))
    yield from _different("overpayment of", stored, books)


def _overpayments(rows: Iterable[dict[str, Any]]) -> dict[Any, Said]:
    found: dict[Any, dict[str, list[str]]] = {}
    for row in rows:
        of_month = found.setdefault((row["household"], row["month"]), {name: [] for name in _OVERPAYMENT})
        for name in _OVERPAYMENT:
            of_month[name].append(str(row[name]))
    return {key: {name: sorted(values) for name, values in said.items()} for key, said in found.items()}


def _set_off_findings(context: Context, booked: Iterable[dict[str, Any]]) -> Iterator[str]:
    rows = context.run(_set_off.select().where(_set_off.c.state == "approved"))
    yield from _different(
        "set-off", {row.entry: _said(row, _SET_OFF) for row in rows}, _by_key(booked, "entry", _SET_OFF)
    )


def _refund_findings(context: Context, booked: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Refunds have no code in the books: those of one amount are compared together."""
    rows = context.run(_refund.select().where(_refund.c.state.in_(("approved", "paid"))))
    stored, books = (_refunds(found) for found in ((dict(row._mapping) for row in rows), booked))
    yield from _different("refund of cents", stored, books)


def _refunds(rows: Iterable[dict[str, Any]]) -> dict[Any, Said]:
    found: dict[Any, dict[str, list[str]]] = {}
    for row in rows:
        of_amount = found.setdefault(row["amount_cents"], {"people": [], "state": []})
        of_amount["people"].append(f"{row['prepared_by']} {row['approved_by']}")
        of_amount["state"].append(f"{row['state']} {row['bank_date']}")
    return {amount: {name: sorted(values) for name, values in said.items()} for amount, said in found.items()}


def _different(thing: str, stored: Mapping[Any, Said], booked: Mapping[Any, Said]) -> Iterator[str]:
    for key in sorted(stored.keys() | booked.keys(), key=str):
        name = f"workflow: {thing} {' '.join(key) if isinstance(key, tuple) else key}: "
        if key not in booked:
            yield name + "stands in the database and not in the books"
        elif key not in stored:
            yield name + "stands in the books and not in the database"
        else:
            for column, value in booked[key].items():
                if stored[key][column] != value:
                    yield f"{name}{column} is {stored[key][column]} in the database, {value} in the books"
