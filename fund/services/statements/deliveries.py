"""Messages as rows with a state: queued in the transaction that wants them, sent after it by a job.

A message is claimed, and the claim committed, before it is sent; what became of it is recorded afterwards. A claim that
was never confirmed lapses, and the message is sent again under the same Message-ID: at least once, told in decision 19.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from fund.domain import access, errors, lists, rules, states
from fund.domain.lists import UnsentReason, UserNotice
from fund.domain.states import DeliveryState
from fund.domain.texts import Message
from fund.domain.views import IssuedStatement
from fund.services.context import Context
from fund.services.messages import queue_message
from fund.services.statements import links, statements
from fund.services.statements.statements import Renderer
from fund.store import rows
from fund.store import statements as store
from fund.store.landlords import list_landlords
from fund.store.rows import Values
from fund.store.tables import Delivery as Delivery
from fund.store.tables import Landlord, LandlordLink, Statement
from ledger.months import Month

MAX_STATEMENTS_AT_ONCE = 50
"""How many statements one call issues: drawing them takes a while, and every other writer waits meanwhile."""


class Skipped(NamedTuple):
    """A landlord who was sent nothing, and why."""

    landlord: str
    reason: UnsentReason


@dataclass(frozen=True, slots=True)
class Mailing:
    """What was queued, by the numbers of the deliveries, and who was left out; ask again while any are ``left``."""

    queued: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    left: int


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """What a user or a landlord is told: of what, about which codes, done by whom, and when; ``to`` is their code."""

    notice: UserNotice
    to: str
    about: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that was claimed to be sent now; ``attempt`` tells this claim from an earlier one.

    It brings a notice, a statement, the head at a ``closing``, or a link until ``expires_at``.
    """

    id: int
    attempt: int
    address: str
    language: str
    city: str
    fund_name: str
    at: datetime
    notice: ClaimedNotice | None
    statement: IssuedStatement | None
    closing: Month | None
    expires_at: datetime | None


def send_statements(
    context: Context, render: Renderer, *, first: Month, last: Month, limit: int = MAX_STATEMENTS_AT_ONCE
) -> Mailing:
    """Issue the statement of a period to every landlord who has something new in it, and queue it.

    Asked again it queues the next ``limit``, and in the end nothing: a landlord who was sent the same is left out.
    Raises ``InvalidInput`` for a period that ends before it begins.
    """
    context.actor.must_be(*access.FINANCE)
    rules.check_period(first, last)
    news = store.last_entries(context.session, first, last)
    sent = store.last_entries_sent(context.session, first, last)
    skipped, waiting = [], []
    for landlord in list_landlords(context.session):
        reason = _why_not(landlord, news, sent)
        if reason is None:
            waiting.append(landlord)
        else:
            skipped.append(Skipped(landlord.code, reason))
    queued = []
    for landlord in waiting[:limit]:
        issued = statements.issue_statement(context, render, landlord=landlord.code, first=first, last=last)
        queued.append(
            queue_message(
                context,
                landlord=landlord.code,
                address=landlord.email,
                language=issued.language,
                statement=issued.number,
            )
        )
    return Mailing(tuple(queued), tuple(skipped), max(0, len(waiting) - limit))


def _why_not(landlord: Landlord, news: Mapping[str, int], sent: Mapping[str, int]) -> UnsentReason | None:
    if landlord.code not in news:
        return UnsentReason.NOTHING_TO_TELL
    if sent.get(landlord.code, 0) >= news[landlord.code]:
        return UnsentReason.NOTHING_NEW
    return UnsentReason.NO_ADDRESS if landlord.email is None else None


