"""Every page, in Italian, by the first role that sees it: axe finds nothing wrong, and it fits into narrow windows.

The long suite looks closer: both languages, both widths, and what each role sees (``test_italian``, ``test_english``).
"""

import pytest
from playwright.sync_api import Browser

from tests.fund.doors.web.browser import WIDTHS, check_shown, check_width, opened, resize
from tests.fund.doors.web.looking import DEFAULT_LANGUAGE, ROLES, go_to, pages_of, somebody
from tests.fund.doors.web.served import Desk

FIRST = {path: role for role in reversed(ROLES) for path in pages_of(role)}


@pytest.mark.parametrize("role", sorted(set(FIRST.values())))
def test_everybody_can_use_each_page(desk_once: Desk, chromium: Browser, role: str) -> None:
    wide, narrow = WIDTHS
    with opened(chromium, desk_once, somebody(desk_once.office, role), language=DEFAULT_LANGUAGE) as window:
        for path in (path for path, first in FIRST.items() if first == role):
            go_to(window, path)
            check_shown(window)
            resize(window, narrow)
            check_width(window)
            resize(window, wide)
