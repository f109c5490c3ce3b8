"""Landlords, their accounts and contacts, what is checked about them, and the people behind them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.members import Internal
from fund.domain.states import AccountState, PaymentState
from fund.store import rows
from fund.store.projections.landlords import account_number as account_number
from fund.store.projections.landlords import account_version
from fund.store.tables import (
    BankAccount,
    Contribution,
    Household,
    JournalEntry,
    Landlord,
    Lease,
    PayeeCheck,
    Payment,
    Posting,
    TaxCheck,
)
from ledger import accounts as ledger_accounts
from ledger.codes import SYSTEM
from ledger.state import AccountVersion


def list_landlords(session: Session) -> list[Landlord]:
    """Every landlord, by code."""
    return rows.records(session, select(Landlord).order_by(col(Landlord.code)))


def names_by_code(session: Session) -> dict[str, str]:
    """The name of each landlord who is not erased, by code."""
    named = select(col(Landlord.code), rows.present(col(Landlord.name))).where(col(Landlord.name).is_not(None))
    return dict(rows.tuples(session, named))


def leases_of_landlord(session: Session, landlord: str) -> list[Lease]:
    """A landlord's leases."""
    return rows.records(session, select(Lease).where(col(Lease.landlord) == landlord))


def list_accounts(session: Session, landlord: str | None = None) -> list[BankAccount]:
    """Every version of every account, or of one landlord's, by landlord and age."""
    chosen = select(BankAccount).where(*rows.given((col(BankAccount.landlord), landlord)))
    return rows.records(session, chosen.order_by(col(BankAccount.landlord), col(BankAccount.version)))


def accounts_by_id(session: Session, accounts: Sequence[int]) -> dict[int, BankAccount]:
    """Some accounts."""
    found: dict[int, BankAccount] = {}
    for block in rows.blocks(accounts):
        chosen = select(BankAccount).where(col(BankAccount.id).in_(block))
        found |= {account.id: account for account in rows.records(session, chosen)}
    return found


def account_of(session: Session, landlord: str, account: int | None) -> BankAccount | None:
    """One of a landlord's accounts; where none is named, the newest that is not given up."""
    mine = select(BankAccount).where(col(BankAccount.landlord) == landlord)
    if account is None:
        mine = mine.where(col(BankAccount.state).in_(states.CURRENT_ACCOUNTS))
    else:
        mine = mine.where(col(BankAccount.id) == account)
    return rows.record(session, mine.order_by(col(BankAccount.version).desc()).limit(1))


def confirmable_versions(session: Session) -> set[tuple[str, int]]:
    """The accounts that are proposed or suspended, of landlords who are not erased: landlord and version."""
    confirmable = (
        select(col(BankAccount.landlord), col(BankAccount.version))
        .join_from(BankAccount, Landlord, col(Landlord.code) == col(BankAccount.landlord))
        .where(col(BankAccount.state).in_(states.sources(AccountState.CONFIRMED)), col(Landlord.erased_on).is_(None))
    )
    return set(rows.tuples(session, confirmable))


def live_account(session: Session, landlord: str) -> BankAccount | None:
    """The account that a landlord is paid to, or was before it was suspended."""
    live = (col(BankAccount.landlord) == landlord, col(BankAccount.state).in_(states.LIVE_ACCOUNTS))
    return rows.record(session, select(BankAccount).where(*live))


def read_version(session: Session, landlord: str, version: int) -> BankAccount:
    """A version of a landlord's account. Raises ``NotFound``."""
    return rows.get(session, BankAccount, account_number(session, landlord, version))


def live_iban(session: Session, landlord: str) -> str | None:
    """The IBAN that a landlord is paid to."""
    live = select(col(BankAccount.iban)).where(
        col(BankAccount.landlord) == landlord, col(BankAccount.state).in_(states.LIVE_ACCOUNTS)
    )
    return rows.scalar(session, live)


def last_version(session: Session, landlord: str) -> int:
    """The version of a landlord's newest account; nought before the first."""
    versions = select(func.max(col(BankAccount.version))).where(col(BankAccount.landlord) == landlord)
    return rows.scalar(session, versions) or 0


def landlords_by_iban(session: Session) -> dict[str, set[str]]:
    """The landlords of each IBAN that is in use or proposed."""
    owners: dict[str, set[str]] = defaultdict(set)
    current = select(rows.present(col(BankAccount.iban)), col(BankAccount.landlord)).where(
        col(BankAccount.iban).is_not(None), col(BankAccount.state).in_(states.CURRENT_ACCOUNTS)
    )
    for iban, landlord in rows.tuples(session, current):
        owners[iban].add(landlord)
    return owners


def confirmed_accounts(session: Session, accounts: Collection[int]) -> list[BankAccount]:
    """Those of some accounts that are in use, by number."""
    confirmed = (col(BankAccount.id).in_(accounts), col(BankAccount.state) == AccountState.CONFIRMED)
    return rows.records(session, select(BankAccount).where(*confirmed).order_by(col(BankAccount.id)))


