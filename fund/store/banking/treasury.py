"""What moved the treasury in the books, and what moved the account at the bank: both sides of a reconciliation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, takewhile
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlmodel import Session, col

from fund.domain.states import BankStatementState, ContributionState, PaymentState
from fund.store import journal, rows
from fund.store.banking import bank_lines
from fund.store.banking.bank_lines import LineRow
from fund.store.journal import stands
from fund.store.payouts.runs import ACTIVE, LIVE_ACCOUNT
from fund.store.tables import (
    BankAccount,
    BankLine,
    BankStatement,
    Contribution,
    JournalEntry,
    Payment,
    PaymentBatch,
    Posting,
)
from ledger import accounts
from ledger.acts.banking import CHARGE_KINDS
from ledger.entries import Entry
from ledger.kinds import ANSWERS, MISTAKES, REGULARISATIONS
from ledger.transitions import PAYMENT_KINDS

MOST_ENTRIES = 200
"""How many entries one line of the bank can stand for."""
BY_HAND = ("collection", "repayment-paid", "recovery")
"""Entries that a person makes before a statement shows the money."""
_BOOKED_BY_MATCH = (*ANSWERS, *MISTAKES, *REGULARISATIONS, *BY_HAND, *CHARGE_KINDS)
"""Entries that a match of a line books before its act."""
_SAID_BEFORE_MATCH = ("proposal-confirmed", "lines-judged", "matched", "set-aside", "reopened")
"""Acts of which one is between what a match books and what was booked of the same file before."""

_DAY = func.coalesce(col(JournalEntry.bank_date), col(JournalEntry.booked_on))
"""The bank's day of an entry where it is known."""


@dataclass(frozen=True, slots=True)
class TreasuryEntry:
    """An entry that moved the treasury, with its day: the bank's where it is known."""

    seq: int
    kind: str
    payment: str | None
    corrects: int | None
    evidence: str | None
    day: date
    amount_cents: int


def booked(session: Session, *chosen: ColumnElement[bool]) -> list[TreasuryEntry]:
    """Every entry that moved the treasury, or those that fulfil some conditions."""
    moved_treasury = (
        select(
            col(JournalEntry.seq),
            col(JournalEntry.kind),
            col(JournalEntry.payment),
            col(JournalEntry.corrects),
            col(JournalEntry.evidence),
            _DAY,
            col(Posting.amount_cents),
        )
        .join_from(JournalEntry, Posting, col(Posting.seq) == col(JournalEntry.seq))
        .where(col(Posting.account) == accounts.TREASURY, *chosen)
        .order_by(col(JournalEntry.seq))
    )
    return rows.fetch(session, TreasuryEntry, moved_treasury)


def booked_from(session: Session, seq: int) -> list[TreasuryEntry]:
    """The entries that stand and moved the treasury one after the other, from a number on.

    What one line of the bank is can have several: of several payments, or of several overpayments.
    """
    near = (col(JournalEntry.seq) >= seq, col(JournalEntry.seq) < seq + MOST_ENTRIES)
    found = enumerate(booked(session, *near, stands()), seq)
    return [row for _, row in takewhile(lambda numbered: numbered[0] == numbered[1].seq, found)]


def booked_by(session: Session, act: Entry) -> list[Entry]:
    """The entries that a match booked: those before its act, back to what was said before it, that cite its file."""
    near = (col(JournalEntry.seq) < act.seq, col(JournalEntry.seq) >= act.seq - MOST_ENTRIES)
    kinds = (*_BOOKED_BY_MATCH, *_SAID_BEFORE_MATCH)
    found = reversed(journal.read_entries(session, [*near, col(JournalEntry.kind).in_(kinds)]))
    of_match = takewhile(
        lambda entry: entry.kind in _BOOKED_BY_MATCH and entry.facts.evidence == act.facts.evidence, found
    )
    return [*of_match][::-1]


def answers_of(session: Session, payments: Collection[str]) -> list[Entry]:
    """What was booked of some payments after their orders and stands, in that order."""
    kinds = (*PAYMENT_KINDS, *MISTAKES)
    of_payments = (col(JournalEntry.kind).in_(kinds), col(JournalEntry.payment).in_(payments))
    return journal.read_entries(session, [*of_payments, stands()])


