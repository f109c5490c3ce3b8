"""Landlords, their accounts and contacts, and what is checked about them before money leaves."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from fund.domain import controls
from fund.domain.fingerprints import Domain
from fund.domain.states import AccountState
from fund.store.tables.columns import (
    instant,
    listed,
    one_of,
    personal,
    state,
    state_of,
    where,
)


class Landlord(SQLModel, table=True):
    """A landlord (locatore) and the contact on file for call-backs; what is personal may be erased by two people."""

    __table_args__ = (Index("one_landlord_of_a_person", "person", unique=True, **where("erased_on IS NULL")),)
    code: str = Field(primary_key=True)
    registered_on: date
    person: str
    name: str | None = personal("name_fingerprint", Domain.NAME)
    name_fingerprint: str | None = None
    tax_code: str | None = personal("person", Domain.TAX_CODE)
    email: str | None = personal("email_fingerprint", Domain.EMAIL)
    email_fingerprint: str | None = None
    contact: str | None = personal("contact_fingerprint", Domain.CONTACT)
    contact_fingerprint: str | None = None
    contact_version: int = 0
    language: str = "it"
    erased_on: date | None = None
    rf_reference: str | None = personal("rf_fingerprint", Domain.REFERENCE)
    rf_fingerprint: str | None = None


class BankAccount(SQLModel, table=True):
    """One version of a landlord's IBAN; never changed, only replaced by a later version."""

    __tablename__ = "bank_account"
    __table_args__ = (
        UniqueConstraint("landlord", "version"),
        state_of("account"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="account_two_people"),
        Index("one_confirmed_account", "landlord", unique=True, **where("state IN ('confirmed', 'suspended')")),
    )
    id: int = Field(default=None, primary_key=True)
    landlord: str = Field(foreign_key="landlord.code")
    version: int
    iban: str | None = personal("fingerprint", Domain.PAYEE)
    fingerprint: str
    state: AccountState = Field(sa_column=state(AccountState))
    proposed_by: str
    proposed_on: date
    confirmed_by: str | None = None
    called_back_on: date | None = None
    usable_from: date | None = None


class PayeeCheck(SQLModel, table=True):
    """What the bank said of the holder of one version of an account (Verification of Payee), by its entry's number.

    It counts until ``lapsed_on``: the day on which the landlord got another name than the bank was asked about.
    """

    __tablename__ = "payee_check"
    __table_args__ = (one_of("result", controls.PayeeResult, "payee_check_result"),)
    id: int = Field(default=None, primary_key=True)
    landlord: str = Field(foreign_key="landlord.code", index=True)
    version: int
    result: controls.PayeeResult = Field(sa_column=listed(controls.PayeeResult))
    checked_on: date
    reference: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant())
    lapsed_on: date | None = None
    row_fingerprint: str


class TaxCheck(SQLModel, table=True):
    """A tax-debt check of a landlord (art. 48-bis DPR 602/1973) and its outcome, by its entry's number."""

    __tablename__ = "tax_check"
    __table_args__ = (one_of("outcome", controls.TaxOutcome, "tax_check_outcome"),)
    id: int = Field(default=None, primary_key=True)
    landlord: str = Field(foreign_key="landlord.code", index=True)
    reference: str
    checked_on: date
    outcome: controls.TaxOutcome = Field(sa_column=listed(controls.TaxOutcome))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant())
    row_fingerprint: str
