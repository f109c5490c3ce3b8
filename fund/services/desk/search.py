"""Finding anything by its code, or by what is known of it; one query for each kind of thing, whatever was typed.

An IBAN and a lease's registration are found whole only, and by the finance office only: nobody can grope for them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from fund.domain import access
from fund.services.banking.answers import shown_name
from fund.services.context import Context
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
    table,
)

MAX_LENGTH = 80
MAX_OF_A_KIND = 20
_LINE = re.compile(r"([0-9a-f]{8,64})/([1-9][0-9]{0,8})", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{6,64}", re.ASCII)
_HOUSEHOLD_MONTH = re.compile(r"(N[0-9]{2,6})-([0-9]{4}-[0-9]{2})", re.ASCII)
_SEQ = re.compile(r"#?([1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its kind, its code, and what stands beside it. ``file`` belongs to lines and statements."""

    kind: str
    key: str
    state: str | None = None
    month: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed, as each kind needs it."""

    whole: str
    code: str
    """In capitals, without spaces."""


def search(context: Context, text: str) -> list[Hit]:
    """Everything that is named so, exact codes before beginnings of codes. An empty text finds nothing."""
    context.actor.must_be(*access.READERS)
    whole = text.strip()[:MAX_LENGTH]
    if not whole:
        return []
    typed = _Typed(whole, re.sub(r"\s+", "", whole).upper())
    kinds = (*_KINDS, *(_PRIVATE if context.actor.role in access.FINANCE else ()))
    found = {(hit.kind, hit.key, hit.file): hit for kind in kinds for hit in kind(context, typed)}
    return sorted(found.values(), key=lambda hit: hit.key.upper() != typed.code)


def _contributions(context: Context, typed: _Typed) -> Iterator[Hit]:
    """A household's month, by the name that the books give it: ``N01-2022-05``."""
    match = _HOUSEHOLD_MONTH.fullmatch(typed.code)
    if match is None:
        return
    found = table(Contribution)
    mine = found.c.household == match[1], found.c.month == match[2]
    for row in context.run(select(found.c.state).where(*mine).order_by(found.c.id.desc()).limit(1)):
        yield Hit("contribution", typed.code, row.state, match[2])


def _by_code(model: type[Any], kind: str, name: str = "code", **columns: str) -> Callable[..., Iterator[Hit]]:
    """Things whose code begins with what was typed."""
    found = table(model)
    column, more = found.c[name], [found.c[source].label(target) for target, source in columns.items()]

    def find(context: Context, typed: _Typed) -> Iterator[Hit]:
        chosen = select(column.label("key"), *more).where(column.startswith(typed.code, autoescape=True))
        for row in context.run(chosen.order_by(column).limit(MAX_OF_A_KIND)):
            yield Hit(kind, row.key, **{target: row._mapping[target] for target in columns})

    return find


def _entries(context: Context, typed: _Typed) -> Iterator[Hit]:
    entry = table(JournalEntry)
    match = _SEQ.fullmatch(typed.whole)
    conditions: list[ColumnElement[bool]] = [entry.c.hash == typed.whole.lower()]
    if match is not None:
        conditions.append(entry.c.seq == int(match[1]))
    for row in context.run(select(entry.c.seq, entry.c.kind, entry.c.month).where(or_(*conditions))):
        yield Hit("entry", str(row.seq), row.kind, row.month)


def _files(context: Context, typed: _Typed) -> Iterator[Hit]:
    file, line = table(BankFile), table(BankLine)
    low = typed.whole.lower()
    match = _LINE.fullmatch(low)
    if match is not None:
        begins = line.c.file_sha256.startswith(match[1], autoescape=True)
        chosen = select(line.c.file_sha256, line.c.ordinal, line.c.verdict)
        for row in context.run(chosen.where(begins, line.c.ordinal == int(match[2])).limit(MAX_OF_A_KIND)):
            yield Hit("bank line", f"{row.file_sha256[:12]}/{row.ordinal}", row.verdict, file=row.file_sha256)
    names: list[ColumnElement[bool]] = []
    if context.actor.role in access.FINANCE:
        names.append(func.lower(file.c.name) == low)
    if _SHA256.fullmatch(low):
        names.append(file.c.sha256.startswith(low, autoescape=True))
    for row in context.run(select(file.c.sha256, file.c.name).where(or_(false(), *names)).limit(MAX_OF_A_KIND)):
        yield Hit("bank file", shown_name(context, row), file=row.sha256)


def _account_statements(context: Context, typed: _Typed) -> Iterator[Hit]:
    statement = table(BankStatement)
    chosen = select(statement.c.statement_id, statement.c.state, statement.c.file_sha256)
    for row in context.run(chosen.where(statement.c.statement_id == typed.whole).limit(MAX_OF_A_KIND)):
        yield Hit("bank_statement", row.statement_id, row.state, file=row.file_sha256)


def _ibans(context: Context, typed: _Typed) -> Iterator[Hit]:
    account = table(BankAccount)
    owners = select(account.c.landlord, account.c.state).where(account.c.iban == typed.code).order_by(account.c.version)
    for row in context.run(owners):
        yield Hit("landlord", row.landlord, row.state)


def _registrations(context: Context, typed: _Typed) -> Iterator[Hit]:
    lease = table(Lease)
    for row in context.run(select(lease.c.household).where(lease.c.registration == typed.code).distinct()):
        yield Hit("household", row.household)


_KINDS = (
    _by_code(Household, "household"),
    _by_code(Landlord, "landlord"),
    _by_code(Payment, "payment", state="state"),
    _by_code(PaymentBatch, "batch", state="state", month="run_month"),
    _by_code(Run, "run", "month", state="state"),
    _by_code(Closing, "closing", "month"),
    _by_code(Allocation, "allocation"),
    _by_code(Statement, "statement", "number", month="last_month"),
    _contributions,
    _entries,
    _files,
    _account_statements,
)
_PRIVATE = (_ibans, _registrations)
