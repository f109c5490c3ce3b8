"""The bank's lists as tables."""

from dataclasses import replace
from typing import Any

from fund.documents.tables import Col, Table
from fund.domain.access import FINANCE
from fund.domain.bank_views import (
    AccountStatement,
    BankFileSummary,
    BankLineView,
    BankRuleView,
    Difference,
    OpenItem,
    OutstandingOrder,
)
from fund.domain.lists import DIFFERENCES_OF_LINES, MATCHINGS_WITH_PAYMENTS, OF_PAYMENTS, DifferenceKind, Resolution
from fund.domain.texts import N_
from ledger import codes


def payment_of(line: BankLineView) -> str | None:
    """The page of the payment that a line names, where there is one."""
    is_ours = line.matching in MATCHINGS_WITH_PAYMENTS and codes.matches(codes.PAYMENT, line.payment)
    return f"/payments/{line.payment}" if is_ours else None


def line_address(line: BankLineView) -> str:
    """The page of a line."""
    return f"/bank-files/{line.file}/lines/{line.ordinal}"


def file_address(row: Any) -> str:
    """The page of the file of a line or statement."""
    return f"/bank-files/{row.file}"


def resolution_address(line: BankLineView) -> str | None:
    """Where what a line was matched to is shown; several payments have no page together."""
    if "," in (line.resolved_to or ""):
        return None
    pages = {
        **dict.fromkeys(OF_PAYMENTS, "/payments/"),
        Resolution.BATCH: "/batches/",
        Resolution.RECOVERY: "/landlords/",
        Resolution.REGULARISATION: "/search?q=",
    }
    return pages[line.resolved_as] + str(line.resolved_to) if line.resolved_as in pages else None


def _state(file: BankFileSummary) -> str:
    if file.booked_at is None:
        return "failed" if file.set_aside_as is None else Resolution.SET_ASIDE
    return "open" if file.open_lines or file.alarms else "ok"


def _missing(statement: AccountStatement) -> str | None:
    return " ".join(warning.partition(" ")[0] for warning in statement.warnings) or None


def _about(part: Difference) -> str | None:
    if part.kind in DIFFERENCES_OF_LINES:
        name, _, ordinal = part.key.partition("/")
        return f"/search?q={name}/{ordinal}"
    return f"/search?q={part.key}" if part.kind is DifferenceKind.BOOKS_ONLY and part.key else None


FILES: Table[BankFileSummary] = Table(
    "bank-files",
    N_("Files received, the newest first"),
    (
        Col(N_("file"), lambda row: row.name, link=lambda file: f"/bank-files/{file.sha256}"),
        Col(N_("received on"), lambda row: row.received_at, "instant"),
        Col(N_("by"), lambda row: row.received_by, "word"),
        Col(N_("format"), lambda row: row.format, "word"),
        Col(N_("state"), _state, "state"),
        Col(N_("set aside as"), lambda row: row.set_aside_as, "word"),
        Col(N_("lines"), lambda row: row.lines, "count"),
        Col(N_("open lines"), lambda row: row.open_lines, "count"),
        Col(N_("alarms"), lambda row: row.alarms, "count"),
    ),
    N_("No file of the bank has been received yet."),
)

