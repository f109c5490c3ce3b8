"""``fund rebuild``: a database's money state made from the books alone.

Names, tax codes, IBANs, leases and runs are not in the books and do not come back; every balance, month counter,
payment state, version of an account and the chain do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from fund.domain import access, errors
from fund.domain.states import (
    BatchState,
    ContributionState,
    PaymentState,
    RepaymentState,
)
from fund.services.context import Context
from fund.store import books as store
from fund.store import journal, projections, rows
from fund.store.rows import AnyRecord, Values
from fund.store.tables import (
    Allocation,
    Closing,
    Collection,
    Contribution,
    Fund,
    Household,
    Overpayment,
    Payment,
    PaymentBatch,
    Repayment,
    SetOff,
)
from ledger import accounts
from ledger.entries import Entry
from ledger.events import is_set_off
from ledger.months import Month
from ledger.position import Position
from ledger.verify import Verification, verify_books

HouseholdMonth: TypeAlias = tuple[str, Month]


@dataclass(frozen=True, slots=True)
class Projection:
    """What each table holds after some entries, as far as the books say it; in an order that foreign keys allow."""

    allocations: list[Allocation]
    collections: list[Collection]
    contributions: list[Contribution]
    batches: list[PaymentBatch]
    payments: list[Payment]
    overpayments: list[Overpayment]
    set_offs: list[SetOff]
    closings: list[Closing]
    repayments: list[Repayment]

    def __iter__(self) -> Iterator[Sequence[AnyRecord]]:
        yield self.allocations
        yield self.collections
        yield self.contributions
        yield self.batches
        yield self.payments
        yield self.overpayments
        yield self.set_offs
        yield self.closings
        yield self.repayments


def rebuild(context: Context, source: Verification, *, is_resumed: bool = False) -> Position:
    """Fill an empty database from a set of books, or leave one that an earlier attempt filled from the same ones.

    Raises ``AlreadyExists`` where the database holds a fund otherwise.
    """
    context.actor.must_be(access.ADMIN, access.SYSTEM_ROLE)
    entries, position = [record.entry for record in source.records], source.position
    there = journal.head(context.session)
    if there is not None:
        if is_resumed and there.hash == source.head:
            return position
        raise errors.AlreadyExists("fund", "database")
    rows.insert(context.session, project_fund(entries, position))
    journal.insert_entries(context.session, entries)
    for entry in entries:
        projections.project(context.session, entry)
    for code, household in position.households.items():
        months: Values = {
            Household.months_used: household.months_used,
            Household.months_committed: len(household.lots),
        }
        rows.change(context.session, Household, code, months)
    for records in project(entries, position):
        rows.insert(context.session, *records)
    store.continue_numbers(context.session, len(entries))
    return position


def read_source(books: Path) -> Verification:
    """The books that a database is made from. Raises ``IntegrityBroken`` with every finding about the fund's own files.

    What else lies in their folder is not read.
    """
    result = verify_books(books, keep_records=True)
    if result.violations:
        raise errors.IntegrityBroken([str(finding) for finding in result.violations])
    return result


def project_fund(entries: list[Entry], position: Position) -> Fund:
    """The fund as the books give it; what they do not have is its code, or the usual value, until a person gives it."""
    agreement = entries[0]
    assert position.fund is not None and position.cap_months is not None
    assert agreement.facts.activities_end is not None
    return Fund(
        code=position.fund,
        name=position.fund,
        project=position.fund,
        city=position.fund,
        funder=position.fund,
        agreement_date=agreement.date,
        activities_end=agreement.facts.activities_end,
        currency="EUR",
        target_months=position.cap_months,
        cap_months=position.cap_months,
        pay_day=5,
        iban_cooling_off_days=10,
        language="it",
        available_cents=-position.balances.get(accounts.AVAILABLE, 0),
        committed_cents=-sum(cents for name, cents in position.balances.items() if accounts.household_of(name)),
        used_cents=-position.balances.get(accounts.USED, 0),
        journal_seq=entries[-1].seq,
        journal_hash=entries[-1].hash,
        journal_day=entries[-1].date,
    )


def project(entries: list[Entry], position: Position) -> Projection:
    """What each table holds after these entries, as far as the books say it."""
    allocations = _allocations(entries)
    granted = {one.code for one in allocations}
    set_offs = _set_offs(entries)
    return Projection(
        allocations=allocations,
        collections=[_collection(e) for e in entries if e.kind == "collection" and e.facts.allocation in granted],
        contributions=_contributions(entries, position, set_offs),
        batches=_batches(entries),
        payments=_payments(entries, position),
        overpayments=_overpayments(entries),
        set_offs=set_offs,
        closings=[
            Closing(month=str(entry.facts.month), seq=entry.seq, chain_head=entry.hash)
            for entry in entries
            if entry.kind == "closing"
        ],
        repayments=_repayments(entries),
    )


def _uncorrected(entries: list[Entry], kind: str) -> list[Entry]:
    corrected = {entry.facts.corrects for entry in entries if entry.kind == "correction"}
    return [entry for entry in entries if entry.kind == kind and entry.seq not in corrected]


def _debit_cents(entry: Entry) -> int:
    return max((posting.amount_cents for posting in entry.postings), default=0)


def _household_month(entry: Entry) -> HouseholdMonth:
    """The household's month of an entry that is about one: the event table requires both."""
    household, month = entry.facts.household, entry.facts.month
    assert household is not None and month is not None
    return household, month


