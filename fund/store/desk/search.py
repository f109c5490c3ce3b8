"""Finding by code, and by what is known of a thing; one query for each kind of thing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import SQLColumnExpression, func, null, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from fund.domain.bank_views import line_name
from fund.store import rows
from fund.store.payouts.payments import mandate_numbers
from fund.store.tables import (
    Allocation,
    BankAccount,
    BankFile,
    BankLine,
    BankStatement,
    Closing,
    Contribution,
    Household,
    JournalEntry,
    Landlord,
    Lease,
    Payment,
    PaymentBatch,
    Run,
    Statement,
)

MAX_OF_A_KIND = 20
_NONE = null()


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its kind, its code, and what stands beside it. ``file`` belongs to lines and statements."""

    kind: str
    key: str
    state: str | None = None
    month: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class FileName:
    """A file of the bank and the name that it came with."""

    sha256: str
    name: str


def by_code(session: Session, code: str) -> Iterator[Hit]:
    """Everything whose code begins so."""
    yield from _by_code(session, code, "household", col(Household.code))
    yield from _by_code(session, code, "landlord", col(Landlord.code))
    yield from _by_code(session, code, "payment", col(Payment.code), state=col(Payment.state))
    batch_state, batch_month = col(PaymentBatch.state), col(PaymentBatch.run_month)
    yield from _by_code(session, code, "batch", col(PaymentBatch.code), state=batch_state, month=batch_month)
    yield from _by_code(session, code, "run", col(Run.month), state=col(Run.state))
    yield from _by_code(session, code, "closing", col(Closing.month))
    yield from _by_code(session, code, "allocation", col(Allocation.code))
    yield from _by_code(session, code, "statement", col(Statement.number), month=col(Statement.last_month))


def _by_code(
    session: Session,
    code: str,
    kind: str,
    key: Mapped[str],
    *,
    state: SQLColumnExpression[str | None] = _NONE,
    month: SQLColumnExpression[str | None] = _NONE,
) -> list[Hit]:
    chosen = select(key, state, month).where(key.startswith(code, autoescape=True)).order_by(key).limit(MAX_OF_A_KIND)
    return rows.fetch(session, lambda key, state, month: Hit(kind, key, state, month), chosen)


def contributions(session: Session, household: str, month: str) -> list[Hit]:
    """The last that was proposed of a household's month."""
    last = (
        select(col(Contribution.state))
        .where(col(Contribution.household) == household, col(Contribution.month) == month)
        .order_by(col(Contribution.id).desc())
        .limit(1)
    )
    return rows.fetch(session, lambda state: Hit("contribution", f"{household}-{month}", state, month), last)


def entries(session: Session, *, entry_hash: str, seq: int | None) -> list[Hit]:
    """The journal's entry with a hash or a number."""
    is_named = [col(JournalEntry.hash) == entry_hash]
    if seq is not None:
        is_named.append(col(JournalEntry.seq) == seq)
    found = select(col(JournalEntry.seq), col(JournalEntry.kind), col(JournalEntry.month)).where(or_(*is_named))
    return rows.fetch(session, lambda seq, kind, month: Hit("entry", str(seq), kind, month), found)


def bank_lines(session: Session, file_begins: str, ordinal: int) -> list[Hit]:
    """The lines at a place in the files whose sha256 begins so."""
    begins = col(BankLine.file_sha256).startswith(file_begins, autoescape=True)
    found = (
        select(col(BankLine.file_sha256), col(BankLine.ordinal), col(BankLine.matching))
        .where(begins, col(BankLine.ordinal) == ordinal)
        .limit(MAX_OF_A_KIND)
    )
    return rows.fetch(session, _line_hit, found)


def _line_hit(file: str, ordinal: int, matching: str) -> Hit:
    return Hit("bank line", line_name(file, ordinal), matching, file=file)


def bank_files(session: Session, *, name: str | None, begins: str | None) -> list[FileName]:
    """The files of the bank with a name, in whatever case, and those whose sha256 begins so."""
    is_named = []
    if name is not None:
        is_named.append(func.lower(col(BankFile.name)) == name)
    if begins is not None:
        is_named.append(col(BankFile.sha256).startswith(begins, autoescape=True))
    if not is_named:
        return []
    found = select(col(BankFile.sha256), col(BankFile.name)).where(or_(*is_named)).limit(MAX_OF_A_KIND)
    return rows.fetch(session, FileName, found)


def account_statements(session: Session, statement_id: str) -> list[Hit]:
    """The statements of an account with the bank's number."""
    found = (
        select(col(BankStatement.statement_id), col(BankStatement.state), col(BankStatement.file_sha256))
        .where(col(BankStatement.statement_id) == statement_id)
        .limit(MAX_OF_A_KIND)
    )
    return rows.fetch(session, lambda key, state, file: Hit("bank_statement", key, state, file=file), found)


def owners_of_iban(session: Session, iban: str) -> list[Hit]:
    """The landlords who have, or had, an account with an IBAN."""
    owners = select(col(BankAccount.landlord), col(BankAccount.state)).where(col(BankAccount.iban) == iban)
    owners = owners.order_by(col(BankAccount.version))
    return rows.fetch(session, lambda landlord, state: Hit("landlord", landlord, state), owners)


def owners_of_iban_end(session: Session, end: str) -> list[Hit]:
    """The landlords who have, or had, an account whose IBAN ends so."""
    owners = select(col(BankAccount.landlord), col(BankAccount.state)).where(
        rows.present(col(BankAccount.iban)).endswith(end, autoescape=True)
    )
    owners = owners.order_by(col(BankAccount.landlord), col(BankAccount.version)).limit(MAX_OF_A_KIND)
    return rows.fetch(session, lambda landlord, state: Hit("landlord", landlord, state), owners)


def of_tax_code(session: Session, tax_code: str) -> Iterator[Hit]:
    """The landlords and households with a tax code."""
    landlords = select(col(Landlord.code)).where(col(Landlord.tax_code) == tax_code)
    yield from rows.fetch(session, lambda code: Hit("landlord", code), landlords)
    households = select(col(Household.code)).where(col(Household.tax_code) == tax_code)
    yield from rows.fetch(session, lambda code: Hit("household", code), households)


def payments_of_amount(session: Session, amount_cents: int) -> list[Hit]:
    """The newest payments of an amount."""
    found = _PAYMENT.where(col(Payment.amount_cents) == amount_cents)
    found = found.order_by(col(Payment.code).desc()).limit(MAX_OF_A_KIND)
    return rows.fetch(session, lambda code, state, month: Hit("payment", code, state, month), found)


def payments_of_mandate(session: Session, number: int, *, list_format: str) -> list[tuple[Hit, datetime | None]]:
    """The payments with a mandate's number in some year, each with its sealing."""

    def found_at(code: str, state: str, month: str, at: datetime | None) -> tuple[Hit, datetime | None]:
        return Hit("payment", code, state, month), at

    numbered = mandate_numbers(list_format)
    found = _PAYMENT.add_columns(numbered.c.sealed_at).join(numbered, numbered.c.code == col(Payment.code))
    found = found.where(numbered.c.number == number).order_by(col(Payment.code))
    return rows.fetch(session, found_at, found)


_PAYMENT = select(col(Payment.code), col(Payment.state), col(Contribution.month)).join_from(
    Payment, Contribution, col(Contribution.id) == col(Payment.contribution_id)
)


def households_of_registration(session: Session, registration: str) -> list[Hit]:
    """The households with a lease that is registered so."""
    households = select(col(Lease.household)).where(col(Lease.registration) == registration).distinct()
    return rows.fetch(session, lambda household: Hit("household", household), households)