LINES: Table[BankLineView] = Table(
    "bank-lines",
    N_("Line by line"),
    (
        Col(N_("line"), lambda row: row.key, "code", file_address),
        Col(N_("payment"), lambda row: row.payment, "code", payment_of),
        Col(N_("outcome"), lambda row: row.outcome, "word"),
        Col(N_("booked on"), lambda row: row.bank_date, "day"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
        Col(N_("owed by the bank"), lambda row: row.owed_by_bank_cents, "money"),
        Col(N_("matching"), lambda row: row.matching, "state"),
        Col(N_("the bank’s reason"), lambda row: row.reason, "reason"),
        Col(N_("what it asks for"), lambda row: row.action, "word"),
        Col(N_("matched with"), lambda row: row.resolved_to, "word", resolution_address, is_detail=True),
    ),
    N_("The file has no line."),
)


def lines_for(role: str) -> Table[BankLineView]:
    """The lines, each leading to its own page for those who resolve them."""
    first: Col[BankLineView] = Col(N_("line"), lambda row: row.key, "code", line_address)
    return replace(LINES, columns=(first, *LINES.columns[1:])) if role in FINANCE else LINES


STATEMENTS: Table[AccountStatement] = Table(
    "account-statements",
    N_("Statements of the account"),
    (
        Col(N_("statement"), lambda row: row.id, "code", file_address),
        Col(N_("number"), lambda row: row.number, "count"),
        Col(N_("kind"), lambda row: row.series),
        Col(N_("from"), lambda row: row.first_day, "day"),
        Col(N_("to"), lambda row: row.last_day, "day"),
        Col(N_("opens with"), lambda row: row.opening_cents, "money"),
        Col(N_("closes with"), lambda row: row.closing_cents, "money"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("missing before it"), _missing, "word"),
    ),
    N_("No statement of the account has been received yet."),
)

DIFFERENCES: Table[Difference] = Table(
    "differences",
    N_("What lies between the bank and the books"),
    (
        Col(N_("what it is"), lambda row: row.kind, "word"),
        Col(N_("about"), lambda row: row.key, "word", _about),
        Col(N_("day"), lambda row: row.day, "day"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
        Col(N_("left to do"), lambda part: "open" if part.is_left else "ok", "state"),
    ),
    N_("Bank and books agree to the cent."),
)

OUTSTANDING_ORDERS: Table[OutstandingOrder] = Table(
    "outstanding-orders",
    N_("Ordered, and not booked by the bank yet"),
    (
        Col(N_("payment"), lambda row: row.payment, "code", "/payments/{}"),
        Col(N_("batch"), lambda row: row.batch, "code", "/batches/{}"),
        Col(N_("landlord"), lambda row: row.landlord, "landlord", "/landlords/{}"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("ordered on"), lambda row: row.ordered_on, "day"),
        Col(N_("days"), lambda row: row.age_days, "count"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
    ),
    N_("Everything that was ordered is booked by the bank."),
)


def _moved(one: OpenItem) -> int | None:
    return one.line.amount_cents if one.line.moved_cents is None else one.line.moved_cents


def _suggestions(one: OpenItem) -> tuple[str, ...]:
    return tuple(f"{suggestion.kind} {suggestion.key}" for suggestion in one.suggestions)


_MOVEMENT: tuple[Col[OpenItem], ...] = (
    Col(N_("line"), lambda one: one.line.key, "code", lambda one: file_address(one.line)),
    Col(N_("booked on"), lambda one: one.line.bank_date, "day"),
    Col(N_("amount"), _moved, "money"),
    Col(N_("counterparty"), lambda one: one.counterparty_name),
)
_TEXT: Col[OpenItem] = Col(N_("text"), lambda one: one.remittance)

OPEN_ITEMS: Table[OpenItem] = Table(
    "open-items",
    N_("Open items"),
    (
        *_MOVEMENT,
        Col(N_("owed by the bank"), lambda one: one.line.owed_by_bank_cents, "money"),
        Col(N_("IBAN, in part"), lambda one: one.line.iban, "code"),
        _TEXT,
        Col(N_("it names"), lambda one: one.line.payment or None, "code"),
        Col(N_("reference of the bank"), lambda one: one.line.bank_reference, "code"),
        Col(N_("matching"), lambda one: one.line.matching, "state"),
        Col(N_("the bank’s reason"), lambda one: one.line.reason, "reason"),
        Col(N_("proposal"), lambda one: one.proposal, "count", "/proposals/{}"),
        Col(N_("suggestions"), _suggestions, "several"),
    ),
    N_("No open items."),
)
"""Their file; the page stacks the same."""

RULED_LINES: Table[OpenItem] = Table(
    "ruled-lines",
    N_("Lines, the oldest first"),
    (*_MOVEMENT, _TEXT),
    N_("None."),
)
"""What a rule would set aside."""

BANK_RULES: Table[BankRuleView] = Table(
    "bank-rules",
    N_("Rules for what is not the fund’s business"),
    (
        Col(N_("rule"), lambda rule: rule.number, "count"),
        Col(N_("words of the counterparty"), lambda rule: rule.counterparty or None),
        Col(N_("words of the text"), lambda rule: rule.text or None),
        Col(N_("agreed on"), lambda rule: rule.agreed_at, "instant"),
        Col(N_("ended on"), lambda rule: rule.ended_at, "instant"),
        Col(N_("lines set aside"), lambda rule: rule.lines, "count"),
    ),
    N_("No rule has been agreed to yet."),
)
