"""The bank's files, their open lines and the reconciliation as JSON, the same through every door."""

from typing_extensions import TypedDict

from fund.bank_views import AccountStatement, BankFileSummary, BankFileView, BankLineView
from fund.doors.representations import day, day_or_none, instant, instant_or_none
from ledger.money import format_cents


class BankLineJson(TypedDict):
    """One line of a bank file, and what was made of it; ``payment`` and ``reason`` are as the bank wrote them.

    ``moved`` is what it moved on the account, a debit negative. ``action`` is what the reason asks for.
    """

    file: str
    ordinal: int
    statement: int | None
    payment: str
    outcome: str
    amount: str | None
    moved: str | None
    bank_date: str
    value_date: str | None
    iban: str | None
    bank_reference: str | None
    mandate: str | None
    receipt_number: str | None
    reason: str | None
    action: str | None
    verdict: str
    resolved_as: str | None
    resolved_to: str | None
    resolved_by: str | None
    resolved_at: str | None
    charges: str | None


class NoticeJson(TypedDict):
    """What was noticed in a file and tolerated."""

    code: str
    place: str


class AccountStatementJson(TypedDict):
    """A statement of an account; ``disputed`` and ``foreign`` are alarms, and nothing of them is booked."""

    file: str
    ordinal: int
    account: str
    series: str
    id: str
    number: int | None
    opening: str | None
    closing: str | None
    first_day: str | None
    last_day: str | None
    state: str
    warnings: list[str]
    decided_by: str | None


class BankFileJson(TypedDict):
    sha256: str
    name: str
    already_received: bool
    format: str | None
    received_at: str
    received_by: str
    notices: list[NoticeJson]
    statements: list[AccountStatementJson]
    lines: list[BankLineJson]


class BankFileSummaryJson(TypedDict):
    """A file without its lines: how many they are, how many are open, and how many of its statements are alarms."""

    sha256: str
    name: str
    format: str | None
    received_at: str
    received_by: str
    booked_at: str | None
    lines: int
    open_lines: int
    alarms: int


def euros(cents: int | None) -> str | None:
    """An amount, if there is one."""
    return None if cents is None else format_cents(cents)


def bank_line_json(line: BankLineView) -> BankLineJson:
    """A line of a bank file."""
    return {
        "file": line.file,
        "ordinal": line.ordinal,
        "statement": line.statement,
        "payment": line.payment,
        "outcome": line.outcome,
        "amount": euros(line.amount_cents),
        "moved": euros(line.moved_cents),
        "bank_date": day(line.bank_date),
        "value_date": day_or_none(line.value_date),
        "iban": line.iban,
        "bank_reference": line.bank_reference,
        "mandate": line.mandate,
        "receipt_number": line.receipt_number,
        "reason": line.reason,
        "action": line.action,
        "verdict": line.verdict,
        "resolved_as": line.resolved_as,
        "resolved_to": line.resolved_to,
        "resolved_by": line.resolved_by,
        "resolved_at": instant_or_none(line.resolved_at),
        "charges": euros(line.charges_cents),
    }


def account_statement_json(statement: AccountStatement) -> AccountStatementJson:
    """A statement of an account."""
    return {
        "file": statement.file,
        "ordinal": statement.ordinal,
        "account": statement.account,
        "series": statement.series,
        "id": statement.id,
        "number": statement.number,
        "opening": euros(statement.opening_cents),
        "closing": euros(statement.closing_cents),
        "first_day": day_or_none(statement.first_day),
        "last_day": day_or_none(statement.last_day),
        "state": statement.state,
        "warnings": list(statement.warnings),
        "decided_by": statement.decided_by,
    }


def bank_file_json(view: BankFileView) -> BankFileJson:
    """A bank file and what was made of it."""
    return {
        "sha256": view.sha256,
        "name": view.name,
        "already_received": view.already_received,
        "format": view.format,
        "received_at": instant(view.received_at),
        "received_by": view.received_by,
        "notices": [{"code": notice.code, "place": notice.place} for notice in view.notices],
        "statements": [account_statement_json(statement) for statement in view.statements],
        "lines": [bank_line_json(line) for line in view.lines],
    }


def bank_file_summary_json(file: BankFileSummary) -> BankFileSummaryJson:
    """A bank file in a list."""
    return {
        "sha256": file.sha256,
        "name": file.name,
        "format": file.format,
        "received_at": instant(file.received_at),
        "received_by": file.received_by,
        "booked_at": instant_or_none(file.booked_at),
        "lines": file.lines,
        "open_lines": file.open_lines,
        "alarms": file.alarms,
    }
