"""Monthly runs and the months on their lists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.states import ContributionState, RunState
from fund.store import balances, journal, rows
from fund.store.balances import Lot
from fund.store.tables import BankAccount, Contribution, JournalEntry, Landlord, Lease, Payment, Run, table
from ledger.entries import Entry
from ledger.months import Month

ACTIVE = col(Contribution.state).not_in(states.VOID_CONTRIBUTIONS)
"""The condition that a month is neither rejected nor cancelled."""
LEFT_CENTS = col(Contribution.amount_cents) - col(Contribution.set_off_cents) - col(Contribution.ordered_cents)
"""``Contribution.left_cents`` as a column of a query."""
LIVE_ACCOUNT = and_(
    col(BankAccount.landlord) == col(Contribution.landlord), col(BankAccount.state).in_(states.LIVE_ACCOUNTS)
)
"""The condition that an account is the one that a month is paid to."""
_before, _older = aliased(Contribution), aliased(Contribution)
"""Made once: to adapt their columns takes longer than to ask for the rows."""


def list_runs(session: Session) -> list[Run]:
    """Every run, newest first."""
    return rows.records(session, select(Run).order_by(col(Run.month).desc()))


def runs_in(session: Session, *of: RunState) -> list[Run]:
    """The runs in some states, oldest first."""
    return rows.records(session, select(Run).where(col(Run.state).in_(of)).order_by(col(Run.month)))


def runs_opened(session: Session) -> set[str]:
    """The months that have a run."""
    return set(rows.scalars(session, select(col(Run.month))))


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run with how many months it proposes or pays, how many are on hold, and its cents.

    It is closed once it is approved and all of its months are settled.
    """

    month: str
    state: RunState
    prepared_by: str | None
    prepared_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    months: int
    held: int
    total_cents: int


def run_summaries(session: Session) -> list[RunSummary]:
    """Every run, newest first, with its months and sums."""
    state = col(Contribution.state)
    counts = state.not_in((ContributionState.HELD, *states.VOID_CONTRIBUTIONS))
    unsettled = rows.total(case((state.in_(states.UNSETTLED_CONTRIBUTIONS), 1), else_=0))
    is_closed = and_(col(Run.state) == RunState.APPROVED, unsettled == 0)
    people = (col(Run.prepared_by), col(Run.prepared_at), col(Run.approved_by), col(Run.approved_at))
    summaries = (
        select(
            col(Run.month),
            case((is_closed, literal(RunState.CLOSED, table(Run).c.state.type)), else_=col(Run.state)),
            *people,
            rows.total(case((counts, 1), else_=0)),
            rows.total(case((state == ContributionState.HELD, 1), else_=0)),
            rows.total(case((counts, col(Contribution.amount_cents)), else_=0)),
        )
        .select_from(Run)
        .outerjoin(Contribution, col(Contribution.run_month) == col(Run.month))
        .group_by(col(Run.month), col(Run.state), *people)
        .order_by(col(Run.month).desc())
    )
    return rows.fetch(session, RunSummary, summaries)


def due_lots(session: Session) -> list[Lot]:
    """Every committed month that no live contribution proposes yet."""
    live = set(rows.tuples(session, select(col(Contribution.household), col(Contribution.month)).where(ACTIVE)))
    return [lot for lot in balances.open_lots(session) if (lot[0], str(lot[1])) not in live]


def proposals_of(session: Session, household: str) -> list[Contribution]:
    """A household's months that are proposed or held."""
    undecided = select(Contribution).where(
        col(Contribution.household) == household,
        col(Contribution.state).in_(states.UNDECIDED_CONTRIBUTIONS),
    )
    return rows.records(session, undecided)


def proposed_months(session: Session, run: str) -> list[Contribution]:
    """The months that a run proposes."""
    proposed = (col(Contribution.run_month) == run, col(Contribution.state) == ContributionState.PROPOSED)
    return rows.records(session, select(Contribution).where(*proposed))


@dataclass(frozen=True, slots=True)
class ListLine:
    """A month of a list as the books bind it: nothing of it is personal."""

    household: str
    month: str
    lease: int
    landlord: str
    amount_cents: int
    lot_cents: int
    formula: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Household and month, of which a list has one line."""
        return self.household, self.month


def list_lines(session: Session, run: str, more: Collection[int] = ()) -> list[ListLine]:
    """The months that a run proposes, and some more."""
    proposed = and_(col(Contribution.run_month) == run, col(Contribution.state) == ContributionState.PROPOSED)
    of_household = col(Lease.household) == col(Contribution.household)
    lines = (
        select(
            col(Contribution.household),
            col(Contribution.month),
            col(Lease.number),
            col(Contribution.landlord),
            col(Contribution.amount_cents),
            col(Contribution.lot_cents),
            col(Contribution.formula),
        )
        .join(Lease, and_(col(Lease.id) == col(Contribution.lease_id), of_household))
        .where(or_(proposed, col(Contribution.id).in_(more)))
        .order_by(col(Contribution.household), col(Contribution.month))
    )
    return rows.fetch(session, ListLine, lines)


_HELD_BY, _LET_GO_BY = "hold", ("exclusion", "resumption")
"""The acts after which a month is on hold, and is so no more."""


def held_in_books(session: Session) -> set[tuple[str, str]]:
    """The households' months that are on hold by the last act about each."""
    last = select(func.max(col(JournalEntry.seq))).where(col(JournalEntry.kind).in_((_HELD_BY, *_LET_GO_BY)))
    last = last.group_by(col(JournalEntry.household), col(JournalEntry.month))
    held = (col(JournalEntry.kind) == _HELD_BY, col(JournalEntry.seq).in_(last))
    named = rows.present(col(JournalEntry.household)), rows.present(col(JournalEntry.month))
    return set(rows.tuples(session, select(*named).where(*held)))


