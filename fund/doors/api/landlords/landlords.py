"""Landlords and their accounts: one person proposes an IBAN, another confirms it."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, NamedTuple, Protocol

from fastapi import APIRouter

from fund.domain.agreement.model import LandlordFacts
from fund.domain.members import Inline, MaskedIban, MaskedTaxCode, Whole
from fund.domain.proposals import ProposalView
from fund.domain.states import AccountState
from fund.doors.api.answers import Items
from fund.doors.api.openapi import APPROVES, LOOKS_UP, READS, WRITES
from fund.doors.http.fields import LandlordCode, RowId
from fund.doors.http.inputs import AccountInput, LandlordInput, RfReferenceInput
from fund.doors.http.requests import GuardedRoute, Read, approving, transactional
from fund.doors.http.schema import Shown
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.desk.proposals import read_proposal
from fund.services.landlords import erasure, landlords
from fund.services.landlords.erasure import ErasureView

router = APIRouter(prefix="/landlords", tags=["landlords"], route_class=GuardedRoute)


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
    language: str
    tax_code: MaskedTaxCode | None


class LandlordJson(NamedTuple):
    """A landlord as a list shows it: tax code and IBANs are partly hidden, the rest is left out."""

    landlord: Annotated[_Masked, Inline()]
    accounts: Sequence[AccountJson]


class _Personal(Protocol):
    code: str
    registered_on: date
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


@router.get("", summary="The landlords, masked", responses=READS)
def list_landlords(read: Read) -> Items[Shown[LandlordJson]]:
    """Without names and addresses; tax codes and IBANs are partly hidden."""
    with read() as context:
        groups = groupby(lists.list_accounts(context), key=lambda row: row.landlord)
        accounts = {landlord: list(rows) for landlord, rows in groups}
        rows = landlords.list_landlords(context)
        return {"items": [LandlordJson(row, accounts.get(row.code, [])) for row in rows]}


@router.get("/{landlord}", summary="One landlord with its personal data", responses=LOOKS_UP)
def show_landlord(read: Read, landlord: LandlordCode) -> Shown[LandlordFullJson]:
    """For the finance office, which calls back and compares; no other role sees it."""
    with read() as context:
        row = lists.read_landlord(context, landlord)
        return LandlordFullJson(row, landlords.list_accounts(context, landlord))


@router.post("", summary="Register a landlord", status_code=201, response_model=Shown[LandlordJson], responses=WRITES)
@transactional
def add_landlord(context: Context, body: LandlordInput) -> LandlordJson:
    """Its first account is proposed with it, and waits for another person's confirmation."""
    landlords.register_landlord(context, LandlordFacts(**body.facts()))
    return read_masked(context, body.code)


@router.post(
    "/{landlord}/rf-reference",
    summary="Set a landlord's RF reference",
    response_model=Shown[LandlordJson],
    responses=WRITES,
)
@transactional
def set_rf_reference(context: Context, landlord: LandlordCode, body: RfReferenceInput) -> LandlordJson:
    """Payments that are prepared from now on carry it, and no text."""
    landlords.set_rf_reference(context, landlord, body.rf_reference)
    return read_masked(context, landlord)


@router.post(
    "/{landlord}/accounts",
    summary="Propose an account",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_account(context: Context, landlord: LandlordCode, body: AccountInput) -> ProposalView:
    """Nothing is paid to it before another person confirms it.

    A changed one needs the day of the call-back then, and may be used after its cooling-off time.
    """
    return read_proposal(context, landlords.propose_account(context, landlord=landlord, iban=body.iban))


@router.post(
    "/{landlord}/accounts/{account}/propose",
    summary="Propose a suspended account again",
    status_code=201,
    response_model=Shown[ProposalView],
    responses=WRITES,
)
@transactional
def propose_account_again(context: Context, landlord: LandlordCode, account: RowId) -> ProposalView:
    """It is paid to again once another person confirms it, with the day of the call-back."""
    return read_proposal(context, landlords.propose_account_again(context, landlord, account))


@router.post(
    "/{landlord}/erasure", summary="Ask for a landlord's erasure", response_model=Shown[ErasureView], responses=WRITES
)
@transactional
def ask_erasure(context: Context, landlord: LandlordCode) -> ErasureView:
    """By the finance office, when no money is owed and no contract runs. Nothing is erased yet."""
    return _erasure(context, erasure.ask_erasure, landlord)


@router.post(
    "/{landlord}/erasure/confirm", summary="Erase a landlord", response_model=Shown[ErasureView], responses=APPROVES
)
@approving
def erase_landlord(context: Context, landlord: LandlordCode) -> ErasureView:
    """By an admin, another person than the one who asked. It cannot be undone; codes and books stay as they are."""
    return _erasure(context, erasure.erase_landlord, landlord)


def _erasure(context: Context, act: Callable[[Context, str], None], landlord: str) -> ErasureView:
    act(context, landlord)
    return erasure.read_erasure(context, landlord)


def read_masked(context: Context, landlord: str) -> LandlordJson:
    """A landlord as it stands after an act."""
    return LandlordJson(lists.read_landlord(context, landlord), landlords.list_accounts(context, landlord))