def send_statement(context: Context, number: str, *, reason: str | None = None) -> int:
    """Queue one statement to the address now on file: the first time, or with a ``reason`` once more.

    The delivery before it must have ended. Raises ``NotFound``, ``StateNotAllowed`` while the statement is still on its
    way, and ``InvalidInput`` for a further copy without a reason, for an unknown one, or where no address is on file.
    """
    context.actor.must_be(*access.FINANCE)
    if reason is not None:
        rules.check_reason(reason, lists.ResendReason)
    issued = context.get(Statement, number)
    last = next(iter(store.deliveries_of(context.session, number)), None)
    if last is not None and last.state in states.ON_THEIR_WAY:
        raise errors.StateNotAllowed("delivery", str(last.id), last.state, "queued")
    if last is not None and reason is None:
        raise errors.InvalidInput([{"path": "reason", "message": Message("is needed to send a statement once more")}])
    landlord = _reachable(context, issued.landlord)
    copy_number = 0 if last is None else last.copy_number + 1
    return queue_message(
        context,
        landlord=landlord.code,
        address=landlord.email,
        language=issued.language,
        statement=number,
        copy_number=copy_number,
        reason=reason,
    )


def queue_link(context: Context, landlord: str) -> int:
    """Queue a personal link for a landlord; its secret is drawn when it is sent, and kept nowhere.

    Raises ``NotFound``, and ``InvalidInput`` where no address is on file.
    """
    context.actor.must_be(*access.FINANCE)
    row = _reachable(context, landlord)
    return queue_message(context, landlord=row.code, address=row.email, language=row.language)


def queue_requested_links(context: Context) -> int:
    """Queue a link for every landlord who asked for one, unless one is on its way. Returns how many were queued."""
    requested = links.take_requests(context)
    if not requested:
        return 0
    on_its_way = store.landlords_with_link_on_its_way(context.session, context.at - rules.LINK_PAUSE)
    chosen = [landlord for landlord in requested if landlord.code not in on_its_way]
    for landlord in chosen:
        queue_message(context, landlord=landlord.code, address=landlord.email, language=landlord.language)
    return len(chosen)


def _reachable(context: Context, landlord: str) -> Landlord:
    row = context.get(Landlord, landlord)
    if row.email is None:
        raise errors.InvalidInput([{"path": "landlord", "message": Message("has no e-mail address on file")}])
    return row


def queue_heads(context: Context, closing: Month) -> None:
    """Queue a message to each auditor of the agreement: the head of the chain at a closing."""
    fund = context.fund()
    for address in fund.auditors.split(",") if fund.auditors else ():
        queue_message(context, address=address, language=fund.language, closing=str(closing))


def lapse_claims(context: Context) -> None:
    """Queue again what was claimed and never answered for: its sender died, before or after it was sent."""
    context.actor.must_be(access.SYSTEM_ROLE)
    store.lapse_claims(context.session, context.at - rules.MAIL_CLAIM_LIFE)


def claim_notice(context: Context) -> Claimed | None:
    """Take the message to a user that is due the longest for oneself; ``None`` when none is due."""
    delivery = _claim(context, to_users=True)
    if delivery is None:
        return None
    return _claimed(context, delivery, notice=_told(delivery))


def _told(delivery: Delivery) -> ClaimedNotice:
    assert delivery.notice is not None and delivery.about is not None, "what a user is sent is a notice"
    to = delivery.user or delivery.landlord
    assert to is not None, "a notice is a user's or a landlord's"
    return ClaimedNotice(delivery.notice, to, delivery.about, delivery.queued_by, delivery.queued_at)


def claim_delivery(context: Context, *, link: str, secret: str, life: timedelta) -> Claimed | None:
    """Take the message to a landlord that is due the longest for oneself; ``None`` when none is due.

    A message that brings a link has it made here, of ``secret``; a later attempt makes the same link anew.
    """
    delivery = _claim(context, to_users=False)
    if delivery is None:
        return None
    if delivery.closing is not None:
        return _claimed(context, delivery)
    if delivery.notice is not None:
        return _claimed(context, delivery, notice=_told(delivery))
    if delivery.statement is None:
        expires_at = _link_for(context, delivery, link=link, secret=secret, life=life)
        return _claimed(context, delivery, expires_at=expires_at)
    return _claimed(context, delivery, statement=statements.read_statement(context, delivery.statement))


