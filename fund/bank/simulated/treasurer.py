"""A treasurer that accepts OPI orders and answers with OPI messages.

The outcome of each order (esito applicativo 1.6.1) and one journal a day (giornale di cassa 1.7.1), each valid by its
grammar.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from lxml import etree

from fund.bank.port import Debtor
from fund.bank.schemas import STAND_IN, check_written
from fund.bank.simulated.movements import SimulatedAccount, SimulatedMovement
from fund.bank.simulated.orders import Order, Orders, read_orders
from fund.bank.writers.opi import SUITE_CODES, code_of
from fund.bank.writers.xml import Element, add, document, serialized
from ledger.money import format_cents

_NOTHING = "NON ESEGUIBILE"
_OUTCOME = ("fund-opi-outcome-1", "opi-outcome")
_JOURNAL = ("fund-opi-journal-1", "opi-journal")


class Treasurer:
    """The treasurer of an account of the city (``conto di evidenza``).

    ``schemas`` is the folder of the official schemas, if there is one.
    """

    def __init__(
        self, city: Debtor, code: str, *, account: SimulatedAccount | None = None, schemas: Path | None = None
    ) -> None:
        self.account = account or SimulatedAccount()
        self._schemas = schemas
        self._city = city
        self._code = code
        self._messages = 0
        self._movements = 0

    def receive(self, data: bytes, *, on: date, rejected: Mapping[str, str] | None = None) -> bytes:
        """Accept a flow and answer for each order whether it will be paid; ``rejected`` is payment → reason.

        Raises ``UnreadableBankFile``.
        """
        file, lost = read_orders(data), rejected or {}
        taken = tuple(order for order in file.orders if order.payment not in lost)
        self.account.order(max(file.pay_on, on), file.batch, taken)
        return self._outcomes(file, on, lost)

    def _outcomes(self, file: Orders, on: date, lost: Mapping[str, str]) -> bytes:
        self._messages += 1
        root = document("", "messaggi_esito_applicativo")
        self._header(root, on)
        add(root, "identificativo_flusso_BT", f"ESI-{on:%Y%m%d}-{self._messages:05d}")
        for order in file.orders:
            _outcome(add(root, "esito_mandati"), file, order, on, lost.get(order.payment))
        return self._signed(root, _OUTCOME)

    def _header(self, root: Element, on: date) -> None:
        header, city = add(root, "testata_messaggio"), self._city
        add(header, "codice_ABI_BT", code_of("codice_ABI_BT", city))
        add(header, "data_ora_creazione_flusso", f"{on.isoformat()}T20:00:00")
        add(header, "codice_ente", code_of("codice_ente", city))
        add(header, "descrizione_ente", city.name)
        add(header, "codice_istat_ente", code_of("codice_istat_ente", city))
        add(header, "codice_fiscale_ente", city.tax_code)
        for name, placeholder in SUITE_CODES.items():
            add(header, name, placeholder)

    def close(self, day: date) -> bytes | None:
        """Close a day and write its journal; ``None`` for a day without movements."""
        opening_cents, movements = self.account.close(day)
        if not movements:
            return None
        root = document("", "flusso_giornale_di_cassa")
        self._header(root, day)
        add(root, "identificativo_flusso_BT", f"GDC-{day:%Y%m%d}TESORIERE{self._code}#001#001")
        add(root, "pagina", "1")
        add(root, "pagine_totali", "1")
        add(root, "esercizio", str(day.year))
        add(root, "data_riferimento_GdC", day.isoformat())
        account = add(root, "informazioni_conto_evidenza")
        add(account, "conto_evidenza", self._code)
        for movement in movements:
            self._movements += 1
            _movement(add(account, "movimento_conto_evidenza"), self._movements, movement, day)
        sums = _sums(opening_cents, movements)
        names = ("saldo_precedente", "totale_entrate", "totale_uscite", "saldo_finale")
        for name, cents in zip(names, sums, strict=True):
            add(account, f"{name}_conto_evidenza", format_cents(cents))
        whole = ("saldo_complessivo_precedente", "totale_complessivo_entrate", "totale_complessivo_uscite")
        for name, cents in zip((*whole, "saldo_complessivo_finale"), sums, strict=True):
            add(root, name, format_cents(cents))
        return self._signed(root, _JOURNAL)

    def _signed(self, root: Element, schemas: tuple[str, str]) -> bytes:
        """Add the empty signature that the official schema requires. Raises ``BankFileInvalid``."""
        root.append(etree.fromstring(STAND_IN))
        data = serialized(root)
        check_written(data, schemas[-1], schemas, self._schemas)
        return data


def _outcome(element: Element, file: Orders, order: Order, on: date, lost: str | None) -> None:
    add(element, "identificativo_flusso", file.batch)
    add(element, "esercizio", str(file.pay_on.year))
    add(element, "numero_mandato", str(order.mandate))
    add(element, "progressivo_beneficiario", "1")
    add(element, "importo", format_cents(order.amount_cents))
    add(element, "esito_operazione", "ACQUISITO" if lost is None else _NOTHING)
    add(element, "data_ora_esito_operazione", f"{on.isoformat()}T20:00:00")
    if lost is not None:
        add(element, "lista_errori/descrizione", lost)


def _movement(element: Element, number: int, movement: SimulatedMovement, day: date) -> None:
    order, is_return = movement.order, movement.kind in ("returned", "reversed")
    document_, side = _kind(movement)
    add(element, "identificativo_flusso", movement.batch or "NON-DISPONIBILE")
    add(element, "numero_movimento", str(number))
    add(element, "tipo_movimento", side)
    add(element, "tipo_documento", document_)
    add(element, "tipo_operazione", "STORNATO" if is_return else "ESEGUITO")
    add(element, "numero_documento", str((order and order.mandate) or movement.number))
    add(element, "progressivo_documento", "0" if order is None else "1")
    add(element, "importo", format_cents(abs(movement.cents)))
    add(element, "numero_bolletta_quietanza", str(movement.undone or movement.number))
    if is_return:
        add(element, "numero_bolletta_quietanza_storno", str(movement.number))
    for name in ("data_movimento", "data_movimento_siope", "data_valuta_ente"):
        add(element, name, day.isoformat())
    add(element, "tipo_esecuzione", "SEPA CREDIT TRANSFER")
    iban = movement.iban if order is None else order.iban
    if iban is not None:
        add(element, "coordinate", iban)
    add(element, "codice_riferimento_operazione", f"TRN{day:%Y%m%d}{movement.number:06d}")
    if order is not None:
        add(element, "end_to_end_id", order.payment)
    add(element, "assoggettamento_bollo", "ESENTE BOLLO")
    add(element, "cliente/anagrafica_cliente", movement.name if order is None else order.creditor)
    add(element, "causale", movement.text if order is None else order.text)


def _kind(movement: SimulatedMovement) -> tuple[str, str]:
    """Document type and side of a movement; one without an order of the city is a ``sospeso``, to be covered later."""
    if movement.kind == "credit":
        return "SOSPESO ENTRATA", "ENTRATA"
    return ("SOSPESO USCITA" if movement.kind == "debit" else "MANDATO"), "USCITA"


def _sums(opening_cents: int, movements: Sequence[SimulatedMovement]) -> tuple[int, int, int, int]:
    """Opening balance, credits, debits, closing balance. Reversed debits count among the credits."""
    incoming = sum(movement.cents for movement in movements if movement.cents > 0)
    outgoing = -sum(movement.cents for movement in movements if movement.cents < 0)
    return opening_cents, incoming, outgoing, opening_cents + incoming - outgoing
