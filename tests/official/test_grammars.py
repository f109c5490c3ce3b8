"""Our grammars against the official schemas: what ours accept those accept, and what those refuse ours refuse.

A signature is no part of the comparison: ours skip it, and a stand-in is added where an official schema asks for one.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from fund.bank import schemas
from fund.bank.port import Batch
from fund.bank.simulated import SimulatedAccount, Treasurer
from fund.bank.writers import FORMATS, write
from fund.domain import errors
from tests.fund.bank.readers import opi_kit
from tests.fund.bank.writers.kit import DEBTOR, OFFICIAL, RF, SMALL, batch_of, debtor_with, instruction
from tests.fund.bank.writers.test_properties import REFUSALS, batches, clean
from tests.official.documents import Grammar, mutants

DAY = date(2022, 10, 10)
TOMORROW = date(2022, 10, 11)
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def accepts(official: str, data: bytes, folder: Path) -> schemas.SchemaResult:
    """What the official schema says of a document, signed by a stand-in where the schema asks for a signature."""
    root = etree.fromstring(data)
    if official != "cbi" and root.find(SIGNATURE) is None:
        root.append(etree.fromstring(schemas.STAND_IN))
    return schemas.validate(etree.tostring(root), official, folder)


def unsigned(data: bytes | None) -> bytes:
    root = etree.fromstring(data or b"")
    for signature in root.findall(SIGNATURE):
        root.remove(signature)
    return etree.tostring(root)


@cache
def seeds(official: str) -> tuple[bytes, ...]:
    """Documents with every element that we emit."""
    if official == "cbi":
        return (FORMATS["cbi"].write(SMALL),)
    if official == "opi":
        return FORMATS["opi"].write(SMALL), FORMATS["opi-list"].write(SMALL)
    treasurer = Treasurer(DEBTOR, "0000900", account=SimulatedAccount(1_000_000))
    outcome = treasurer.receive(FORMATS["opi"].write(SMALL), on=DAY, rejected={"PAY-2022-10-0001": "Conto estinto"})
    treasurer.close(DAY)
    treasurer.account.send_back(TOMORROW, "PAY-2022-10-0002", reason="AC04")
    treasurer.account.credit(TOMORROW, 500, name="Ministero di esempio", text="Acconto A01")
    return (unsigned(outcome) if official == "opi-outcome" else unsigned(treasurer.close(TOMORROW)),)


# -- whatever ours accepts the official one accepts


@pytest.mark.parametrize("name", [name for name in FORMATS if len(FORMATS[name].schemas) > 1])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=batches() | clean | st.just(debtor_with(opi=type(DEBTOR.opi)(), cup=None, bic=None)))
def test_what_is_written_the_official_schema_accepts(official_schemas: Path, name: str, batch: Batch) -> None:
    try:
        written = write(batch, name, official_schemas)
    except REFUSALS:
        return
    assert len(written.schemas) == 2


@pytest.mark.parametrize("instrument", [None, "INST"])
def test_an_enveloped_request_satisfies_the_official_envelope(official_schemas: Path, instrument: str | None) -> None:
    data = FORMATS["cbi"].write(debtor_with(cbi_envelope="body", local_instrument=instrument))
    official = etree.XMLSchema(etree.parse(official_schemas / "cbi" / "CBIBdyPaymentRequest.00.04.01.xsd"))
    assert official.validate(etree.fromstring(data)), official.error_log


@st.composite
def told(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """The outcomes and the journal of a treasurer's day."""
    treasurer = Treasurer(DEBTOR, draw(st.from_regex("[A-Za-z0-9]{1,25}", fullmatch=True)), account=SimulatedAccount(0))
    batch = batch_of(*(instruction(number, rf_reference=draw(st.sampled_from((None, RF)))) for number in range(1, 5)))
    codes = [paid.payment for paid in batch.instructions]
    lost = draw(st.sets(st.sampled_from(codes), max_size=3))
    outcome = treasurer.receive(FORMATS["opi"].write(batch), on=DAY, rejected=dict.fromkeys(lost, "Conto estinto"))
    treasurer.account.credit(DAY, draw(st.integers(1, 10**12)), name="Ministero di esempio", text="Acconto A01")
    if draw(st.booleans()):
        treasurer.account.debit(DAY, draw(st.integers(1, 10**12)), name="Ministero", text="Resto", iban=DEBTOR.iban)
    journal = treasurer.close(DAY)
    if draw(st.booleans()):
        paid = next(code for code in codes if code not in lost)
        treasurer.account.send_back(TOMORROW, paid, reason="AC04", charges_cents=draw(st.integers(0, 100)))
        journal = treasurer.close(TOMORROW)
    return outcome, journal or b""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=told())
