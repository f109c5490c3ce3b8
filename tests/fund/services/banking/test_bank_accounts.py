"""Whose account a statement is of is decided for each statement, where a bank names the account by no IBAN."""

from dataclasses import replace

import pytest

from fund.bank.readers.values import names_account
from fund.domain import errors
from fund.domain.agreement.reading import OpiFacts
from fund.domain.bank_views import BankFileView
from fund.services.banking import open_items, reconciliation, treasury
from fund.services.banking.bank_statements import decide_statement, list_account_statements
from ledger.money import format_cents
from tests.fund.fixtures import lived_once
from tests.fund.kit import MARCH, Office
from tests.fund.services.bank_kit import Moved, giornale, statement
from tests.fund.services.banking.test_bank_formats import TREASURY, lines

OWN = TREASURY.iban  # IT 91 X 99901 01800 000000000900
CODE = "99901/01800/000000000900"
OTHER = "05034/11702/000000000900"


def mt940(number: int, opening: int, closing: int, code: str = CODE) -> str:
    return (
        f":20:R{number}\r\n:25:{code}\r\n:28C:{number}/1\r\n:60F:C22030{number}EUR{opening},00\r\n"
        f":62F:C22030{number}EUR{closing},00\r\n-\r\n"
    )


@lived_once
def known(office: Office) -> None:
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-09")


def imported(office: Office, *statements: str) -> list[str]:
    return [one.state for one in office.import_file("".join(statements).encode(), "mt940.txt").statements]


@pytest.mark.first
def test_one_account_is_one_chain_however_many_statements_a_file_has(known: Office) -> None:
    assert imported(known, mt940(1, 1000, 1000)) == ["accepted"]
    assert imported(known, mt940(2, 1000, 1000), mt940(3, 1000, 1000)) == ["accepted", "accepted"]
    assert {one.account for one in known.ask(known.auditor, list_account_statements)} == {OWN}
    assert known.ask(known.auditor, reconciliation.reconcile).bank_balance_cents == 100_000


@pytest.mark.first
def test_a_code_that_is_not_the_citys_is_an_alarm(known: Office) -> None:
    assert imported(known, mt940(1, 1000, 1000, OTHER)) == ["foreign"]
    assert imported(known, mt940(2, 1000, 1000), mt940(2, 500, 500, OTHER)) == ["accepted", "foreign"]
    shown = known.ask(known.auditor, reconciliation.reconcile)
    assert (shown.bank_balance_cents, [one.state for one in shown.alarms]) == (100_000, ["foreign", "foreign"])


@pytest.mark.first
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (CODE, True),
        ("99901/900", True),
        ("9990101800/900", True),
        ("000900", True),
        (OWN[4:], True),
        (OWN[5:], True),
        (OTHER, False),
        (CODE + "EUR", True),
        ("99901 01800 000000000900 EUR", True),
        ("99901-01800-900/EUR", True),
        ("99901/01801/900", False),
        ("99901/01801/900EUR", False),
        ("99901/901", False),
        ("900/99901", False),
        ("0", False),
        ("", False),
    ],
)
def test_which_codes_name_an_account(code: str, expected: bool) -> None:
    assert names_account(code, OWN) is expected
    assert not names_account(code, "DE89370400440532013000")


def paid(office: Office) -> tuple[str, Moved]:
    """A payment of March that is ordered, as the bank books it."""
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.send(batch)
    office.on("2022-03-09")
    payment, cents, iban = lines(office, batch)[0]
    return payment, Moved(-cents, payment, iban)


def beside(first: bytes, second: bytes) -> bytes:
    """One camt.053 with the statements of both."""
    inner = second[second.index(b"<Stmt>") : second.index(b"</BkToCstmrStmt>")]
    return first.replace(b"</BkToCstmrStmt>", inner + b"</BkToCstmrStmt>")


def matchings(view: BankFileView) -> list[tuple[str, str]]:
    return [(line.payment, line.matching) for line in view.lines]


