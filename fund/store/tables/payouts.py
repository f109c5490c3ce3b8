"""The monthly run, what it makes owed, the attempts to pay it, and the alerts that were acknowledged on the way."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fund.domain.states import BatchState, ContributionState, PaymentState, RunState
from fund.store.tables.columns import cents, content, instant, names, state, state_of, where


class Run(SQLModel, table=True):
    """The monthly run (liquidazione mensile): the authority for recurring work, one for each month.

    ``digest`` is the fingerprint of its list in the books, from its proposal on.
    """

    __table_args__ = (
        state_of("run"),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="run_two_people"),
    )
    month: str = Field(primary_key=True)
    state: RunState = Field(sa_column=state(RunState))
    opened_at: datetime = Field(sa_column=instant())
    opened_by: str
    prepared_by: str | None = None
    prepared_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    digest: str | None = None


class Contribution(SQLModel, table=True):
    """A household's month (mensilità): what is owed, whatever becomes of the payments.

    ``set_off_cents`` is what of it was set off for an overpayment, ``ordered_cents`` what payments have paid or are
    ordered to pay: the next one pays the rest.
    """

    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="contribution_amount_positive"),
        state_of("contribution"),
        CheckConstraint("amount_cents <= lot_cents", name="within_commitment"),
        CheckConstraint("set_off_cents BETWEEN 0 AND amount_cents - ordered_cents", name="set_off_within_owed"),
        CheckConstraint("ordered_cents >= 0", name="contribution_ordered_not_negative"),
        Index(
            "one_live_contribution",
            "household",
            "month",
            unique=True,
            **where("state NOT IN ('excluded', 'cancelled')"),
        ),
        Index("contribution_landlord_month", "landlord", "month"),
        Index("contribution_household_month", "household", "month"),
    )
    id: int = Field(default=None, primary_key=True)
    household: str = Field(foreign_key="household.code")
    month: str
    run_month: str = Field(foreign_key="run.month", index=True)
    landlord: str = Field(foreign_key="landlord.code")
    lease_id: int = Field(foreign_key="lease.id")
    amount_cents: int = Field(sa_column=cents())
    lot_cents: int = Field(sa_column=cents())
    set_off_cents: int = Field(default=0, sa_column=cents(server_default="0"))
    ordered_cents: int = Field(default=0, sa_column=cents(server_default="0"))
    formula: str | None = None
    state: ContributionState = Field(sa_column=state(ContributionState, index=True))
    reason: str | None = None

    @property
    def left_cents(self) -> int:
        """What is owed of the month, so that its next payment pays it: neither set off, nor ordered, nor paid."""
        return self.amount_cents - self.set_off_cents - self.ordered_cents


class Overpayment(SQLModel, table=True):
    """Part of a settled month that was not due (indebito), and what of it came back; ``entry`` is the journal's."""

    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="overpayment_amount_positive"),
        CheckConstraint("recovered_cents BETWEEN 0 AND amount_cents", name="recovered_within_overpaid"),
        CheckConstraint("approved_by <> prepared_by", name="overpayment_two_people"),
    )
    id: int = Field(default=None, primary_key=True)
    contribution_id: int = Field(foreign_key="contribution.id", index=True)
    household: str
    landlord: str = Field(foreign_key="landlord.code", index=True)
    month: str
    amount_cents: int = Field(sa_column=cents())
    recovered_cents: int = Field(default=0, sa_column=cents())
    reason: str
    prepared_by: str
    approved_by: str
    entry: int = Field(foreign_key="journal_entry.seq")


class SetOff(SQLModel, table=True):
    """What is set off against a month that is owed, for what its landlord was overpaid (compensazione)."""

    __tablename__ = "set_off"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="set_off_amount_positive"),
        CheckConstraint("approved_by <> prepared_by", name="set_off_two_people"),
    )
    id: int = Field(default=None, primary_key=True)
    contribution_id: int = Field(foreign_key="contribution.id", index=True)
    household: str
    landlord: str = Field(foreign_key="landlord.code", index=True)
    month: str
    amount_cents: int = Field(sa_column=cents())
    prepared_by: str
    approved_by: str
    entry: int = Field(foreign_key="journal_entry.seq")


