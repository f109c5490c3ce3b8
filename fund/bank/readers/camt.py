"""Reader of ISO 20022 account reports, statements and notifications: camt.052, camt.053, camt.054, versions .02 to .14.

Sources: the message definitions of BankToCustomerAccountReport, BankToCustomerStatement and
BankToCustomerDebitCreditNotification; the Italian envelope is ``CBIBkToCstmrStmtReq`` (CBI), whose daily and periodic
messages hold the same ``Stmt``. The reader tolerates schema violations and is strict about sums: real files often fail
their XSD, but a sum that does not add up means that something is missing.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from fund.bank.port import BankMessage, Notice, ParsedStatement
from fund.bank.readers import camt_balances, camt_entries
from fund.bank.readers.camt_balances import StatedBalance
from fund.bank.readers.camt_entries import Detail, RawEntry
from fund.bank.readers.refusals import entry_place, refused_entry, statement_place, unread_statement
from fund.bank.readers.safe_xml import Found, child, line_of, stream, text_of
from fund.bank.readers.values import (
    EURO,
    as_account_iban,
    read_day_of_instant,
    read_instant,
    read_number,
    refuse,
)
from fund.domain.errors import UnreadableBankFile

if TYPE_CHECKING:
    from lxml.etree import _Element

STATEMENTS = {
    "BkToCstmrAcctRpt": "Rpt",
    "BkToCstmrStmt": "Stmt",
    "BkToCstmrDbtCdtNtfctn": "Ntfctn",
    "CBIDlyStmtReqLogMsg": "Stmt",
    "CBIPrdcStmtReqLogMsg": "Stmt",
}
"""Element of one account's movements, by the element of the message."""

_FAMILIES = {"Rpt": "camt.052", "Stmt": "camt.053", "Ntfctn": "camt.054"}
_PARTS = frozenset(("Id", "ElctrncSeqNb", "LglSeqNb", "StmtPgntn", "FrToDt", "Acct", "TxsSummry", "Bal", "Ntry"))
_ISO = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[234])\.001\.([0-9]{2})", re.ASCII)
_VERSIONS = range(2, 15)


