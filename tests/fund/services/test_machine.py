"""A fund lived at random through the real services: whatever people try and in whatever order, the rules hold.

Every step is tried whether or not it may be done; a refusal is one of the service's own, and changes nothing. After
each step the journal is judged by the ledger's own position, and held against the tables; at the end all is verified.
"""

import shutil
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fund.bank import simulated
from fund.bank.port import Answer
from fund.bank.register import read_register, write_answers
from fund.domain import errors
from fund.domain import rules as house
from fund.domain.access import SYSTEM
from fund.doors.transaction import reading, writing
from fund.services.banking import imports
from fund.services.books import closings
from fund.services.books.rebuilding import MoneyTables
from fund.services.books.verification import act_findings, workflow_findings
from fund.services.desk.proposals import reject_proposal, withdraw_proposal
from fund.services.households import grants, households, leases
from fund.services.landlords import checks, landlords
from fund.services.money import money, recoveries, set_offs
from fund.services.payouts import corrections, payments, runs
from fund.services.users import own_ibans
from fund.store import journal
from fund.store.projections.comparison import compare_chain
from fund.store.tables import (
    Acknowledgement,
    BankAccount,
    Contribution,
    Household,
    PayeeCheck,
    Payment,
    PaymentBatch,
    Proposal,
    Repayment,
    Run,
    TaxCheck,
    table,
)
from ledger import accounts as a
from ledger.entries import Entry
from ledger.months import Month
from ledger.position import Position
from ledger.reader import record_of
from tests.fund.fixtures import Prepared
from tests.fund.kit import MARCH, add_household, confirm_as_shown, open_office

HOUSEHOLDS, LANDLORDS = ("N01", "N02", "N03"), ("L0001", "L0002", "L0003")
NEW_IBANS = ("IT88S9990101800000000000400", "IT11T9990101800000000000500", "IT31U9990101800000000000600")

household, landlord, pick = st.sampled_from(HOUSEHOLDS), st.sampled_from(LANDLORDS), st.integers(0, 10_000)
months = st.integers(-1, 8).map(MARCH.plus)
cents = st.sampled_from([1, 40_000, 45_000, 46_001, 300_000])


def rows_of(context: Any, model: Any) -> list[Any]:
    return list(context.session.connection().execute(table(model).select()))


