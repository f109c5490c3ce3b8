"""What a bank says of payees (Verification of Payee) becomes the checks of their accounts."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from fund.bank.port import BankMessage
from fund.clock import day_in_rome
from fund.domain import controls, states
from fund.domain.controls import PayeeResult
from fund.services.banking.claims import scope_of
from fund.services.context import Context
from fund.services.landlords.checks import record_payee_check
from fund.store import landlords
from fund.store.payouts.payments import PaymentRow, payments_by_code, payments_in_batch

_CONFIRMS_LEAST: Final = (PayeeResult.MATCH, PayeeResult.NOT_AVAILABLE, PayeeResult.CLOSE_MATCH, PayeeResult.NO_MATCH)


def record_results(context: Context, message: BankMessage, file: str) -> None:
    """Record what a status report says of each payee, also of those that it only counts as matches.

    The same answer told again is one check. A check is of the account's version that the payment names.
    """
    results = dict(_results(context, message))
    if not results:
        return
    told_on = day_in_rome(message.created_at) if message.created_at is not None else context.day
    said = (min(told_on, context.day), _reference(message, file))
    found = payments_by_code(context.session, results)
    accounts = {row.account.id: row.account for row in found.values() if row.account is not None}
    latest = landlords.latest_payee_checks(context.session, sorted(accounts))
    known = {key: (check.result, check.checked_on, check.reference) for key, check in latest.items()}
    for account, result in _by_account(found, results).items():
        row = accounts[account]
        if row.state in states.CURRENT_ACCOUNTS and known.get(account) != (result, *said):
            checked_on, reference = said
            record_payee_check(
                context,
                landlord=row.landlord,
                account=account,
                result=result,
                checked_on=checked_on,
                reference=reference,
            )


def _by_account(found: Mapping[str, PaymentRow], results: Mapping[str, PayeeResult]) -> dict[int, PayeeResult]:
    """One result an account: of several payments to it the one that confirms least."""
    of_accounts: dict[int, PayeeResult] = {}
    for payment, row in sorted(found.items()):
        if row.account is not None:
            both = {results[payment], of_accounts.get(row.account.id, PayeeResult.MATCH)}
            of_accounts[row.account.id] = max(both, key=_CONFIRMS_LEAST.index)
    return of_accounts


def _results(context: Context, message: BankMessage) -> Iterator[tuple[str, PayeeResult]]:
    """The result of each payment: its own, or that of the part or group that lists it not."""
    listed = {one.payment: one.payee_result for one in message.statuses if one.payment is not None}
    for status in message.statuses:
        if status.payment is None and (status.payee_result or status.payee_matches):
            members = payments_in_batch(context.session, scope_of(status))
            unlisted = [payment for payment in members if payment not in listed]
            is_counted = status.payee_matches == len(unlisted)
            result = status.payee_result or (PayeeResult.MATCH if is_counted else None)
            yield from ((payment, result) for payment in unlisted if result is not None)
    yield from ((payment, result) for payment, result in listed.items() if result is not None)


def _reference(message: BankMessage, file: str) -> str:
    """The bank's id of the message where it has the form of one, else the file's own."""
    told = message.message_id or ""
    return told if re.fullmatch(controls.REFERENCE, told) else file[:12]
