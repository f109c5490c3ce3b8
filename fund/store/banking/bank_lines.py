"""Lines of bank files: which of them count, which wait, and which are for a person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, literal, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from fund.domain import lists
from fund.domain.bank_views import ALL_OPEN_ITEMS, OpenItemFilter, line_name
from fund.domain.controls import PayeeResult
from fund.domain.lists import OF_PAYMENTS, LineOutcome, Matching, Resolution, SetAsideReason
from fund.domain.states import UNORDERED_PAYMENTS, BankStatementState
from fund.store import rows
from fund.store.tables import BankFile, BankLine, BankStatement, Payment, table


class LineRow(NamedTuple):
    """A line as it is kept, with the values of its table's columns: a plain tuple, since a file has thousands."""

    file_sha256: str
    ordinal: int
    payment: str
    outcome: LineOutcome
    amount_cents: int | None
    bank_date: date
    reason: str | None
    matching: Matching
    statement: int | None
    moved_cents: int | None
    value_date: date | None
    counterparty_name: str | None
    counterparty_iban: str | None
    remittance: str | None
    bank_reference: str | None
    mandate: str | None
    receipt_number: str | None
    charges_cents: int | None
    batch: str | None
    bank_code: str | None
    bank_word: str | None
    reason_text: str | None
    resolved_as: Resolution | None = None
    resolved_to: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    entry: int | None = None

    @property
    def place(self) -> tuple[str, int]:
        """The sha256 of its file, and its place there."""
        return self.file_sha256, self.ordinal

    @property
    def name(self) -> str:
        """How people name it."""
        return line_name(*self.place)

    @property
    def full_name(self) -> str:
        """How proposals and suggestions name it: the whole sha256 of its file, and its place there."""
        return f"{self.file_sha256}/{self.ordinal}"

    @property
    def said_cents(self) -> int | None:
        """What it moved, with its sign, or else the amount that it claims."""
        return self.amount_cents if self.moved_cents is None else self.moved_cents


COLUMNS = tuple(table(BankLine).c[name] for name in LineRow._fields)
"""What a query chooses for ``LineRow``, alone or before what it chooses besides."""
Ts = TypeVarTuple("Ts")
_later = aliased(BankLine)


def with_statement(statement: Select[*Ts]) -> Select[*Ts]:
    """The lines of a select with the statement in which each stands, if it stands in one."""
    same = and_(
        col(BankStatement.file_sha256) == col(BankLine.file_sha256),
        col(BankStatement.ordinal) == col(BankLine.statement),
    )
    return statement.outerjoin_from(BankLine, BankStatement, same)


def counts() -> ColumnElement[bool]:
    """The condition that a line stands in no statement, or in one that was accepted; of a select ``with_statement``."""
    return or_(col(BankLine.statement).is_(None), col(BankStatement.state) == BankStatementState.ACCEPTED)


def is_open() -> ColumnElement[bool]:
    """The condition that a line is for a person: a person can resolve it, or the bank has to give its money back."""
    return or_(is_resolvable(), col(BankLine.matching) == Matching.PAID_TWICE)


def is_resolvable() -> ColumnElement[bool]:
    """The condition that a person can resolve a line: it was neither booked nor resolved."""
    return and_(col(BankLine.matching).in_(lists.OPEN_MATCHINGS), col(BankLine.resolved_as).is_(None), counts())


