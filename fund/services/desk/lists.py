"""Plain lists and single rows for readers: what was recorded, one query each."""

from collections.abc import Mapping
from dataclasses import replace

from fund.domain import access, errors
from fund.domain.identifiers import mask_iban
from fund.domain.lists import BankFormat
from fund.services.context import Context
from fund.store import landlords
from fund.store.desk import lists as store
from fund.store.desk.lists import ContributionFilter as ContributionFilter
from fund.store.households import LeaseView as LeaseView
from fund.store.households import leases_of
from fund.store.payouts.payments import ListedPayment as ListedPayment
from fund.store.payouts.payments import listed_payments
from fund.store.tables import (
    Allocation,
    BankAccount,
    Collection,
    Contribution,
    Fund,
    Grant,
    GrantAmount,
    Landlord,
    Lease,
    Repayment,
)


def list_allocations(context: Context) -> list[Allocation]:
    """Every tranche with what of it arrived, by code."""
    context.actor.must_be(*access.READERS)
    return store.list_allocations(context.session)


def list_collections(context: Context) -> list[Collection]:
    """Every collection, by the number of its entry."""
    context.actor.must_be(*access.READERS)
    return store.list_collections(context.session)


def list_payments(context: Context) -> list[ListedPayment]:
    """Every payment, the newest first, with what else people find it by; the IBANs masked."""
    context.actor.must_be(*access.READERS)
    found = listed_payments(context.session, list_format=BankFormat.OPI_LIST)
    return [replace(row, iban=mask_iban(row.iban)) for row in found]


def list_repayments(context: Context) -> list[Repayment]:
    """Every repayment to the funder, oldest first."""
    context.actor.must_be(*access.READERS)
    return store.list_repayments(context.session)


def list_accounts(context: Context) -> list[BankAccount]:
    """Every version of every landlord's account, by landlord and age; doors mask the IBANs."""
    context.actor.must_be(*access.READERS)
    return landlords.list_accounts(context.session)


def landlord_names(context: Context) -> Mapping[str, str]:
    """The name of each landlord by code, for the finance office; others are given none."""
    return landlords.names_by_code(context.session) if context.actor.role in access.FINANCE else {}


def list_leases(context: Context, household: str | None = None) -> list[LeaseView]:
    """Leases with their rents, by household and age; of one household where it is given."""
    context.actor.must_be(*access.READERS)
    return leases_of(context.session, None if household is None else [household])


def list_grants(context: Context) -> list[Grant]:
    """Every decision to pay a household for some months."""
    context.actor.must_be(*access.READERS)
    return store.list_grants(context.session)


def list_amounts(context: Context) -> list[GrantAmount]:
    """Every contribution decided, by household and the month from which it holds."""
    context.actor.must_be(*access.READERS)
    return store.list_amounts(context.session)


def list_contributions(
    context: Context, chosen: ContributionFilter, *, after: int = 0, limit: int = 100
) -> list[Contribution]:
    """The months behind number ``after`` that a filter lets through, at most ``limit`` of them, in their order."""
    context.actor.must_be(*access.READERS)
    return store.list_contributions(context.session, chosen, after=after, limit=limit)


def read_contribution(context: Context, contribution: int) -> Contribution:
    """One month. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Contribution, contribution)


def read_repayment(context: Context, repayment: int) -> Repayment:
    """One repayment. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Repayment, repayment)


def read_fund(context: Context) -> Fund:
    """The fund and its terms. Raises ``FundMissing``."""
    context.actor.must_be(*access.READERS, access.ADMIN)
    return context.fund()


def read_landlord(context: Context, landlord: str) -> Landlord:
    """One landlord with its personal data, for those who call back and compare. Raises ``NotFound``."""
    context.actor.must_be(*access.FINANCE)
    return context.get(Landlord, landlord)


def read_account(context: Context, landlord: str, account: int) -> BankAccount:
    """One version of a landlord's account. Raises ``NotFound``, for another landlord's too."""
    context.actor.must_be(*access.FINANCE)
    row = context.get(BankAccount, account)
    if row.landlord != landlord:
        raise errors.NotFound("account", str(account))
    context.disclose("landlord", landlord, [(landlord, row.version)])
    return row


def read_lease(context: Context, lease: int) -> LeaseView:
    """One lease with its rents. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    household = context.get(Lease, lease).household
    return next(row for row in leases_of(context.session, [household]) if row.id == lease)
