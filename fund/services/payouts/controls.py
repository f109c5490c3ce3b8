"""The controls at the moment of payment: which months wait and why, and what the fund's position will be after."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from fund.domain import access, controls, errors
from fund.domain.access import SYSTEM
from fund.domain.controls import Terms
from fund.domain.lists import WaitReason
from fund.domain.views import FundAfter, WaitingView
from fund.services.as_booked import ordered_cents_on
from fund.services.banking.movements import months_named_by_bank
from fund.services.banking.statement_series import accepted, misfits
from fund.services.context import Context
from fund.services.landlords.people import people_twice
from fund.services.money.agreement import read_terms
from fund.services.money.set_offs import months_to_set_off
from fund.services.payouts.corrections import months_to_correct
from fund.services.users.own_ibans import ibans_of_users
from fund.store import balances, households, landlords
from fund.store.banking.movements import returned_months
from fund.store.payouts import controls as store
from fund.store.payouts.payments import owed_months
from fund.store.tables import BankAccount, Contribution, PayeeCheck
from ledger import accounts
from ledger.money import format_cents
from ledger.months import Month

UNAPPROVED = {WaitReason.PERSON_TWICE: errors.PersonTwice, WaitReason.OPEN_ITEM: errors.MonthInOpenItem}
"""Why a month is not even approved, and what says so: its person stands twice in the fund, or the bank may have paid
it."""


class Payable(Protocol):
    """A month as the controls judge it, in a list or in a batch, with the account that it would be paid to."""

    @property
    def contribution(self) -> Contribution: ...

    @property
    def account(self) -> BankAccount | None: ...


@dataclass(slots=True)
class _Facts:
    """What has to be known of all payees of a list, read once for all of them."""

    day: date
    terms: Terms
    coming_cents: dict[str, int] = field(default_factory=dict)
    tax_checks: dict[str, controls.TaxCheckResult] = field(default_factory=dict)
    payee_checks: dict[int, PayeeCheck] = field(default_factory=dict)
    of_users: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    set_off_proposed: set[int] = field(default_factory=set)
    correction_proposed: set[int] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    named_by_bank: set[tuple[str, str]] = field(default_factory=set)

    def total_cents(self, landlord: str) -> int:
        return self.coming_cents.get(landlord, 0)

    def tax_check(self, landlord: str) -> controls.TaxCheckResult | None:
        return self.tax_checks.get(landlord)

    def why_unordered(self, row: Payable) -> WaitReason | None:
        """For a month that is in no batch yet; while a set-off or a correction of it is proposed, it gets into none."""
        if row.contribution.id in self.set_off_proposed:
            return WaitReason.SET_OFF_PROPOSED
        if row.contribution.id in self.correction_proposed:
            return WaitReason.CORRECTION_PROPOSED
        return self.why_waiting(row)

    def why_waiting(self, row: Payable) -> WaitReason | None:
        month, account = row.contribution, row.account
        if month.household in self.twice or month.landlord in self.twice:
            return WaitReason.PERSON_TWICE
        if (month.household, month.month) in self.named_by_bank:
            return WaitReason.OPEN_ITEM
        if account is None:
            return controls.account_waits(None, None, None, self.day)
        waits = controls.account_waits(account.iban, account.state, account.usable_from, self.day)
        if waits is not None:
            return waits
        if account.iban in self.of_users:
            return WaitReason.IBAN_OF_USER
        if account.iban in self.shared:
            return WaitReason.IBAN_SHARED
        if self.terms.payee_check_required and account.id not in self.payee_checks:
            return WaitReason.PAYEE_CHECK_MISSING
        total_cents, check = self.total_cents(month.landlord), self.tax_check(month.landlord)
        return controls.tax_waits(self.terms, self.day, total_cents, check)


def _ask(context: Context, rows: Sequence[Payable]) -> _Facts:
    session, day, terms = context.session, context.day, read_terms(context)
    facts = _Facts(day, terms)
    accounts = [row.account for row in rows if row.account is not None]
    facts.of_users = ibans_of_users(context, {account.iban for account in accounts if account.iban is not None})
    facts.shared = {iban for iban, owners in landlords.landlords_by_iban(session).items() if len(owners) > 1}
    if terms.payee_check_required:
        facts.payee_checks = payee_checks_of(context, rows)
    facts.twice = set(people_twice(context))
    facts.named_by_bank = months_named_by_bank(context)
    if misfits(context, accepted(context)):  # what came back may be of a debit that only the missing statement tells
        facts.named_by_bank |= returned_months(session)
    facts.set_off_proposed = months_to_set_off(context)
    facts.correction_proposed = months_to_correct(context)
    ordered = ordered_cents_on(context, day)
    facts.coming_cents = Counter(store.waiting_cents(session)) + Counter(ordered)
    facts.tax_checks = {
        landlord: controls.TaxCheckResult(row.checked_on, row.outcome, row.reference)
        for landlord, row in landlords.latest_tax_checks(session).items()
    }
    return facts


def why_waiting(context: Context, rows: Sequence[Payable]) -> list[str | None]:
    """For each month of a list, why it may not be paid today; ``None`` when it may."""
    facts = _ask(context, rows)
    return [facts.why_unordered(row) for row in rows]


def check_payable(context: Context, rows: Sequence[Payable]) -> None:
    """Every month of a list may be paid today.

    Raises ``PersonTwice``, ``MonthInOpenItem``, ``TaxCheckMissing``, ``TaxDebtFound``, ``PayeeCheckMissing``,
    ``IbanOfUser``, ``IbanInUse`` or ``AccountNotUsable`` for the first that may not.
    """
    facts = _ask(context, rows)
    for row in rows:
        reason = facts.why_waiting(row)
        if reason is not None:
            raise _refusal(facts, row.contribution, reason)


def _refusal(facts: _Facts, month: Contribution, reason: WaitReason) -> errors.FundError:
    landlord = month.landlord
    total, check = format_cents(facts.total_cents(landlord)), facts.tax_check(landlord)
    threshold = format_cents(facts.terms.tax_threshold_cents(facts.day) or 0)
    if reason in UNAPPROVED:
        return UNAPPROVED[reason]([f"{month.household} {month.month}"])
    match reason:
        case WaitReason.TAX_CHECK_MISSING:
            return errors.TaxCheckMissing(landlord, total, threshold, facts.terms.tax_check_days)
        case WaitReason.TAX_DEBT_FOUND:
            return errors.TaxDebtFound(landlord, total, threshold, check.reference if check else "")
        case WaitReason.PAYEE_CHECK_MISSING:
            return errors.PayeeCheckMissing(landlord)
        case WaitReason.IBAN_OF_USER:
            return errors.IbanOfUser(landlord)
        case WaitReason.IBAN_SHARED:
            return errors.IbanInUse(landlord)
    return errors.AccountNotUsable(landlord, reason)


def check_proposers(context: Context, rows: Sequence[Payable]) -> None:
    """Each month uses an account, a lease and a lot that a person proposed who is not the one who approves it.

    Without an ``account`` it is paid to none now. Raises ``ProposedByApprover`` and ``ProposedByNoPerson``.
    """
    proposers = _proposers(context, rows)
    names = [f"{row.contribution.household} {row.contribution.month}" for row in rows]
    by_no_person = [name for name, people in zip(names, proposers, strict=True) if SYSTEM.code in people]
    if by_no_person:
        raise errors.ProposedByNoPerson(by_no_person)
    own = [name for name, people in zip(names, proposers, strict=True) if context.actor.code in people]
    if own:
        raise errors.ProposedByApprover(own)


def _proposers(context: Context, rows: Sequence[Payable]) -> list[set[str]]:
    months = [row.contribution for row in rows]
    lots = households.lot_proposers(context.session, {month.month for month in months})
    leases = households.lease_recorders(context.session, {month.lease_id for month in months})
    found = []
    for row in rows:
        month = row.contribution
        last_day = Month.parse(month.month).last_day
        people = {by for since, by in leases.get(month.lease_id, ()) if since <= last_day}
        people.add(lots.get((month.household, month.month), ""))
        found.append(people if row.account is None else people | {row.account.proposed_by})
    return found


def list_waiting(context: Context) -> list[WaitingView]:
    """Every approved month that is in no batch: why it waits (``None``: the next batch takes it), its payee's sum."""
    context.actor.must_be(*access.READERS)
    rows = owed_months(context.session)
    if not rows:
        return []
    facts = _ask(context, rows)
    threshold_cents = facts.terms.tax_threshold_cents(facts.day)
    return [
        WaitingView(
            household=row.contribution.household,
            landlord=row.contribution.landlord,
            month=Month.parse(row.contribution.month),
            amount_cents=row.contribution.left_cents,
            reason=facts.why_unordered(row),
            coming_cents=facts.total_cents(row.contribution.landlord),
            threshold_cents=threshold_cents,
        )
        for row in rows
    ]


def payee_checks_of(context: Context, rows: Iterable[Payable]) -> dict[int, PayeeCheck]:
    """The latest Verification of Payee of each account of a list."""
    ids = sorted({row.account.id for row in rows if row.account is not None})
    return landlords.latest_payee_checks(context.session, ids)


def position_after(context: Context, *, ordered_cents: int, used_cents: int = 0, committed_cents: int = 0) -> FundAfter:
    """The fund's position after an order, and after the approval of months that use and free what was committed."""
    fund = context.fund()
    names = (accounts.TREASURY, accounts.OUTSTANDING_ORDERS)
    treasury_cents, outstanding_orders_cents = (balances.balance_of(context.session, name) for name in names)
    return FundAfter(
        cash_cents=treasury_cents,
        outstanding_orders_cents=ordered_cents - outstanding_orders_cents,
        free_cash_cents=treasury_cents + outstanding_orders_cents - ordered_cents,
        available_cents=fund.available_cents + committed_cents - used_cents,
        committed_cents=fund.committed_cents - committed_cents,
    )
