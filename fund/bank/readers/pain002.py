"""Reader of ISO 20022 status reports: pain.002, versions .02 to .14, plain or in a CBI envelope.

Sources: the message definition of CustomerPaymentStatusReport and the external code sets
``ExternalPaymentGroupStatus1Code``, ``ExternalPaymentTransactionStatus1Code`` and ``ExternalStatusReason1Code``. A
status is not a booking: an accepted payment is settled only when an account statement shows its debit.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from fund.bank.port import BankMessage, Notice, PaymentStatus, StatusKind
from fund.bank.readers.camt_entries import NOT_PROVIDED
from fund.bank.readers.refusals import named, refused_status
from fund.bank.readers.safe_xml import Found, child, children, line_of, only, stream, text_of
from fund.bank.readers.values import read_euro, read_instant, read_number, refuse
from fund.domain.controls import UNCONFIRMED_PAYEES, PayeeResult
from fund.domain.errors import UnreadableBankFile

if TYPE_CHECKING:
    from lxml.etree import _Element

_ISO = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(pain\.002\.001\.(?:0[2-9]|1[0-4]))", re.ASCII)
_KINDS: dict[str, StatusKind] = {
    **dict.fromkeys(("ACCC", "ACCP", "ACFC", "ACSC", "ACSP", "ACTC", "ACWC", "ACWP"), "accepted"),
    **dict.fromkeys(("BLCK", "PATC", "PDNG", "RCVD"), "pending"),
    **dict.fromkeys(("RCVC", "RVCM", "RVMC", "RVNA", "RVNC", "RVNM"), "pending"),  # Verification of Payee
    **dict.fromkeys(("CANC", "RJCT"), "rejected"),
    "PART": "part",
}
_PAYEE_RESULTS = frozenset(PayeeResult)
_SOME_UNCONFIRMED = "RVCM"
"""The status of what has payees who are not confirmed among others."""
_PARTS = frozenset(("OrgnlPmtInfId", "PmtInfSts", "StsRsnInf", "NbOfTxsPerSts", "TxInfAndSts"))

Level = Literal["group", "part", "transaction"]


@dataclass(frozen=True, slots=True)
class PartStatus(PaymentStatus):
    """Status of one part of a message or of a payment in it; ``part`` is the id of the payment information."""

    part: str | None = None


@dataclass
class _Scope:
    """State of the group or part being read: its status, its reasons, and what it states about its transactions."""

    line: int = 0
    kind: StatusKind | None = None
    part: str | None = None
    reasons: "tuple[str | None, str | None]" = (None, None)
    stated_rejects: int | None = None
    payee_result: PayeeResult | None = None
    payee_matches: int | None = None
    payee_doubts: int = 0
    says_doubts: bool = False
    kinds: Counter[StatusKind] = field(default_factory=Counter)
    has_rejected_part: bool = False


@dataclass
class _Report:
    """Statuses read so far, in the order group, part, transactions of the part."""

    format: str | None = None
    namespace: str = ""
    message_id: str | None = None
    created_at: datetime | None = None
    batch: str | None = None
    group: _Scope = field(default_factory=_Scope)
    part: _Scope | None = None
    held: list[PartStatus] = field(default_factory=list)
    statuses: list[PartStatus] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    count: int = 0

    def add(self, level: Level, kind: StatusKind, payment: str | None, amount: int | None, scope: _Scope) -> None:
        """Add one status. Those of a part wait until the part's own status, which precedes them, is known."""
        code, text = scope.reasons
        part = scope.part or (self.part.part if self.part else None)
        of_payee = scope.payee_result, scope.payee_matches, max(scope.payee_doubts, int(scope.says_doubts))
        self.held.append(PartStatus(0, level, kind, self.batch, payment, amount, code, text, *of_payee, part=part))


def read(data: bytes) -> BankMessage:
    """Read a pain.002 as a whole. Raises ``UnreadableBankFile`` for anything ambiguous."""
    report = _Report()
    for found in stream(data, units=_is_unit, containers=_is_container):
        _take(report, found)
    if report.format is None or report.batch is None:
        refuse(0, "OrgnlMsgId", "missing")
    if not report.statuses:
        refuse(0, "GrpSts", "no-status")
    _check_scope(report.group, is_group=True)
    statuses = tuple(
        replace(status, ordinal=ordinal, batch=report.batch) for ordinal, status in enumerate(report.statuses, start=1)
    )
    notices = tuple(report.notices)
    return BankMessage(report.format, report.message_id, report.created_at, statuses=statuses, notices=notices)


