"""``fund rebuild``: a database's money state made from the books alone.

Names, tax codes, IBANs, leases and runs are not in the books and do not come back; every balance, month counter,
payment state and the chain do.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text

from fund.domain import access, errors
from fund.services.context import Context
from fund.store import journal
from fund.store.tables import (
    Allocation,
    Closing,
    Contribution,
    Fund,
    Household,
    Landlord,
    Overpayment,
    Payment,
    PaymentBatch,
    Receipt,
    Refund,
    SetOff,
    table,
)
from ledger import accounts
from ledger.entries import Entry
from ledger.events import is_offset
from ledger.months import Month
from ledger.position import Position
from ledger.verify import Verification, verify_books


def rebuild(context: Context, source: Verification, *, is_resumed: bool = False) -> Position:
    """Fill an empty database from a set of books, or leave one that an earlier attempt filled from the same ones.

    Raises ``AlreadyExists`` where the database holds a fund otherwise.
    """
    context.actor.must_be(access.ADMIN, access.SYSTEM_ROLE)
    entries, position = [record.entry for record in source.records], source.position
    there = context.run(select(table(Fund).c.journal_hash)).one_or_none()
    if there is not None:
        if is_resumed and there.journal_hash == source.head:
            return position
        raise errors.AlreadyExists("fund", "database")
    context.run(insert(table(Fund)).values(fund_row(entries, position)))
    journal.insert_entries(context.session, entries)
    for model, rows in table_rows(entries, position):
        if rows:
            context.run(insert(table(model)), rows)
    if context.session.connection().dialect.name == "postgresql":  # whose counters do not see numbers that were given
        context.run(
            text("SELECT setval(pg_get_serial_sequence('contribution', 'id'), :last)"), [{"last": len(entries)}]
        )
    return position


def read_source(books: Path) -> Verification:
    """The books that a database is made from. Raises ``IntegrityBroken`` with every finding about the fund's own files.

    What else lies in their folder is not read.
    """
    result = verify_books(books)
    if result.violations:
        raise errors.IntegrityBroken([str(finding) for finding in result.violations])
    return result


def fund_row(entries: list[Entry], position: Position) -> dict[str, Any]:
    """The fund as the books give it; what they do not have is its code, or the usual value, until somebody says it."""
    agreement = entries[0]
    committed_cents = -sum(cents for name, cents in position.balances.items() if accounts.household_of(name))
    return {
        "id": 1,
        "code": position.fund,
        **dict.fromkeys(("name", "project", "city", "funder"), position.fund),
        "agreement_date": agreement.date,
        "activities_end": agreement.facts.activities_end,
        "currency": "EUR",
        "target_months": position.cap_months,
        "cap_months": position.cap_months,
        "pay_day": 5,
        "iban_cooling_off_days": 10,
        "language": "it",
        "available_cents": -position.balances.get(accounts.AVAILABLE, 0),
        "committed_cents": committed_cents,
        "used_cents": -position.balances.get(accounts.USED, 0),
        "journal_seq": entries[-1].seq,
        "journal_hash": entries[-1].hash,
        "journal_day": entries[-1].date,
    }


def table_rows(entries: list[Entry], position: Position) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """What each table holds after these entries, as far as the books say it, in an order that foreign keys allow."""
    allocations = _allocation_rows(entries)
    yield Allocation, allocations
    granted = {row["code"] for row in allocations}
    yield Receipt, [_receipt_row(e) for e in entries if e.kind == "receipt" and e.facts.allocation in granted]
    yield (
        Household,
        [
            {
                "code": code,
                "cap_months": household.cap_months,
                "months_used": household.months_used,
                "months_committed": len(household.lots),
                "admitted_on": household.opened,
                "exited_on": household.exited,
            }
            for code, household in position.households.items()
        ],
    )
    yield Landlord, [{"code": code, "registered_on": day, "language": "it"} for code, day in position.landlords.items()]
    yield Contribution, _contribution_rows(entries, position)
    yield PaymentBatch, _batch_rows(entries)
    yield Payment, _payment_rows(entries, position)
    yield Overpayment, _overpayment_rows(entries)
    yield SetOff, _set_off_rows(entries)
    yield (
        Closing,
        [
            {"month": str(entry.facts.month), "seq": entry.seq, "chain_head": entry.hash}
            for entry in entries
            if entry.kind == "closing"
        ],
    )
    yield Refund, _refund_rows(entries)


def _uncorrected(entries: list[Entry], kind: str) -> list[Entry]:
    corrected = {entry.facts.corrects for entry in entries if entry.kind == "correction"}
    return [entry for entry in entries if entry.kind == kind and entry.seq not in corrected]


def _debit_cents(entry: Entry) -> int:
    return max((posting.amount_cents for posting in entry.postings), default=0)


def _allocation_rows(entries: list[Entry]) -> list[dict[str, Any]]:
    received: dict[str | None, int] = {}
    for entry in _uncorrected(entries, "receipt"):
        received[entry.facts.allocation] = received.get(entry.facts.allocation, 0) + _debit_cents(entry)
    return [
        {
            "code": entry.facts.allocation,
            "granted_on": entry.date,
            "amount_cents": _debit_cents(entry),
            "received_cents": received.get(entry.facts.allocation, 0),
        }
        for entry in _uncorrected(entries, "allocation")
    ]


def _receipt_row(entry: Entry) -> dict[str, Any]:
    facts = entry.facts
    return {
        "seq": entry.seq,
        "allocation": facts.allocation,
        "amount_cents": _debit_cents(entry),
        "bank_date": facts.bank_date,
    }


def _contribution_rows(entries: list[Entry], position: Position) -> list[dict[str, Any]]:
    """One row an approval, numbered by its entry; a corrected approval is a cancelled contribution."""
    valid = {entry.seq for entry in _uncorrected(entries, "approval")}
    set_off_cents: dict[int, int] = defaultdict(int)
    for row in _set_off_rows(entries):
        set_off_cents[row["contribution_id"]] += row["amount_cents"]
    return [
        {
            "id": entry.seq,
            "household": entry.facts.household,
            "landlord": entry.facts.landlord,
            "month": str(entry.facts.month),
            "amount_cents": sum(p.amount_cents for p in entry.postings if p.account.startswith(accounts.RENT)),
            "lot_cents": sum(p.amount_cents for p in entry.postings if p.month is not None),
            "set_off_cents": set_off_cents[entry.seq],
            "formula": entry.facts.formula,
            "state": _month_state(entry, position) if entry.seq in valid else "cancelled",
        }
        for entry in entries
        if entry.kind == "approval"
    ]


def _month_state(entry: Entry, position: Position) -> str:
    household, month = entry.facts.household, entry.facts.month
    assert household is not None and month is not None  # the event table requires both of an approval
    return position.households[household].months[month]


def _batch_rows(entries: list[Entry]) -> list[dict[str, Any]]:
    """Each batch that the books name. It counts as sent, so that nobody cancels what a bank may be paying."""
    batches: dict[str | None, dict[str, Any]] = {}
    for entry in entries:
        if entry.kind == "order":
            batches[entry.facts.batch] = {
                "code": entry.facts.batch,
                "state": "sent",
                "prepared_by": entry.prepared_by,
                "approved_by": entry.approved_by,
                "sealed_at": entry.recorded_at,
                "file_sha256": entry.facts.evidence,
            }
    ordered_in = {entry.facts.payment: entry.facts.batch for entry in entries if entry.kind == "order"}
    for entry in entries:
        if entry.kind == "cancellation":
            batches[ordered_in[entry.facts.payment]]["state"] = "cancelled"
    return list(batches.values())


def _payment_rows(entries: list[Entry], position: Position) -> list[dict[str, Any]]:
    """One row a payment, for the approval that stood when it was ordered. Ordered counts as sent, as its batch does."""
    approvals: dict[tuple[str | None, Month | None], int] = {}
    rows: dict[str, dict[str, Any]] = {}
    for entry in entries:
        facts = entry.facts
        if entry.kind == "approval":
            approvals[facts.household, facts.month] = entry.seq
        if facts.payment is None:
            continue
        if entry.kind == "order":
            payment = position.payments[facts.payment]
            rows[facts.payment] = {
                "code": facts.payment,
                "contribution_id": approvals[facts.household, facts.month],
                "batch": facts.batch,
                "amount_cents": payment.amount_cents,
                "state": "sent" if payment.state == "ordered" else payment.state,
            }
        rows[facts.payment] |= {"bank_date": facts.bank_date, "reason": facts.reason}
    return list(rows.values())


def _overpayment_rows(entries: list[Entry]) -> list[dict[str, Any]]:
    """Overpayments in the order in which they were approved; what came back belongs to the landlord's oldest first."""
    approvals: dict[tuple[str | None, Month | None], int] = {}
    rows: list[dict[str, Any]] = []
    for entry in entries:
        facts = entry.facts
        if entry.kind == "approval":
            approvals[facts.household, facts.month] = entry.seq
        elif entry.kind == "overpayment":
            rows.append(
                {
                    "contribution_id": approvals[facts.household, facts.month],
                    "household": facts.household,
                    "landlord": facts.landlord,
                    "month": str(facts.month),
                    "amount_cents": _debit_cents(entry),
                    "recovered_cents": 0,
                    "reason": facts.reason,
                    "state": "approved",
                    "prepared_by": entry.prepared_by,
                    "approved_by": entry.approved_by,
                    "entry": entry.seq,
                }
            )
        elif entry.kind == "recovery":
            _recover([row for row in rows if _is_of(row, entry)], _debit_cents(entry))
    return rows


