"""The rows that acts about households make."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col

from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert, required
from fund.store.rows import Values
from fund.store.tables import Grant, GrantAmount, Household, Lease, LeaseRent, table
from ledger.entries import Entry

KEYS: Keys = {
    Household: ("code",),
    Lease: ("household", "number"),
    LeaseRent: ("household", "lease", "since"),
    Grant: ("household", "first_month"),
    GrantAmount: ("household", "since"),
}


def _proposed(session: Session, act: Entry, given: Values) -> None:
    proposed = {
        Household.code: act.facts.household,
        Household.cap_months: act.facts.cap_months,
        Household.person: act.facts.fingerprint,
        Household.reason: act.facts.reason,
    }
    insert(session, Household, {**proposed, **given})


def _admitted(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Household, act.facts.household, {Household.admitted_on: act.date, **given})


def _left(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Household, act.facts.household, {Household.exited_on: act.date, **given})


def _annulled(session: Session, act: Entry, given: Values) -> None:
    _left(session, act, {Household.is_annulled: True, **given})


def _identified(session: Session, act: Entry, given: Values) -> None:
    identified = {Household.person: act.facts.fingerprint, Household.reason: None}
    rows.change(session, Household, act.facts.household, {**identified, **given})


def _leased(session: Session, act: Entry, given: Values) -> None:
    leased = {
        Lease.household: act.facts.household,
        Lease.number: act.facts.lease,
        Lease.landlord: act.facts.landlord,
        Lease.registration_fingerprint: act.facts.fingerprint,
        Lease.starts_on: act.facts.since,
        Lease.ends_on: act.facts.until,
        Lease.recorded_by: act.prepared_by,
    }
    insert(session, Lease, {**leased, **given})
    _rented(session, act, {})


def _rented(session: Session, act: Entry, given: Values) -> None:
    rented = {
        LeaseRent.household: act.facts.household,
        LeaseRent.lease: act.facts.lease,
        LeaseRent.since: act.facts.since,
        LeaseRent.rent_cents: act.facts.amount_cents,
        LeaseRent.recorded_by: act.prepared_by,
    }
    insert(session, LeaseRent, {**rented, **given})


def _lease_ended(session: Session, act: Entry, given: Values) -> None:
    lease = (col(Lease.household) == act.facts.household, col(Lease.number) == act.facts.lease)
    rows.update_where(session, Lease, *lease, values={Lease.ends_on: act.facts.until, **given})


def _committed(session: Session, act: Entry, given: Values) -> None:
    """The decision of the months committed, in place of one whose first month was released."""
    months = [posting.month for posting in act.postings if posting.month is not None]
    granted = {
        Grant.household: act.facts.household,
        Grant.first_month: str(min(months)),
        Grant.months: len(months),
        Grant.decided_on: act.date,
    }
    rows.remove(session, Grant, act.facts.household, str(min(months)))
    insert(session, Grant, {**granted, **given})


_DECIDED_WITHIN = delete(table(GrantAmount)).where(
    col(GrantAmount.household) == bindparam("of"),
    col(GrantAmount.since) >= bindparam("first"),
    col(GrantAmount.since) < bindparam("end"),
)
"""Made once, with its parameters apart: a fund of thousands of households has as many decisions."""


def _contribution_decided(session: Session, act: Entry, given: Values) -> None:
    """What is decided from a month on; for a number of months, in place of whatever was decided within them."""
    household, first = act.facts.household, required(act.facts.month)
    within = {"first": str(first), "end": str(first.plus(act.facts.months or 1))}
    session.connection().execute(_DECIDED_WITHIN, {"of": household, **within})
    decided = {
        GrantAmount.household: household,
        GrantAmount.since: str(first),
        GrantAmount.amount_cents: act.facts.amount_cents,
    }
    insert(session, GrantAmount, {**decided, **given})


def _proposed_again(session: Session, act: Entry, given: Values) -> None:
    """Who proposed the household's leases and rents anew stands for them."""
    for model in (Lease, LeaseRent):
        of_household = col(model.household) == act.facts.household
        rows.update_where(session, model, of_household, values={model.recorded_by: act.prepared_by, **given})


PROJECTIONS: Mapping[str, Projection] = {
    "admission-proposed": _proposed,
    "admission": _admitted,
    "admission-rejected": _annulled,
    "admission-annulled": _annulled,
    "identity-corrected": _identified,
    "exit": _left,
    "lease": _leased,
    "rent": _rented,
    "lease-end": _lease_ended,
    "commitment": _committed,
    "contribution-decided": _contribution_decided,
    "reproposal": _proposed_again,
}
