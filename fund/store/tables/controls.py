"""What is recorded before money leaves: the fund's terms, checks of payees, acknowledgements, users' own IBANs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fund.domain import controls
from fund.store.tables.columns import cents, instant
from fund.store.tables.money import FUND_ID


def _one_of(column: str, allowed: tuple[str, ...], name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


class ControlTerms(SQLModel, table=True):
    """What the agreement file says under ``[controls]``."""

    __tablename__ = "control_terms"
    __table_args__ = (CheckConstraint(f"id = {FUND_ID}", name="one_control_terms"),)
    id: int = Field(default=FUND_ID, primary_key=True)
    payee_check_required: bool
    tax_check_days: int


class TaxThreshold(SQLModel, table=True):
    """The sum above which a tax-debt check is needed, from a day on."""

    __tablename__ = "tax_threshold"
    since: date = Field(primary_key=True)
    amount_cents: int = Field(sa_column=cents())


class PayeeCheck(SQLModel, table=True):
    """What the bank said of the holder of one version of an account (Verification of Payee).

    It counts until ``lapsed_on``: the day on which the landlord got another name than the bank was asked about.
    """

    __tablename__ = "payee_check"
    __table_args__ = (_one_of("result", controls.PAYEE_RESULTS, "payee_check_result"),)
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="bank_account.id", index=True)
    result: str
    checked_on: date
    reference: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant())
    lapsed_on: date | None = None


class TaxCheck(SQLModel, table=True):
    """A tax-debt check of a landlord (art. 48-bis DPR 602/1973) and its outcome."""

    __tablename__ = "tax_check"
    __table_args__ = (_one_of("outcome", controls.TAX_OUTCOMES, "tax_check_outcome"),)
    id: int = Field(default=None, primary_key=True)
    landlord: str = Field(foreign_key="landlord.code", index=True)
    reference: str
    checked_on: date
    outcome: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant())


class Acknowledgement(SQLModel, table=True):
    """An alert that somebody looked at: which, in which list, with which facts, and why it is no mistake."""

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


class UserIban(SQLModel, table=True):
    """A keyed fingerprint of an IBAN of a user's own, kept so that no landlord is paid there; never the IBAN."""

    __tablename__ = "user_iban"
    user: str = Field(primary_key=True, foreign_key="fund_user.code")
    fingerprint: str = Field(primary_key=True)
    salt: str
    set_by: str
    set_at: datetime = Field(sa_column=instant())
