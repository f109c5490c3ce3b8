"""Landlords, households, what was decided for them, and users: without personal data, or with it partly hidden."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from typing_extensions import TypedDict

from fund.domain.identifiers import mask_iban, mask_tax_code
from fund.domain.members import MaskedTaxCode
from fund.doors.http.schema import Shown
from fund.doors.representations import day, day_or_none, instant, instant_or_none
from fund.services.desk.lists import LeaseRow
from fund.services.landlords.landlords import BankAccount, Landlord
from fund.services.statements.links import LinkView, state_of
from ledger.money import format_cents


class AccountJson(TypedDict):
    """One version of a landlord's account."""

    id: int
    version: int
    iban: str | None
    state: str
    proposed_by: str
    proposed_on: str
    confirmed_by: str | None
    called_back_on: str | None
    usable_from: str | None


class LandlordJson(TypedDict):
    """A landlord as a list shows it: tax code and IBANs are partly hidden, the rest is left out."""

    code: str
    registered_on: str
    language: str
    tax_code: str | None
    accounts: list[AccountJson]


class LandlordFullJson(TypedDict):
    """A landlord with its personal data, for the finance office."""

    code: str
    registered_on: str
    language: str
    name: str | None
    tax_code: str | None
    email: str | None
    contact: str | None
    rf_reference: str | None
    accounts: list[AccountJson]


class HouseholdJson(Protocol):
    """A household; its tax code is partly hidden."""

    code: str
    cap_months: int
    months_used: int
    months_committed: int
    admitted_on: date
    exited_on: date | None
    tax_code: MaskedTaxCode | None


class DayConfirmationJson(Protocol):
    """A day that a person confirmed to be today."""

    day: date
    confirmed_by: str
    confirmed_at: datetime


class SuspendedJson(TypedDict):
    """A suspended month and its new place."""

    household: str
    month: str
    moved_to: str


class RentJson(TypedDict):
    since: str
    rent: str


class LeaseJson(TypedDict):
    """A rental contract with its rents, oldest first."""

    id: int
    household: str
    landlord: str
    registration: str
    starts_on: str
    ends_on: str | None
    rents: list[RentJson]


class GrantJson(Protocol):
    """Months granted to a household."""

    household: str
    first_month: str
    months: int
    decided_on: date


class AmountJson(Protocol):
    """A contribution decided for a household, a month's, from a month on."""

    household: str
    since: str
    amount_cents: int


class GrantsJson(TypedDict):
    """Every grant, and every amount decided."""

    grants: Sequence[Shown[GrantJson]]
    amounts: Sequence[Shown[AmountJson]]


class InvitedJson(TypedDict):
    """A user with the secret of an invitation, told once: the same request again is answered with null in its place."""

    code: str
    login: str
    role: str
    expires_at: str
    secret: str | None


class AcceptedJson(TypedDict):
    """An invitation that was accepted, by its user's code."""

    user: str
    accepted: bool


class EndedJson(TypedDict):
    id: str
    ended: bool


class TokenJson(TypedDict):
    """A token. Its secret is told once: the answer to the same request again has null in its place."""

    id: str
    user: str
    role: str
    secret: str | None
    expires_at: str


class RevokedJson(TypedDict):
    id: str
    revoked: bool


class LinkJson(TypedDict):
    """A landlord's personal link. ``state`` is ``usable``, ``used``, ``expired`` or ``revoked``."""

    id: str
    created_by: str
    created_at: str
    expires_at: str
    used_at: str | None
    revoked_at: str | None
    state: str


class NewLinkJson(TypedDict):
    """A link. Its address is told once: the answer to the same request again has null in its place."""

    id: str
    landlord: str
    address: str | None
    expires_at: str


def account_json(row: BankAccount, *, masked: bool) -> AccountJson:
    """An account, its IBAN whole or partly hidden."""
    return {
        "id": row.id,
        "version": row.version,
        "iban": mask_iban(row.iban) if masked else row.iban,
        "state": row.state,
        "proposed_by": row.proposed_by,
        "proposed_on": day(row.proposed_on),
        "confirmed_by": row.confirmed_by,
        "called_back_on": day_or_none(row.called_back_on),
        "usable_from": day_or_none(row.usable_from),
    }


def landlord_json(row: Landlord, accounts: Iterable[BankAccount]) -> LandlordJson:
    """A landlord as a list shows it."""
    return {
        "code": row.code,
        "registered_on": day(row.registered_on),
        "language": row.language,
        "tax_code": None if row.tax_code is None else mask_tax_code(row.tax_code),
        "accounts": [account_json(account, masked=True) for account in accounts],
    }


def landlord_full_json(row: Landlord, accounts: Iterable[BankAccount]) -> LandlordFullJson:
    """A landlord with its personal data."""
    return {
        "code": row.code,
        "registered_on": day(row.registered_on),
        "language": row.language,
        "name": row.name,
        "tax_code": row.tax_code,
        "email": row.email,
        "contact": row.contact,
        "rf_reference": row.rf_reference,
        "accounts": [account_json(account, masked=False) for account in accounts],
    }


def lease_json(lease: LeaseRow) -> LeaseJson:
    """A contract with its rents."""
    return {
        "id": lease.id,
        "household": lease.household,
        "landlord": lease.landlord,
        "registration": lease.registration,
        "starts_on": day(lease.term.starts_on),
        "ends_on": day_or_none(lease.term.ends_on),
        "rents": [{"since": day(since), "rent": format_cents(cents)} for since, cents in lease.term.rents_cents],
    }


def link_json(row: LinkView, at: datetime) -> LinkJson:
    """A landlord's link, as it stands at an instant."""
    return {
        "id": row.id,
        "created_by": row.created_by,
        "created_at": instant(row.created_at),
        "expires_at": instant(row.expires_at),
        "used_at": instant_or_none(row.used_at),
        "revoked_at": instant_or_none(row.revoked_at),
        "state": state_of(row, at),
    }
