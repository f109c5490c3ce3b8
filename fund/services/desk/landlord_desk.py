"""Landlords as the desk shows them: each with its accounts, controls, leases, payments and what it gives back.

IBANs are masked here; name, tax code and contact are for the finance office alone (``Payee.person``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fund.domain import access
from fund.domain.identifiers import mask_iban
from fund.domain.proposals import ActName, ProposalFull
from fund.domain.states import AccountState
from fund.domain.views import LandlordBalance, PaymentView
from fund.services.context import Context
from fund.services.desk.proposals import proposals_about
from fund.services.landlords.checks import PayeeCheckView, list_payee_checks, list_tax_checks
from fund.services.money.balances import read_balances
from fund.services.money.recoveries import list_overpayments
from fund.services.money.set_offs import SetOffOptions, list_set_offs, read_options
from fund.store import landlords as store
from fund.store.households import LeaseView, leases_of
from fund.store.payouts.payments import payments_where
from fund.store.tables import BankAccount, Landlord, Overpayment, SetOff, TaxCheck

COOLING_OFF = "cooling-off"
_OF_INTEREST = (
    AccountState.CONFIRMED,
    AccountState.SUSPENDED,
    AccountState.PROPOSED,
    AccountState.REPLACED,
    AccountState.REJECTED,
)
"""Which of a landlord's accounts a list shows, the first of these."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """One version of an account. ``state`` is ``cooling-off`` while it is confirmed and not usable yet."""

    id: int
    landlord: str
    version: int
    iban: str | None
    state: str
    proposed_by: str
    proposed_on: date
    confirmed_by: str | None
    called_back_on: date | None
    usable_from: date | None


@dataclass(frozen=True, slots=True)
class LandlordRow:
    """A landlord in a list, with the account that counts and the money of its months."""

    code: str
    registered_on: date
    language: str
    account: AccountView | None
    proposed: bool
    balance: LandlordBalance


@dataclass(frozen=True, slots=True)
class Payee:
    """A landlord on one page. ``person`` holds the personal data; ``None`` for who may not see them."""

    row: LandlordRow
    person: Landlord | None
    rf_reference: str | None
    accounts: tuple[AccountView, ...]
    changes: tuple[ProposalFull, ...]
    payee_checks: tuple[PayeeCheckView, ...]
    tax_checks: tuple[TaxCheck, ...]
    leases: tuple[LeaseView, ...]
    payments: tuple[PaymentView, ...]
    overpayments: tuple[Overpayment, ...]
    set_offs: tuple[SetOff, ...]
    set_off_options: SetOffOptions


def list_payees(context: Context) -> list[LandlordRow]:
    """Every landlord, by code."""
    context.actor.must_be(*access.READERS)
    return _rows(context, store.list_landlords(context.session))


def list_masked_accounts(context: Context) -> list[AccountView]:
    """Every version of every account, by landlord and age."""
    context.actor.must_be(*access.READERS)
    return _views(context, store.list_accounts(context.session))


def view_payee(context: Context, landlord: str) -> Payee:
    """One landlord. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    row = context.get(Landlord, landlord)
    return Payee(
        row=_rows(context, [row])[0],
        person=row if context.actor.role in access.FINANCE else None,
        rf_reference=row.rf_reference,
        accounts=tuple(_views(context, reversed(store.list_accounts(context.session, landlord)))),
        changes=tuple(proposals_about(context, ActName.CONTACT, landlord)),
        payee_checks=tuple(reversed(list_payee_checks(context, landlord))),
        tax_checks=tuple(reversed(list_tax_checks(context, landlord))),
        leases=tuple(_leases(context, landlord)),
        payments=tuple(reversed(payments_where(context.session, landlord=landlord))),
        overpayments=tuple(list_overpayments(context, landlord=landlord)),
        set_offs=tuple(list_set_offs(context, landlord=landlord)),
        set_off_options=read_options(context, landlord),
    )


def _rows(context: Context, landlords: list[Landlord]) -> list[LandlordRow]:
    one = landlords[0].code if len(landlords) == 1 else None
    accounts: dict[str, list[AccountView]] = {}
    for account in _views(context, store.list_accounts(context.session, one)):
        accounts.setdefault(account.landlord, []).append(account)
    balances = {balance.code: balance for balance in read_balances(context).landlords}
    return [
        LandlordRow(
            code=row.code,
            registered_on=row.registered_on,
            language=row.language,
            account=_current(accounts.get(row.code, [])),
            proposed=any(account.state == AccountState.PROPOSED for account in accounts.get(row.code, [])),
            balance=balances.get(row.code, LandlordBalance(row.code, 0, 0)),
        )
        for row in landlords
    ]


def _current(accounts: list[AccountView]) -> AccountView | None:
    """The account that is paid to, or would be; the newest of its state."""
    states: list[str] = [COOLING_OFF, *_OF_INTEREST]
    return min(accounts, key=lambda account: (states.index(account.state), -account.version), default=None)


def _views(context: Context, rows: Iterable[BankAccount]) -> list[AccountView]:
    return [
        AccountView(
            id=row.id,
            landlord=row.landlord,
            version=row.version,
            iban=mask_iban(row.iban),
            state=COOLING_OFF if _is_cooling(row, context.day) else row.state,
            proposed_by=row.proposed_by,
            proposed_on=row.proposed_on,
            confirmed_by=row.confirmed_by,
            called_back_on=row.called_back_on,
            usable_from=row.usable_from,
        )
        for row in rows
    ]


def _is_cooling(row: BankAccount, day: date) -> bool:
    return row.state == AccountState.CONFIRMED and row.usable_from is not None and row.usable_from > day


def _leases(context: Context, landlord: str) -> list[LeaseView]:
    households = {lease.household for lease in store.leases_of_landlord(context.session, landlord)}
    return [lease for lease in leases_of(context.session, households) if lease.landlord == landlord]
