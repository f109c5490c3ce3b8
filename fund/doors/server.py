"""Everything that is served on one port: the API for programs, and the pages for people."""

from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from fund.app import App
from fund.doors.api import PREFIX, create_api
from fund.doors.web import create_web

HEALTH = ("/healthz", "/readyz")


class Server:
    """Sends each request to the door that its address belongs to. Each door keeps its own headers and errors."""

    def __init__(self, api: FastAPI, web: FastAPI) -> None:
        self.api, self.web = api, web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_for_programs = path in HEALTH or path.startswith(PREFIX.rpartition("/")[0] + "/")
        await (self.api if is_for_programs else self.web)(scope, receive, send)

    def close(self) -> None:
        """End what was started beside this process."""
        self.web.state.fava.close()


def create_server(app: App, scheduler: Any | None = None) -> Server:
    """Both doors of one fund's service."""
    return Server(create_api(app, scheduler), create_web(app, scheduler))
