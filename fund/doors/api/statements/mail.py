"""What goes to landlords: statements by e-mail with what became of them, and personal links."""

from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import Query

from fund.domain.members import Whole
from fund.doors.api.answers import After, Items, Page, RevokedJson, page_of
from fund.doors.api.routes import Routes
from fund.doors.deliveries import DeliveryJson
from fund.doors.http.fields import LandlordCode, LinkId, StatementNumber, StateName
from fund.doors.http.inputs import MailingInput, SendingInput
from fund.doors.http.requests import Installation
from fund.doors.http.schema import JsonOf
from fund.doors.jobs import mailing
from fund.doors.rendering import render_statement
from fund.services.context import Context
from fund.services.statements import deliveries, links
from fund.services.statements.deliveries import Mailing
from fund.services.statements.links import LinkView

routes = Routes()
MAX_PAGE = 500


class NewLinkJson(NamedTuple):
    """A link. Its address is told once: the answer to the same request again has null in its place."""

    id: str
    landlord: str
    address: Annotated[str | None, Whole("told once, to be handed over")]
    expires_at: datetime


@routes.read("/deliveries", "The messages to landlords, newest first", "deliveries")
def list_deliveries(
    context: Context,
    landlord: LandlordCode | None = None,
    state: StateName | None = None,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
) -> Page[JsonOf[DeliveryJson]]:
    """Each with its state: waiting, sent, or not delivered and why. Addresses are partly hidden."""
    rows = deliveries.list_deliveries(context, landlord=landlord, state=state, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.id)


@routes.create("/deliveries", "Send the statements of a period", "deliveries")
def send_statements(context: Context, body: MailingInput) -> JsonOf[Mailing]:
    """Issued and queued for every landlord who has something new in it; the mail job sends them."""
    return deliveries.send_statements(context, render_statement, **body.facts())


@routes.create("/statements/{number}/deliveries", "Send a statement", "deliveries")
def send_statement(context: Context, number: StatementNumber, body: SendingInput) -> JsonOf[DeliveryJson]:
    """To the address now on file: the first time, or with a reason once more, when the delivery before it has ended."""
    delivery = deliveries.send_statement(context, number, reason=body.reason)
    return deliveries.read_delivery(context, delivery)


@routes.read("/landlords/{landlord}/links", "A landlord's personal links", "links")
def list_links(context: Context, landlord: LandlordCode) -> Items[JsonOf[LinkView]]:
    """Newest first, without anything that opens."""
    return {"items": links.list_links(context, landlord)}


@routes.create("/landlords/{landlord}/links", "Create a personal link", "links", once="address")
def create_link(context: Context, settings: Installation, landlord: LandlordCode) -> JsonOf[NewLinkJson]:
    """To hand over. Its address is told once and kept nowhere; it opens once."""
    made, address = mailing.create_link(context, landlord, settings, settings.address)
    return NewLinkJson(made.id, landlord, address, made.expires_at)


@routes.create("/landlords/{landlord}/links/mail", "Send a personal link by e-mail", "links")
def mail_link(context: Context, landlord: LandlordCode) -> JsonOf[DeliveryJson]:
    """To the address on file; the link is made when it is sent."""
    return deliveries.read_delivery(context, deliveries.queue_link(context, landlord))


@routes.write("/links/{link}/revoke", "End a link", "links")
def revoke_link(context: Context, link: LinkId) -> RevokedJson:
    """And every session that came of it."""
    links.revoke_link(context, link)
    return {"id": link, "revoked": True}
