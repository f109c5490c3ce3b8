"""What goes to landlords: statements by e-mail with what became of them, and personal links."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from fund.doors.api.models import MailingInput, SendingInput
from fund.doors.api.openapi import FILTERS, LOOKS_UP, WRITES
from fund.doors.api.outputs.lists import Items, Page
from fund.doors.api.outputs.people import LinkJson, NewLinkJson, RevokedJson, link_json
from fund.doors.http.fields import MAX_ID, LandlordCode, LinkId, StatementNumber, StateName
from fund.doors.http.requests import GuardedRoute, Read, Write, transactional
from fund.doors.http.schema import Shown
from fund.doors.jobs.mailing import link_address, link_life, new_link
from fund.doors.post import DeliveryJson
from fund.doors.rendering import render_statement
from fund.doors.representations import instant
from fund.services import idempotency
from fund.services.context import Context
from fund.services.idempotency import Answer
from fund.services.statements import deliveries, links

router = APIRouter(route_class=GuardedRoute)
MAX_PAGE = 500


class SkippedJson(TypedDict):
    """A landlord who was sent nothing: ``nothing-to-tell``, ``nothing-new`` or ``no-address``."""

    landlord: str
    reason: str


class MailingJson(TypedDict):
    """What was queued, by the numbers of the deliveries, and who was left out; ask again while any are ``left``."""

    queued: list[int]
    skipped: list[SkippedJson]
    left: int


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
    response_model=MailingJson,
    responses=WRITES,
)
@transactional
def send_statements(context: Context, body: MailingInput) -> MailingJson:
    """Issued and queued for every landlord who has something new in it; the mail job sends them."""
    done = deliveries.send_statements(context, render_statement, **body.facts())
    skipped: list[SkippedJson] = [{"landlord": code, "reason": reason} for code, reason in done.skipped]
    return {"queued": list(done.queued), "skipped": skipped, "left": done.left}


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
def list_links(read: Read, landlord: LandlordCode) -> Items[LinkJson]:
    """Newest first, without anything that opens."""
    with read() as context:
        return {"items": [link_json(row, context.at) for row in links.list_links(context, landlord)]}


@router.post(
    "/landlords/{landlord}/links",
    tags=["links"],
    summary="Create a personal link",
    status_code=201,
    response_model=NewLinkJson,
    responses=WRITES,
)
def create_link(write: Write, landlord: LandlordCode) -> Response:
    """To hand over. Its address is told once and kept nowhere; it opens once."""
    (link, secret), settings = new_link(), write.app.settings
    with write.transaction() as context:
        before = write.recall(context)
        if before is not None:
            return before
        made = links.create_link(context, landlord=landlord, link=link, secret=secret, life=link_life(settings))
        told: NewLinkJson = {
            "id": made.id,
            "landlord": landlord,
            "address": None,
            "expires_at": instant(made.expires_at),
        }
        kept = Answer(write.status, bytes(JSONResponse(told).body))
        idempotency.remember(context, write.key, write.request_sha256, kept)
    return JSONResponse(told | {"address": link_address(settings, secret, made.language)}, write.status)


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
def revoke_link(write: Write, link: LinkId) -> Response:
    """And every session that came of it."""

    def act(context: Context) -> RevokedJson:
        links.revoke_link(context, link)
        return {"id": link, "revoked": True}

    return write.answer(act)
