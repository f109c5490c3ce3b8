"""Readers of bank and treasurer files: the format is recognised by the content, never by the file's name.

Any bytes end in a whole message or in ``UnreadableBankFile``, which names line, field and reason.
"""

import binascii
from base64 import b64decode

from fund.bank.port import BankMessage, MessageReader
from fund.bank.readers import camt, csv_mapping, mt940, opi, opi_messages, pain002, safe_xml
from fund.bank.readers.accounts import OursOf, OwnAccount, Owner, check_own_is_read, none_ours, payments_named
from fund.bank.readers.camt_entries import BatchEntry
from fund.bank.readers.csv_mapping import Mapping, fits
from fund.bank.readers.opi_messages import MandateStatus
from fund.bank.readers.pain002 import PartStatus
from fund.bank.readers.reasons import Action, action_for
from fund.bank.readers.values import refuse

__all__ = [
    "Action",
    "BatchEntry",
    "MandateStatus",
    "Mapping",
    "OwnAccount",
    "Owner",
    "PartStatus",
    "action_for",
    "check_size",
    "fits",
    "payments_named",
    "read",
]

MAX_TEXT_BYTES = 16 * 1024 * 1024
"""Largest MT940 or CSV file: these formats need a tenth of the bytes of XML."""

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_OFFICE_DOCUMENT = bytes.fromhex("d0cf11e0a1b11ae1")
"""What the old formats of office programs begin with, and messages that a mail program saved."""
_HOLDERS = (*((begin, "zip") for begin in _ARCHIVES), (b"%PDF", "pdf"), (_OFFICE_DOCUMENT, "office-document"))
_UTF_32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The object identifier of signedData (RFC 5652), near the beginning of every ``.p7m``."""

_READERS: dict[str, MessageReader] = {
    **dict.fromkeys(camt.STATEMENTS, camt.read),
    **dict.fromkeys(opi_messages.MESSAGES, opi_messages.read),
    opi.JOURNAL: opi.read,
    "CstmrPmtStsRpt": pain002.read,
    "OrgnlGrpInfAndSts": pain002.read,
}
"""Reader of each message, by the first element that only it has; ``OrgnlGrpInfAndSts`` serves CBI envelopes."""
_ORDERS = ("CstmrCdtTrfInitn", "CstmrDrctDbtInitn", "CBIPaymentRequest", "CBIBdyPaymentRequest", "flusso_ordinativi")
_CANCELLATIONS = ("CstmrPmtCxlReq", "FIToFIPmtCxlReq", "RsltnOfInvstgtn")
_OTHERS = dict.fromkeys(_ORDERS, "order-to-bank") | dict.fromkeys(_CANCELLATIONS, "cancellation-request")
"""What other messages of ISO 20022, CBI and OPI are called that people send, by the element that only they have."""


def read(
    data: bytes, mapping: Mapping | None = None, own: OwnAccount | None = None, ours_of: OursOf = none_ours
) -> BankMessage:
    """Read camt.052/.053/.054, pain.002, an OPI journal or message, MT940, or CSV by ``mapping``.

    What cannot be read of other accounts is left: the fund's is ``own``, of several in a journal also the only one that
    names payments of ours. Raises ``UnreadableBankFile`` for anything else and for anything ambiguous.
    """
    check_size(data)
    _check_kind(data)
    message = _read(data, mapping)
    check_own_is_read(message, own, ours_of)
    return message


def _read(data: bytes, mapping: Mapping | None) -> BankMessage:
    if _is_xml(data):
        return _xml_reader(data)(data)
    # A CSV has no format of its own, so it is never guessed: it is read by the mapping of the agreement file, and only
    # if its header has every column that the mapping names (decision 0013).
    if mapping is not None:
        return csv_mapping.read(data, mapping)
    if not mt940.START.search(data):
        refuse(0, "file", "unknown-format" if data.strip() else "empty")
    return mt940.read(data)


def check_size(data: bytes) -> None:
    """Raise ``UnreadableBankFile`` for a file that is too large for its reader."""
    if len(data) > (safe_xml.MAX_BYTES if _is_xml(data) else MAX_TEXT_BYTES):
        refuse(0, "file", "too-large")


def _check_kind(data: bytes) -> None:
    """Refuse what holds a bank file, or was made of one, by its own name: people send these."""
    for begin, reason in _HOLDERS:
        if data.startswith(begin):
            refuse(0, "file", reason)
    if _is_signed(data) or _is_signed(_from_base64(data)):
        refuse(0, "file", "signed-envelope")
    if data.startswith(_UTF_32_MARKS) or _has_empty_bytes(data, 4):
        refuse(0, "file", "utf-32")
    if data.startswith(safe_xml.UTF_16_MARKS) and not _is_xml(data):
        refuse(0, "file", "utf-16-text")
    if _has_empty_bytes(data, 2):
        refuse(0, "file", "utf-16-unmarked")


def _is_signed(data: bytes) -> bool:
    return data.startswith(b"0") and _SIGNED_DATA in data[:64]


def _from_base64(data: bytes) -> bytes:
    """The beginning of what a text in base64 holds (RFC 7468: between lines of its own), or nothing."""
    text = b"".join(line for line in data[:400].split() if not line.startswith(b"-") and not line.endswith(b"-----"))
    try:
        return b64decode(text[:96], validate=True)
    except binascii.Error:
        return b""


def _has_empty_bytes(data: bytes, width: int) -> bool:
    """Whether of so many bytes of each sign one says something, as in Latin letters in UTF-16 or UTF-32."""
    begin = data[:16]
    said = [bool(begin[place::width].strip(b"\0")) for place in range(width)]
    return len(begin) == 16 and said.count(True) == 1 and begin.count(b"\0") == 16 - 16 // width


def _is_xml(data: bytes) -> bool:
    if data.startswith(safe_xml.UTF_16_MARKS):
        return data[2:1000].replace(b"\0", b"").lstrip().startswith(b"<")
    return data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _xml_reader(data: bytes) -> MessageReader:
    """The reader of an XML file; the file is parsed only as far as that needs."""
    found = next(safe_xml.stream(data, units=_is_nothing, containers=_is_known), None)
    name = "" if found is None else found.name
    return _READERS[name] if name in _READERS else refuse(0, "file", _OTHERS.get(name, "unknown-format"))


def _is_known(name: str, _parent: str) -> bool:
    return name in _READERS or name in _OTHERS


def _is_nothing(_name: str, _parent: str) -> bool:
    return False
