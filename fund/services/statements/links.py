"""Personal links: how a landlord comes in without a password, and the sessions that links are exchanged for.

Of every secret only its sha256 is kept; the doors draw the secrets and show them once, or mail them.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.services.context import Context
from fund.store import rows
from fund.store import statements as store
from fund.store.statements import LinkView as LinkView
from fund.store.statements import ReachableLandlord as ReachableLandlord
from fund.store.tables import Landlord, LandlordLink, LandlordSession, LinkRequest

SESSION_LIFE = timedelta(hours=12)
MAX_REQUESTS_WAITING = 1000
"""How many requests wait for the mail job at most: requests for every landlord's links do not fill the database."""


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
    rows.insert(
        context.session,
        LandlordLink(
            id=link,
            landlord=landlord,
            secret_sha256=access.token_sha256(secret),
            created_by=context.actor.code,
            created_at=context.at,
            expires_at=expires_at,
        ),
    )
    return NewLink(link, landlord, language, expires_at)


def list_links(context: Context, landlord: str) -> list[LinkView]:
    """A landlord's links, newest first, without what is kept of their secrets."""
    context.actor.must_be(*access.READERS)
    context.get(Landlord, landlord)
    return store.list_links(context.session, landlord, context.at)


def list_reachable(context: Context) -> list[ReachableLandlord]:
    """Every landlord with language and e-mail address, and how many links could still be used. Doors mask."""
    context.actor.must_be(*access.READERS)
    return store.list_reachable(context.session, context.at)


def revoke_link(context: Context, link: str) -> None:
    """End a link, and every session that came of it. Twice is the same as once."""
    context.actor.must_be(*access.FINANCE)
    context.get(LandlordLink, link)
    store.revoke_link(context.session, link, context.at)


def forget_landlord(context: Context, landlord: str) -> None:
    """A landlord is being forgotten: every link and session ends, nothing more goes out, and no address stays."""
    store.revoke_links_of(context.session, landlord, context.at)
    store.cancel_deliveries(context.session, landlord=landlord)


def move_landlord(context: Context, landlord: str, address: str) -> None:
    """A landlord has another e-mail address: every link and session of before ends, and what waits goes to the new one.

    A message that is just being sent is taken back like a claim that lapsed, so that it goes to the new address too;
    whatever the old one still gets holds a link that opens nothing.
    """
    store.revoke_links_of(context.session, landlord, context.at)
    store.redirect_deliveries(context.session, landlord, address, context.at)


def exchange_link(context: Context, *, secret: str, session_secret: str) -> datetime:
    """Exchange a link, once, for a session. Returns the instant at which the session expires.

    Raises ``LinkNotUsable``, the same whether it is unknown, used, expired or revoked.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    link = store.use_link(context.session, access.token_sha256(secret), context.at)
    if link is None:
        raise errors.LinkNotUsable()
    expires_at = context.at + SESSION_LIFE
    rows.insert(
        context.session,
        LandlordSession(
            secret_sha256=access.token_sha256(session_secret),
            link=link,
            created_at=context.at,
            expires_at=expires_at,
        ),
    )
    return expires_at


def session_bearer(context: Context, session_secret: str) -> Actor:
    """The landlord whose session it is. Raises ``NotAuthenticated`` unless it and its link are in force."""
    landlord = store.landlord_of_session(context.session, access.token_sha256(session_secret), context.at)
    if landlord is None:
        raise errors.NotAuthenticated()
    return Actor(landlord, access.LANDLORD)


def end_session(context: Context, session_secret: str) -> None:
    """A landlord logs out. The link was used up before, so nothing opens any more."""
    context.actor.must_be(access.LANDLORD)
    store.end_session(context.session, context.actor.code, access.token_sha256(session_secret), context.at)


def request_link(context: Context, address: str) -> None:
    """Queue a request for a link by an e-mail address. The work does not depend on whether the address is known.

    Only its sha256 waits for the mail job, which looks for it: a stranger's address is not kept.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    request = LinkRequest(address_sha256=access.address_sha256(address), asked_at=context.at)
    store.keep_request(context.session, request, MAX_REQUESTS_WAITING)


def take_requests(context: Context) -> list[Landlord]:
    """The landlords whose links were asked for. The requests are gone afterwards."""
    context.actor.must_be(access.SYSTEM_ROLE)
    requested = store.take_requests(context.session)
    if not requested:
        return []
    on_file = store.landlords_with_email(context.session)
    return [one for one in on_file if one.email and access.address_sha256(one.email) in requested]
