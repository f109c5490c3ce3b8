"""Landlords and their accounts, the IBANs masked."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.responses import Response

from fund.documents.tables import Fact
from fund.domain.states import ProposalState
from fund.domain.texts import N_
from fund.doors.http.fields import LandlordCode
from fund.doors.http.inputs import LandlordInput
from fund.doors.tables.landlords import (
    ACCOUNTS,
    LANDLORDS,
    LEASES,
    PAYEE_CHECKS,
    PAYMENTS,
    TAX_CHECKS,
)
from fund.doors.tables.money import RECOVERIES, SET_OFFS
from fund.doors.tables.proposals import CHANGES
from fund.doors.web.acts import Act, add_acts, links
from fund.doors.web.downloads import add_sheet
from fund.doors.web.form_fields import bound_fields
from fund.doors.web.landlords import contact_acts
from fund.doors.web.landlords import landlord_acts as acts
from fund.doors.web.money import set_off_acts
from fund.doors.web.requests import Desk, PageRoute
from fund.services.desk.landlord_desk import Payee, list_masked_accounts, list_payees, view_payee
from fund.services.landlords.landlords import Landlord

router = APIRouter(route_class=PageRoute)

BESIDE = (
    ("/checks/{}", N_("Checks of account and tax debts")),
    ("/statements/issued?landlord={}", N_("Statements issued")),
    ("/landlords/{}/links", N_("Personal links")),
    ("/room/linked/{}", N_("Its entries in the books")),
)
"""What else there is of a landlord, on pages of its own."""
add_acts(router, (*acts.ACTS, *contact_acts.ACTS))


@router.get("/landlords")
def list_landlords(desk: Desk) -> Response:
    """Every landlord, the account masked."""
    with desk.reading() as context:
        rows = list_payees(context)
    return desk.page("landlords.html", rows=rows, table=LANDLORDS, acts=links(desk, acts.REGISTER))


add_sheet(router, "/landlords/list", LANDLORDS, list_payees)
add_sheet(router, "/landlords/accounts", ACCOUNTS, list_masked_accounts)


@router.get("/landlords/{landlord}")
def show_landlord(desk: Desk, landlord: LandlordCode) -> Response:
    """One landlord: accounts, changes, controls, leases, payments, and what it gives back."""
    with desk.reading() as context:
        payee = view_payee(context, landlord)
    return desk.page(
        "landlord.html",
        payee=payee,
        on_file=list(_on_file(payee.person)) if payee.person else [],
        accounts=ACCOUNTS,
        changes=CHANGES,
        payee_checks=PAYEE_CHECKS,
        tax_checks=TAX_CHECKS,
        leases=LEASES,
        payments=PAYMENTS,
        recoveries=RECOVERIES,
        set_offs=SET_OFFS,
        acts=links(desk, *_acts_of(payee), landlord=landlord),
        beside=[(path.format(landlord), text) for path, text in BESIDE],
        acts_of=lambda row: links(desk, *acts.OF_ACCOUNT.get(row.state, ()), landlord=landlord, account=row.id),
    )


def _on_file(person: Landlord) -> Iterator[Fact]:
    """What the finance office reads of a landlord, labelled as in the form that registers it."""
    values = person.model_dump(exclude={"code", "language", "rf_reference"})
    for one in bound_fields(LandlordInput, {}, {}, str):
        if one.name in values:
            yield Fact(one.field.label, values[one.name], "code" if one.field.control == "code" else "text")


def _acts_of(payee: Payee) -> Iterator[Act]:
    """What can be done with a landlord; of one who was forgotten only statements are left."""
    if payee.person is None or payee.person.erased_on is not None:
        yield acts.ISSUE
        return
    yield from (*acts.OF_LANDLORD, contact_acts.CORRESPONDENCE)
    if not any(change.state is ProposalState.PROPOSED for change in payee.changes):
        yield contact_acts.PROPOSE
    if payee.set_off_options.is_any:
        yield set_off_acts.PROPOSE
