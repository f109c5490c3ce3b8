"""What the funder grants and gets back, and the fund's own position."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from fund.domain import rules
from fund.domain.fingerprints import Domain
from fund.domain.states import RepaymentState
from fund.store.tables.columns import cents, instant, personal, state, state_of
from ledger.months import Month, last_payable_month

FUND_ID = 1


class Fund(SQLModel, table=True):
    """The one fund of a home: its agreement, its position in cents, and the head of its journal."""

    __table_args__ = (
        CheckConstraint("available_cents >= 0", name="fund_available_not_negative"),
        CheckConstraint("committed_cents >= 0", name="fund_committed_not_negative"),
        CheckConstraint("used_cents >= 0", name="fund_used_not_negative"),
        CheckConstraint(f"id = {FUND_ID}", name="one_fund"),
        CheckConstraint(f"cap_months BETWEEN 1 AND {rules.MAX_CAP_MONTHS}", name="fund_cap"),
        CheckConstraint("target_months BETWEEN 1 AND cap_months", name="fund_target"),
        CheckConstraint("pay_day BETWEEN 1 AND 31", name="fund_pay_day"),
        CheckConstraint("currency = 'EUR'", name="fund_currency"),
    )
    id: int = Field(default=FUND_ID, primary_key=True)
    code: str
    name: str
    project: str
    city: str
    funder: str
    agreement_date: date
    activities_end: date
    currency: str = "EUR"
    target_months: int
    cap_months: int
    pay_day: int
    iban_cooling_off_days: int
    language: str = "it"
    auditors: str | None = personal("auditors_fingerprint", Domain.EMAIL)
    """Where the head of the chain is sent at each closing, with commas between."""
    auditors_fingerprint: str | None = None
    available_cents: int = Field(default=0, sa_column=cents())
    committed_cents: int = Field(default=0, sa_column=cents())
    used_cents: int = Field(default=0, sa_column=cents())
    journal_seq: int = 0
    journal_hash: str
    journal_day: date | None = None

    @property
    def first_month(self) -> Month:
        """The first month that can be paid: the one in which the agreement was signed."""
        return Month.of(self.agreement_date)

    @property
    def last_month(self) -> Month:
        """The last month that can be paid."""
        return last_payable_month(self.activities_end, self.pay_day)


class ControlTerms(SQLModel, table=True):
    """What two people agreed to ask for before money leaves, until they have: none."""

    __tablename__ = "control_terms"
    __table_args__ = (CheckConstraint(f"id = {FUND_ID}", name="one_control_terms"),)
    id: int = Field(default=FUND_ID, primary_key=True)
    payee_check_required: bool
    tax_check_days: int
    tax_thresholds: str | None
    """As the books write them (``ledger.acts.money``)."""


class ForeignBalance(SQLModel, table=True):
    """What two people say was other people's money on the account on the day on which its statements begin."""

    __tablename__ = "foreign_balance"
    __table_args__ = (CheckConstraint(f"id = {FUND_ID}", name="one_foreign_balance"),)
    id: int = Field(default=FUND_ID, primary_key=True)
    bank_date: date
    amount_cents: int = Field(sa_column=cents())


class BankRule(SQLModel, table=True):
    """Words by which lines of the bank are not the fund's business; none say it of every line that names nothing of it.

    A rule is named by the number of the entry in which two people agreed to it.
    """

    __tablename__ = "bank_rule"
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    counterparty: str
    text: str
    agreed_at: datetime = Field(sa_column=instant())
    ended_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    row_fingerprint: str


class Treasury(SQLModel, table=True):
    """The city as the one who pays: its account at the treasurer, the codes that banks and OPI orders ask for, the
    format in which batches are sealed for it, and the mapping by which its bank's CSV is read, as JSON.
    """

    __table_args__ = (CheckConstraint(f"id = {FUND_ID}", name="one_treasury"),)
    id: int = Field(default=FUND_ID, primary_key=True)
    name: str
    tax_code: str
    iban: str
    bic: str | None = None
    cuc: str | None = None
    cup: str | None = None
    cig: str | None = None
    ipa: str | None = None
    istat: str | None = None
    siope: str | None = None
    cgu: str | None = None
    bollo: str | None = None
    chapter: str | None = None
    act: str | None = None
    treasurer_abi: str | None = None
    journal_account: str | None = None
    category_purpose: str | None = None
    cbi_envelope: str | None = None
    local_instrument: str | None = None
    format: str
    csv: str | None = None
    row_fingerprint: str


class Allocation(SQLModel, table=True):
    """A tranche granted by the funder."""

    __table_args__ = (
        CheckConstraint("received_cents <= amount_cents", name="received_within_granted"),
        CheckConstraint("amount_cents > 0", name="allocation_amount_positive"),
        CheckConstraint("received_cents >= 0", name="allocation_received_not_negative"),
    )
    code: str = Field(primary_key=True)
    granted_on: date
    amount_cents: int = Field(sa_column=cents())
    received_cents: int = Field(default=0, sa_column=cents())


class Collection(SQLModel, table=True):
    """Money of a tranche that arrived at the treasurer."""

    __table_args__ = (CheckConstraint("amount_cents > 0", name="collection_amount_positive"),)
    seq: int = Field(primary_key=True, foreign_key="journal_entry.seq")
    allocation: str = Field(foreign_key="allocation.code", index=True)
    amount_cents: int = Field(sa_column=cents())
    bank_date: date | None = None


class Repayment(SQLModel, table=True):
    """Unspent money that goes back to the funder."""

    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="repayment_amount_positive"),
        state_of("repayment"),
        CheckConstraint("approved_by <> prepared_by", name="repayment_two_people"),
    )
    id: int = Field(default=None, primary_key=True)
    amount_cents: int = Field(sa_column=cents())
    state: RepaymentState = Field(sa_column=state(RepaymentState))
    prepared_by: str
    approved_by: str
    bank_date: date | None = None
