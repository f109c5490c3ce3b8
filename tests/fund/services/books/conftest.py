"""Two small lives, which together have a row in every table that is bound; each is lived once for all tests."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from fund.domain.controls import Alert
from fund.domain.lists import BankFormat
from fund.doors.rendering import render_statement
from fund.services.banking import bank_rules, exports, foreign_balance, imports
from fund.services.banking.bank_statements import decide_statement
from fund.services.context import Context
from fund.services.households import grants, households
from fund.services.landlords import checks
from fund.services.money import money, recoveries, set_offs
from fund.services.payouts import alerts, corrections, payments, runs
from fund.services.statements import statements
from fund.services.users import own_ibans, tokens
from tests.fund.factor_kit import enrol
from tests.fund.fixtures import Prepared, copied_office, made_once
from tests.fund.kit import MARCH, OTHER_IBAN, THIRD_IBAN, Office, add_household, close_months
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_sealing import takes
from tests.fund.services.books.tampering import drop_triggers

BATCH = "BAT-2022-0001"


def _spoilt(home: Path) -> Iterator[Office]:
    """A copy for all tests of a file, without triggers: each takes back what it changes."""
    with copied_office(home) as office:
        office.on("2022-05-01")
        with office.app.database.engine.execution_options(fund_writes=True).begin() as connection:
            drop_triggers(connection)
        yield office


def live(office: Office) -> None:
    """Two months with a return, a cancellation, a correction, a repayment and closings: something in every table."""
    office.on("2022-03-05")
    batch = office.pay_month(MARCH)
    office.on("2022-03-20").give_back(batch, "PAY-2022-03-0001")
    office.confirm_account("L0001")
    again = office.pay_again()
    office.approve(_cancel, again.code)
    office.settle(office.pay_again().code)
    close_months(office.on("2022-04-05"))
    ordered = office.run_month(MARCH.plus(1)).batch
    office.approve(_cancel, str(ordered))
    office.decide(corrections.propose_correction, office.contributions(month="2022-04")[0].id, reason="wrong-amount")
    office.confirm(office.prepare(money.propose_repayment, amount_cents=10_000))
    office.prepare(money.record_repayment_paid, 1, bank_date=office.day)
    office.decide(grants.propose_postponement, household="N02", month=MARCH.plus(3))


def _cancel(context: Context, batch: str) -> None:
    payments.cancel_batch(context, batch, reason="wrong-account")


@pytest.fixture(scope="session")
def home_that_lived(prepared_sqlite: Prepared) -> Path:
    return _home_after(prepared_sqlite, live)


def _home_after(prepared: Prepared, live: Callable[[Office], None]) -> Path:
    """A home at the end of a life, of all workers."""

    def make(folder: Path) -> None:
        office = prepared.open_at(folder / "home")
        live(office)
        assert office.findings() == ()
        office.close()

    return made_once(prepared.lives / live.__name__, make) / "home"


@pytest.fixture(scope="module")
def spoilt_life(home_that_lived: Path) -> Iterator[Office]:
    yield from _spoilt(home_that_lived)


@pytest.fixture
def lived(home_that_lived: Path) -> Iterator[Office]:
    with copied_office(home_that_lived) as office:
        yield office.on("2022-05-01")


def bank_says(office: Office) -> None:
    """A statement with a line of no business of the fund's and a collection, one of another account, and a scan."""
    office.confirm(office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1_000))
    told = Moved(-150, text="commissioni", day="2022-03-05"), Moved(1_000, reference="R1", day="2022-03-05")
    own = office.import_file(statement(1, 0, *told, day="2022-03-05"), "camt.xml").sha256
    office.set_aside((own, 1), reason="other-business")
    office.match_line(own, 2, to="allocation", key="A02")
    office.decide(foreign_balance.propose_foreign_balance, amount_cents=1)
    office.decide(bank_rules.propose_bank_rule, text="bolletta")
    other = office.import_file(statement(2, 0, iban=OTHER_IBAN), "other.xml").sha256
    office.approve(decide_statement, other, 1, accept=False)
    scan = office.prepare(imports.receive_file, name="scan.pdf", data=b"%PDF-1.4")
    office.prepare(imports.set_file_aside, scan, reason="unreadable")


@pytest.fixture(scope="session")
def home_that_keeps(prepared_sqlite: Prepared) -> Path:
    return _home_after(prepared_sqlite, keep)


def keep(office: Office) -> None:
    """Files of every kind, and what cites them."""
    takes(office, BankFormat.REGISTER)
    add_household(office, "N03", "L0003", months=1, starts_on=date(2022, 3, 16))
    office.prepare(tokens.create_token, token="0000000000a1", secret="of a program")
    office.prepare(tokens.revoke_token, "0000000000a1")
    enrol(office, office.approver)
    office.do(office.admin, own_ibans.set_user_ibans, "pre", [THIRD_IBAN])
    office.on("2022-03-05").pay_month(MARCH)
    for landlord in ("L0001", "L0002", "L0001"):
        office.prepare(statements.issue_statement, render_statement, landlord=landlord, first=MARCH, last=MARCH)
        office.prepare(exports.export_batch, BATCH, "register-csv")
    bank_says(office)
    checked = {"landlord": "L0001", "checked_on": office.day, "reference": "48BIS-1"}
    office.prepare(checks.record_payee_check, result="RCVC", **checked)
    office.prepare(checks.record_tax_check, outcome="nothing-due", **checked)
    alert = Alert("account-changed", "L0001", {"version": "2"}, stands=True)
    found = alerts.Alerts("run", str(MARCH), {alert.fingerprint: (alert, None)})
    office.prepare(alerts.acknowledge, found, [alert.fingerprint], reason="confirmed-by-bank")
    month = {"contribution": office.contributions(household="N01")[0].id, "amount_cents": 6_000}
    office.confirm(office.prepare(recoveries.propose_overpayment, reason="departure", **month))
    add_household(office, "N04", "L0002", first_month=MARCH.plus(1), months=1)
    office.on("2022-04-05").open_runs()
    month["contribution"] = office.contributions(household="N01", month="2022-04")[0].id
    set_off = office.prepare(set_offs.propose_set_off, **month)
    (held,) = office.contributions(household="N04")
    office.approve(runs.hold_months, [held.id], reason="on-hold")
    office.prepare(runs.propose_run, MARCH.plus(1))
    office.approve_run(MARCH.plus(1))
    office.confirm(set_off)
    office.decide(households.propose_exit, household="N03")
    office.forget("L0003")
    office.prepare(statements.issue_statement, render_statement, landlord="L0001", first=MARCH, last=MARCH)


@pytest.fixture(scope="module")
def spoilt_files(home_that_keeps: Path) -> Iterator[Office]:
    yield from _spoilt(home_that_keeps)


@pytest.fixture
def kept(home_that_keeps: Path) -> Iterator[Office]:
    with copied_office(home_that_keeps) as office:
        yield office.on("2022-04-05")