def is_matched_to(payments: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a person matched a line to one of some payments: alone, with others, or as a batch."""
    several = (literal(",") + col(BankLine.resolved_to) + ",").contains(literal(",") + col(Payment.code) + ",")
    batches = select(col(Payment.batch)).where(payments)
    return or_(
        and_(
            col(BankLine.resolved_as).in_((*OF_PAYMENTS, Resolution.ENTRY)),
            col(BankLine.resolved_to).in_(select(col(Payment.code)).where(payments)),
        ),
        and_(col(BankLine.resolved_as) == Resolution.BATCH, col(BankLine.resolved_to).in_(batches)),
        and_(
            col(BankLine.resolved_as).in_((Resolution.PAYMENTS, Resolution.OTHER_AMOUNT, Resolution.ENTRY)),
            select(col(Payment.code)).where(payments, several).correlate(BankLine).exists(),
        ),
    )


def _waits() -> ColumnElement[bool]:
    of_other_amount = and_(
        col(BankLine.matching) == Matching.AMOUNT_DIFFERS,
        col(BankLine.outcome).in_((LineOutcome.SETTLED, LineOutcome.RETURNED)),
    )
    return or_(col(BankLine.matching).in_(lists.WAITING_MATCHINGS), of_other_amount)


def waiting(session: Session) -> list[LineRow]:
    """The lines that may have come too early, in the order in which they came; of another amount than their payment's,
    those that may tell again what was booked since.
    """
    early = (
        with_statement(select(*COLUMNS))
        .join(BankFile, col(BankFile.sha256) == col(BankLine.file_sha256))
        .where(_waits(), is_resolvable())
        .order_by(col(BankFile.received_at), col(BankLine.file_sha256), col(BankLine.ordinal))
    )
    return rows.fetch(session, LineRow, early)


def files_to_match(session: Session) -> set[str]:
    """The files with lines that may have come too early, or that tell a mistake of the bank, or doubt a payee."""
    told = or_(_waits(), col(BankLine.matching).in_((Matching.PAID_TWICE, Matching.PAYEE_UNCONFIRMED)))
    return set(rows.scalars(session, select(col(BankLine.file_sha256)).where(told).distinct()))


def has_come(session: Session, day: date) -> bool:
    """Whether the day of a line has come that waited for it."""
    ahead = select(col(BankLine.ordinal)).where(col(BankLine.matching) == Matching.DAY_AHEAD, is_resolvable())
    return rows.exists(session, with_statement(ahead).where(col(BankLine.bank_date) <= day))


def open_lines(session: Session, chosen: OpenItemFilter = ALL_OPEN_ITEMS) -> list[LineRow]:
    """The lines that are for a person, by all of a filter but its words and proposal, the oldest movement first."""
    open_ = with_statement(select(*COLUMNS)).where(is_open(), *_chosen_by(chosen))
    return rows.fetch(
        session, LineRow, open_.order_by(col(BankLine.bank_date), col(BankLine.file_sha256), col(BankLine.ordinal))
    )


def _chosen_by(chosen: OpenItemFilter) -> list[ColumnElement[bool]]:
    day = col(BankLine.bank_date)
    conditions = rows.given((col(BankLine.matching), chosen.matching))
    if chosen.direction is not None:
        conditions.append(col(BankLine.outcome).in_(lists.OUTCOMES_OF[chosen.direction]))
    if chosen.since is not None:
        conditions.append(day >= chosen.since)
    if chosen.until is not None:
        conditions.append(day <= chosen.until)
    if chosen.file is not None:
        conditions.append(col(BankLine.file_sha256).startswith(chosen.file, autoescape=True))
    return conditions


def open_debits(session: Session, ibans: Sequence[str]) -> list[LineRow]:
    """The lines that took money to some accounts, and of which a person has still to say what they are."""
    debits = with_statement(select(*COLUMNS)).where(col(BankLine.moved_cents) < 0, is_resolvable())
    return [
        line
        for block in rows.blocks(ibans)
        for line in rows.fetch(session, LineRow, debits.where(col(BankLine.counterparty_iban).in_(block)))
    ]


def other_business(session: Session, files: Collection[str]) -> set[tuple[str, int]]:
    """File and place of the lines of some files that were set aside as other people's."""
    places = select(col(BankLine.file_sha256), col(BankLine.ordinal)).where(
        col(BankLine.resolved_as) == Resolution.SET_ASIDE,
        col(BankLine.resolved_to) == SetAsideReason.OTHER_BUSINESS,
    )
    of_files = (places.where(col(BankLine.file_sha256).in_(block)) for block in rows.blocks(sorted(files)))
    return {place for some in of_files for place in rows.tuples(session, some)}


def open_places(session: Session) -> set[tuple[str, int]]:
    """File and place of every line that a person can resolve."""
    open_ = with_statement(select(col(BankLine.file_sha256), col(BankLine.ordinal))).where(is_resolvable())
    return set(rows.tuples(session, open_))


def unconfirmed_payees(session: Session, batch: str) -> list[str]:
    """The payments of a batch whose payees the bank does not confirm, as long as that is for a person; the batch itself
    where the bank does not say which.
    """
    named = or_(col(BankLine.payment) == batch, col(Payment.batch) == batch)
    found = (
        with_statement(select(col(BankLine.payment)).distinct())
        .outerjoin(Payment, col(Payment.code) == col(BankLine.payment))
        .where(named, col(BankLine.matching) == Matching.PAYEE_UNCONFIRMED, is_open())
        .order_by(col(BankLine.payment))
    )
    return rows.scalars(session, found)


def answered_payees(session: Session) -> list[LineRow]:
    """The open lines that do not confirm payees whose payments the bank has carried out or refused since, all of them,
    or of which it said on a later day that name and account match.
    """
    said = or_(col(Payment.code) == col(BankLine.payment), col(Payment.batch) == col(BankLine.payment))
    waits = or_(col(Payment.state).in_(UNORDERED_PAYMENTS), col(Payment.outstanding_cents) > 0)
    confirmed = and_(
        col(_later.payment) == col(BankLine.payment),
        col(_later.bank_word) == PayeeResult.MATCH,
        col(_later.bank_date) > col(BankLine.bank_date),
    )
    answered = with_statement(select(*COLUMNS)).where(
        col(BankLine.matching) == Matching.PAYEE_UNCONFIRMED,
        is_open(),
        or_(not_(exists().where(said, waits)), exists().where(confirmed)),
    )
    return rows.fetch(session, LineRow, answered)


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line, and whether a person can resolve it."""

    line: LineRow
    is_open: bool


def find_line(session: Session, file: str, ordinal: int) -> FoundLine | None:
    """The line at a place of a file."""
    at_place = with_statement(select(*COLUMNS, is_resolvable())).where(*_at(file, ordinal))
    found = [FoundLine(LineRow(*line), is_open) for *line, is_open in rows.tuples(session, at_place)]
    return next(iter(found), None)


def _at(file: str, ordinal: int) -> tuple[ColumnElement[bool], ...]:
    return col(BankLine.file_sha256) == file, col(BankLine.ordinal) == ordinal


def files_like(session: Session, beginning: str) -> list[str]:
    """The files, at most two, whose sha256 has a beginning."""
    begins = col(BankFile.sha256).startswith(beginning, autoescape=True)
    return rows.scalars(session, select(col(BankFile.sha256)).where(begins).limit(2))


def set_charges(session: Session, place: tuple[str, int], charges_cents: int | None) -> None:
    """Set what the bank kept for itself of a line, as a person matches it or takes that back."""
    rows.update_where(session, BankLine, *_at(*place), values={BankLine.charges_cents: charges_cents})


def set_matching(session: Session, file: str, ordinals: Sequence[int], matching: Matching) -> None:
    """Set the matching of some lines of a file that no person has resolved."""
    for block in rows.blocks(ordinals):
        rows.update_where(
            session,
            BankLine,
            col(BankLine.file_sha256) == file,
            col(BankLine.ordinal).in_(block),
            col(BankLine.resolved_as).is_(None),
            values={BankLine.matching: matching},
        )


def mark(session: Session, line: LineRow, matching: Matching) -> None:
    """Set the matching of a line whatever a person said of it."""
    rows.update_where(session, BankLine, *_at(*line.place), values={BankLine.matching: matching})


def moved_by(session: Session, amounts: Sequence[int]) -> list[LineRow]:
    """The lines that moved one of some amounts."""
    found: list[LineRow] = []
    for block in rows.blocks(amounts):
        found += rows.fetch(session, LineRow, select(*COLUMNS).where(col(BankLine.moved_cents).in_(block)))
    return found


def paid_by_receipts(session: Session, receipts: Collection[str]) -> list[LineRow]:
    """The debits under some receipts of the treasurer, of which it is known what they paid."""
    is_known = or_(col(BankLine.payment) != "", col(BankLine.resolved_to).is_not(None))
    debits = with_statement(select(*COLUMNS)).where(
        col(BankLine.receipt_number).in_(receipts), col(BankLine.moved_cents) < 0, is_known, counts()
    )
    return rows.fetch(session, LineRow, debits)


def booked_credits(session: Session, payment: str, file: str) -> list[LineRow]:
    """The lines of a file by which money came back under a payment's name, and that no person resolved."""
    credited = (col(BankLine.moved_cents) > 0, col(BankLine.matching) == Matching.BOOKED)
    of_payment = (col(BankLine.file_sha256) == file, col(BankLine.payment) == payment)
    return rows.fetch(
        session, LineRow, select(*COLUMNS).where(*of_payment, *credited, col(BankLine.resolved_as).is_(None))
    )


def matched_to_entries(session: Session, seqs: Collection[int]) -> list[LineRow]:
    """The lines that a person matched to one of some entries, or to what they are of."""
    matched = (col(BankLine.entry).in_(seqs), col(BankLine.resolved_as) != Resolution.SET_ASIDE)
    return rows.fetch(session, LineRow, select(*COLUMNS).where(*matched))


def lines_of(session: Session, file: str) -> list[LineRow]:
    """The lines of a file, in its order."""
    return rows.fetch(
        session, LineRow, select(*COLUMNS).where(col(BankLine.file_sha256) == file).order_by(col(BankLine.ordinal))
    )


def list_lines(session: Session) -> list[LineRow]:
    """Every line of every file, the newest movement first."""
    newest = (col(BankLine.bank_date).desc(), col(BankLine.file_sha256), col(BankLine.ordinal))
    return rows.fetch(session, LineRow, select(*COLUMNS).order_by(*newest))
