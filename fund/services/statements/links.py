"""Personal links: how a landlord comes in without a password, and the sessions that links are exchanged for.

Of every secret only its sha256 is kept; the doors draw the secrets and show them once, or mail them.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, insert, select

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.domain.states import DeliveryState
from fund.services.context import Context
from fund.store.queries import AnyRow
from fund.store.tables import Delivery, Landlord, LandlordLink, LandlordSession, LinkRequest, table

_landlord, _request = table(Landlord), table(LinkRequest)
_link, _session, _delivery = table(LandlordLink), table(LandlordSession), table(Delivery)

SESSION_LIFE = timedelta(hours=12)
MAX_REQUESTS_WAITING = 1000
"""How many requests wait for the mail job at most: whoever asks for everybody's links fills no database."""


class NewLink(NamedTuple):
    """A link just made: its landlord, the language that they are written to, and when it expires."""

    id: str
    landlord: str
    language: str
    expires_at: datetime


def create_link(context: Context, *, landlord: str, link: str, secret: str, life: timedelta) -> NewLink:
    """Make a link for a landlord. ``link`` is its public id; of ``secret`` only the sha256 is kept.

    Raises ``NotFound`` for an unknown landlord.
    """
    context.actor.must_be(*access.FINANCE, access.SYSTEM_ROLE)
    language = context.get(Landlord, landlord).language
    expires_at = context.at + life
    context.run(
        insert(_link).values(
            id=link,
            landlord=landlord,
            secret_sha256=access.token_sha256(secret),
            created_by=context.actor.code,
            created_at=context.at,
            expires_at=expires_at,
        )
    )
    return NewLink(link, landlord, language, expires_at)


def list_links(context: Context, landlord: str) -> list[AnyRow]:
    """A landlord's links, newest first, without what is kept of their secrets."""
    context.actor.must_be(*access.READERS)
    context.get(Landlord, landlord)
    columns = [column for column in _link.c if column.name != "secret_sha256"]
    mine = select(*columns).where(_link.c.landlord == landlord)
    return list(context.run(mine.order_by(_link.c.created_at.desc(), _link.c.id)))


def list_reachable(context: Context) -> list[AnyRow]:
    """Every landlord with code, language and e-mail address, and how many ``links`` could still be used. Doors mask."""
    context.actor.must_be(*access.READERS)
    usable = and_(
        _link.c.landlord == _landlord.c.code,
        _link.c.used_at.is_(None),
        _link.c.revoked_at.is_(None),
        _link.c.expires_at > context.at,
    )
    counted = (
        select(_landlord.c.code, _landlord.c.language, _landlord.c.email, func.count(_link.c.id).label("links"))
        .outerjoin(_link, usable)
        .group_by(_landlord.c.code)
        .order_by(_landlord.c.code)
    )
    return list(context.run(counted))


def state_of(link: AnyRow, at: datetime) -> str:
    """What has become of a link: ``revoked``, ``used``, ``expired`` or ``usable``."""
    if link.revoked_at is not None:
        return "revoked"
    if link.used_at is not None:
        return "used"
    return "expired" if link.expires_at <= at else "usable"


def revoke_link(context: Context, link: str) -> None:
    """End a link, and every session that came of it. Twice is the same as once."""
    context.actor.must_be(*access.FINANCE)
    context.get(LandlordLink, link)
    _revoke(context, _link.c.id == link)


def forget_landlord(context: Context, landlord: str) -> None:
    """A landlord is being forgotten: every link and session ends, nothing more goes out, and no address stays."""
    _revoke(context, _link.c.landlord == landlord)
    mine = _delivery.c.landlord == landlord
    context.run(context.steps(_delivery, DeliveryState.CANCELLED, mine))
    context.run(_delivery.update().where(mine).values(address=None))


