"""From the agreement file to a fund: what ``fund init`` does at once and the demo day by day."""

from collections.abc import Callable, Sequence

from fund.domain import access
from fund.domain.agreement.reading import Agreement, HouseholdFacts
from fund.domain.controls import Terms
from fund.services.banking.treasury import propose_treasury
from fund.services.context import Context
from fund.services.households import grants, households, leases
from fund.services.households.reproposals import propose_again
from fund.services.landlords import landlords
from fund.services.money import money
from fund.services.users.users import Founder, NewUser, found_user


def found(context: Context, agreement: Agreement, founders: Sequence[Founder]) -> None:
    """Begin a fund with everything that its agreement file says up to today, and with the people it begins with."""
    begin(context, agreement)
    for founder in founders:
        found_user(context, founder)
    for allocation in agreement.allocations:
        if allocation.granted_on > context.day:
            continue
        has_arrived = allocation.received_on is not None and allocation.received_on <= context.day
        money.propose_allocation(
            context,
            code=allocation.code,
            granted_on=allocation.granted_on,
            amount_cents=allocation.amount_cents,
            received_on=allocation.received_on if has_arrived else None,
            received_cents=allocation.received_cents if has_arrived else None,
        )
    for landlord in agreement.landlords:
        landlords.register_landlord(context, landlord)
    for household in agreement.households:
        if household.admitted_on <= context.day:
            add_household(context, household)


def founders_of(agreement: Agreement, new_secret: Callable[[], str]) -> tuple[Founder, Founder]:
    """The admin and the auditor of an agreement file, each with the secret of an invitation of their own."""
    founders = agreement.founders
    return (
        Founder(NewUser(role=access.ADMIN, **founders.admin.model_dump()), new_secret()),
        Founder(NewUser(role=access.AUDITOR, **founders.auditor.model_dump()), new_secret()),
    )


def begin(context: Context, agreement: Agreement) -> None:
    """The agreement is signed; its terms are proposed, and the city's account and codes where it says them."""
    asked = agreement.controls
    thresholds = tuple((step.from_day, step.amount_cents) for step in asked.tax_thresholds)
    controls = Terms(asked.payee_check_required, asked.tax_check_days, thresholds)
    auditors = ",".join(auditor.email for auditor in agreement.auditors) or None
    money.begin_fund(context, **agreement.fund.model_dump(exclude={"currency"}), auditors=auditors, controls=controls)
    if agreement.treasury is not None:
        propose_treasury(context, agreement.treasury)


def add_household(context: Context, facts: HouseholdFacts) -> None:
    """Propose a household of the file, its months and the contributions decided for later; record leases and rents."""
    households.propose_admission(context, code=facts.code, tax_code=facts.tax_code)
    for lease in facts.leases:
        added = leases.add_lease(
            context,
            household=facts.code,
            landlord=lease.landlord,
            registration=lease.registration,
            starts_on=lease.starts_on,
            ends_on=lease.ends_on,
            rent_cents=lease.rent_cents,
        )
        for rent in lease.rents:
            leases.change_rent(context, added, since=rent.from_day, rent_cents=rent.rent_cents)
    if context.actor.role is access.SYSTEM_ROLE:
        propose_again(context, facts.code)
    grants.propose_commitment(
        context,
        household=facts.code,
        first_month=facts.first_month,
        months=facts.months,
        amount_cents=facts.contribution_cents,
    )
    for step in facts.contributions:
        grants.propose_contribution(
            context, household=facts.code, since=step.from_month, amount_cents=step.amount_cents
        )
