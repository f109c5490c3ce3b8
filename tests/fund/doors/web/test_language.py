"""The switch of the language: from every page back to the same page, whatever it was that answered."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from html import unescape

import httpx
import pytest

from fund.domain.access import PREPARER, Actor
from tests.examples import first_of
from tests.fund.doors.web.forms_of_all import FORMS, FormOf
from tests.fund.doors.web.pages_of_all import LANDLORD, NOBODY
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.doors.web.statements.test_portal import COOKIE, session_for
from tests.fund.doors.web.test_access import refresh, send
from tests.fund.kit import hire_auditors, new_user

_SWITCH = re.compile(
    r'action="(/[a-z/]*language)".*?name="language" value="(\w\w)".*?name="next" value="([^"]*)"', re.S
)


def switch_of(page: httpx.Response) -> tuple[str, str, str]:
    """Where the switch sends, the language it asks for, and the page it comes back to."""
    found = _SWITCH.search(page.text)
    assert found is not None, page.text
    return found[1], found[2], unescape(found[3])


def switched(browser: Browser, page: httpx.Response) -> httpx.Response:
    """The page after the switch was pressed on it; the language is put back for whoever comes next."""
    action, language, back = switch_of(page)
    after = browser.do(action, {"language": language, "next": back})
    browser.plant("fund-language", "en")
    return after


@pytest.fixture(scope="module")
def people(desk_once: Desk) -> Iterator[Mapping[str, Browser]]:
    """A browser for each role, for nobody, and for a landlord."""
    office = desk_once.office
    hire_auditors(office, "fifth", "sixth")
    with ExitStack() as stack:
        found = {
            who.role: stack.enter_context(desk_once.browser(who))
            for who in (office.preparer, office.approver, office.auditor, office.admin)
        }
        found |= {who: stack.enter_context(desk_once.browser()) for who in (NOBODY, LANDLORD)}
        found[LANDLORD].plant(COOKIE, session_for(office, "L0001"))
        yield found


@pytest.mark.parametrize("form", first_of(FORMS, each=lambda form: form.subject), ids=lambda form: form.route)
def test_the_page_of_a_refused_form_can_be_got_in_the_other_language(
    people: Mapping[str, Browser], desk_once: Desk, form: FormOf
) -> None:
    form = form.at(desk_once.office)
    who = form.roles[-1] if form.roles[-1] in (NOBODY, LANDLORD) else form.roles[0]
    browser = people[who]
    for fields in ({"one_time_code": "000000", "unknown": "x"}, {"csrf": "0" * 64}):
        refresh(browser, form, who)
        refused = send(browser, form, fields=fields)
        if refused.status_code < 400:  # it was not refused
            continue
        after = switched(browser, refused)
        assert after.status_code in (200, 303), switch_of(refused)


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=N0&from=here",
        "/room/query?query=SELECT+%22%C3%A8%22%2C+account%3B",
        "/statements?state=failed",
        "/runs",
    ],
)
def test_the_same_page_with_what_was_asked_in_it(people: Mapping[str, Browser], path: str) -> None:
    page = people[PREPARER].get(path)
    assert switch_of(page)[2] == path
    assert switched(people[PREPARER], page).url.raw_path.decode() == path


@pytest.mark.long
def test_a_long_question_is_kept(people: Mapping[str, Browser]) -> None:
    question = "/room/query?query=" + "BALANCES+" * 200
    page = people[PREPARER].get(question)
    assert switched(people[PREPARER], page).status_code == page.status_code


def test_a_refused_login_remembers_where_one_was_going(desk: Desk) -> None:
    with desk.browser() as browser:
        browser.get("/login?next=/runs")
        refused = browser.post("/login", {"login": "nobody", "password": "wrong", "next": "/runs"})
        after = switched(browser, refused)
        assert after.status_code == 200 and 'name="next" value="/runs"' in after.text


def test_what_is_shown_once_is_not_left_by_mistake(desk: Desk) -> None:
    office = desk.office
    sent: tuple[tuple[Actor, str, dict[str, str]], ...] = (
        (office.admin, "/users/new", asdict(new_user("fifth", "auditor"))),
        (office.admin, "/users/U03/invitation", {}),
        (office.preparer, "/landlords/L0001/links", {}),
    )
    for who, path, fields in sent:
        with desk.browser(who) as browser:
            page = browser.post(path, fields)
            assert page.status_code == 200 and 'action="/language"' not in page.text, path


@pytest.mark.parametrize("path", ["//evil.example.org/", "//evil.example.org/?a=1", "/\\evil.example.org/"])
def test_no_other_host(desk: Desk, path: str) -> None:
    with desk.browser(desk.office.preparer) as browser:
        page = browser._seen(browser.http.get(desk.base + path))
        action, language, back = switch_of(page)
        answer = browser.post(action, {"language": language, "next": back})
        assert re.fullmatch(r"/([^/\\].*)?", answer.headers["location"])


@pytest.mark.parametrize(
    "path", ["/landlord/ask", "/landlord/link/guessed?lang=en", "/landlord/nothing-here", "/landlord"]
)
def test_a_colleague_switches_on_the_landlords_pages(desk: Desk, path: str) -> None:
    with desk.browser(desk.office.preparer) as browser:
        browser.plant(COOKIE, session_for(desk.office, "L0001"))
        page = browser.get(path)
        assert "preparer" not in page.text and "/logout" not in page.text
        after = switched(browser, page)
        assert after.status_code == page.status_code and 'lang="it"' in after.text
