"""What the office records of a landlord before money leaves: the tax-debt check, and the bank's word on the account."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.domain import access, controls
from fund.domain.texts import Message
from fund.doors.http.fields import IsoDay, LandlordCode, PayeeResult, Reference, TaxOutcome
from fund.doors.web.decisions import options
from fund.doors.web.forms import Form
from fund.doors.web.page_requests import Done
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.services.context import Context
from fund.services.landlords import checks

router = APIRouter(prefix="/checks", route_class=PageRoute)


class TaxForm(Form):
    """The agency's answer under art. 48-bis."""

    outcome: TaxOutcome
    tax_day: IsoDay
    tax_reference: Reference


class PayeeForm(Form):
    """The bank's answer on the holder of the account in use."""

    result: PayeeResult
    payee_day: IsoDay
    payee_reference: Reference


@router.get("/{landlord}")
def show_checks(desk: Desk, filled: Blank, landlord: LandlordCode) -> Response:
    """Every check of a landlord, and the forms for new ones."""
    with desk.reading() as context:
        found = checks.checks_of(context, landlord)
        today = context.day
    return desk.page(
        "checks.html",
        found=found,
        form=filled,
        today=today,
        tax_outcomes=options(tuple(controls.TaxOutcome), desk.speak),
        payee_results=options(tuple(controls.PayeeResult), desk.speak),
        may_record=desk.actor.role in access.FINANCE,
    )


@router.post("/{landlord}/tax")
@form_on(show_checks)
def record_tax_check(context: Context, form: TaxForm, landlord: LandlordCode) -> Done:
    """Keep what the agency said."""
    checks.record_tax_check(
        context, landlord=landlord, outcome=form.outcome, checked_on=form.tax_day, reference=form.tax_reference
    )
    return Done(f"/checks/{landlord}", _RECORDED)


@router.post("/{landlord}/payee")
@form_on(show_checks)
def record_payee_check(context: Context, form: PayeeForm, landlord: LandlordCode) -> Done:
    """Keep what the bank said."""
    checks.record_payee_check(
        context, landlord=landlord, result=form.result, checked_on=form.payee_day, reference=form.payee_reference
    )
    return Done(f"/checks/{landlord}", _RECORDED)


_RECORDED = Message("Recorded. Look at the list again: what waited for it waits no more, if it allows it.")
