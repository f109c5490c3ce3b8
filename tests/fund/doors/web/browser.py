"""Windows of the real Chromium, and axe in them: what people see, and whether everybody can use it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page

from fund.domain.access import Actor
from tests.chromium import windows
from tests.fund.doors.web.served import Desk

WIDTHS = (1280, 375)
STATE_STYLES = [
    pytest.param(language, width, marks=() if (language, width) == ("it", 375) else pytest.mark.long)
    for language in ("it", "en")
    for width in WIDTHS
]
"""How a page is looked at; a phone in Italian in the default suite, all of them in the long one."""
EXPECTED = ("status of 4", "net::ERR_ABORTED")
"""Complaints about a refusal that was meant, and about what was still loading when somebody went on."""
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
"""``resultTypes``: what is right is not described, which would take longer than to find out."""


@contextmanager
def opened(
    chromium: Browser, desk: Desk, actor: Actor | None = None, *, language: str = "it", width: int = 1280
) -> Iterator[Page]:
    """A window of somebody who is logged in, or of nobody. Whatever the browser complains of fails the test."""
    with windows(chromium, viewport={"width": width, "height": 900}, base_url=desk.base) as context:
        cookies = {"fund-language": language} | ({"fund-session": desk.session_of(actor)} if actor else {})
        context.add_cookies([{"name": name, "value": value, "url": desk.base} for name, value in cookies.items()])
        page, complaints = context.new_page(), list[str]()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
        yield page
        wrong = [told for told in complaints if not any(expected in told for expected in EXPECTED)]
        assert not wrong, wrong


def check_page(page: Page, path: str) -> None:
    """Open a page and check it."""
    page.goto(path)
    check_shown(page)


def check_shown(page: Page) -> None:
    """The page in the window: axe finds nothing wrong with it, and nothing of it is wider than the window."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", AXE_OPTIONS))
    assert not found.response["violations"], f"{page.url}: {found.generate_report()}"
    check_width(page)


def check_width(page: Page) -> None:
    """Nothing of the page is wider than its window."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room, f"{page.url} is {width} wide in a window of {room}"


def resize(page: Page, width: int) -> None:
    """Look at the same page through a window of another width."""
    page.set_viewport_size({"width": width, "height": 900})
