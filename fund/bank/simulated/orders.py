"""Strict reader of sealed files, as a bank or treasurer reads them: what it does not understand, it must not pay.

pain.001 (.09, .03), CBI payment request 00.04.01 and OPI flow 1.7.1. Each raises ``UnreadableBankFile``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from lxml import etree

from fund.bank.readers.safe_xml import child, children, line_of, text_of
from fund.bank.readers.values import read_cents, read_day, read_euro, read_number, refuse
from fund.bank.schemas import CBI
from fund.bank.writers.pain001 import NAMESPACE as ISO
from fund.domain.identifiers import parse_iban

Element = Any


@dataclass(frozen=True, slots=True)
class Order:
    """One payment to make. ``mandate`` is the number of its OPI order, which has one payee."""

    payment: str
    amount_cents: int
    iban: str
    creditor: str
    text: str
    mandate: int | None = None


@dataclass(frozen=True, slots=True)
class Orders:
    """A file of orders: message, format, account to debit (an OPI flow names none), day, orders."""

    batch: str
    format: str
    debtor_iban: str | None
    pay_on: date
    orders: tuple[Order, ...]

    @property
    def total_cents(self) -> int:
        return sum(order.amount_cents for order in self.orders)


def read_orders(data: bytes) -> Orders:
    """Read a file of orders as a whole, or refuse it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        _refuse_xml(error.lineno or 0)
    name = etree.QName(root)
    readers: dict[tuple[str, str], Callable[[Element], Orders]] = {
        (ISO + "pain.001.001.09", "Document"): lambda found: _of_iso(found[0], "pain.001.001.09"),
        (ISO + "pain.001.001.03", "Document"): lambda found: _of_iso(found[0], "pain.001.001.03"),
        (CBI, "CBIPaymentRequest"): lambda found: _of_iso(found, "cbi"),
        ("", "flusso_ordinativi"): _of_opi,
    }
    reader = readers.get((name.namespace or "", name.localname))
    return _checked(reader(root)) if reader else refuse(line_of(root), name.localname, "unknown-format")


def _refuse_xml(line: int) -> NoReturn:
    refuse(line, "file", "not-well-formed")


def _of_iso(message: Element, form: str) -> Orders:
    header, groups = child(message, "GrpHdr"), children(message, "PmtInf")
    if len(groups) != 1:
        refuse(line_of(message), "PmtInf", "repeated" if groups else "missing")
    (group,) = groups
    orders = tuple(_transfer(found) for found in children(group, "CdtTrfTxInf"))
    for part in (header,) if form == "cbi" else (header, group):
        _check_totals(part, orders)
    day = child(group, "ReqdExctnDt", "Dt")
    day = child(group, "ReqdExctnDt") if day is None else day
    return Orders(
        batch=_needed(header, "MsgId"),
        format=form,
        debtor_iban=_iban(_needed(group, "DbtrAcct", "Id", "IBAN"), line_of(group)),
        pay_on=read_day(text_of(day), line_of(day), "ReqdExctnDt"),
        orders=orders,
    )


def _transfer(transfer: Element) -> Order:
    amount = child(transfer, "Amt", "InstdAmt")
    currency = None if amount is None else amount.get("Ccy")
    text = text_of(transfer, "RmtInf", "Ustrd") or text_of(transfer, "RmtInf", "Strd", "CdtrRefInf", "Ref")
    return Order(
        payment=_needed(transfer, "PmtId", "EndToEndId"),
        amount_cents=read_euro(text_of(amount), currency, line_of(transfer), "InstdAmt"),
        iban=_iban(_needed(transfer, "CdtrAcct", "Id", "IBAN"), line_of(transfer)),
        creditor=_needed(transfer, "Cdtr", "Nm"),
        text=text or refuse(line_of(transfer), "RmtInf", "missing"),
    )


def _check_totals(part: Element, orders: tuple[Order, ...]) -> None:
    """Compare number and sum of the payments with the header's and, in ISO 20022, with the group's."""
    line = line_of(part)
    if read_number(text_of(part, "NbOfTxs")) != len(orders):
        refuse(line, "NbOfTxs", "details-differ")
    if read_cents(text_of(part, "CtrlSum"), line, "CtrlSum") != sum(order.amount_cents for order in orders):
        refuse(line, "CtrlSum", "details-differ")


def _of_opi(flow: Element) -> Orders:
    mandates = children(flow, "mandato")
    if not mandates:
        refuse(line_of(flow), "mandato", "missing")
    day = child(mandates[0], "informazioni_beneficiario", "data_esecuzione_pagamento")
    return Orders(
        batch=_needed(flow, "testata_flusso", "identificativo_flusso"),
        format="opi",
        debtor_iban=None,
        pay_on=read_day(text_of(day), line_of(mandates[0]), "data_esecuzione_pagamento"),
        orders=tuple(map(_mandate, mandates)),
    )


def _mandate(mandate: Element) -> Order:
    line, payees = line_of(mandate), children(mandate, "informazioni_beneficiario")
    if len(payees) != 1:
        refuse(line, "informazioni_beneficiario", "repeated" if payees else "missing")
    (payee,) = payees
    cents = read_cents(text_of(payee, "importo_beneficiario"), line, "importo_beneficiario")
    if cents != read_cents(text_of(mandate, "importo_mandato"), line, "importo_mandato"):
        refuse(line, "importo_mandato", "details-differ")
    return Order(
        payment=_needed(payee, "sepa_credit_transfer", "identificativo_end_to_end"),
        amount_cents=cents,
        iban=_iban(_needed(payee, "sepa_credit_transfer", "iban"), line),
        creditor=_needed(payee, "beneficiario", "anagrafica_beneficiario"),
        text=_needed(payee, "causale"),
        mandate=read_number(text_of(mandate, "numero_mandato")) or refuse(line, "numero_mandato", "missing"),
    )


def _needed(element: Element, *path: str) -> str:
    return text_of(element, *path) or refuse(line_of(element), path[-1], "missing")


def _iban(text: str, line: int) -> str:
    try:
        return parse_iban(text)
    except ValueError:
        refuse(line, "IBAN", "malformed")


def _checked(file: Orders) -> Orders:
    """Refuse a file that contains the same payment or mandate twice."""
    for name in ("payment", "mandate"):
        values = [getattr(order, name) for order in file.orders if getattr(order, name) is not None]
        if len(set(values)) != len(values):
            refuse(0, name, "repeated")
    return file
