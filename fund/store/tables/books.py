"""The journal and the closings: append-only, the source of the books."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from fund.store.tables.columns import cents, instant, where


class JournalEntry(SQLModel, table=True):
    """The journal: append-only, numbered without gaps, chained. The books are its projection.

    ``record`` holds the exact bytes of the record in the books, which the hash covers, and entries are read back from
    them. ``tag`` is of the hash, under the fund's key: who holds the database alone can append no entry. The other
    columns are an index: there is one for what some query chooses by, and none for other facts.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="journal_from_one"),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="entry_two_people"),
        Index("ix_journal_entry_user", "user", **where('"user" IS NOT NULL')),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    booked_on: date = Field(index=True)
    kind: str = Field(index=True)
    recorded_at: datetime = Field(sa_column=instant())
    prepared_by: str
    approved_by: str | None = None
    key_check: str | None = None
    user: str | None = None
    household: str | None = Field(default=None, index=True)
    landlord: str | None = Field(default=None, index=True)
    account: int | None = None
    contact: int | None = None
    fingerprint: str | None = None
    month: str | None = None
    payment: str | None = Field(default=None, index=True)
    corrects: int | None = None
    bank_date: date | None = None
    evidence: str | None = None
    hash: str = Field(unique=True)
    tag: str
    record: bytes


class Posting(SQLModel, table=True):
    """One side of a journal entry: debit positive, credit negative; ``month`` where it moves a month's lot."""

    __table_args__ = (CheckConstraint("amount_cents <> 0", name="posting_amount_not_zero"),)
    seq: int = Field(primary_key=True, foreign_key="journal_entry.seq")
    ordinal: int = Field(primary_key=True)
    account: str = Field(index=True)
    amount_cents: int = Field(sa_column=cents())
    month: str | None = None


class Closing(SQLModel, table=True):
    """A closed month (chiusura mensile) and the chain's head at its closing.

    ``last_seq`` is the last entry until its end; ``file_sha256`` what its file in the books holds for ever.
    """

    month: str = Field(primary_key=True)
    seq: int = Field(foreign_key="journal_entry.seq")
    chain_head: str
    last_seq: int
    file_sha256: str
