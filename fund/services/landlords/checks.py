"""What the office records before money leaves: the bank's word on a payee, and the tax office's."""

from dataclasses import dataclass
from datetime import date

from fund.domain import access, controls, errors, rules, states
from fund.domain.controls import Terms
from fund.services.context import Context
from fund.services.landlords.accounts import suspend_accounts
from fund.services.money.agreement import read_terms
from fund.store import landlords as store
from fund.store import rows
from fund.store.landlords import PayeeCheckView as PayeeCheckView
from fund.store.tables import BankAccount, Landlord, PayeeCheck
from fund.store.tables import TaxCheck as TaxCheck
from ledger.acts import landlords as landlord_acts
from ledger.acts.landlords import AccountRef


def record_payee_check(
    context: Context, *, landlord: str, account: int | None = None, result: str, checked_on: date, reference: str
) -> int:
    """Record what the bank said of an account's holder; without ``account``, of the landlord's newest.

    No match suspends an account in use: nothing is paid to it until another person confirms it anew. Returns the
    check's number. Raises ``NotFound``, ``StateNotAllowed`` for an account given up, ``InvalidInput``.
    """
    context.actor.must_be(*access.preparers("payee-check"))
    rules.check_one_of("result", result, controls.PayeeResult)
    controls.check_reference(reference)
    rules.check_has_come("checked_on", checked_on, context.day)
    row = _account_of(context, landlord, account)
    if row.state not in states.CURRENT_ACCOUNTS:
        raise errors.StateNotAllowed("account", str(row.id), row.state, "payee-check")
    check = PayeeCheck(
        landlord=row.landlord,
        version=row.version,
        result=controls.PayeeResult(result),
        checked_on=checked_on,
        reference=reference,
        recorded_by=context.actor.code,
        recorded_at=context.at,
        row_fingerprint="",
    )
    ref = AccountRef(row.landlord, row.version, context.row_fingerprint(check))
    number = context.book_act(landlord_acts.payee_check(context.stamp(), ref), rows.values_of(check)).seq
    if result == controls.PayeeResult.NO_MATCH:
        suspend_accounts(context, [row.id])
    return number


def _account_of(context: Context, landlord: str, account: int | None) -> BankAccount:
    context.get(Landlord, landlord)
    row = store.account_of(context.session, landlord, account)
    if row is None:
        raise errors.NotFound("account", landlord if account is None else str(account))
    return row


def record_tax_check(context: Context, *, landlord: str, outcome: str, checked_on: date, reference: str) -> int:
    """Record what the collection agency said of a landlord's debts (art. 48-bis). Returns the check's number.

    A debt found keeps every payment above the threshold waiting, until a later check finds nothing due.
    """
    context.actor.must_be(*access.preparers("tax-check"))
    rules.check_one_of("outcome", outcome, controls.TaxOutcome)
    controls.check_reference(reference)
    rules.check_has_come("checked_on", checked_on, context.day)
    context.get(Landlord, landlord)
    check = TaxCheck(
        landlord=landlord,
        outcome=controls.TaxOutcome(outcome),
        checked_on=checked_on,
        reference=reference,
        recorded_by=context.actor.code,
        recorded_at=context.at,
        row_fingerprint="",
    )
    act = landlord_acts.tax_check(context.stamp(), landlord=landlord, fingerprint=context.row_fingerprint(check))
    return context.book_act(act, rows.values_of(check)).seq


@dataclass(frozen=True, slots=True)
class ChecksOfLandlord:
    """What was recorded of a landlord before money leaves, newest first, and what the fund asks for."""

    landlord: str
    terms: Terms
    threshold_cents: int | None
    tax_checks: list[TaxCheck]
    payee_checks: list[PayeeCheckView]


def checks_of(context: Context, landlord: str) -> ChecksOfLandlord:
    """Every check of a landlord. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    context.get(Landlord, landlord)
    terms = read_terms(context)
    return ChecksOfLandlord(
        landlord=landlord,
        terms=terms,
        threshold_cents=terms.tax_threshold_cents(context.day),
        tax_checks=list_tax_checks(context, landlord)[::-1],
        payee_checks=list_payee_checks(context, landlord)[::-1],
    )


def list_payee_checks(context: Context, landlord: str | None = None) -> list[PayeeCheckView]:
    """Every word of a bank on a payee, oldest first, with the landlord and the version of the account."""
    context.actor.must_be(*access.READERS)
    return store.list_payee_checks(context.session, landlord)


def list_tax_checks(context: Context, landlord: str | None = None) -> list[TaxCheck]:
    """Every tax-debt check, oldest first."""
    context.actor.must_be(*access.READERS)
    return store.list_tax_checks(context.session, landlord)
