"""Every page: in both languages, for every role, in a real browser at two widths, and what each must never have."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fund.access import Actor
from fund.documents.catalogue import LANGUAGES
from fund.doors.web.assets import asset, folders
from tests.fund.doors.web.browser import WIDTHS, check_shown, check_width, opened, resize
from tests.fund.doors.web.pages_of_all import EVERYBODY, NOBODY, PAGES
from tests.fund.doors.web.served import Desk
from tests.fund.kit import Office

TEMPLATES = sorted((Path(__file__).parents[4] / "templates" / "web").rglob("*.html"))
INLINE = re.compile(r"<style|<script(?![^>]* src=)|\sstyle\s*=|\son[a-z]+\s*=|javascript:|https?://|\|\s*safe\b", re.I)
TOKEN = re.compile(r'value="[0-9a-f]{64}"')
_SEEN: dict[str, set[tuple[str, str]]] = {}
"""What was looked at, by language: a page's address and its content."""


def somebody(office: Office, role: str) -> Actor | None:
    people = (office.admin, office.preparer, office.approver, office.auditor)
    return next((person for person in people if person.role == role), None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [*EVERYBODY, NOBODY])
def test_everybody_can_use_each_page(desk_once: Desk, chromium: Browser, role: str, language: str) -> None:
    """Each page is loaded once and looked at twice: wide, and narrow. What another role has seen before is not axe's
    work again, but where its own content differs it is.
    """
    wide, narrow = WIDTHS
    seen = _SEEN.setdefault(language, set())
    with opened(chromium, desk_once, somebody(desk_once.office, role), language=language) as window:
        for path in (*(page.path for page in PAGES if role in page.roles and page.is_html), "/nothing/here"):
            answer = window.goto(path)
            assert answer is not None and answer.status == (404 if path == "/nothing/here" else 200), path
            content = TOKEN.sub("", window.locator("main").inner_html())
            if (path, content) in seen:
                continue
            is_first = path not in {known for known, _ in seen}
            seen.add((path, content))
            check_shown(window)
            resize(window, narrow)
            (check_shown if is_first else check_width)(window)
            resize(window, wide)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_style_no_script_and_no_other_host(template: Path) -> None:
    assert not INLINE.search(template.read_text("utf-8"))


def test_the_fonts_of_public_services_are_loaded(desk_once: Desk, chromium: Browser) -> None:
    with opened(chromium, desk_once) as window:
        window.goto("/login")
        assert window.evaluate("document.fonts.ready.then(() => document.fonts.check('1rem \"Titillium Web\"'))")
        family = window.evaluate("getComputedStyle(document.body).fontFamily")
        assert family.startswith('"Titillium Web"')


def test_static_files_are_kept_for_good_and_nothing_else_is_served(desk_once: Desk) -> None:
    with desk_once.browser() as browser:
        for path in (
            "italia/css/bootstrap-italia.min.css",
            "italia/svg/sprites.svg",
            "htmx/htmx-2.min.js",
            "desk/desk.css",
        ):
            found = browser.http.get(asset(path))
            assert found.status_code == 200
            assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
        for path in (asset("desk/../layout.html"), asset("desk/%2e%2e/layout.html"), asset("desk/"), "/static/"):
            assert browser.http.get(path).status_code == 404
    assert all(folder.is_dir() for folder in folders().values())


def test_each_link_leads_somewhere(desk_once: Desk) -> None:
    """No dead ends: whatever a page links to, whoever sees it may go there."""
    for role in (*EVERYBODY, NOBODY):
        with desk_once.browser(somebody(desk_once.office, role)) as browser:
            linked = {
                link.partition("#")[0]
                for page in PAGES
                if role in page.roles and page.is_html
                for link in re.findall(r'(?:href|src|srcset)="(/[^"]*)"', browser.get(page.path).text)
            }
            assert linked
            assert not {path for path in linked if browser.http.get(path).status_code not in (200, 303)}, role


def test_what_is_not_there_leads_home(desk_once: Desk) -> None:
    for person in (None, desk_once.office.auditor):
        with desk_once.browser(person) as browser:
            page = browser.get("/nothing/here")
            assert page.status_code == 404
            assert 'href="/"' in page.text
            assert "There is no such page" in page.text


def test_a_failure_is_a_page_that_tells_nothing(desk: Desk) -> None:
    database = desk.office.app.database
    with desk.browser(desk.office.auditor) as browser:
        object.__setattr__(desk.office.app, "database", None)
        page = browser.get("/account")
    object.__setattr__(desk.office.app, "database", database)
    assert page.status_code == 500
    assert "The service failed" in page.text
    assert "NoneType" not in page.text


def test_programs_still_have_their_door(desk_once: Desk) -> None:
    with desk_once.browser() as browser:
        assert browser.http.get("/healthz").json() == {"status": "ok"}
        assert browser.http.get("/api/v1/balances").headers["content-type"] == "application/problem+json"
