"""A small fund and its office: four people on a clock that stands still, and what they do in one line each."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, select

from fund.app import App
from fund.bank import simulated
from fund.bank.port import Answer
from fund.bank.register import read_register, write_answers
from fund.clock import SteppedClock, day_in_rome, noon_in_rome
from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.domain.agreement.model import LandlordFacts
from fund.domain.bank_views import BankFileView, BankLineView, LinesAside
from fund.domain.fingerprints import Domain, Fingerprints
from fund.domain.lists import LineOutcome, Resolution
from fund.domain.proposals import ActName, NamedProposal, ProposalView
from fund.domain.views import Approved, Balances, BatchView, Recording
from fund.doors.transaction import reading, writing, writing_unchecked
from fund.services import day_confirmations
from fund.services.banking import exports, imports, open_items, resolutions
from fund.services.books import closings, verification
from fund.services.books.books import Books
from fund.services.context import Context
from fund.services.desk import lists, proposals
from fund.services.households import grants, households, leases
from fund.services.landlords import erasure, landlords
from fund.services.money import agreement, balances, money
from fund.services.payouts import payments, runs
from fund.services.users import invitations, users
from fund.services.users.users import Founder, NewUser
from fund.settings import Settings
from fund.store.engine import Database
from fund.store.tables import Contribution, Delivery, Fund, Household, Landlord, table
from fund.vault import fingerprint_key
from ledger import files
from ledger.months import Month

P, R = ParamSpec("P"), TypeVar("R")

ADMIN, PREPARER = Actor("U01", access.ADMIN), Actor("U02", access.PREPARER)
APPROVER, AUDITOR = Actor("U03", access.APPROVER), Actor("U04", access.AUDITOR)

BEGIN, FOUNDED = date(2022, 1, 10), date(2022, 2, 14)
FUND = {
    "code": "TEST-FUND",
    "name": "Fondo di prova",
    "project": "Progetto di prova",
    "city": "Comune di prova",
    "funder": "Finanziatore di prova",
    "agreement_date": BEGIN,
    "activities_end": date(2024, 12, 2),
    "target_months": 20,
    "cap_months": 20,
    "pay_day": 5,
    "iban_cooling_off_days": 10,
    "language": "it",
    "auditors": None,
}
IBANS = {
    "L0001": "IT28P9990101800000000000100",
    "L0002": "IT48Q9990101800000000000200",
    "L0003": "IT68R9990101800000000000300",
}
OTHER_IBAN, THIRD_IBAN = "IT88S9990101800000000000400", "IT11T9990101800000000000500"
PASSWORD = "correct horse battery"
"""The password that each of the four people has chosen."""
MARCH = Month(2022, 3)
KEY = bytes(range(32))
"""The key of the fingerprints of every test's fund."""


def _set_unique(connection: Connection, is_unique: bool) -> None:
    """Whether the indexes of persons demand that each is there once, by a hand in the catalogue."""
    indexes = "('one_household_of_a_person', 'one_landlord_of_a_person')"
    if connection.dialect.name == "postgresql":
        of_persons = f"SELECT oid FROM pg_class WHERE relname IN {indexes}"  # noqa: S608  # names of ours
        connection.exec_driver_sql(f"UPDATE pg_index SET indisunique = {is_unique} WHERE indexrelid IN ({of_persons})")  # noqa: S608  # texts of ours
        return
    words = ("CREATE INDEX", "CREATE UNIQUE INDEX") if is_unique else ("CREATE UNIQUE INDEX", "CREATE INDEX")
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = f"replace(sql, '{words[0]}', '{words[1]}')"
    connection.exec_driver_sql(f"UPDATE sqlite_master SET sql = {changed} WHERE name IN {indexes}")  # noqa: S608  # texts of ours
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


