"""Payees of a file for the bank, read with the standard library alone: pain.001, CBI, OPI, and both CSV registers.

What could be read in two ways is refused: a file is proved whole or not at all.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from ledger.money import parse_cents

MAX_BYTES = 64 * 1024 * 1024
_TRANSFERS = {
    "CdtTrfTxInf": {"EndToEndId": "payment", "IBAN": "iban", "InstdAmt": "amount", "Nm": "name", "Ref": "reference"},
    "informazioni_beneficiario": {
        "identificativo_end_to_end": "payment",
        "iban": "iban",
        "importo_beneficiario": "amount",
        "data_esecuzione_pagamento": "pay_on",
        "anagrafica_beneficiario": "name",
        "causale": "text",
    },
}
"""The element of one transfer in ISO 20022 and CBI, and in OPI; within it, the elements that say who is paid what."""
_COLUMNS = (("payment", "iban", "amount"), ("pagamento", "iban", "importo"))
"""Payment, account and amount in the plain register, and in the register of mandates."""
_MORE_COLUMNS = {"data_pagamento": "pay_on", "creditor": "name", "creditore": "name"}
"""What else the registers may say: the day of execution, and the payee's name."""
_NAMED = ("Nm", "Cdtr")
"""A transfer names others than its payee: an element of this name counts within the other one only."""
_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}", re.ASCII)
"""A creditor reference (ISO 11649), which stands before the text in OPI."""
_GROUP, _PAY_ON = "PmtInf", "ReqdExctnDt"
"""The group of transfers in ISO 20022 and CBI, and its day of execution, which stands before them."""
_PAID = "CdtrAcct"
"""The element of the account that is paid, in ISO 20022 and CBI; a transfer may name others, such as its agent's."""
_OUTSIDE = "DbtrAcct"
"""The one account in a file that belongs to no payee: the fund's own."""


@dataclass(frozen=True, slots=True)
class PayeeLine:
    """One transfer of a file: which payment it is, the account that is paid, the cents, the day of execution, the
    payee's name, the reference that is cited, and the account that is paid from.

    The registers have no reference, the plain one no such day; only ISO 20022 and CBI say what is paid from.
    """

    payment: str
    iban: str
    amount_cents: int
    pay_on: date | None = None
    name: str | None = None
    reference: str | None = None
    payer: str | None = None


class UnreadableOrders(ValueError):
    """The file is none of the formats, or says something in two ways."""


def read_payees(data: bytes) -> list[PayeeLine]:
    """Every transfer of a file, in order. Raises ``UnreadableOrders``."""
    if len(data) > MAX_BYTES:
        raise UnreadableOrders("larger than 64 MiB")
    is_xml = data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    rows = _Transfers().read(data) if is_xml else _table(data)
    if not rows:
        raise UnreadableOrders("it names no account that is paid")
    lines = [_line(row) for row in rows]
    if len({line.payment for line in lines}) < len(lines):
        raise UnreadableOrders("one payment stands in it twice")
    return lines


def _line(row: dict[str, str]) -> PayeeLine:
    try:
        pay_on = date.fromisoformat(row["pay_on"]) if "pay_on" in row else None
        cited = _REFERENCE.match(row.get("text", ""))
        said = row.get("name"), cited[0] if cited else row.get("reference"), row.get("payer")
        return PayeeLine(row["payment"], row["iban"], parse_cents(row["amount"]), pay_on, *said)
    except (KeyError, ValueError):
        raise UnreadableOrders("a transfer lacks its payment, its account, its amount in euros or its day") from None


def _table(data: bytes) -> list[dict[str, str]]:
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableOrders("neither XML nor a register as CSV") from None
    header, *rows = lines or [[]]
    for names in _COLUMNS:
        places = [header.index(name) for name in names if header.count(name) == 1]
        if len(places) == len(names):
            if any(len(row) != len(header) for row in rows):
                raise UnreadableOrders("a line of the register has more or fewer fields than its header")
            more = {key: header.index(name) for name, key in _MORE_COLUMNS.items() if header.count(name) == 1}
            keys = dict(zip(_COLUMNS[0], places, strict=True)) | more
            return [{key: row[place] for key, place in keys.items()} for row in rows]
    raise UnreadableOrders("neither XML nor a register as CSV")


@dataclass(slots=True)
class _Transfers:
    """Collects the transfers of an XML file; a document type, which could expand or fetch something, is refused."""

    rows: list[dict[str, str]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    names: dict[str, str] | None = None
    group: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def read(self, data: bytes) -> list[dict[str, str]]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise UnreadableOrders(f"not well-formed XML (line {error.lineno})") from None
        return self.rows

    def _refuse_document_type(self, *_: object) -> None:
        raise UnreadableOrders("XML with a document type")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if self.names is not None and self.path[-1] in self.names:
            raise UnreadableOrders(f"an element within {self.path[-1]}")
        if name in _TRANSFERS:
            if self.names is not None:
                raise UnreadableOrders("a transfer within a transfer")
            self.names = _TRANSFERS[name]
            self.rows.append(dict(self.group))
        elif name == _GROUP:
            self.group = {}
        elif name.upper() == "IBAN" and self.names is None and _OUTSIDE not in self.path:
            raise UnreadableOrders("an account outside of any transfer")
        elif name == "IBAN" and self.names is not None and _PAID not in self.path:
            raise UnreadableOrders("an account in a transfer that is not its payee's")
        if attributes.get("Ccy", "EUR") != "EUR":
            raise UnreadableOrders("an amount in another currency than euros")
        self.path.append(name)
        self.text = ""

    def _characters(self, text: str) -> None:
        self.text += text

    def _end(self, _: str) -> None:
        name = self.path.pop()
        if self.names is not None and name in self.names and (name != _NAMED[0] or self.path[-1] == _NAMED[1]):
            if self.names[name] in self.rows[-1]:
                raise UnreadableOrders(f"a transfer with two elements {name}")
            self.rows[-1][self.names[name]] = self.text.strip()
        elif name == "IBAN":
            self._set_payer()
        elif name == _PAY_ON or (name == "Dt" and self.path[-1:] == [_PAY_ON]):
            self._set_day()
        if name in _TRANSFERS:
            self.names = None

    def _set_payer(self) -> None:
        if "payer" in self.group:
            raise UnreadableOrders("a group of transfers from two accounts")
        self.group["payer"] = self.text.strip()

    def _set_day(self) -> None:
        """The day stands in the element or in one within it, whose end leaves nothing more to be said."""
        day, self.text = self.text.strip(), ""
        if day and "pay_on" in self.group:
            raise UnreadableOrders("a group of transfers with two days of execution")
        if day:
            self.group["pay_on"] = day