@pytest.mark.parametrize("change", [(b"EUR", b"CHF"), (b">CRDT<", b">credit<"), (b"", b"")])
def test_another_account_in_the_file_is_left_and_no_task(known: Office, change: tuple[bytes, bytes]) -> None:
    payment, moved = paid(known)
    other = statement(1, 100, Moved(-5, "X1"), iban="CH9300762011623852957", name="X").replace(*change)
    view = known.import_file(beside(statement(1, 100_000, moved), other), "camt.xml")
    assert matchings(view) == [(payment, "booked")]
    assert [one.state for one in view.statements] == ["accepted", "other-account"]
    shown = known.ask(known.auditor, reconciliation.reconcile)
    assert (shown.alarms, shown.bank_balance_cents) == ((), 100_000 + moved.cents)
    assert known.findings() == ()


@pytest.mark.first
def test_one_strangers_entry_is_an_open_item_and_the_payment_beside_it_is_settled(known: Office) -> None:
    payment, moved = paid(known)
    data = statement(1, 100_000, Moved(3_000, "X1"), moved)
    own = b'</Refs><Amt Ccy="EUR">30.00</Amt>'
    view = known.import_file(data.replace(own, own.replace(b"EUR", b"USD")), "camt.xml")
    assert matchings(view) == [("X1", "no-reference"), (payment, "booked")]


def test_our_payment_with_a_detail_in_another_currency_waits_for_a_person(known: Office) -> None:
    payment, moved = paid(known)
    own = f'</Refs><Amt Ccy="EUR">{format_cents(-moved.cents)}</Amt>'.encode()
    data = statement(1, 100_000, moved)
    view = known.import_file(data.replace(own, own.replace(b"EUR", b"USD")), "camt.xml")
    assert matchings(view) == [(payment, "amount-differs")]
    (item,) = known.ask(known.auditor, open_items.list_open_items)
    assert (item.line.amount_cents, item.line.moved_cents) == (-moved.cents, moved.cents)


@pytest.mark.parametrize("code", [None, "0000001"])
def test_only_the_funds_account_of_a_journal_counts(known: Office, code: str | None) -> None:
    """The balance of the other account was added to the bank's."""
    if code is not None:
        known.on("2022-03-04")
        opi = OpiFacts(journal_account=code)
        known.decide(treasury.propose_treasury, TREASURY.model_copy(update={"opi": opi}))
    _, moved = paid(known)
    second = (
        b"<informazioni_conto_evidenza><conto_evidenza>0000002</conto_evidenza><saldo_precedente_conto_evidenza>10.00"
        b"</saldo_precedente_conto_evidenza><saldo_finale_conto_evidenza>10.00</saldo_finale_conto_evidenza>"
        b"</informazioni_conto_evidenza></flusso_giornale_di_cassa>"
    )
    for flow, opening, movements in (("GDC-1", 100_000, (moved,)), ("GDC-2", 100_000 + moved.cents, ())):
        data = giornale(flow, opening, *movements).replace(b"</flusso_giornale_di_cassa>", second)
        view = known.import_file(data, "gdc.xml")
        assert [one.state for one in view.statements] == ["accepted", "other-account"]
        assert view.statements[0].account == OWN
    assert known.ask(known.auditor, reconciliation.reconcile).bank_balance_cents == 100_000 + moved.cents
    assert known.findings() == ()


@pytest.mark.first
def test_another_account_that_does_not_add_up_stops_no_first_journal(known: Office) -> None:
    """Which account is the fund's was not known yet, so that the other one refused the file."""
    payment, moved = paid(known)
    first, other = giornale("GDC-1", 100_000, moved), giornale("GDC-1", 52_000, Moved(-1_000))
    inner = other[other.index(b"<informazioni") : other.index(b"</flusso")].replace(b"0000001", b"0000002")
    data = first.replace(b"</flusso", inner.replace(b">510.00<", b">520.00<") + b"</flusso")
    view = known.import_file(data, "gdc.xml")
    assert [one.state for one in view.statements] == ["accepted", "other-account"]
    assert matchings(view) == [(payment, "booked")]
    assert known.findings() == ()


def test_the_funds_own_account_that_does_not_add_up_refuses_a_first_journal(known: Office) -> None:
    _, moved = paid(known)
    first, other = giornale("GDC-1", 100_000, moved), giornale("GDC-1", 52_000, Moved(-1_000))
    inner = other[other.index(b"<informazioni") : other.index(b"</flusso")].replace(b"0000001", b"0000002")
    wrong = first.replace(f">{format_cents(100_000 + moved.cents)}<".encode(), b">1.00<")
    with pytest.raises(errors.UnreadableStatement):
        known.import_file(wrong.replace(b"</flusso", inner + b"</flusso"), "gdc.xml")


