"""Lines of bank files: which of them count, which wait, and which are for a person."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session

from fund.domain import states
from fund.store.queries import AnyRow
from fund.store.tables import BankFile, BankLine, BankStatement, table

_file, _line, _statement = table(BankFile), table(BankLine), table(BankStatement)


def with_statement(statement: Select[Any]) -> Select[Any]:
    """The lines of a select with the statement in which each stands, if it stands in one."""
    same = and_(_statement.c.file_sha256 == _line.c.file_sha256, _statement.c.ordinal == _line.c.statement)
    return statement.outerjoin_from(_line, _statement, same)


def counts() -> ColumnElement[bool]:
    """The condition that a line stands in no statement, or in one that was accepted; of a select ``with_statement``."""
    return or_(_line.c.statement.is_(None), _statement.c.state == "accepted")


def is_open() -> ColumnElement[bool]:
    """The condition that a line is for a person: nothing was made of it, and nobody has resolved it."""
    return and_(_line.c.verdict.in_(states.OPEN_LINES), _line.c.resolved_as.is_(None), counts())


def waiting(session: Session) -> list[AnyRow]:
    """The lines that may have come too early, in the order in which they came."""
    statement = (
        with_statement(select(_line))
        .join(_file, _file.c.sha256 == _line.c.file_sha256)
        .where(_line.c.verdict.in_(states.WAITING_LINES), is_open())
        .order_by(_file.c.received_at, _line.c.file_sha256, _line.c.ordinal)
    )
    return list(session.connection().execute(statement))


def open_lines(session: Session) -> list[AnyRow]:
    """The lines that are for a person, the oldest movement first."""
    statement = (
        with_statement(select(_line)).where(is_open()).order_by(_line.c.bank_date, _line.c.file_sha256, _line.c.ordinal)
    )
    return list(session.connection().execute(statement))
