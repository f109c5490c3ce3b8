"""The desk: pages over the same use cases, drawn on the server, for people at a browser. Works without JavaScript."""

from types import MappingProxyType
from typing import Any

from fastapi import FastAPI

from fund.app import App
from fund.doors.http.watch import Watch
from fund.doors.web.assets import static_files
from fund.doors.web.banking import bank
from fund.doors.web.books import reading_room
from fund.doors.web.books.fava import PREFIX, FavaDoor
from fund.doors.web.desk import finding, home, proposals, today
from fund.doors.web.errors import add_error_pages, failure_page
from fund.doors.web.households import households
from fund.doors.web.kept_forms import KeptForms
from fund.doors.web.landlords import landlords
from fund.doors.web.money import money
from fund.doors.web.payouts import batches, checks, runs
from fund.doors.web.statements import issued, mail, portal
from fund.doors.web.users import account, identity, invitation, login, sign_in_steps, users

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""``data:`` are the arrows, ticks and one icon font inside Bootstrap Italia's own stylesheet."""

ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
"""Where the fund is known by an address with https, browsers remember for a year to use no other."""


def create_web(app: App, scheduler: Any | None = None) -> FastAPI:
    """The pages of one fund's service. ``scheduler`` is the one that runs in this process, if one does."""
    web = FastAPI(openapi_url=None, redirect_slashes=False)
    web.state.fund, web.state.scheduler, web.state.kept_forms = app, scheduler, KeptForms()
    office = (home, today, proposals, runs, batches, checks, households, landlords, bank, money, finding)
    subjects = (sign_in_steps, identity, invitation, account, users, *office, mail, issued, reading_room)
    doors = (login.router, bank.uploads, *(subject.router for subject in subjects))
    for router in (*doors, portal.open_router, portal.router):
        web.include_router(router)
    web.mount("/static", static_files())
    web.state.fava = FavaDoor()
    web.mount(PREFIX, web.state.fava)
    add_error_pages(web)
    headers = PAGE_HEADERS | (ONLY_HTTPS if app.settings.is_public_https else {})
    web.add_middleware(Watch, headers=MappingProxyType(headers), failed=failure_page)
    return web