def _set_off_rows(entries: list[Entry]) -> list[dict[str, Any]]:
    """What was kept back, for the approval that stood then."""
    approvals: dict[tuple[str | None, Month | None], int] = {}
    rows: list[dict[str, Any]] = []
    for entry in entries:
        facts = entry.facts
        if entry.kind == "approval":
            approvals[facts.household, facts.month] = entry.seq
        elif is_offset(entry) and facts.month is not None:
            rows.append(
                {
                    "contribution_id": approvals[facts.household, facts.month],
                    "household": facts.household,
                    "landlord": facts.landlord,
                    "month": str(facts.month),
                    "amount_cents": _debit_cents(entry),
                    "state": "approved",
                    "prepared_by": entry.prepared_by,
                    "approved_by": entry.approved_by,
                    "entry": entry.seq,
                }
            )
    return rows


def _is_of(row: dict[str, Any], entry: Entry) -> bool:
    """Whether an overpayment may be what a recovery is of: by its landlord, and by its month where it names one.

    What was set off names the month that it was kept back of.
    """
    facts = entry.facts
    named = (
        is_offset(entry)
        or facts.month is None
        or (row["household"], row["month"]) == (facts.household, str(facts.month))
    )
    return bool(row["landlord"] == facts.landlord and named)


def _recover(rows: list[dict[str, Any]], cents: int) -> None:
    for row in rows:
        part_cents = min(row["amount_cents"] - row["recovered_cents"], cents)
        row["recovered_cents"] += part_cents
        cents -= part_cents


def _refund_rows(entries: list[Entry]) -> list[dict[str, Any]]:
    """Refunds in the order in which they were approved.

    The books do not say which of them a payment pays: one of just its amount, or else the oldest, and then the next.
    """
    rows: list[dict[str, Any]] = []
    left_cents: list[int] = []
    for entry in entries:
        if entry.kind == "refund":
            people = {"prepared_by": entry.prepared_by, "approved_by": entry.approved_by}
            rows.append({"amount_cents": _debit_cents(entry), "state": "approved", "bank_date": None, **people})
            left_cents.append(_debit_cents(entry))
        elif entry.kind == "refund-payment":
            _pay_refunds(rows, left_cents, _debit_cents(entry), {"state": "paid", "bank_date": entry.facts.bank_date})
    return rows


def _pay_refunds(rows: list[dict[str, Any]], left_cents: list[int], paid_cents: int, paid: dict[str, Any]) -> None:
    order = [left_cents.index(paid_cents)] if paid_cents in left_cents else range(len(rows))
    for place in order:
        part_cents = min(left_cents[place], paid_cents)
        left_cents[place] -= part_cents
        paid_cents -= part_cents
        if part_cents and not left_cents[place]:
            rows[place] |= paid
