"""Reader of the treasurer's journal: AgID's OPI "giornale di cassa" 1.7.1.

Sources: ``OPI_GIORNALE_DI_CASSA_V_1_7_1.xsd`` and AgID's OPI rules. Effect of the movements on cash:

- ``ESEGUITO`` moves it (``USCITA`` out, ``ENTRATA`` in), ``STORNATO`` moves it back; a treasurer may write the amount
  of a ``STORNATO`` with a minus sign, which adds nothing;
- ``REGOLARIZZATO`` and ``RIPRISTINATO`` only link an order to a movement that the journal had as ``SOSPESO`` (or unlink
  it): no cash moves, so they are reported but not booked.

The proof is the account's own: previous balance + movements = final balance.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from fund.bank.port import BankEntry, BankMessage, Notice, ParsedStatement
from fund.bank.readers.refusals import refused_entry, statement_place, unread_statement
from fund.bank.readers.safe_xml import Found, line_of, only, stream, text_of
from fund.bank.readers.values import (
    EURO,
    as_account_iban,
    as_iban,
    read_cents,
    read_day,
    read_instant,
    read_number,
    refuse,
)
from fund.domain.errors import UnreadableBankFile

if TYPE_CHECKING:
    from lxml.etree import _Element

FORMAT = "OPI giornale di cassa"
JOURNAL = "flusso_giornale_di_cassa"
NAMESPACES = ("", "http://ws.pagamenti.telematici.gov/")
"""The schemas have no target namespace; some treasurers add one of their own."""

_ACCOUNT = "informazioni_conto_evidenza"
_MOVEMENT = "movimento_conto_evidenza"
_SIGNS = {"ENTRATA": 1, "USCITA": -1}
_MOVES = {"ESEGUITO": 1, "STORNATO": -1, "REGOLARIZZATO": 0, "RIPRISTINATO": 0}
_OWN_BALANCES = (
    "saldo_precedente_conto_evidenza",
    "totale_entrate_conto_evidenza",
    "totale_uscite_conto_evidenza",
    "saldo_finale_conto_evidenza",
)
_ALL_BALANCES = (
    "saldo_complessivo_precedente",
    "totale_complessivo_entrate",
    "totale_complessivo_uscite",
    "saldo_complessivo_finale",
)
_HEADER = frozenset(
    ("testata_messaggio", "identificativo_flusso_BT", "pagina", "pagine_totali", "esercizio", "data_riferimento_GdC")
)


@dataclass
class _Account:
    """State of one account of the journal (``conto di evidenza``) being read."""

    line: int
    code: str | None = None
    entries: list[BankEntry] = field(default_factory=list)
    balances: dict[str, int] = field(default_factory=dict)
    refusal: UnreadableBankFile | None = None


@dataclass
class _Journal:
    flow: str | None = None
    year: int | None = None
    day: date | None = None
    page: int = 1
    pages: int = 1
    created_at: datetime | None = None
    balances: dict[str, int] = field(default_factory=dict)
    accounts: list[_Account] = field(default_factory=list)
    count: int = 0
    notices: list[Notice] = field(default_factory=list)


def read(data: bytes) -> BankMessage:
    """Read a journal as a whole. Raises ``UnreadableBankFile`` for anything ambiguous."""
    journal = _Journal()
    is_open = False
    for found in stream(data, units=_is_unit, containers=_is_container):
        if found.namespace not in NAMESPACES:
            refuse(found.line, found.name, "wrong-namespace")
        if found.name == _ACCOUNT:
            is_open = found.is_start
            if is_open:
                journal.accounts.append(_Account(found.line))
        elif is_open:
            _take_of_account(journal, journal.accounts[-1], found)
        elif not found.is_start:
            _take_of_journal(journal, found)
    if journal.flow is None:
        refuse(0, "identificativo_flusso_BT", "missing")
    if not journal.accounts:
        refuse(0, _ACCOUNT, "no-statement")
    if all(account.refusal is None for account in journal.accounts):
        _prove_whole(journal)
    if journal.pages > 1:
        journal.notices.append(Notice("page-of-several", f"{journal.page}/{journal.pages}"))
    statements = tuple(_read_account(journal, account) for account in journal.accounts)
    return BankMessage(FORMAT, journal.flow, journal.created_at, statements, notices=tuple(journal.notices))


def _is_container(name: str, parent: str) -> bool:
    return name == _ACCOUNT and parent == JOURNAL


def _is_unit(name: str, parent: str) -> bool:
    if parent == _ACCOUNT:
        return name in ("conto_evidenza", _MOVEMENT) or name in _OWN_BALANCES
    return parent == JOURNAL and (name in _HEADER or name in _ALL_BALANCES)


def _take_of_journal(journal: _Journal, found: Found) -> None:
    element, line = found.element, found.line
    if found.name in _ALL_BALANCES:
        _take_balance(journal.balances, found)
    elif found.name == "testata_messaggio":
        created = text_of(element, "data_ora_creazione_flusso")
        journal.created_at = read_instant(created, line, "data_ora_creazione_flusso") if created else None
    elif found.name == "identificativo_flusso_BT":
        journal.flow = text_of(element)
    elif found.name == "pagina":
        journal.page = read_number(element.text) or refuse(line, found.name, "not-a-number")
    elif found.name == "pagine_totali":
        journal.pages = read_number(element.text) or refuse(line, found.name, "not-a-number")
    elif found.name == "esercizio":
        journal.year = read_number(element.text) or refuse(line, found.name, "not-a-number")
    elif found.name == "data_riferimento_GdC":
        journal.day = read_day(element.text, line, found.name)


def _take_of_account(journal: _Journal, account: _Account, found: Found) -> None:
    if found.name == "conto_evidenza":
        account.code = text_of(found.element)
    elif found.name in _OWN_BALANCES:
        _take_balance(account.balances, found)
    else:
        journal.count += 1
        try:
            account.entries.append(_entry(journal, found.element))
        except UnreadableBankFile as refusal:
            number = text_of(found.element, "numero_movimento")
            refused = refused_entry(refusal, account.code, journal.flow, len(account.entries) + 1, number)
            account.refusal = account.refusal or refused


def _take_balance(balances: dict[str, int], found: Found) -> None:
    if found.name in balances:
        refuse(found.line, found.name, "repeated")
    balances[found.name] = read_cents(found.element.text, found.line, found.name, signed=True)


def _entry(journal: _Journal, element: "_Element") -> BankEntry:
    """Read one movement, with the treasurer's own words for document and operation."""
    document = text_of(element, "tipo_documento")
    word = _one_of(element, "tipo_operazione", _MOVES)
    is_undone = word in ("STORNATO", "RIPRISTINATO")
    sign = _SIGNS[_one_of(element, "tipo_movimento", _SIGNS)]
    amount = only(element, "importo")
    cents = read_cents(
        amount.text if amount is not None else None,
        line_of(amount if amount is not None else element),
        "importo",
        signed=is_undone,
    )
    value = text_of(element, "data_valuta_ente")
    quietanza = text_of(element, "numero_bolletta_quietanza")
    undone = text_of(element, "numero_bolletta_quietanza_storno")
    return BankEntry(
        ordinal=journal.count,
        is_booked=_MOVES[word] != 0,
        amount_cents=-sign * abs(cents) if is_undone else sign * cents,
        booked_on=read_day(text_of(element, "data_movimento"), line_of(element), "data_movimento"),
        value_on=read_day(value, line_of(element), "data_valuta_ente") if value else None,
        payment=text_of(element, "end_to_end_id"),
        bank_reference=text_of(element, "codice_riferimento_operazione") or text_of(element, "numero_movimento"),
        counterparty_iban=as_iban(text_of(element, "coordinate")),
        counterparty_name=text_of(element, "cliente", "anagrafica_cliente"),
        is_reversal=is_undone,
        bank_code=document,
        text=text_of(element, "causale"),
        mandate=_mandate(journal, element) if document == "MANDATO" else None,
        receipt_number=quietanza or undone,  # of a reversal, the receipt that it is about; the other one is its own
        executed=word,
        line=line_of(element),
    )


