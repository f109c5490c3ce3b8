"""``fund rebuild``: a database's money state made from the books alone.

Names, tax codes, IBANs and contracts are not in the books, and come back by ``fund import-persons``. Every balance,
month counter, payment state, version of an account, lease and run, and the chain do with the books.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeAlias

from fund.domain import access, errors, states
from fund.domain.states import (
    BatchState,
    ContributionState,
    PaymentState,
    RepaymentState,
)
from fund.services.context import Context
from fund.services.households.contributions import propose
from fund.store import books as store
from fund.store import journal, projections, rows
from fund.store.payouts.runs import due_lots, runs_in
from fund.store.projections.rows import required
from fund.store.rows import Session, Values
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
from fund.store.tables.money import FUND_ID
from ledger import accounts
from ledger.acts import books as book_acts
from ledger.acts.books import REBUILT
from ledger.acts.users import KEY_CHANGED, read_renewed
from ledger.entries import Entry
from ledger.events import is_set_off
from ledger.months import Month
from ledger.ordinary import Passed
from ledger.position import Position
from ledger.stamp import Stamp
from ledger.verify import Verification, verify_books

HouseholdMonth: TypeAlias = tuple[str, Month]


class ProjectedMonth(NamedTuple):
    """A month as an approval makes it, which numbers it; a corrected approval is a cancelled contribution."""

    id: int
    household: str
    month: str
    run_month: str
    landlord: str
    lease_id: int
    amount_cents: int
    lot_cents: int
    formula: str | None
    set_off_cents: int
    ordered_cents: int
    state: ContributionState


_REBUILT_AS = {BatchState.SEALED: BatchState.SENT, BatchState.PROPOSED: BatchState.WITHDRAWN}
"""Without its file a batch counts as sent: a bank may be paying it. One that was not sealed is prepared anew."""

_Approved: TypeAlias = tuple[int, str, str, str, str, int, int, int, str | None]
"""Of such a month, what its approval says."""


class ProjectedPayment(NamedTuple):
    """A payment as it was ordered and answered. Ordered counts as sent, as its batch does."""

    code: str
    contribution_id: int
    batch: str
    account_id: int | None
    amount_cents: int
    outstanding_cents: int
    paid_cents: int
    misexecuted_cents: int
    bank_date: date | None
    reason: str | None
    state: PaymentState


@dataclass(frozen=True, slots=True)
class Projection:
    """What each table holds after some entries, as far as the books say it; months and payments, of which there are
    many, as plain values.
    """

    allocations: list[Allocation]
    collections: list[Collection]
    contributions: list[ProjectedMonth]
    batches: list[PaymentBatch]
    payments: list[ProjectedPayment]
    overpayments: list[Overpayment]
    set_offs: list[SetOff]
    closings: list[Closing]
    repayments: list[Repayment]

    def insert(self, session: Session) -> None:
        """Insert every row, in an order that foreign keys allow."""
        rows.insert(session, *self.allocations, *self.collections)
        rows.insert_rows(session, Contribution, ProjectedMonth._fields, self.contributions)
        for batch in self.batches:
            batch.state = _REBUILT_AS.get(batch.state, batch.state)
        rows.insert(session, *self.batches)
        rows.insert_rows(session, Payment, ProjectedPayment._fields, self.payments)
        for records in (self.overpayments, self.set_offs, self.closings, self.repayments):
            rows.insert(session, *records)


def rebuild(context: Context, source: Verification, *, is_resumed: bool = False) -> Position:
    """Fill an empty database from a set of books, or leave one that an earlier attempt filled from the same ones.

    That it was done is one more entry, dated as the last: the same books give the same ones, whatever a clock says.

    Raises ``AlreadyExists`` where the database holds a fund otherwise.
    """
    context.actor.must_be(*access.preparers("rebuilt"))
    entries, position = [record.entry for record in source.records], source.position
    if journal.head(context.session) is not None:
        if is_resumed and journal.hash_of(context.session, source.count) == source.head:
            return position
        raise errors.AlreadyExists("fund", "database")
    money = MoneyTables()
    for entry in entries:
        money.add(entry)
    journal.insert_entries(context.session, entries, context.tag_of)
    for entry in entries:
        projections.project(context.session, entry)
    rows.change(context.session, Fund, FUND_ID, money.fund(position))
    for code, household in position.households.items():
        months: Values = {
            Household.months_used: household.months_used,
            Household.months_committed: len(household.lots),
        }
        rows.change(context.session, Household, code, months)
    money.projection(position).insert(context.session)
    _propose_again(context, money)
    store.continue_numbers(context.session, len(entries))
    last = entries[-1]
    context.book_act(book_acts.rebuilt(Stamp(last.date, last.recorded_at, context.actor.code)))
    return position


def read_source(books: Path) -> Verification:
    """The books that a database is made from. Raises ``IntegrityBroken`` with every finding about the fund's own files.

    What else lies in their folder is not read.
    """
    result = verify_books(books, keep_records=True)
    if result.violations:
        raise errors.IntegrityBroken([str(finding) for finding in result.violations])
    return result


class _Last(NamedTuple):
    """The last entry that was taken."""

    seq: int
    hash: str
    day: str


_Sealed: TypeAlias = tuple[str, str | None, datetime, str | None]
"""Of a batch, who prepared and approved it, when it was sealed, and the sha256 of its file."""


class MoneyTables:
    """The tables of money as entries make them, one after the other; nothing else of an entry is kept.

    ``held`` are the acts by which months are on hold, ``excluded`` the runs from which months were excluded last,
    ``prepared`` the acts by which batches wait, ``seals`` the fingerprints of what was sealed with each batch,
    ``held_seals`` the batches whose files must be there.

    What depends on all of them, such as the state of a month, comes from the position in the end.
    """

    def __init__(self) -> None:
        self.count = 0
        self.held: dict[HouseholdMonth, Entry] = {}
        self.excluded: dict[HouseholdMonth, Month] = {}
        self._last: _Last | None = None
        self._corrected: set[int | None] = set()
        self._allocations: list[Entry] = []
        self._collections: list[Entry] = []
        self._leases: dict[tuple[str, int], int] = {}
        self._approvals: dict[HouseholdMonth, int] = {}
        self._run = ""
        self._months: dict[int, _Approved] = {}
        self._batches: dict[str, _Sealed] = {}
        self._cancelled: set[str] = set()
        self.prepared: dict[str, Entry] = {}
        self._withdrawn: dict[str, str] = {}
        self._sent: set[str] = set()
        self.seals: dict[str, str | None] = {}
        self.held_seals: set[str] = set()
        self._orders: dict[str, tuple[int, str]] = {}
        self._answers: dict[str, tuple[date | None, str | None]] = {}
        self._answered: dict[int, tuple[str, tuple[date | None, str | None]]] = {}
        self._recoveries: set[int] = set()
        self._repaid: set[int] = set()
        self._overpayments: list[Overpayment] = []
        self._set_offs: list[SetOff] = []
        self._closings: list[Closing] = []
        self._file = sha256()
        self._files: dict[str, tuple[int, str]] = {}
        self._repayments: list[Repayment] = []
        self._unpaid_cents: list[int] = []

    def add(self, entry: Entry) -> None:
        """Take the next entry."""
        self._take_bytes(str(entry.date), entry.record)
        self.count, self._last = self.count + 1, _Last(entry.seq, entry.hash, str(entry.date))
        step = _STEPS.get(entry.kind)
        if step is not None:
            step(self, entry)

    def add_ordinary(self, passed: Sequence[Passed]) -> None:
        """Take the next entries, of those that are judged at a glance; all are of one month's file."""
        for kind, recorded_at, month, _, _, move in passed:
            seq, day, code, lease, landlord, of, cents, payment, _, batch, bank_date, cited, preparer, approver = move
            match kind:
                case "approval":
                    self._approve(seq, (code, of), month, landlord, int(lease), (cents, cents), None)
                case "order":
                    sealed = preparer, approver, datetime.fromisoformat(recorded_at), cited
                    self._order((code, of), payment, batch, sealed)
                case _:
                    self._answers[payment] = date.fromisoformat(bank_date), None
        if passed:
            _, _, _, own_hash, _, _ = passed[-1]
            self._take_bytes(day, b"\n".join([record for _, _, _, _, record, _ in passed]))
            self.count, self._last = self.count + len(passed), _Last(seq, own_hash, day)

    def correct(self, entry: Entry) -> None:
        """A mirror: what it corrects is not there any more."""
        seq = required(entry.facts.corrects)
        self._corrected.add(seq)
        if seq in self._answered:
            payment, before = self._answered.pop(seq)
            self._answers[payment] = before
        elif seq in self._recoveries:
            _unrecover((one for one in reversed(self._overpayments) if _is_of(one, entry)), _debit_cents(entry))
        elif seq in self._repaid:
            _unpay_repayment(self._repayments, self._unpaid_cents, _debit_cents(entry), entry.facts.bank_date)

    def allocate(self, entry: Entry) -> None:
        """A tranche of the grant."""
        self._allocations.append(entry)

    def collect(self, entry: Entry) -> None:
        """Money of a tranche."""
        self._collections.append(entry)

    def _take_bytes(self, day: str, records: bytes) -> None:
        """Of the file of each month that is over, its last entry and its sha256."""
        last = self._last
        if last is not None and last.day[:7] != day[:7]:
            self._files[last.day[:7]] = last.seq, self._file.hexdigest()
            self._file = sha256()
        self._file.update(records + b"\n")

    @property
    def lease_names(self) -> dict[int, str]:
        """Household and number of each lease, by the id that a database made of these has."""
        return {place: f"{household} {number}" for (household, number), place in self._leases.items()}

    def lease(self, entry: Entry) -> None:
        """A lease, which a database numbers in the order of their entries."""
        self._leases[_lease(entry)] = len(self._leases) + 1

    def approve_run(self, entry: Entry) -> None:
        """A run, whose approvals follow."""
        self._run = str(entry.facts.run)

    def hold(self, entry: Entry) -> None:
        """A month is on hold."""
        self.held[_household_month(entry)] = entry

    def exclude(self, entry: Entry) -> None:
        """A month is in its run no more."""
        self.held.pop(_household_month(entry), None)
        self.excluded[_household_month(entry)] = required(entry.facts.run)

    def resume(self, entry: Entry) -> None:
        """A month is on hold no more."""
        del self.held[_household_month(entry)]

    def approve(self, entry: Entry) -> None:
        """One contribution an approval, numbered by its entry."""
        facts, postings, of = entry.facts, entry.postings, _household_month(entry)
        amount_cents = sum(p.amount_cents for p in postings if p.account.startswith(accounts.RENT))
        lot_cents = sum(p.amount_cents for p in postings if p.month is not None)
        landlord, lease = required(facts.landlord), required(facts.lease)
        self._approve(entry.seq, of, str(of[1]), landlord, lease, (amount_cents, lot_cents), facts.formula)

    def _approve(
        self,
        seq: int,
        of: HouseholdMonth,
        month: str,
        landlord: str,
        lease: int,
        cents: tuple[int, int],
        formula: str | None,
    ) -> None:
        self.excluded.pop(of, None)
        self._approvals[of] = seq
        lease_id = self._leases[of[0], lease]
        self._months[seq] = (seq, of[0], month, self._run, landlord, lease_id, *cents, formula)

    def prepare(self, entry: Entry) -> None:
        """A batch waits to be sealed."""
        self.prepared[required(entry.facts.batch)] = entry

    def withdraw(self, entry: Entry) -> None:
        """A batch is not sealed."""
        self._withdraw(required(entry.facts.batch))

    def _withdraw(self, batch: str) -> None:
        self._withdrawn[batch] = self.prepared.pop(batch).prepared_by

    def seal(self, entry: Entry) -> None:
        """What is sealed with a batch, as a fingerprint."""
        batch = required(entry.facts.batch)
        self.prepared.pop(batch, None)
        self.seals[batch] = entry.facts.fingerprint
        self.held_seals.add(batch)

    def lose_files(self, _: Entry) -> None:
        """The database was made again, without what was sealed until then, and what waited for it."""
        self.held_seals.clear()
        for batch in list(self.prepared):
            self._withdraw(batch)

    def renew(self, entry: Entry) -> None:
        """What was sealed has another fingerprint under another key."""
        renewed = read_renewed(entry.facts.renewed)
        self.seals = {batch: one and renewed.get(one, one) for batch, one in self.seals.items()}

    def send(self, entry: Entry) -> None:
        """A batch was handed to the bank."""
        self._sent.add(required(entry.facts.batch))

    def order(self, entry: Entry) -> None:
        """The payment, for the approval that stands, and its batch."""
        facts = entry.facts
        sealed = entry.prepared_by, entry.approved_by, entry.recorded_at, facts.evidence
        self._order(_household_month(entry), required(facts.payment), required(facts.batch), sealed)

    def _order(self, of: HouseholdMonth, payment: str, batch: str, sealed: "_Sealed") -> None:
        self._batches[batch] = sealed
        self._orders[payment] = self._approvals[of], batch

    def answer(self, entry: Entry) -> None:
        """What the bank, or the approver who cancels it, says of a payment."""
        payment = required(entry.facts.payment)
        self._answered[entry.seq] = payment, self._answers.get(payment, (None, None))
        self._answers[payment] = entry.facts.bank_date, entry.facts.reason
        if entry.kind == "cancellation":
            self._cancelled.add(self._orders[payment][1])

    def overpay(self, entry: Entry) -> None:
        """A claim against a landlord."""
        facts = entry.facts
        self._overpayments.append(
            Overpayment(
                contribution_id=self._approvals[_household_month(entry)],
                household=required(facts.household),
                landlord=required(facts.landlord),
                month=str(facts.month),
                amount_cents=_debit_cents(entry),
                recovered_cents=0,
                reason=required(facts.reason),
                prepared_by=entry.prepared_by,
                approved_by=required(entry.approved_by),
                entry=entry.seq,
            )
        )

    def recover(self, entry: Entry) -> None:
        """What came back belongs to the landlord's oldest overpayment first; what was set off, to a month as well."""
        _recover([one for one in self._overpayments if _is_of(one, entry)], _debit_cents(entry))
        self._recoveries.add(entry.seq)
        facts = entry.facts
        if is_set_off(entry) and facts.month is not None:
            contribution = self._approvals[_household_month(entry)]
            self._set_offs.append(
                SetOff(
                    contribution_id=contribution,
                    household=required(facts.household),
                    landlord=required(facts.landlord),
                    month=str(facts.month),
                    amount_cents=_debit_cents(entry),
                    prepared_by=entry.prepared_by,
                    approved_by=required(entry.approved_by),
                    entry=entry.seq,
                )
            )

    def close(self, entry: Entry) -> None:
        """A closed month, with its file in the books."""
        month = entry.facts.month
        assert month is not None
        last_seq = max((seq for of, (seq, _) in self._files.items() if of <= str(month)), default=0)
        _, checksum = self._files.get(str(month), (0, sha256().hexdigest()))
        self._closings.append(
            Closing(
                month=str(month),
                seq=entry.seq,
                chain_head=entry.hash,
                last_seq=last_seq,
                file_sha256=checksum,
            )
        )

    def repay(self, entry: Entry) -> None:
        """The books do not say which repayment is paid: one of just the amount, or the oldest, and then the next."""
        if entry.kind == "repayment-paid":
            _pay_repayments(self._repayments, self._unpaid_cents, _debit_cents(entry), entry.facts.bank_date)
            self._repaid.add(entry.seq)
            return
        self._repayments.append(
            Repayment(
                amount_cents=_debit_cents(entry),
                state=RepaymentState.APPROVED,
                prepared_by=entry.prepared_by,
                approved_by=required(entry.approved_by),
            )
        )
        self._unpaid_cents.append(_debit_cents(entry))

    def fund(self, position: Position) -> Values:
        """What the fund has, and where its journal ends."""
        last = self._last
        assert last is not None
        return {
            Fund.available_cents: -position.balances.get(accounts.AVAILABLE, 0),
            Fund.committed_cents: -sum(
                cents for name, cents in position.balances.items() if accounts.household_of(name)
            ),
            Fund.used_cents: -position.balances.get(accounts.USED, 0),
            Fund.journal_seq: last.seq,
            Fund.journal_hash: last.hash,
            Fund.journal_day: date.fromisoformat(last.day),
        }

    def projection(self, position: Position) -> Projection:
        """The rows, once every entry was taken."""
        allocations = [entry for entry in self._allocations if entry.seq not in self._corrected]
        granted = {entry.facts.allocation for entry in allocations}
        received: dict[str | None, int] = defaultdict(int)
        for entry in self._collections:
            if entry.seq not in self._corrected:
                received[entry.facts.allocation] += _debit_cents(entry)
        return Projection(
            allocations=[_allocation(entry, received[entry.facts.allocation]) for entry in allocations],
            collections=[_collection(entry) for entry in self._collections if entry.facts.allocation in granted],
            contributions=list(self._contributions(position)),
            batches=[*self._sealed_batches(), *self._unsealed_batches()],
            payments=list(self._sent_payments(position)),
            overpayments=self._overpayments,
            set_offs=self._set_offs,
            closings=self._closings,
            repayments=self._repayments,
        )

    def _sealed_batches(self) -> Iterator[PaymentBatch]:
        for code, (prepared_by, approved_by, sealed_at, file_sha256) in self._batches.items():
            yield PaymentBatch(
                code=code,
                state=self._batch_state(code),
                prepared_by=prepared_by,
                approved_by=approved_by,
                sealed_at=sealed_at,
                file_sha256=file_sha256,
            )

    def _unsealed_batches(self) -> Iterator[PaymentBatch]:
        for code, act in self.prepared.items():
            yield PaymentBatch(code=code, state=BatchState.PROPOSED, prepared_by=act.prepared_by)
        for code, prepared_by in self._withdrawn.items():
            yield PaymentBatch(code=code, state=BatchState.WITHDRAWN, prepared_by=prepared_by)

    def _batch_state(self, code: str) -> BatchState:
        if code in self._cancelled:
            return BatchState.CANCELLED
        return BatchState.SENT if code in self._sent else BatchState.SEALED

    def _contributions(self, position: Position) -> Iterator[ProjectedMonth]:
        """Each with its state, what was set off, and what is ordered or paid."""
        set_off_cents: dict[int, int] = defaultdict(int)
        for one in self._set_offs:
            set_off_cents[one.contribution_id] += one.amount_cents
        live = {
            seq: position.households[household].months[month]
            for (household, month), seq in self._approvals.items()
            if seq not in self._corrected
        }
        for seq, approved in self._months.items():
            month = live.get(seq)
            if month is None:
                yield ProjectedMonth(*approved, set_off_cents[seq], 0, ContributionState.CANCELLED)
                continue
            ordered_cents = month.approved_cents - set_off_cents[seq] - month.owed_cents
            yield ProjectedMonth(*approved, set_off_cents[seq], ordered_cents, ContributionState(month.state))

    def _sent_payments(self, position: Position) -> Iterator[ProjectedPayment]:
        """Each with what was ordered."""
        numbers = {key: number for number, key in enumerate(position.accounts, 1)}
        for code, (contribution_id, batch) in self._orders.items():
            ordered, (bank_date, reason) = position.payments[code], self._answers.get(code, (None, None))
            account_id = numbers.get((ordered.landlord, ordered.account))
            state = PaymentState.SENT if ordered.state == PaymentState.ORDERED else PaymentState(ordered.state)
            parts = ordered.outstanding_cents, ordered.paid_cents, ordered.misexecuted_cents
            cents = ordered.amount_cents, *parts
            yield ProjectedPayment(code, contribution_id, batch, account_id, *cents, bank_date, reason, state)