def restore_accounts(session: Session, booked: Mapping[tuple[str, int], AccountVersion]) -> None:
    """Make the rows of accounts anew from what their acts say; the one in use last, since there is one at most."""
    for version, account in sorted(booked.items(), key=lambda one: one[1].state in states.LIVE_ACCOUNTS):
        values = rows.named(BankAccount, {**asdict(account), "state": AccountState(account.state)})
        rows.update_where(session, BankAccount, *account_version(*version), values=values)


def restore_iban(session: Session, landlord: str, version: int, iban: str) -> None:
    """Put the IBAN of a version of an account back."""
    rows.update_where(session, BankAccount, *account_version(landlord, version), values={BankAccount.iban: iban})


def agreed_accounts(session: Session) -> set[tuple[str, int]]:
    """The accounts that came with the agreement: landlord and version of each that the service proposed."""
    agreed = select(rows.present(col(JournalEntry.landlord)), rows.present(col(JournalEntry.account))).where(
        col(JournalEntry.kind) == "account-proposed", col(JournalEntry.prepared_by) == SYSTEM
    )
    return set(rows.tuples(session, agreed))


def account_fingerprint(session: Session, landlord: str, version: int) -> str | None:
    """The fingerprint under which a version of an account was proposed."""
    proposed = (
        col(JournalEntry.kind) == "account-proposed",
        col(JournalEntry.landlord) == landlord,
        col(JournalEntry.account) == version,
    )
    return rows.scalar(session, select(col(JournalEntry.fingerprint)).where(*proposed))


@dataclass(frozen=True, slots=True)
class BoundAccount:
    """A version of an account as its row has it, with the fingerprint under which it was proposed."""

    landlord: str
    version: int
    iban: str
    fingerprint: str | None


def current_accounts(session: Session) -> list[BoundAccount]:
    """Every account in use, or proposed for it, whose IBAN is known."""
    proposal = and_(
        col(JournalEntry.kind) == "account-proposed",
        col(JournalEntry.landlord) == col(BankAccount.landlord),
        col(JournalEntry.account) == col(BankAccount.version),
    )
    current = (
        select(
            col(BankAccount.landlord),
            col(BankAccount.version),
            rows.present(col(BankAccount.iban)),
            col(JournalEntry.fingerprint),
        )
        .select_from(BankAccount)
        .outerjoin(JournalEntry, proposal)
        .where(col(BankAccount.iban).is_not(None), col(BankAccount.state).in_(states.CURRENT_ACCOUNTS))
        .order_by(col(BankAccount.landlord), col(BankAccount.version))
    )
    return rows.fetch(session, BoundAccount, current)


@dataclass(frozen=True, slots=True)
class ConfirmedContact:
    """When the contact on file was confirmed, in place of the one before, and by whom."""

    confirmed_on: date
    confirmed_by: str | None


def confirmed_contact(session: Session, landlord: str) -> ConfirmedContact | None:
    """How the contact on file came there; nothing for the one of the registration."""
    confirmed = select(col(JournalEntry.booked_on), col(JournalEntry.approved_by)).where(
        col(JournalEntry.kind) == "landlord-contact",
        col(JournalEntry.landlord) == landlord,
        col(JournalEntry.contact) > 1,
    )
    return rows.fetch_one(session, ConfirmedContact, confirmed.order_by(col(JournalEntry.seq).desc()).limit(1))


def has_unsettled_months(session: Session, landlord: str) -> bool:
    """Whether a month of a landlord's is not over."""
    mine = select(col(Contribution.id)).where(
        col(Contribution.landlord) == landlord, col(Contribution.state).in_(states.UNSETTLED_CONTRIBUTIONS)
    )
    return rows.exists(session, mine)


def has_open_balance(session: Session, landlord: str) -> bool:
    """Whether the fund owes a landlord money, or a landlord owes it to the fund."""
    owed = (f"{ledger_accounts.LANDLORDS}:{landlord}", f"{ledger_accounts.RECOVERY}:{landlord}")
    balances = (
        select(col(Posting.account))
        .where(col(Posting.account).in_(owed))
        .group_by(col(Posting.account))
        .having(rows.total(col(Posting.amount_cents)) != 0)
    )
    return rows.exists(session, balances)


def has_running_lease(session: Session, landlord: str, day: date) -> bool:
    """Whether a lease of a landlord's has not ended before a day."""
    runs_on = or_(col(Lease.ends_on).is_(None), col(Lease.ends_on) >= day)
    return rows.exists(session, select(col(Lease.id)).where(col(Lease.landlord) == landlord, runs_on))


@dataclass(frozen=True, slots=True)
class PayeeCheckView:
    """What the bank said of the holder of one version of a landlord's account.

    It counts no more from ``lapsed_on`` on: the landlord has another name.
    """

    id: int
    account_id: Annotated[int, Internal()]
    landlord: str
    version: int
    result: str
    checked_on: date
    reference: str
    recorded_by: str
    recorded_at: datetime
    lapsed_on: date | None