def _one_of(element: "_Element", name: str, words: dict[str, int]) -> str:
    found = only(element, name)
    word = text_of(found)
    if word not in words:
        refuse(line_of(found if found is not None else element), name, "unknown-word" if word else "missing")
    return word


def _mandate(journal: _Journal, element: "_Element") -> str:
    """Year, number and payee of an order, ``2026/15/1``: numbers restart each year, and an order has payees."""
    number = read_number(text_of(element, "numero_documento"))
    payee = read_number(text_of(element, "progressivo_documento"))
    if number is None or payee is None or journal.year is None:
        refuse(line_of(element), "numero_documento", "missing")
    return f"{journal.year}/{number}/{payee}"


def _read_account(journal: _Journal, account: _Account) -> ParsedStatement:
    """The account's statement, or what is left of one that cannot be read."""
    try:
        if account.refusal is not None:
            raise account.refusal
        return _statement(journal, account)
    except UnreadableBankFile as refusal:
        return unread_statement(refusal, journal.flow, account.code, statement_id=_statement_id(journal, account))


def _statement(journal: _Journal, account: _Account) -> ParsedStatement:
    """Movements of the account, with its balances only where they were proved."""
    if account.code is None:
        refuse(account.line, "conto_evidenza", "missing")
    opening, closing = _proved(journal, account)
    return ParsedStatement(
        id=_statement_id(journal, account),
        number=None,
        iban=as_account_iban(account.code),
        currency=EURO,
        opening_cents=opening,
        closing_cents=closing,
        first_day=journal.day,
        last_day=journal.day,
        entries=tuple(account.entries),
        account=account.code,
    )