_STEPS: Mapping[str, Callable[[MoneyTables, Entry], None]] = {
    "correction": MoneyTables.correct,
    "allocation": MoneyTables.allocate,
    "collection": MoneyTables.collect,
    "lease": MoneyTables.lease,
    "run-approved": MoneyTables.approve_run,
    "hold": MoneyTables.hold,
    "exclusion": MoneyTables.exclude,
    "resumption": MoneyTables.resume,
    "approval": MoneyTables.approve,
    "batch-prepared": MoneyTables.prepare,
    "batch-withdrawn": MoneyTables.withdraw,
    "sealed": MoneyTables.seal,
    KEY_CHANGED: MoneyTables.renew,
    REBUILT: MoneyTables.lose_files,
    "sent": MoneyTables.send,
    "order": MoneyTables.order,
    **dict.fromkeys(("settlement", "refusal", "return", "cancellation"), MoneyTables.answer),
    "overpayment": MoneyTables.overpay,
    "recovery": MoneyTables.recover,
    "closing": MoneyTables.close,
    **dict.fromkeys(("repayment", "repayment-paid"), MoneyTables.repay),
}
"""What each kind of entry changes in the tables of money."""


def _propose_again(context: Context, money: MoneyTables) -> None:
    """Months that are on hold or on the list of an undecided run, worked out from leases and decisions.

    Where that gives another list than was proposed, ``fund verify`` says so, and the run is prepared once more.
    """
    for month, act in money.held.items():
        lots = (lot for lot in due_lots(context.session) if lot[:2] == month)
        propose(context, required(act.facts.run), list(lots))
        projections.project(context.session, act)
    for row in runs_in(context.session, *states.UNDECIDED_RUNS):
        run = Month.parse(row.month)
        lots = (lot for lot in due_lots(context.session) if lot[1] <= run and money.excluded.get(lot[:2]) != run)
        propose(context, run, list(lots))


