"""Every page in Italian: axe finds nothing wrong with it, wide and narrow, and it is no wider than its window."""

import pytest
from playwright.sync_api import Browser

from tests.fund.doors.web.looking import ROLES, look_at_each_page
from tests.fund.doors.web.served import Desk

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def seen() -> set[tuple[str, str]]:
    """What has been looked at."""
    return set()


@pytest.mark.parametrize("role", ROLES)
def test_everybody_can_use_each_page(desk_once: Desk, chromium: Browser, role: str, seen: set[tuple[str, str]]) -> None:
    look_at_each_page(desk_once, chromium, "it", role, seen)
