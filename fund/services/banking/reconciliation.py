"""The bank's balance against the treasury in the books: every cent between has a name, or is unexplained."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, islice, pairwise

from fund.clock import day_in_rome
from fund.domain import access, states
from fund.domain.bank_views import AccountStatement, Difference, OutstandingOrder, ReconciliationView
from fund.domain.lists import DifferenceKind, Resolution
from fund.domain.states import BankStatementState
from fund.services.as_booked import check_tables
from fund.services.bank_lines import check_lines_since
from fund.services.banking.bank_statements import list_account_statements
from fund.services.banking.line_views import line_views
from fund.services.banking.statement_series import Place, accepted
from fund.services.context import Context
from fund.store import rows
from fund.store.banking import bank_lines, treasury
from fund.store.banking.bank_lines import LineRow
from fund.store.banking.treasury import Charged, Movement, TreasuryEntry
from fund.store.tables import BankStatement, ForeignBalance
from fund.store.tables.money import FUND_ID
from ledger.acts.banking import CHARGE_KINDS
from ledger.money import format_cents


@dataclass(frozen=True, slots=True)
class _Balance:
    """A statement with its opening and its closing balance, said or worked out."""

    statement: BankStatement
    opening_cents: int
    closing_cents: int


@dataclass(frozen=True, slots=True)
class _Chain:
    """The statements of one account that follow each other, from the first that says a balance to the last."""

    balances: list[_Balance]

    @property
    def first(self) -> BankStatement:
        return self.balances[0].statement

    @property
    def last(self) -> BankStatement:
        return self.balances[-1].statement

    @property
    def opening_cents(self) -> int:
        return self.balances[0].opening_cents

    @property
    def closing_cents(self) -> int:
        return self.balances[-1].closing_cents

    @property
    def name(self) -> tuple[str, str]:
        return self.first.account, self.first.series

    @property
    def last_day(self) -> date:
        return self.last.last_day or date.min

    @property
    def first_day(self) -> date:
        return self.first.first_day or self.first.last_day or date.min

    @property
    def jumps_cents(self) -> int:
        """What moved between statements and stands in none of them."""
        return sum(after.opening_cents - before.closing_cents for before, after in pairwise(self.balances))


def beginning(context: Context) -> date | None:
    """The day on which the statements begin that the books are held against; ``None`` where none says a balance."""
    chains, _ = _chains(context)
    return _begin(chains)


def _begin(chains: list[_Chain]) -> date | None:
    return min((chain.first_day for chain in chains), default=None)


def reconcile(context: Context) -> ReconciliationView:
    """Hold the last closing balance of each account against ``Assets:Treasury`` on that day, and tell what is left.

    Raises ``IntegrityBroken`` where a file of the bank is not kept as it was read, or a row is not as its acts make it.
    """
    context.actor.must_be(*access.READERS)
    check_tables(context)
    check_lines_since(context, date.min)
    chains, apart = _chains(context)
    day = max((chain.last_day for chain in chains), default=None)
    booked = treasury.booked(context.session)
    entries = [row for row in booked if day is None or row.day <= day]
    later = [row for row in booked if day is not None and row.day > day]
    statements = list_account_statements(context)
    last = {chain.last.place for chain in chains}
    return ReconciliationView(
        day=day,
        bank_balance_cents=sum(chain.closing_cents for chain in chains) if chains else None,
        book_balance_cents=sum(row.amount_cents for row in entries),
        balances=_only(statements, lambda statement: (statement.file, statement.ordinal) in last),
        differences=tuple(_differences(context, chains, entries, later)),
        outstanding_orders=tuple(_outstanding_orders(context)),
        open_lines=line_views(context, bank_lines.open_lines(context.session)),
        alarms=_only(statements, lambda statement: statement.state in states.UNDECIDED_STATEMENTS),
        gaps=tuple(_gaps(statements, apart)),
    )


def _gaps(statements: Iterable[AccountStatement], apart: Mapping[Place, str]) -> Iterator[AccountStatement]:
    """The statements that count and do not fit those beside them, or close otherwise than another series does."""
    for statement in statements:
        said = apart.get((statement.file, statement.ordinal))
        warnings = (*statement.warnings, said) if said is not None else statement.warnings
        if statement.state == BankStatementState.ACCEPTED and warnings:
            yield replace(statement, warnings=warnings)


def _only(
    statements: list[AccountStatement], chosen: Callable[[AccountStatement], bool]
) -> tuple[AccountStatement, ...]:
    return tuple(statement for statement in statements if chosen(statement))


def _chains(context: Context) -> tuple[list[_Chain], dict[Place, str]]:
    """One series an account: bank and treasurer may both tell the same money, and the latest counts. Where another one
    ends on the same day with another balance, its last statement says so.
    """
    moved = treasury.moved_without_balance(context.session)
    by_account: dict[str, list[_Chain]] = defaultdict(list)
    for (account, _), group in groupby(accepted(context), key=lambda row: (row.account, row.series)):
        chain = _Chain(_proved(group, moved))
        if chain.balances:
            by_account[account].append(chain)
    counting, apart = list[_Chain](), dict[Place, str]()
    for chains in by_account.values():
        latest = max(chains, key=lambda chain: chain.last_day)
        counting.append(latest)
        for other in chains:
            if other.last_day == latest.last_day and other.closing_cents != latest.closing_cents:
                ends = format_cents(other.closing_cents), format_cents(latest.closing_cents)
                apart[other.last.place] = f"series-differ {'/'.join(ends)}"
    return counting, apart


def _proved(statements: Iterable[BankStatement], moved: Mapping[Place, int]) -> list[_Balance]:
    """The statements of a series that prove a balance: those that say both, and as pages of a longer one those whose
    movements lead from a balance that is said to the next. Any other proves nothing; of pages that do not lead there,
    as one is not here, those behind the opening and the one that closes count all the same.
    """
    proved, pages = list[_Balance](), _Pages(None)
    for row in statements:
        opening_cents, closing_cents = row.opening_cents, row.closing_cents
        if opening_cents is not None:
            proved += pages.until(opening_cents)
            pages = _Pages(opening_cents, is_first=True)
        elif not pages.rows:
            pages = _Pages(proved[-1].closing_cents if proved else None)
        if opening_cents is not None and closing_cents is not None:
            pages.add(row, closing_cents - opening_cents)
        else:
            pages.add(row, moved.get(row.place, 0))
        if closing_cents is not None:
            proved += pages.closed_by(closing_cents)
            pages = _Pages(None)
    return proved


class _Pages:
    """Statements that follow a balance that is said, and what each is taken to end with. ``is_first`` where the first
    of them says it as its opening.
    """

    def __init__(self, opening_cents: int | None, *, is_first: bool = False) -> None:
        self.rows: list[BankStatement] = []
        self._is_first = is_first
        self._ends = [] if opening_cents is None else [opening_cents]

    def add(self, row: BankStatement, cents: int) -> None:
        """One more, which moved so much."""
        self.rows.append(row)
        if self._ends:
            self._ends.append(self._ends[-1] + cents)

    def until(self, opening_cents: int) -> list[_Balance]:
        """All of them, if they lead to the opening of the next, or begin with one of their own."""
        is_led = bool(self._ends) and self._ends[-1] == opening_cents
        return self._taken() if is_led or self._is_first else []

    def closed_by(self, closing_cents: int) -> list[_Balance]:
        """All of them, if they lead to the closing of the last; that one by itself where they began with an opening."""
        taken = self._taken()
        if taken and taken[-1].closing_cents != closing_cents:
            if not self._is_first:
                return []
            last = taken.pop()
            began_with = closing_cents - (last.closing_cents - last.opening_cents)
            taken.append(_Balance(last.statement, began_with, closing_cents))
        return taken

    def _taken(self) -> list[_Balance]:
        return list(map(_Balance, self.rows, self._ends, self._ends[1:]))


def _differences(
    context: Context, chains: list[_Chain], entries: list[TreasuryEntry], later: list[TreasuryEntry]
) -> Iterator[Difference]:
    """What explains bank - books, part by part, which add up. ``later`` is in the books after the last statement."""
    if not chains:
        if entries:
            total_cents = sum(row.amount_cents for row in entries)
            yield Difference(DifferenceKind.BOOKS_ONLY, "", None, -total_cents, is_left=True)
        return
    proved = {one.statement.place for chain in chains for one in chain.balances}
    moved = treasury.moved(context.session, {chain.name for chain in chains})
    lines = [one for one in moved if (one.line.file_sha256, one.line.statement) in proved]
    shown = _Shown(context, lines, entries, later)
    begins = _begin(chains)
    assert begins is not None, "there are chains"
    unseen = [row for row in entries if row.seq not in shown.entries and row.seq not in shown.taken_back]
    before_cents = sum(chain.opening_cents for chain in chains)
    before_cents -= sum(row.amount_cents for row in unseen if row.day < begins)
    parts = [*shown.differences]
    parts += [
        Difference(DifferenceKind.BOOKS_ONLY, str(row.seq), row.day, -row.amount_cents, is_left=True)
        for row in unseen
        if row.day >= begins
    ]
    parts += [
        Difference(DifferenceKind.GAP, " ".join(c.name), None, c.jumps_cents, is_left=True)
        for c in chains
        if c.jumps_cents
    ]
    foreign_cents = _foreign_cents(context, begins)
    if foreign_cents:
        parts.append(Difference(DifferenceKind.FOREIGN, "", begins, foreign_cents, is_left=False))
    if before_cents != foreign_cents:
        unnamed_cents = before_cents - foreign_cents
        parts.append(Difference(DifferenceKind.BEFORE_FIRST_STATEMENT, "", begins, unnamed_cents, is_left=True))
    total_cents = sum(chain.closing_cents for chain in chains)
    rest_cents = total_cents - sum(row.amount_cents for row in entries) - sum(part.amount_cents for part in parts)
    if rest_cents:
        parts.append(Difference(DifferenceKind.UNEXPLAINED, "", None, rest_cents, is_left=True))
    yield from parts


def _foreign_cents(context: Context, begins: date) -> int:
    """What two people said of the day on which the statements begin; of another day it says nothing."""
    row = rows.find(context.session, ForeignBalance, FUND_ID)
    return row.amount_cents if row is not None and row.bank_date == begins else 0


class _Shown:
    """Which entries of the books the account shows, and what it shows besides."""

    def __init__(
        self, context: Context, movements: list[Movement], entries: list[TreasuryEntry], later: list[TreasuryEntry]
    ) -> None:
        self.entries: set[int] = set()
        self.differences: list[Difference] = []
        self._later = later
        self._moved: dict[str, list[TreasuryEntry]] = defaultdict(list)
        self._charges: dict[Charged, list[int]] = defaultdict(list)
        corrected = {row.corrects for row in entries}
        for row in entries:
            if row.corrects is not None or row.seq in corrected:
                continue
            if row.payment is not None:
                self._moved[row.payment].append(row)
            elif row.kind in CHARGE_KINDS and row.evidence is not None:
                self._charges[Charged(row.evidence, row.day, -row.amount_cents)].append(row.seq)
        self._charged = treasury.charged(context.session) if self._charges else []
        self._cents = {row.seq: row.amount_cents for row in entries}
        lines = [movement.line for movement in movements]
        batches = {line.resolved_to for line in lines if line.resolved_as is Resolution.BATCH and line.resolved_to}
        self._members = treasury.members(context.session, batches)
        for movement in movements:
            self._take(movement)
        corrections = {row.corrects: row.seq for row in entries if row.corrects is not None}
        pairs = [pair for pair in corrections.items() if pair[0] not in self.entries]
        self.taken_back = {seq for pair in pairs for seq in pair}

    def _take(self, movement: Movement) -> None:
        line, cents = movement.line, movement.cents
        if line.resolved_as is Resolution.SET_ASIDE:
            self._differ(DifferenceKind.SET_ASIDE, line.name, line.bank_date, cents, is_left=False)
            return
        if movement.is_open:
            self._differ(DifferenceKind.OPEN_LINE, line.name, line.bank_date, cents, is_left=True)
            return
        fresh = {seq for seq in self._entries_of(movement) if seq in self._cents and seq not in self.entries}
        self.entries |= fresh
        rest_cents = cents - sum(self._cents[seq] for seq in fresh)
        if not fresh:
            kind = DifferenceKind.BOOKED_LATER if self._is_booked_later(movement) else DifferenceKind.BOOKED_TWICE
            self._differ(kind, line.name, line.bank_date, rest_cents, is_left=True)
        elif rest_cents:
            self._differ(DifferenceKind.AMOUNT_DIFFERS, line.name, line.bank_date, rest_cents, is_left=True)

    def _is_booked_later(self, movement: Movement) -> bool:
        """Whether the books have what a line moved under a day behind the last statement, by another file's word."""
        line, named = movement.line, (movement.line.resolved_to or movement.line.payment).split(",")
        return any(
            row.seq == line.entry or (row.payment in named and row.amount_cents == movement.cents)
            for row in self._later
        )

    def _entries_of(self, movement: Movement) -> Iterator[int]:
        """The numbers of the entries that a line stands for."""
        line = movement.line
        if line.entry is not None:
            seq, left_cents = line.entry, movement.cents
            if line.resolved_as is Resolution.ENTRY:
                left_cents += line.charges_cents or 0
                yield from self._charges_of(line, {*(line.resolved_to or "").split(",")})
            while left_cents and seq in self._cents:  # money of several overpayments has one entry after the other
                yield seq
                seq, left_cents = seq + 1, left_cents - self._cents[seq]
        elif line.resolved_as is Resolution.BATCH and line.resolved_to is not None:
            likely = [row for code in self._members.get(line.resolved_to, []) for row in self._likely(code, movement)]
            own = [row for row in likely if row.evidence == line.file_sha256]
            is_all = sum(row.amount_cents for row in likely) == movement.cents
            yield from (row.seq for row in (likely if is_all else own))
            yield from self._charges_of(line, {line.resolved_to})
        else:
            named = (line.resolved_to or line.payment).split(",")
            for code in named:
                yield from (row.seq for row in self._likely(code, movement))
            yield from self._charges_of(line, {*named})

    def _charges_of(self, line: LineRow, named: set[str]) -> Iterator[int]:
        """What the bank kept of a line: booked by the line itself, or by another that tells the same movement."""
        if not line.charges_cents:
            return
        own = Charged(line.file_sha256, line.bank_date, line.charges_cents)
        told = (one for one, names in self._charged if one.cents == own.cents and not named.isdisjoint(names))
        left = (seq for one in (own, *told) for seq in self._charges.get(one, ()) if seq not in self.entries)
        yield from islice(left, 1)

    def _likely(self, payment: str, movement: Movement) -> list[TreasuryEntry]:
        """The one entry of a payment that a line stands for: of its amount, its own file before others, and its day."""
        line = movement.line
        file, day, cents = line.file_sha256, line.bank_date, movement.cents + (line.charges_cents or 0)
        same_way = (
            row for row in self._moved[payment] if row.seq not in self.entries and (row.amount_cents > 0) == (cents > 0)
        )
        return sorted(
            same_way, key=lambda row: (row.amount_cents != cents, row.evidence != file, row.day != day, row.seq)
        )[:1]

    def _differ(self, kind: DifferenceKind, key: str, day: date, cents: int, *, is_left: bool) -> None:
        self.differences.append(Difference(kind, key, day, cents, is_left))


def _outstanding_orders(context: Context) -> Iterator[OutstandingOrder]:
    for row in treasury.outstanding_orders(context.session):
        ordered_on = day_in_rome(row.sealed_at) if row.sealed_at is not None else None
        age_days = (context.day - ordered_on).days if ordered_on is not None else None
        yield OutstandingOrder(row.code, row.batch, row.landlord, row.amount_cents, row.state, ordered_on, age_days)
