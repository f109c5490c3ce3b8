"""Benchmark of payments out to a bank and a treasurer and their answers back, through services and a real home.

One month each goes out as pain.001, CBI and OPI, valid by the official schema. One payment in a hundred is rejected and
one in a hundred is returned. At the end every payment has its outcome, and the balances are equal.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from benchmarks.bulk import FIRST, BigOffice, big_office, confirm
from benchmarks.stopwatch import Figures, Stopwatch
from fund.bank.calendar import next_target_day
from fund.bank.port import Debtor
from fund.bank.simulated import Bank, SimulatedAccount, Treasurer
from fund.clock import noon_in_rome
from fund.domain.access import SYSTEM, Actor
from fund.domain.agreement.reading import TreasuryFacts
from fund.doors.transaction import reading, writing
from fund.services.banking import exports, imports, treasury
from fund.services.books.verification import verify
from fund.services.context import Context
from fund.services.landlords import landlords
from fund.services.money.balances import read_balances
from fund.services.payouts import payments, runs
from ledger.months import Month

CITY = {"name": "Comune di prova", "tax_code": "99999000229", "iban": "IT91X9990101800000000000900", "cuc": "EXAMP001"}
FORMATS = ("pain.001.001.09", "cbi", "opi")
ONE_IN = 100


def peak_mb() -> int:
    """Peak memory of the process since the last call."""
    status = Path("/proc/self/status").read_text("ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return int(peak.split()[1]) // 1024


@dataclass
class Exchange:
    """The office, the keeper of its account, and the measured steps."""

    office: BigOffice
    bank: Bank
    figures: Figures = field(default_factory=dict)

    @property
    def account(self) -> SimulatedAccount:
        return self.bank.account

    @contextmanager
    def step(self, name: str, per: int = 0) -> Iterator[None]:
        peak_mb()
        stopwatch = Stopwatch()
        yield
        seconds, rate = stopwatch.figures(per, "payments")
        self.figures[name] = (f"{seconds}, peak {peak_mb()} MB", rate)

    def on(self, day: date) -> date:
        self.office.clock.set(noon_in_rome(day))
        return day

    def do(self, actor: Actor, act: Callable[[Context], object]) -> None:
        with writing(self.office.app, actor) as context:
            act(context)

    def send(self, month: Month, form: str, size: int) -> str:
        """Approve a run and seal its batch in a format. Returns the batch."""
        office, app = self.office, self.office.app
        facts = TreasuryFacts.model_validate({**CITY, "format": form})
        with writing(app, office.preparer) as context:
            confirm(context, office.approver, treasury.propose_treasury(context, facts))
        self.do(SYSTEM, runs.open_due_runs)
        self.do(office.preparer, lambda context: runs.propose_run(context, month))
        with writing(app, office.preparer) as context:
            alerts = [alert.id for alert in runs.view_run(context, month).alerts if alert.acknowledgement is None]
            shown = runs.acknowledge_in_run(context, month, alerts, reason="separate-homes")
        with self.step(f"{form}: approve, seal and publish", size), writing(app, office.approver) as context:
            batch = runs.approve_run(context, month, digest=shown.digest).batch
        assert batch is not None
        self.do(office.approver, lambda context: payments.mark_sent(context, batch))
        return batch

    def take(self, name: str, data: bytes | None, size: int) -> None:
        """Import a file of the bank or treasurer."""
        assert data is not None
        office = self.office
        with self.step(f"{name}, {len(data) / 1e6:.1f} MB", size):
            with writing(office.app, office.preparer) as context:
                checksum = imports.receive_file(context, name="answers.xml", data=data)
            with writing(office.app, office.preparer) as context:
                imports.book_file(context, checksum)

    def states(self, batch: str) -> Counter[str]:
        with reading(self.office.app, self.office.approver) as context:
            return Counter(row.state for row in payments.list_payments(context, batch=batch))

    def confirm_accounts(self) -> None:
        """Confirm suspended accounts by call-back, so that they can be paid again."""
        with writing(self.office.app, self.office.preparer) as context:
            for landlord in landlords.list_landlords(context):
                for account in landlords.list_accounts(context, landlord.code):
                    if account.state == "suspended":
                        number = landlords.propose_account_again(context, landlord.code, account.id)
                        confirm(context, self.office.approver, number)


def bank(folder: Path, size: int, schemas: Path) -> Figures:
    """Three months, each in another format, out and back; outcomes and balances are checked."""
    office = big_office(folder, size, schemas=schemas)
    exchange = Exchange(office, Bank(CITY["iban"]))
    with reading(office.app, office.approver) as context:
        exchange.account.credit(context.day, read_balances(context).fund.cash_cents, name="Finanziatore", text="A01")
    exchange.account.close(office.clock.now().date())
    for number, form in enumerate(FORMATS):
        _month(exchange, FIRST.plus(number), form, size)
    with exchange.step("verify"), reading(office.app, SYSTEM) as context:
        assert not verify(context, office.app.settings.books, office.app.settings.outbox).findings
    return exchange.figures


def _month(exchange: Exchange, month: Month, form: str, size: int) -> None:
    """One batch out, its rejections, debits and returns; then nothing is outstanding and the balances agree."""
    today = exchange.on(month.day(5))
    batch = exchange.send(month, form, size)
    with reading(exchange.office.app, exchange.office.approver) as context:
        sealed = exports.read_sealed(context, batch)
        codes = [row.code for row in payments.list_payments(context, batch=batch)]
    assert sealed.schemas and sealed.format == form
    rejected, returned = codes[::ONE_IN], codes[1::ONE_IN]
    city = Debtor(CITY["name"], CITY["iban"], CITY["tax_code"])
    keeper = Treasurer(city, "0000900", account=exchange.account) if form == "opi" else exchange.bank
    with exchange.step(f"{form}: the other side reads it", size):
        status = keeper.receive(sealed.data, on=today, rejected=dict.fromkeys(rejected, "AC01"))
    names = ("esito applicativo", "giornale di cassa") if form == "opi" else ("pain.002", "camt.053")
    exchange.take(f"{form}: {names[0]} with {len(rejected)} rejects", status, size)
    booked_on = exchange.on(next_target_day(today))
    exchange.take(f"{form}: {names[1]}", keeper.close(booked_on), size)
    later = exchange.on(booked_on + timedelta(days=1))
    for payment in returned:
        keeper.account.send_back(later, payment, reason="AC04")
    exchange.take(f"{form}: {names[1]} with {len(returned)} returns", keeper.close(later), len(returned))
    lost, back = len(rejected), len(returned)
    expected = {"refused": lost, "returned": back, "settled": len(codes) - lost - back}
    counts = exchange.states(batch)
    assert counts == {state: count for state, count in expected.items() if count}, (form, counts)
    with reading(exchange.office.app, exchange.office.approver) as context:
        position = read_balances(context).fund
    assert position.outstanding_orders_cents == 0
    assert position.cash_cents == exchange.account.balance_cents
    exchange.confirm_accounts()
