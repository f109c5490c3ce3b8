"""Messages to landlords, as rows with a state: queued in the transaction that wants them, sent after it by a job.

A message is claimed, and the claim committed, before it is sent; what became of it is recorded afterwards. A claim that
nobody answered for lapses, and the message is sent again under the same Message-ID: at least once, told in decision 19.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, update

from fund.domain import access, errors, rules
from fund.domain.states import DeliveryState
from fund.domain.texts import Said
from fund.domain.views import IssuedStatement
from fund.services.context import Context
from fund.services.statements import links, statements
from fund.services.statements.statements import Renderer
from fund.store.queries import AnyRow
from fund.store.tables import Delivery, JournalEntry, Landlord, LandlordLink, Statement, table
from ledger.months import Month

_delivery, _landlord, _statement = table(Delivery), table(Landlord), table(Statement)
_link, _entry = table(LandlordLink), table(JournalEntry)

MAX_STATEMENTS_AT_ONCE = 50
"""How many statements one call issues: drawing them takes a while, and every other writer waits meanwhile."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """What one call queued, and whom it left out and why; ``left`` landlords wait for the next call."""

    queued: tuple[int, ...]
    skipped: tuple[tuple[str, str], ...]
    left: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to be sent now by whoever claimed it: a statement, or where there is none, a link until ``expires_at``.

    ``attempt`` tells this claim from an earlier one.
    """

    id: int
    attempt: int
    address: str
    language: str
    city: str
    fund_name: str
    at: datetime
    statement: IssuedStatement | None
    expires_at: datetime | None


def send_statements(
    context: Context, render: Renderer, *, first: Month, last: Month, limit: int = MAX_STATEMENTS_AT_ONCE
) -> Mailing:
    """Issue the statement of a period to every landlord who has something new in it, and queue it.

    Asked again it queues the next ``limit``, and in the end nothing: a landlord who was sent the same is left out.
    Raises ``InvalidInput`` for a period that ends before it begins.
    """
    context.actor.must_be(*access.FINANCE)
    if last < first:
        raise errors.InvalidInput([{"path": "to", "message": Said("is before the month in which the period begins")}])
    news, told = _news(context, first, last), _told(context, first, last)
    skipped, waiting = [], []
    for row in context.run(_landlord.select().order_by(_landlord.c.code)):
        reason = _why_not(row, news, told)
        if reason is None:
            waiting.append(row)
        else:
            skipped.append((row.code, reason))
    queued = []
    for row in waiting[:limit]:
        issued = statements.issue_statement(context, render, landlord=row.code, first=first, last=last)
        queued.append(_queue(context, row, language=issued.language, statement=issued.number))
    return Mailing(tuple(queued), tuple(skipped), max(0, len(waiting) - limit))


def _why_not(landlord: AnyRow, news: dict[str, int], told: dict[str, int]) -> str | None:
    if landlord.code not in news:
        return "nothing-to-tell"
    if told.get(landlord.code, 0) >= news[landlord.code]:
        return "nothing-new"
    return "no-address" if landlord.email is None else None


def _news(context: Context, first: Month, last: Month) -> dict[str, int]:
    """The number of each landlord's last entry about months of a period."""
    statement = (
        select(_entry.c.landlord, func.max(_entry.c.seq).label("seq"))
        .where(statements.tells_landlords(first, last), _entry.c.landlord.is_not(None))
        .group_by(_entry.c.landlord)
    )
    return {row.landlord: row.seq for row in context.run(statement)}


def _told(context: Context, first: Month, last: Month) -> dict[str, int]:
    """The number of the last entry known to what each landlord was sent about a period."""
    statement = (
        select(_statement.c.landlord, func.max(_entry.c.seq).label("seq"))
        .join(_delivery, _delivery.c.statement == _statement.c.number)
        .join(_entry, _entry.c.hash == _statement.c.chain_head)
        .where(_statement.c.first_month == str(first), _statement.c.last_month == str(last))
        .group_by(_statement.c.landlord)
    )
    return {row.landlord: row.seq for row in context.run(statement)}