def test_what_a_treasurer_tells_the_official_schemas_accept(official_schemas: Path, told: tuple[bytes, bytes]) -> None:
    outcome, journal = told
    assert accepts("opi-outcome", outcome, official_schemas) == schemas.SchemaResult("valid")
    assert accepts("opi-journal", journal, official_schemas) == schemas.SchemaResult("valid")


@pytest.mark.parametrize("official", OFFICIAL)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(data=st.data())
def test_what_a_grammar_lets_be_written_the_official_schema_accepts(
    official_schemas: Path, official: str, data: st.DataObject
) -> None:
    """Documents drawn from the grammar itself, whether a writer would write them or not."""
    document = data.draw(Grammar(OFFICIAL[official]).documents())
    assume(schemas.validate(document, OFFICIAL[official]).is_valid)
    assert accepts(official, document, official_schemas) == schemas.SchemaResult("valid")


# -- whatever the official one refuses ours refuses

OURS_ALONE: Mapping[str, Mapping[str, str]] = {
    "cbi": {
        "left out": "BtchBookg CdtrAcct CdtrRefInf ChrgBr CtgyPurp Id InstrPrty Issr Nm Othr PmtTpInf Purp Ref RmtInf "
        "Strd SvcLvl Tp Ustrd",
        "repeated": "CdtTrfTxInf Othr Strd Ustrd",
        "retyped": "BtchBookg Cd CreDtTm CtrlSum EndToEndId Id InstdAmt InstrId Issr MmbId MsgId NbOfTxs Nm PmtInfId "
        "Ref Ustrd",
    },
    "opi": {
        "attribute": "distinta flusso_ordinativi",
        "child": "dati_a_disposizione_ente_mandato distinta",
        "left out": "classificazione data_esecuzione_pagamento dati_a_disposizione_ente_mandato distinta "
        "identificativo_end_to_end informazioni_aggiuntive riferimento_documento_esterno riferimento_ente "
        "sepa_credit_transfer",
        "renamed": "distinta",
        "repeated": "bilancio classificazione distinta tipo_debito_siope_nc",
        "retyped": "anagrafica_beneficiario causale causale_esenzione_bollo codice_ente_BT codice_fiscale_beneficiario "
        "data_ora_creazione_flusso descrizione_ente distinta estremi_provvedimento_autorizzativo "
        "identificativo_end_to_end identificativo_flusso riferimento_documento_esterno riferimento_ente",
    },
    "opi-journal": {
        "attribute": "flusso_giornale_di_cassa",
        "left out": "codice_riferimento_operazione data_valuta_ente numero_bolletta_quietanza saldo_complessivo_finale "
        "saldo_complessivo_precedente saldo_finale_conto_evidenza saldo_precedente_conto_evidenza "
        "totale_complessivo_entrate totale_complessivo_uscite totale_entrate_conto_evidenza "
        "totale_uscite_conto_evidenza",
        "repeated": "informazioni_conto_evidenza movimento_conto_evidenza",
        "retyped": "anagrafica_cliente causale codice_ente_BT codice_riferimento_operazione conto_evidenza coordinate "
        "data_ora_creazione_flusso descrizione_ente end_to_end_id identificativo_flusso importo "
        "numero_bolletta_quietanza numero_bolletta_quietanza_storno numero_documento numero_movimento "
        "progressivo_documento saldo_complessivo_finale saldo_complessivo_precedente saldo_finale_conto_evidenza "
        "saldo_precedente_conto_evidenza totale_complessivo_entrate totale_complessivo_uscite "
        "totale_entrate_conto_evidenza totale_uscite_conto_evidenza",
    },
    "opi-outcome": {
        "attribute": "messaggi_esito_applicativo",
        "left out": "importo progressivo_beneficiario",
        "repeated": "lista_errori",
        "retyped": "codice_ente_BT data_ora_creazione_flusso data_ora_esito_operazione descrizione descrizione_ente "
        "identificativo_flusso identificativo_flusso_BT importo numero_mandato progressivo_beneficiario",
    },
}
"""What only ours refuse, by its kind: an element left out that we always emit, repeated that we emit once, or retyped
in a form that we never emit; the attribute of a root; and what stands in the room that OPI leaves free.
"""


@pytest.mark.parametrize("official", OFFICIAL)
def test_what_the_official_schema_refuses_ours_refuses(official_schemas: Path, official: str) -> None:
    refused, let_through, ours_alone = 0, [], defaultdict(set)
    for mutant in (mutant for seed in seeds(official) for mutant in mutants(seed)):
        theirs = accepts(official, mutant.data, official_schemas).is_valid
        ours = schemas.validate(mutant.data, OFFICIAL[official]).is_valid
        refused += not theirs
        if ours and not theirs:
            let_through.append((mutant.how, mutant.name))
        if theirs and not ours:
            ours_alone[mutant.how].add(mutant.name)
    assert not let_through
    assert refused >= 500
    assert {how: " ".join(sorted(names)) for how, names in ours_alone.items()} == OURS_ALONE[official]


