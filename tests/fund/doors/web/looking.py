"""Every page, looked at by everybody in a real browser. Each language is a file of tests: two can be at work."""

import re

from playwright.sync_api import Browser, Page

from fund.domain.access import Actor
from tests.fund.doors.web.browser import WIDTHS, check_shown, check_width, opened, resize
from tests.fund.doors.web.pages_of_all import EVERY_ROLE, NOBODY, PAGES
from tests.fund.doors.web.served import Desk
from tests.fund.kit import Office

ROLES = (*EVERY_ROLE, NOBODY)
TOKEN = re.compile(r'value="[0-9a-f]{64}"')
NOWHERE = "/nothing/here"
DEFAULT_LANGUAGE = "it"


def somebody(office: Office, role: str) -> Actor | None:
    people = (office.admin, office.preparer, office.approver, office.auditor)
    return next((person for person in people if person.role == role), None)


def pages_of(role: str) -> tuple[str, ...]:
    """The addresses of the pages that a role may open."""
    return *(page.path for page in PAGES if role in page.roles and page.is_html), NOWHERE


def go_to(window: Page, path: str) -> None:
    """Open a page that is there, or the page that says that none is."""
    answer = window.goto(path)
    assert answer is not None and answer.status == (404 if path == NOWHERE else 200), path


def look_at_each_page(desk: Desk, chromium: Browser, language: str, role: str, seen: set[tuple[str, str]]) -> None:
    """Each page is loaded once and looked at twice: wide, and narrow. ``seen`` holds addresses with their contents.

    What another role has seen before is not axe's work again; where its own content differs it is.
    """
    wide, narrow = WIDTHS
    with opened(chromium, desk, somebody(desk.office, role), language=language) as window:
        for path in map(desk.office.fill, pages_of(role)):
            go_to(window, path)
            content = TOKEN.sub("", window.locator("main").inner_html())
            if (path, content) in seen:
                continue
            is_first = path not in {known for known, _ in seen}
            seen.add((path, content))
            check_shown(window)
            resize(window, narrow)
            (check_shown if is_first else check_width)(window)
            resize(window, wide)