def send_statement(context: Context, number: str, *, reason: str | None = None) -> int:
    """Queue one statement to the address now on file: the first time, or with a ``reason`` once more.

    The delivery before it must have ended. Raises ``NotFound``, ``StateNotAllowed`` while the statement is still on its
    way, and ``InvalidInput`` for a further copy without a reason, for an unknown one, or where no address is on file.
    """
    context.actor.must_be(*access.FINANCE)
    if reason is not None:
        rules.check_reason(reason, rules.RESEND_REASONS)
    issued, last = context.get(Statement, number), _last_of(context, number)
    if last is not None and last.state in ("queued", "sending"):
        raise errors.StateNotAllowed("delivery", str(last.id), last.state, "queued")
    if last is not None and reason is None:
        raise errors.InvalidInput([{"path": "reason", "message": Said("is needed to send a statement once more")}])
    landlord = _reachable(context, issued.landlord)
    copy_number = 0 if last is None else last.copy_number + 1
    return _queue(context, landlord, language=issued.language, statement=number, copy_number=copy_number, reason=reason)


def queue_link(context: Context, landlord: str) -> int:
    """Queue a personal link for a landlord; its secret is drawn when it is sent, and kept nowhere.

    Raises ``NotFound``, and ``InvalidInput`` where no address is on file.
    """
    context.actor.must_be(*access.FINANCE)
    row = _reachable(context, landlord)
    return _queue(context, row, language=row.language)


def queue_requested_links(context: Context) -> int:
    """Queue a link for every landlord who asked for one, unless one is on its way. Returns how many were queued."""
    asked = links.take_requests(context)
    recent = select(_delivery.c.landlord).where(
        _delivery.c.statement.is_(None),
        or_(
            _delivery.c.state.in_(("queued", "sending")),
            _delivery.c.queued_at > context.at - rules.LINK_PAUSE,
        ),
    )
    on_its_way = set(context.run(recent).scalars()) if asked else set()
    chosen = [row for row in asked if row.code not in on_its_way]
    for row in chosen:
        _queue(context, row, language=row.language)
    return len(chosen)


def _last_of(context: Context, number: str) -> AnyRow | None:
    mine = _delivery.select().where(_delivery.c.statement == number)
    return context.run(mine.order_by(_delivery.c.copy_number.desc()).limit(1)).one_or_none()


def _reachable(context: Context, landlord: str) -> Landlord:
    row = context.get(Landlord, landlord)
    if row.email is None:
        raise errors.InvalidInput([{"path": "landlord", "message": Said("has no e-mail address on file")}])
    return row


def _queue(context: Context, landlord: AnyRow, *, language: str, **values: Any) -> int:
    return context.insert(
        Delivery(
            landlord=landlord.code,
            language=language,
            address=landlord.email,
            state=DeliveryState.QUEUED,
            queued_by=context.actor.code,
            queued_at=context.at,
            next_attempt_at=context.at,
            **values,
        )
    )


def lapse_claims(context: Context) -> None:
    """Give back what was claimed and never answered for: its sender died, before or after it was sent."""
    context.actor.must_be(access.SYSTEM_ROLE)
    context.run(
        context.steps(
            _delivery, DeliveryState.QUEUED, _delivery.c.claimed_at <= context.at - rules.MAIL_CLAIM_LIFE
        ).where(_delivery.c.state == "sending")
    )


