"""Benchmark of one statement of the account: our reader alone, and the whole import through the door, in one run.

Of a hundred lines 95 pay orders, one brings money back, and four are other people's.
"""

from datetime import date, timedelta
from pathlib import Path

from benchmarks.bank import CITY, Exchange, peak_mb
from benchmarks.bulk import FIRST, MONTHS, big_office
from benchmarks.stopwatch import Figures, Stopwatch
from fund.app import App, open_app
from fund.bank.readers import read
from fund.bank.simulated import Bank
from fund.clock import SteppedClock, noon_in_rome
from fund.domain.access import PREPARER, Actor
from fund.domain.bank_views import BankFileView
from fund.domain.lists import Matching
from fund.doors.transaction import reading, writing
from fund.services.banking import exports, imports
from fund.services.money.balances import read_balances
from fund.services.payouts import payments
from fund.settings import Settings
from ledger.months import Month, month_range

FORM = "pain.001.001.09"
EARLIER, STATEMENT = "earlier.xml", "statement.xml"
TIMES, SECONDS = 1.5, 2
"""The goal: so many times the processor's time of the reader alone, and so many seconds more."""


def write_home(home: Path, lines: int) -> date:
    """A home of which every month is ordered and the first is paid, with a statement of one line, and one of the other
    months. Returns its day.
    """
    households = lines // MONTHS
    office = big_office(home, households)
    exchange = Exchange(office, Bank(CITY["iban"]))
    account = exchange.account
    with reading(office.app, office.approver) as context:
        account.credit(context.day, read_balances(context).fund.cash_cents, name="Finanziatore", text="A01")
    account.close(office.clock.now().date())
    first, *later = month_range(FIRST, MONTHS)
    paid = _order(exchange, first, households)
    exchange.take("the first month", exchange.bank.close(exchange.on(first.day(10))), households)
    account.debit(first.day(11), 1_000, name="Fornitore", text="Fattura")
    _keep(home / EARLIER, exchange.bank.close(first.day(11)))
    for month in later:
        _order(exchange, month, households)
    day = exchange.on(later[-1].next_first_day())
    returned = paid[: lines // 100]
    for payment in returned:
        account.send_back(day, payment, reason="AC04")
    for number in range(lines - len(later) * households - len(returned)):
        account.debit(day, 1_000 + number, name=f"Fornitore {number}", text=f"Fattura {number}")
    _keep(home / STATEMENT, exchange.bank.close(day))
    office.app.close()
    return day


def _keep(path: Path, data: bytes | None) -> None:
    assert data is not None
    path.write_bytes(data)


def _order(exchange: Exchange, month: Month, households: int) -> list[str]:
    """A month's batch goes out, and the bank takes it. Returns its payments."""
    today = exchange.on(month.day(5))
    batch = exchange.send(month, FORM, households)
    with reading(exchange.office.app, exchange.office.approver) as context:
        exchange.bank.receive(exports.read_sealed(context, batch).data, on=today)
        return [row.code for row in payments.list_payments(context, batch=batch)]


def statement(home: Path, day: date, lines: int) -> Figures:
    """The earlier statement, as the first that a process imports; then the reader and the import of the other one."""
    clock = SteppedClock(noon_in_rome(day + timedelta(days=1)))
    app = open_app(Settings(home, f"sqlite:///{home / 'fund.sqlite'}"), clock)
    what, figures = f"camt.053 of {lines:,} lines, {(home / STATEMENT).stat().st_size / 1e6:.1f} MB", Figures()
    stopwatch = Stopwatch()
    _import(app, home / EARLIER)
    figures["camt.053 of one line, the first that a process imports"] = stopwatch.figures()
    stopwatch = Stopwatch()
    read((home / STATEMENT).read_bytes())
    allowed = TIMES * stopwatch.processor_seconds() + SECONDS
    figures[f"{what}: our reader alone"] = stopwatch.figures(lines, "lines")
    peak_mb()
    stopwatch = Stopwatch()
    view = _import(app, home / STATEMENT)
    measured, rate = stopwatch.figures(lines, "lines")
    figures[f"{what}: received, matched, booked, published"] = (f"{measured}, peak {peak_mb()} MB", rate)
    figures[f"{TIMES} times the reader and {SECONDS} s"] = (f"processor {allowed:.2f} s", "")
    booked = sum(line.matching is Matching.BOOKED for line in view.lines)
    assert len(view.lines) == lines and booked == (MONTHS - 1) * (lines // MONTHS) + lines // 100, booked
    return figures


def _import(app: App, path: Path) -> BankFileView:
    """Two transactions, as at every door: a file is kept before it is parsed."""
    preparer = Actor("U02", PREPARER)
    with writing(app, preparer) as context:
        checksum = imports.receive_file(context, name=path.name, data=path.read_bytes())
    with writing(app, preparer) as context:
        return imports.book_file(context, checksum)