def _required(fact: str | None) -> str:
    """A fact that the event table requires of an entry."""
    assert fact is not None
    return fact


def _allocations(entries: list[Entry]) -> list[Allocation]:
    received: dict[str | None, int] = {}
    for entry in _uncorrected(entries, "collection"):
        received[entry.facts.allocation] = received.get(entry.facts.allocation, 0) + _debit_cents(entry)
    return [
        Allocation(
            code=_required(entry.facts.allocation),
            granted_on=entry.date,
            amount_cents=_debit_cents(entry),
            received_cents=received.get(entry.facts.allocation, 0),
        )
        for entry in _uncorrected(entries, "allocation")
    ]


def _collection(entry: Entry) -> Collection:
    return Collection(
        seq=entry.seq,
        allocation=_required(entry.facts.allocation),
        amount_cents=_debit_cents(entry),
        bank_date=entry.facts.bank_date,
    )


def _contributions(entries: list[Entry], position: Position, set_offs: Iterable[SetOff]) -> list[Contribution]:
    """One an approval, numbered by its entry; a corrected approval is a cancelled contribution."""
    valid = {entry.seq for entry in _uncorrected(entries, "approval")}
    set_off_cents: dict[int, int] = defaultdict(int)
    for one in set_offs:
        set_off_cents[one.contribution_id] += one.amount_cents
    return [
        Contribution(
            id=entry.seq,
            household=_required(entry.facts.household),
            landlord=_required(entry.facts.landlord),
            month=str(entry.facts.month),
            amount_cents=sum(p.amount_cents for p in entry.postings if p.account.startswith(accounts.RENT)),
            lot_cents=sum(p.amount_cents for p in entry.postings if p.month is not None),
            set_off_cents=set_off_cents[entry.seq],
            formula=entry.facts.formula,
            state=_month_state(entry, position) if entry.seq in valid else ContributionState.CANCELLED,
        )
        for entry in entries
        if entry.kind == "approval"
    ]


def _month_state(entry: Entry, position: Position) -> ContributionState:
    household, month = _household_month(entry)
    return ContributionState(position.households[household].months[month].state)


def _batches(entries: list[Entry]) -> list[PaymentBatch]:
    """Each batch that the books name. It counts as sent, so that what a bank may be paying is not cancelled."""
    batches: dict[str, PaymentBatch] = {}
    ordered_in: dict[str | None, str] = {}
    for entry in entries:
        if entry.kind == "order":
            code = _required(entry.facts.batch)
            ordered_in[entry.facts.payment] = code
            batches[code] = PaymentBatch(
                code=code,
                state=BatchState.SENT,
                prepared_by=entry.prepared_by,
                approved_by=entry.approved_by,
                sealed_at=entry.recorded_at,
                file_sha256=entry.facts.evidence,
            )
    for entry in entries:
        if entry.kind == "cancellation":
            batches[ordered_in[entry.facts.payment]].state = BatchState.CANCELLED
    return list(batches.values())


