"""Requests on the landlords' side of the pages, whose sessions begin with a personal link. Users are unknown here."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from fund.domain.access import SYSTEM, Actor
from fund.doors.jobs.mailing import PORTAL
from fund.doors.transaction import reading
from fund.doors.web import cookies
from fund.doors.web.page_requests import PageRequest
from fund.doors.web.requests import OpenPage
from fund.services.statements import links
from fund.settings import LANGUAGES


class PortalPage(OpenPage):
    """A page without a session, such as the request for a link."""

    def admit(self, page_request: PageRequest) -> None:
        """No authentication required; a user's session counts for nothing here."""
        page_request.login = page_request.request.state.caller = None


@dataclass(frozen=True, slots=True)
class LandlordRequest:
    """The session of a landlord, and the request that it came with."""

    desk: PageRequest
    actor: Actor
    secret: str


class LandlordPage(PortalPage):
    """A page for the landlord whose session it is."""

    def admit(self, page_request: PageRequest) -> None:
        """Raises ``NotAuthenticated`` without such a session."""
        super().admit(page_request)
        secret = cookies.read_cookie(page_request.request, cookies.LANDLORD, https=page_request.https) or ""
        with reading(page_request.app, SYSTEM) as context:
            actor = links.session_bearer(context, secret)
        page_request.request.state.caller = LandlordRequest(page_request, actor, secret)


def is_portal(request: Request) -> bool:
    """Whether an address is on the landlords' side."""
    return f"{request.url.path}/".startswith(f"{PORTAL}/")


def speak_to(page_request: PageRequest, language: str) -> None:
    """Speak a landlord's language, unless this browser chose one."""
    if (
        cookies.read_cookie(page_request.request, cookies.LANGUAGE, https=page_request.https) is None
        and language in LANGUAGES
    ):
        page_request.language = language


async def _landlord_session(request: Request) -> LandlordRequest:
    return cast(LandlordRequest, request.state.caller)


Landlord = Annotated[LandlordRequest, Depends(_landlord_session)]
"""What a landlord's route is given."""
