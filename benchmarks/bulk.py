"""Synthetic large funds: entries for the ledger, and an office with thousands of households."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path

from schwifty import IBAN
from stdnum import luhn
from stdnum.it import codicefiscale

from fund.app import App, open_app
from fund.clock import SteppedClock, noon_in_rome
from fund.domain.access import APPROVER, PREPARER, SYSTEM, Actor
from fund.domain.agreement.reading import LandlordFacts
from fund.domain.controls import Terms
from fund.domain.fingerprints import Domain, Fingerprints
from fund.domain.proposals import NamedProposal
from fund.doors.transaction import writing
from fund.services.books.books import Books
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.context import Context
from fund.services.desk.proposals import confirm_proposals, read_proposal
from fund.services.households import grants, households, leases
from fund.services.landlords import landlords
from fund.services.money import money
from fund.settings import Settings
from fund.store.engine import Database
from fund.vault import fingerprint_key
from ledger import events, files
from ledger.acts import banking as banking_acts
from ledger.acts import households as household_acts
from ledger.acts import landlords as landlord_acts
from ledger.acts import money as money_acts
from ledger.acts import payouts as payout_acts
from ledger.acts.households import Admitted, LeaseRef
from ledger.acts.landlords import AccountRef
from ledger.acts.money import AgreedTerms, Window
from ledger.chain import extend
from ledger.entries import Draft, Entry
from ledger.events import BankFact, PaymentRef
from ledger.months import Month, month_range
from ledger.position import Position, closing_balances
from ledger.publisher import SealedMonth, publish, sum_of_file
from ledger.reader import record_of
from ledger.stamp import Stamp
from tests.fund.kit import Office, hire
from tests.ledger.people import added, users

FUND = "BENCHMARK"
FIRST, MONTHS, CENTS = Month(2022, 1), 20, 45_000
EVIDENCE = "e" * 64
ENTRIES_PER_HOUSEHOLD = 5 + 3 * MONTHS
FLATS_PER_LANDLORD = 10


def _stamp(day: date, approved_by: str | None = None) -> Stamp:
    return Stamp(day, datetime(day.year, day.month, day.day, 10, tzinfo=UTC), "U01", approved_by)


def _household(number: int) -> str:
    return f"N{number:05d}"


def _landlord(number: int) -> str:
    return f"L{number // FLATS_PER_LANDLORD:05d}"


def ledger_entries(count: int) -> Iterator[Entry]:
    """About ``count`` entries: households of 20 months each, every month approved, ordered, settled and closed."""
    return extend(_drafts(max(1, count // ENTRIES_PER_HOUSEHOLD)))


def write_books(books: Path, count: int) -> None:
    """The books of such entries, a month in memory after the other."""
    hashes: dict[int, str] = {}
    sealed: list[SealedMonth] = []
    before: list[Entry] = []
    for month, group in groupby(ledger_entries(count), key=lambda entry: Month.of(entry.date)):
        entries = list(group)
        hashes[entries[-1].seq] = entries[-1].hash
        known = partial(_records_after, before + entries)
        publish(books, fund=FUND, hash_of=hashes.get, records_after=known, sealed=sealed)
        sealed.append(SealedMonth(str(month), entries[-1].seq, sum_of_file(entry.record for entry in entries)))
        before = entries


def rebuilt_home(home: Path, count: int) -> None:
    """Books of such entries, and the database that they make; that it was made of them is an entry more."""
    write_books(home / "books", count)
    database = Database(f"sqlite:///{home / 'fund.sqlite'}")
    database.migrate()
    key = fingerprint_key(home / "fingerprint.key")
    files.create_whole(key.path, base64.urlsafe_b64encode(_KEY), mode=0o600)
    with database.write() as session:
        rebuild(Context(session, SYSTEM, datetime(2024, 1, 1, tzinfo=UTC), key), read_source(home / "books"))
        session.commit()
    Books(home / "books", database, key).publish()


def _records_after(entries: list[Entry], seq: int) -> list[bytes]:
    return [entry.record for entry in entries if entry.seq > seq]


def _drafts(households_: int) -> Iterator[Draft]:
    position = Position()
    for seq, draft in enumerate(_life(range(households_)), 1):
        if draft.kind == "closing" and draft.facts.month is not None:
            asserted = closing_balances(draft.facts.month, position.balances, position.positions())
            draft = events.closing(_stamp(draft.date), month=draft.facts.month, balances=asserted)
        position.judge(record_of(Entry(**{name: getattr(draft, name) for name in _FIELDS}, seq=seq, prev="", hash="")))
        yield draft


_FIELDS = ("date", "kind", "recorded_at", "prepared_by", "approved_by", "facts", "postings", "balances")


_KEY = bytes(32)
_FINGERPRINTS = Fingerprints(_KEY)


def _life(numbers: range) -> Iterator[Draft]:
    begin = date(2021, 12, 10)
    yield events.agreement(
        replace(_stamp(begin), prepared_by=SYSTEM.code),
        fund=FUND,
        signed_on=begin,
        window=Window(activities_end=date(2023, 12, 2), target_months=MONTHS, cap_months=MONTHS),
        pay_day=5,
        cooling_off_days=10,
        key_check=_FINGERPRINTS.key_check,
    )
    yield from users(str(begin), "U01", role="finance-preparer")
    yield from added(str(begin), "U02")
    yield money_acts.terms(_stamp(begin, "U02"), AgreedTerms(5, 10, "optional", 15, None))
    yield banking_acts.document_received(_stamp(begin, None), evidence=EVIDENCE, size=1_000)
    total_cents = len(numbers) * MONTHS * CENTS
    for code in dict.fromkeys(_landlord(number) for number in numbers):
        account = AccountRef(code, 1, _FINGERPRINTS.of(Domain.PAYEE, _iban(code)))
        yield landlord_acts.registration(
            _stamp(begin, "U02"), landlord=code, fingerprint=_FINGERPRINTS.of(Domain.TAX_CODE, code)
        )
        yield landlord_acts.account_proposed(_stamp(begin, None), account)
        yield landlord_acts.account_confirmed(_stamp(begin, "U02"), account, usable_from=begin)
    yield events.allocation(_stamp(begin, "U02"), allocation="A01", granted_on=begin, amount_cents=total_cents)
    yield events.collection(_stamp(begin, "U02"), allocation="A01", amount_cents=total_cents, bank_date=begin)
    lots = dict.fromkeys(month_range(FIRST, MONTHS), CENTS)
    for number in numbers:
        code = _household(number)
        admitted = Admitted(code, MONTHS, _FINGERPRINTS.of(Domain.TAX_CODE, code))
        yield household_acts.admission_proposed(_stamp(begin, None), admitted)
        yield household_acts.admission(_stamp(begin, "U02"), admitted)
        yield events.commitment(_stamp(begin, "U02"), household=_household(number), months=lots)
        yield household_acts.contribution_decided(
            _stamp(begin, "U02"), household=code, month=FIRST, months=MONTHS, amount_cents=CENTS
        )
        yield household_acts.lease(
            _stamp(begin),
            LeaseRef(_household(number), 1),
            landlord=_landlord(number),
            since=begin,
            until=None,
            rent_cents=CENTS,
            fingerprint=_FINGERPRINTS.of(Domain.ROW, _household(number)),
        )
    yield events.closing(_stamp(FIRST.first_day), month=FIRST.plus(-1), balances=())
    for month in month_range(FIRST, MONTHS):
        yield from _month(month, numbers)
        yield events.closing(_stamp(month.next_first_day()), month=month, balances=())


def _month(month: Month, numbers: range) -> Iterator[Draft]:
    paid, booked = _stamp(month.day(5), "U02"), _stamp(month.day(7))
    refs = [
        PaymentRef(f"PAY-{month}-{number + 1:05d}", _household(number), _landlord(number), month, CENTS)
        for number in numbers
    ]
    fingerprint = _FINGERPRINTS.of(Domain.LIST, str(month))
    yield payout_acts.run_opened(_stamp(month.day(5)), run=month)
    yield payout_acts.run_proposed(_stamp(month.day(5)), run=month, fingerprint=fingerprint)
    yield payout_acts.run_approved(paid, run=month, fingerprint=fingerprint, months=len(refs))
    for ref in refs:
        yield events.approval(
            paid,
            household=ref.household,
            lease=1,
            landlord=ref.landlord,
            month=month,
            amount_cents=CENTS,
            lot_cents=CENTS,
        )
    batch = f"BAT-{month.year}-{int(str(month)[5:]):04d}"
    yield payout_acts.sealed(paid, batch=batch, evidence=EVIDENCE, fingerprint=fingerprint)
    for ref in refs:
        yield events.order(paid, ref, batch=batch, account=1, evidence=EVIDENCE)
    for ref in refs:
        yield events.settlement(booked, ref, BankFact(month.day(7), EVIDENCE))


@dataclass(frozen=True, slots=True)
class BigOffice:
    """A fund with many households, its clock and its two users."""

    app: App
    clock: SteppedClock
    preparer: Actor
    approver: Actor


def _iban(landlord: str) -> str:
    """A valid IBAN of a bank that does not exist."""
    return str(IBAN.generate("IT", bank_code="99901", branch_code="01800", account_code=f"{int(landlord[1:]):012d}"))


def _entity_code(landlord: str) -> str:
    """A valid tax code of an entity that does not exist."""
    body = f"98{int(landlord[1:]):05d}022"
    return f"{body}{luhn.calc_check_digit(body)}"


def _person_code(number: int) -> str:
    """A valid tax code of a person that does not exist; there are 26,000."""
    body = f"TTTXXX80A01{chr(ord('A') + number // 1000)}{number % 1000:03d}"
    return f"{body}{codicefiscale.calc_check_digit(body)}"


def big_office(home: Path, count: int, url: str | None = None, schemas: Path | None = None) -> BigOffice:
    """A fund of ``count`` households with 20 months each from January 2022, ready for its first run."""
    clock = SteppedClock(noon_in_rome(date(2021, 12, 10)))
    app = open_app(Settings(home, url or f"sqlite:///{home / 'fund.sqlite'}", schemas=schemas), clock)
    office = BigOffice(app, clock, Actor("U02", PREPARER), Actor("U03", APPROVER))
    app.fingerprint_key.make()
    with writing(app, SYSTEM) as context:
        words = dict.fromkeys(("name", "project", "city", "funder"), "Benchmark")
        money.begin_fund(
            context,
            code=FUND,
            **words,
            agreement_date=context.day,
            activities_end=date(2024, 12, 2),
            target_months=MONTHS,
            cap_months=MONTHS,
            pay_day=5,
            iban_cooling_off_days=10,
            language="it",
            auditors=None,
            controls=Terms(tax_thresholds=()),  # so that no month waits for a tax check
        )
    hire(Office(app, clock))
    with writing(app, office.preparer) as context:
        for code in dict.fromkeys(_landlord(number) for number in range(count)):
            account = landlords.register_landlord(
                context,
                LandlordFacts(
                    code=code,
                    name=f"Locatore {code}",
                    tax_code=_entity_code(code),
                    email=f"{code.lower()}@example.org",
                    contact="+39 0461 000000",
                    language="it",
                    iban=_iban(code),
                ),
            )
            confirm(context, office.approver, account)
        total_cents = count * MONTHS * CENTS
        granted = money.propose_allocation(
            context,
            code="A01",
            granted_on=context.day,
            amount_cents=total_cents,
            received_on=context.day,
            received_cents=total_cents,
        )
        confirm(context, office.approver, granted)
        for number in range(count):
            _admit(context, office.approver, number)
    return office


def _admit(context: Context, approver: Actor, number: int) -> None:
    code = _household(number)
    confirm(context, approver, households.propose_admission(context, code=code, tax_code=_person_code(number)))
    leases.add_lease(
        context,
        household=code,
        landlord=_landlord(number),
        registration=f"REG-{number}",
        starts_on=date(2021, 1, 1),
        rent_cents=50_000,
    )
    proposed = grants.propose_commitment(context, household=code, first_month=FIRST, months=MONTHS, amount_cents=CENTS)
    confirm(context, approver, proposed)


def confirm(context: Context, approver: Actor, number: int) -> None:
    """The approver confirms a proposal in the transaction in which it was made."""
    approving = replace(context, actor=approver)
    shown = NamedProposal(number, read_proposal(approving, number).digest)
    confirm_proposals(approving, [shown], called_back_on=context.day)