@pytest.mark.first
def test_a_journal_whose_accounts_say_nothing_of_the_fund_waits_for_a_person(known: Office) -> None:
    account = giornale("GDC-1", 100)
    inner = account[account.index(b"<informazioni") : account.index(b"</flusso")].replace(b"0000001", b"0000002")
    view = known.import_file(account.replace(b"</flusso", inner + b"</flusso"), "gdc.xml")
    assert [one.state for one in view.statements] == ["foreign", "foreign"]
    known.do(known.approver, decide_statement, view.sha256, 2, accept=True)
    view = known.import_file(account.replace(b"</flusso", inner + b"</flusso").replace(b"GDC-1", b"GDC-2"), "gdc.xml")
    assert [one.state for one in view.statements] == ["other-account", "accepted"]
    assert known.ask(known.auditor, reconciliation.reconcile).bank_balance_cents == 100


@pytest.mark.first
def test_a_camt_account_that_is_not_the_citys_is_an_alarm(known: Office) -> None:
    """An account named by no IBAN was taken for the city's, whatever its number."""
    named = f"<IBAN>{OWN}</IBAN>".encode()
    states = [
        known.import_file(statement(number, 0).replace(named, f"<Othr><Id>{code}</Id></Othr>".encode()), "camt.xml")
        .statements[0]
        .state
        for number, code in enumerate((CODE + " EUR", OTHER), 1)
    ]
    assert states == ["accepted", "foreign"]


@pytest.mark.first
def test_a_page_of_a_journal_is_not_another_content_of_the_page_before(known: Office) -> None:
    """All pages of a journal have its flow's id: the second one was an alarm, and nothing of it was booked."""
    for number in (1, 2):
        data = giornale("F1", 1_000, Moved(-number, text=f"p{number}"), page=(number, 2))
        view = known.import_file(data, f"{number}.xml")
        assert [(one.id, one.state) for one in view.statements] == [(f"F1#{number:03}/0000001", "accepted")]
        assert ("page-of-several", f"{number}/2") in [(notice.code, notice.place) for notice in view.notices]


def test_the_pages_of_a_statement_follow_each_other_in_any_order(known: Office) -> None:
    """Pages that are files of their own had one id, and all but the first were an alarm."""
    pages = []
    for number in range(1, 12):
        last = str(number == 11).lower()
        page = f"<MsgPgntn><PgNb>{number}</PgNb><LastPgInd>{last}</LastPgInd></MsgPgntn></GrpHdr>".encode()
        data = statement(20, 1_000 - number, Moved(-1, "X"), name="S").replace(b"</GrpHdr>", page)
        data = data.replace(b"OPBD", b"OPBD" if number == 1 else b"ITBD")
        pages.append(data.replace(b"CLBD", b"CLBD" if number == 11 else b"ITBD"))
    for data in reversed(pages):
        (view,) = known.import_file(data, "camt.xml").statements
        assert view.state == "accepted"
    shown = known.ask(known.auditor, list_account_statements)
    assert [one.warnings for one in shown] == [()] * 11
    assert known.ask(known.auditor, reconciliation.reconcile).bank_balance_cents == 988


@pytest.mark.first
def test_a_statement_of_a_day_that_has_not_come_is_told_and_waits(known: Office) -> None:
    payment, moved = paid(known)
    data = statement(1, 100_000, replace(moved, day="2022-03-14"), day="2022-03-14")
    view = known.import_file(data, "camt.xml")
    assert ("day-ahead-of-today", "2022-03-14") in [(notice.code, notice.place) for notice in view.notices]
    assert matchings(view) == [(payment, "day-ahead")]


@pytest.mark.first
def test_a_statement_without_balances_is_said_to_prove_nothing(known: Office) -> None:
    data = statement(1, 100)
    told = []
    for name in ("OPBD", "CLBD", "none"):
        view = known.import_file(data.replace(name.encode(), b"OPAV"), "camt.xml")
        told.append("balance-missing" in [notice.code for notice in view.notices])
    assert told == [True, True, False]
