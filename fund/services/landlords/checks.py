"""What the office records before money leaves: the bank's word on a payee, the tax office's, and the fund's terms."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, select

from fund.domain import access, controls, errors, rules
from fund.domain.agreement.reading import ControlsFacts
from fund.domain.controls import Terms
from fund.domain.states import AccountState
from fund.services.context import Context
from fund.store.queries import AnyRow
from fund.store.tables import BankAccount, ControlTerms, Landlord, PayeeCheck, Payment, TaxCheck, TaxThreshold, table

_terms, _threshold = table(ControlTerms), table(TaxThreshold)
_payee_check, _tax_check = table(PayeeCheck), table(TaxCheck)
_account, _landlord, _payment = table(BankAccount), table(Landlord), table(Payment)
_CHECKABLE = ("proposed", "confirmed", "suspended")


def set_terms(context: Context, facts: ControlsFacts) -> None:
    """Say what the controls ask for, in place of what was said before."""
    context.actor.must_be(access.ADMIN, access.SYSTEM_ROLE)
    context.run(delete(_terms))
    context.run(delete(_threshold))
    values = {"payee_check_required": facts.payee_check_required, "tax_check_days": facts.tax_check_days}
    context.run(insert(_terms).values(id=1, **values))
    steps = [{"since": step.from_day, "amount_cents": step.amount_cents} for step in facts.tax_thresholds]
    if steps:
        context.run(insert(_threshold), steps)


def read_terms(context: Context) -> Terms:
    """What the controls ask for; the usual terms where nobody said otherwise."""
    context.actor.must_be(*access.READERS, access.ADMIN)
    row = context.run(select(_terms)).one_or_none()
    if row is None:
        return Terms()
    steps = context.run(select(_threshold).order_by(_threshold.c.since))
    return Terms(row.payee_check_required, row.tax_check_days, tuple((step.since, step.amount_cents) for step in steps))


def record_payee_check(
    context: Context, *, landlord: str, account: int | None = None, result: str, checked_on: date, reference: str
) -> int:
    """Keep what the bank said of an account's holder; of the landlord's newest account where none is named.

    No match suspends an account in use: nothing is paid to it until another person confirms it anew. Returns the
    check's number. Raises ``NotFound``, ``StateNotAllowed`` for an account given up, ``InvalidInput``.
    """
    context.actor.must_be(*access.FINANCE)
    controls.check_one_of("result", result, controls.PAYEE_RESULTS)
    controls.check_reference(reference)
    rules.check_has_come("checked_on", checked_on, context.day)
    row = _account_of(context, landlord, account)
    if row.state not in _CHECKABLE:
        raise errors.StateNotAllowed("account", str(row.id), row.state, "payee-check")
    number = context.insert(
        PayeeCheck(
            account_id=row.id,
            result=result,
            checked_on=checked_on,
            reference=reference,
            recorded_by=context.actor.code,
            recorded_at=context.at,
        )
    )
    if result == controls.NO_MATCH:
        context.run(context.steps(_account, AccountState.SUSPENDED, _account.c.id == row.id))
    return number


def lapse_payee_checks(context: Context, landlord: str) -> None:
    """A landlord has another name: what the bank said of the one before counts no more, nor in a batch still open."""
    accounts = select(_account.c.id).where(_account.c.landlord == landlord)
    counting = (_payee_check.c.account_id.in_(accounts), _payee_check.c.lapsed_on.is_(None))
    context.run(_payee_check.update().where(*counting).values(lapsed_on=context.day))
    unsealed = (_payment.c.account_id.in_(accounts), _payment.c.state == "proposed")
    nothing = dict.fromkeys(("payee_result", "payee_checked_on", "payee_reference"))
    context.run(_payment.update().where(*unsealed).values(**nothing))


def _account_of(context: Context, landlord: str, account: int | None) -> AnyRow:
    context.get(Landlord, landlord)
    mine = select(_account).where(_account.c.landlord == landlord)
    mine = mine.where(_account.c.state.in_(_CHECKABLE)) if account is None else mine.where(_account.c.id == account)
    row = context.run(mine.order_by(_account.c.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise errors.NotFound("account", landlord if account is None else str(account))
    return row


def record_tax_check(context: Context, *, landlord: str, outcome: str, checked_on: date, reference: str) -> int:
    """Keep what the collection agency said of a landlord's debts (art. 48-bis). Returns the check's number.

    A debt found keeps every payment above the threshold waiting, until a later check finds nothing due.
    """
    context.actor.must_be(*access.FINANCE)
    controls.check_one_of("outcome", outcome, controls.TAX_OUTCOMES)
    controls.check_reference(reference)
    rules.check_has_come("checked_on", checked_on, context.day)
    context.get(Landlord, landlord)
    return context.insert(
        TaxCheck(
            landlord=landlord,
            outcome=outcome,
            checked_on=checked_on,
            reference=reference,
            recorded_by=context.actor.code,
            recorded_at=context.at,
        )
    )


@dataclass(frozen=True, slots=True)
class ChecksOfLandlord:
    """What was recorded of a landlord before money leaves, newest first, and what the fund asks for."""

    landlord: str
    terms: Terms
    threshold_cents: int | None
    tax_checks: list[AnyRow]
    payee_checks: list[AnyRow]


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


def list_payee_checks(context: Context, landlord: str | None = None) -> list[AnyRow]:
    """Every word of a bank on a payee, oldest first, with the landlord and the version of the account."""
    context.actor.must_be(*access.READERS)
    statement = (
        select(_payee_check, _account.c.landlord, _account.c.version)
        .join(_account, _account.c.id == _payee_check.c.account_id)
        .order_by(_payee_check.c.id)
    )
    return list(context.run(_of(statement, _account.c.landlord, landlord)))


def list_tax_checks(context: Context, landlord: str | None = None) -> list[AnyRow]:
    """Every tax-debt check, oldest first."""
    context.actor.must_be(*access.READERS)
    return list(context.run(_of(select(_tax_check).order_by(_tax_check.c.id), _tax_check.c.landlord, landlord)))


def _of(statement: Select[Any], column: ColumnElement[Any], landlord: str | None) -> Select[Any]:
    return statement if landlord is None else statement.where(column == landlord)
