"""The treasurer's journal and messages: what was paid, undone or refused, and the journal's own proof."""

import re
from dataclasses import replace
from datetime import date

import pytest

from fund.bank import schemas
from fund.bank.readers import MandateStatus, read
from tests.fund.bank.readers.kit import other, refusal
from tests.fund.bank.readers.opi_kit import FLOW, HEADER, Line, account, error, journal, outcome, outcomes, totals

PAID = Line(-45_000)
UNDONE = Line(45_000, 2, "STORNATO", undone_receipt=77)
RECEIVED = Line(2_000_000, 3, "ESEGUITO", "ENTRATA", "REVERSALE", None)


SUSPENDED = replace(RECEIVED, document="SOSPESO ENTRATA")


@pytest.mark.parametrize(
    ("grammar", "data"),
    [
        (
            "fund-opi-journal-1",
            journal(account([PAID, UNDONE, SUSPENDED]), tail=totals([PAID, UNDONE, SUSPENDED])),
        ),
        (
            "fund-opi-outcome-1",
            outcomes(outcome("ACQUISITO"), outcome("NON ESEGUIBILE", 16, error(None, "x"))),
        ),
    ],
)
def test_the_files_of_these_tests_are_valid(grammar: str, data: bytes) -> None:
    assert schemas.validate(data, grammar) == schemas.SchemaResult("valid")


def test_a_journal_in_full() -> None:
    message = read(journal(account([PAID, UNDONE, RECEIVED])))
    assert (message.format, message.message_id) == ("OPI giornale di cassa", FLOW)
    (found,) = message.statements
    assert (found.id, found.opening_cents, found.closing_cents) == (f"{FLOW}/0000001", 1_000_000, 3_000_000)
    assert (found.first_day, found.last_day) == (date(2026, 3, 10), date(2026, 3, 10))
    paid, undone, received = found.entries
    assert (paid.amount_cents, paid.payment, paid.mandate) == (-45_000, "PAY-2026-03-0001", "2026/1/1")
    assert (paid.receipt_number, paid.booked_on, paid.value_on) == ("501", date(2026, 3, 10), date(2026, 3, 11))
    assert (paid.executed, paid.bank_code, paid.counterparty_iban) == ("ESEGUITO", "MANDATO", other(1))
    assert (paid.is_booked, paid.is_reversal, paid.bank_reference) == (True, False, "TRN20260310000001")
    assert (undone.amount_cents, undone.executed, undone.receipt_number) == (45_000, "STORNATO", "501")
    assert (undone.is_reversal, undone.mandate) == (True, "2026/2/1")
    assert (received.amount_cents, received.mandate, received.bank_code) == (2_000_000, None, "REVERSALE")


def test_an_order_to_many_tells_its_payees_apart() -> None:
    lines = [replace(PAID, payee=1), replace(PAID, payee=2)]
    assert [entry.mandate for entry in read(journal(account(lines))).statements[0].entries] == ["2026/1/1", "2026/1/2"]


def test_a_minus_on_what_was_undone_says_nothing_more() -> None:
    plain = read(journal(account([UNDONE])))
    assert read(journal(account([replace(UNDONE, amount="-450.00")]))).statements == plain.statements


@pytest.mark.parametrize(("incoming", "outgoing"), [("450.00", "0.00"), ("0.00", "-450.00")])
def test_what_was_undone_can_be_more_than_what_went_out(incoming: str, outgoing: str) -> None:
    """A day of reversals alone: it counts as what came in, or against what went out."""
    data = journal(account([UNDONE])).decode()
    for name, cents in (("entrate", incoming), ("uscite", outgoing)):
        tag = f"totale_{name}_conto_evidenza"
        data = re.sub(f"<{tag}>.*?</{tag}>", f"<{tag}>{cents}</{tag}>", data)
    (found,) = read(data.encode()).statements
    assert (found.closing_cents or 0) - (found.opening_cents or 0) == 45_000


@pytest.mark.parametrize("operation", ["REGOLARIZZATO", "RIPRISTINATO"])
def test_what_moves_no_cash_is_told_and_not_booked(operation: str) -> None:
    line = Line(0, 4, operation, amount="450.00")
    (entry,) = read(journal(account([line]))).statements[0].entries
    assert (entry.is_booked, entry.executed, abs(entry.amount_cents)) == (False, operation, 45_000)


def test_several_accounts_are_several_statements() -> None:
    data = journal(account([PAID]), account([RECEIVED], 5, code="0000002"))
    told = [(found.id, [entry.ordinal for entry in found.entries]) for found in read(data).statements]
    assert told == [(f"{FLOW}/0000001", [1]), (f"{FLOW}/0000002", [2])]


@pytest.mark.parametrize(
    "data",
    [
        journal(account([PAID], closing=955_001)),
        journal(account([PAID]).replace("totale_uscite_conto_evidenza>450.00", "totale_uscite_conto_evidenza>451.00")),
        journal(account([PAID]), tail="<saldo_complessivo_precedente>10000.00</saldo_complessivo_precedente>"
                "<saldo_complessivo_finale>9549.99</saldo_complessivo_finale>"),
        journal(account([PAID]).replace(">ESEGUITO<", ">STORNATO<")),
        journal(account([PAID]).replace(">USCITA<", ">ENTRATA<")),
        journal(account([PAID, PAID]).replace(PAID.text, "", 1)),
    ],
)  # fmt: skip
def test_a_journal_that_does_not_add_up_is_refused(data: bytes) -> None:
    assert refusal(data)[1] == "balance-differs"


