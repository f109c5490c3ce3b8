"""The real Chromium that pages are tested in: the system's own.

Without one its tests fail where everything must run (``CI=true``), and are skipped elsewhere, saying how to get it.
"""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str:
    """The system's Chromium; where there is none the test fails or is skipped, and says so."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    missing = "no Chromium on PATH: install the distribution's package 'chromium' to run the tests in a real browser"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One Chromium for all tests of a process; each test has windows, cookies and a cache of its own."""
    from playwright.sync_api import sync_playwright  # only where a page is tested: it is slow to import

    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()
