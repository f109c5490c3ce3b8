"""Households, landlords, their leases and accounts, and what was decided for them."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from fund.domain import rules
from fund.domain.states import AccountState, ContactChangeState
from fund.store.tables.columns import cents, state, state_of, where


def _normalised(table: str) -> CheckConstraint:
    """A tax code is kept in capitals without spaces, so that each has one spelling and UNIQUE sees it."""
    return CheckConstraint("tax_code = upper(replace(tax_code, ' ', ''))", name=f"{table}_tax_code_normalised")


class Household(SQLModel, table=True):
    """A household (nucleo): its cap and how many months it has used and has committed.

    One person is one household: a position that was closed counts once a month of it was used.
    """

    __table_args__ = (
        CheckConstraint(f"cap_months BETWEEN 1 AND {rules.MAX_CAP_MONTHS}", name="household_cap"),
        CheckConstraint("months_used >= 0 AND months_committed >= 0", name="months_not_negative"),
        CheckConstraint("months_used + months_committed <= cap_months", name="months_within_cap"),
        _normalised("household"),
        Index("one_household_of_a_person", "tax_code", unique=True, **where("exited_on IS NULL OR months_used > 0")),
    )
    code: str = Field(primary_key=True)
    cap_months: int
    months_used: int = 0
    months_committed: int = 0
    admitted_on: date
    exited_on: date | None = None
    tax_code: str | None = None


class Landlord(SQLModel, table=True):
    """A landlord (locatore) and the contact on file for call-backs; what is personal may be erased by two people."""

    __table_args__ = (
        CheckConstraint("erased_by IS NULL OR erased_by <> erasure_asked_by", name="erasure_two_people"),
        _normalised("landlord"),
        Index("one_landlord_of_a_person", "tax_code", unique=True),
    )
    code: str = Field(primary_key=True)
    registered_on: date
    name: str | None = None
    tax_code: str | None = None
    email: str | None = None
    contact: str | None = None
    language: str = "it"
    erasure_asked_by: str | None = None
    erasure_asked_on: date | None = None
    erased_by: str | None = None
    erased_on: date | None = None
    rf_reference: str | None = None


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
    iban: str | None = None
    state: AccountState = Field(sa_column=state(AccountState))
    proposed_by: str
    proposed_on: date
    confirmed_by: str | None = None
    called_back_on: date | None = None
    usable_from: date | None = None


class ContactChange(SQLModel, table=True):
    """Another name of a landlord, another contact for its call-backs, or both: proposed by one, confirmed by another.

    ``name_before`` and ``contact_before`` are what a confirmed one replaced. From ``ibans_from`` on an account may be
    proposed that is called back to the new contact.
    """

    __tablename__ = "contact_change"
    __table_args__ = (
        state_of("contact_change"),
        CheckConstraint("what IN ('name', 'contact', 'name-and-contact')", name="contact_change_what"),
        CheckConstraint(
            "state <> 'confirmed' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)",
            name="contact_change_two_people",
        ),
        CheckConstraint(
            "state <> 'confirmed' OR (called_back_on IS NOT NULL AND (what = 'name' OR ibans_from IS NOT NULL))",
            name="contact_change_called_back",
        ),
        Index("one_open_contact_change", "landlord", unique=True, **where("state = 'proposed'")),
    )
    id: int = Field(default=None, primary_key=True)
    landlord: str = Field(foreign_key="landlord.code", index=True)
    what: str
    name: str | None = None
    contact: str | None = None
    name_before: str | None = None
    contact_before: str | None = None
    state: ContactChangeState = Field(sa_column=state(ContactChangeState))
    proposed_by: str
    proposed_on: date
    decided_by: str | None = None
    decided_on: date | None = None
    called_back_on: date | None = None
    ibans_from: date | None = None


class Lease(SQLModel, table=True):
    """A rental contract between a household and a landlord."""

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="lease_days"),)
    id: int = Field(default=None, primary_key=True)
    household: str = Field(foreign_key="household.code", index=True)
    landlord: str = Field(foreign_key="landlord.code", index=True)
    registration: str
    starts_on: date
    ends_on: date | None = None


class LeaseRent(SQLModel, table=True):
    """The monthly rent of a lease from a day on."""

    __tablename__ = "lease_rent"
    __table_args__ = (CheckConstraint("rent_cents > 0", name="lease_rent_rent_positive"),)
    lease_id: int = Field(primary_key=True, foreign_key="lease.id")
    since: date = Field(primary_key=True)
    rent_cents: int = Field(sa_column=cents())


class Grant(SQLModel, table=True):
    """The decision (concessione) that a household is paid for some months."""

    household: str = Field(primary_key=True, foreign_key="household.code")
    first_month: str = Field(primary_key=True)
    months: int
    decided_on: date


class GrantAmount(SQLModel, table=True):
    """The contribution decided for a household from a month on."""

    __tablename__ = "grant_amount"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="grant_amount_amount_positive"),)
    household: str = Field(primary_key=True, foreign_key="household.code")
    since: str = Field(primary_key=True)
    amount_cents: int = Field(sa_column=cents())