@dataclass(frozen=True, slots=True)
class ListedMonth:
    """A month on a run's list, with its landlord and its lease.

    ``account`` is the one that the last attempt to pay it went to; until a month is ordered, its landlord's live one.
    """

    contribution: Contribution
    account: BankAccount | None
    landlord: Landlord
    lease: Lease


def listed_months(session: Session, run: str) -> list[ListedMonth]:
    """The months of a run's list, by household."""
    is_ordered = col(Contribution.state).not_in(states.UNORDERED_CONTRIBUTIONS)
    paid_to = col(BankAccount.id) == _last_paid_to(Contribution)
    listed = (
        select(Contribution, BankAccount, Landlord, Lease)
        .select_from(Contribution)
        .join(Lease, col(Lease.id) == col(Contribution.lease_id))
        .join(Landlord, col(Landlord.code) == col(Contribution.landlord))
        .outerjoin(BankAccount, or_(and_(is_ordered, paid_to), and_(~is_ordered, LIVE_ACCOUNT)))
        .where(col(Contribution.run_month) == run)
        .order_by(col(Contribution.household), col(Contribution.month), col(Contribution.id))
    )
    return rows.fetch_joined(session, ListedMonth, listed)


def _last_paid_to(month: type[Contribution]) -> ScalarSelect[int | None]:
    """The account that the last attempt to pay a month went to."""
    attempts = select(col(Payment.account_id)).where(col(Payment.contribution_id) == col(month.id))
    return attempts.order_by(col(Payment.code).desc()).limit(1).correlate(month).scalar_subquery()


@dataclass(frozen=True, slots=True)
class MonthBefore:
    """The household's live month before one of a list, and the account that the last attempt to pay it went to."""

    of: int
    month: str
    amount_cents: int
    landlord: str
    lease_id: int
    registration: str | None
    account_id: int | None
    version: int | None

    def was_paid_elsewhere(self, later: ListedMonth) -> bool:
        """Whether the same landlord was paid to another account than a later month is."""
        if later.account is None or self.account_id is None or later.contribution.landlord != self.landlord:
            return False
        return self.account_id != later.account.id


def months_before(session: Session, run: str) -> dict[int, MonthBefore]:
    """The month before each month of a run's list; a household's first month has none."""
    last = (
        select(col(_older.id))
        .where(
            col(_older.household) == col(Contribution.household),
            col(_older.month) < col(Contribution.month),
            col(_older.state).not_in(states.VOID_CONTRIBUTIONS),
        )
        .order_by(col(_older.month).desc())
        .limit(1)
        .correlate(Contribution)
        .scalar_subquery()
    )
    found = (
        select(
            col(Contribution.id),
            col(_before.month),
            col(_before.amount_cents),
            col(_before.landlord),
            col(_before.lease_id),
            col(Lease.registration),
            col(BankAccount.id),
            col(BankAccount.version),
        )
        .select_from(Contribution)
        .join(_before, col(_before.id) == last)
        .join(Lease, col(Lease.id) == col(_before.lease_id))
        .outerjoin(BankAccount, col(BankAccount.id) == _last_paid_to(_before))
        .where(col(Contribution.run_month) == run)
    )
    return {month.of: month for month in rows.fetch(session, MonthBefore, found)}


def find_month(session: Session, household: str, month: str) -> Contribution | None:
    """A household's month, unless it was excluded or its approval taken back."""
    named = (col(Contribution.household) == household, col(Contribution.month) == month)
    return rows.record(session, select(Contribution).where(*named, ACTIVE))


def chosen_months(session: Session, ids: Collection[int], run: Month | None) -> list[Contribution]:
    """Those of some months that are on a run's list, or on any, oldest first."""
    chosen = select(Contribution).where(col(Contribution.id).in_(ids)).order_by(col(Contribution.id))
    return rows.records(session, chosen if run is None else chosen.where(col(Contribution.run_month) == str(run)))


def approval_of(session: Session, household: str, month: str) -> Entry:
    """The journal's entry of a month's approval, which no correction has taken back."""
    corrected = select(col(JournalEntry.corrects)).where(col(JournalEntry.corrects).is_not(None))
    standing = [
        col(JournalEntry.kind) == "approval",
        col(JournalEntry.household) == household,
        col(JournalEntry.month) == month,
        col(JournalEntry.seq).not_in(corrected),
    ]
    (approval,) = journal.read_entries(session, standing)
    return approval
