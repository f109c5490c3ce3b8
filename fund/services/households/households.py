"""Households: admission, leases, the months granted to them, and the end of their position."""

from collections.abc import Mapping
from datetime import date

from fund.bank.remittance import check_remittance
from fund.domain import access, errors, lists, rules
from fund.services.context import Context
from fund.services.households.proposals import refresh
from fund.services.landlords.contacts import read_remembered
from fund.services.landlords.people import check_new_person
from fund.services.money.money import move_position
from fund.store import households as store
from fund.store import rows
from fund.store.tables import Grant, GrantAmount, Household, Lease, LeaseRent
from ledger import events
from ledger.acts import households as household_acts
from ledger.months import Month


def admit_household(context: Context, *, code: str, tax_code: str, cap_months: int | None = None) -> None:
    """Admit a household, with the fund's cap unless a lower one is decided.

    Raises ``AlreadyExists``, ``CapReached`` and what ``people.check_new_person`` raises.
    """
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    fund_cap = context.fund().cap_months
    cap_months = fund_cap if cap_months is None else cap_months
    rules.check_cap(code, fund_cap, cap_months)
    if rows.find(context.session, Household, code) is not None:
        raise errors.AlreadyExists("household", code)
    person = check_new_person(context, tax_code)
    admission = household_acts.admission(context.stamp(), household=code, cap_months=cap_months)
    context.book_act(admission, {Household.tax_code: person})


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
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    check_open(context, household)
    payee = read_remembered(context, landlord, "lease")
    check_remittance(household, starts_on, registration, payee.rf_reference)
    others = [lease.term for lease in store.leases_of(context.session, [household])]
    rules.check_new_lease(household, starts_on, others)
    lease = context.insert(
        Lease(
            household=household,
            landlord=landlord,
            registration=registration,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    ).id
    context.insert(LeaseRent(lease_id=lease, since=starts_on, rent_cents=rent_cents))
    refresh(context, household)
    return lease


def end_lease(context: Context, lease: int, *, ends_on: date) -> None:
    """The contract ends on a day; months after it are paid only under another lease. Raises ``LeaseOverlaps``."""
    context.actor.must_be(access.PREPARER)
    row = context.get(Lease, lease)
    if ends_on < row.starts_on:
        raise errors.StateNotAllowed("lease", str(lease), "starts later", "end")
    for other in store.leases_of(context.session, [row.household]):
        if row.starts_on < other.term.starts_on <= ends_on:
            raise errors.LeaseOverlaps(row.household)
    rows.change(context.session, Lease, lease, {Lease.ends_on: ends_on})
    refresh(context, row.household)


def change_rent(context: Context, lease: int, *, since: date, rent_cents: int) -> None:
    """The rent changes from a day on; the contribution only if a new one is decided."""
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    row = context.get(Lease, lease)
    if store.has_rent_since(context.session, lease, since):
        raise errors.AlreadyExists("rent", str(since))
    context.insert(LeaseRent(lease_id=lease, since=since, rent_cents=rent_cents))
    refresh(context, row.household)


def grant_months(context: Context, *, household: str, first_month: Month, months: int, amount_cents: int) -> None:
    """Decide a contribution for a number of months, and commit them (rules 1 to 3).

    Raises ``CapReached``, ``MonthTaken``, ``MonthOutsideAgreement`` and ``NotEnoughAvailable``.
    """
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    row, fund = check_open(context, household), context.fund()
    rules.check_cap(household, row.cap_months, row.months_used + row.months_committed + months)
    lots = rules.lots(first_month, months, {first_month: amount_cents})
    rules.check_payable(lots, rules.last_payable_month(fund.activities_end, fund.pay_day))
    taken = store.months_of(context.session, household)
    for month in lots:
        if month in taken:
            raise errors.MonthTaken(household, str(month))
    grant = Grant(household=household, first_month=str(first_month), months=months, decided_on=context.day)
    store.replace_grant(context.session, grant)
    after = first_month.plus(months)
    _decide(context, household, first_month, after, amount_cents, keep=any(month >= after for month in taken))
    _move_lots(context, household, {}, lots)
    context.book(events.commitment(context.stamp(), household=household, months=lots))


def _decide(context: Context, household: str, first: Month, after: Month, amount_cents: int, *, keep: bool) -> None:
    """A grant's contribution holds for its own months; ``keep`` what holds for those ``after`` it as it was."""
    known = store.decided_amounts(context.session, [household]).get(household, {})
    decided = {first: amount_cents}
    if keep and after not in known and min(known, default=after) < after:
        decided[after] = rules.decided_for(after, known)
    store.replace_amounts(context.session, household, first, after, decided)


def change_contribution(context: Context, *, household: str, since: Month, amount_cents: int) -> None:
    """Decide another contribution from a month on; the open months from there are committed at the new cost."""
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    check_open(context, household)
    known = store.decided_amounts(context.session, [household]).get(household, {})
    if since in known:
        raise errors.AlreadyExists("contribution", str(since))
    context.insert(GrantAmount(household=household, since=str(since), amount_cents=amount_cents))
    follow_decisions(context, household)
    refresh(context, household)


def follow_decisions(context: Context, household: str) -> None:
    """Commit the open months at what is decided for them now, where they are committed at something else.

    After a new decision, and after the correction of an approval that is older than the decision.
    """
    amounts = store.decided_amounts(context.session, [household]).get(household, {})
    lots = store.open_lots_of(context.session, household)
    put = {month: rules.decided_for(month, amounts) for month in lots if any(since <= month for since in amounts)}
    put = {month: cents for month, cents in put.items() if cents != lots[month]}
    if put:
        _reschedule(context, household, {month: lots[month] for month in put}, put, "new-amount")


def suspend_month(context: Context, *, household: str, month: Month) -> Month:
    """A month is not paid; it moves behind the household's last one. Returns its new place."""
    context.actor.must_be(access.PREPARER)
    check_open(context, household)
    fund = context.fund()
    lots = store.free_lots(context.session, household)
    if month not in lots:
        raise errors.MonthNotCommitted(household, str(month))
    target = max(store.months_of(context.session, household)).plus(1)
    rules.check_payable([target], rules.last_payable_month(fund.activities_end, fund.pay_day))
    amounts = store.decided_amounts(context.session, [household]).get(household)
    put = {target: rules.decided_for(target, amounts) if amounts else lots[month]}
    _reschedule(context, household, {month: lots[month]}, put, "suspension")
    return target


def release_months(context: Context, *, household: str, months: list[Month], reason: str) -> None:
    """Months that will not be paid become available again."""
    context.actor.must_be(access.PREPARER)
    rules.check_reason(reason, lists.RELEASE_REASONS)
    lots = store.free_lots(context.session, household)
    for month in months:
        if month not in lots:
            raise errors.MonthNotCommitted(household, str(month))
    taken = {month: lots[month] for month in months}
    _move_lots(context, household, taken, {})
    context.book(events.release(context.stamp(), household=household, months=taken, reason=reason))


def close_position(context: Context, *, household: str, reason: str | None = None) -> None:
    """Nothing is committed or owed any more: the household's account of months closes for good."""
    context.actor.must_be(access.PREPARER)
    if reason is not None:
        rules.check_reason(reason, lists.RELEASE_REASONS)
    row = check_open(context, household)
    if row.months_committed or store.has_unpaid_months(context.session, household):
        raise errors.PositionNotEmpty(household)
    context.book_act(household_acts.exit_(context.stamp(), household=household, reason=reason))


def finished_positions(context: Context) -> list[str]:
    """The households that used every month they may have and are paid in full, and whose position is still open."""
    context.actor.must_be(*access.READERS)
    return store.finished_households(context.session)


def list_households(context: Context) -> list[Household]:
    """Every household with its counters, by code."""
    context.actor.must_be(*access.READERS)
    return store.list_households(context.session)


def check_open(context: Context, household: str) -> Household:
    """The household's row. Raises ``NotFound`` and ``PositionClosed``."""
    row = context.get(Household, household)
    if row.exited_on is not None:
        raise errors.PositionClosed(household)
    return row


def _reschedule(
    context: Context, household: str, taken: Mapping[Month, int], put: Mapping[Month, int], reason: str
) -> None:
    _move_lots(context, household, taken, put)
    draft = events.rescheduling(context.stamp(), household=household, taken=taken, put=put, reason=reason)
    context.book(draft)


def _move_lots(context: Context, household: str, taken: Mapping[Month, int], put: Mapping[Month, int]) -> None:
    added_cents = sum(put.values()) - sum(taken.values())
    move_position(context, available=-added_cents, committed=added_cents)
    change = len(put) - len(taken)
    if not store.commit_months(context.session, household, change):
        row = context.get(Household, household)
        raise errors.CapReached(household, row.cap_months, row.months_used + row.months_committed + change)