def test_a_page_of_many_cannot_prove_the_whole() -> None:
    message = read(journal(account([PAID], closing=1), pages=2))
    (found,) = message.statements
    (paid,) = found.entries
    assert (found.opening_cents, found.closing_cents) == (1_000_000, 1_000_000 + paid.amount_cents)
    assert [(notice.code, notice.place) for notice in message.notices] == [
        ("page-of-several", "1/2"),
        ("balance-of-all-pages", "statement 0000001 -"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        (">450.00</importo", ">-450.00</importo", "importo", "negative-amount"),
        (">450.00</importo", ">450.001</importo", "importo", "not-an-amount"),
        (">450.00</importo", "></importo", "importo", "missing"),
        ("ESEGUITO", "FATTO", "tipo_operazione", "unknown-word"),
        ("USCITA", "FUORI", "tipo_movimento", "unknown-word"),
        ("<data_movimento>2026-03-10", "<data_movimento>2026-03-32", "data_movimento", "not-a-day"),
        ("<numero_documento>1</numero_documento>", "", "numero_documento", "missing"),
        ("<esercizio>2026", "<esercizio>MMXXVI", "esercizio", "not-a-number"),
        (FLOW, "", "identificativo_flusso_BT", "missing"),
        ("<conto_evidenza>0000001</conto_evidenza>", "", "conto_evidenza", "missing"),
        ("<informazioni_conto_evidenza>", '<informazioni_conto_evidenza xmlns="urn:x">', None, "wrong-namespace"),
    ],
)
def test_what_decides_must_be_right(old: str, new: str, field: str | None, reason: str) -> None:
    data = journal(account([PAID])).decode()
    assert old in data
    found = refusal(data.replace(old, new).encode())
    assert found[1] == reason
    assert field in (None, found[0])


def test_the_treasurers_own_data_are_not_read() -> None:
    """``dati_a_disposizione_BT`` may hold anything, even what looks like a movement."""
    own = f"<dati_a_disposizione_BT>{PAID.text}<importo>9.99</importo></dati_a_disposizione_BT>"
    text = account([PAID]).replace("</movimento_conto_evidenza>", f"{own}</movimento_conto_evidenza>")
    assert [entry.amount_cents for entry in read(journal(text)).statements[0].entries] == [-45_000]


# -- messages


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *((word, "accepted") for word in ("ACQUISITO", "VARIATO", "NON VARIATO", "PAGATO", "NON ANNULLATO")),
        ("NON SOSTITUITO", "accepted"),
        *((word, "pending") for word in ("STORNATO", "REGOLARIZZATO", "NON REGOLARIZZATO", "SOSTITUITO")),
        *((word, "rejected") for word in ("NON ACQUISITO", "ANNULLATO", "NON ESEGUIBILE")),
    ],
)
def test_every_outcome_of_an_order(word: str, status: str) -> None:
    (found,) = read(outcomes(outcome(word))).statuses
    assert isinstance(found, MandateStatus)
    assert (found.status, found.mandate, found.outcome, found.batch) == (status, "2026/15/1", word, "PB-1")
    assert (found.level, found.payment, found.amount_cents) == ("transaction", None, 45_000)
    assert found.reason == (word if status == "rejected" else None)


def test_errors_are_kept_word_for_word() -> None:
    errors = error(701, "IBAN estinto") + error(702, "beneficiario ignoto")
    (found,) = read(outcomes(outcome("NON ESEGUIBILE", 15, errors, payee=None))).statuses
    assert (found.reason, found.reason_text) == ("701", "702; IBAN estinto; beneficiario ignoto")
    assert isinstance(found, MandateStatus)
    assert found.mandate == "2026/15"


def test_another_namespace_is_refused() -> None:
    data = outcomes(outcome("PAGATO")).replace(
        b"<messaggi_esito_applicativo>", b'<messaggi_esito_applicativo xmlns="urn:x">'
    )
    assert refusal(data)[1] == "wrong-namespace"


def test_an_unknown_outcome_is_refused() -> None:
    assert refusal(outcomes(outcome("FATTO")))[:2] == ("esito_operazione", "unknown-word")


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("<messaggio_rifiuto_flusso>{}<errore><codice>9</codice><descrizione>firma</descrizione></errore>"
         "</messaggio_rifiuto_flusso>", "rejected", "9"),
        ("<messaggio_ack_siope>{}<stato_flusso>KO</stato_flusso><errore><codice>9</codice><descrizione>firma</descrizione>"
         "</errore></messaggio_ack_siope>", "rejected", "9"),
        ("<messaggio_ack_siope>{}<stato_flusso>OK</stato_flusso></messaggio_ack_siope>", "pending", None),
        ("<messaggio_ricezione_flusso>{}</messaggio_ricezione_flusso>", "pending", None),
    ],
)  # fmt: skip
def test_messages_on_a_whole_flow(text: str, status: str, reason: str | None) -> None:
    data = text.format(f"{HEADER}<identificativo_flusso>PB-1</identificativo_flusso>").encode()
    (found,) = read(data).statuses
    assert (found.level, found.status, found.batch, found.reason) == ("group", status, "PB-1", reason)
    assert found.reason_text == ("firma" if reason else None)
