"""Who may come in: every page and every form of the desk × everybody × what is theirs, another's, or not there.

The tables are ``pages_of_all`` and ``forms_of_all``, written by hand; a route that is in neither fails here.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from fund.domain.access import ADMIN, AUDITOR, Actor
from fund.doors.rendering import render_statement
from fund.doors.web.books.fava import PREFIX
from fund.services.statements import statements
from fund.services.users import sessions, users
from ledger.months import Month
from tests.examples import first_of
from tests.fund.doors.web.forms_of_all import FORMS, FormOf
from tests.fund.doors.web.pages_of_all import FINANCE, LANDLORD, NOBODY, PAGES, READERS, STEPS, PageOf
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.doors.web.statements.test_portal import COOKIE, session_for
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, TAX_CODE, THIRD_IBAN, hire_auditors

OTHER_LANDLORD, DISABLED, EXPIRED = "another landlord", "somebody disabled", "an expired session"
UNKNOWN_HERE = (NOBODY, LANDLORD, OTHER_LANDLORD, DISABLED, EXPIRED)
"""To the desk's own pages they are nobody."""
ENDED = (DISABLED, EXPIRED)
"""Their sessions are nobody's, which is decided in one place: a few pages and forms show it."""
NOT_THERE = {
    "account": "99", "batch": "BAT-2031-0001", "change": "99", "code": "N99", "contribution": "99", "delivery": "99",
    "evidence": "9" * 64, "file": "9" * 64, "format_name": "register", "household": "N99", "kind": "csv",
    "landlord": "L9999", "lease": "99", "line": "99", "month": "2031-01", "name": "2031-01", "number": "EC-2031-0001",
    "overpayment": "99", "payment": "PAY-2031-01-0001", "repayment": "99", "rule": "99", "secret": "unknown",
    "proposal": "99", "seq": "99", "session": "99", "sha256": "9" * 64, "user": "U99",
}  # fmt: skip
"""For each place in an address, something of the right shape that the fund has not."""
PERSONAL = re.compile(
    "|".join(["Locat(?:ore|rice) L", TAX_CODE, "example\\.org", "0461", *IBANS.values(), OTHER_IBAN, THIRD_IBAN])
)
CODES = re.compile(r"[A-Z]+-\d{4}[\d-]*")
VARIES = re.compile(r'name="csrf" value="[0-9a-f]{64}"|name="next" value="[^"]*"')
"""What is another text each time: a form's token, and the address that a refusal keeps for later."""


@pytest.fixture(scope="module")
def people(desk_once: Desk) -> Iterator[Mapping[str, Browser]]:
    """A browser for everybody."""
    office, open_ = desk_once.office, desk_once.browser
    fifth, _ = hire_auditors(office, "gone", "sixth")
    with ExitStack() as stack:
        known = {who.role: stack.enter_context(open_(who)) for who in _staff(desk_once)}
        for who in _staff(desk_once):
            enrol(office, who)
        unknown = {who: stack.enter_context(open_()) for who in UNKNOWN_HERE}
        for who, code in ((LANDLORD, "L0001"), (OTHER_LANDLORD, "L0002")):
            unknown[who].plant(COOKIE, session_for(office, code))
        unknown[DISABLED].plant("fund-session", desk_once.session_of(Actor(fifth, AUDITOR)))
        office.do(office.admin, users.disable_user, "gone")
        now = office.clock.now()
        office.at(now - sessions.LIFE - timedelta(minutes=1))
        unknown[EXPIRED].plant("fund-session", desk_once.session_of(office.approver))
        office.at(now)
        for landlord in ("L0001", "L0002"):
            given = {"landlord": landlord, "first": MARCH, "last": Month(2022, 3)}
            office.do(office.preparer, statements.issue_statement, render_statement, **given)
        yield known | unknown


def _staff(desk: Desk) -> tuple[Actor, ...]:
    return (desk.office.preparer, desk.office.approver, desk.office.auditor, desk.office.admin)


def is_theirs(roles: tuple[str, ...], who: str) -> bool:
    """Whether somebody is meant by a line of a table: the other landlord is a landlord, the gone ones are nobody."""
    is_nobody = who in (DISABLED, EXPIRED) or (who in UNKNOWN_HERE and LANDLORD not in roles)
    return who in roles or (who == OTHER_LANDLORD and LANDLORD in roles) or (is_nobody and NOBODY in roles)