def _allocation(entry: Entry, received_cents: int) -> Allocation:
    return Allocation(
        code=required(entry.facts.allocation),
        granted_on=required(entry.facts.act_date),
        amount_cents=_debit_cents(entry),
        received_cents=received_cents,
    )


def _collection(entry: Entry) -> Collection:
    return Collection(
        seq=entry.seq,
        allocation=required(entry.facts.allocation),
        amount_cents=_debit_cents(entry),
        bank_date=entry.facts.bank_date,
    )


def _debit_cents(entry: Entry) -> int:
    return max((posting.amount_cents for posting in entry.postings), default=0)


def _household_month(entry: Entry) -> HouseholdMonth:
    """The household's month of an entry that is about one: the event table requires both."""
    household, month = entry.facts.household, entry.facts.month
    assert household is not None and month is not None
    return household, month


def _lease(entry: Entry) -> tuple[str, int]:
    """The household and the number of the lease that an entry names."""
    return required(entry.facts.household), required(entry.facts.lease)


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


def _unrecover(overpayments: Iterable[Overpayment], cents: int) -> None:
    for one in overpayments:
        part_cents = min(one.recovered_cents, cents)
        one.recovered_cents -= part_cents
        cents -= part_cents


def _unpay_repayment(
    repayments: list[Repayment], left_cents: list[int], paid_cents: int, bank_date: date | None
) -> None:
    """The last one of an amount that was paid on a day of the bank's was not paid after all."""
    for place in reversed(range(len(repayments))):
        one = repayments[place]
        if (one.state, one.amount_cents, one.bank_date) == (RepaymentState.PAID, paid_cents, bank_date):
            one.state, one.bank_date = RepaymentState.APPROVED, None
            left_cents[place] = paid_cents
            return


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