_IS_CHECKED = and_(
    col(BankAccount.landlord) == col(PayeeCheck.landlord), col(BankAccount.version) == col(PayeeCheck.version)
)


def _pair(account: int, check: PayeeCheck) -> tuple[int, PayeeCheck]:
    return account, check


def list_payee_checks(session: Session, landlord: str | None = None) -> list[PayeeCheckView]:
    """Every check of a payee, or of one landlord's accounts, oldest first."""
    checks = (
        select(
            col(PayeeCheck.id),
            col(BankAccount.id),
            col(PayeeCheck.landlord),
            col(PayeeCheck.version),
            col(PayeeCheck.result),
            col(PayeeCheck.checked_on),
            col(PayeeCheck.reference),
            col(PayeeCheck.recorded_by),
            col(PayeeCheck.recorded_at),
            col(PayeeCheck.lapsed_on),
        )
        .join_from(PayeeCheck, BankAccount, _IS_CHECKED)
        .where(*rows.given((col(PayeeCheck.landlord), landlord)))
        .order_by(col(PayeeCheck.id))
    )
    return rows.fetch(session, PayeeCheckView, checks)


def latest_payee_checks(session: Session, accounts: Sequence[int]) -> dict[int, PayeeCheck]:
    """The latest result of Verification of Payee for each of some accounts, asked about the name now on file."""
    found: dict[int, PayeeCheck] = {}
    for block in rows.blocks(accounts):
        checks = (
            select(col(BankAccount.id), PayeeCheck)
            .join_from(PayeeCheck, BankAccount, _IS_CHECKED)
            .where(col(BankAccount.id).in_(block), col(PayeeCheck.lapsed_on).is_(None))
            .order_by(col(PayeeCheck.checked_on), col(PayeeCheck.id))
        )
        found |= dict(rows.fetch_joined(session, _pair, checks))
    return found


def forget_payee_checks(session: Session, landlord: str) -> None:
    """What the bank said of a landlord's former name counts no more in a batch that is not sealed."""
    accounts = select(col(BankAccount.id)).where(col(BankAccount.landlord) == landlord)
    unsealed = (col(Payment.account_id).in_(accounts), col(Payment.state) == PaymentState.PROPOSED)
    checked = (Payment.payee_result, Payment.payee_checked_on, Payment.payee_reference)
    rows.update_where(session, Payment, *unsealed, values=dict.fromkeys(checked))


def refer_payments(session: Session, landlord: str, reference: str | None) -> None:
    """A landlord's payments in batches that are not sealed are paid under another reference."""
    mine = select(col(Contribution.id)).where(col(Contribution.landlord) == landlord)
    unsealed = (col(Payment.contribution_id).in_(mine), col(Payment.state) == PaymentState.PROPOSED)
    rows.update_where(session, Payment, *unsealed, values={Payment.rf_reference: reference})


def list_tax_checks(session: Session, landlord: str | None = None) -> list[TaxCheck]:
    """Every tax-debt check, or of one landlord, oldest first."""
    checks = select(TaxCheck).where(*rows.given((col(TaxCheck.landlord), landlord)))
    return rows.records(session, checks.order_by(col(TaxCheck.id)))


def latest_tax_checks(session: Session) -> dict[str, TaxCheck]:
    """The latest tax-debt check of each landlord."""
    checks = select(TaxCheck).order_by(col(TaxCheck.checked_on), col(TaxCheck.id))
    return {check.landlord: check for check in rows.records(session, checks)}


@dataclass(frozen=True, slots=True)
class Person:
    """The person behind a household or a landlord, with the months of a household and whether its position is open."""

    code: str
    person: str
    tax_code: str | None
    months: int
    is_open: bool


def households_of(session: Session, person: str) -> list[Household]:
    """The households of a person, by fingerprint; an admission that was rejected or annulled never was one."""
    of_person = (col(Household.person) == person, ~col(Household.is_annulled))
    return rows.records(session, select(Household).where(*of_person).order_by(col(Household.code)))


def landlord_of(session: Session, person: str) -> str | None:
    """The landlord of a person, by fingerprint, who is not erased."""
    of_person = (col(Landlord.person) == person, col(Landlord.erased_on).is_(None))
    return rows.scalar(session, select(col(Landlord.code)).where(*of_person))


def list_people(session: Session) -> list[Person]:
    """The people behind the households, without those rejected or annulled, and behind the landlords not erased."""
    households = select(
        col(Household.code),
        col(Household.person),
        col(Household.tax_code),
        col(Household.months_used) + col(Household.months_committed),
        col(Household.exited_on).is_(None),
    ).where(~col(Household.is_annulled))
    landlords = select(col(Landlord.code), col(Landlord.person), col(Landlord.tax_code)).where(
        col(Landlord.erased_on).is_(None)
    )
    return [
        *rows.fetch(session, Person, households),
        *(Person(*landlord, 0, True) for landlord in rows.tuples(session, landlords)),
    ]
