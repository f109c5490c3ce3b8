"""Our own grammars: each is one root whose types say where they come from, and it refuses what no writer may emit."""

from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from fund.bank import schemas
from fund.bank.writers import FORMATS
from tests.fund.bank.readers import opi_kit
from tests.fund.bank.writers.kit import GRAMMARS, SMALL

XS = "{http://www.w3.org/2001/XMLSchema}"
FILES = sorted(GRAMMARS.iterdir())
LINES = [opi_kit.Line(-45_000)]
DOCUMENTS = {
    "fund-opi-orders-1": FORMATS["opi"].write(SMALL),
    "fund-opi-journal-1": opi_kit.journal(opi_kit.account(LINES), tail=opi_kit.totals(LINES)),
    "fund-opi-outcome-1": opi_kit.outcomes(opi_kit.outcome("ACQUISITO")),
    "fund-cbi-request-1": FORMATS["cbi"].write(SMALL),
}


DIGESTS = {
    "fund-cbi-request-1": "d9be87c199f900dc",
    "fund-opi-journal-1": "df6dcc38f0936de5",
    "fund-opi-orders-1": "ac6036a26c5a314e",
    "fund-opi-outcome-1": "1158a6f5410b0ace",
    "opi-values-1": "d0f61ae95c4e188d",
    "values-1": "e43c8166d19b1c1c",
}


def parsed(file: Path) -> etree._Element:
    return etree.parse(file).getroot()


def test_each_grammar_is_a_file_and_each_file_serves_one() -> None:
    assert {file.stem for file in FILES if file.stem.startswith("fund-")} == set(schemas.GRAMMARS) == set(DOCUMENTS)
    included = {part.get("schemaLocation") for file in FILES for part in parsed(file).iter(XS + "include")}
    assert included == {file.name for file in FILES if not file.stem.startswith("fund-")}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_has_one_root_and_its_version_and_every_type_says_its_rule(file: Path) -> None:
    schema = parsed(file)
    assert len(schema.findall(XS + "element")) == file.stem.startswith("fund-")
    assert schema.get("version") == file.stem.rpartition("-")[2]
    types = [part for part in schema if part.tag in (XS + "simpleType", XS + "complexType")]
    assert types
    for kind in types:
        assert len(kind.findtext(f"{XS}annotation/{XS}documentation") or "") > 10, kind.get("name")


def test_a_grammar_changes_with_its_version() -> None:
    """A record names the version that its file passed, so what was released under a version stays what it was."""
    assert {file.stem: sha256(file.read_bytes()).hexdigest()[:16] for file in FILES} == DIGESTS


@pytest.mark.parametrize("grammar", DOCUMENTS)
def test_it_is_one_grammar_for_one_format(grammar: str) -> None:
    accepted = {name for name, data in DOCUMENTS.items() if schemas.validate(data, grammar).is_valid}
    assert accepted == {grammar}


@pytest.mark.parametrize(
    ("grammar", "before", "after"),
    [
        ("fund-opi-orders-1", "<esercizio>2022</esercizio>", ""),
        ("fund-opi-orders-1", "<esercizio>2022<", "<esercizio>1998<"),
        ("fund-opi-orders-1", ">INSERIMENTO<", ">ANNULLO<"),
        ("fund-opi-orders-1", "<numero_mandato>2<", "<numero_mandato>1<"),
        ("fund-opi-orders-1", "<numero_mandato>2<", "<numero_mandato>10000000<"),
        ("fund-opi-orders-1", ">450.01<", ">450.1<"),
        ("fund-opi-orders-1", ">450.01<", ">0.00<"),
        ("fund-opi-orders-1", ">PAY-2022-10-0002<", ">PAY-2022-10-0001<"),
        ("fund-opi-orders-1", ">Locatore 1<", ">Società<"),
        ("fund-opi-orders-1", ">Locatore 1<", f">{'x' * 71}<"),
        ("fund-opi-orders-1", ">REG-1 2022-10<", f">{'x' * 141}<"),
        ("fund-opi-orders-1", "BOZZA NON FIRMATA - DA COMPLETARE: ", ""),
        ("fund-opi-orders-1", "</flusso_ordinativi>", "<x:Other xmlns:x='urn:x'/></flusso_ordinativi>"),
        ("fund-opi-journal-1", ">MANDATO<", ">REVERSALE<"),
        ("fund-opi-journal-1", "<pagine_totali>1<", "<pagine_totali>2<"),
        ("fund-opi-journal-1", "#001#001<", "#001#002<"),
        ("fund-opi-outcome-1", ">ACQUISITO<", ">PAGATO<"),
        ("fund-opi-outcome-1", "<progressivo_beneficiario>1<", "<progressivo_beneficiario>2<"),
        ("fund-cbi-request-1", "<PmtMtd>TRA<", "<PmtMtd>TRF<"),
        ("fund-cbi-request-1", 'Ccy="EUR"', 'Ccy="CHF"'),
        ("fund-cbi-request-1", "<Cd>RENT<", "<Cd>SALA<"),
        ("fund-cbi-request-1", "<EndToEndId>PAY-2022-10-0002<", "<EndToEndId>PAY-2022-10-0001<"),
        ("fund-cbi-request-1", "<Nm>Locatore 1</Nm>", ""),
        ("fund-cbi-request-1", "+02:00</CreDtTm>", "</CreDtTm>"),
    ],
)
def test_what_no_writer_may_emit_is_refused(grammar: str, before: str, after: str) -> None:
    document = DOCUMENTS[grammar].decode()
    assert before in document
    # of the marks of a draft, the one inside the document counts
    head, mark, tail = document.rpartition(before) if before.startswith("BOZZA") else document.partition(before)
    assert mark
    matching = schemas.validate((head + after + tail).encode(), grammar)
    assert matching.outcome == "invalid"
    assert not any("Locatore" in error for error in matching.errors)


@pytest.mark.parametrize("grammar", [name for name in DOCUMENTS if "opi" in name])
def test_a_signature_is_let_through_and_not_looked_at(grammar: str) -> None:
    document = DOCUMENTS[grammar].decode().replace(opi_kit.SIGNATURE.replace("><", ">\n<"), "")
    root = etree.fromstring(document.encode())
    assert schemas.validate(etree.tostring(root), grammar).is_valid, "an unsigned draft"
    for _ in range(2):
        etree.SubElement(root, "{http://www.w3.org/2000/09/xmldsig#}Signature").text = "signed"
    assert not schemas.validate(etree.tostring(root), grammar).is_valid, "two signatures"
    root.remove(root[-1])
    assert schemas.validate(etree.tostring(root), grammar).is_valid
