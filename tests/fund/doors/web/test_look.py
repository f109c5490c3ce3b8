"""Every page, in Italian, by the first role that sees it, in the narrowest window: it fits, and no browser complains.

One page of each role is looked at by default. The long suite looks at all of them, here and in both
languages, at both widths and as each role sees them (``test_italian``, ``test_english``).
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from tests.examples import first_of
from tests.fund.doors.web.browser import check_shown, opened
from tests.fund.doors.web.looking import DEFAULT_LANGUAGE, ROLES, go_to, pages_of, somebody
from tests.fund.doors.web.served import Desk

NARROWEST = 320
"""What WCAG 2.1 asks for (1.4.10, reflow): as wide as a page that is magnified four times."""
FIRST = {path: role for role in reversed(ROLES) for path in pages_of(role)}


@pytest.fixture(scope="module")
def windows(desk_once: Desk, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """A window for each role, opened when it is first asked for."""
    with ExitStack() as stack:

        @cache
        def window_of(role: str) -> Page:
            who = somebody(desk_once.office, role)
            return stack.enter_context(
                opened(chromium, desk_once, who, language=DEFAULT_LANGUAGE, width=NARROWEST),
            )

        yield window_of


@pytest.mark.parametrize(("path", "role"), first_of(FIRST.items(), each=lambda path, role: role))
def test_everybody_can_use_each_page(windows: Callable[[str], Page], desk_once: Desk, path: str, role: str) -> None:
    window = windows(role)
    go_to(window, desk_once.office.fill(path))
    check_shown(window)


@pytest.mark.parametrize(
    "path",
    [
        *(pytest.param(path, marks=pytest.mark.long) for path in ("/", "/households")),
        pytest.param("/runs/2022-04", marks=pytest.mark.long),
        "/statements/EC-2022-0001",
    ],
)
def test_on_paper_is_what_is_read_and_nothing_that_is_pressed(desk_once: Desk, chromium: Browser, path: str) -> None:
    with opened(chromium, desk_once, desk_once.office.approver, language=DEFAULT_LANGUAGE) as window:
        window.goto(path)
        assert window.locator("nav.desk-nav, .desk-nav").first.is_visible()
        window.emulate_media(media="print")
        for pressed in (".desk-nav", ".desk-tools", ".desk-footer", ".desk-approval form", ".desk-actions"):
            assert not any(one.is_visible() for one in window.locator(pressed).all()), pressed
        assert window.locator("main h1").first.is_visible()
