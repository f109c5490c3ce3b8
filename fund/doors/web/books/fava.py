"""Fava at the desk: each request is asked of the process behind its walls, and nothing of the desk goes with it.

No cookie and no other header of the browser reaches Fava, and of its answer come back the page, its type, and where it
leads within its own address.
"""

import httpx
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fund.domain.errors import FavaNotStarted, QueryTimeout
from fund.doors.web.page_requests import PageRequest, read_page_request
from fund.sandbox.fava import START_SECONDS, Fava
from fund.services.books import book_files, reading_room

PREFIX = "/room/fava"
ANSWER_SECONDS = 60
"""No page of Fava's takes a second over the books of ten years; one that takes this long is a query gone wild."""
MAX_ANSWER_BYTES = 32 * 1024 * 1024
"""The journal of 100,000 entries, which is more than a browser shows."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
"""Fava's pages style themselves as they are drawn; scripts come from its own files and from nowhere else."""
STATIC_FOR = "private, max-age=86400"


class FavaDoor:
    """Everything below ``PREFIX``, for the roles that read the books."""

    def __init__(self) -> None:
        self._fava = Fava(PREFIX)

    def close(self) -> None:
        """End Fava, if it runs."""
        self._fava.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        page_request = await run_in_threadpool(read_page_request, request)
        request.state.page_request, request.state.caller = page_request, page_request.login
        if request.method != "GET":
            raise HTTPException(405)
        response = await self._answer(page_request, request)
        await response(scope, receive, send)

    async def _answer(self, page_request: PageRequest, request: Request) -> Response:
        """Ask, and once more of a new process where the one before ended meanwhile. Raises ``FavaNotStarted``."""
        for _attempt in range(2):
            address = await run_in_threadpool(self._address, page_request)
            try:
                return await _ask(address, request, page_request.language)
            except httpx.TimeoutException:
                await run_in_threadpool(self._fava.stop)
                raise QueryTimeout(ANSWER_SECONDS) from None
            except httpx.TransportError:
                continue
        raise FavaNotStarted(START_SECONDS)

    def _address(self, page_request: PageRequest) -> str:
        books = page_request.app.settings.books
        with page_request.reading() as context:
            head = book_files.list_files(context, books).chain_head
            return str(self._fava.address(head, lambda: reading_room.snapshot(context, books)))


async def _ask(address: str, request: Request, language: str) -> Response:
    path = request.url.path.removeprefix(PREFIX) or "/"
    url = httpx.URL(scheme="http", host="fava", path=path, query=request.url.query.encode() or None)
    headers = {"Accept-Language": language}
    transport = httpx.AsyncHTTPTransport(uds=address)
    async with (
        httpx.AsyncClient(transport=transport, timeout=ANSWER_SECONDS, trust_env=False) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise HTTPException(404)
    return _passed_on(path, answer, bytes(body))


def _passed_on(path: str, answer: httpx.Response, body: bytes) -> Response:
    """What Fava answered, as it leaves the desk. What a page of its own does not tell is told by one of ours."""
    if answer.status_code >= 400 and "/api/" not in path:
        raise HTTPException(404 if answer.status_code < 500 else 500)
    headers = {"Content-Security-Policy": POLICY}
    if path.startswith("/static/"):
        headers["Cache-Control"] = STATIC_FOR
    leads_to = answer.headers.get("location", "")
    if leads_to.startswith(f"{PREFIX}/"):
        headers["Location"] = leads_to
    return Response(body, answer.status_code, headers, answer.headers.get("content-type"))