class FundMachine(RuleBasedStateMachine):
    """The office of a small fund; ``prepared`` is set by the test that runs it."""

    prepared: Prepared

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="fund-machine-"))
        self.url = self.prepared.host.copy(self.prepared.founded)
        home = Path(shutil.copytree(self.prepared.home, self.folder / "home"))
        self.office = open_office(home, self.url)
        self.position, self.done = Position(), Counter[str]()
        self.entries: list[Entry] = []
        self.files: list[bytes] = []
        self.of_users: dict[str, set[str]] = {}
        self.sealed: set[str] = set()

    @initialize()
    def a_first_run(self) -> None:
        add_household(self.office, "N03", "L0003", months=0)
        self.office.set_terms(threshold=(date(2020, 1, 1), 89_999))
        self.office.decide(grants.propose_release, household="N01", months=[MARCH.plus(5)], reason="departure")
        self.office.on("2022-03-05")
        self.a_whole_run()

    def teardown(self) -> None:
        try:
            if hasattr(self, "office"):
                self.the_balances_are_those_of_the_ledger()
                assert self.office.findings() == ()
                self.office.close()
        finally:
            self.prepared.host.drop(self.url)
            shutil.rmtree(self.folder, ignore_errors=True)

    # How things are tried.

    def attempt(self, actor: Any, service: Any, *args: Any, **kwargs: Any) -> Any:
        """Do it as a door does; a refusal is remembered by its code and is as good as anything else."""
        try:
            with writing(self.office.app, actor) as context:
                result = service(context, *args, **kwargs)
        except errors.IntegrityBroken:
            raise
        except errors.FundError as refused:
            self.done[f"{service.__name__}: {refused.code}"] += 1
            return None
        self.done[service.__name__] += 1
        return result

    def prepare(self, service: Any, *args: Any, **kwargs: Any) -> Any:
        return self.attempt(self.office.preparer, service, *args, **kwargs)

    def agree(self, service: Any, *args: Any, **kwargs: Any) -> None:
        """The preparer proposes, and the approver confirms as shown."""
        number = self.prepare(service, *args, **kwargs)
        if number is not None:
            self.approve(confirm_as_shown, number)

    def record(self, service: Any, *args: Any, **kwargs: Any) -> None:
        """The preparer records something by hand, and the approver confirms as shown what is more than a little."""
        made = self.prepare(service, *args, **kwargs)
        if made is not None and made.proposal is not None:
            self.approve(confirm_as_shown, made.proposal)

    def approve(self, service: Any, *args: Any, **kwargs: Any) -> Any:
        return self.attempt(self.office.approver, service, *args, **kwargs)

    def one_of(self, model: Any, number: int, *states: str) -> Any:
        """A row, one in a state that fits three times out of four."""
        found = table(model)
        key = next(iter(found.primary_key.columns))
        with self.office.app.database.read() as session:
            rows = session.connection().execute(found.select().order_by(key)).all()
        fitting = [row for row in rows if row.state in states]
        rows = fitting if fitting and number % 4 else rows
        return rows[number // 4 % len(rows)] if rows else None

    # Days and money.

    @rule(days=st.sampled_from([0, 1, 3, 11, 28, 40]))
    def days_pass(self, days: int) -> None:
        self.office.on(self.office.day + timedelta(days=days))

    @rule(number=pick, amount_cents=cents)
    def allocate(self, number: int, amount_cents: int) -> None:
        code = f"A{number % 5 + 1:02d}"
        facts = {"code": code, "granted_on": self.office.day, "amount_cents": amount_cents}
        self.agree(money.propose_allocation, **facts)

    @rule(number=pick, amount_cents=cents)
    def receive(self, number: int, amount_cents: int) -> None:
        self.record(money.receive, allocation=f"A{number % 5 + 1:02d}", amount_cents=amount_cents)

    @rule(number=pick)
    def correct_a_collection(self, number: int) -> None:
        collections = [seq for seq, kind in enumerate(self.office.kinds(), 1) if kind == "collection"]
        self.record(corrections.correct_collection, collections[number % len(collections)], reason="entered-twice")

    @rule(amount_cents=cents)
    def propose_a_repayment(self, amount_cents: int) -> None:
        self.prepare(money.propose_repayment, amount_cents=amount_cents)

    @rule(number=pick)
    def pay_a_repayment(self, number: int) -> None:
        if row := self.one_of(Repayment, number, "approved"):
            self.prepare(money.record_repayment_paid, row.id, bank_date=self.office.day)

    # Households.

    @rule(code=household, first=months, count=st.integers(1, 6), amount_cents=cents)
    def grant(self, code: str, first: Month, count: int, amount_cents: int) -> None:
        facts = {"first_month": first, "months": count, "amount_cents": amount_cents}
        self.agree(grants.propose_commitment, household=code, **facts)

    @rule(code=household, since=months, amount_cents=cents)
    def decide(self, code: str, since: Month, amount_cents: int) -> None:
        self.agree(grants.propose_contribution, household=code, since=since, amount_cents=amount_cents)

    @rule(code=household, month=months)
    def suspend(self, code: str, month: Month) -> None:
        self.agree(grants.propose_postponement, household=code, month=month)

    @rule(code=household, month=months)
    def release(self, code: str, month: Month) -> None:
        self.agree(grants.propose_release, household=code, months=[month], reason="departure")

    @rule(lease=st.integers(1, 5), month=months, rent_cents=cents, day=st.integers(1, 28))
    def change_the_rent(self, lease: int, month: Month, rent_cents: int, day: int) -> None:
        self.prepare(leases.change_rent, lease, since=month.day(day), rent_cents=rent_cents)

    @rule(lease=st.integers(1, 5), month=months, day=st.integers(1, 31))
    def end_a_lease(self, lease: int, month: Month, day: int) -> None:
        self.prepare(leases.end_lease, lease, ends_on=month.day(day))

    @rule(code=household, to=landlord, month=months, rent_cents=cents)
    def move_to_another_landlord(self, code: str, to: str, month: Month, rent_cents: int) -> None:
        facts = {"registration": "REG", "starts_on": month.first_day, "rent_cents": rent_cents}
        self.prepare(leases.add_lease, household=code, landlord=to, **facts)

    @rule(code=household)
    def leave(self, code: str) -> None:
        self.agree(households.propose_exit, household=code)

    # Accounts.

    @rule(code=landlord, iban=st.sampled_from(NEW_IBANS))
    def propose_an_iban(self, code: str, iban: str) -> None:
        self.prepare(landlords.propose_account, landlord=code, iban=iban)

    @rule(number=pick, called=st.booleans())
    def confirm_an_account(self, number: int, called: bool) -> None:
        if row := self.one_of(BankAccount, number, "suspended"):
            self.prepare(landlords.propose_account_again, row.landlord, row.id)
        if row := self.one_of(Proposal, number, "proposed"):
            self.approve(confirm_as_shown, row.id, called_back_on=self.office.day if called else None)

    @rule(number=pick)
    def reject_a_proposal(self, number: int) -> None:
        if row := self.one_of(Proposal, number, "proposed"):
            self.approve(reject_proposal, row.id, reason="not-verified")

    # Checks before money leaves.

    @rule(code=landlord, result=st.sampled_from(["RCVC", "RVMC", "RVNM", "RVNA"]), number=pick)
    def the_bank_says_who_it_is(self, code: str, result: str, number: int) -> None:
        facts = {"result": result, "checked_on": self.office.day, "reference": f"VOP-{number}"}
        self.prepare(checks.record_payee_check, landlord=code, **facts)

    @rule(code=landlord, outcome=st.sampled_from(["nothing-due", "nothing-due", "debt-found"]), days=st.integers(0, 20))
    def the_tax_office_says_what_is_due(self, code: str, outcome: str, days: int) -> None:
        facts = {"outcome": outcome, "checked_on": self.office.day - timedelta(days=days), "reference": "48BIS-1"}
        self.prepare(checks.record_tax_check, landlord=code, **facts)

    @rule(login=st.sampled_from(["pre", "app"]), ibans=st.sets(st.sampled_from(NEW_IBANS), max_size=1))
    def a_users_iban_becomes_known(self, login: str, ibans: set[str]) -> None:
        self.attempt(self.office.admin, own_ibans.set_user_ibans, login, ibans)
        self.of_users[login] = ibans

    @rule(number=pick, reason=st.sampled_from(["confirmed-by-landlord", "because"]))
    def acknowledge(self, number: int, reason: str) -> None:
        if row := self.one_of(Run, number, "open", "proposed"):
            month = Month.parse(row.month)
            ids = [alert.id for alert in self.office.ask(self.office.auditor, runs.view_run, month).alerts]
            self.prepare(runs.acknowledge_in_run, month, ids[: number % 3 + 1], reason=reason)
        if batch := self.one_of(PaymentBatch, number, "proposed"):
            ids = [alert.id for alert in self.office.ask(self.office.auditor, payments.view_batch, batch.code).alerts]
            self.prepare(payments.acknowledge_in_batch, batch.code, ids, reason=reason)

    # Runs.

    @rule()
    def open_due_runs(self) -> None:
        self.attempt(SYSTEM, runs.open_due_runs)

    @rule(number=pick, reject=st.booleans())
    def set_aside(self, number: int, reject: bool) -> None:
        if row := self.one_of(Contribution, number, "proposed", "held"):
            service = runs.exclude_months if reject else runs.hold_months
            self.approve(service, [row.id], reason="wrong-amount")

    @rule(number=pick, month=months)
    def resume(self, number: int, month: Month) -> None:
        if row := self.one_of(Contribution, number, "held"):
            self.approve(runs.resume_months, [row.id], into=month)

    @rule(number=pick)
    def propose_a_run(self, number: int) -> None:
        if row := self.one_of(Run, number, "open"):
            self.prepare(runs.propose_run, Month.parse(row.month))

    @rule(number=pick)
    def approve_a_run(self, number: int) -> None:
        if row := self.one_of(Run, number, "proposed"):
            month = Month.parse(row.month)
            shown = self.office.ask(self.office.approver, runs.view_run, month)
            self.approve(runs.approve_run, month, digest=shown.digest)

    @rule()
    def a_month_passes(self) -> None:
        self.office.on(self.office.day.replace(day=5) + timedelta(days=31))
        self.a_whole_run()

    @rule()
    def a_whole_run(self) -> None:
        self.attempt(SYSTEM, runs.open_due_runs)
        for row in self.office.ask(self.office.auditor, runs.list_runs):
            if row.state == "open":
                month = Month.parse(row.month)
                self.prepare(runs.propose_run, month)
                self.office.acknowledge(month)
                shown = self.office.ask(self.office.approver, runs.view_run, month)
                self.approve(runs.approve_run, month, digest=shown.digest)

    @rule(number=pick)
    def correct_an_approval(self, number: int) -> None:
        if row := self.one_of(Contribution, number, "approved"):
            self.agree(corrections.propose_correction, row.id, reason="wrong-amount")

    # What was overpaid, and comes back.

    @rule(number=pick, amount_cents=cents)
    def claim_back(self, number: int, amount_cents: int) -> None:
        if row := self.one_of(Contribution, number, "settled"):
            facts = {"amount_cents": min(amount_cents, row.amount_cents), "reason": "wrong-amount"}
            if number := self.prepare(recoveries.propose_overpayment, contribution=row.id, **facts):
                self.approve(confirm_as_shown, number)

    @rule(code=landlord, amount_cents=cents)
    def money_comes_back(self, code: str, amount_cents: int) -> None:
        facts = {"landlord": code, "bank_date": self.office.day}
        self.record(recoveries.recover, amount_cents=amount_cents, **facts)

    @rule(number=pick, amount_cents=cents)
    def keep_something_back(self, number: int, amount_cents: int) -> None:
        if row := self.one_of(Contribution, number, "approved", "proposed"):
            facts = {"contribution": row.id, "amount_cents": min(amount_cents, row.amount_cents)}
            self.prepare(set_offs.propose_set_off, **facts)

    @rule(number=pick, agree=st.booleans())
    def decide_a_proposal(self, number: int, agree: bool) -> None:
        if row := self.one_of(Proposal, number, "proposed"):
            if agree:
                self.approve(confirm_as_shown, row.id)
            else:
                self.prepare(withdraw_proposal, row.id)

    # Batches and the bank.

    @rule()
    def prepare_a_batch(self) -> None:
        self.prepare(payments.prepare_batch)

    @rule(number=pick)
    def approve_a_batch(self, number: int) -> None:
        if row := self.one_of(PaymentBatch, number, "proposed"):
            shown = self.office.ask(self.office.approver, payments.view_batch, row.code)
            self.approve(payments.approve_batch, row.code, digest=shown.digest)

    @rule(number=pick)
    def send_a_batch(self, number: int) -> None:
        if row := self.one_of(PaymentBatch, number, "sealed"):
            self.approve(payments.mark_sent, row.code)

    @rule(number=pick)
    def cancel_a_batch(self, number: int) -> None:
        if row := self.one_of(PaymentBatch, number, "sealed", "proposed"):
            self.approve(payments.cancel_batch, row.code, reason="wrong-account")

    @rule(number=pick, outcome=st.sampled_from(["settled", "settled", "refused", "returned"]), twice=st.booleans())
    def the_bank_answers_one_payment(self, number: int, outcome: Any, twice: bool) -> None:
        if row := self.one_of(Payment, number, "ordered", "sent", "settled"):
            batch = table(PaymentBatch)
            with self.office.app.database.read() as session:
                sealed = session.connection().execute(batch.select().where(batch.c.code == row.batch)).one()
            if sealed.file_bytes is not None:
                (told,) = (i for i in read_register(bytes(sealed.file_bytes)) if i.payment == row.code)
                answer = Answer(1, row.code, outcome, told.amount_cents, told.iban, self.office.day, None)
                self.imports(write_answers([answer, answer] if twice else [answer]))

    @rule(number=pick, refused=st.booleans())
    def the_bank_answers_a_batch(self, number: int, refused: bool) -> None:
        if row := self.one_of(PaymentBatch, number, "sent", "sealed"):
            if row.file_bytes is None:
                return
            told = read_register(bytes(row.file_bytes))
            says = [
                Answer(at, i.payment, "refused" if refused and at == 1 else "settled", i.amount_cents, i.iban,
                       self.office.day, None)
                for at, i in enumerate(reversed(told), 1)
            ]  # fmt: skip
            self.imports(write_answers(says))

    @rule()
    def the_bank_books_everything(self) -> None:
        for batch in self.office.ask(self.office.auditor, payments.list_batches):
            if batch.state == "sealed":
                self.approve(payments.mark_sent, batch.code)
                data = self.office.file_of(batch.code)
                self.imports(simulated.answer_batch(data, bank_date=self.office.day))

    @rule()
    def what_is_owed_is_ordered(self) -> None:
        if batch := self.prepare(payments.prepare_batch):
            ids = [alert.id for alert in batch.alerts]
            shown = self.prepare(payments.acknowledge_in_batch, batch.code, ids, reason="confirmed-by-landlord")
            self.approve(payments.approve_batch, batch.code, digest=shown.digest)

    @rule(number=pick)
    def a_file_comes_again(self, number: int) -> None:
        if self.files:
            self.imports(self.files[number % len(self.files)])

    @rule(number=pick)
    def the_bank_says_nonsense(self, number: int) -> None:
        row = self.one_of(Payment, number)
        code = row.code if row else "PAY-2022-03-0001"
        self.imports(
            write_answers([Answer(1, code, "settled", 77, "IT00X9990101800000000000400", self.office.day, None)])
        )

    def imports(self, data: bytes) -> None:
        self.files.append(data)
        checksum = self.prepare(imports.receive_file, name="answers.csv", data=data)
        view = self.prepare(imports.book_file, checksum)
        assert view is not None, "a file that can be read is never refused"

    @rule()
    def close_months(self) -> None:
        self.attempt(SYSTEM, closings.close_due_months)

    # What always holds.

    @invariant()
    def the_rules_hold(self) -> None:
        """The journal obeys the ledger's rules, the tables agree with it, and nobody has too much."""
        with reading(self.office.app, SYSTEM) as context:
            fresh = list(journal.entries_after(context.session, self.position.seq))
            assert [str(finding) for entry in fresh for finding in self.position.judge(record_of(entry))] == []
            self.entries += fresh
            comparison = compare_chain(context.session, context.tag_of)
            assert list(act_findings(context, comparison, self.position)) == []
            money = MoneyTables()
            for entry in self.entries:
                money.add(entry)
            assert list(workflow_findings(context, money, self.position)) == []
            for row in context.session.connection().execute(table(Household).select()):
                assert row.months_used + row.months_committed <= row.cap_months <= house.MAX_CAP_MONTHS
            assert context.fund().available_cents >= 0
            contribution, payment = table(Contribution), table(Payment)
            rows = context.session.connection().execute(
                contribution.join(payment, payment.c.contribution_id == contribution.c.id)
                .select()
                .with_only_columns(contribution.c.household, contribution.c.month)
                .where(payment.c.state.in_(("ordered", "sent", "settled")))
            )
            assert set(Counter(rows).values()) <= {1}, "no month is paid twice"
            paid = context.session.connection().execute(
                contribution.join(payment, payment.c.contribution_id == contribution.c.id)
                .select()
                .with_only_columns(contribution.c.amount_cents - contribution.c.set_off_cents, payment.c.amount_cents)
                .where(payment.c.state.in_(("proposed", "ordered", "sent", "settled")))
            )
            assert all(left_cents == cents for left_cents, cents in paid), "what is left of a month is what is paid"

    @invariant()
    def what_was_sealed_obeyed_the_controls(self) -> None:
        """Each payment of a batch sealed since the last look, judged from the rows by none of the controls' code."""
        with reading(self.office.app, SYSTEM) as context:
            batches = rows_of(context, PaymentBatch)
            fresh = {row.code: row for row in batches if row.sealed_at is not None and row.code not in self.sealed}
            self.sealed |= fresh.keys()
            if not fresh:
                return
            accounts = {row.id: row for row in rows_of(context, BankAccount)}
            months = {row.id: row for row in rows_of(context, Contribution)}
            paid = rows_of(context, Payment)
            said = sorted(rows_of(context, PayeeCheck), key=lambda row: (row.checked_on, row.id))
            tax = list(
                context.session.connection().execute(
                    table(TaxCheck).select().order_by(table(TaxCheck).c.checked_on, table(TaxCheck).c.id)
                )
            )
            kept = rows_of(context, Acknowledgement)
            in_use = [row for row in accounts.values() if row.state not in ("rejected", "replaced")]
        for payment in paid:
            if payment.batch not in fresh:
                continue
            account, batch, month = accounts[payment.account_id], fresh[payment.batch], months[payment.contribution_id]
            assert account.state == "confirmed" and account.usable_from <= self.office.day
            assert account.iban not in set().union(*self.of_users.values())
            assert len({row.landlord for row in in_use if row.iban == account.iban}) == 1
            told = {(row.code, row.about) for row in kept if row.acknowledged_by != batch.approved_by}
            words = [row.result for row in said if (row.landlord, row.version) == (account.landlord, account.version)]
            if words and words[-1] in ("RVMC", "RVNM"):
                code = "payee-close-match" if words[-1] == "RVMC" else "payee-no-match"
                assert (code, account.landlord) in told
            others = [one for one in paid if one.account_id == account.id and one.batch not in fresh]
            if account.version > 1 and not others:
                assert ("first-payment", account.landlord) in told
            together = sum(
                one.amount_cents for one in paid
                if one.batch == payment.batch and months[one.contribution_id].landlord == month.landlord
            )  # fmt: skip
            if together > 89_999:
                latest = [row for row in tax if row.landlord == month.landlord][-1]
                assert latest.outcome == "nothing-due"
                assert 0 <= (self.office.day - latest.checked_on).days <= 15

    def the_balances_are_those_of_the_ledger(self) -> None:
        balances, cents = self.office.balances(), self.position.balances
        fund = balances.fund
        committed = sum(sum(household.lots.values()) for household in self.position.households.values())
        assert (fund.available_cents, fund.committed_cents) == (-cents[a.AVAILABLE], committed)
        assert (fund.used_cents, fund.cash_cents) == (-cents[a.USED], cents[a.TREASURY])
        settled = [p.amount_cents for p in self.position.payments.values() if p.state == "settled"]
        given_back_cents = sum(
            posting.amount_cents
            for entry in self.entries
            if entry.kind == "recovery"
            for posting in entry.postings
            if posting.account == a.TREASURY
        )
        assert fund.paid_cents == sum(settled) - given_back_cents == sum(row.paid_cents for row in balances.landlords)
        for row in balances.households:
            household = self.position.households[row.code]
            assert (row.months_used, row.months_committed) == (household.months_used, len(household.lots))
            assert row.approved_cents == cents[a.rent(row.code)]
        for landlord in balances.landlords:
            under_way = sum(
                p.amount_cents
                for p in self.position.payments.values()
                if p.landlord == landlord.code and p.state == "ordered"
            )
            owed_cents = -cents[a.landlord(landlord.code)] - cents[a.recovery(landlord.code)]
            assert landlord.owed_cents == owed_cents + under_way


BRIEF = settings(
    max_examples=2,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def live(prepared: Prepared, chosen: settings) -> None:
    machine = type("Machine", (FundMachine,), {"prepared": prepared})
    run_state_machine_as_test(machine, settings=chosen)


def test_a_fund_lived_at_random(prepared_sqlite: Prepared) -> None:
    live(prepared_sqlite, BRIEF)


@pytest.mark.long
def test_a_fund_lived_at_random_for_long(prepared: Prepared) -> None:
    live(prepared, settings(BRIEF, max_examples=30, stateful_step_count=60))