def standing_since(session: Session, kind: str, seq: int) -> list[Entry]:
    """The entries of a kind from a number on that no correction took back."""
    return journal.read_entries(session, [col(JournalEntry.kind) == kind, col(JournalEntry.seq) >= seq, stands()])


def charge_by(session: Session, place: tuple[str, int]) -> list[Entry]:
    """What a line of the bank said that it kept, as it is booked and stands; at most one."""
    file, number = place
    proved = (col(JournalEntry.kind) == "charge", col(JournalEntry.evidence) == file, stands())
    return [entry for entry in journal.read_entries(session, proved) if entry.facts.place == number]


def mistakes_of(session: Session, payments: Collection[str]) -> list[Entry]:
    """What was booked of some payments as paid by mistake, or as given back of that, and stands."""
    of_payments = (col(JournalEntry.kind).in_(MISTAKES), col(JournalEntry.payment).in_(payments))
    return journal.read_entries(session, [*of_payments, stands()])


def booked_of(session: Session, amounts: Sequence[int]) -> list[TreasuryEntry]:
    """The entries of payments, and of what else a line of the bank was, that stand and moved one of some amounts."""
    by_bank = or_(col(JournalEntry.payment).is_not(None), col(JournalEntry.evidence).is_not(None))
    return [
        row
        for block in rows.blocks(amounts)
        for row in booked(session, by_bank, stands(), col(Posting.amount_cents).in_(block))
    ]


@dataclass(frozen=True, slots=True)
class RegularisedMonth:
    """What of a month was paid without an order and has not come back, and the last day on which it moved; ``iban`` is
    of the account that the month is paid to.
    """

    contribution: int
    household: str
    month: str
    landlord: str
    state: ContributionState
    cents: int
    day: date
    iban: str | None


def regularised_months(
    session: Session, *, household: str | None = None, month: str | None = None
) -> list[RegularisedMonth]:
    """The months of which something was paid without an order and has not come back: all, or those named."""
    left_cents = rows.total(-col(Posting.amount_cents))
    of_month = (
        col(Contribution.id),
        col(Contribution.household),
        col(Contribution.month),
        col(Contribution.landlord),
        col(Contribution.state),
    )
    chosen = rows.given((col(Contribution.household), household), (col(Contribution.month), month))
    paid = (
        select(
            *of_month,
            left_cents,
            func.max(rows.present(col(JournalEntry.bank_date))),
            func.min(col(BankAccount.iban)),
        )
        .select_from(JournalEntry)
        .join(Posting, and_(col(Posting.seq) == col(JournalEntry.seq), col(Posting.account) == accounts.TREASURY))
        .join(
            Contribution,
            and_(
                col(Contribution.household) == col(JournalEntry.household),
                col(Contribution.month) == col(JournalEntry.month),
                ACTIVE,
            ),
        )
        .outerjoin(BankAccount, LIVE_ACCOUNT)
        .where(col(JournalEntry.kind).in_(REGULARISATIONS), stands(), *chosen)
        .group_by(*of_month)
        .having(left_cents > 0)
    )
    return rows.fetch(session, RegularisedMonth, paid)


class Charged(NamedTuple):
    """What a file of the bank says that it kept on a day there, or gave back of charges; that is negative."""

    file: str
    day: date
    cents: int


def charged(session: Session) -> list[tuple[Charged, set[str]]]:
    """What the bank kept of movements, negative what it gave back: each line that says so, with what it names,
    and the number of its entry where a person matched it to money.
    """
    lines = select(
        col(BankLine.file_sha256),
        col(BankLine.bank_date),
        rows.present(col(BankLine.charges_cents)),
        col(BankLine.payment),
        col(BankLine.resolved_to),
        col(BankLine.entry),
    ).where(col(BankLine.charges_cents) != 0)
    return [
        (Charged(file, day, cents), {*(resolved_to or payment).split(","), *([] if entry is None else [str(entry)])})
        for file, day, cents, payment, resolved_to, entry in rows.tuples(session, lines)
    ]


class ByHand(NamedTuple):
    """Money entered by hand: the number of its (first) entry, the bank's day, and how the treasury moved."""

    seq: int
    day: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class _EnteredPart:
    """One of the entries of money entered by hand."""

    seq: int
    landlord: str | None
    recorded_at: datetime
    day: date
    amount_cents: int


