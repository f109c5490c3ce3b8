"""Around every request: security headers, one line in the log without personal data, and failures that tell nothing."""

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fund.doors.http.problems import status_response

log = logging.getLogger("fund.api")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


Failed = Callable[[Request, int], Response]


class Watch:
    """The outermost layer of the API, and of the pages, which bring headers and a failure's page of their own."""

    def __init__(
        self,
        app: ASGIApp,
        headers: Mapping[str, str] = MappingProxyType(SECURITY_HEADERS),
        failed: Failed = status_response,
    ) -> None:
        self.app, self.headers, self.failed = app, headers, failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as failure:
            _log_failure(failure)
            if status:
                raise
            await self.failed(Request(scope), 500)(scope, receive, watched)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000)
            log.info("%s %s %s %d ms %s", scope["method"], _template(scope), status, milliseconds, _user(scope))


def _log_failure(failure: Exception) -> None:
    """Where it failed and what kind of failure it is; never its text, which may hold what was sent."""
    places = "".join(traceback.format_tb(failure.__traceback__))
    log.error("%s\n%s", type(failure).__name__, places)


def _template(scope: Scope) -> str:
    route = scope.get("route")
    return str(getattr(route, "path", "-"))


def _user(scope: Scope) -> str:
    caller = scope.get("state", {}).get("caller")
    return "-" if caller is None else str(caller.actor.code)
