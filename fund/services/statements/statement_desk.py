"""Issued statements as the desk shows them: each with what became of it on the way to its landlord."""

from dataclasses import dataclass

from sqlalchemy import func, select

from fund.domain import access
from fund.domain.views import IssuedStatement
from fund.services.context import Context
from fund.services.statements import statements
from fund.store.queries import AnyRow
from fund.store.tables import Delivery, Landlord, Statement, table

_landlord, _statement, _delivery = table(Landlord), table(Statement), table(Delivery)

NOT_SENT = "not-sent"
"""The state of a statement that was issued and never queued: drawn by a command or a program, or handed over."""


@dataclass(frozen=True, slots=True)
class IssuedView:
    """A statement on one page, with every message that brought it. ``person`` is for the finance office alone."""

    issued: IssuedStatement
    deliveries: tuple[AnyRow, ...]
    person: AnyRow | None

    @property
    def state(self) -> str:
        """That of the last message."""
        return self.deliveries[0].state if self.deliveries else NOT_SENT

    @property
    def is_on_its_way(self) -> bool:
        """Whether a message with it has not ended yet."""
        return self.state in ("queued", "sending")


def list_issued(
    context: Context, *, landlord: str | None = None, before: str | None = None, limit: int | None = 100
) -> list[AnyRow]:
    """The statements issued, newest first, with the ``state`` of the last message; those under ``before``.

    Without a ``limit``, all of them.
    """
    context.actor.must_be(*access.READERS)
    last = (
        select(_delivery.c.statement, func.max(_delivery.c.copy_number).label("copy_number"))
        .group_by(_delivery.c.statement)
        .subquery()
    )
    is_last = (_delivery.c.statement == last.c.statement) & (_delivery.c.copy_number == last.c.copy_number)
    columns = [column for column in _statement.c if column.name not in ("html", "pdf", "json")]
    chosen = (
        select(*columns, func.coalesce(_delivery.c.state, NOT_SENT).label("state"))
        .outerjoin(last, last.c.statement == _statement.c.number)
        .outerjoin(_delivery, is_last)
    )
    if landlord is not None:
        chosen = chosen.where(_statement.c.landlord == landlord)
    if before is not None:
        chosen = chosen.where(_statement.c.number < before)
    return list(context.run(chosen.order_by(_statement.c.number.desc()).limit(limit)))


def view_issued(context: Context, number: str) -> IssuedView:
    """One statement. Raises ``NotFound``."""
    issued = statements.read_statement(context, number)
    brought = _delivery.select().where(_delivery.c.statement == number).order_by(_delivery.c.copy_number.desc())
    return IssuedView(
        issued=issued,
        deliveries=tuple(context.run(brought)),
        person=context.get(Landlord, issued.landlord) if context.actor.role in access.FINANCE else None,
    )
