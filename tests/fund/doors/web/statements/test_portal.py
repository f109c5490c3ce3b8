"""A landlord by a personal link: what they see, in a real browser too, and that they reach nothing else."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from playwright.sync_api import Browser as Chromium

from fund.domain.access import SYSTEM
from fund.doors.jobs.mailing import new_link
from fund.doors.rendering import render_statement
from fund.doors.web import create_web
from fund.services.statements import deliveries, links, statements
from ledger.months import Month
from tests.fund.doors.api.requests_of_all import REQUESTS
from tests.fund.doors.web.browser import STATE_STYLES, check_page, opened
from tests.fund.doors.web.pages_of_all import PAGES
from tests.fund.doors.web.served import Browser, Desk, desk_after
from tests.fund.fixtures import Prepared
from tests.fund.kit import MARCH, Office

COOKIE = "fund-landlord"


def link_for(office: Office, landlord: str = "L0001") -> str:
    link, secret = new_link()
    office.prepare(links.create_link, landlord=landlord, link=link, secret=secret, life=deliveries.rules.LINK_PAUSE)
    return secret


def session_for(office: Office, landlord: str = "L0001") -> str:
    session = new_link()[1]
    office.do(SYSTEM, links.exchange_link, secret=link_for(office, landlord), session_secret=session)
    return session


def issued(office: Office, landlord: str) -> str:
    given = {"landlord": landlord, "first": MARCH, "last": Month(2022, 4)}
    return office.do(SYSTEM, statements.issue_statement, render_statement, **given).number


@dataclass
class Lived:
    """A fund in which two months were paid, one came back, and statements were issued."""

    desk: Desk
    mine: str
    theirs: str


def pay_two_months(office: Office) -> None:
    batch = office.on("2022-03-05").pay_month(MARCH)
    office.on("2022-03-20").give_back(batch, "PAY-2022-03-0001")
    office.on("2022-04-05").run_month(Month(2022, 4))


@pytest.fixture
def lived(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Lived]:
    for desk in desk_after(prepared_sqlite, pay_two_months, tmp_path):
        yield Lived(desk, issued(desk.office, "L0001"), issued(desk.office, "L0002"))


@contextmanager
def landlord(desk: Desk, code: str = "L0001", language: str = "en") -> Iterator[Browser]:
    with desk.browser(language=language) as browser:
        browser.plant(COOKIE, session_for(desk.office, code))
        browser.get("/landlord")
        yield browser


def test_a_link_is_shown_by_get_and_exchanged_by_post(desk: Desk) -> None:
    secret = link_for(desk.office)
    with desk.browser() as browser:
        before = desk.office.dump()
        page = browser.get(f"/landlord/link/{secret}?lang=it")
        assert page.status_code == 200 and COOKIE not in page.cookies
        assert desk.office.dump() == before, "scanners of mail follow links too"
        assert '<meta name="referrer" content="strict-origin">' in page.text
        answer = browser.post("/landlord/link", {"secret": secret})
        given = next(text for text in answer.headers.get_list("set-cookie") if text.startswith(COOKIE))
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(given.split("; "))
        assert secret not in given
        assert "L0001" in browser.follow(answer).text
    with desk.browser() as other:
        other.get(f"/landlord/link/{secret}")
        gone = other.post("/landlord/link", {"secret": secret})
        assert gone.status_code == 410
        unknown = other.post("/landlord/link", {"secret": "unknown"})
        assert gone.text == unknown.text, "used and unknown are told alike"


def test_a_form_from_elsewhere_exchanges_nothing(desk: Desk) -> None:
    secret = link_for(desk.office)
    with desk.browser() as browser:
        browser.get(f"/landlord/link/{secret}")
        elsewhere = {"Origin": "https://evil.example.org"}
        assert browser.post("/landlord/link", {"secret": secret}, headers=elsewhere).status_code == 403
        assert browser.post("/landlord/link", {"secret": secret, "csrf": "0" * 64}).status_code == 403
        assert browser.do("/landlord/link", {"secret": secret}).status_code == 200


def test_a_landlord_sees_their_own_months_and_no_household(lived: Lived) -> None:
    with landlord(lived.desk) as browser:
        page = browser.get("/landlord").text
        for text in ("€900.00", "€0.00", "March 2022", "April 2022", "REG-N01", "Returned by the bank", lived.mine):
            assert text in page, text
        assert not re.search(r"(?<!REG-)N0[12]|L0002|REG-N02", page)
        assert lived.theirs not in page
        pdf = browser.get(f"/landlord/statements/{lived.mine}.pdf")
        assert pdf.headers["content-type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
        assert pdf.headers["content-disposition"] == f'attachment; filename="{lived.mine}.pdf"'


def test_somebody_elses_statement_is_answered_like_one_that_there_is_not(lived: Lived) -> None:
    with landlord(lived.desk) as browser:
        theirs, none = (browser.get(f"/landlord/statements/{n}.pdf") for n in (lived.theirs, "EC-2022-0099"))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert 'href="/landlord"' in none.text and 'href="/login"' not in none.text, "the way back is the landlord's own"
    assert theirs.text.replace(lived.theirs, "") == none.text.replace("EC-2022-0099", "")


@pytest.mark.long
def test_a_landlord_reaches_nothing_else(lived: Lived) -> None:
    """Every page of the desk and every route of the API, with the landlord's secret wherever a secret can stand."""
    secret = session_for(lived.desk.office)
    with lived.desk.browser() as browser:
        for name in (COOKIE, "fund-session"):
            browser.plant(name, secret)
        for page in PAGES:
            if page.route not in ("/login", "/invitation") and not re.match(r"/landlord(/|$)", page.route):
                answer = browser.get(page.path)
                assert answer.status_code == 303 and answer.headers["location"].startswith("/login"), page.route
        for (method, route), asked in REQUESTS.items():
            if None not in asked.roles:
                headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "1"}
                path = asked.path if asked.path.startswith("/api") else f"/api/v1{asked.path}"
                assert browser.http.request(method, path, headers=headers, json={}).status_code == 401, route
        posts = [
            str(context.path)
            for context in iter_route_contexts(create_web(lived.desk.office.app).routes)
            if isinstance(context.original_route, APIRoute) and "POST" in (context.methods or ())
        ]
        before = lived.desk.office.dump()
        for path in posts:
            if not re.match(r"/(landlord(/|$)|login(/|$)|invitation$|logout$|language$)", path):
                filled = path.replace("{landlord}", "L0001").replace("{delivery}", "1")
                assert browser.post(filled).status_code in (303, 403), path
        assert lived.desk.office.dump() == before