# -- what only ours refuse: elements and codes that we never emit

NEVER_EMITTED = {
    "opi": (
        ("</importo_mandato>", "</importo_mandato><conto_evidenza>1</conto_evidenza>"),
        ("</iban>", "</iban><bic>EXAMITTT</bic>"),
        ("</anagrafica_beneficiario>", "</anagrafica_beneficiario><stato_beneficiario>IT</stato_beneficiario>"),
        (">INSERIMENTO<", ">ANNULLO<"),
        (">COMPETENZA<", ">RESIDUO<"),
        (">NON_COMMERCIALE<", ">IVA<"),
        (">SEPA CREDIT TRANSFER<", ">CASSA<"),
        (">A2A-00000000<", ">A2A-00000001<"),
    ),
    "opi-journal": (
        ("</pagine_totali>", "</pagine_totali><riferimento_ente>x</riferimento_ente>"),
        ("</end_to_end_id>", "</end_to_end_id><codice_riferimento_interno>x</codice_riferimento_interno>"),
        ("</anagrafica_cliente>", "</anagrafica_cliente><stato_cliente>IT</stato_cliente>"),
        (">MANDATO<", ">REVERSALE<"),
        (">ESEGUITO<", ">REGOLARIZZATO<"),
        (">ESENTE BOLLO<", ">ASSOGGETTATO BOLLO A CARICO ENTE<"),
        (">SEPA CREDIT TRANSFER<", ">CASSA<"),
        (">1</pagine_totali>", ">2</pagine_totali>"),
    ),
    "opi-outcome": (
        ("<descrizione>", "<codice_errore>7</codice_errore><descrizione>"),
        (">ACQUISITO<", ">PAGATO<"),
    ),
    "cbi": (
        (
            "</InitgPty>",
            "</InitgPty><FwdgAgt><FinInstnId><ClrSysMmbId><MmbId>1</MmbId></ClrSysMmbId></FinInstnId></FwdgAgt>",
        ),
        ("</Amt>", "</Amt><UltmtDbtr><Nm>x</Nm></UltmtDbtr>"),
        (">TRA<", ">TRF<"),
        (">NORM<", ">HIGH<"),
        (">SEPA<", ">FAST<"),
        (">RENT<", ">SALA<"),
        (">SCOR<", ">PUOR<"),
        ('Ccy="EUR"', 'Ccy="CHF"'),
        (">false<", ">true<"),
    ),
}


@pytest.mark.parametrize(
    ("official", "before", "after"), [(name, *change) for name, changes in NEVER_EMITTED.items() for change in changes]
)
def test_what_we_never_emit_only_ours_refuses(official_schemas: Path, official: str, before: str, after: str) -> None:
    seed = next(seed.decode() for seed in seeds(official) if before in seed.decode())
    changed = seed.replace(before, after).encode()
    assert accepts(official, changed, official_schemas) == schemas.SchemaResult("valid")
    assert not schemas.validate(changed, OFFICIAL[official]).is_valid


# -- the hand-written files of the other tests, and a written file that fails its official schema


@pytest.mark.parametrize(
    ("official", "data"),
    [
        (
            "opi-journal",
            opi_kit.journal(
                opi_kit.account(
                    [
                        opi_kit.Line(-45_000),
                        opi_kit.Line(45_000, 2, "STORNATO", undone_receipt=77),
                        opi_kit.Line(2_000_000, 3, "ESEGUITO", "ENTRATA", "REVERSALE", None),
                    ]
                )
            ),
        ),
        (
            "opi-outcome",
            opi_kit.outcomes(opi_kit.outcome("PAGATO"), opi_kit.outcome("NON ESEGUIBILE", 16, opi_kit.error(7, "x"))),
        ),
    ],
)
def test_the_files_of_the_readers_tests_are_valid(official_schemas: Path, official: str, data: bytes) -> None:
    assert schemas.validate(data, official, official_schemas) == schemas.SchemaResult("valid")


@pytest.mark.parametrize("official", ["opi", "cbi"])
def test_the_official_schema_alone_stops_a_file_too(official_schemas: Path, official: str) -> None:
    (seed, *_) = seeds(official)
    with pytest.raises(errors.BankFileInvalid):
        schemas.check_written(seed.replace(b"450.01", b"450.001"), official, (official,), official_schemas)
