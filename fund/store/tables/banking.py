"""What the bank and the treasurer send: files, the statements and lines in them, and what was made of each line."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from fund.domain.lists import LineOutcome, Matching, Resolution
from fund.domain.states import BankStatementState
from fund.store.tables.columns import content, instant, listed, personal, state, state_of


def _some_cents() -> Column[int]:
    """An amount in integer cents where one was given."""
    return Column(BigInteger, nullable=True)


class BankFile(SQLModel, table=True):
    """A file that came from the bank, as its bytes; the same file twice is one.

    ``set_aside`` fields are a person's, who said why nothing of it has to be booked; they stay if it is booked later.
    ``lines_fingerprint`` is of all that is kept of its statements and lines, once it was read.
    """

    __tablename__ = "bank_file"
    __table_args__ = (CheckConstraint("(set_aside_as IS NULL) = (set_aside_by IS NULL)", name="set_aside_by_somebody"),)
    sha256: str = Field(primary_key=True)
    name: str
    content: bytes = Field(sa_column=content())
    received_at: datetime = Field(sa_column=instant())
    received_by: str
    booked_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    format: str | None = None
    message_id: str | None = None
    set_aside_as: str | None = None
    set_aside_by: str | None = None
    set_aside_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    lines_fingerprint: str | None = None


class BankNotice(SQLModel, table=True):
    """What a reader noticed in a file and tolerated; ``place`` is where, as it said it."""

    __tablename__ = "bank_notice"
    file_sha256: str = Field(primary_key=True, foreign_key="bank_file.sha256")
    ordinal: int = Field(primary_key=True)
    code: str
    place: str


class BankStatement(SQLModel, table=True):
    """A statement of an account in a file. ``account`` is its IBAN, or the treasurer's code of it.

    ``series`` is the kind of message, since a daily report and a statement may have the same id; ``fingerprint`` tells
    whether a statement of the same id says the same.
    """

    __tablename__ = "bank_statement"
    __table_args__ = (
        state_of("bank_statement"),
        Index("bank_statement_id", "account", "series", "statement_id"),
    )
    file_sha256: str = Field(primary_key=True, foreign_key="bank_file.sha256")
    ordinal: int = Field(primary_key=True)
    account: str
    series: str
    statement_id: str
    number: int | None = None
    currency: str
    opening_cents: int | None = Field(default=None, sa_column=_some_cents())
    closing_cents: int | None = Field(default=None, sa_column=_some_cents())
    first_day: date | None = None
    last_day: date | None = None
    created_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    fingerprint: str
    state: BankStatementState = Field(sa_column=state(BankStatementState))
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))

    @property
    def place(self) -> tuple[str, int]:
        """The sha256 of its file, and its place there."""
        return self.file_sha256, self.ordinal


class BankLine(SQLModel, table=True):
    """One line of a bank file, keyed by its place there because bank references repeat, and what was made of it.

    ``amount_cents`` is what it claims, ``moved_cents`` what it moved on the account (a debit is negative), ``None``
    where it moved nothing. Name, IBAN and texts are personal data, and erasable. ``batch`` is whatever the bank names a
    batch by, ``bank_code`` its code for the kind of booking, ``bank_word`` the treasurer's outcome. ``matching`` is the
    service's, ``resolved_as`` and what stands beside it a person's; ``charges_cents`` is what the bank kept of a
    return; ``entry`` the journal's entry that a person's resolution made.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        ForeignKeyConstraint(["file_sha256", "statement"], ["bank_statement.file_sha256", "bank_statement.ordinal"]),
        CheckConstraint("(resolved_as IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"),
        Index("bank_line_matching", "matching"),
        Index("bank_line_payment", "payment"),
        Index("bank_line_day", "bank_date"),
    )
    file_sha256: str = Field(primary_key=True, foreign_key="bank_file.sha256")
    ordinal: int = Field(primary_key=True)
    payment: str
    outcome: LineOutcome = Field(sa_column=listed(LineOutcome))
    amount_cents: int | None = Field(default=None, sa_column=_some_cents())
    bank_date: date
    reason: str | None = None
    matching: Matching = Field(sa_column=listed(Matching))
    statement: int | None = None
    moved_cents: int | None = Field(default=None, sa_column=_some_cents())
    value_date: date | None = None
    counterparty_name: str | None = personal()
    counterparty_iban: str | None = personal()
    remittance: str | None = personal()
    bank_reference: str | None = None
    mandate: str | None = None
    receipt_number: str | None = None
    resolved_as: Resolution | None = Field(default=None, sa_column=listed(Resolution, nullable=True))
    resolved_to: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    charges_cents: int | None = Field(default=None, sa_column=_some_cents())
    entry: int | None = Field(default=None, foreign_key="journal_entry.seq")
    batch: str | None = None
    bank_code: str | None = None
    bank_word: str | None = None
    reason_text: str | None = personal()
