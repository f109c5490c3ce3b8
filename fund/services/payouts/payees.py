"""Who is paid by the lines of a run or a batch, as the reader is to see it."""

from collections.abc import Iterable

from fund.domain import access
from fund.domain.views import PayeeView
from fund.services.context import Context
from fund.store.payouts.payments import BatchPayment
from fund.store.payouts.runs import ListedMonth

Row = ListedMonth | BatchPayment


def payee_of(context: Context, row: Row, *, in_full: bool) -> PayeeView:
    """Who is paid by a line: the name for the finance office, the IBAN whole where it is shown ``in_full``."""
    account = row.account
    return PayeeView(
        name=row.landlord.name if context.actor.role in access.FINANCE else None,
        whole_iban=account.iban if in_full and account is not None else None,
        account_version=None if account is None else account.version,
        account_since=None if account is None else account.usable_from,
        account_proposed_by=None if account is None else account.proposed_by,
        account_confirmed_by=None if account is None else account.confirmed_by,
        called_back_on=None if account is None else account.called_back_on,
        lease_since=row.lease.starts_on,
        lease_recorded_by=row.lease.recorded_by,
    )


def disclose_payees(context: Context, kind: str, key: str, rows: Iterable[Row], *, is_waiting: bool) -> bool:
    """Whether the payees of a list are shown in full: to an approver, while the list waits for one. It is noted."""
    is_shown = is_waiting and context.actor.role == access.APPROVER
    if is_shown:
        accounts = (row.account for row in rows)
        context.disclose(kind, key, ((account.landlord, account.version) for account in accounts if account))
    return is_shown