@dataclass
class _Statement:
    """State of the statement being read.

    ``foreign`` is the refusal of the first entry in another currency: such an entry is left if the balances prove that
    the account, which is kept in euros, did not move by it.
    """

    kind: str
    namespace: str
    line: int
    id: str | None = None
    electronic_number: int | None = None
    legal_number: int | None = None
    page: int = 1
    is_last: bool = True
    account: str | None = None
    iban: str | None = None
    currency: str | None = None
    days: "tuple[str | None, str | None]" = (None, None)
    days_line: int = 0
    balances: list[StatedBalance] = field(default_factory=list)
    entries: list[RawEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    summary: camt_balances.Summary | None = None
    seen: int = 0
    foreign: UnreadableBankFile | None = None
    refusal: UnreadableBankFile | None = None


def read(data: bytes) -> BankMessage:
    """Read a camt file as a whole. Raises ``UnreadableBankFile`` for anything ambiguous."""
    message_id: str | None = None
    created_at: datetime | None = None
    formats: set[str] = set()
    statements: list[ParsedStatement] = []
    notices: list[Notice] = []
    current: _Statement | None = None
    details: list[Detail] = []
    first = 1
    pages: tuple[int, bool] = (1, True)
    for found in stream(data, units=_is_unit, containers=_is_container):
        if found.name == "GrpHdr":
            message_id = message_id or text_of(found.element, "MsgId")
            pages = _page(child(found.element, "MsgPgntn"))
            created = child(found.element, "CreDtTm")
            if created is not None and created_at is None:
                created_at = read_instant(created.text, line_of(created), "CreDtTm")
        elif found.is_start:
            formats.add(_format_of(found, notices))
            current = _Statement(found.name, found.namespace, found.line, page=pages[0], is_last=pages[1])
        elif current is None or found.namespace != current.namespace:
            refuse(found.line, found.name, "wrong-namespace")
        elif found.name == current.kind and found.parent in STATEMENTS:
            statement, noticed = _finished(current, first)
            statements.append(statement)
            notices.extend(noticed)
            first += len(statement.entries)
            current = None
        elif found.name == "TxDtls":
            details.append(camt_entries.read_detail(found.element))
        elif found.name == "Ntry":
            _take_entry(current, found, details)
            details = []
        else:
            try:
                _take(current, found)
            except UnreadableBankFile as refusal:
                current.refusal = current.refusal or refusal
    if not statements:
        refuse(0, "Stmt", "no-statement")
    if len(formats) > 1:
        refuse(0, "file", "formats-mixed")
    return BankMessage(formats.pop(), message_id, created_at, tuple(statements), notices=tuple(notices))


def _is_container(name: str, parent: str) -> bool:
    return STATEMENTS.get(parent) == name


def _is_unit(name: str, parent: str) -> bool:
    if parent in _FAMILIES:
        return name in _PARTS
    return (name == "TxDtls" and parent == "NtryDtls") or (name == "GrpHdr" and parent in STATEMENTS)


def _format_of(found: Found, notices: list[Notice]) -> str:
    """Format by the statement's namespace; without a namespace the version is unknown."""
    family = _FAMILIES[found.name]
    match = _ISO.fullmatch(found.namespace)
    if match is not None and match[1] == family and int(match[2]) in _VERSIONS:
        return f"{family}.001.{match[2]}"
    if found.namespace.startswith("urn:CBI:xsd:"):
        return f"{family} CBI"
    if found.namespace:
        refuse(found.line, found.name, "wrong-namespace")
    notices.append(Notice("namespace-missing"))
    return family


def _page(element: "_Element | None") -> "tuple[int, bool]":
    """The number of a page, and whether it is the last: of the statement, or of the message that it is alone in."""
    return read_number(text_of(element, "PgNb")) or 1, text_of(element, "LastPgInd") not in ("false", "0")


def _take(statement: _Statement, found: Found) -> None:
    """Read one part of a statement: neither an entry nor its end."""
    element = found.element
    match found.name:
        case "Id":
            statement.id = (element.text or "").strip() or None
        case "ElctrncSeqNb":
            statement.electronic_number = read_number(element.text)
        case "LglSeqNb":
            statement.legal_number = read_number(element.text)
        case "StmtPgntn":
            statement.page, statement.is_last = _page(element)
        case "FrToDt":
            statement.days = (text_of(element, "FrDtTm"), text_of(element, "ToDtTm"))
            statement.days_line = found.line
        case "Acct":
            statement.account = text_of(element, "Id", "IBAN") or text_of(element, "Id", "Othr", "Id")
            statement.iban = as_account_iban(statement.account)
            statement.currency = text_of(element, "Ccy")
        case "Bal":
            statement.balances.append(camt_balances.read_balance(element))
        case "TxsSummry":
            statement.summary = camt_balances.read_summary(element)


def _take_entry(statement: _Statement, found: Found, details: list[Detail]) -> None:
    """Read an entry with its details. What cannot be read of it is the statement's refusal, once."""
    statement.seen += 1
    place, noticed = (statement.seen, camt_entries.reference_of(found.element)), list[str]()
    try:
        statement.entries.append(camt_entries.read_entry(found.element, details, noticed))
    except UnreadableBankFile as refusal:
        refused = refused_entry(refusal, statement.account, statement.id, *place)
        if (refusal.field, refusal.reason) == ("Amt", "currency-not-euro"):
            statement.foreign = statement.foreign or refused
            noticed.append("other-account")
        else:
            statement.refusal = statement.refusal or refused
    if noticed:
        where = entry_place(statement.account, *place)
        statement.notices += (Notice(code, where) for code in dict.fromkeys(noticed))


def _finished(raw: _Statement, first: int) -> tuple[ParsedStatement, list[Notice]]:
    """The statement, or what is left of one that cannot be read."""
    try:
        if raw.refusal is not None:
            raise raw.refusal
        return _finish(raw, first)
    except UnreadableBankFile as refusal:
        return unread_statement(refusal, raw.id, raw.account, currency=raw.currency or EURO), []


def _finish(raw: _Statement, first: int) -> tuple[ParsedStatement, list[Notice]]:
    """The statement with its sums proved and its entries numbered from ``first``."""
    if raw.id is None:
        refuse(raw.line, "Id", "missing")
    if raw.currency not in (None, EURO):
        refuse(raw.line, "Ccy", "currency-not-euro")
    is_statement, place = raw.kind == "Stmt", statement_place(raw.account, raw.id)
    opening, closing = camt_balances.ends(raw.balances, is_statement=is_statement, page=raw.page)
    booked_cents = sum(entry.cents for entry in raw.entries if entry.is_booked)
    is_page = raw.page > 1 or not raw.is_last
    has_ends = opening is not None and closing is not None
    if raw.foreign is not None and not (has_ends and camt_balances.add_up(opening, closing, booked_cents)):
        raise raw.foreign
    if is_page and not camt_balances.add_up(opening, closing, booked_cents):
        raw.notices.append(Notice("balance-of-all-pages", place))
        opening, closing = camt_balances.of_page(opening, closing, booked_cents, page=raw.page, is_last=raw.is_last)
    camt_balances.prove(opening, closing, booked_cents)
    is_proved = opening is not None and closing is not None
    if not is_proved and not is_page and is_statement and raw.summary is None:
        raw.notices.append(Notice("balance-missing", place))
    for number, entry in enumerate(raw.entries, 1):
        if entry.refusal is not None and not is_proved:
            raise refused_entry(entry.refusal, raw.account, raw.id, number, entry.reference)
    cents = [entry.cents for entry in raw.entries]
    if not camt_balances.agrees(raw.summary, cents, is_proved=is_proved or is_page):
        raw.notices.append(Notice("summary-differs", place))
    entries = [line for entry in raw.entries for line in entry.lines(raw.iban)]
    start, end = raw.days
    days: list[date | None] = [*sorted(entry.booked_on for entry in entries if entry.is_booked)] or [None]
    first_day = read_day_of_instant(start, raw.days_line, "FrDtTm") if start else opening.day if opening else days[0]
    last_day = read_day_of_instant(end, raw.days_line, "ToDtTm") if end else closing.day if closing else days[-1]
    statement = ParsedStatement(
        id=raw.id if raw.page == 1 else f"{raw.id}/{raw.page}",
        number=raw.electronic_number if raw.electronic_number is not None else raw.legal_number,
        iban=raw.iban,
        currency=EURO,
        opening_cents=opening.cents if opening else None,
        closing_cents=closing.cents if closing else None,
        first_day=first_day,
        last_day=last_day,
        entries=tuple(replace(entry, ordinal=first + index) for index, entry in enumerate(entries)),
        account=raw.account,
    )
    return statement, raw.notices
