"""OPI journals and messages for the tests, written by hand as text.

``test_opi`` proves them by our grammars, ``tests/official`` by AgID's schemas.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.money import format_cents
from tests.fund.bank.readers.kit import other

HEADER = (
    "<testata_messaggio><codice_ABI_BT>99901</codice_ABI_BT>"
    "<data_ora_creazione_flusso>2026-03-11T06:00:00</data_ora_creazione_flusso><codice_ente>UFEX01</codice_ente>"
    "<descrizione_ente>Comune di Esempio</descrizione_ente><codice_istat_ente>000123456</codice_istat_ente>"
    "<codice_fiscale_ente>00337460224</codice_fiscale_ente><codice_tramite_ente>A2A-00000000</codice_tramite_ente>"
    "<codice_tramite_BT>A2A-00000000</codice_tramite_BT><codice_ente_BT>BOZZA</codice_ente_BT></testata_messaggio>"
)
SIGNATURE = (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
    '<ds:CanonicalizationMethod Algorithm="urn:a"/><ds:SignatureMethod Algorithm="urn:a"/>'
    '<ds:Reference><ds:DigestMethod Algorithm="urn:a"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference>'
    "</ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>"
)
FLOW = "GDC-20260310TESORIERE01#001#001"


@dataclass(frozen=True)
class Line:
    """A movement of the journal: ``effect`` is what it does to the cash."""

    effect: int
    number: int = 1
    operation: str = "ESEGUITO"
    side: str = "USCITA"
    document: str = "MANDATO"
    payment: str | None = "PAY-2026-03-0001"
    amount: str | None = None
    receipt: int | None = 501
    undone_receipt: int | None = None
    payee: int = 1

    @property
    def text(self) -> str:
        money = self.amount or format_cents(abs(self.effect))
        payment = f"<end_to_end_id>{self.payment}</end_to_end_id>" if self.payment else ""
        receipt = f"<numero_bolletta_quietanza>{self.receipt}</numero_bolletta_quietanza>" if self.receipt else ""
        tag = "numero_bolletta_quietanza_storno"
        undone = f"<{tag}>{self.undone_receipt}</{tag}>" if self.undone_receipt else ""
        return (
            f"<movimento_conto_evidenza><identificativo_flusso>PB-1</identificativo_flusso>"
            f"<numero_movimento>{self.number}</numero_movimento><tipo_movimento>{self.side}</tipo_movimento>"
            f"<tipo_documento>{self.document}</tipo_documento><tipo_operazione>{self.operation}</tipo_operazione>"
            f"<numero_documento>{self.number}</numero_documento>"
            f"<progressivo_documento>{self.payee}</progressivo_documento>"
            f"<importo>{money}</importo>{receipt}{undone}<data_movimento>2026-03-10</data_movimento>"
            "<data_movimento_siope>2026-03-10</data_movimento_siope><data_valuta_ente>2026-03-11</data_valuta_ente>"
            f"<tipo_esecuzione>SEPA CREDIT TRANSFER</tipo_esecuzione><coordinate>{other(self.number)}</coordinate>"
            f"<codice_riferimento_operazione>TRN20260310{self.number:06d}</codice_riferimento_operazione>{payment}"
            "<assoggettamento_bollo>ESENTE BOLLO</assoggettamento_bollo>"
            f"<cliente><anagrafica_cliente>Locatore {self.number}</anagrafica_cliente></cliente>"
            "<causale>REG-1 2026-03</causale></movimento_conto_evidenza>"
        )


def account(lines: Sequence[Line], opening: int = 1_000_000, closing: int | None = None, code: str = "0000001") -> str:
    """An account of the journal, with balances that agree unless ``closing`` says otherwise."""
    names = ("saldo_precedente", "totale_entrate", "totale_uscite", "saldo_finale")
    balances = _balances(tuple(f"{name}_conto_evidenza" for name in names), lines, opening, closing)
    moved = "".join(line.text for line in lines)
    return (
        f"<informazioni_conto_evidenza><conto_evidenza>{code}</conto_evidenza>{moved}{balances}"
        "</informazioni_conto_evidenza>"
    )


def totals(lines: Sequence[Line], opening: int = 1_000_000) -> str:
    """The ``tail`` of a journal of one account."""
    whole = ("saldo_complessivo_precedente", "totale_complessivo_entrate", "totale_complessivo_uscite")
    return _balances((*whole, "saldo_complessivo_finale"), lines, opening)


def _balances(names: Sequence[str], lines: Sequence[Line], opening: int, closing: int | None = None) -> str:
    incoming = sum(line.effect for line in lines if line.effect > 0)
    outgoing = -sum(line.effect for line in lines if line.effect < 0)
    closing = opening + incoming - outgoing if closing is None else closing
    return "".join(
        f"<{name}>{format_cents(cents)}</{name}>"
        for name, cents in zip(names, (opening, incoming, outgoing, closing), strict=True)
    )


def journal(*accounts: str, pages: int = 1, tail: str = "", root: str = "flusso_giornale_di_cassa") -> bytes:
    """The whole journal, unsigned places filled with a signature that signs nothing."""
    text = (
        f"<{root}>{HEADER}<identificativo_flusso_BT>{FLOW}</identificativo_flusso_BT><pagina>1</pagina>"
        f"<pagine_totali>{pages}</pagine_totali><esercizio>2026</esercizio>"
        f"<data_riferimento_GdC>2026-03-10</data_riferimento_GdC>{''.join(accounts)}{tail}{SIGNATURE}</{root}>"
    )
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.replace("><", ">\n<").encode()


def outcome(word: str, number: int = 15, errors: str = "", payee: int | None = 1) -> str:
    """An ``esito_mandati``."""
    to = f"<progressivo_beneficiario>{payee}</progressivo_beneficiario>" if payee is not None else ""
    return (
        "<esito_mandati><identificativo_flusso>PB-1</identificativo_flusso><esercizio>2026</esercizio>"
        f"<numero_mandato>{number}</numero_mandato>{to}<importo>450.00</importo>"
        f"<esito_operazione>{word}</esito_operazione>"
        f"<data_ora_esito_operazione>2026-03-10T09:00:00</data_ora_esito_operazione>{errors}</esito_mandati>"
    )


def error(code: int | None, text: str) -> str:
    """A ``lista_errori``; a treasurer may leave the code out."""
    number = "" if code is None else f"<codice_errore>{code}</codice_errore>"
    return f"<lista_errori>{number}<descrizione>{text}</descrizione></lista_errori>"


def outcomes(*bodies: str) -> bytes:
    """A ``messaggi_esito_applicativo``."""
    flow = "<identificativo_flusso_BT>ESI-20260310-00001</identificativo_flusso_BT>"
    text = f"<messaggi_esito_applicativo>{HEADER}{flow}{''.join(bodies)}{SIGNATURE}</messaggi_esito_applicativo>"
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.replace("><", ">\n<").encode()
