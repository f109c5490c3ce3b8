"""Writer of pain.002: a bank's status of a file of orders before execution. It settles nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from fund.bank.simulated.orders import Order, Orders
from fund.bank.writers.xml import Element, add, document, serialized
from ledger.money import format_cents

Version = Literal["pain.002.001.03", "pain.002.001.10"]
NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"


def write_status(
    file: Orders, *, on: date, number: int, rejected: Mapping[str, str] | None = None, group_reason: str | None = None
) -> bytes:
    """Accept a file, reject it as a whole for ``group_reason``, or reject some payments (payment → reason).

    A rejected group lists no payments, and a partly accepted one lists only the rejected ones.
    """
    lost = {} if rejected is None else rejected
    version: Version = "pain.002.001.03" if file.format == "pain.001.001.03" else "pain.002.001.10"
    root = document(NAMESPACE + version, "Document")
    report = add(root, "CstmrPmtStsRpt")
    header = add(report, "GrpHdr")
    add(header, "MsgId", f"STS-{on:%Y%m%d}-{number:04d}")
    add(header, "CreDtTm", f"{on.isoformat()}T12:00:00")
    group = add(report, "OrgnlGrpInfAndSts")
    add(group, "OrgnlMsgId", file.batch)
    add(group, "OrgnlMsgNmId", "CBIPaymentRequest.00.04.01" if file.format == "cbi" else file.format)
    add(group, "OrgnlNbOfTxs", str(len(file.orders)))
    add(group, "OrgnlCtrlSum", format_cents(file.total_cents))
    add(group, "GrpSts", "RJCT" if group_reason else "PART" if lost else "ACCP")
    if group_reason:
        add(group, "StsRsnInf/Rsn/Cd", group_reason)
    elif lost:
        _counted(group, len(lost), len(file.orders))
        part = add(report, "OrgnlPmtInfAndSts")
        add(part, "OrgnlPmtInfId", file.batch)
        for order in file.orders:
            if order.payment in lost:
                _transaction(add(part, "TxInfAndSts"), order, lost[order.payment])
    return serialized(root)


def _counted(group: Element, rejected: int, count: int) -> None:
    for status, number in (("ACCP", count - rejected), ("RJCT", rejected)):
        if number:
            counted = add(group, "NbOfTxsPerSts")
            add(counted, "DtldNbOfTxs", str(number))
            add(counted, "DtldSts", status)


def _transaction(element: Element, order: Order, reason: str) -> None:
    add(element, "OrgnlInstrId", order.payment)
    add(element, "OrgnlEndToEndId", order.payment)
    add(element, "TxSts", "RJCT")
    add(element, "StsRsnInf/Rsn/Cd", reason)
    add(element, "OrgnlTxRef/Amt/InstdAmt", format_cents(order.amount_cents), Ccy="EUR")
