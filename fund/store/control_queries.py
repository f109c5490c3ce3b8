"""Set-based queries for the controls: what was checked, and whose person or account is known already."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlmodel import Session

from fund.store.queries import AnyRow
from fund.store.rows import blocks
from fund.store.tables import BankAccount, Household, Landlord, PayeeCheck, TaxCheck, table

_landlord, _household, _account = table(Landlord), table(Household), table(BankAccount)
_payee_check, _tax_check = table(PayeeCheck), table(TaxCheck)

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


def landlords_by_iban(session: Session) -> dict[str, set[str]]:
    """The landlords of each IBAN that is in use or proposed."""
    owners: dict[str, set[str]] = defaultdict(set)
    statement = select(_account.c.iban, _account.c.landlord).where(
        _account.c.iban.is_not(None), _account.c.state.not_in(("rejected", "replaced"))
    )
    for iban, landlord in session.connection().execute(statement):
        owners[iban].add(landlord)
    return owners
