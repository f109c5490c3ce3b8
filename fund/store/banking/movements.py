"""What moved on the account under a payment's name, as it is booked, the lines that tell it, and what the bank owes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from fund.domain.lists import PAYMENT_OUTCOMES, TELLING_MATCHINGS, Matching
from fund.domain.states import COME_BACK, UNORDERED_PAYMENTS
from fund.store import journal, rows
from fund.store.banking import bank_lines
from fund.store.banking.bank_lines import LineRow
from fund.store.payouts.payments import is_owed
from fund.store.tables import BankFile, BankLine, BankStatement, Contribution, JournalEntry, Payment, Posting
from ledger import accounts
from ledger.acts.banking import CHARGE_KINDS


@dataclass(frozen=True, slots=True)
class BookedMovement:
    """An entry by which a payment moved the treasury, and that was not taken back; a debit is negative."""

    seq: int
    payment: str
    kind: str
    day: date
    evidence: str | None
    cents: int


def booked_movements(session: Session, payments: Iterable[str]) -> list[BookedMovement]:
    """The movements of some payments, in the order in which they were booked."""
    found: list[BookedMovement] = []
    for block in rows.blocks(sorted(payments)):
        moved = (
            select(
                col(JournalEntry.seq),
                rows.present(col(JournalEntry.payment)),
                col(JournalEntry.kind),
                rows.present(col(JournalEntry.bank_date)),
                col(JournalEntry.evidence),
                col(Posting.amount_cents),
            )
            .join_from(JournalEntry, Posting, col(Posting.seq) == col(JournalEntry.seq))
            .where(
                col(JournalEntry.payment).in_(block),
                col(Posting.account) == accounts.TREASURY,
                journal.stands(),
            )
            .order_by(col(JournalEntry.seq))
        )
        found += rows.fetch(session, BookedMovement, moved)
    return found


@dataclass(frozen=True, slots=True)
class BookedMistake:
    """What an entry says that the bank has paid by mistake of a payment, ``cents`` of all that it moved."""

    payment: str
    day: date
    evidence: str | None
    moved_cents: int
    cents: int


def booked_mistakes(session: Session, payments: Iterable[str]) -> list[BookedMistake]:
    """What the bank has paid by mistake of some payments, given back since or not, as it was booked in order."""
    found: list[BookedMistake] = []
    owed = aliased(Posting)
    for block in rows.blocks(sorted(payments)):
        made = (
            select(
                rows.present(col(JournalEntry.payment)),
                rows.present(col(JournalEntry.bank_date)),
                col(JournalEntry.evidence),
                col(Posting.amount_cents),
                col(owed.amount_cents),
            )
            .join_from(JournalEntry, Posting, col(Posting.seq) == col(JournalEntry.seq))
            .join(owed, col(owed.seq) == col(JournalEntry.seq))
            .where(
                col(JournalEntry.payment).in_(block),
                col(Posting.account) == accounts.TREASURY,
                col(owed.account) == accounts.RECOVERY_BANK,
                col(owed.amount_cents) > 0,
                journal.stands(),
            )
            .order_by(col(JournalEntry.seq))
        )
        found += rows.fetch(session, BookedMistake, made)
    return found


def charged_places(session: Session, files: Iterable[str]) -> set[tuple[str, int]]:
    """File and place of the lines of some files by which charges of the bank are booked, or made good."""
    found: set[tuple[str, int]] = set()
    for block in rows.blocks(sorted(files)):
        of_files = [col(JournalEntry.kind).in_(CHARGE_KINDS), col(JournalEntry.evidence).in_(block), journal.stands()]
        facts = [entry.facts for entry in journal.read_entries(session, of_files)]
        found |= {(one.evidence, one.place) for one in facts if one.evidence is not None and one.place is not None}
    return found


def telling_lines(session: Session, payments: Iterable[str]) -> list[LineRow]:
    """The lines that tell what is booked of some payments: those that were booked first, then in order of receipt."""
    found: list[LineRow] = []
    for block in rows.blocks(sorted(payments)):
        by_itself = and_(
            col(BankLine.payment).in_(block),
            col(BankLine.matching).in_(TELLING_MATCHINGS),
            col(BankLine.outcome).in_(PAYMENT_OUTCOMES),
        )
        by_person = bank_lines.is_matched_to(col(Payment.code).in_(block))
        told = (
            bank_lines.with_statement(select(*bank_lines.COLUMNS))
            .join(BankFile, col(BankFile.sha256) == col(BankLine.file_sha256))
            .where(or_(by_itself, by_person), bank_lines.counts())
            .order_by(col(BankFile.received_at), col(BankLine.file_sha256), col(BankLine.ordinal))
        )
        found += rows.fetch(session, LineRow, told)
    return sorted(found, key=lambda line: line.matching is Matching.REPEATED)


def judged_lines(session: Session, payments: Collection[str]) -> list[LineRow]:
    """The lines that the service judged by the names of some payments: what they tell is booked, or outweighed."""
    judged = (*TELLING_MATCHINGS, Matching.OUTWEIGHED)
    found: list[LineRow] = []
    for block in rows.blocks(sorted(payments)):
        told = bank_lines.with_statement(select(*bank_lines.COLUMNS)).where(
            col(BankLine.payment).in_(block),
            col(BankLine.outcome).in_(PAYMENT_OUTCOMES),
            col(BankLine.matching).in_(judged),
            col(BankLine.resolved_as).is_(None),
            bank_lines.counts(),
        )
        found += rows.fetch(session, LineRow, told.order_by(col(BankLine.file_sha256), col(BankLine.ordinal)))
    return found


def matched_lines(session: Session, payments: Collection[str]) -> list[LineRow]:
    """The lines that people matched to some payments, alone or with others."""
    found: list[LineRow] = []
    for block in rows.blocks(sorted(payments)):
        named = bank_lines.is_matched_to(col(Payment.code).in_(block))
        found += rows.fetch(session, LineRow, select(*bank_lines.COLUMNS).where(named))
    return found


@dataclass(frozen=True, slots=True)
class TellingStatement:
    """A statement as what tells movements: its kind of message, the balances and days that it begins and ends with."""

    series: str
    opening_cents: int | None = None
    closing_cents: int | None = None
    first_day: date | None = None
    last_day: date | None = None

    def is_apart(self, other: "TellingStatement") -> bool:
        """Whether no movement is in both: one goes on where the other ended, whatever its kind; or they are of one kind
        and of other days, and prove their balances.
        """
        return self._meets(other) or (
            self.series == other.series
            and None not in (self.opening_cents, self.closing_cents, other.opening_cents, other.closing_cents)
            and (self._is_before(other) or other._is_before(self))
        )

    def _is_before(self, other: "TellingStatement") -> bool:
        return self.last_day is not None and other.first_day is not None and self.last_day < other.first_day

    def is_next_to(self, other: "TellingStatement") -> bool:
        """Whether, of one kind, one goes on with the balance that the other ended with: no movement is in both."""
        return self.series == other.series and self._meets(other)

    def _meets(self, other: "TellingStatement") -> bool:
        """Two that begin with the same balance may tell the same part of a day."""
        ends = {(self.closing_cents, other.opening_cents), (other.closing_cents, self.opening_cents)}
        meets = any(end is not None and end == beginning for end, beginning in ends)
        return meets and self.opening_cents != other.opening_cents


def statements_in(session: Session, files: Collection[str]) -> dict[tuple[str, int], TellingStatement]:
    """The statements in some files, by file and place there."""
    found: dict[tuple[str, int], TellingStatement] = {}
    for block in rows.blocks(sorted(files)):
        told = select(
            col(BankStatement.file_sha256),
            col(BankStatement.ordinal),
            col(BankStatement.series),
            col(BankStatement.opening_cents),
            col(BankStatement.closing_cents),
            col(BankStatement.first_day),
            col(BankStatement.last_day),
        ).where(col(BankStatement.file_sha256).in_(block))
        for file, ordinal, series, opening_cents, closing_cents, first_day, last_day in rows.tuples(session, told):
            found[file, ordinal] = TellingStatement(series, opening_cents, closing_cents, first_day, last_day)
    return found


def paid_twice_lines(session: Session, payments: Sequence[str]) -> list[LineRow]:
    """The lines by which some payments were paid once more, and that were not given back, in order of days."""
    found: list[LineRow] = []
    for block in rows.blocks(payments):
        named = or_(col(BankLine.payment).in_(block), bank_lines.is_matched_to(col(Payment.code).in_(block)))
        twice = select(*bank_lines.COLUMNS).where(col(BankLine.matching) == Matching.PAID_TWICE, named)
        ordered = (col(BankLine.bank_date), col(BankLine.file_sha256), col(BankLine.ordinal))
        found += rows.fetch(session, LineRow, twice.order_by(*ordered))
    return found


def payable_by_mistake(session: Session) -> list[str]:
    """The payments that the bank made by mistake, and of whose months something is owed and under way by no other."""
    made = (
        select(col(Payment.code))
        .join(Contribution, col(Contribution.id) == col(Payment.contribution_id))
        .where(
            col(Payment.misexecuted_cents) > 0,
            col(Payment.state).not_in(UNORDERED_PAYMENTS),
            col(Payment.outstanding_cents) + col(Payment.paid_cents) < col(Payment.amount_cents),
            is_owed(),
        )
        .order_by(col(Payment.code))
    )
    return rows.scalars(session, made)


def is_any_owed(session: Session, payments: Collection[str]) -> bool:
    """Whether the bank has not given back what it paid by mistake of any of some payments."""
    owed = (col(Payment.code).in_(payments), col(Payment.misexecuted_cents) > 0)
    return rows.exists(session, select(col(Payment.code)).where(*owed))


def misexecuted_months(session: Session) -> set[tuple[str, str]]:
    """Household and month of each payment that the bank made by mistake and has not given back."""
    return _months(session, col(Payment.misexecuted_cents) > 0)


def returned_months(session: Session) -> set[tuple[str, str]]:
    """Household and month of each payment that came back, or of which a part may have; and of what came back of those
    that were paid without an order.
    """
    month = rows.present(col(JournalEntry.household)), rows.present(col(JournalEntry.month))
    undone = select(*month).where(col(JournalEntry.kind) == "regularisation-undone", journal.stands())
    return _months(session, col(Payment.state).in_(COME_BACK)) | set(rows.tuples(session, undone))


def months_of(session: Session, named: Collection[str]) -> set[tuple[str, str]]:
    """Household and month of some payments, and of those of some batches."""
    found: set[tuple[str, str]] = set()
    for block in rows.blocks(sorted(named)):
        found |= _months(session, or_(col(Payment.code).in_(block), col(Payment.batch).in_(block)))
    return found


def _months(session: Session, of_payment: ColumnElement[bool]) -> set[tuple[str, str]]:
    months = select(col(Contribution.household), col(Contribution.month)).join(
        Payment, col(Payment.contribution_id) == col(Contribution.id)
    )
    return set(rows.tuples(session, months.where(of_payment)))


def open_texts(session: Session) -> list[list[str]]:
    """All that each open line says in words or codes of what it is about."""
    said = (col(BankLine.payment), col(BankLine.remittance), col(BankLine.bank_reference), col(BankLine.batch))
    open_ = bank_lines.with_statement(select(*said)).where(bank_lines.is_open())
    return [[text for text in texts if text] for texts in rows.tuples(session, open_)]