def _is_container(name: str, parent: str) -> bool:
    return name == "OrgnlPmtInfAndSts" and _is_report(parent)


def _is_unit(name: str, parent: str) -> bool:
    if parent == "OrgnlPmtInfAndSts":
        return name in _PARTS
    return name in ("GrpHdr", "OrgnlGrpInfAndSts", "TxInfAndSts") and _is_report(parent)


def _is_report(name: str) -> bool:
    return name == "CstmrPmtStsRpt" or name.startswith("CBI")


def _take(report: _Report, found: Found) -> None:
    element = found.element
    if found.name == "GrpHdr":
        report.message_id = report.message_id or text_of(element, "MsgId")
        created = child(element, "CreDtTm")
        if created is not None:
            report.created_at = report.created_at or read_instant(created.text, line_of(created), "CreDtTm")
        return
    if found.name == "OrgnlGrpInfAndSts":
        _take_group(report, found)
        return
    if report.format is None or found.namespace != report.namespace:
        refuse(found.line, found.name, "wrong-namespace" if report.format else "out-of-order")
    if found.name == "OrgnlPmtInfAndSts":
        if found.is_start:
            report.part = _Scope(found.line)
        elif report.part is not None:
            _end_part(report, report.part)
    elif found.name == "TxInfAndSts":
        try:
            _take_transaction(report, element)
        except UnreadableBankFile as refusal:
            raise refused_status(refusal, report.count + 1, _payment(element)) from None
        report.count += 1
    elif report.part is not None:
        _take_part(report, report.part, found)


def _take_group(report: _Report, found: Found) -> None:
    if report.format is not None:
        refuse(found.line, found.name, "repeated")
    match = _ISO.fullmatch(found.namespace)
    if match is None and found.namespace and not found.namespace.startswith("urn:CBI:xsd:"):
        refuse(found.line, found.name, "wrong-namespace")
    if not found.namespace:
        report.notices.append(Notice("namespace-missing"))
    report.format = match[1] if match else "pain.002 CBI" if found.namespace else "pain.002"
    report.namespace = found.namespace
    element = found.element
    report.batch = text_of(element, "OrgnlMsgId")
    status = only(element, "GrpSts")
    kind, reasons, counted = _kind(report, status, report.batch), _reasons(element), children(element, "NbOfTxsPerSts")
    result = _payee_result(status) or _payee_reason(children(element, "StsRsnInf"))
    stated = _stated(counted, "RJCT"), result, _stated(counted, PayeeResult.MATCH)
    doubts = _doubts(counted), text_of(status) == _SOME_UNCONFIRMED
    report.group = _counting(_Scope(found.line, kind, None, reasons, *stated, *doubts))
    if report.group.kind is not None:
        report.add("group", report.group.kind, None, None, report.group)
        _flush(report)


def _counting(scope: _Scope) -> _Scope:
    """A group or part in which a bank says nothing but how many payees it confirms: that waits."""
    if scope.kind is None and (scope.payee_doubts or scope.payee_matches):
        scope.kind = "pending"
    return scope


def _take_part(report: _Report, part: _Scope, found: Found) -> None:
    element = found.element
    if found.name == "OrgnlPmtInfId":
        part.part = text_of(element)
    elif found.name == "PmtInfSts":
        if part.kind is not None or part.kinds:
            refuse(found.line, found.name, "repeated" if part.kind else "out-of-order")
        part.kind, part.payee_result = _kind(report, element, part.part), _payee_result(element)
        part.says_doubts = text_of(element) == _SOME_UNCONFIRMED
    elif found.name == "StsRsnInf":
        part.reasons = _joined([part.reasons, _reason(element)])
        part.payee_result = part.payee_result or _payee_reason([element])
    else:
        rejects, matches = _stated([element], "RJCT"), _stated([element], PayeeResult.MATCH)
        part.stated_rejects = part.stated_rejects if rejects is None else rejects
        part.payee_matches = part.payee_matches if matches is None else matches
        part.payee_doubts += _doubts([element])


def _end_part(report: _Report, part: _Scope) -> None:
    """Complete a part: its own status first, then those of its transactions."""
    _check_scope(_counting(part), is_group=False)
    if part.kind is not None:
        _check_contradiction(report.group.kind, part.kind, part.line, "PmtInfSts")
        report.group.has_rejected_part |= part.kind == "rejected"
        transactions, report.held = report.held, []
        report.add("part", part.kind, None, None, part)
        report.held += transactions
    report.group.kinds += part.kinds
    report.part = None
    _flush(report)


