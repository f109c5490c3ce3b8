"""Plain lists and single rows for readers: what was recorded, one query each."""

from dataclasses import dataclass

from sqlalchemy import select

from fund.domain import access, errors
from fund.services.context import Context
from fund.store.households import LeaseRow as LeaseRow
from fund.store.households import leases_of
from fund.store.queries import AnyRow as AnyRow
from fund.store.tables import (
    Allocation,
    BankAccount,
    Contribution,
    Grant,
    GrantAmount,
    Household,
    Landlord,
    Lease,
    Receipt,
    Refund,
    table,
)

_allocation, _receipt, _refund, _account = (table(model) for model in (Allocation, Receipt, Refund, BankAccount))
_grant, _amount, _contribution = table(Grant), table(GrantAmount), table(Contribution)
_household, _landlord, _lease = table(Household), table(Landlord), table(Lease)


@dataclass(frozen=True, slots=True)
class ContributionFilter:
    """Which months to show; what is ``None`` does not filter. ``run`` is the month of the run that proposed them."""

    household: str | None = None
    landlord: str | None = None
    month: str | None = None
    run_month: str | None = None
    state: str | None = None


def list_allocations(context: Context) -> list[AnyRow]:
    """Every tranche with what of it arrived, by code."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_allocation.select().order_by(_allocation.c.code)))


def list_receipts(context: Context) -> list[AnyRow]:
    """Every receipt, by the number of its entry."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_receipt.select().order_by(_receipt.c.seq)))


def list_refunds(context: Context) -> list[AnyRow]:
    """Every refund to the funder, oldest first."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_refund.select().order_by(_refund.c.id)))


def list_accounts(context: Context) -> list[AnyRow]:
    """Every version of every landlord's account, by landlord and age; doors mask the IBANs."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_account.select().order_by(_account.c.landlord, _account.c.version)))


def list_leases(context: Context, household: str | None = None) -> list[LeaseRow]:
    """Leases with their rents, by household and age; of one household where it is given."""
    context.actor.must_be(*access.READERS)
    return leases_of(context.session, None if household is None else [household])


def list_grants(context: Context) -> list[AnyRow]:
    """Every decision to pay a household for some months."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_grant.select().order_by(_grant.c.household, _grant.c.first_month)))


def list_amounts(context: Context) -> list[AnyRow]:
    """Every contribution decided, by household and the month from which it holds."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_amount.select().order_by(_amount.c.household, _amount.c.since)))


def list_contributions(
    context: Context, chosen: ContributionFilter, *, after: int = 0, limit: int = 100
) -> list[AnyRow]:
    """The months behind number ``after`` that a filter lets through, at most ``limit`` of them, in their order."""
    context.actor.must_be(*access.READERS)
    names = ("household", "landlord", "month", "run_month", "state")
    wanted = {name: getattr(chosen, name) for name in names}
    conditions = [_contribution.c[name] == value for name, value in wanted.items() if value is not None]
    return list(
        context.run(
            select(_contribution)
            .where(_contribution.c.id > after, *conditions)
            .order_by(_contribution.c.id)
            .limit(limit)
        )
    )


def read_contribution(context: Context, contribution: int) -> AnyRow:
    """One month. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Contribution, contribution)


def read_refund(context: Context, refund: int) -> AnyRow:
    """One refund. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Refund, refund)


def read_fund(context: Context) -> AnyRow:
    """The fund and its terms. Raises ``FundMissing``."""
    context.actor.must_be(*access.READERS, access.ADMIN)
    return context.fund()


def read_household(context: Context, household: str) -> AnyRow:
    """One household with its counters. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Household, household)


def read_landlord(context: Context, landlord: str) -> AnyRow:
    """One landlord with its personal data, for those who call back and compare. Raises ``NotFound``."""
    context.actor.must_be(*access.FINANCE)
    return context.get(Landlord, landlord)


def read_account(context: Context, landlord: str, account: int) -> AnyRow:
    """One version of a landlord's account. Raises ``NotFound``, for another landlord's too."""
    context.actor.must_be(*access.FINANCE)
    row = context.get(BankAccount, account)
    if row.landlord != landlord:
        raise errors.NotFound("account", str(account))
    return row


def read_lease(context: Context, lease: int) -> LeaseRow:
    """One lease with its rents. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    household = context.get(Lease, lease).household
    return next(row for row in leases_of(context.session, [household]) if row.id == lease)
