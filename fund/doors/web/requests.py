"""What happens to a request before its route: who asks, how much is read, whether a form is ours.

``OpenPage`` requires no authentication, ``Page`` a session, ``UploadPage`` takes a form with files.
"""

import inspect
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar, cast

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fund.bank.register import MAX_ANSWER_BYTES
from fund.domain.errors import FundError, InvalidInput, NotAuthenticated
from fund.domain.texts import Message
from fund.doors.http.inputs import Input
from fund.doors.http.requests import check_media_type, declare, read_body
from fund.doors.web import cookies
from fund.doors.web.forms import MAX_FIELDS, Filled, read_urlencoded
from fund.doors.web.page_requests import Done, PageRequest, Seen, Upload, read_page_request
from fund.doors.web.problems import FormNotOurs
from fund.services.context import Context

FORM_TYPE, FILES_TYPE = "application/x-www-form-urlencoded", "multipart/form-data"
MAX_FORM_BYTES = 256 * 1024
MAX_FILES = 20
ROOM_FOR_FIELDS = 64 * 1024
"""What a form with files may have beside them, in bytes."""

F = TypeVar("F", bound=Input)
P = ParamSpec("P")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OpenPage(APIRoute):
    """A page without authentication. It accepts only forms that carry a token of ours."""

    max_body_bytes = MAX_FORM_BYTES
    media_type = FORM_TYPE

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            page_request = await run_in_threadpool(read_page_request, request)
            request.state.page_request, request.state.caller = page_request, page_request.login
            self.admit(page_request)
            if request.method == "POST":
                await self.take(request, page_request)
            return await inner(request)

        return handle

    def admit(self, page_request: PageRequest) -> None:
        """No authentication required."""

    async def take(self, request: Request, page_request: PageRequest) -> None:
        """Read a form that was sent, once it is known to come from a page of ours."""
        check_origin(request, page_request.app.settings.public_url)
        check_media_type(request, self.media_type)
        body = await read_body(request, self.max_body_bytes)
        await self.read(request, page_request, body)
        tokens = page_request.posted.get("csrf", ())
        if page_request.key is None or len(tokens) != 1 or not cookies.is_form_token(page_request.key, tokens[0]):
            raise FormNotOurs()
        page_request.posted = {name: values for name, values in page_request.posted.items() if name != "csrf"}

    async def read(self, request: Request, page_request: PageRequest, body: bytes) -> None:  # noqa: ARG002  # files need it
        """Take the fields out of the body."""
        page_request.posted = read_urlencoded(body)


class PageRoute(OpenPage):
    """A page that requires a session. What is sent without one is kept until its page is shown after the login."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except NotAuthenticated:
                if request.method == "POST":
                    await self._read_to_keep(request)
                raise

        return handle

    def admit(self, page_request: PageRequest) -> None:
        """Raises ``NotAuthenticated`` without a session."""
        if page_request.login is None:
            raise NotAuthenticated()

    async def _read_to_keep(self, request: Request) -> None:
        """Read the fields of a form of ours; a form with files is not kept."""
        page_request: PageRequest = request.state.page_request
        with suppress(FundError, HTTPException):
            check_origin(request, page_request.app.settings.public_url)
            check_media_type(request, FORM_TYPE)
            page_request.posted = read_urlencoded(await read_body(request, MAX_FORM_BYTES))


class UploadPage(PageRoute):
    """A page that is sent files."""

    max_body_bytes = MAX_ANSWER_BYTES + ROOM_FOR_FIELDS
    media_type = FILES_TYPE

    async def read(self, request: Request, page_request: PageRequest, body: bytes) -> None:
        """Take fields and files out of the body."""
        request._body = body  # Starlette reads its form from here
        posted: dict[str, list[str]] = {}
        uploads: dict[str, list[Upload]] = {}
        try:
            form = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=ROOM_FOR_FIELDS)
        except HTTPException:
            raise InvalidInput([{"path": "", "message": Message("cannot be read")}]) from None
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    uploads.setdefault(name, []).append(Upload(value.filename, await value.read()))
            else:
                posted.setdefault(name, []).append(value)
        await form.close()
        page_request.posted, page_request.uploads = posted, uploads


def check_origin(request: Request, public_url: str | None) -> None:
    """The browser says that the form was sent from a page of ours. Raises ``FormNotOurs``."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"
    if (site is None and origin is None) or site not in (None, "same-origin") or origin not in (None, ours):
        raise FormNotOurs()


async def _page_request(request: Request) -> PageRequest:
    return cast(PageRequest, request.state.page_request)


Desk = Annotated[PageRequest, Depends(_page_request)]
"""What every route is given."""


async def _blank(request: Request) -> Filled:
    return cast(PageRequest, request.state.page_request).kept_form()


Blank = Annotated[Filled, Depends(_blank)]
"""What a page with forms is given at its own address: nothing is filled in, but what was sent without a session.
``form_on`` gives what was refused."""


def form_on(
    page: Callable[..., Response], *, asks_code: bool = False
) -> Callable[[Callable[Concatenate[Context, F, P], Done | Seen]], Callable[..., Response]]:
    """A route of a form: what the function does in the context is committed and answered by ``PageRequest.submit``.

    Its second parameter is the form; those after it are of the address. A refused form is shown again by ``page``,
    which takes the request, the form as it was filled in, and of the address what it needs.
    """

    def decorate(act: Callable[Concatenate[Context, F, P], Done | Seen]) -> Callable[..., Response]:
        _, form, *asked = inspect.signature(act).parameters.values()
        _, _, *needed = inspect.signature(page).parameters

        @wraps(act)
        def route(desk: Desk, *args: P.args, **kwargs: P.kwargs) -> Response:
            return desk.submit(
                form.annotation,
                lambda context, read: act(context, read, *args, **kwargs),
                lambda filled: page(desk, filled, **{name: kwargs[name] for name in needed if name in kwargs}),
                asks_code=asks_code,
            )

        return declare(route, "desk", Desk, asked)

    return decorate
