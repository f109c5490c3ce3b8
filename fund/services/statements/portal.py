"""What a landlord sees who came by a personal link: their own position and statements, and nothing of anybody else."""

from collections.abc import Iterator

from sqlalchemy import func, select

from fund.clock import day_in_rome
from fund.domain import access, errors
from fund.domain.views import IssuedLine, PortalView
from fund.services.context import Context
from fund.services.statements import statements
from fund.store.tables import Landlord, Posting, Statement, table
from ledger import accounts
from ledger.months import Month

_landlord, _statement, _posting = table(Landlord), table(Statement), table(Posting)


def read_position(context: Context) -> PortalView:
    """The landlord's months from the agreement until today, what is to be recovered, and the statements issued."""
    landlord = _me(context)
    fund = context.fund()
    now = statements.draw_view(
        context,
        fund,
        landlord,
        number="",
        first=Month.of(fund.agreement_date),
        last=Month.of(min(context.day, fund.activities_end)),
    )
    to_recover = select(func.sum(_posting.c.amount_cents)).where(_posting.c.account == accounts.recovery(landlord.code))
    return PortalView(
        language=landlord.language,
        now=now,
        to_recover_cents=int(context.run(to_recover).scalar() or 0),
        statements=tuple(_issued(context, landlord.code)),
    )


def _issued(context: Context, landlord: str) -> Iterator[IssuedLine]:
    kept = _statement.c
    mine = select(kept.number, kept.first_month, kept.last_month, kept.language, kept.issued_at).where(
        kept.landlord == landlord
    )
    for row in context.run(mine.order_by(kept.number.desc())):
        yield IssuedLine(
            number=row.number,
            first_month=Month.parse(row.first_month),
            last_month=Month.parse(row.last_month),
            language=row.language,
            issued_on=day_in_rome(row.issued_at),
        )


def own_statement_pdf(context: Context, number: str) -> bytes:
    """A statement of one's own as it was issued. Somebody else's is answered like one that there is not."""
    landlord = _me(context)
    mine = select(_statement.c.pdf).where(_statement.c.number == number, _statement.c.landlord == landlord.code)
    pdf = context.run(mine).scalar()
    if pdf is None:
        raise errors.NotFound("statement", number)
    return bytes(pdf)


def _me(context: Context) -> Landlord:
    context.actor.must_be(access.LANDLORD)
    return context.get(Landlord, context.actor.code)
