"""Writer of OPI drafts: flusso_ordinativi 1.7.1, unsigned, for the city's accounting suite.

The suite numbers, completes, signs and sends the flow through SIOPE+. What this service does not know is a placeholder
that the schema accepts and that cannot be mistaken for a code; the draft lists them at its top.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from fund.bank.port import Batch, Debtor, Instruction
from fund.bank.writers.checked import MAX_REMITTANCE, checked, referenced, require
from fund.bank.writers.formats import XML, writes
from fund.bank.writers.xml import Element, add, document, in_rome, serialized
from fund.domain.lists import BankFormat
from ledger.money import format_cents

MAX_MANDATE: Final = 9_999_999
_SCHEMAS: Final = ("fund-opi-orders-1", "opi")
_EXTERNAL: Final = "DISPOSIZIONE DOCUMENTO ESTERNO"
_STAMP_DUTY = ("ESENTE BOLLO", "ASSOGGETTATO BOLLO A CARICO ENTE", "ASSOGGETTATO BOLLO A CARICO BENEFICIARIO")
_TO_COMPLETE: Final = "DA COMPLETARE"
_CHAPTER = re.compile(r"(?P<chapter>0*[1-9][0-9]{0,6})(?:/(?P<article>[0-9]{1,3}))?", re.ASCII)
_CUP = re.compile(r"[A-Z0-9]{15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Code:
    """A code of the city: its setting, the pattern that the schema requires, and its placeholder."""

    given: Callable[[Debtor], str | None]
    form: re.Pattern[str]
    placeholder: str


def _code(given: Callable[[Debtor], str | None], form: str, placeholder: str) -> _Code:
    return _Code(given, re.compile(form, re.ASCII), placeholder)


_CODES: Final = {
    "codice_ABI_BT": _code(lambda debtor: debtor.opi.treasurer_abi, r"[0-9]{5}", "00000"),
    "codice_ente": _code(lambda debtor: debtor.opi.ipa, r"[A-Z0-9]{6}", "BOZZA0"),
    "codice_istat_ente": _code(lambda debtor: debtor.opi.istat, r"[0-9]{9,15}", "000000000"),
    "codice_cgu": _code(lambda debtor: debtor.opi.cgu, r"[0-9]{4,10}", "0000"),
}
SUITE_CODES: Final = {
    "codice_tramite_ente": "A2A-00000000",
    "codice_tramite_BT": "A2A-00000000",
    "codice_ente_BT": "BOZZA",
}
"""Required by the schema and known to the accounting suite only."""


def missing_codes(debtor: Debtor) -> tuple[str, ...]:
    """Elements of the draft that the accounting suite has to complete, in the order of the schema."""
    missing = [name for name, code in _CODES.items() if code.given(debtor) is None]
    if debtor.opi.chapter is None:
        missing.append("codifica_bilancio")
    if debtor.opi.bollo is None:
        missing.append("assoggettamento_bollo")
    return (*missing, *SUITE_CODES, "dati_ARCONET_siope")


@writes(BankFormat.OPI, XML, *_SCHEMAS, is_numbered=True)
def write_opi(batch: Batch, first_number: int = 1) -> bytes:
    """Write one unsigned mandate per payment, so that each has one payee, numbered from ``first_number``."""
    batch = _checked(batch, first_number, len(batch.instructions))
    root = _flow(batch)
    for number, instruction in enumerate(batch.instructions, first_number):
        cents = instruction.amount_cents
        mandate, payee = _mandate(root, batch, number, cents, "SEPA CREDIT TRANSFER")
        _payee(payee, instruction.creditor, instruction.creditor_tax_code)
        transfer = add(payee, "sepa_credit_transfer")
        add(transfer, "iban", instruction.iban)
        add(transfer, "identificativo_end_to_end", instruction.payment)
        add(payee, "causale", _reason(instruction))
        add(mandate, "dati_a_disposizione_ente_mandato/distinta", batch.code)
    return serialized(root)


@writes(BankFormat.OPI_LIST, XML, *_SCHEMAS, is_numbered=True)
def write_opi_list(batch: Batch, first_number: int = 1) -> bytes:
    """Write one unsigned mandate for the whole batch; the mandate register is its external document."""
    batch = _checked(batch, first_number, 1)
    root = _flow(batch)
    mandate, payee = _mandate(root, batch, first_number, batch.total_cents, _EXTERNAL)
    count = len(batch.instructions)
    _payee(payee, f"BENEFICIARI DIVERSI ({count}) COME DA ELENCO {batch.code}", None)
    add(payee, "causale", f"Distinta {batch.code}, {count} pagamenti come da elenco allegato")
    add(payee, "informazioni_aggiuntive/riferimento_documento_esterno", batch.code)
    add(mandate, "dati_a_disposizione_ente_mandato/distinta", batch.code)
    return serialized(root)


def _checked(batch: Batch, first_number: int, mandates: int) -> Batch:
    batch = checked(batch)
    key, opi = batch.code, batch.debtor.opi
    require(1 <= first_number <= MAX_MANDATE + 1 - mandates, key, "numero_mandato", "outside-limits")
    for name, code in _CODES.items():
        given = code.given(batch.debtor)
        require(given is None or code.form.fullmatch(given), key, name, "malformed")
    require(opi.chapter is None or _CHAPTER.fullmatch(opi.chapter), key, "codifica_bilancio", "malformed")
    require(opi.bollo is None or _stamp_duty(opi.bollo)[0] in _STAMP_DUTY, key, "assoggettamento_bollo", "malformed")
    require(batch.debtor.cup is None or _CUP.fullmatch(batch.debtor.cup), key, "codice_cup", "malformed")
    require(opi.act is None or opi.act.isprintable(), key, "estremi_provvedimento_autorizzativo", "malformed")
    return batch


def _flow(batch: Batch) -> Element:
    """The flow with its header, marked as a draft."""
    missing = missing_codes(batch.debtor)
    mark = f"BOZZA NON FIRMATA - {_TO_COMPLETE}: {', '.join(missing)}"
    root = document("", "flusso_ordinativi")
    root.addprevious(etree.Comment(f" {mark} "))
    header, debtor, made = add(root, "testata_flusso"), batch.debtor, in_rome(batch.created_at)
    add(header, "codice_ABI_BT", code_of("codice_ABI_BT", debtor))
    add(header, "identificativo_flusso", batch.code)
    add(header, "data_ora_creazione_flusso", made.isoformat())
    add(header, "codice_ente", code_of("codice_ente", debtor))
    add(header, "descrizione_ente", debtor.name)
    add(header, "codice_istat_ente", code_of("codice_istat_ente", debtor))
    add(header, "codice_fiscale_ente", debtor.tax_code)
    for name, placeholder in SUITE_CODES.items():
        add(header, name, placeholder)
    add(header, "riferimento_ente", mark)
    add(root, "esercizio", str(made.year))
    return root


def code_of(name: str, debtor: Debtor) -> str:
    """The city's code for an element of a header, or its placeholder."""
    code = _CODES[name]
    return code.given(debtor) or code.placeholder


