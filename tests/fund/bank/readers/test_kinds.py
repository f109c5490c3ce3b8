"""What people send instead of the bank's file is refused by its own name."""

import base64
import gzip
import io
import zipfile

import pytest

from fund.bank.readers import read
from fund.domain.errors import NotABankFile
from tests.fund.bank.readers.kit import PAID, camt, facts

STATEMENT = camt([PAID])
ENVELOPE = bytes.fromhex("3082123406092a864886f70d010702a0821234") + STATEMENT


def zipped(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, STATEMENT)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped("camt.xml"), "zip"),
        (zipped("xl/workbook.xml"), "zip"),
        (gzip.compress(STATEMENT), "zip"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "zip"),
        (b"Rar!\x1a\x07\x01\x00", "zip"),
        (b"%PDF-1.7\n", "pdf"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, "office-document"),
        (b"<html><body>Servizio non disponibile</body></html>", "unknown-format"),
        (bytes.fromhex("308006092a864886f70d010702a0803080020101") + STATEMENT, "signed-envelope"),
        (ENVELOPE, "signed-envelope"),
        (base64.encodebytes(ENVELOPE), "signed-envelope"),
        (b"-----BEGIN PKCS7-----\n" + base64.encodebytes(ENVELOPE) + b"-----END PKCS7-----\n", "signed-envelope"),
        (b"<Document><CstmrCdtTrfInitn/></Document>", "order-to-bank"),
        (b'<CBIBdyPaymentRequest xmlns="urn:CBI:xsd:CBIBdyPaymentRequest.00.04.01"/>', "order-to-bank"),
        (b"<flusso_ordinativi/>", "order-to-bank"),
        (b"<Document><FIToFIPmtCxlReq/></Document>", "cancellation-request"),
        (":20:R1\n:25:X\n".encode("utf-16"), "utf-16-text"),
        (":20:R1\n:25:X\n".encode("utf-16-le"), "utf-16-unmarked"),
        ("payment;outcome\n".encode("utf-16-be"), "utf-16-unmarked"),
        (STATEMENT.decode().encode("utf-16-le"), "utf-16-unmarked"),
        (STATEMENT.decode().encode("utf-16-be"), "utf-16-unmarked"),
        *((STATEMENT.decode().encode(encoding), "utf-32") for encoding in ("utf-32", "utf-32-le", "utf-32-be")),
        (":20:R1\n:25:X\n".encode("utf-32-le"), "utf-32"),
    ],
)
def test_it_is_called_by_its_name(data: bytes, reason: str) -> None:
    with pytest.raises(NotABankFile) as caught:
        read(data)
    assert caught.value.reason == reason


def test_a_statement_in_utf_16_is_read_and_text_that_begins_with_a_zero_is_not_an_envelope() -> None:
    text = STATEMENT.decode().replace("UTF-8", "UTF-16")
    assert facts(read(text.encode("utf-16"))) == [PAID]
    with pytest.raises(NotABankFile) as caught:
        read(b"0123")
    assert caught.value.reason == "unknown-format"