class PaymentBatch(SQLModel, table=True):
    """A list of payments (distinta) as it was sealed: its bytes, its checksum, and the two people behind it.

    ``file_schemas`` are the schemas that the file passed, with their versions. ``first_mandate`` is the number of its
    first mandate in the year, ``debtor`` who paid when it was sealed, as JSON: what its exports in further formats are
    written from. The act that sealed it has the fingerprint of these and of what was known of its payees.
    """

    __tablename__ = "payment_batch"
    __table_args__ = (
        state_of("batch"),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="batch_two_people"),
    )
    code: str = Field(primary_key=True)
    state: BatchState = Field(sa_column=state(BatchState))
    run_month: str | None = Field(default=None, foreign_key="run.month")
    prepared_by: str
    approved_by: str | None = None
    sealed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    file_format: str | None = None
    file_sha256: str | None = None
    file_schemas: tuple[str, ...] = Field(default=(), sa_column=names())
    file_bytes: bytes | None = Field(default=None, sa_column=content(nullable=True))
    first_mandate: int | None = None
    debtor: str | None = None


class BatchExport(SQLModel, table=True):
    """A sealed batch in one more format, as its bytes: made once, and the same at every download."""

    __tablename__ = "batch_export"
    __table_args__ = (UniqueConstraint("batch", "format"),)
    sha256: str = Field(primary_key=True)
    batch: str = Field(foreign_key="payment_batch.code")
    format: str
    schemas: tuple[str, ...] = Field(sa_column=names())
    content: bytes = Field(sa_column=content())
    row_fingerprint: str


class Payment(SQLModel, table=True):
    """One attempt to pay an approved month. Its code is its key, its EndToEndId and its link in the books.

    Of its amount ``outstanding_cents`` are ordered and neither paid nor refused, and ``paid_cents`` reached the
    landlord; any other part is owed again. ``misexecuted_cents`` is what the bank paid besides by mistake, and has not
    given back.
    """

    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="payment_amount_positive"),
        state_of("payment"),
        Index(
            "one_live_payment",
            "contribution_id",
            unique=True,
            **where("state = 'proposed' OR outstanding_cents > 0"),
        ),
        Index("payment_misexecuted", "contribution_id", **where("misexecuted_cents > 0")),
        CheckConstraint("misexecuted_cents >= 0", name="payment_misexecuted_not_negative"),
        CheckConstraint("outstanding_cents >= 0", name="payment_outstanding_not_negative"),
        CheckConstraint("paid_cents BETWEEN 0 AND amount_cents - outstanding_cents", name="payment_paid_within_amount"),
    )
    code: str = Field(primary_key=True)
    contribution_id: int = Field(foreign_key="contribution.id", index=True)
    batch: str = Field(foreign_key="payment_batch.code", index=True)
    account_id: int | None = Field(default=None, foreign_key="bank_account.id")
    rf_reference: str | None = None
    amount_cents: int = Field(sa_column=cents())
    outstanding_cents: int = Field(default=0, sa_column=cents())
    paid_cents: int = Field(default=0, sa_column=cents())
    misexecuted_cents: int = Field(default=0, sa_column=cents())
    state: PaymentState = Field(sa_column=state(PaymentState, index=True))
    reason: str | None = None
    bank_date: date | None = None
    payee_result: str | None = None
    payee_checked_on: date | None = None
    payee_reference: str | None = None

    @property
    def unpaid_cents(self) -> int:
        """What of it did not reach the landlord: still ordered, or owed again."""
        return self.amount_cents - self.paid_cents

    @property
    def ended_cents(self) -> int:
        """What of it was refused, cancelled or sent back, and is owed again."""
        return self.unpaid_cents - self.outstanding_cents


class Acknowledgement(SQLModel, table=True):
    """An alert that a person acknowledged: which, in which list, with which facts, and why it is no mistake.

    It is named by the number of its entry.
    """

    __table_args__ = (UniqueConstraint("thing", "key", "fingerprint"),)
    id: int = Field(default=None, primary_key=True)
    thing: str
    key: str
    fingerprint: str = Field(index=True)
    code: str
    about: str
    facts: str = Field(sa_column=Column(Text, nullable=False))
    reason: str
    acknowledged_by: str
    acknowledged_at: datetime = Field(sa_column=instant())
    row_fingerprint: str
