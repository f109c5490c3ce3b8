"""Statements of the city's account: kept with their file, compared with what came before, decided where they clash.

Whether a statement fits those beside it is worked out whenever somebody looks, since the missing one may still come.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from itertools import groupby, pairwise

from sqlalchemy import and_, insert, not_, select

from fund.bank.port import BankEntry, BankMessage, BankStatement
from fund.bank.readers.values import names_account
from fund.domain import access, errors
from fund.domain.bank_views import AccountStatement
from fund.domain.identifiers import mask_iban
from fund.domain.states import BankStatementState
from fund.services.banking.judging import judge_waiting
from fund.services.context import Context
from fund.store.queries import AnyRow
from fund.store.tables import BankStatement as StatementRow
from fund.store.tables import Treasury, table
from ledger.money import format_cents

_statement, _treasury = table(StatementRow), table(Treasury)

_JOURNAL = "OPI giornale di cassa"
CHAINED = ("camt.053", "MT940", _JOURNAL)
"""The series whose statements follow each other without gaps; reports and notifications overlap as they like."""
_PLACE = ("ordinal", "line")

Place = tuple[str, int]
"""Where a statement stands: its file, and its place there."""


def series_of(message_format: str) -> str:
    """The kind of message behind a format: ``camt.053`` for ``camt.053.001.08``."""
    return message_format[:8] if message_format.startswith("camt.05") else message_format


def fingerprint(statement: BankStatement) -> str:
    """A digest of everything that a statement says, but for where in its file it says it."""
    head = [statement.number, statement.currency, statement.opening_cents, statement.closing_cents]
    days = [statement.first_day, statement.last_day]
    names = [field.name for field in fields(BankEntry) if field.name not in _PLACE]
    lines = [[getattr(entry, name) for name in names] for entry in statement.entries]
    return sha256(json.dumps([head, days, lines], default=str).encode()).hexdigest()


def keep_statements(context: Context, message: BankMessage, file: str) -> dict[int, str]:
    """Keep the statements of a file. Returns the state of each by its place, from 1.

    The same statement again is ``repeated``; one of the same id that says something else is ``disputed``, one of an
    account that is not the city's ``foreign``.
    """
    if not message.statements:
        return {}
    series, own = series_of(message.format), context.run(select(_treasury.c.iban)).scalar()
    is_alone = len(message.statements) == 1
    accounts = [_account_of(statement, series, own, is_alone=is_alone) for statement in message.statements]
    known = _known(context, series, set(accounts))
    rows, kept = [], {}
    for place, (statement, account) in enumerate(zip(message.statements, accounts, strict=True), 1):
        digest = fingerprint(statement)
        seen = known.setdefault((account, statement.id), set())
        state = "accepted" if not seen else "repeated" if digest in seen else "disputed"
        is_coded = series == _JOURNAL and statement.iban is None
        if own is not None and account != own and not is_coded:
            state = "foreign"
        seen.add(digest)
        kept[place] = state
        rows.append(
            {
                "file_sha256": file,
                "ordinal": place,
                "account": account,
                "series": series,
                "statement_id": statement.id,
                "number": statement.number,
                "currency": statement.currency,
                "opening_cents": statement.opening_cents,
                "closing_cents": statement.closing_cents,
                "first_day": statement.first_day,
                "last_day": statement.last_day,
                "created_at": message.created_at,
                "fingerprint": digest,
                "state": state,
            }
        )
    context.run(insert(_statement), rows)
    return kept


def _account_of(statement: BankStatement, series: str, own: str | None, *, is_alone: bool) -> str:
    """The IBAN of the account, or the bank's code where that does not name the city's account.

    A CSV names none. A treasurer's journal has codes of its own (conti di evidenza), which no IBAN contains: where it
    has one alone, that is the city's.
    """
    if statement.iban is not None or own is None:
        return statement.iban or statement.account or ""
    code = statement.account
    return own if code is None or names_account(code, own) or (is_alone and series == _JOURNAL) else code


def _known(context: Context, series: str, accounts: set[str]) -> dict[tuple[str, str], set[str]]:
    """What the statements kept before say, by account and id; what a person rejected is not among them."""
    rows = context.run(
        select(_statement.c.account, _statement.c.statement_id, _statement.c.fingerprint).where(
            _statement.c.series == series, _statement.c.account.in_(accounts), _statement.c.state != "rejected"
        )
    )
    known: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        known.setdefault((row.account, row.statement_id), set()).add(row.fingerprint)
    return known


def decide_statement(context: Context, file: str, ordinal: int, *, accept: bool) -> None:
    """A person decides what the service would not: a statement that clashes with another, or is of another account.

    Accepted, it takes the place of the one with its id, and its lines are judged; what was booked stays booked.
    Rejected, nothing of it counts. Raises ``NotFound`` and ``StateNotAllowed``.
    """
    context.actor.must_be(access.APPROVER)
    mine = (_statement.c.file_sha256 == file, _statement.c.ordinal == ordinal)
    row = context.run(select(_statement).where(*mine)).one_or_none()
    key = f"{file}/{ordinal}"
    if row is None:
        raise errors.NotFound("bank_statement", key)
    to = BankStatementState.ACCEPTED if accept else BankStatementState.REJECTED
    decision = {"decided_by": context.actor.code, "decided_at": context.at}
    moved = context.run(context.steps(_statement, to, *mine, **decision))
    if moved.rowcount != 1:
        raise errors.StateNotAllowed("bank_statement", key, row.state, to)
    if accept:
        same = [_statement.c[name] == row._mapping[name] for name in ("account", "series", "statement_id")]
        context.run(context.steps(_statement, BankStatementState.REPLACED, *same, not_(and_(*mine))))
        judge_waiting(context)


def statements_of(context: Context, file: str) -> tuple[AccountStatement, ...]:
    """The statements of a file in their order, each with what does not fit those beside it."""
    rows = context.run(select(_statement).where(_statement.c.file_sha256 == file).order_by(_statement.c.ordinal)).all()
    beside = accepted(context, {row.account for row in rows if row.series in CHAINED})
    return tuple(_views(rows, misfits(beside)))


def list_account_statements(context: Context, *, state: str | None = None) -> list[AccountStatement]:
    """Every statement of an account that was kept, the newest first, or those of one state."""
    context.actor.must_be(*access.READERS)
    rows = context.run(
        select(_statement)
        .where(*([_statement.c.state == state] if state else []))
        .order_by(_statement.c.last_day.desc(), _statement.c.account, _statement.c.statement_id)
    ).all()
    found = misfits(accepted(context, {row.account for row in rows if row.series in CHAINED}))
    return list(_views(rows, found))


def _views(rows: Iterable[AnyRow], found: Mapping[Place, tuple[str, ...]]) -> Iterator[AccountStatement]:
    for row in rows:
        yield AccountStatement(
            file=row.file_sha256,
            ordinal=row.ordinal,
            account=mask_iban(row.account) if row.state == "foreign" else row.account,
            series=row.series,
            id=row.statement_id,
            number=row.number,
            opening_cents=row.opening_cents,
            closing_cents=row.closing_cents,
            first_day=row.first_day,
            last_day=row.last_day,
            state=row.state,
            warnings=found.get((row.file_sha256, row.ordinal), ()),
            decided_by=row.decided_by,
        )


def accepted(context: Context, accounts: Collection[str] | None = None) -> list[AnyRow]:
    """The accepted statements that should follow each other, by account and series, each series in order of time."""
    conditions = [] if accounts is None else [_statement.c.account.in_(accounts)]
    rows = context.run(
        select(_statement).where(_statement.c.state == "accepted", _statement.c.series.in_(CHAINED), *conditions)
    )
    return sorted(rows, key=lambda row: (*_chain(row), row.last_day or date.min, row.number or 0, row.statement_id))


def _chain(row: AnyRow) -> tuple[str, str]:
    return row.account, row.series


def misfits(rows: Iterable[AnyRow]) -> dict[Place, tuple[str, ...]]:
    """What is missing before a statement: a number of the series, or money between one closing and the next opening."""
    found = {}
    for _, chain in groupby(rows, key=_chain):
        for before, after in pairwise(chain):
            told = tuple(_misfits(before, after))
            if told:
                found[after.file_sha256, after.ordinal] = told
    return found


def _misfits(before: AnyRow, after: AnyRow) -> Iterator[str]:
    if before.number is not None and after.number is not None:
        begins_anew = after.number < before.number and after.number <= 1
        if not begins_anew and after.number not in (before.number, before.number + 1):
            yield f"number-gap {before.number}-{after.number}"
    if None not in (before.closing_cents, after.opening_cents) and before.closing_cents != after.opening_cents:
        yield f"balance-gap {format_cents(before.closing_cents)}/{format_cents(after.opening_cents)}"
