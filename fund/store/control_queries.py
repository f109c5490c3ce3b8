"""Set-based queries for the controls: what payees have coming, what was checked, what looks alike."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from fund.domain import states
from fund.store.queries import ALIVE, LEFT_CENTS, AnyRow, blocks
from fund.store.tables import (
    BankAccount,
    Contribution,
    Household,
    JournalEntry,
    Landlord,
    Lease,
    PayeeCheck,
    Payment,
    SetOff,
    TaxCheck,
    table,
)

_contribution, _lease, _landlord = table(Contribution), table(Lease), table(Landlord)
_household = table(Household)
_payment, _account, _entry = table(Payment), table(BankAccount), table(JournalEntry)
_payee_check, _tax_check, _set_off = table(PayeeCheck), table(TaxCheck), table(SetOff)

"""A month that is due and not ordered, whatever holds it back."""
PAID_TO = ("ordered", "sent", "settled")
_COUNTS = or_(_household.c.exited_on.is_(None), _household.c.months_used > 0)
"""A household whose person is taken, as the index ``one_household_of_a_person`` has it."""


def household_of(session: Session, tax_code: str) -> str | None:
    """The household whose person has a tax code; one that was closed without a month never was one."""
    statement = select(_household.c.code).where(_household.c.tax_code == tax_code, _COUNTS)
    return session.connection().execute(statement).scalar()


def landlord_of(session: Session, tax_code: str) -> str | None:
    """The landlord whose person has a tax code."""
    return session.connection().execute(select(_landlord.c.code).where(_landlord.c.tax_code == tax_code)).scalar()


def households_by_person(session: Session) -> list[AnyRow]:
    """Every household whose person is known and taken, with its counters and the end of its position."""
    statement = select(_household).where(_household.c.tax_code.is_not(None), _COUNTS)
    return list(session.connection().execute(statement))


def households_without_tax_code(session: Session) -> set[str]:
    """The households of which it is not known who they are."""
    statement = select(_household.c.code).where(_household.c.tax_code.is_(None))
    return set(session.connection().execute(statement).scalars())


def landlords_by_person(session: Session) -> list[AnyRow]:
    """Every landlord whose tax code is known."""
    statement = select(_landlord.c.code, _landlord.c.tax_code).where(_landlord.c.tax_code.is_not(None))
    return list(session.connection().execute(statement))


def coming_cents(session: Session, day: date) -> dict[str, int]:
    """What each landlord has coming: every due month that is not ordered, and all that was ordered on the day."""
    waiting = (
        select(_contribution.c.landlord, func.sum(LEFT_CENTS))
        .where(_contribution.c.state.in_(states.UNORDERED_CONTRIBUTIONS))
        .group_by(_contribution.c.landlord)
    )
    ordered = (
        select(_entry.c.landlord, func.sum(_payment.c.amount_cents))
        .join_from(_entry, _payment, _payment.c.code == _entry.c.payment)
        .where(_entry.c.kind == "order", _entry.c.booked_on == day, _payment.c.state.in_(PAID_TO))
        .group_by(_entry.c.landlord)
    )
    totals: dict[str, int] = defaultdict(int)
    for statement in (waiting, ordered):
        for landlord, cents in session.connection().execute(statement):
            totals[landlord] += int(cents)
    return totals


def months_to_set_off(session: Session) -> set[int]:
    """The months of which somebody proposes to keep something back."""
    proposed = select(_set_off.c.contribution_id).where(_set_off.c.state == "proposed")
    return set(session.connection().execute(proposed).scalars())


def latest_tax_checks(session: Session) -> dict[str, AnyRow]:
    """The latest tax-debt check of each landlord."""
    statement = select(_tax_check).order_by(_tax_check.c.checked_on, _tax_check.c.id)
    return {row.landlord: row for row in session.connection().execute(statement)}


def latest_payee_checks(session: Session, accounts: Sequence[int]) -> dict[int, AnyRow]:
    """The latest result of Verification of Payee for each of some accounts, asked about the name now on file."""
    found: dict[int, AnyRow] = {}
    for block in blocks(accounts):
        statement = (
            select(_payee_check)
            .where(_payee_check.c.account_id.in_(block), _payee_check.c.lapsed_on.is_(None))
            .order_by(_payee_check.c.checked_on, _payee_check.c.id)
        )
        found |= {row.account_id: row for row in session.connection().execute(statement)}
    return found


def accounts_by_id(session: Session, accounts: Sequence[int]) -> dict[int, AnyRow]:
    """Some accounts."""
    found: dict[int, AnyRow] = {}
    for block in blocks(accounts):
        rows = session.connection().execute(select(_account).where(_account.c.id.in_(block)))
        found |= {row.id: row for row in rows}
    return found


def accounts_paid_to(session: Session, accounts: Sequence[int]) -> set[int]:
    """Those of some accounts that an ordered payment went to and did not come back from."""
    found: set[int] = set()
    for block in blocks(accounts):
        statement = (
            select(_payment.c.account_id)
            .where(_payment.c.account_id.in_(block), _payment.c.state.in_(PAID_TO))
            .distinct()
        )
        found |= set(session.connection().execute(statement).scalars())
    return found


def landlords_by_iban(session: Session) -> dict[str, set[str]]:
    """The landlords of each IBAN that is in use or proposed."""
    owners: dict[str, set[str]] = defaultdict(set)
    statement = select(_account.c.iban, _account.c.landlord).where(
        _account.c.iban.is_not(None), _account.c.state.not_in(("rejected", "replaced"))
    )
    for iban, landlord in session.connection().execute(statement):
        owners[iban].add(landlord)
    return owners


def months_to_pay(session: Session, contributions: Sequence[int]) -> list[AnyRow]:
    """Some months with their contract, and the household's dearest whole month before each."""
    before = aliased(_contribution)
    highest = (
        select(func.max(before.c.amount_cents))
        .where(
            before.c.household == _contribution.c.household,
            before.c.month < _contribution.c.month,
            before.c.state.in_(("approved", "ordered", "settled")),
            before.c.formula.is_(None),
        )
        .correlate(_contribution)
        .scalar_subquery()
    )
    rows: list[AnyRow] = []
    for block in blocks(contributions):
        statement = (
            select(_contribution, _lease.c.registration, highest.label("highest_cents"))
            .outerjoin(_lease, _lease.c.id == _contribution.c.lease_id)
            .where(_contribution.c.id.in_(block))
        )
        rows += session.connection().execute(statement)
    return rows


def live_months(session: Session, months: Iterable[str]) -> list[AnyRow]:
    """Every live contribution of some calendar months with its contract."""
    statement = (
        select(
            _contribution.c.id,
            _contribution.c.household,
            _contribution.c.landlord,
            _contribution.c.month,
            _contribution.c.amount_cents,
            _lease.c.registration,
        )
        .outerjoin(_lease, _lease.c.id == _contribution.c.lease_id)
        .where(_contribution.c.month.in_(sorted(months)), ALIVE)
    )
    return list(session.connection().execute(statement))
