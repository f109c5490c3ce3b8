"""The balances that every door shows, on any day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from fund.domain import access
from fund.domain.views import Balances, FundBalance, HouseholdBalance, LandlordBalance
from fund.services.as_booked import check_balances, is_chain_whole
from fund.services.context import Context
from fund.store import balances as store
from fund.store import money
from fund.store.balances import Paid
from ledger import accounts
from ledger.chain import GENESIS


def read_balances(context: Context, as_of: date | None = None) -> Balances:
    """The fund, its households and its landlords after the last entry booked on or before ``as_of`` (today).

    Raises ``IntegrityBroken`` where the rows do not add up to what the entries do.
    """
    context.actor.must_be(*access.READERS, access.ADMIN)
    context.fund()
    if is_chain_whole(context):
        check_balances(context)
    as_of = as_of or context.day
    seq, head = store.last_entry_on(context.session, as_of) or (0, GENESIS)
    paid, approved = store.paid(context.session, seq), store.approved(context.session, seq)
    return Balances(
        fund=_fund(context, seq, sum(row.cents for row in paid)),
        households=_households(context, seq, as_of, approved, paid),
        landlords=_landlords(context, as_of, approved, paid),
        as_of=as_of,
        chain_head=head,
        seq=seq,
    )


def _fund(context: Context, seq: int, paid_cents: int) -> FundBalance:
    cents = store.account_balances(context.session, seq)
    committed_cents = -sum(amount for name, amount in cents.items() if accounts.household_of(name))
    available_cents, used_cents = -cents.get(accounts.AVAILABLE, 0), -cents.get(accounts.USED, 0)
    repaid_cents, of_landlords = store.repaid_cents(context.session, seq), accounts.recovery("L")
    allocated_cents = available_cents + committed_cents + used_cents + repaid_cents
    return FundBalance(
        allocated_cents=allocated_cents,
        received_cents=allocated_cents - cents.get(accounts.RECEIVABLE, 0),
        committed_cents=committed_cents,
        used_cents=used_cents,
        available_cents=available_cents,
        paid_cents=paid_cents,
        repaid_to_funder_cents=repaid_cents + cents.get(accounts.FUNDER, 0),
        cash_cents=cents.get(accounts.TREASURY, 0),
        outstanding_orders_cents=-cents.get(accounts.OUTSTANDING_ORDERS, 0),
        owed_by_bank_cents=cents.get(accounts.RECOVERY_BANK, 0),
        owed_by_city_cents=cents.get(accounts.RECOVERY_CITY, 0),
        owed_by_landlords_cents=sum(amount for name, amount in cents.items() if name.startswith(of_landlords)),
    )


def _households(
    context: Context, seq: int, as_of: date, approved: Iterable[Paid], paid: Iterable[Paid]
) -> tuple[HouseholdBalance, ...]:
    used = store.months_used(context.session, seq)
    committed = Counter(household for household, _, _ in store.open_lots(context.session, seq))
    approved_cents, paid_cents = (_summed((row.household, row.cents) for row in found) for found in (approved, paid))
    return tuple(
        HouseholdBalance(
            code=row.code,
            months_cap=row.cap_months,
            months_used=used.get(row.code, 0),
            months_committed=committed[row.code],
            approved_cents=approved_cents[row.code],
            paid_cents=paid_cents[row.code],
        )
        for row in money.households_admitted(context.session, as_of)
    )


def _landlords(
    context: Context, as_of: date, approved: Iterable[Paid], paid: Iterable[Paid]
) -> tuple[LandlordBalance, ...]:
    approved_cents, paid_cents = (_summed((row.landlord, row.cents) for row in found) for found in (approved, paid))
    codes = money.landlords_registered(context.session, as_of)
    return tuple(LandlordBalance(code, approved_cents[code], paid_cents[code]) for code in codes)


def _summed(parts: Iterable[tuple[str, int]]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for code, cents in parts:
        totals[code] += cents
    return totals
