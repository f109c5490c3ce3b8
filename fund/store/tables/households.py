"""Households, their leases, and what was decided for them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from fund.domain import rules
from fund.domain.fingerprints import Domain
from fund.store.tables.columns import cents, personal, where


class Household(SQLModel, table=True):
    """A household (nucleo): its cap and how many months it has used and has committed.

    ``person`` is the fingerprint of the tax code: one person is one household, but for an admission that has a reason,
    or was rejected or annulled. It is ``admitted_on`` the day on which two people confirmed it.
    """

    __table_args__ = (
        CheckConstraint(f"cap_months BETWEEN 1 AND {rules.MAX_CAP_MONTHS}", name="household_cap"),
        CheckConstraint("months_used >= 0 AND months_committed >= 0", name="months_not_negative"),
        CheckConstraint("months_used + months_committed <= cap_months", name="months_within_cap"),
        Index("one_household_of_a_person", "person", unique=True, **where("NOT is_annulled AND reason IS NULL")),
    )
    code: str = Field(primary_key=True)
    cap_months: int
    months_used: int = 0
    months_committed: int = 0
    person: str
    reason: str | None = None
    admitted_on: date | None = None
    exited_on: date | None = None
    is_annulled: bool = False
    erased_on: date | None = None
    tax_code: str | None = personal("person", Domain.TAX_CODE)


class Lease(SQLModel, table=True):
    """A rental contract between a household and a landlord, the ``number``-th of the household's.

    ``recorded_by`` is the person who stands for it; the service, for one of the agreement that no two people confirmed.
    """

    __table_args__ = (
        UniqueConstraint("household", "number"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="lease_days"),
    )
    id: int = Field(default=None, primary_key=True)
    household: str = Field(foreign_key="household.code", index=True)
    number: int
    landlord: str = Field(foreign_key="landlord.code", index=True)
    registration: str | None = personal("registration_fingerprint", Domain.CONTRACT)
    registration_fingerprint: str
    starts_on: date
    ends_on: date | None = None
    recorded_by: str


class LeaseRent(SQLModel, table=True):
    """The monthly rent of a lease from a day on, and the person who stands for it."""

    __tablename__ = "lease_rent"
    __table_args__ = (
        ForeignKeyConstraint(["household", "lease"], ["lease.household", "lease.number"]),
        CheckConstraint("rent_cents > 0", name="lease_rent_rent_positive"),
    )
    household: str = Field(primary_key=True)
    lease: int = Field(primary_key=True)
    since: date = Field(primary_key=True)
    rent_cents: int = Field(sa_column=cents())
    recorded_by: str


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
