"""The bank's files, their open lines and the reconciliation as JSON, the same through every door."""

from typing_extensions import TypedDict

from fund.domain.bank_views import (
    AccountStatement,
    BankFileSummary,
    BankFileView,
    BankLineDetails,
    BankLineView,
    Candidate,
    QueueLine,
    ReconciliationView,
)
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
    """``booked_at`` is ``null`` while nothing of it is booked; ``set_aside`` is a person's word to leave it at that."""

    sha256: str
    name: str
    already_received: bool
    format: str | None
    received_at: str
    received_by: str
    booked_at: str | None
    set_aside_as: str | None
    set_aside_by: str | None
    set_aside_at: str | None
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
    set_aside_as: str | None
    lines: int
    open_lines: int
    alarms: int


class CandidateJson(TypedDict):
    """What a line may be about, and why, the strongest reason first."""

    kind: str
    key: str
    amount: str
    why: list[str]


class QueueLineJson(TypedDict):
    """A line that waits for a person."""

    line: BankLineJson
    candidates: list[CandidateJson]


class BankLineDetailsJson(TypedDict):
    """One line with all that the bank said of it: also the name, the IBAN and the text of the other side.

    ``batch`` is whatever the bank names a batch by, ``bank_code`` its code for the kind of booking, ``bank_word`` the
    treasurer's outcome, ``reason_text`` the reason in the bank's words.
    """

    line: BankLineJson
    candidates: list[CandidateJson]
    counterparty_name: str | None
    counterparty_iban: str | None
    remittance: str | None
    batch: str | None
    bank_code: str | None
    bank_word: str | None
    reason_text: str | None


class InTransitJson(TypedDict):
    payment: str
    batch: str
    landlord: str
    amount: str
    state: str
    ordered_on: str | None
    age_days: int | None


class DifferenceJson(TypedDict):
    """A part of the difference between bank and books; ``left`` where somebody has to do something about it."""

    kind: str
    key: str
    day: str | None
    amount: str
    left: bool


class ReconciliationJson(TypedDict):
    """``settled`` when nothing is left to do. The differences add up to ``difference``, which is bank less books."""

    settled: bool
    day: str | None
    bank: str | None
    books: str
    difference: str
    balances: list[AccountStatementJson]
    differences: list[DifferenceJson]
    in_transit: list[InTransitJson]
    open_lines: list[BankLineJson]
    alarms: list[AccountStatementJson]
    gaps: list[AccountStatementJson]


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
        "booked_at": instant_or_none(view.booked_at),
        "set_aside_as": view.set_aside_as,
        "set_aside_by": view.set_aside_by,
        "set_aside_at": instant_or_none(view.set_aside_at),
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
        "set_aside_as": file.set_aside_as,
        "lines": file.lines,
        "open_lines": file.open_lines,
        "alarms": file.alarms,
    }


def _candidates(candidates: tuple[Candidate, ...]) -> list[CandidateJson]:
    return [
        {"kind": one.kind, "key": one.key, "amount": format_cents(one.amount_cents), "why": list(one.why)}
        for one in candidates
    ]


def queue_line_json(waiting: QueueLine) -> QueueLineJson:
    """A line that waits for a person."""
    return {"line": bank_line_json(waiting.line), "candidates": _candidates(waiting.candidates)}


def bank_line_details_json(details: BankLineDetails) -> BankLineDetailsJson:
    """One line with the personal data of the other side."""
    return {
        "line": bank_line_json(details.line),
        "candidates": _candidates(details.candidates),
        "counterparty_name": details.counterparty_name,
        "counterparty_iban": details.counterparty_iban,
        "remittance": details.remittance,
        "batch": details.batch,
        "bank_code": details.bank_code,
        "bank_word": details.bank_word,
        "reason_text": details.reason_text,
    }


def reconciliation_json(view: ReconciliationView) -> ReconciliationJson:
    """The bank against the books."""
    return {
        "settled": view.is_settled,
        "day": day_or_none(view.day),
        "bank": euros(view.bank_cents),
        "books": format_cents(view.books_cents),
        "difference": format_cents(view.difference_cents),
        "balances": [account_statement_json(statement) for statement in view.balances],
        "differences": [
            {
                "kind": part.kind,
                "key": part.key,
                "day": day_or_none(part.day),
                "amount": format_cents(part.amount_cents),
                "left": part.is_left,
            }
            for part in view.differences
        ],
        "in_transit": [
            {
                "payment": payment.payment,
                "batch": payment.batch,
                "landlord": payment.landlord,
                "amount": format_cents(payment.amount_cents),
                "state": payment.state,
                "ordered_on": day_or_none(payment.ordered_on),
                "age_days": payment.age_days,
            }
            for payment in view.in_transit
        ],
        "open_lines": [bank_line_json(line) for line in view.open_lines],
        "alarms": [account_statement_json(statement) for statement in view.alarms],
        "gaps": [account_statement_json(statement) for statement in view.gaps],
    }