def _claim(context: Context, *, to_users: bool) -> Delivery | None:
    context.actor.must_be(access.SYSTEM_ROLE)
    delivery = store.next_delivery(context.session, context.at, to_users=to_users)
    if delivery is not None:
        claim = {Delivery.claimed_at: context.at, Delivery.attempts: delivery.attempts + 1}
        context.step(Delivery, delivery.id, DeliveryState.SENDING, claim)
    return delivery


def _claimed(
    context: Context,
    delivery: Delivery,
    *,
    notice: ClaimedNotice | None = None,
    statement: IssuedStatement | None = None,
    expires_at: datetime | None = None,
) -> Claimed:
    assert delivery.address is not None, "what is queued has its address"
    fund = context.fund()
    return Claimed(
        id=delivery.id,
        attempt=delivery.attempts + 1,
        address=delivery.address,
        language=delivery.language,
        city=fund.city,
        fund_name=fund.name,
        at=context.at,
        notice=notice,
        statement=statement,
        closing=None if delivery.closing is None else Month.parse(delivery.closing),
        expires_at=expires_at,
    )


def _link_for(context: Context, delivery: Delivery, *, link: str, secret: str, life: timedelta) -> datetime:
    assert delivery.landlord is not None, "a link is a landlord's"
    if delivery.link is None:
        made = links.create_link(context, landlord=delivery.landlord, link=link, secret=secret, life=life)
        rows.change(context.session, Delivery, delivery.id, {Delivery.link: link})
        return made.expires_at
    expires_at = context.at + life
    anew = {LandlordLink.secret_sha256: access.token_sha256(secret), LandlordLink.expires_at: expires_at}
    rows.change(context.session, LandlordLink, delivery.link, anew)
    return expires_at


def record_sent(context: Context, claimed: Claimed, *, via: str, code: int | None) -> None:
    """A message went out. Nothing happens where the claim has lapsed or the landlord was forgotten meanwhile."""
    sent = {
        Delivery.sent_at: context.at,
        Delivery.via: via,
        Delivery.last_code: code,
        Delivery.last_failure: None,
    }
    _end_attempt(context, claimed, DeliveryState.SENT, sent)


def record_failure(context: Context, claimed: Claimed, *, failure: str, code: int | None, is_permanent: bool) -> None:
    """A message did not go out: it waits for its next attempt, or it failed for good and waits for a person."""
    pause = None if is_permanent else rules.mail_pause(claimed.attempt)
    failed: Values = {Delivery.last_code: code, Delivery.last_failure: failure}
    if pause is None:
        _end_attempt(context, claimed, DeliveryState.FAILED, failed)
    else:
        again = {**failed, Delivery.next_attempt_at: context.at + pause}
        _end_attempt(context, claimed, DeliveryState.QUEUED, again)


def _end_attempt(context: Context, claimed: Claimed, to: DeliveryState, values: Values) -> None:
    context.actor.must_be(access.SYSTEM_ROLE)
    store.end_attempt(context.session, claimed.id, claimed.attempt, to, values)


def list_deliveries(
    context: Context, *, landlord: str | None = None, state: str | None = None, after: int = 0, limit: int | None = 100
) -> list[Delivery]:
    """The messages, newest first; ``after`` is the number of the last one shown. Doors mask the addresses.

    Without a ``limit``, all of them.
    """
    context.actor.must_be(*access.READERS)
    return store.list_deliveries(context.session, landlord=landlord, state=state, after=after, limit=limit)


def read_delivery(context: Context, delivery: int) -> Delivery:
    """One message. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return context.get(Delivery, delivery)


class DeliveriesView(NamedTuple):
    """A page of messages, and how many there are in each state."""

    rows: list[Delivery]
    counts: dict[DeliveryState, int]


def view_deliveries(context: Context, *, state: str | None, after: int, limit: int) -> DeliveriesView:
    """The messages as ``list_deliveries`` gives them, with the number of messages by state."""
    page = list_deliveries(context, state=state, after=after, limit=limit)
    return DeliveriesView(page, store.count_deliveries(context.session))


def forgotten_deliveries(context: Context) -> Iterable[int]:
    """The messages whose addressee was forgotten: what was written of them goes too."""
    context.actor.must_be(access.SYSTEM_ROLE)
    return store.forgotten_deliveries(context.session)