def check_refused(answer: httpx.Response, roles: tuple[str, ...], who: str) -> None:
    """The way in for whoever is not known here, a refusal for the rest, and nothing of anybody in it."""
    to = answer.headers.get("location", "").partition("?")[0]
    if LANDLORD in roles:
        assert (answer.status_code, to) == (303, "/landlord/ask")
    elif who in UNKNOWN_HERE:
        assert (answer.status_code, to) == (303, "/login")
    else:
        assert answer.status_code == 403
    assert who in FINANCE or not PERSONAL.search(answer.text), "who pays knows whom, and nobody else"


def told(answer: httpx.Response, path: str) -> tuple[int, str, dict[str, str]]:
    """An answer without what may differ: the address that was asked for, tokens, and the second."""
    headers = {name: value.replace(path, "") for name, value in answer.headers.items() if name not in ("date",)}
    headers["location"] = headers.get("location", "").partition("?")[0]
    text = VARIES.sub("", answer.text).replace(path, "")
    for code in CODES.findall(path):
        text = text.replace(code, "")
    return answer.status_code, text, headers | {"content-length": str(len(text))}


def test_every_route_is_in_a_table(desk_once: Desk) -> None:
    routes = {
        (method, str(context.path))
        for context in iter_route_contexts(desk_once.server.web.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
    }
    pages = {("GET", route) for route in (*STEPS, *(page.route for page in PAGES))}
    assert routes == pages | {("POST", form.route) for form in FORMS}


BREADCRUMB = re.compile(r'<li class="breadcrumb-item"><a href="([^"]*)"')


@pytest.mark.parametrize("page", first_of(PAGES, each=lambda page: page.route), ids=lambda page: page.path)
def test_each_page_is_for_its_roles_alone(people: Mapping[str, Browser], desk_once: Desk, page: PageOf) -> None:
    page = page.at(desk_once.office)
    missing = page.route.format(**NOT_THERE) + "".join(page.path.partition("?")[1:])
    compared = set()
    for who, browser in people.items():
        if who in ENDED:
            continue
        answer = browser.get(page.path)
        if is_theirs(page.roles, who):
            is_others = who == OTHER_LANDLORD and page.route.startswith("/landlord/statements/")
            assert answer.status_code == (404 if is_others else 200), who
            above = BREADCRUMB.findall(answer.text)
            assert len(above) == len(set(above)), "each page above is named once"
            continue
        if page.roles == (NOBODY,):
            assert (answer.status_code, answer.headers["location"]) == (303, "/"), who
            continue
        check_refused(answer, page.roles, who)
        if missing != page.path and (who in UNKNOWN_HERE) not in compared:
            compared.add(who in UNKNOWN_HERE)
            assert told(answer, page.path) == told(browser.get(missing), missing), who


def test_a_session_that_ended_is_nobodys(people: Mapping[str, Browser]) -> None:
    for path in ("/", "/account", "/runs", "/landlord", "/invitation"):
        expected = told(people[NOBODY].get(path), path)
        for who in ENDED:
            assert told(people[who].get(path), path) == expected, (who, path)
    form = next(form for form in FORMS if form.route == "/account/password")
    for who in ENDED:
        refresh(people[who], form, who)
        check_refused(send(people[who], form), form.roles, who)


@pytest.mark.parametrize(
    "path", first_of(["/", "/test-fund/journal/", "/test-fund/api/query?query_string=SELECT+count(*)"])
)
def test_fava_is_for_readers_alone_and_takes_nothing(people: Mapping[str, Browser], path: str) -> None:
    """It stands behind an address of its own, which is no route of the desk."""
    for who, browser in people.items():
        answer = browser.http.get(f"{PREFIX}{path}")
        if who in READERS:
            assert answer.status_code in (200, 302, 307), who
        else:
            check_refused(answer, READERS, who)
        for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            assert browser.http.request(method, f"{PREFIX}{path}").status_code in (403, 405), (who, method)


def test_what_is_another_landlords_is_not_there(people: Mapping[str, Browser]) -> None:
    numbers = {LANDLORD: "EC-2022-0001", OTHER_LANDLORD: "EC-2022-0003"}
    for who, browser in people.items():
        answers = {}
        for number in (*numbers.values(), "EC-2022-9999"):
            path = f"/landlord/statements/{number}.pdf"
            answers[number] = told(browser.get(path), path)
        for number, answer in answers.items():
            if number == numbers.get(who):
                assert answer[0] == 200 and answer[2]["content-type"] == "application/pdf"
            else:
                assert answer == answers["EC-2022-9999"], (who, number)
    for who, other, household in ((LANDLORD, "L0002", "N02"), (OTHER_LANDLORD, "L0001", "N01")):
        page = people[who].get("/landlord").text
        assert not re.search(rf"{other}|EC-2022-000{3 if who == LANDLORD else 1}|(?<!REG-)N0\d|REG-{household}", page)


def send(browser: Browser, form: FormOf, **options: object) -> httpx.Response:
    """A form as its page sends it, from a page that the browser has just seen."""
    if not form.has_files:
        return browser.post(form.path, {**form.fields, **options.pop("fields", {})}, **options)  # type: ignore[dict-item, arg-type]
    fields = {"csrf": browser.token, **options.pop("fields", {})}  # type: ignore[dict-item]
    headers = options.pop("headers", {"Origin": browser.base})
    return browser.http.post(form.path, data=fields, files={"files": ("", b"")}, headers=headers)  # type: ignore[arg-type]


def refresh(browser: Browser, form: FormOf, who: str) -> None:
    """Take the token that this form's pages give."""
    is_portal = form.route.startswith("/landlord/")
    browser.get(("/landlord" if form.roles == (LANDLORD,) else "/landlord/ask") if is_portal else "/account")
    if who in UNKNOWN_HERE and not is_portal:
        browser.get("/login")


@pytest.mark.parametrize("form", first_of(FORMS, each=lambda form: form.subject), ids=lambda form: form.route)
def test_each_form_is_for_its_roles_and_from_our_pages(
    people: Mapping[str, Browser], desk_once: Desk, form: FormOf
) -> None:
    form = form.at(desk_once.office)
    for who, browser in people.items():
        if who in ENDED:
            continue
        refresh(browser, form, who)
        if not is_theirs(form.roles, who) and NOBODY not in form.roles:
            check_refused(send(browser, form), form.roles, who)
            continue
        if who in (form.roles[0], LANDLORD):
            _check_that_only_our_pages_send(browser, form, people[AUDITOR if who != AUDITOR else NOBODY].token)


def _check_that_only_our_pages_send(browser: Browser, form: FormOf, other: str) -> None:
    """Without the token, with one that is made up or another's, from another host, and from nowhere."""
    for wrong in (
        {"fields": {"csrf": ""}},
        {"fields": {"csrf": "0" * 64}},
        {"fields": {"csrf": other}},
        {"headers": {"Origin": "https://elsewhere.example.net"}},
        {"headers": {"Origin": browser.base, "Sec-Fetch-Site": "cross-site"}},
        {"headers": {}},
    ):
        refused = send(browser, form, **wrong)
        assert refused.status_code == 403, wrong
        assert "This form has expired" in refused.text


@pytest.mark.long
def test_nothing_was_changed_by_what_was_refused(people: Mapping[str, Browser], desk_once: Desk) -> None:
    """Sessions are seen, and wrong codes counted."""
    before, books = desk_once.office.dump(), desk_once.office.files()
    for form in (form.at(desk_once.office) for form in FORMS):
        for who in (AUDITOR, ADMIN, LANDLORD):
            if not is_theirs(form.roles, who) and NOBODY not in form.roles:
                send(people[who], form)
    after = desk_once.office.dump()
    assert {name for name in before if before[name] != after[name]} <= {"web_session", "attempts"}
    assert desk_once.office.files() == books


@pytest.mark.parametrize(
    "form",
    [form for form in FORMS if NOBODY not in form.roles],
    ids=lambda form: form.route,
)
def test_who_may_send_a_form_is_let_in(people: Mapping[str, Browser], desk_once: Desk, form: FormOf) -> None:
    """Past the door: it is done, or refused on its own page. What each form does is told elsewhere. These change the
    fund, so they come last.
    """
    form = form.at(desk_once.office)
    for who in form.roles:
        refresh(people[who], form, who)
        code = {"one_time_code": _fresh_code(desk_once)} if form.asks_code else {}
        answer = send(people[who], form, fields=code)
        is_shut_out = form.asks_code and answer.status_code in (401, 403, 429)
        is_nothing = form.nothing and answer.status_code == 404
        assert not is_shut_out and (is_nothing or "desk-error-code" not in answer.text), (who, answer.status_code)
        assert not answer.headers.get("location", "").startswith("/login"), who


def _fresh_code(desk: Desk) -> str:
    """A code of the devices that everybody has, which nobody has used."""
    desk.office.at(desk.office.clock.now() + timedelta(minutes=2))
    return code_now(desk.office)
