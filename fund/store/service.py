"""What the service itself keeps: jobs, confirmed days, answers already given, refusals; and what tells the time."""

from datetime import date, datetime

from sqlalchemy import String, and_, cast, func, not_, or_, select
from sqlmodel import Session, col

from fund.store import rows
from fund.store.tables import BankLine, DayConfirmation, Denial, Disclosure, IdempotencyKey, JobRun, JournalEntry
from ledger.codes import SYSTEM


def last_job_runs(session: Session) -> list[JobRun]:
    """The last run of each job."""
    last = select(func.max(col(JobRun.id))).group_by(col(JobRun.job))
    return rows.records(session, select(JobRun).where(col(JobRun.id).in_(last)))


def find_answer(session: Session, user: str, key: str) -> IdempotencyKey | None:
    """The answer that a user was given under a key."""
    given = select(IdempotencyKey).where(col(IdempotencyKey.user) == user, col(IdempotencyKey.key) == key)
    return rows.record(session, given)


def list_denials(
    session: Session, *, user: str | None, error: str | None, after: int, limit: int | None
) -> list[Denial]:
    """Refusals, newest first; ``after`` is the number of the last one shown."""
    chosen = select(Denial).where(*rows.given((col(Denial.user), user), (col(Denial.error), error)))
    if after:
        chosen = chosen.where(col(Denial.id) < after)
    return rows.records(session, chosen.order_by(col(Denial.id).desc()).limit(limit))


def list_disclosures(
    session: Session, *, user: str | None, landlord: str | None, after: int, limit: int | None
) -> list[Disclosure]:
    """Disclosures, newest first; ``after`` is the number of the last one shown."""
    chosen = select(Disclosure).where(*rows.given((col(Disclosure.user), user)))
    if landlord is not None:
        chosen = chosen.where(cast(col(Disclosure.accounts), String).contains(f"{landlord}/", autoescape=True))
    if after:
        chosen = chosen.where(col(Disclosure.id) < after)
    return rows.records(session, chosen.order_by(col(Disclosure.id).desc()).limit(limit))


def list_confirmations(session: Session) -> list[DayConfirmation]:
    """Every day that was confirmed, the newest first."""
    return rows.records(session, select(DayConfirmation).order_by(col(DayConfirmation.day).desc()))


def last_confirmed_day(session: Session, until: date) -> date | None:
    """The latest confirmed day that is not after another."""
    confirmed = select(col(DayConfirmation.day)).where(col(DayConfirmation.day) <= until)
    return rows.scalar(session, confirmed.order_by(col(DayConfirmation.day).desc()).limit(1))


def last_bank_day(session: Session, until: date) -> date | None:
    """The latest day, not after another, of a line of the bank that moved money."""
    moved = select(col(BankLine.bank_date)).where(
        col(BankLine.moved_cents).is_not(None), col(BankLine.bank_date) <= until
    )
    return rows.scalar(session, moved.order_by(col(BankLine.bank_date).desc()).limit(1))


def recorded_at(session: Session, seq: int) -> datetime:
    """When an entry of the journal was recorded."""
    (instant,) = rows.scalars(session, select(col(JournalEntry.recorded_at)).where(col(JournalEntry.seq) == seq))
    return instant


_OF_THE_OPERATOR = (
    "user-created",
    "access-recovered",
    "invited",
    "token-ended",
    "proposal-made",
    "proposal-confirmed",
)
_NO_WITNESSES = ("credential-set", "factor-set", "document-received", "lines-judged")


def last_vouched_day(session: Session) -> date:
    """The day of the last entry, without what was done to let people in again, whatever the day: by the machine's
    operator, and by those who came in. A file of the bank vouches by the days in it.
    """
    kind = col(JournalEntry.kind)
    is_operators = and_(kind.in_(_OF_THE_OPERATOR), col(JournalEntry.prepared_by) == SYSTEM)
    vouched = select(col(JournalEntry.booked_on)).where(not_(or_(is_operators, kind.in_(_NO_WITNESSES))))
    (day,) = rows.scalars(session, vouched.order_by(col(JournalEntry.seq).desc()).limit(1))
    return day


def entries_after(session: Session, day: date) -> tuple[int, date | None]:
    """How many entries of the journal are dated after a day, and the last of their days."""
    later = select(func.count(), func.max(col(JournalEntry.booked_on))).where(col(JournalEntry.booked_on) > day)
    ((entries, last),) = rows.tuples(session, later)
    return entries, last
