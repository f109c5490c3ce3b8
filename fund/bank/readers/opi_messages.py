"""Reader of OPI messages 1.6.1 from SIOPE+ and the treasurer.

Sources: ``OPI_MSG_ESITO_APPLICATIVO``, ``OPI_MSG_RIFIUTO_FLUSSO``, ``OPI_MSG_ACK_SIOPE`` and
``OPI_MSG_RICEZIONE_FLUSSO``, all ``V_1_6_1.xsd``. An outcome names the order (``numero_mandato``), not our payment.
None of them is a booking: ``PAGATO`` is settled, and ``STORNATO`` returned, only when the journal shows it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fund.bank.port import BankMessage, Notice, PaymentStatus, StatusKind
from fund.bank.readers.opi import NAMESPACES
from fund.bank.readers.refusals import named, refused_status
from fund.bank.readers.safe_xml import Found, child, children, line_of, only, stream, text_of
from fund.bank.readers.values import read_cents, read_instant, read_number, refuse
from fund.domain.errors import UnreadableBankFile

if TYPE_CHECKING:
    from lxml.etree import _Element

OUTCOMES = "messaggi_esito_applicativo"
REFUSAL = "messaggio_rifiuto_flusso"
ACKNOWLEDGEMENT = "messaggio_ack_siope"
RECEPTION = "messaggio_ricezione_flusso"
MESSAGES = (OUTCOMES, REFUSAL, ACKNOWLEDGEMENT, RECEPTION)

_KINDS: dict[str, StatusKind] = {
    **dict.fromkeys(("ACQUISITO", "VARIATO", "NON VARIATO", "NON ANNULLATO", "NON SOSTITUITO", "PAGATO"), "accepted"),
    **dict.fromkeys(("REGOLARIZZATO", "NON REGOLARIZZATO", "SOSTITUITO", "STORNATO"), "pending"),
    **dict.fromkeys(("NON ACQUISITO", "ANNULLATO", "NON ESEGUIBILE"), "rejected"),
}
"""A refused change leaves an accepted order accepted; a reversal waits for the journal."""

_FLOW_KINDS: dict[str, StatusKind] = {"OK": "pending", "WARNING": "pending", "KO": "rejected"}
_HEADER = ("testata_messaggio", "identificativo_flusso", "identificativo_flusso_BT", "stato_flusso")
_ERRORS = ("errore", "warning")
_CREATED = "data_ora_creazione_flusso"


@dataclass(frozen=True, slots=True)
class MandateStatus(PaymentStatus):
    """Status of one order: ``mandate`` as in the journal, ``2026/15/1``, or ``2026/15`` without a payee.

    ``outcome`` is the treasurer's own word.
    """

    mandate: str | None = None
    outcome: str | None = None


def read(data: bytes) -> BankMessage:
    """Read an OPI message as a whole. Raises ``UnreadableBankFile`` for anything ambiguous."""
    kind: str | None = None
    header: dict[str, str | None] = {}
    created_at: datetime | None = None
    errors: list[tuple[str | None, str | None]] = []
    statuses: list[PaymentStatus] = []
    notices: list[Notice] = []
    for found in stream(data, units=_is_unit, containers=lambda name, parent: not parent and name in MESSAGES):
        if found.namespace not in NAMESPACES:
            refuse(found.line, found.name, "wrong-namespace")
        if found.name in MESSAGES:
            kind = found.name
        elif found.name == "testata_messaggio":
            created = child(found.element, _CREATED)
            created_at = read_instant(created.text, line_of(created), _CREATED) if created is not None else None
        elif found.name == "esito_mandati":
            try:
                statuses.append(_outcome(found, len(statuses) + 1))
            except UnreadableBankFile as refusal:
                number = text_of(found.element, "numero_mandato")
                raise refused_status(refusal, len(statuses) + 1, number) from None
        elif found.name == "esito_reversali":
            notices.append(Notice("collection-order-outcome", named(text_of(found.element, "numero_reversale"))))
        elif found.name in _ERRORS:
            errors.append((text_of(found.element, "codice"), text_of(found.element, "descrizione")))
        else:
            header[found.name] = text_of(found.element)
    if kind is None:
        refuse(0, "file", "no-status")
    if kind != OUTCOMES:
        statuses.append(_flow(kind, header, errors))
    if not statuses and not notices:
        refuse(0, "esito_mandati", "no-status")
    message_id = header.get("identificativo_flusso_BT") or header.get("identificativo_flusso")
    return BankMessage("OPI " + kind, message_id, created_at, statuses=tuple(statuses), notices=tuple(notices))


def _is_unit(name: str, parent: str) -> bool:
    if parent == OUTCOMES:
        return name in _HEADER or name in ("esito_mandati", "esito_reversali")
    return parent in MESSAGES and (name in _HEADER or name in _ERRORS)


def _outcome(found: Found, ordinal: int) -> MandateStatus:
    element = found.element
    outcome = only(element, "esito_operazione")
    word = text_of(outcome)
    if word not in _KINDS:
        refuse(line_of(outcome) or found.line, "esito_operazione", "unknown-word" if word else "missing")
    amount = only(element, "importo")
    errors = [
        (text_of(error, "codice_errore"), text_of(error, "descrizione")) for error in children(element, "lista_errori")
    ]
    code, text = _joined(errors)
    return MandateStatus(
        ordinal=ordinal,
        level="transaction",
        status=_KINDS[word],
        batch=text_of(element, "identificativo_flusso"),
        payment=None,
        amount_cents=read_cents(amount.text, line_of(amount), "importo") if amount is not None else None,
        reason=code or (word if _KINDS[word] == "rejected" else None),
        reason_text=text,
        mandate=_mandate(element),
        outcome=word,
    )


def _mandate(element: "_Element") -> str:
    year = read_number(text_of(element, "esercizio"))
    number = read_number(text_of(element, "numero_mandato"))
    payee = read_number(text_of(element, "progressivo_beneficiario"))
    if year is None or number is None:
        refuse(line_of(element), "numero_mandato", "missing")
    return f"{year}/{number}" if payee is None else f"{year}/{number}/{payee}"


def _flow(kind: str, header: dict[str, str | None], errors: list[tuple[str | None, str | None]]) -> PaymentStatus:
    """Status of a whole flow: refused, acknowledged or received."""
    flow = header.get("identificativo_flusso")
    if flow is None:
        refuse(0, "identificativo_flusso", "missing")
    status: StatusKind = "rejected" if kind == REFUSAL else "pending"
    if kind == ACKNOWLEDGEMENT:
        word = header.get("stato_flusso")
        if word not in _FLOW_KINDS:
            refuse(0, "stato_flusso", "unknown-word" if word else "missing")
        status = _FLOW_KINDS[word]
    code, text = _joined(errors)
    return PaymentStatus(1, "group", status, flow, None, None, code, text)


def _joined(errors: list[tuple[str | None, str | None]]) -> tuple[str | None, str | None]:
    """The first code; further codes precede the descriptions, so that none is lost."""
    codes = [code for code, _ in errors if code]
    texts = [text for _, text in errors if text]
    return (codes[0] if codes else None), "; ".join(codes[1:] + texts) or None
