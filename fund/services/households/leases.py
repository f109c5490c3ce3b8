"""Rental contracts and their rents: recorded by one person, and shown to the approver of what they change."""

from datetime import date

from fund.bank.remittance import check_remittance
from fund.domain import access, errors, rules
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.services.households.contributions import refresh
from fund.services.households.households import check_open
from fund.services.landlords.contacts import read_remembered
from fund.store import households as store
from fund.store.tables import Lease
from ledger.acts import households as household_acts
from ledger.acts.households import LeaseRef


def add_lease(
    context: Context,
    *,
    household: str,
    landlord: str,
    registration: str,
    starts_on: date,
    ends_on: date | None = None,
    rent_cents: int,
) -> int:
    """Record a rental contract. Returns its id.

    Raises ``LeaseOverlaps``, ``LeaseStartsInMonth``, ``StateNotAllowed`` for a landlord who was forgotten, and the
    writers' errors for a registration that no bank takes.
    """
    context.actor.must_be(*access.preparers("lease"))
    check_open(context, household)
    payee = read_remembered(context, landlord, "lease")
    check_remittance(household, starts_on, registration, payee.rf_reference)
    others = store.leases_of(context.session, [household])
    rules.check_new_lease(household, starts_on, [lease.term for lease in others])
    ref = LeaseRef(household, len(others) + 1)
    act = household_acts.lease(
        context.stamp(),
        ref,
        landlord=landlord,
        since=starts_on,
        until=ends_on,
        rent_cents=rent_cents,
        fingerprint=context.fingerprints.of(Domain.CONTRACT, registration),
    )
    context.book_act(act, {Lease.registration: registration})
    refresh(context, household)
    return store.lease_id(context.session, ref)


def end_lease(context: Context, lease: int, *, ends_on: date) -> None:
    """The contract ends on a day; months after it are paid only under another lease. Raises ``LeaseOverlaps``."""
    context.actor.must_be(*access.preparers("lease-end"))
    row = context.get(Lease, lease)
    if ends_on < row.starts_on:
        raise errors.StateNotAllowed("lease", str(lease), "not-begun", "end")
    for other in store.leases_of(context.session, [row.household]):
        if row.starts_on < other.term.starts_on <= ends_on:
            raise errors.LeaseOverlaps(row.household)
    context.book_act(household_acts.lease_end(context.stamp(), LeaseRef(row.household, row.number), until=ends_on))
    refresh(context, row.household)


def change_rent(context: Context, lease: int, *, since: date, rent_cents: int) -> None:
    """The rent changes from a day on; the contribution only if a new one is decided."""
    context.actor.must_be(*access.preparers("rent"))
    row = context.get(Lease, lease)
    ref = LeaseRef(row.household, row.number)
    if store.has_rent_since(context.session, ref, since):
        raise errors.AlreadyExists("rent", str(since))
    context.book_act(household_acts.rent(context.stamp(), ref, since=since, rent_cents=rent_cents))
    refresh(context, row.household)
