"""Every page: where its links lead, what it is made of, and what each must never have."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fund.doors.web.assets import asset, folders
from tests.fund.doors.web.browser import opened
from tests.fund.doors.web.looking import somebody
from tests.fund.doors.web.pages_of_all import EVERY_ROLE, NOBODY, PAGES
from tests.fund.doors.web.served import Desk
from tests.house.source import HOUSE

TEMPLATES = sorted((HOUSE / "templates" / "web").rglob("*.html"))
VARIES = re.compile(r"[0-9a-f]{12,}|\d+|(?<=query=)[^&]*")
INLINE = re.compile(r"<style|<script(?![^>]* src=)|\sstyle\s*=|\son[a-z]+\s*=|javascript:|https?://|\|\s*safe\b", re.I)


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


Texts = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def texts(desk_once: Desk) -> Texts:
    """Each page as each role is shown it, by its address."""
    found = dict[str, dict[str, str]]()
    for role in (*EVERY_ROLE, NOBODY):
        with desk_once.browser(somebody(desk_once.office, role)) as browser:
            theirs = [page.at(desk_once.office) for page in PAGES if role in page.roles and page.is_html]
            found[role] = {page.path: browser.get(page.path).text for page in theirs}
    return found


@pytest.mark.long
@pytest.mark.parametrize("is_all", [False, True])
def test_each_link_leads_somewhere(desk_once: Desk, texts: Texts, is_all: bool) -> None:
    """No dead ends: whatever a page links to, whoever sees it may go there.

    Or one link of each form, and none that the table of pages holds, which ``test_access`` opens.
    """
    for role in (*EVERY_ROLE, NOBODY):
        with desk_once.browser(somebody(desk_once.office, role)) as browser:
            linked = {
                link.partition("#")[0]
                for text in texts[role].values()
                for link in re.findall(r'(?:href|src|srcset)="(/[^"]*)"', text)
            }
            if not is_all:
                theirs = {page.at(desk_once.office).path for page in PAGES if role in page.roles}
                linked = set({VARIES.sub("0", link): link for link in linked - theirs}.values())
            assert linked
            answers = {path: browser.http.get(path).status_code for path in linked}
            fava = {path: answers.pop(path) for path in linked if path.startswith("/room/fava/")}
            assert not {path for path, status in answers.items() if status not in (200, 303)}, role
            assert set(fava.values()) <= {200, 302}, "Fava leads on by a redirection of its own"


@pytest.mark.long
def test_people_are_named_by_their_logins(texts: Texts) -> None:
    """The books' codes of users are read in the books alone, and beside the login where one is looked up."""
    for role in EVERY_ROLE:
        for path, page in texts[role].items():
            if not path.startswith(("/users", "/account")):
                text = re.sub(r"<pre.*?</pre>|<[^>]*>", " ", page, flags=re.S)
                assert not re.findall(r"\bU[0-9]{2,}\b", text), path


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
