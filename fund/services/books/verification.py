"""``fund verify``: books and database held against each other, entry by entry, and both against the rules."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias, TypeVar

from fund.domain import access, states
from fund.domain.errors import IntegrityBroken
from fund.domain.states import BatchState, ContributionState, RunState
from fund.domain.texts import N_
from fund.domain.views import VerificationView
from fund.services.as_booked import payments_digest
from fund.services.books.kept_files import (
    evidence_not_held,
    kept_file_findings,
    sealed_file_findings,
    sha256_of,
)
from fund.services.books.rebuilding import MoneyTables, ProjectedMonth, ProjectedPayment
from fund.services.context import Context
from fund.services.day_confirmations import entries_ahead
from fund.services.households.contributions import list_digest
from fund.services.landlords.people import people_twice
from fund.services.proposals import digest_of
from fund.store import books as store
from fund.store import journal, landlords, rows, schema
from fund.store.bindings import Binding, columns_of
from fund.store.cells import unreadable_cells
from fund.store.journal import CheckedRow
from fund.store.payouts.payments import batch_payments, sealed_rows
from fund.store.payouts.runs import runs_in
from fund.store.projections.comparison import Comparison, WorkedOut, compare, left_over, worked_out_again
from fund.store.proposals import list_proposals
from fund.store.tables import (
    Allocation,
    Closing,
    Collection,
    Fund,
    Household,
    Overpayment,
    PaymentBatch,
    Repayment,
    SetOff,
    table,
)
from fund.store.tables.money import FUND_ID
from fund.store.users import lost_passwords
from ledger.chain import GENESIS
from ledger.entries import Entry
from ledger.ordinary import Passed
from ledger.position import Payment as OrderedPayment
from ledger.position import Position
from ledger.reader import Placed, record_of
from ledger.verify import verify_books, without_collector

Key: TypeAlias = str | int | tuple[str, str]
Facts: TypeAlias = dict[str, object]
"""What is compared of a row, by the names of its columns."""
Row = TypeVar("Row")

CHECKS = ("gate", "chain", "rules", "beancount", "entries", "workflow", "files", "schema")
"""What is checked: text, chain, every rule, stock Beancount, each entry with its row, each state, each kept file, and
the triggers and constraints that the database has."""

_TOLD_EVERY = 1_000
"""After how many entries progress is told."""

STRAY_ADVICE = N_(
    "These files or folders lie among the books and are not the fund's: %(names)s. They are never read, and the work "
    "goes on. Find out who put them there and move them elsewhere; delete a .picklecache, which Beancount makes unless "
    "BEANCOUNT_DISABLE_LOAD_CACHE=1 is set, because a planted one would run code on an auditor's machine."
)
"""What a person is told about stray files, at every door."""


Progress: TypeAlias = Callable[[str, int], None]
"""Told what is being read, and how many entries of it were."""


def silent(_what: str, _entries: int) -> None:
    """No progress is shown."""


def verify(
    context: Context, books: Path, outbox: Path, *, head: str | None = None, progress: Progress = silent
) -> VerificationView:
    """Compare everything; all findings are told, each naming its entry, file or row.

    With ``head``, also say after which entry the books had this head of the chain; never is a finding.

    What is not the fund's and lies among its books is told apart: it is never read, so the books agree all the same.
    """
    context.actor.must_be(*access.READERS, access.ADMIN)
    with without_collector():
        return _verify(context, books, outbox, head, progress)


def _verify(context: Context, books: Path, outbox: Path, head: str | None, progress: Progress) -> VerificationView:
    with worked_out_again() as again:
        read = _Followed(context, again)
        result = verify_books(books, head=head, progress=partial(progress, "books"), follower=read)
        findings = [str(finding) for finding in result.violations]
        if result.violations or not read.rows.agree():
            compared, position, more = _read_apart(context, books, progress)
            findings += more
            if not result.violations and not more:
                findings.append(
                    "entries: the database's rows are not those that the books make, though they read alike"
                )
        else:
            tables = _readable(lambda: again.compared(context.session), findings)
            compared, position = _Compared(read.money, tables), result.position
    absent: list[str] = []
    if position is None:
        findings.append("workflow: was not compared, since neither the journal nor the books are whole")
    else:
        findings += _read(act_findings(context, compared.tables, position))
        findings += _read(_proposal_findings(context, position))
        findings += _read(workflow_findings(context, compared.money, position))
        findings += _read(sealed_file_findings(context, position))
        absent = compared.tables.absent
    findings += _read(kept_file_findings(context, outbox))
    findings += (f"database: {cell}" for cell in unreadable_cells(context.session))
    connection = context.session.connection()
    findings += (f"schema: {found}" for found in (*schema.differences(connection), *schema.damages(connection)))
    erased = set() if position is None else position.erased
    lost = chain(absent, (f"password of {user}" for user in lost_passwords(context.session)), _lost_addresses(context))
    warnings = (
        *_read(_warnings(context)),
        *_read(evidence_not_held(context, since_rebuilt=False)),
        *_read(_absent_rows(lost)),
        *_read(_absent_ibans(context, erased)),
    )
    checks = tuple(check for check in CHECKS if check != "beancount" or result.is_loaded)
    told = tuple(dict.fromkeys(findings))
    return VerificationView(result.count, result.head, checks, told, result.strays, warnings, result.head_seq)


def _read(findings: Iterator[str]) -> Iterator[str]:
    """Findings of one part of the check; a cell that cannot be read ends that part, and is a finding."""
    try:
        yield from findings
    except IntegrityBroken as broken:
        yield from broken.findings


class _Followed:
    """What the entries of whole books make of the tables, while they are proved, and whether the journal has just them.

    Its rows are those of the entries, byte for byte, so that nothing is read from it a second time.
    """

    def __init__(self, context: Context, again: WorkedOut) -> None:
        self.money, self._again = MoneyTables(), again
        self.rows = journal.SameRows(context.session, context.tag_of)

    def follow(self, placed: Placed) -> None:
        entry = placed.entry
        self.rows.follow(entry)
        self.money.add(entry)
        self._again.follow(entry)

    def follow_ordinary(self, passed: Sequence[Passed]) -> None:
        self.rows.follow_ordinary(passed)
        self.money.add_ordinary(passed)


@dataclass(slots=True)
class _Compared:
    """What entries make of the tables of money, and what those of acts say otherwise."""

    money: MoneyTables
    tables: Comparison


def _readable(compare: Callable[[], Comparison], findings: list[str]) -> Comparison:
    """The tables that acts make, compared; nothing of them where a cell cannot be read, which is a finding."""
    try:
        return compare()
    except IntegrityBroken as broken:
        findings += broken.findings
        return Comparison([], [], [])


def _read_apart(context: Context, books: Path, progress: Progress) -> tuple[_Compared, Position | None, list[str]]:
    """Books and journal that are not one chain: each entry of both is held against the other.

    What the tables are compared with is the journal if it is whole, or else the books if they are.
    """
    result = verify_books(books, keep_records=True, beancount_up_to=0)
    rows = list[CheckedRow]()
    for row in journal.check_rows_after(context.session, 0, context.tag_of):
        rows.append(row)
        if not row.seq % _TOLD_EVERY:
            progress("journal", row.seq)
    findings = list(_entry_findings(rows, result.records))
    alone = journal.postings_alone(context.session)
    findings += (f"entries: entry {seq}: its postings stand in the database without it" for seq in alone)
    entries = [row.entry for row in rows if row.entry is not None]
    position = _whole_position(entries) if len(entries) == len(rows) else None
    if position is None and not result.violations:
        entries, position = [record.entry for record in result.records], result.position
    compared = _Compared(MoneyTables(), Comparison([], [], []))
    if position is not None:
        for entry in entries:
            compared.money.add(entry)
        compared.tables = _readable(lambda: compare(context.session, entries), findings)
    return compared, position, findings


def _warnings(context: Context) -> Iterator[str]:
    ahead = entries_ahead(context)
    if ahead is not None:
        count, last = ahead
        yield (
            f"clock: entries dated after today, {context.day}: {count}, the last on {last}; "
            "a clock was ahead when they were booked, or this machine's is behind"
        )


def _absent_rows(names: Iterable[str]) -> Iterator[str]:
    """A database that was made again lacks what the books do not have."""
    for name in names:
        yield f"{name}: was lost when the database was made again; it has to be given anew"


def _lost_addresses(context: Context) -> Iterator[str]:
    fund = rows.find(context.session, Fund, FUND_ID)
    if fund is not None and fund.auditors is None and fund.auditors_fingerprint is not None:
        yield "auditors' addresses"


def _absent_ibans(context: Context, erased: Container[str]) -> Iterator[str]:
    """Accounts in use whose IBAN is not held: a rebuilt database has none, and pays nothing before it is restored."""
    for row in landlords.list_accounts(context.session):
        if row.iban is None and row.state in states.LIVE_ACCOUNTS and row.landlord not in erased:
            yield f"account {row.landlord} {row.version}: its IBAN is absent; 'fund restore-value' brings it back"


def _whole_position(entries: Iterable[Entry]) -> Position | None:
    """What entries add up to, or ``None`` when their chain or one of the rules is broken."""
    position, head = Position(), GENESIS
    for entry in entries:
        if entry.prev != head or position.judge(record_of(entry)):
            return None
        head = entry.hash
    return position


def _entry_findings(rows: Iterable[CheckedRow], records: Iterable[Placed]) -> Iterator[str]:
    head, written = GENESIS, {record.record.seq: record for record in records}
    for row in rows:
        entry, record, place = row.entry, written.pop(row.seq, None), f"entries: entry {row.seq}: "
        if entry is None or entry.prev != head:
            yield place + "the database's row is not what its hash and tag cover"
        if record is None:
            yield place + "stands in the database and not in the books"
        elif not record.hash_holds or (entry is not None and record.record.hash != entry.hash):
            yield place + f"the books say something else ({record.place})"
        head = entry.hash if entry is not None else (record.record.hash if record else "")
    for seq, record in sorted(written.items()):
        yield f"entries: entry {seq}, {record.place}: stands in the books and not in the database"


def workflow_findings(context: Context, money: MoneyTables, position: Position) -> Iterator[str]:
    """What the tables say otherwise than the entries do, and the position that these add up to."""
    if not money.count:
        return
    session, fund = context.session, context.fund()
    yield from _people_findings(context)
    booked_fund = {column.key: value for column, value in money.fund(position).items()}
    stored_fund = {name: getattr(fund, name) for name in booked_fund}
    yield from _different("fund", [(fund.code, stored_fund)], {fund.code: booked_fund})
    count = journal.count_entries(session)
    if count != money.count:
        yield f"workflow: fund: {count} entries in the database, {money.count} in the books"
    books = money.projection(position)
    yield from _compare("allocation", _allocation, store.list_all(session, Allocation), books.allocations)
    yield from _compare("collection", _collection, store.list_all(session, Collection), books.collections)
    households: dict[Key, Facts] = {row.code: _household(row) for row in store.list_all(session, Household)}
    yield from _different("household", households.items(), _booked_households(position))
    leases, used = money.lease_names, states.USED_CONTRIBUTIONS
    booked_months = (_booked_month(one, leases) for one in books.contributions if one.state in used)
    yield from _different("contribution", *_unlike(store.booked_months(session), booked_months))
    yield from _list_findings(context, money)
    yield from _batch_findings(context, books.batches, money)
    yield from _payment_findings(context, books.payments, position)
    yield from _claim_findings(context, Overpayment, books.overpayments)
    yield from _claim_findings(context, SetOff, books.set_offs)
    yield from _compare("closing", _closing, store.list_all(session, Closing), books.closings)
    repayments = store.list_all(session, Repayment)
    yield from _different("repayment of cents", _by_amount(repayments).items(), _by_amount(books.repayments))


def _proposal_findings(context: Context, position: Position) -> Iterator[str]:
    """Proposals that are not what their act has the fingerprint of; an erasure takes the personal values away."""
    for row in list_proposals(context.session):
        is_erased = row.personal is None and not position.erased.isdisjoint((row.subject or "").split())
        if row.payload is not None and not is_erased and digest_of(context, row) != row.digest:
            yield f"workflow: proposal {row.id}: not what was booked by its fingerprint: subject, payload, personal"


def _people_findings(context: Context) -> Iterator[str]:
    for code, others in sorted(people_twice(context).items()):
        yield f"workflow: {code}: its person stands in the fund as {', '.join(others)} too"


def act_findings(context: Context, comparison: Comparison, position: Position) -> Iterator[str]:
    """What the tables that acts make say otherwise than the acts do; what is personal is compared by fingerprint."""
    for difference in comparison.differences:
        yield f"workflow: {difference}"
    for bound in comparison.values:
        if not bound.is_booked(context.fingerprints):
            yield f"workflow: {bound}"
    for name in left_over(context.session, position.erased):
        yield f"workflow: {name}: was erased, and its personal data is there"


def _compare(
    thing: str, facts_of: Callable[[Row], tuple[Key, Facts]], stored: Iterable[Row], booked: Iterable[Row]
) -> Iterator[str]:
    yield from _different(thing, map(facts_of, stored), dict(map(facts_of, booked)))


def _allocation(row: Allocation) -> tuple[Key, Facts]:
    names = ("granted_on", "amount_cents", "received_cents")
    return row.code, {name: getattr(row, name) for name in names}


def _collection(row: Collection) -> tuple[Key, Facts]:
    facts: Facts = {"allocation": row.allocation, "amount_cents": row.amount_cents, "bank_date": row.bank_date}
    return row.seq, facts


def _household(row: Household) -> Facts:
    return {"months_used": row.months_used, "months_committed": row.months_committed}


def _booked_households(position: Position) -> dict[Key, Facts]:
    return {
        code: {"months_used": household.months_used, "months_committed": len(household.lots)}
        for code, household in position.households.items()
    }


def _booked_month(one: ProjectedMonth, leases: Mapping[int, str]) -> store.BookedMonth:
    return store.BookedMonth(
        one.household,
        one.month,
        one.run_month,
        one.landlord,
        leases[one.lease_id],
        one.amount_cents,
        one.lot_cents,
        one.set_off_cents,
        one.ordered_cents,
        one.formula,
        one.state,
    )


def _list_findings(context: Context, money: MoneyTables) -> Iterator[str]:
    """Months on hold, each by the act that holds it, and the list of each proposed run, by its fingerprint."""
    undecided = store.undecided_months(context.session)
    held: list[tuple[Key, Facts]] = [
        ((row.household, row.month), {"run": row.run_month, "reason": row.reason})
        for row in undecided
        if row.state is ContributionState.HELD
    ]
    booked: dict[Key, Facts] = {
        (household, str(month)): {"run": str(act.facts.run), "reason": act.facts.reason}
        for (household, month), act in money.held.items()
    }
    yield from _different("held", held, booked)
    runs = {run.month: run for run in runs_in(context.session, *states.UNDECIDED_RUNS)}
    for row in undecided:
        if row.state is ContributionState.PROPOSED and row.run_month not in runs:
            yield f"workflow: contribution {row.household} {row.month}: is {row.state} in a run that was decided"
    for name, run in runs.items():
        if run.state is RunState.PROPOSED and run.digest != list_digest(context, name):
            yield f"workflow: run {name}: its list is not what was proposed, or changed since by an act"


def _claim_findings(
    context: Context, model: type[Overpayment] | type[SetOff], booked: Iterable[Overpayment | SetOff]
) -> Iterator[str]:
    """Overpayments and set-offs, by their entry; each is of the contribution of its household and month."""
    name, columns = rows.name_of(model), columns_of(table(model).name, Binding.JOURNAL)
    months = store.claimed_months(context.session, model)
    stored = ((row, months.get(row.entry)) for row in store.list_all(context.session, model))
    yield from _different(
        name,
        (_claim(row, columns, month) for row, month in stored),
        dict(_claim(row, columns, f"{row.household} {row.month}") for row in booked),
    )


def _claim(row: Overpayment | SetOff, columns: Iterable[str], month: str | None) -> tuple[Key, Facts]:
    return row.entry, {name: getattr(row, name) for name in columns} | {"contribution_id": month}


def _closing(row: Closing) -> tuple[Key, Facts]:
    return row.month, {
        "seq": row.seq,
        "chain_head": row.chain_head,
        "last_seq": row.last_seq,
        "file_sha256": row.file_sha256,
    }


def _payment_findings(context: Context, booked: Iterable[ProjectedPayment], position: Position) -> Iterator[str]:
    for code in store.payments_astray(context.session):
        yield f"workflow: payment {code}: is not in the state of its batch, and was never ordered"
    orders = position.payments
    books = (_booked_payment(one, orders[one.code]) for one in booked)
    yield from _different("payment", *_unlike(store.booked_payments(context.session), books))


def _booked_payment(one: ProjectedPayment, order: OrderedPayment) -> store.BookedPayment:
    return store.BookedPayment(
        one.code,
        one.batch,
        one.amount_cents,
        one.outstanding_cents,
        one.paid_cents,
        one.misexecuted_cents,
        one.bank_date,
        one.state,
        f"{order.landlord} {order.account}",
        f"{order.household} {order.month}",
    )


def _batch_findings(context: Context, booked: Iterable[PaymentBatch], money: MoneyTables) -> Iterator[str]:
    """A sealed batch without its file is of a rebuilt database, which counts it as sent and lacks the rest of its seal.

    One that waits is of the payments that were prepared.
    """
    stored: dict[Key, Facts] = {}
    for batch in store.booked_batches(context.session):
        stored[batch.code] = _batch(batch, is_held=batch.file_bytes is not None or batch.file_sha256 is None)
        prepared = money.prepared.get(batch.code)
        if prepared and prepared.facts.fingerprint != _payments_digest(context, batch):
            yield f"workflow: batch {batch.code}: its payments are not those that were prepared"
        if batch.file_bytes is None:
            if batch.code in money.held_seals:
                yield f"workflow: batch {batch.code}: the file that was sealed is not held"
            continue
        if sha256_of(batch.file_bytes) != batch.file_sha256:
            yield f"workflow: batch {batch.code}: its file is not the one that was sealed"
        if context.row_fingerprint(*sealed_rows(context.session, batch.code)) != money.seals.get(batch.code):
            yield f"workflow: batch {batch.code}: what is said of it or of its payments is not what was sealed"
    held = {code for code, facts in stored.items() if "state" in facts}
    books: dict[Key, Facts] = {batch.code: _batch(batch, is_held=batch.code in held) for batch in booked}
    yield from _different("batch", stored.items(), books)


def _payments_digest(context: Context, batch: store.BookedBatch) -> str:
    return payments_digest(context, batch, batch_payments(context.session, batch.code))


def _batch(row: PaymentBatch | store.BookedBatch, *, is_held: bool) -> Facts:
    state: Facts = {"state": row.state} if is_held else {"cancelled": row.state is BatchState.CANCELLED}
    return {
        "prepared_by": row.prepared_by,
        "approved_by": row.approved_by,
        "sealed_at": row.sealed_at,
        "file_sha256": row.file_sha256,
        **state,
    }


def _by_amount(repayments: Iterable[Repayment]) -> dict[Key, Facts]:
    """Repayments have no code in the books: those of one amount are compared together."""
    found: dict[Key, list[Repayment]] = {}
    for one in repayments:
        found.setdefault(one.amount_cents, []).append(one)
    return {
        key: {
            "people": sorted(f"{one.prepared_by} {one.approved_by}" for one in of_amount),
            "state": sorted(f"{one.state} {one.bank_date}" for one in of_amount),
        }
        for key, of_amount in found.items()
    }


_Booked = TypeVar("_Booked", store.BookedMonth, store.BookedPayment)


def _unlike(stored: Iterable[_Booked], booked: Iterable[_Booked]) -> tuple[list[tuple[Key, Facts]], dict[Key, Facts]]:
    """What is not the same on both sides; of many rows nearly all are, each compared as a whole."""
    left, others = {*booked}, list[_Booked]()
    for row in stored:
        if row in left:
            left.remove(row)
        else:
            others.append(row)
    return [(row.key, row._asdict()) for row in others], {row.key: row._asdict() for row in left}


def _different(thing: str, stored: Iterable[tuple[Key, Facts]], booked: Mapping[Key, Facts]) -> Iterator[str]:
    """What the rows say otherwise, in the order of their keys; ``stored`` rows are looked at one after the other."""
    found: list[tuple[str, str]] = []
    absent = dict(booked)
    for key, row in stored:
        name = f"{' '.join(key) if isinstance(key, tuple) else key}: "
        facts = absent.pop(key, None)
        if facts is None:
            found.append((str(key), name + "stands in the database and not in the books"))
            continue
        found += [
            (str(key), f"{name}{column} is {row[column]} in the database, {value} in the books")
            for column, value in facts.items()
            if row[column] != value
        ]
    for key in absent:
        name = f"{' '.join(key) if isinstance(key, tuple) else key}: "
        found.append((str(key), name + "stands in the books and not in the database"))
    yield from (f"workflow: {thing} {said}" for _, said in sorted(found, key=itemgetter(0)))
