"""The whole server on its own port, and people at its pages: over plain HTTP, with a browser's cookies and headers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from fund.domain.access import Actor
from fund.doors.server import Server, create_server
from fund.doors.transaction import writing_unchecked
from fund.doors.web import PAGE_HEADERS
from fund.services.users import sessions
from tests.fund.doors.listening import NO_AUTHORITIES, listening
from tests.fund.fixtures import Prepared, office_after
from tests.fund.kit import Office

_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
_INLINE = re.compile(r"<style|<script(?![^>]* src=)|\sstyle=|\son\w+=|javascript:", re.IGNORECASE)


@dataclass
class Browser:
    """One person's browser without its window; every page that it sees is held against what every page must have."""

    http: httpx.Client
    base: str
    token: str = ""

    def plant(self, name: str, value: str) -> None:
        """Have a cookie, instead of the one that there may be."""
        if name in self.http.cookies:
            self.http.cookies.delete(name)
        self.http.cookies.set(name, value, domain="127.0.0.1")

    def get(self, path: str) -> httpx.Response:
        return self._seen(self.http.get(path))

    def post(
        self, path: str, fields: Mapping[str, str | Sequence[str]] | None = None, **options: Any
    ) -> httpx.Response:
        """Send a form, as if from a page of ours; give ``csrf`` or ``headers`` to send it otherwise."""
        data = {"csrf": self.token, **(fields or {})}
        headers = options.pop("headers", {"Origin": self.base, "Sec-Fetch-Site": "same-origin"})
        return self._seen(self.http.post(path, data=data, headers=headers, **options))

    def follow(self, response: httpx.Response) -> httpx.Response:
        """Go where a redirection leads."""
        assert response.status_code == 303, response.text
        return self.get(response.headers["location"])

    def do(self, path: str, fields: Mapping[str, str | Sequence[str]] | None = None, **options: Any) -> httpx.Response:
        """Send a form that is taken, and return the page that it leads to."""
        return self.follow(self.post(path, fields, **options))

    def _seen(self, response: httpx.Response) -> httpx.Response:
        is_page = response.headers.get("content-type", "text/html").startswith("text/html")
        for name, value in PAGE_HEADERS.items():
            assert response.headers[name] == value or (not is_page and name == "Content-Security-Policy"), name
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        if "content-type" in response.headers and is_page:
            assert not _INLINE.search(response.text)
            assert response.headers["content-language"] in ("it", "en")
            found = _TOKEN.search(response.text)
            self.token = found[1] if found else self.token
        return response


@dataclass
class Desk:
    """A running server and its people."""

    office: Office
    server: Server
    base: str

    @contextmanager
    def browser(self, actor: Actor | None = None, language: str = "en") -> Iterator[Browser]:
        """A browser of somebody who is logged in, or of nobody known."""
        with httpx.Client(base_url=self.base, timeout=300, trust_env=False, verify=NO_AUTHORITIES) as http:
            browser = Browser(http, self.base)
            browser.plant("fund-language", language)
            if actor is not None:
                browser.plant("fund-session", self.session_of(actor))
            browser.get("/account" if actor else "/login")
            yield browser

    def session_of(self, actor: Actor, *, with_second_factor: bool = True) -> str:
        """The secret of a session that was begun through the service."""
        self._count += 1
        secret = f"session-of-{actor.code}-{self._count}"
        with writing_unchecked(self.office.app, actor) as context:
            second = context.at if with_second_factor else None
            sessions.begin_session(context, secret=secret, csrf_secret=f"key-{secret}", second_factor_at=second)
        return secret

    _count: int = 0


@contextmanager
def serve_desk(office: Office) -> Iterator[Desk]:
    """Serve a fund's API and pages until the block ends."""
    server = create_server(office.app)
    try:
        with listening(server) as base:
            yield Desk(office, server, base)
    finally:
        server.close()


def desk_after(prepared: Prepared, live: Callable[[Office], object], folder: Path) -> Iterator[Desk]:
    """As ``office_after``, served."""
    for office in office_after(prepared, live, folder):
        with serve_desk(office) as served:
            yield served
