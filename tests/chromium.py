"""The real Chromium that pages are tested in: the system's own.

Without one its tests fail where everything must run (``CI=true``), and are skipped elsewhere, saying how to get it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The same engine without the windows around it comes first: a page takes a third of the processor time there."""
PATIENCE_SECONDS = 120
"""How long a page may take until a test gives up: a busy machine is no defect."""
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
    from playwright.sync_api import expect, sync_playwright  # only where a page is tested: it is slow to import

    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        yield browser
        browser.close()


@contextmanager
def windows(browser: "Browser", **options: Any) -> "Iterator[BrowserContext]":
    """Windows of one person, with cookies and a cache of their own.

    Pages move at once, as for people who want reduced motion: a smooth scroll ends when the machine has time for it.
    """
    with browser.new_context(reduced_motion="reduce", **options) as context:
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        yield context
