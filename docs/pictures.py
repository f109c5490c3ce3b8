"""Screenshots of the pages for the documents: ``python -m docs.pictures`` plays the demo to a day in its middle.

It needs a Chromium (``apt-get install chromium-headless-shell``) and the developers' tools. Everything happens in a
folder that is removed afterwards, and on this machine alone.
"""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from fund.app import App
from fund.domain.access import APPROVER, PREPARER, SYSTEM, Actor, Role
from fund.domain.rules import LINK_PAUSE
from fund.doors.cli import demo
from fund.doors.cli.session import open_session
from fund.doors.demo.people import LOGINS
from fund.doors.jobs.mailing import new_link
from fund.doors.server import create_server
from fund.doors.transaction import writing, writing_unchecked
from fund.services.payouts import runs
from fund.services.statements import links
from fund.services.users import sessions
from ledger.months import Month
from tests.chromium import SWITCHES, find_chromium
from tests.fund.doors.listening import listening

PICTURES = Path(__file__).parent / "pictures"
DAY, MONTH, LANDLORD = date(2022, 6, 15), Month(2022, 6), "L0003"
WIDTH, HEIGHT = 1280, 860
PEOPLE = {role: Actor(f"U{number:02d}", role) for number, role in enumerate(LOGINS.values(), 1)}


def take(folder: Path, home: Path) -> list[Path]:
    """Play the demo in ``home`` and take the three pictures; returns their files."""
    session = open_session(home, "it")
    demo.play(session, until=DAY)
    folder.mkdir(exist_ok=True)
    files = []
    with session.app() as app:
        with writing(app, PEOPLE[PREPARER]) as context:
            runs.propose_run(context, MONTH)
        secret = _landlord(app)
        shown = (
            ("queue", f"/runs/{MONTH}", "fund-session", _colleague(app, APPROVER)),
            ("grid", "/households", "fund-session", _colleague(app, PREPARER)),
            ("statement", "/landlord", "fund-landlord", secret),
        )
        with _served(app) as base, _window() as page:
            for name, path, cookie, value in shown:
                page.context.add_cookies([{"name": cookie, "value": value, "url": base}])
                page.goto(base + path)
                page.evaluate("document.fonts.ready.then(() => true)")
                files.append(folder / f"{name}.png")
                page.screenshot(path=files[-1])
    return files


def _colleague(app: App, role: Role) -> str:
    secret = secrets.token_urlsafe(16)
    with writing_unchecked(app, PEOPLE[role]) as context:
        sessions.begin_session(context, secret=secret, csrf_secret=secret, second_factor_at=context.at)
    return secret


def _landlord(app: App) -> str:
    link, secret = new_link()
    session = new_link()[1]
    with writing(app, PEOPLE[PREPARER]) as context:
        links.create_link(context, landlord=LANDLORD, link=link, secret=secret, life=LINK_PAUSE)
    with writing_unchecked(app, SYSTEM) as context:
        links.exchange_link(context, secret=secret, session_secret=session)
    return session


@contextmanager
def _served(app: App) -> Iterator[str]:
    server = create_server(app)
    with listening(server) as base:
        yield base
    server.close()


@contextmanager
def _window() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(SWITCHES))
        yield browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for file in take(PICTURES, Path(scratch) / "home"):
            print(f"{file.name}: {file.stat().st_size // 1024} KB")  # noqa: T201  # a tool's answer
