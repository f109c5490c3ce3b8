"""The story of the demo: what happens on each day of the agreement, by the agreement file and the story's events."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from fund.app import App
from fund.bank.writers.checked import MAX_NAME
from fund.clock import SteppedClock, noon_in_rome
from fund.domain.access import SYSTEM
from fund.domain.agreement.reading import Agreement
from fund.domain.views import PaymentView
from fund.doors.demo import events as life
from fund.doors.demo import people as acts
from fund.doors.demo.counter import Counter
from fund.doors.demo.people import People
from fund.doors.jobs.scheduler import run_job
from fund.doors.rendering import render_statement
from fund.doors.transaction import reading, writing
from fund.services import founding
from fund.services.banking import imports, treasury
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.households import grants, households, leases
from fund.services.landlords import landlords
from fund.services.money import agreement, money
from fund.services.money.balances import read_balances
from fund.services.payouts import payments
from fund.services.statements.statements import issue_statement
from ledger.files import make_folder, write_whole
from ledger.months import Month

DAILY_JOBS = ("monthly-run", "closing")
REPAYMENT_BEGINS = timedelta(days=4)
"""How long before the end of the activities the rest is given back."""


def open_counter(agreement: Agreement, schemas: Path | None = None) -> Counter:
    """The bank of the agreement life. The demo pays through a bank, so its file says from which account."""
    assert agreement.treasury is not None
    return Counter(agreement.treasury, agreement.fund.agreement_date, schemas)


@dataclass(slots=True)
class Story:
    """One run of the demo: days pass, people and bank act, and everything goes through the services.

    ``corrected`` are the landlords whose payment came back, with the account that each will give: once the office sees
    it in the bank's statement.
    """

    app: App
    clock: SteppedClock
    agreement: Agreement
    events: Sequence[life.Event]
    people: People
    counter: Counter
    corrected: list[tuple[str, str]] = field(default_factory=list)
    down_until: date | None = None

    @property
    def _last_day(self) -> date:
        return life.last_day(self.agreement, self.events)

    @property
    def _funder(self) -> str:
        """The funder by as much of its name as a payment carries."""
        return self.agreement.fund.funder[:MAX_NAME]

    def days(self) -> Iterator[date]:
        """Every day of the agreement, first and last included."""
        fund = self.agreement.fund
        for offset in range((self._last_day - fund.agreement_date).days + 1):
            yield fund.agreement_date + timedelta(days=offset)

    def live(self, day: date) -> None:
        """One day. While the service is down nothing happens; what was missed is caught up when it is back."""
        for event in self._today(day):
            if isinstance(event, life.Outage):
                self.down_until = event.until
        if self.down_until is not None and day <= self.down_until:
            return
        self.clock.set(noon_in_rome(day))
        self._office_reads(day)
        self._office_opens(day)
        for job in DAILY_JOBS:
            run_job(self.app, job)
        self._office_pays(day)
        self._office_closes(day)
        if self._year_ends(day):
            self._issue_statements(Month(day.year, 1), Month.of(day))

    def _today(self, day: date) -> list[life.Event]:
        return [event for event in self.events if event.on == day]

    def _office_reads(self, day: date) -> None:
        """What the bank wrote is imported in the morning; whose payment came back is asked for another account."""
        letters = self.counter.letters(day)
        for name, data in letters:
            self._import(name, data)
        if letters:
            acts.sort_lines(self.app, self.people)
        while self.corrected:
            self._change_iban(*self.corrected.pop(0))

    def _office_opens(self, day: date) -> None:
        """What the agreement file says of the day: tranches, money, landlords, households; then the day's events."""
        for allocation in self.agreement.allocations:
            code, granted_cents = allocation.code, allocation.amount_cents
            if allocation.granted_on == day:
                granted = partial(money.propose_allocation, code=code, granted_on=day)
                self._decide(partial(granted, amount_cents=granted_cents))
            if allocation.received_on == day:
                self.counter.credit(day, allocation.received_cents, name=self._funder, text=f"{acts.TRANCHE} {code}")
        for household in self.agreement.households:
            if household.admitted_on == day:
                self._register({lease.landlord for lease in household.leases})
                with writing(self.app, self.people.preparer) as context:
                    founding.add_household(context, household)
                acts.confirm_all(self.app, self.people)
        for event in self._today(day):
            self._happens(event)

    def _register(self, codes: set[str]) -> None:
        """Landlords of the file are registered when the first lease needs them."""
        with writing(self.app, SYSTEM) as context:
            known = {row.code for row in landlords.list_landlords(context)}
            for landlord in self.agreement.landlords:
                if landlord.code in codes - known:
                    landlords.register_landlord(context, landlord)
        acts.confirm_all(self.app, self.people)

    def _happens(self, event: life.Event) -> None:
        match event:
            case life.Postponement():
                self._decide(partial(grants.propose_postponement, household=event.household, month=event.month))
            case life.RentIncrease():
                self._raise_rent(event)
            case life.LandlordChange():
                self._change_landlord(event)
            case life.IbanChange():
                self._change_iban(event.landlord, event.iban)
            case life.BankReturn():
                self._return(event)
            case life.PaidTwice():
                payment = self._settled(event.household, event.month).code
                self.counter.pay_twice(event.on, payment, taken_back_on=event.taken_back_on)
            case life.Amendment():
                extended = partial(agreement.propose_amendment, activities_end=event.activities_end)
                self._decide(partial(extended, act=event.act, act_date=event.on))
            case life.TreasuryChange():
                self._decide(partial(treasury.propose_treasury, facts=event.treasury))
                self.counter.change(event.treasury)

    def _raise_rent(self, event: life.RentIncrease) -> None:
        """The lease costs more from its day; the contribution is decided anew, and committed, from that month."""
        with writing(self.app, self.people.preparer) as context:
            lease = lists.list_leases(context, event.household)[-1].id
            leases.change_rent(context, lease, since=event.from_day, rent_cents=event.rent_cents)
        decided = partial(grants.propose_contribution, household=event.household, amount_cents=event.contribution_cents)
        self._decide(partial(decided, since=Month.of(event.from_day)))

    def _decide(self, propose: Callable[[Context], int]) -> None:
        acts.decide(self.app, self.people, propose)

    def _change_landlord(self, event: life.LandlordChange) -> None:
        self._register({event.landlord})
        with writing(self.app, self.people.preparer) as context:
            lease = lists.list_leases(context, event.household)[-1].id
            leases.end_lease(context, lease, ends_on=event.starts_on - timedelta(days=1))
            leases.add_lease(
                context,
                household=event.household,
                landlord=event.landlord,
                registration=event.registration,
                starts_on=event.starts_on,
                rent_cents=event.rent_cents,
            )

    def _change_iban(self, landlord: str, iban: str) -> None:
        """The preparer enters the new IBAN, the approver calls the landlord back; it may be used after cooling off."""
        self._decide(partial(landlords.propose_account, landlord=landlord, iban=iban))

    def _return(self, event: life.BankReturn) -> None:
        """The landlord's bank sends a settled payment back; it is paid again to the account that the landlord gives."""
        payment = self._settled(event.household, event.month)
        self.counter.send_back(event.on, payment.code, event.reason)
        if event.corrected_iban is not None:
            self.corrected.append((payment.landlord, event.corrected_iban))

    def _settled(self, household: str, month: Month) -> PaymentView:
        """The payment that a household's month was paid by."""
        with reading(self.app, self.people.preparer) as context:
            (payment,) = payments.list_payments(context, household=household, month=str(month), state="settled")
        return payment

    def _office_pays(self, day: date) -> None:
        """Runs are proposed and approved by two people, batches handed to the bank."""
        acts.prepare_runs(self.app, self.people)
        acts.record_checks(self.app, self.people)
        acts.approve_runs(self.app, self.people)
        acts.pay_again(self.app, self.people)
        for batch, data in acts.sealed_batches(self.app, self.people):
            with writing(self.app, self.people.approver) as context:
                payments.mark_sent(context, batch)
            self.counter.take(day, batch, data)

    def _import(self, name: str, data: bytes) -> None:
        with writing(self.app, self.people.preparer) as context:
            checksum = imports.receive_file(context, name=name, data=data)
        with writing(self.app, self.people.preparer) as context:
            imports.book_file(context, checksum)

    def _office_closes(self, day: date) -> None:
        """Positions whose months are all settled are closed for good; near the end the rest goes back to the funder."""
        with reading(self.app, self.people.preparer) as context:
            finished = households.finished_positions(context)
        for household in finished:
            self._decide(partial(households.propose_exit, household=household))
        if day == self._last_day - REPAYMENT_BEGINS:
            self._give_back(day)

    def _give_back(self, day: date) -> None:
        with reading(self.app, self.people.preparer) as context:
            rest_cents = read_balances(context).fund.available_cents
        self._decide(partial(money.propose_repayment, amount_cents=rest_cents))
        with reading(self.app, self.people.approver) as context:
            repayment = lists.list_repayments(context)[-1].id
        self.counter.debit(day, rest_cents, name=self._funder, text=acts.REPAYMENT)
        with writing(self.app, self.people.preparer) as context:
            money.record_repayment_paid(context, repayment, bank_date=day)

    def _year_ends(self, day: date) -> bool:
        return (day.month, day.day) == (12, 31) or day == self._last_day

    def _issue_statements(self, first: Month, last: Month) -> None:
        """Every landlord gets the year's statement, in its language."""
        with reading(self.app, self.people.preparer) as context:
            codes = [row.code for row in landlords.list_landlords(context)]
        for code in codes:
            with writing(self.app, self.people.preparer) as context:
                issued = issue_statement(context, render_statement, landlord=code, first=first, last=last)
            folder = self.app.settings.statements
            make_folder(folder, mode=0o700)
            for form, data in (("html", issued.html), ("pdf", issued.pdf), ("json", issued.json)):
                write_whole(folder / f"{issued.number}-{code}.{form}", data, mode=0o600)