def _statement_id(journal: _Journal, account: _Account) -> str:
    """Flow and account; of one of several pages with its number, unless the flow has it (``#002#003``)."""
    is_numbered = journal.pages == 1 or "#" in (journal.flow or "")
    page = "" if is_numbered else f"#{journal.page:03}"
    return f"{journal.flow}{page}/{account.code}"


def _proved(journal: _Journal, account: _Account) -> tuple[int | None, int | None]:
    moved = sum(entry.amount_cents for entry in account.entries if entry.is_booked)
    first, incoming, outgoing, last = (account.balances.get(name) for name in _OWN_BALANCES)
    if _agrees(first, incoming, outgoing, last, moved):
        return first, last
    if journal.pages == 1:
        refuse(account.line, "saldo_finale_conto_evidenza", "balance-differs")
    # The page of a longer journal: its balances are those of the whole. The first has its opening, the last its
    # closing; what lies between is worked out, and proved only by the page that goes on there.
    journal.notices.append(Notice("balance-of-all-pages", statement_place(account.code, journal.flow)))
    if journal.page == 1 and first is not None:
        return first, first + moved
    if journal.page == journal.pages and last is not None:
        return last - moved, last
    return None, None


def _prove_whole(journal: _Journal) -> None:
    moved = sum(entry.amount_cents for account in journal.accounts for entry in account.entries if entry.is_booked)
    first, incoming, outgoing, last = (journal.balances.get(name) for name in _ALL_BALANCES)
    if journal.pages == 1 and not _agrees(first, incoming, outgoing, last, moved):
        refuse(0, "saldo_complessivo_finale", "balance-differs")


def _agrees(first: int | None, incoming: int | None, outgoing: int | None, last: int | None, moved: int) -> bool:
    """Whether every given total agrees with the movements: final = previous + moved, and in - out = moved.

    Treasurers count a ``STORNATO`` on the opposite side or against its own, so that what went out can be below zero:
    the difference is the same. Some write all that went out below zero.
    """
    if first is not None and last is not None and first + moved != last:
        return False
    return incoming is None or outgoing is None or moved in (incoming - outgoing, incoming - abs(outgoing))
