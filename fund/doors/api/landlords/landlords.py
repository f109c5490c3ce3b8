"""Landlords and their accounts: one person proposes an IBAN, another confirms it."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, NamedTuple, Protocol

from fund.domain.agreement.model import LandlordFacts
from fund.domain.members import Inline, MaskedIban, MaskedTaxCode, Whole
from fund.domain.states import AccountState
from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.fields import LandlordCode, RowId
from fund.doors.http.inputs import AccountInput, LandlordInput, RfReferenceInput
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.landlords import erasure, landlords

routes = Routes("/landlords", tag="landlords")


_FINANCE = Whole("for the finance office, which calls back and compares")


class AccountJson(Protocol):
    """One version of a landlord's account."""

    id: int
    version: int
    iban: MaskedIban | None
    state: AccountState
    proposed_by: str
    proposed_on: date
    confirmed_by: str | None
    called_back_on: date | None
    usable_from: date | None


class AccountFullJson(AccountJson, Protocol):
    """One version of a landlord's account, with its whole IBAN."""

    iban: Annotated[str | None, _FINANCE]


class _Masked(Protocol):
    code: str
    registered_on: date
    erased_on: date | None
    language: str
    tax_code: MaskedTaxCode | None


class LandlordJson(NamedTuple):
    """A landlord as a list shows it: tax code and IBANs are partly hidden, the rest is left out."""

    landlord: Annotated[_Masked, Inline()]
    accounts: Sequence[AccountJson]


class _Personal(Protocol):
    code: str
    registered_on: date
    erased_on: date | None
    language: str
    name: Annotated[str | None, _FINANCE]
    tax_code: Annotated[str | None, _FINANCE]
    email: Annotated[str | None, _FINANCE]
    contact: Annotated[str | None, _FINANCE]
    rf_reference: str | None


class LandlordFullJson(NamedTuple):
    """A landlord with its personal data, for the finance office."""

    landlord: Annotated[_Personal, Inline()]
    accounts: Sequence[AccountFullJson]


@routes.read("", "The landlords, masked")
def list_landlords(context: Context) -> Items[JsonOf[LandlordJson]]:
    """Without names and addresses; tax codes and IBANs are partly hidden."""
    groups = groupby(lists.list_accounts(context), key=lambda row: row.landlord)
    accounts = {landlord: list(rows) for landlord, rows in groups}
    rows = landlords.list_landlords(context)
    return {"items": [LandlordJson(row, accounts.get(row.code, [])) for row in rows]}


@routes.read("/{landlord}", "One landlord with its personal data")
def show_landlord(context: Context, landlord: LandlordCode) -> JsonOf[LandlordFullJson]:
    """For the finance office, which calls back and compares; no other role sees it."""
    row = lists.read_landlord(context, landlord)
    return LandlordFullJson(row, landlords.list_accounts(context, landlord))


@routes.create("", "Register a landlord")
def add_landlord(context: Context, body: LandlordInput) -> JsonOf[LandlordJson]:
    """Its first account is proposed with it, and waits for another person's confirmation."""
    landlords.register_landlord(context, LandlordFacts(**body.facts()))
    return read_masked(context, body.code)


@routes.write("/{landlord}/rf-reference", "Set a landlord's RF reference")
def set_rf_reference(context: Context, landlord: LandlordCode, body: RfReferenceInput) -> JsonOf[LandlordJson]:
    """Payments that are prepared from now on carry it, and no text."""
    landlords.set_rf_reference(context, landlord, body.rf_reference)
    return read_masked(context, landlord)


@routes.propose("/{landlord}/accounts", "Propose an account")
def propose_account(context: Context, landlord: LandlordCode, body: AccountInput) -> int:
    """Nothing is paid to it before another person confirms it.

    A changed one needs the day of the call-back then, and may be used after its cooling-off time.
    """
    return landlords.propose_account(context, landlord=landlord, iban=body.iban)


@routes.propose("/{landlord}/accounts/{account}/propose", "Propose a suspended account again")
def propose_account_again(context: Context, landlord: LandlordCode, account: RowId) -> int:
    """It is paid to again once another person confirms it, with the day of the call-back."""
    return landlords.propose_account_again(context, landlord, account)


@routes.propose("/{landlord}/erasure", "Propose to erase a landlord's personal data")
def erase_landlord(context: Context, landlord: LandlordCode) -> int:
    """When no money is owed and no contract runs. An admin confirms it, which cannot be undone."""
    return erasure.propose_erasure(context, landlord)


def read_masked(context: Context, landlord: str) -> LandlordJson:
    """A landlord as it stands after an act."""
    return LandlordJson(lists.read_landlord(context, landlord), landlords.list_accounts(context, landlord))
