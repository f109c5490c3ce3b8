"""What the service itself keeps: jobs, confirmed days, answers already given, refusals, disclosures."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from fund.store.tables.columns import content, instant, names


class JobRun(SQLModel, table=True):
    """One run of a scheduled job."""

    __tablename__ = "job_run"
    id: int = Field(default=None, primary_key=True)
    job: str = Field(index=True)
    started_at: datetime = Field(sa_column=instant())
    duration_ms: int
    outcome: str
    detail: str


class DayConfirmation(SQLModel, table=True):
    """A day that a person confirmed to be today, after a time without entries and statements."""

    __tablename__ = "day_confirmation"
    __table_args__ = (CheckConstraint("confirmed_by <> 'SYSTEM'", name="day_confirmed_by_person"),)
    day: date = Field(primary_key=True)
    confirmed_by: str = Field(foreign_key="fund_user.code")
    confirmed_at: datetime = Field(sa_column=instant())


class Denial(SQLModel, table=True):
    """An entry of the security log: who was refused which act, as what, and by which error. Codes only.

    Without a user it is a login that does not exist.
    """

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=instant())
    user: str | None = Field(default=None, index=True)
    role: str | None = None
    act: str
    error: str


class Disclosure(SQLModel, table=True):
    """An entry of the log of disclosures: who was shown whole IBANs, and of which list or thing. Codes only.

    ``accounts`` are landlord and version of each, such as ``L0001/2``; none where the IBANs are those of a file or of
    a line of the bank.
    """

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=instant())
    user: str = Field(index=True)
    role: str
    kind: str
    key: str
    accounts: tuple[str, ...] = Field(sa_column=names())


class IdempotencyKey(SQLModel, table=True):
    """The answer that a request with a key was given, kept in the transaction that the request made."""

    __tablename__ = "idempotency_key"
    user: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_sha256: str
    status: int
    body: bytes = Field(sa_column=content())
    created_at: datetime = Field(sa_column=instant())
