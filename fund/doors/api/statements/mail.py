"""What goes to landlords: statements by e-mail with what became of them, and personal links."""

from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import Response

from fund.domain.members import Whole
from fund.doors.api.answers import Items, Page, RevokedJson
from fund.doors.api.openapi import FILTERS, LOOKS_UP, WRITES
from fund.doors.deliveries import DeliveryJson
from fund.doors.http.fields import MAX_ID, LandlordCode, LinkId, StatementNumber, StateName
from fund.doors.http.inputs import MailingInput, SendingInput
from fund.doors.http.requests import GuardedRoute, Read, Write, transactional
from fund.doors.http.schema import Shown
from fund.doors.jobs.mailing import link_address, link_life, new_link
from fund.doors.rendering import render_statement
from fund.services.context import Context
from fund.services.statements import deliveries, links
from fund.services.statements.deliveries import Mailing
from fund.services.statements.links import LinkView

router = APIRouter(route_class=GuardedRoute)
MAX_PAGE = 500


class NewLinkJson(NamedTuple):
    """A link. Its address is told once: the answer to the same request again has null in its place."""

    id: str
    landlord: str
    address: Annotated[str | None, Whole("told once, to be handed over")]
    expires_at: datetime


@router.get("/deliveries", tags=["deliveries"], summary="The messages to landlords, newest first", responses=FILTERS)
def list_deliveries(
    read: Read,
    landlord: Annotated[LandlordCode | None, Query()] = None,
    state: Annotated[StateName | None, Query()] = None,
    after: Annotated[int, Query(ge=0, le=MAX_ID, description="the next of the part before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
) -> Page[Shown[DeliveryJson]]:
    """Each with its state: waiting, sent, or not delivered and why. Addresses are partly hidden."""
    with read() as context:
        rows = deliveries.list_deliveries(context, landlord=landlord, state=state, after=after, limit=limit + 1)
    items = rows[:limit]
    return {"items": items, "next": items[-1].id if len(rows) > limit else None}


@router.post(
    "/deliveries",
    tags=["deliveries"],
    summary="Send the statements of a period",
    status_code=201,
    response_model=Shown[Mailing],
    responses=WRITES,
)
@transactional
def send_statements(context: Context, body: MailingInput) -> Mailing:
    """Issued and queued for every landlord who has something new in it; the mail job sends them."""
    return deliveries.send_statements(context, render_statement, **body.facts())


@router.post(
    "/statements/{number}/deliveries",
    tags=["deliveries"],
    summary="Send a statement",
    status_code=201,
    response_model=Shown[DeliveryJson],
    responses=WRITES,
)
@transactional
def send_statement(context: Context, number: StatementNumber, body: SendingInput) -> DeliveryJson:
    """To the address now on file: the first time, or with a reason once more, when the delivery before it has ended."""
    delivery = deliveries.send_statement(context, number, reason=body.reason)
    return deliveries.read_delivery(context, delivery)


@router.get("/landlords/{landlord}/links", tags=["links"], summary="A landlord's personal links", responses=LOOKS_UP)
def list_links(read: Read, landlord: LandlordCode) -> Items[Shown[LinkView]]:
    """Newest first, without anything that opens."""
    with read() as context:
        return {"items": links.list_links(context, landlord)}


@router.post(
    "/landlords/{landlord}/links",
    tags=["links"],
    summary="Create a personal link",
    status_code=201,
    response_model=Shown[NewLinkJson],
    responses=WRITES,
)
def create_link(write: Write, landlord: LandlordCode) -> Response:
    """To hand over. Its address is told once and kept nowhere; it opens once."""
    (link, secret), settings = new_link(), write.app.settings

    def act(context: Context) -> NewLinkJson:
        made = links.create_link(context, landlord=landlord, link=link, secret=secret, life=link_life(settings))
        return NewLinkJson(made.id, landlord, link_address(settings, secret, made.language), made.expires_at)

    return write.answer_once(act, write.request_sha256, "address")


@router.post(
    "/landlords/{landlord}/links/mail",
    tags=["links"],
    summary="Send a personal link by e-mail",
    status_code=201,
    response_model=Shown[DeliveryJson],
    responses=WRITES,
)
@transactional
def mail_link(context: Context, landlord: LandlordCode) -> DeliveryJson:
    """To the address on file; the link is made when it is sent."""
    return deliveries.read_delivery(context, deliveries.queue_link(context, landlord))


@router.post("/links/{link}/revoke", tags=["links"], summary="End a link", response_model=RevokedJson, responses=WRITES)
@transactional
def revoke_link(context: Context, link: LinkId) -> RevokedJson:
    """And every session that came of it."""
    links.revoke_link(context, link)
    return {"id": link, "revoked": True}