def _mandate(root: Element, batch: Batch, number: int, cents: int, means: str) -> tuple[Element, Element]:
    """A mandate and its one payee, up to the stamp duty; what follows depends on the means of payment."""
    mandate, amount, debtor = add(root, "mandato"), format_cents(cents), batch.debtor
    add(mandate, "tipo_operazione", "INSERIMENTO")
    add(mandate, "numero_mandato", str(number))
    add(mandate, "data_mandato", in_rome(batch.created_at).date().isoformat())
    add(mandate, "importo_mandato", amount)
    if debtor.opi.act:
        add(mandate, "estremi_provvedimento_autorizzativo", debtor.opi.act)
    _chapter(mandate, debtor, amount)
    payee = add(mandate, "informazioni_beneficiario")
    add(payee, "progressivo_beneficiario", "1")
    add(payee, "importo_beneficiario", amount)
    add(payee, "tipo_pagamento", means)
    add(payee, "data_esecuzione_pagamento", batch.pay_on.isoformat())
    kind = add(payee, "classificazione")
    add(kind, "codice_cgu", code_of("codice_cgu", debtor))
    if debtor.cup:
        add(kind, "codice_cup", debtor.cup)
    add(kind, "importo", amount)
    # a CIG belongs to invoices only, so a contribution carries none here; the register has it
    add(kind, "classificazione_dati_siope_uscite/tipo_debito_siope_nc", "NON_COMMERCIALE")
    duty, reason = _stamp_duty(debtor.opi.bollo or f"{_STAMP_DUTY[0]}: {_TO_COMPLETE}")
    stamp = add(payee, "bollo")
    add(stamp, "assoggettamento_bollo", duty)
    if reason:
        add(stamp, "causale_esenzione_bollo", reason)
    return mandate, payee


def _chapter(mandate: Element, debtor: Debtor, amount: str) -> None:
    found = _CHAPTER.fullmatch(debtor.opi.chapter or "")
    if found is None:
        return
    budget = add(mandate, "bilancio")
    add(budget, "codifica_bilancio", found["chapter"])
    add(budget, "gestione", "COMPETENZA")
    if found["article"]:
        add(budget, "numero_articolo", found["article"])
    add(budget, "importo_bilancio", amount)


def _payee(payee: Element, name: str, tax_code: str | None) -> None:
    party = add(payee, "beneficiario")
    add(party, "anagrafica_beneficiario", name)
    if tax_code:
        add(party, "codice_fiscale_beneficiario", tax_code)


def _stamp_duty(setting: str) -> tuple[str, str]:
    """Split a setting such as ``ESENTE BOLLO: why`` into the duty and the reason of the exemption."""
    duty, _, reason = setting.partition(":")
    return duty.strip(), reason.strip()


def _reason(instruction: Instruction) -> str:
    text = referenced(instruction.remittance, instruction.rf_reference)
    require(len(text) <= MAX_REMITTANCE, instruction.payment, "remittance", "outside-limits")
    return text