@dataclass
class Office:
    """A home and its people. Each of ``do``, ``ask`` and their like is one transaction of a door."""

    app: App
    clock: SteppedClock
    admin: Actor = ADMIN
    preparer: Actor = PREPARER
    approver: Actor = APPROVER
    auditor: Actor = AUDITOR

    def close(self) -> None:
        self.app.close()

    @property
    def day(self) -> date:
        return self.clock.now().date()

    def on(self, day: date | str) -> "Office":
        """It is noon of a day."""
        return self.at(noon_in_rome(date.fromisoformat(str(day))))

    def at(self, instant: datetime) -> "Office":
        """It is a later instant, perhaps months later; then the preparer looks at a calendar, and confirms the day."""
        self.clock.set(instant)
        if isinstance(self.ask(SYSTEM, day_confirmations.clock_refusal), errors.DayNotConfirmed):
            self.confirm_today(day_in_rome(instant))
        return self

    def clock_says(self, day: str) -> "Office":
        """It is noon of a day by the machine's clock, and no person confirms it."""
        self.clock.set(noon_in_rome(date.fromisoformat(day)))
        return self

    def confirm_today(self, day: date) -> None:
        with writing_unchecked(self.app, self.preparer) as context:
            day_confirmations.confirm_today(context, day)

    def do(self, actor: Actor, service: Callable[Concatenate[Context, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Somebody does something, and the door commits it."""
        with writing(self.app, actor) as context:
            return service(context, *args, **kwargs)

    def ask(self, actor: Actor, service: Callable[Concatenate[Context, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Somebody looks at something."""
        with reading(self.app, actor) as context:
            return service(context, *args, **kwargs)

    def prepare(self, service: Callable[Concatenate[Context, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self.do(self.preparer, service, *args, **kwargs)

    def approve(self, service: Callable[Concatenate[Context, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self.do(self.approver, service, *args, **kwargs)

    def confirm_account(self, landlord: str, *, called_back_on: date | None = None) -> None:
        """A suspended account is proposed again by the preparer; the approver calls the landlord back and confirms."""
        live = [row for row in self.ask(self.preparer, landlords.list_accounts, landlord) if row.state == "suspended"]
        number = self.prepare(landlords.propose_account_again, landlord, live[0].id)
        self.confirm(number, called_back_on=called_back_on or self.day)

    def decide(
        self, service: Callable[Concatenate[Context, P], int], *args: P.args, **kwargs: P.kwargs
    ) -> ProposalView:
        """The preparer proposes an act, and the approver confirms it as shown."""
        return self.confirm(self.prepare(service, *args, **kwargs))[0]

    def set_terms(self, **terms: Any) -> ProposalView:
        """Two people agree to other terms."""
        return self.decide(agreement.propose_terms, **terms)

    def confirm(self, *numbers: int, by: Actor | None = None, called_back_on: date | None = None) -> list[ProposalView]:
        """A second person, the approver unless said otherwise, looks at proposals and confirms them as shown."""
        return self.do(by or self.approver, confirm_as_shown, *numbers, called_back_on=called_back_on)

    # What people say of the bank's lines.

    def match_line(self, file: str, ordinal: int, *, to: str, key: str) -> BankLineView:
        """The preparer says what a line is; of more than a little the approver confirms it as shown."""
        made = self.prepare(resolutions.match_line, file, ordinal, to=Resolution(to), key=key)
        if made.proposal is not None:
            self.confirm(made.proposal)
        return self.ask(self.preparer, open_items.view_line, file, ordinal).line

    def set_aside(self, *places: tuple[str, int], reason: str) -> LinesAside:
        """The preparer sets lines aside; of more than a little the approver confirms it as shown."""
        made = self.prepare(resolutions.set_aside_lines, places, reason=reason)
        if made.proposal is not None:
            self.confirm(made.proposal)
        return made

    def record(self, service: Callable[Concatenate[Context, P], Recording], *args: P.args, **kwargs: P.kwargs) -> int:
        """The preparer records something by hand; more than a little the approver confirms as shown. Returns the
        number of its first entry.
        """
        made = self.prepare(service, *args, **kwargs)
        if made.proposal is None:
            assert made.entry is not None
            return made.entry
        self.confirm(made.proposal)
        return self.newest("proposal-confirmed") + 1

    # What happens in a month.

    def open_runs(self) -> list[Month]:
        return self.do(SYSTEM, runs.open_due_runs)

    def approve_run(self, month: Month) -> Approved:
        """The preparer acknowledges what there is to acknowledge; the approver looks at the run and approves it."""
        self.acknowledge(month)
        digest = self.ask(self.approver, runs.view_run, month).digest
        ordered = self.approve(runs.approve_run, month, digest=digest)
        return Approved(self.ask(self.approver, runs.view_run, month), ordered.batch, ordered.waiting)

    def run_month(self, month: Month) -> Approved:
        """A run from its opening to its approval, on the clock's day."""
        self.open_runs()
        self.prepare(runs.propose_run, month)
        return self.approve_run(month)

    def pay_again(self) -> BatchView:
        """A batch of everything that may be paid and is not, by the two people."""
        batch = self.prepare(payments.prepare_batch)
        self.acknowledge(batch.code)
        digest = self.ask(self.approver, payments.view_batch, batch.code).digest
        return self.approve(payments.approve_batch, batch.code, digest=digest)

    def acknowledge(self, key: Month | str) -> list[str]:
        """The preparer acknowledges every open alert of a run or a batch; returns their codes."""
        look: Any = payments.view_batch if isinstance(key, str) else runs.view_run
        say: Any = payments.acknowledge_in_batch if isinstance(key, str) else runs.acknowledge_in_run
        open_ = [alert for alert in self.ask(self.preparer, look, key).alerts if alert.acknowledgement is None]
        if open_:
            self.prepare(say, key, [alert.id for alert in open_], reason="confirmed-by-landlord")
        return [alert.code for alert in open_]

    def file_of(self, batch: str) -> bytes:
        return self.ask(self.approver, exports.read_sealed, batch).data

    def send(self, batch: str) -> bytes:
        """A sealed batch is handed to the bank; returns its file."""
        data = self.file_of(batch)
        self.approve(payments.mark_sent, batch)
        return data

    def import_file(self, data: bytes, name: str = "answers.csv") -> BankFileView:
        checksum = self.prepare(imports.receive_file, name=name, data=data)
        return self.prepare(imports.book_file, checksum)

    def settle(self, batch: str) -> BankFileView:
        """A batch is sent and the bank books every payment of it."""
        return self.import_file(simulated.answer_batch(self.send(batch), bank_date=self.day))

    def give_back(self, batch: str, payment: str, reason: str = "AC04") -> BankFileView:
        """The bank sends a settled payment back."""
        data = simulated.return_payments(self.file_of(batch), [payment], bank_date=self.day, reason=reason)
        return self.import_file(data, "return.csv")

    def pay_month(self, month: Month) -> str:
        """A whole month on the clock's day; returns its batch."""
        batch = self.run_month(month).batch
        assert batch is not None
        self.settle(batch)
        return batch

    def answer(self, batch: str, **outcomes: str) -> bytes:
        """A file of answers to payments of a batch, in the order given; ``PAY_2022_03_0001="settled"``."""
        known = {instruction.payment: instruction for instruction in read_register(self.file_of(batch))}
        return write_answers(
            [
                _answer(ordinal, known[name.replace("_", "-")], outcome, self.day)
                for ordinal, (name, outcome) in enumerate(outcomes.items(), 1)
            ]
        )

    # What is so.

    def forget(self, landlord: str) -> None:
        """A landlord's contracts end yesterday, and two people forget the landlord."""
        for lease in self.ask(self.preparer, lists.list_leases):
            if lease.landlord == landlord:
                self.prepare(leases.end_lease, lease.id, ends_on=self.day - timedelta(days=1))
        self.erase(landlord)

    def erase(self, subject: str) -> None:
        """Two people erase the personal data of a landlord or a household."""
        self.confirm(self.prepare(erasure.propose_erasure, subject), by=self.admin)

    def set_persons(self, **tax_codes: str) -> None:
        """Persons, by household or landlord, as a database may hold them that was written into behind UNIQUE."""
        with self.app.database.write() as session:
            connection = session.connection()
            _set_unique(connection, False)
            for code, tax_code in tax_codes.items():
                of = table(Landlord if code.startswith("L") else Household)
                person = Fingerprints(KEY).of(Domain.TAX_CODE, tax_code)
                connection.execute(of.update().where(of.c.code == code).values(person=person))
            _set_unique(connection, True)
            session.commit()

    def balances(self) -> Balances:
        return self.ask(self.auditor, balances.read_balances)

    def findings(self) -> tuple[str, ...]:
        return self.ask(self.auditor, verification.verify, self.app.settings.books, self.app.settings.outbox).findings

    def contributions(self, **filters: str) -> list[Any]:
        """The rows of ``contribution`` in their order."""
        contribution = table(Contribution)
        conditions = [contribution.c[name] == value for name, value in filters.items()]
        with self.app.database.read() as session:
            return list(session.connection().execute(contribution.select().where(*conditions).order_by("id")))

    def months_used(self, household: str = "N01") -> int:
        return next(row.months_used for row in self.balances().households if row.code == household)

    def last_day(self) -> date:
        """The day of the journal's last entry."""
        with self.app.database.read() as session:
            return session.connection().execute(select(table(Fund).c.journal_day)).scalar_one()

    def kinds(self) -> list[str]:
        """The kinds of the journal's entries, in order."""
        with self.app.database.read() as session:
            return list(session.connection().exec_driver_sql("SELECT kind FROM journal_entry ORDER BY seq").scalars())

    def newest(self, name: str) -> int:
        """The number of the newest proposal of an act, or entry of a kind."""
        with self.app.database.read() as session:
            for column in ("id) FROM proposal WHERE act", "seq) FROM journal_entry WHERE kind"):
                numbers = session.connection().exec_driver_sql(f"SELECT max({column} = '{name}'")
                if number := numbers.scalar():
                    return int(number)
        raise LookupError(name)

    def fill(self, address: str) -> str:
        """An address with the newest number of each act or kind it names, as in ``/proposals/{admit-household}``."""
        return re.sub(r"{([a-z-]+)}", lambda named: str(self.newest(named[1])), address)

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but the logs of denials and disclosures, to tell that nothing changed."""
        from sqlmodel import SQLModel

        with self.app.database.read() as session:
            return {
                name: sorted((tuple(row) for row in session.connection().execute(found.select())), key=repr)
                for name, found in SQLModel.metadata.tables.items()
                if name not in ("denial", "disclosure")
            }

    def files(self) -> dict[str, bytes]:
        books = self.app.settings.books
        return {path.relative_to(books).as_posix(): path.read_bytes() for path in books.rglob("*") if path.is_file()}


def confirm_as_shown(context: Context, *numbers: int, called_back_on: date | None = None) -> list[ProposalView]:
    """Confirm proposals with the digests that the same person is shown."""
    named = [NamedProposal(number, proposals.read_proposal(context, number).digest) for number in numbers]
    return proposals.confirm_proposals(context, named, called_back_on=called_back_on)


def _answer(ordinal: int, instruction: Any, outcome: str, day: date) -> Answer:
    reason = None if outcome == "settled" else "AC04"
    said = LineOutcome(outcome)
    return Answer(ordinal, instruction.payment, said, instruction.amount_cents, instruction.iban, day, reason)


def open_office(home: Path, url: str) -> Office:
    """Open a home whose database has its schema already, on the day on which the small fund is complete."""
    settings, clock, database = Settings(home, url), SteppedClock(noon_in_rome(FOUNDED)), Database(url)
    lay_key(settings)
    books = Books(settings.books, database, fingerprint_key(settings.fingerprint_key_file))
    return Office(App(settings, clock, database, books), clock)


def lay_key(settings: Settings) -> None:
    """Put the key of every test's fund where its home has it."""
    files.make_folder(settings.fingerprint_key_file.parent)
    files.create_whole(settings.fingerprint_key_file, base64.urlsafe_b64encode(KEY), mode=0o600)


def found_office(office: Office) -> None:
    """The small fund: 10,000.00 granted and received, three landlords, two households of six months from March 2022.

    N01 pays 500.00 of rent to L0001 and gets 450.00; N02 pays 400.00 to L0002 and has 450.00 committed. L0003 is free.
    """
    office.on(BEGIN)
    office.do(SYSTEM, money.begin_fund, **FUND)
    hire(office)
    with office.app.database.write() as session:  # what the four were told of each other is no matter of the tests
        session.connection().execute(table(Delivery).delete())
        session.commit()
    for code in IBANS:
        add_landlord(office, code)
    office.on("2022-01-20")
    received = {"received_on": office.day, "received_cents": 1_000_000}
    office.decide(money.propose_allocation, code="A01", granted_on=office.day, amount_cents=1_000_000, **received)
    office.on(FOUNDED)
    add_household(office, "N01", "L0001", rent_cents=50_000, amount_cents=45_000)
    add_household(office, "N02", "L0002", rent_cents=40_000, amount_cents=45_000)


def hire(office: Office) -> None:
    """The four people, who have accepted their invitations, and have agreed to the terms of their fund."""
    people = {"admin": office.admin, "pre": office.preparer, "app": office.approver, "aud": office.auditor}
    for login, actor in people.items():
        add_user(office, login, actor.role, by=office.admin if actor.role in access.FINANCE else SYSTEM)
        accept(office, login)
    confirm_users(office)
    agree_to_terms(office)


def change_role(office: Office, user: str, role: str) -> None:
    """A user has another role from now on."""
    office.do(office.admin, users.change_role, user, role=role)
    confirm_users(office)


def agree_to_terms(office: Office) -> None:
    """The finance office confirms the terms with which the fund begins."""
    views = office.ask(office.preparer, proposals.list_proposals)
    for number in (view.number for view in views if view.act is ActName.TERMS):
        office.confirm(number, by=office.preparer)
        office.confirm(number)


def confirm_users(office: Office) -> None:
    """The auditor confirms every user who waits for it."""
    views = office.ask(office.auditor, proposals.list_proposals)
    office.confirm(*(view.number for view in views if view.may_confirm), by=office.auditor)


def add_user(office: Office, login: str, role: str, *, by: Actor = ADMIN) -> str:
    """Somebody is invited, at the beginning by the machine's operator; returns their code."""
    new, secret = new_user(login, role), invitation_of(login)
    if by == SYSTEM:
        return office.do(by, users.found_user, Founder(new, secret))
    return office.do(by, users.add_user, new, secret=secret)


def new_user(login: str, role: str) -> NewUser:
    """A person to be added, of no name and no place, with an address and a tax code of their own."""
    number = sum(map(ord, login)) * 37 % 1000
    return NewUser(login, role, f"{login}@example.org", _tax_code_of_person(f"UUUXXX80A01Z{number:03d}"))


def invitation_of(login: str) -> str:
    """The secret of the invitation with which a user was added."""
    return f"invitation {login}"


def accept(office: Office, login: str, password: str = PASSWORD) -> None:
    """Somebody chooses a password with that invitation."""
    office.do(SYSTEM, invitations.accept, login=login, secret=invitation_of(login), password=password)


def hire_auditors(office: Office, *logins: str) -> list[str]:
    """More people, who only read and have not accepted their invitations; returns their codes."""
    return [add_user(office, login, access.AUDITOR) for login in logins]


TAX_CODE = r"(?:TTT|UUU)XXX80A01[A-Z][0-9]{3}[A-Z]|98[0-9]{5}022[0-9]"
"""What the tax codes of the tests' households and landlords look like: of no name and no place."""


def tax_code_of(code: str) -> str:
    """A valid tax code that is a household's or landlord's alone: a person's, or an entity's."""
    from stdnum import luhn

    number = int(code[1:])
    if code.startswith("L"):
        body = f"98{number:05d}022"
        return f"{body}{luhn.calc_check_digit(body)}"
    return _tax_code_of_person(f"TTTXXX80A01{chr(ord('A') + number // 1000)}{number % 1000:03d}")


def _tax_code_of_person(body: str) -> str:
    from stdnum.it import codicefiscale

    return f"{body}{codicefiscale.calc_check_digit(body)}"


def add_landlord(office: Office, code: str, iban: str | None = None, *, tax_code: str | None = None) -> ProposalView:
    """Register a landlord of the agreement, whose account two people confirm."""
    number = propose_landlord(office, code, iban, by=SYSTEM, tax_code=tax_code)
    office.confirm(number, by=office.preparer)
    return office.confirm(number)[0]


def propose_landlord(
    office: Office, code: str, iban: str | None = None, *, by: Actor = PREPARER, tax_code: str | None = None
) -> int:
    """Register a landlord; returns the number of its account's proposal."""
    return office.do(
        by,
        landlords.register_landlord,
        LandlordFacts(
            code=code,
            name=f"Locatore {code}",
            tax_code=tax_code or tax_code_of(code),
            email=f"{code.lower()}@example.org",
            contact="+39 0461 000000",
            language="it",
            iban=iban or IBANS[code],
        ),
    )


def admit(office: Office, code: str, tax_code: str | None = None, reason: str | None = None) -> None:
    """Admit a household, by two people."""
    tax_code = tax_code_of(code) if tax_code is None else tax_code
    office.decide(households.propose_admission, code=code, tax_code=tax_code, reason=reason)


def add_household(
    office: Office,
    code: str,
    landlord: str,
    *,
    rent_cents: int = 50_000,
    amount_cents: int = 45_000,
    first_month: Month = MARCH,
    months: int = 6,
    starts_on: date = date(2022, 1, 1),
    tax_code: str | None = None,
    reason: str | None = None,
) -> int:
    """Admit a household with a lease and a grant; returns the lease."""
    admit(office, code, tax_code, reason)
    lease = office.prepare(
        leases.add_lease,
        household=code,
        landlord=landlord,
        registration=f"REG-{code}",
        starts_on=starts_on,
        rent_cents=rent_cents,
    )
    if months:
        office.decide(
            grants.propose_commitment, household=code, first_month=first_month, months=months, amount_cents=amount_cents
        )
    return lease


def close_months(office: Office) -> list[Month]:
    return office.do(SYSTEM, closings.close_due_months)