def claim_delivery(context: Context, *, link: str, secret: str, life: timedelta) -> Claimed | None:
    """Take the message that is due the longest for oneself; ``None`` when nothing is due.

    A message that brings a link has it made here, of ``secret``; a later attempt makes the same link anew.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    due = select(_delivery).where(_delivery.c.state == "queued", _delivery.c.next_attempt_at <= context.at)
    row = context.run(due.order_by(_delivery.c.next_attempt_at, _delivery.c.id).limit(1)).one_or_none()
    if row is None:
        return None
    claim = {Delivery.claimed_at: context.at, Delivery.attempts: row.attempts + 1}
    context.step(Delivery, row.id, DeliveryState.SENDING, claim)
    fund = context.fund()
    return Claimed(
        id=row.id,
        attempt=row.attempts + 1,
        address=row.address,
        language=row.language,
        city=fund.city,
        fund_name=fund.name,
        at=context.at,
        statement=statements.read_statement(context, row.statement) if row.statement else None,
        expires_at=None if row.statement else _link_for(context, row, link=link, secret=secret, life=life),
    )


def _link_for(context: Context, delivery: AnyRow, *, link: str, secret: str, life: timedelta) -> datetime:
    if delivery.link is None:
        made = links.create_link(context, landlord=delivery.landlord, link=link, secret=secret, life=life)
        context.run(update(_delivery).where(_delivery.c.id == delivery.id).values(link=link))
        return made.expires_at
    expires_at = context.at + life
    anew = {"secret_sha256": access.token_sha256(secret), "expires_at": expires_at}
    context.run(update(_link).where(_link.c.id == delivery.link).values(**anew))
    return expires_at


def record_sent(context: Context, claimed: Claimed, *, via: str, code: int | None) -> None:
    """A message went out. Nothing happens where the claim has lapsed or the landlord was forgotten meanwhile."""
    _answer(context, claimed, DeliveryState.SENT, sent_at=context.at, via=via, last_code=code, last_failure=None)


def record_failure(context: Context, claimed: Claimed, *, failure: str, code: int | None, is_permanent: bool) -> None:
    """A message did not go out: it waits for its next attempt, or it failed for good and waits for a person."""
    pause = None if is_permanent else rules.mail_pause(claimed.attempt)
    told = {"last_code": code, "last_failure": failure}
    if pause is None:
        _answer(context, claimed, DeliveryState.FAILED, **told)
    else:
        _answer(context, claimed, DeliveryState.QUEUED, next_attempt_at=context.at + pause, **told)


def _answer(context: Context, claimed: Claimed, state: DeliveryState, **values: object) -> None:
    context.actor.must_be(access.SYSTEM_ROLE)
    mine = (_delivery.c.id == claimed.id, _delivery.c.state == "sending", _delivery.c.attempts == claimed.attempt)
    context.run(context.steps(_delivery, state, *mine, **values))


def list_deliveries(
    context: Context, *, landlord: str | None = None, state: str | None = None, after: int = 0, limit: int | None = 100
) -> list[AnyRow]:
    """The messages, newest first; ``after`` is the number of the last one shown. Doors mask the addresses.

    Without a ``limit``, all of them.
    """
    context.actor.must_be(*access.READERS)
    period = (_statement.c.first_month, _statement.c.last_month)
    chosen = select(_delivery, *period).outerjoin(_statement, _statement.c.number == _delivery.c.statement)
    for column, value in ((_delivery.c.landlord, landlord), (_delivery.c.state, state)):
        if value is not None:
            chosen = chosen.where(column == value)
    if after:
        chosen = chosen.where(_delivery.c.id < after)
    return list(context.run(chosen.order_by(_delivery.c.id.desc()).limit(limit)))


def read_delivery(context: Context, delivery: int) -> AnyRow:
    """One message as a list shows it. Raises ``NotFound``."""
    found = list_deliveries(context, after=delivery + 1, limit=1)
    if not found or found[0].id != delivery:
        raise errors.NotFound("delivery", str(delivery))
    return found[0]


class PostView(NamedTuple):
    """A page of messages, and how many there are in each state."""

    rows: list[AnyRow]
    counts: dict[str, int]


def view_post(context: Context, *, state: str | None, after: int, limit: int) -> PostView:
    """The messages as ``list_deliveries`` gives them, with the number of messages by state."""
    rows = list_deliveries(context, state=state, after=after, limit=limit)
    counted = context.run(select(_delivery.c.state, func.count().label("rows")).group_by(_delivery.c.state))
    return PostView(rows, {row.state: row.rows for row in counted})


def forgotten_deliveries(context: Context) -> Iterable[int]:
    """The messages whose addressee was forgotten: what was written of them goes too."""
    context.actor.must_be(access.SYSTEM_ROLE)
    return context.run(select(_delivery.c.id).where(_delivery.c.address.is_(None))).scalars().all()