def _payments(entries: list[Entry], position: Position) -> list[Payment]:
    """One a payment, for the approval that stood when it was ordered. Ordered counts as sent, as its batch does."""
    accounts = {key: number for number, key in enumerate(position.accounts, 1)}
    approvals: dict[HouseholdMonth, int] = {}
    payments: dict[str, Payment] = {}
    for entry in entries:
        facts = entry.facts
        if entry.kind == "approval":
            approvals[_household_month(entry)] = entry.seq
        if facts.payment is None:
            continue
        if entry.kind == "order":
            payment = position.payments[facts.payment]
            payments[facts.payment] = Payment(
                code=facts.payment,
                contribution_id=approvals[_household_month(entry)],
                batch=_required(facts.batch),
                account_id=accounts.get((payment.landlord, payment.account)),
                amount_cents=payment.amount_cents,
                state=PaymentState.SENT if payment.state == PaymentState.ORDERED else PaymentState(payment.state),
            )
        payments[facts.payment].bank_date = facts.bank_date
        payments[facts.payment].reason = facts.reason
    return list(payments.values())


def _overpayments(entries: list[Entry]) -> list[Overpayment]:
    """Overpayments in the order in which they were approved; what came back belongs to the landlord's oldest first."""
    approvals: dict[HouseholdMonth, int] = {}
    overpayments: list[Overpayment] = []
    for entry in entries:
        facts = entry.facts
        if entry.kind == "approval":
            approvals[_household_month(entry)] = entry.seq
        elif entry.kind == "overpayment":
            overpayments.append(
                Overpayment(
                    contribution_id=approvals[_household_month(entry)],
                    household=_required(facts.household),
                    landlord=_required(facts.landlord),
                    month=str(facts.month),
                    amount_cents=_debit_cents(entry),
                    recovered_cents=0,
                    reason=_required(facts.reason),
                    prepared_by=entry.prepared_by,
                    approved_by=_required(entry.approved_by),
                    entry=entry.seq,
                )
            )
        elif entry.kind == "recovery":
            _recover([one for one in overpayments if _is_of(one, entry)], _debit_cents(entry))
    return overpayments


def _set_offs(entries: list[Entry]) -> list[SetOff]:
    """What was set off, for the approval that stood then."""
    approvals: dict[HouseholdMonth, int] = {}
    set_offs: list[SetOff] = []
    for entry in entries:
        facts = entry.facts
        if entry.kind == "approval":
            approvals[_household_month(entry)] = entry.seq
        elif is_set_off(entry) and facts.month is not None:
            set_offs.append(
                SetOff(
                    contribution_id=approvals[_household_month(entry)],
                    household=_required(facts.household),
                    landlord=_required(facts.landlord),
                    month=str(facts.month),
                    amount_cents=_debit_cents(entry),
                    prepared_by=entry.prepared_by,
                    approved_by=_required(entry.approved_by),
                    entry=entry.seq,
                )
            )
    return set_offs


def _is_of(overpayment: Overpayment, entry: Entry) -> bool:
    """Whether an overpayment may be what a recovery is of: by its landlord, and by its month where it names one.

    What was set off names the month that it was set off against.
    """
    facts = entry.facts
    named = (
        is_set_off(entry)
        or facts.month is None
        or (overpayment.household, overpayment.month) == (facts.household, str(facts.month))
    )
    return overpayment.landlord == facts.landlord and named


def _recover(overpayments: Iterable[Overpayment], cents: int) -> None:
    for one in overpayments:
        part_cents = min(one.amount_cents - one.recovered_cents, cents)
        one.recovered_cents += part_cents
        cents -= part_cents


def _repayments(entries: list[Entry]) -> list[Repayment]:
    """Repayments in the order in which they were approved.

    The books do not say which of them a payment pays: one of just its amount, or else the oldest, and then the next.
    """
    repayments: list[Repayment] = []
    left_cents: list[int] = []
    for entry in entries:
        if entry.kind == "repayment":
            repayments.append(
                Repayment(
                    amount_cents=_debit_cents(entry),
                    state=RepaymentState.APPROVED,
                    prepared_by=entry.prepared_by,
                    approved_by=_required(entry.approved_by),
                )
            )
            left_cents.append(_debit_cents(entry))
        elif entry.kind == "repayment-paid":
            _pay_repayments(repayments, left_cents, _debit_cents(entry), entry.facts.bank_date)
    return repayments


def _pay_repayments(
    repayments: list[Repayment], left_cents: list[int], paid_cents: int, bank_date: date | None
) -> None:
    order = [left_cents.index(paid_cents)] if paid_cents in left_cents else range(len(repayments))
    for place in order:
        part_cents = min(left_cents[place], paid_cents)
        left_cents[place] -= part_cents
        paid_cents -= part_cents
        if part_cents and not left_cents[place]:
            repayments[place].state = RepaymentState.PAID
            repayments[place].bank_date = bank_date