def test_who_works_here_is_no_landlord(lived: Lived) -> None:
    for person in (lived.desk.office.preparer, lived.desk.office.auditor, lived.desk.office.admin):
        with lived.desk.browser(person) as browser:
            for path in ("/landlord", f"/landlord/statements/{lived.mine}.pdf"):
                answer = browser.get(path)
                assert (answer.status_code, answer.headers["location"]) == (303, "/landlord/ask")
            assert "Log out" not in browser.get("/landlord/ask").text


def test_leaving_revoking_and_forgetting_end_it(desk: Desk) -> None:
    office = desk.office
    with landlord(desk) as browser:
        secret = browser.http.cookies[COOKIE]
        assert browser.do("/landlord/leave").url.path == "/landlord/ask"
        browser.plant(COOKIE, secret)
        assert browser.get("/landlord").status_code == 303
    with landlord(desk) as browser:
        for row in office.ask(office.auditor, links.list_links, "L0001"):
            office.prepare(links.revoke_link, row.id)
        assert browser.get("/landlord").status_code == 303
    with landlord(desk, "L0002") as browser:
        office.forget("L0002")
        assert browser.get("/landlord").status_code == 303


def test_asking_for_a_link_tells_nothing(desk: Desk) -> None:
    told = []
    with desk.browser() as browser:
        for address in ("l0001@example.org", "nobody@example.org"):
            browser.get("/landlord/ask")
            answer = browser.post("/landlord/ask", {"address": address})
            told.append((answer.status_code, answer.text, len(answer.headers)))
            assert address not in answer.text
        assert browser.post("/landlord/ask", {"address": "no address"}).status_code == 422
    assert told[0] == told[1]
    assert len(desk.office.dump()["link_request"]) == 2
    desk.office.do(SYSTEM, deliveries.queue_requested_links)
    (row,) = desk.office.ask(desk.office.auditor, deliveries.list_deliveries)
    assert (row.landlord, row.state) == ("L0001", "queued")


def test_a_fourth_request_for_one_address_has_to_wait_whoever_has_it(desk: Desk) -> None:
    for address in ("l0001@example.org", "nobody@example.org"):
        with desk.browser() as browser:
            browser.get("/landlord/ask")
            answers = [browser.post("/landlord/ask", {"address": address}).status_code for _ in range(4)]
            assert answers == [200, 200, 200, 429]


def test_no_secret_and_no_address_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = link_for(desk.office)
    with desk.browser() as browser:
        browser.get(f"/landlord/link/{secret}")
        browser.do("/landlord/link", {"secret": secret})
        session = browser.http.cookies[COOKIE]
        browser.get("/landlord/ask")
        browser.post("/landlord/ask", {"address": "l0001@example.org"})
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("fund"))
    assert "/landlord/link/{secret}" in ours and "GET /landlord 200" in ours
    assert secret not in ours and session not in ours and "example.org" not in ours


def test_each_landlord_is_spoken_to_in_their_language(desk: Desk) -> None:
    with desk.browser() as browser:
        del browser.http.cookies["fund-language"]
        assert 'lang="en"' in browser.get("/landlord/link/guessed?lang=en").text
        assert 'lang="it"' in browser.get("/landlord/link/guessed?lang=%3Cb%3E").text
        browser.plant(COOKIE, session_for(desk.office))
        assert 'lang="it"' in browser.get("/landlord").text


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), STATE_STYLES)
def test_a_landlord_in_a_real_browser(lived: Lived, chromium: Chromium, language: str, width: int) -> None:
    secret = link_for(lived.desk.office)
    with opened(chromium, lived.desk, language=language, width=width) as window:
        check_page(window, f"/landlord/link/{secret}")
        window.locator("main button").click()
        window.wait_for_url("**/landlord")
        check_page(window, "/landlord")
        assert window.locator(".portal-months > li").count() == 2
        paper = window.request.get(window.locator(".portal-papers a").get_attribute("href") or "")
        assert paper.ok and paper.body().startswith(b"%PDF")
        window.locator("header form[action='/landlord/leave'] button").click()
        window.wait_for_url("**/landlord/ask")
        window.fill("#address", "l0001@example.org")
        window.locator("main button").click()
        window.locator(".alert-success").wait_for()
        check_page(window, f"/landlord/link/{secret}")
        window.locator("main button").click()
        window.locator("a[href='/landlord/ask']").first.wait_for()