def _flush(report: _Report) -> None:
    report.statuses += report.held
    report.held = []


def _take_transaction(report: _Report, element: "_Element") -> None:
    scope = report.part or report.group
    above = scope.kind or report.group.kind
    status = only(element, "TxSts")
    payment = _payment(element)
    kind = _kind(report, status, payment)
    if kind is None:
        if above != "rejected":
            report.notices.append(Notice("status-missing", named(payment)))
        kind = "rejected" if above == "rejected" else "pending"
    _check_contradiction(above, kind, line_of(element), "TxSts")
    reasons = _reasons(element)
    if reasons == (None, None) and kind == "rejected" == above:
        reasons = scope.reasons if scope.kind == "rejected" else report.group.reasons
    amount = child(element, "OrgnlTxRef", "Amt", "InstdAmt")
    cents = None
    if amount is not None:
        cents = read_euro(amount.text, amount.get("Ccy"), line_of(amount), "InstdAmt")
    payee_result = _payee_result(status) or _payee_reason(children(element, "StsRsnInf"))
    own = _Scope(line_of(element), kind, scope.part, reasons, payee_result=payee_result)
    scope.kinds[kind] += 1
    report.add("transaction", kind, payment, cents, own)
    if report.part is None:
        _flush(report)


def _payment(element: "_Element") -> str | None:
    payment = text_of(only(element, "OrgnlEndToEndId"))
    if payment in (None, NOT_PROVIDED):  # our instructions carry the same id in both places
        return text_of(only(element, "OrgnlInstrId"))
    return payment


def _kind(report: _Report, status: "_Element | None", about: str | None) -> StatusKind | None:
    word = text_of(status)
    if word is None:
        return None
    if word not in _KINDS:
        report.notices.append(Notice("status-unknown", named(about)))
    return _KINDS.get(word, "pending")


def _payee_result(status: "_Element | None") -> PayeeResult | None:
    word = text_of(status)
    return PayeeResult(word) if word in _PAYEE_RESULTS else None


def _payee_reason(reasons: "Iterable[_Element]") -> PayeeResult | None:
    """What a reason says of the payee, from a bank that gives the outcome there, beside a status that only waits."""
    codes = (text_of(reason, "Rsn", "Cd") for reason in reasons)
    return next((PayeeResult(code) for code in codes if code in _PAYEE_RESULTS), None)


def _doubts(counted: "Sequence[_Element]") -> int:
    """The number of payees that are counted as not confirmed."""
    return sum(_stated(counted, result) or 0 for result in UNCONFIRMED_PAYEES)


def _reasons(element: "_Element") -> "tuple[str | None, str | None]":
    return _joined([_reason(reason) for reason in children(element, "StsRsnInf")])


def _reason(element: "_Element") -> "tuple[str | None, str | None]":
    """Reason code, verbatim, and the bank's additional text."""
    code = text_of(element, "Rsn", "Cd") or text_of(element, "Rsn", "Prtry")
    texts = [(part.text or "").strip() for part in children(element, "AddtlInf")]
    return code, " ".join(filter(None, texts)) or None


def _joined(reasons: "list[tuple[str | None, str | None]]") -> "tuple[str | None, str | None]":
    """The first code; further codes precede the texts, so that none is lost."""
    codes = [code for code, _ in reasons if code]
    texts = [text for _, text in reasons if text]
    return (codes[0] if codes else None), "; ".join(codes[1:] + texts) or None


def _stated(counted: "Sequence[_Element]", status: str) -> int | None:
    """The number of transactions that the bank counts in a status."""
    numbers = (text_of(each, "DtldNbOfTxs") for each in counted if text_of(each, "DtldSts") == status)
    return read_number(next(numbers, None))


def _check_contradiction(above: StatusKind | None, kind: StatusKind, line: int, name: str) -> None:
    """Refuse an accepted payment in a rejected group or part, which rejects everything in it."""
    if above == "rejected" and kind != "rejected":
        refuse(line, name, "status-contradicts")


def _check_scope(scope: _Scope, *, is_group: bool) -> None:
    """Refuse a report that lists fewer rejections than it counts, unless the whole is rejected."""
    listed = scope.kinds["rejected"]
    if scope.stated_rejects is None or scope.kind == "rejected" or (is_group and scope.has_rejected_part):
        return
    if listed != scope.stated_rejects:
        refuse(scope.line, "NbOfTxsPerSts", "rejects-missing")