def move_landlord(context: Context, landlord: str, address: str) -> None:
    """A landlord has another e-mail address: every link and session of before ends, and what waits goes to the new one.

    A message that is just being sent is taken back like a claim that lapsed, so that it goes to the new address too;
    whatever the old one still gets holds a link that opens nothing.
    """
    _revoke(context, _link.c.landlord == landlord)
    mine = _delivery.c.landlord == landlord
    context.run(context.steps(_delivery, DeliveryState.QUEUED, mine, next_attempt_at=context.at))
    waiting = (mine, _delivery.c.state == "queued")
    context.run(_delivery.update().where(*waiting).values(address=address, link=None))


def _revoke(context: Context, condition: ColumnElement[bool]) -> None:
    ended = select(_link.c.id).where(condition)
    context.run(_link.update().where(condition, _link.c.revoked_at.is_(None)).values(revoked_at=context.at))
    context.run(
        _session.update().where(_session.c.link.in_(ended), _session.c.ended_at.is_(None)).values(ended_at=context.at)
    )


def exchange_link(context: Context, *, secret: str, session_secret: str) -> datetime:
    """Exchange a link, once, for a session. Returns the instant at which the session expires.

    Raises ``LinkNotUsable``, the same whether it is unknown, used, expired or revoked.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    mine = _link.c.secret_sha256 == access.token_sha256(secret)
    taken = context.run(
        _link.update()
        .where(mine, _link.c.used_at.is_(None), _link.c.revoked_at.is_(None), _link.c.expires_at > context.at)
        .values(used_at=context.at)
    )
    if taken.rowcount != 1:
        raise errors.LinkNotUsable()
    expires_at = context.at + SESSION_LIFE
    context.run(
        insert(_session).values(
            secret_sha256=access.token_sha256(session_secret),
            link=context.run(select(_link.c.id).where(mine)).scalar_one(),
            created_at=context.at,
            expires_at=expires_at,
        )
    )
    return expires_at


def session_bearer(context: Context, session_secret: str) -> Actor:
    """The landlord whose session it is. Raises ``NotAuthenticated`` unless it and its link are in force."""
    landlord = context.run(
        select(_link.c.landlord)
        .join(_session, _session.c.link == _link.c.id)
        .where(
            _session.c.secret_sha256 == access.token_sha256(session_secret),
            _session.c.ended_at.is_(None),
            _session.c.expires_at > context.at,
            _link.c.revoked_at.is_(None),
        )
    ).scalar()
    if landlord is None:
        raise errors.NotAuthenticated()
    return Actor(landlord, access.LANDLORD)


def end_session(context: Context, session_secret: str) -> None:
    """A landlord logs out. The link was used up before, so nothing opens any more."""
    context.actor.must_be(access.LANDLORD)
    kept = access.token_sha256(session_secret)
    mine = select(_link.c.id).where(_link.c.landlord == context.actor.code)
    context.run(
        _session.update()
        .where(_session.c.secret_sha256 == kept, _session.c.link.in_(mine), _session.c.ended_at.is_(None))
        .values(ended_at=context.at)
    )


def request_link(context: Context, address: str) -> None:
    """Somebody asks for a link with an e-mail address. What is done does not depend on whether anybody has it.

    Only its sha256 waits for the mail job, which looks for it: a stranger's address is not kept.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    asked = access.address_sha256(address)
    waiting = context.run(select(func.count()).select_from(_request)).scalar_one()
    known = context.run(select(_request.c.asked_at).where(_request.c.address_sha256 == asked)).first()
    if known is None and waiting < MAX_REQUESTS_WAITING:
        context.run(insert(_request).values(address_sha256=asked, asked_at=context.at))


def take_requests(context: Context) -> list[AnyRow]:
    """The landlords whose links were asked for: code, address and language. The requests are gone afterwards."""
    context.actor.must_be(access.SYSTEM_ROLE)
    asked = set(context.run(select(_request.c.address_sha256)).scalars())
    if not asked:
        return []
    context.run(_request.delete())
    on_file = select(_landlord.c.code, _landlord.c.email, _landlord.c.language).where(_landlord.c.email.is_not(None))
    return [row for row in context.run(on_file.order_by(_landlord.c.code)) if access.address_sha256(row.email) in asked]