def entered_by_hand(session: Session) -> list[ByHand]:
    """What was entered by hand, no line of the bank was matched to, and no correction took back.

    Money of several overpayments has an entry for each, recorded at one instant: the bank shows it as one line.
    """
    entered = (
        select(
            col(JournalEntry.seq),
            col(JournalEntry.landlord),
            col(JournalEntry.recorded_at),
            _DAY,
            col(Posting.amount_cents),
        )
        .join_from(JournalEntry, Posting, col(Posting.seq) == col(JournalEntry.seq))
        .where(
            col(Posting.account) == accounts.TREASURY,
            col(JournalEntry.kind).in_(BY_HAND),
            col(JournalEntry.evidence).is_(None),
            stands(),
        )
        .order_by(col(JournalEntry.seq))
    )
    matched = set(rows.scalars(session, select(col(BankLine.entry)).where(col(BankLine.entry).is_not(None))))
    found = []
    parts = rows.fetch(session, _EnteredPart, entered)
    for _, group in groupby(parts, key=lambda part: (part.landlord, part.recorded_at) if part.landlord else part.seq):
        of_one = list(group)
        if of_one[0].seq not in matched:
            found.append(ByHand(of_one[0].seq, of_one[0].day, sum(part.amount_cents for part in of_one)))
    return found


@dataclass(frozen=True, slots=True)
class Movement:
    """A line that moved money on the account, and whether it is not booked and a person has to say what it is."""

    line: LineRow
    cents: int
    is_open: bool


def moved(session: Session, chains: Collection[tuple[str, str]]) -> list[Movement]:
    """Every movement in the accepted statements of some accounts and series, in order of days."""
    if not chains:
        return []
    movements = (
        bank_lines.with_statement(select(*bank_lines.COLUMNS, bank_lines.is_resolvable()))
        .where(
            col(BankLine.moved_cents).is_not(None),
            col(BankStatement.state) == BankStatementState.ACCEPTED,
            tuple_(col(BankStatement.account), col(BankStatement.series)).in_(list(chains)),
        )
        .order_by(col(BankLine.bank_date), col(BankLine.file_sha256), col(BankLine.ordinal))
    )
    found = ((LineRow(*line), is_open) for *line, is_open in rows.tuples(session, movements))
    return [Movement(line, line.moved_cents or 0, is_open) for line, is_open in found]


def moved_without_balance(session: Session) -> dict[tuple[str, int], int]:
    """What the lines of each accepted statement moved that does not say both its balances, by file and place there."""
    total = rows.total(rows.present(col(BankLine.moved_cents)))
    sums = (
        bank_lines.with_statement(select(col(BankStatement.file_sha256), col(BankStatement.ordinal), total))
        .where(
            col(BankStatement.state) == BankStatementState.ACCEPTED,
            or_(col(BankStatement.opening_cents).is_(None), col(BankStatement.closing_cents).is_(None)),
        )
        .group_by(col(BankStatement.file_sha256), col(BankStatement.ordinal))
    )
    return {(file, ordinal): cents for file, ordinal, cents in rows.tuples(session, sums)}


def members(session: Session, batches: Collection[str]) -> dict[str, list[str]]:
    """The payments of some batches."""
    found: dict[str, list[str]] = {}
    of_batches = select(col(Payment.batch), col(Payment.code)).where(col(Payment.batch).in_(batches))
    for batch, code in rows.tuples(session, of_batches):
        found.setdefault(batch, []).append(code)
    return found


@dataclass(frozen=True, slots=True)
class OrderedPayment:
    """A payment of which something is ordered and not executed, and how much."""

    code: str
    batch: str
    landlord: str
    amount_cents: int
    state: PaymentState
    sealed_at: datetime | None


def outstanding_orders(session: Session) -> list[OrderedPayment]:
    """The payments of which something is ordered and not executed, the oldest first."""
    ordered = (
        select(
            col(Payment.code),
            col(Payment.batch),
            col(Contribution.landlord),
            col(Payment.outstanding_cents),
            col(Payment.state),
            col(PaymentBatch.sealed_at),
        )
        .join_from(Payment, PaymentBatch, col(PaymentBatch.code) == col(Payment.batch))
        .join(Contribution, col(Contribution.id) == col(Payment.contribution_id))
        .where(col(Payment.outstanding_cents) > 0)
        .order_by(col(PaymentBatch.sealed_at), col(Payment.code))
    )
    return rows.fetch(session, OrderedPayment, ordered)
